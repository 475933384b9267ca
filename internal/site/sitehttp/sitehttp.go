// Package sitehttp is the public half of the program over HTTP: pages and files.
//
// Every route of a process passes one gate, enter: it finds the process (the one
// in force, or the one the address names under /procesos/{clave}) and, unless it
// is open, answers for all of them that the publication starts on such a day.
// What comes after it may take for granted that everything it can read is public.
//
// No session and no cookie: the same address gives everybody the same bytes.
// Pages are public and must be revalidated, so that what is withdrawn stops being
// shown by whoever keeps copies.
//
// A ficha that shows identity is the exception: its answers were read from the
// primary after the request began, and nobody keeps it, not even this package
// (security.md 0.2). Identity changes no epoch, so no other page, tag or date
// moves with it, but for the page of statistics, which counts what the fichas show
// and counts it anew for each who asks. Comparisons, paper, cards and frames say
// nothing of identity.
package sitehttp

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/web/es"
	"conoceles/web/layout"
	"conoceles/web/page/sitepage"
)

// Options are what the handler is told about the installation.
type Options struct {
	Site    func(context.Context) layout.Site // who publishes; it never waits
	BaseURL string                            // how people reach it
	Now     func() time.Time                  // the clock; nil is the machine's
	Log     *slog.Logger                      // told when identity cannot be read; nil tells nobody

	// Usage is told which classes of pages people see; nil counts nothing.
	Usage Counter

	// WithoutIdentity serves no identity at all: for a copy of the site that no
	// withdrawal can reach.
	WithoutIdentity bool

	// Copied, if not nil, says that what is drawn is a copy of the site (package
	// snapshot), and which addresses the copy has. No page offers others, nor what
	// needs a server. A copy is WithoutIdentity.
	Copied func(address string) bool
}

// Handler answers the public routes. It is safe for concurrent use.
type Handler struct {
	store   *site.Store
	options Options
	kept    pages
	memory  memory
	reading rounds[struct{}, []site.Process]
	warmed  warmth
	cards   cards
	data    *shelf
}

// New returns a Handler that reads from store.
func New(store *site.Store, o Options) *Handler {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	o.WithoutIdentity = o.WithoutIdentity || o.Copied != nil
	return &Handler{store: store, options: o, kept: newPages(), cards: newCards(), data: newShelf()}
}

// Mount mounts the public routes.
func (h *Handler) Mount(public serve.Group) {
	for _, g := range []serve.Group{public, public.Under("/procesos/{clave}")} {
		g.Get("/candidaturas", "searchCandidacies", serve.Anyone, h.page(h.searchCandidacies))
		g.Get("/candidaturas/{slug}", "showProfile", serve.Anyone, h.gate(h.showProfile, http.StatusOK))
		g.Get("/candidaturas/{slug}/imprimir", "printProfile", serve.Anyone, h.page(h.printProfile))
		g.Get("/candidaturas/{slug}/tarjeta.jpg", "showCard", serve.Anyone, h.file(h.showCard))
		g.Get("/candidaturas/{slug}/incrustar", "embedProfile", serve.Anyone, h.gate(h.embedProfile, http.StatusOK))
		g.Get("/candidaturas/{slug}/versiones", "showVersions", serve.Anyone, h.gate(h.showVersions, http.StatusOK))
		g.Get("/candidaturas/{slug}/versiones.json", "downloadVersions", serve.Anyone, h.file(h.downloadVersions), serve.ReadByOthers())
		g.Get("/comparar", "compare", serve.Anyone, h.page(h.compare))
		g.Get("/boleta", "findBallot", serve.Anyone, h.page(h.findBallot))
		g.Get("/boleta/{seccion}", "showBallot", serve.Anyone, h.page(h.showBallot))
		g.Get("/boleta/municipio/{municipio}", "showMunicipalityBallot", serve.Anyone, h.page(h.showMunicipalityBallot))
		g.Get("/boleta/{seccion}/imprimir", "printBallot", serve.Anyone, h.page(h.printBallot))
		g.Get("/boleta/{seccion}/qr.svg", "showBallotCode", serve.Anyone, h.file(h.showBallotCode))
		g.Get("/boleta/municipio/{municipio}/imprimir", "printMunicipalityBallot", serve.Anyone, h.page(h.printMunicipalityBallot))
		g.Get("/estadisticas", "showStatistics", serve.Anyone, h.gate(h.showStatistics, http.StatusOK))
		g.Get("/estadisticas/{figura}.csv", "downloadFigure", serve.Anyone, h.file(h.downloadFigure))
		h.mountReports(g)
		g.Get("/avance", "showProgress", serve.Anyone, h.page(h.showProgress))
		g.Get("/avance/serie.csv", "downloadSeries", serve.Anyone, h.file(h.downloadSeries))
		h.mountData(g)
		h.mountAPI(g)
		g.Get("/privacidad", "showPrivacy", serve.Anyone, h.showPrivacy)
		g.Get("/privacidad/{aviso}", "showNotice", serve.Anyone, h.showNotice)
		g.Get("/consentimiento/formato.pdf", "downloadConsentForm", serve.Anyone, h.downloadConsentForm)
		g.Get("/ayuda", "showHelp", serve.Anyone, h.page(h.showHelp))
	}
	public.Get("/", "showHome", serve.Anyone, h.page(h.showHome))
	public.Get("/procesos/{clave}", "showProcessHome", serve.Anyone, h.page(h.showHome))
	public.Get("/procesos/{clave}/", "showProcessHomeSlash", serve.Anyone, h.page(h.showHome))
	public.Get("/procesos", "listProcesses", serve.Anyone, h.listProcesses)
	public.Get("/accesibilidad", "showAccessibility", serve.Anyone, h.showAccessibility)
	h.mountLog(public)
	public.Get("/fotos/{hash}.jpg", "showPhoto", serve.Anyone, h.showPhoto)
	public.Get("/emblemas/{id}.png", "showEmblem", serve.Anyone, h.showEmblem)
	public.Get("/sitemap.xml", "showSitemap", serve.Anyone, h.file(h.showSitemap))
	public.Get("/robots.txt", "showRobots", serve.Anyone, h.showRobots)
}

// visit is a request that found its process.
type visit struct {
	sitepage.Frame
	all     []site.Process
	now     time.Time
	cut     time.Time // when it was read, if the database does not answer now; zero otherwise
	variant string    // of a page that depends on what was read for this request
}

// answer is what a route does once the process is open.
type answer func(http.ResponseWriter, *http.Request, visit) error

// page is the gate of pages: before the publication they say when it starts.
// Pages already drawn at this epoch come from memory.
func (h *Handler) page(show answer) serve.HandlerFunc {
	return h.gate(func(w http.ResponseWriter, r *http.Request, v visit) error {
		return h.kept.serve(w, r, v, show)
	}, http.StatusOK)
}

// file is the gate of what programs read, who must not take that page for it.
func (h *Handler) file(show answer) serve.HandlerFunc { return h.gate(show, http.StatusNotFound) }

// gate lets a request through to show when its process is open; otherwise it
// says why it is not, with the status early before the start.
func (h *Handler) gate(show answer, early int) serve.HandlerFunc {
	show = h.counted(show)
	return func(w http.ResponseWriter, r *http.Request) error {
		v, ok, err := h.enter(r)
		if err != nil {
			return err
		}
		serve.CachePublic(w, 0)
		meta := v.Meta
		switch {
		case !ok:
			meta.Title = "La publicación aún no tiene fecha"
			return serve.Page(w, r, early, sitepage.Nothing(meta))
		case v.Process.ClosedAt(v.now):
			meta.Title, meta.NoIndex = "Sitio cerrado", true
			return serve.Page(w, r, http.StatusGone, sitepage.Closed(meta, v.Process))
		case !v.Process.OpenAt(v.now):
			meta.Title = "Antes de la publicación"
			return serve.Page(w, r, early, sitepage.Waiting(meta, v.Process))
		}
		return show(w, r, v)
	}
}

// enter finds the process of the request and frames its pages. ok is false when
// there is no process at all; a key of none is NotFound.
func (h *Handler) enter(r *http.Request) (v visit, ok bool, err error) {
	v = visit{now: h.options.Now()}
	if v.all, v.cut, err = h.processes(r.Context()); err != nil {
		return v, false, err
	}
	inForce, ok := site.InForce(v.all, v.now)
	base := ""
	if key := chi.URLParam(r, "clave"); key != "" {
		if v.Process, ok = site.Find(v.all, key); !ok {
			return v, false, fault.New(fault.NotFound, "")
		}
		base = "/procesos/" + key
	} else {
		v.Process = inForce
	}
	if !ok {
		v.Catalog = &site.Catalog{}
		v.Meta = layout.Meta{Site: h.options.Site(r.Context()), Nav: layout.PublicNav("", ""), Footer: layout.PublicFooter("")}
		return v, false, nil
	}
	if err = h.catalog(r.Context(), &v); err != nil {
		return v, false, err
	}
	v.Meta, v.Origin = h.meta(r, base, v, inForce), h.options.BaseURL
	if h.options.Copied != nil {
		v.Frame = v.ForCopy(h.options.Copied)
	}
	return v, true, nil
}

// meta frames a page of a process. The same page of the process in force has one
// address, that of the root, whichever it was asked by.
func (h *Handler) meta(r *http.Request, base string, v visit, inForce site.Process) layout.Meta {
	path := r.URL.Path
	canonical := path
	if v.Process.ID == inForce.ID {
		canonical = "/" + strings.TrimPrefix(strings.TrimPrefix(path, base), "/")
	}
	return layout.Meta{
		Site: h.options.Site(r.Context()), Base: base, Canonical: h.options.BaseURL + canonical,
		NoIndex: v.Process.Kind == election.Drill, Notices: notices(v, base), Nav: layout.PublicNav(base, section(strings.TrimPrefix(path, base))), Feed: base + "/datos/cambios.atom", Footer: layout.PublicFooter(base),
	}
}

// section is the entry of the menu that a path is under.
func section(path string) string {
	head, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return "/" + head
}

// notices are the bands of a process: which it is when it is not the election in
// force, at what moment it is, and what comes next.
func notices(v visit, base string) []layout.Notice {
	p := v.Process
	var out []layout.Notice
	if base != "" || p.Kind != election.Election {
		out = append(out, layout.ProcessNotice(p.Name, string(p.Kind)))
	}
	if p.Demo {
		out = append(out, layout.DemoNotice())
	}
	if base == "" {
		if next, ok := site.Next(v.all, p, v.now); ok {
			out = append(out, layout.Notice{
				Label:  "Aviso: próxima publicación",
				Strong: next.Name + ".", Text: "La publicación inicia el " + es.Date(next.Calendar.PublicationStarts) + ".",
			})
		}
	}
	if p.Kind != election.Election || !p.OpenAt(v.now) {
		return out
	}
	switch p.Calendar.PhaseAt(v.now) {
	case election.Campaign:
		if !p.Demo {
			out = append(out, layout.CampaignNotice())
		}
	case election.Reflection:
		out = append(out, layout.ReflectionNotice())
	case election.Afterwards:
		out = append(out, layout.ClosedNotice())
	}
	return out
}
