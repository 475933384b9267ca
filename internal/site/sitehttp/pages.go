package sitehttp

import (
	"net/http"
	"strings"

	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/web/layout"
	"conoceles/web/page/sitepage"
)

func (h *Handler) showHome(w http.ResponseWriter, r *http.Request, v visit) error {
	overview, err := h.store.Overview(r.Context(), v.Process, v.Catalog)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, sitepage.Home(v.Frame, overview))
}

// searchCandidacies answers every query with a page: what it could not
// understand is told beside what it could.
func (h *Handler) searchCandidacies(w http.ResponseWriter, r *http.Request, v visit) error {
	query, problems := site.ParseQuery(r.URL.Query(), v.Catalog)
	results, err := h.store.Search(r.Context(), v.Process, v.Catalog, query)
	if err != nil {
		return err
	}
	status := http.StatusOK
	switch {
	case len(problems) > 0:
		status = http.StatusUnprocessableEntity
	case results.Past():
		status = http.StatusNotFound
	}
	if values := query.Values().Encode(); values != "" {
		v.Meta.Canonical += "?" + values
	}
	return serve.Page(w, r, status, sitepage.Results(v.Frame, sitepage.Found{Query: query, Results: results, Problems: problems}))
}

func (h *Handler) showHelp(w http.ResponseWriter, r *http.Request, v visit) error {
	return serve.Page(w, r, http.StatusOK, sitepage.Help(v.Frame))
}

// showAccessibility is true of the site whatever the moment of any process.
func (h *Handler) showAccessibility(w http.ResponseWriter, r *http.Request) error {
	v, _, err := h.enter(r)
	if err != nil {
		return err
	}
	serve.CachePublic(w, 0)
	return serve.Page(w, r, http.StatusOK, sitepage.Accessibility(v.Frame))
}

// listProcesses lists every process, open or not.
func (h *Handler) listProcesses(w http.ResponseWriter, r *http.Request) error {
	v, _, err := h.enter(r)
	if err != nil {
		return err
	}
	lines := make([]sitepage.ProcessLine, len(v.all))
	for i, p := range v.all {
		lines[i] = sitepage.NewProcessLine(p, "/procesos/"+p.Key, p.OpenAt(v.now), p.ClosedAt(v.now))
	}
	meta := v.Meta
	meta.Title, meta.Description = "Procesos", "Elecciones, simulacros y datos históricos."
	meta.Crumbs = []layout.Crumb{{Label: "Inicio", Href: "/"}, {Label: "Procesos"}}
	serve.CachePublic(w, 0)
	return serve.Page(w, r, http.StatusOK, sitepage.Processes(meta, lines))
}

// showRobots lets every robot read what is public, and only that.
func (h *Handler) showRobots(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	serve.CachePublic(w, 0)
	lines := []string{"User-agent: *"}
	if h.options.Site(r.Context()).Drill {
		_, err := w.Write([]byte("User-agent: *\nDisallow: /\n"))
		return err
	}
	for _, desk := range []string{"/entrar", "/captura", "/registro", "/transparencia", "/agenda", "/administracion"} {
		lines = append(lines, "Disallow: "+desk)
	}
	lines = append(lines, "", "Sitemap: "+h.options.BaseURL+"/sitemap.xml", "")
	_, err := w.Write([]byte(strings.Join(lines, "\n")))
	return err
}
