package deskhttp

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/guide"
	"conoceles/internal/serve"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Guides serves the guides of those who work with the system, in the look of the
// public site: nothing in them is secret, and who cannot enter needs them most. It
// asks nothing of the database.
type Guides struct{ *Face }

// Mount lists the routes, on a public group without sessions.
func (h *Guides) Mount(g serve.Group) {
	g.Get(guide.Home, "listGuides", serve.Anyone, h.list)
	g.Get(guide.Home+"/{guia}", "showGuide", serve.Anyone, h.show)
}

func (h *Guides) meta(r *http.Request, title string, crumbs ...layout.Crumb) layout.Meta {
	help := layout.Crumb{Label: "Ayuda", Href: layout.NavHelp}
	return layout.Meta{
		Site: h.Site(r.Context()), Title: title, NoIndex: true, Nav: layout.PublicNav("", layout.NavHelp), Footer: layout.PublicFooter(""),
		Crumbs: append([]layout.Crumb{help}, crumbs...),
	}
}

func (h *Guides) list(w http.ResponseWriter, r *http.Request) error {
	serve.CachePublic(w, 0)
	return serve.Page(w, r, http.StatusOK, deskpage.GuideListPage(h.meta(r, "Guías", layout.Crumb{Label: "Guías"})))
}

func (h *Guides) show(w http.ResponseWriter, r *http.Request) error {
	g, ok := guide.Find(chi.URLParam(r, "guia"))
	if !ok {
		return notFound()
	}
	serve.CachePublic(w, 0)
	meta := h.meta(r, g.Title, layout.Crumb{Label: "Guías", Href: guide.Home}, layout.Crumb{Label: g.Title})
	return serve.Page(w, r, http.StatusOK, deskpage.GuidePage(meta, g))
}
