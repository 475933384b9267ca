package sitehttp

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/internal/site/api"
	"conoceles/web/es"
	"conoceles/web/page/sitepage"
)

// apiRoot is where the API of the process in force lives.
const apiRoot = "/api/v1"

// mountAPI mounts what programs read of a process.
func (h *Handler) mountAPI(g serve.Group) {
	get := func(path, name string, show serve.HandlerFunc) {
		g.Get(apiRoot+path, name, serve.Anyone, show, serve.ReadByOthers())
	}
	get("", "showAPI", h.document(h.showAPI))
	get("/", "showAPISlash", h.document(h.showAPI))
	get("/openapi.json", "showOpenAPI", h.document(h.showOpenAPI))
	get("/candidaturas", "listCandidaciesAPI", h.document(h.listCandidaciesAPI))
	get("/candidaturas/{slug}", "showCandidacyAPI", h.open(h.showCandidacyAPI))
	get("/boletas/{seccion}", "showBallotAPI", h.document(h.showBallotAPI))
	get("/catalogos", "showCatalogueAPI", h.document(h.showCatalogueAPI))
	get("/estadisticas", "showStatisticsAPI", h.document(h.showStatisticsAPI))
	g.Get("/datos/api", "showAPIGuide", serve.Anyone, h.page(h.showAPIGuide))
}

// open is the gate of the API: a process that is not open is a failure with its
// reason, for programs to read.
func (h *Handler) open(show answer) serve.HandlerFunc {
	show = h.counted(show)
	return func(w http.ResponseWriter, r *http.Request) error {
		v, ok, err := h.enter(r)
		switch {
		case err != nil:
			return err
		case !ok:
			return fault.New(fault.NotFound, "Todavía no hay un proceso abierto.")
		case v.Process.ClosedAt(v.now):
			return fault.New(fault.Gone, "El sitio de este proceso se cerró el "+es.Date(v.Process.Calendar.SiteUntil)+".")
		case !v.Process.OpenAt(v.now) && v.Process.Calendar.PublicationStarts.IsZero():
			return fault.New(fault.NotFound, "La publicación de este proceso aún no tiene fecha.")
		case !v.Process.OpenAt(v.now):
			return fault.New(fault.NotFound, "La publicación inicia el "+es.Date(v.Process.Calendar.PublicationStarts)+".")
		}
		serve.CachePublic(w, 0)
		return show(w, r, v)
	}
}

// document is open for what says nothing of identity: it is kept as pages are.
func (h *Handler) document(show answer) serve.HandlerFunc {
	return h.open(func(w http.ResponseWriter, r *http.Request, v visit) error { return h.kept.serve(w, r, v, show) })
}

// api is where the documents of a visit are read.
func (h *Handler) api(v visit) api.Site {
	return api.Site{
		Process: v.Process, Catalog: v.Catalog, Origin: h.options.BaseURL, Home: permanent(v), API: h.options.BaseURL + v.Path(apiRoot),
	}
}

// apiIndex says where things are.
type apiIndex struct {
	Name      string        `json:"nombre"`
	Version   string        `json:"version"`
	Guide     string        `json:"documentacion"`
	OpenAPI   string        `json:"openapi"`
	Addresses []string      `json:"direcciones"`
	Processes []api.Process `json:"procesos"`
}

func (h *Handler) showAPI(w http.ResponseWriter, r *http.Request, v visit) error {
	s := h.api(v)
	index := apiIndex{Name: "Conóceles", Version: "1", Guide: h.options.BaseURL + v.Path("/datos/api"), OpenAPI: s.API + "/openapi.json"}
	for _, path := range []string{"/candidaturas", "/candidaturas/{id}", "/boletas/{seccion}", "/catalogos", "/estadisticas"} {
		index.Addresses = append(index.Addresses, s.API+path)
	}
	for _, p := range v.all {
		index.Processes = append(index.Processes, api.NewProcess(p, p.OpenAt(v.now), h.options.BaseURL+"/procesos/"+p.Key+"/api/v1"))
	}
	return serve.JSON(w, r, http.StatusOK, index)
}

func (h *Handler) showOpenAPI(w http.ResponseWriter, r *http.Request, v visit) error {
	return sendKept(w, r, "application/json; charset=utf-8", api.OpenAPI(h.api(v).API))
}

// listCandidaciesAPI refuses what it does not understand: a program that asks
// wrong must not take another list for its own.
func (h *Handler) listCandidaciesAPI(w http.ResponseWriter, r *http.Request, v visit) error {
	query, problems := site.ParseQuery(r.URL.Query(), v.Catalog)
	if len(problems) > 0 {
		return fault.InvalidFields(problems)
	}
	query.View = ""
	results, err := h.store.Search(r.Context(), v.Process, v.Catalog, query)
	if err != nil {
		return err
	}
	if results.Past() {
		return fault.Newf(fault.NotFound, "Esa página no existe: la última es la %d.", results.Pages)
	}
	return serve.JSON(w, r, http.StatusOK, h.api(v).Page(query, results))
}

// showCandidacyAPI answers as the ficha does: identity is read now, and what shows
// it nobody keeps.
func (h *Handler) showCandidacyAPI(w http.ResponseWriter, r *http.Request, v visit) error {
	identity := h.identity(r, v)
	draw := func(w http.ResponseWriter, r *http.Request, v visit) error {
		found, err := h.store.Lookup(r.Context(), v.Process, chi.URLParam(r, "slug"))
		switch {
		case err != nil:
			return err
		case found.MovedTo != "":
			http.Redirect(w, r, v.Path(apiRoot+"/candidaturas/"+found.MovedTo), http.StatusMovedPermanently)
			return nil
		case found.Tombstone != nil:
			return fault.New(fault.Gone, sitepage.TombstoneText(*found.Tombstone))
		}
		return serve.JSON(w, r, http.StatusOK, h.api(v).Profile(*found.Profile, identity))
	}
	if identity.State == site.IdentityPublic {
		serve.Live(w)
		return draw(w, r, v)
	}
	v.variant = string(identity.State)
	return h.kept.serve(w, r, v, draw)
}

func (h *Handler) showBallotAPI(w http.ResponseWriter, r *http.Request, v visit) error {
	number, ok := precinct(chi.URLParam(r, "seccion"))
	if !ok {
		return fault.New(fault.NotFound, "Una sección es un número de hasta cuatro dígitos.")
	}
	m, d, err := h.store.Precinct(r.Context(), v.Process, v.Catalog, number)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "No encontramos la sección "+strconv.Itoa(number)+" en este proceso.")
	}
	if err != nil {
		return err
	}
	b, err := h.store.Ballot(r.Context(), v.Process, v.Catalog, m, d)
	if err != nil {
		return err
	}
	return serve.JSON(w, r, http.StatusOK, h.api(v).Ballot(b, number))
}

func (h *Handler) showCatalogueAPI(w http.ResponseWriter, r *http.Request, v visit) error {
	return serve.JSON(w, r, http.StatusOK, h.api(v).Catalogue())
}

func (h *Handler) showStatisticsAPI(w http.ResponseWriter, r *http.Request, v visit) error {
	s, err := h.store.Statistics(r.Context(), v.Process, v.Catalog)
	if err != nil {
		return err
	}
	return serve.JSON(w, r, http.StatusOK, h.api(v).Statistics(s))
}

func (h *Handler) showAPIGuide(w http.ResponseWriter, r *http.Request, v visit) error {
	return serve.Page(w, r, http.StatusOK, sitepage.APIGuide(v.Frame))
}
