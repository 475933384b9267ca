package deskhttp

import (
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Registry serves the lists and the acts of the registry.
type Registry struct {
	*Face
	Store *registry.Registry
}

// maxList is the most that a list may measure.
const maxList = 20 << 20

// Mount lists the routes of the registry.
func (h *Registry) Mount(g serve.Group) {
	document := serve.Upload(registry.MaxDocument + 1<<20)
	file := serve.Upload(maxList + 1<<20)
	get(g, h.Sessions, "/registro", "showRegistry", h.showRegistry)
	get(g, h.Sessions, "/registro/candidaturas", "searchCandidacies", h.searchCandidacies)
	get(g, h.Sessions, "/registro/candidaturas/{folio}", "showCandidacy", h.showCandidacy)
	get(g, h.Sessions, "/registro/candidaturas/{folio}/acto/{clase}", "editAct", h.editAct)
	post(g, h.Sessions, "/registro/candidaturas/{folio}/acto/{clase}", "captureAct", h.captureAct, document)
	get(g, h.Sessions, "/registro/actos", "listActs", h.listActs)
	get(g, h.Sessions, "/registro/actos/{id}", "showAct", h.showAct)
	get(g, h.Sessions, "/registro/actos/{id}/documento", "downloadActDocument", h.downloadActDocument)
	postProven(g, h.Face, "/registro/actos/{id}/confirmar", "confirmAct", h.confirmAct)
	post(g, h.Sessions, "/registro/actos/{id}/desechar", "discardAct", h.discardAct)
	get(g, h.Sessions, "/registro/listas", "editList", h.editList)
	post(g, h.Sessions, "/registro/listas", "uploadList", h.uploadList, file)
	get(g, h.Sessions, "/registro/listas/plantilla.csv", "downloadTemplateCSV", h.downloadTemplateCSV)
	get(g, h.Sessions, "/registro/listas/plantilla.xlsx", "downloadTemplateXLSX", h.downloadTemplateXLSX)
	get(g, h.Sessions, "/registro/listas/ine", "showMovements", h.showMovements)
	get(g, h.Sessions, "/registro/listas/ine.csv", "downloadMovements", h.downloadMovements)
	get(g, h.Sessions, "/registro/listas/{archivo}", "reviewList", h.reviewList, serve.Timeout(time.Minute))
	get(g, h.Sessions, "/registro/listas/{archivo}/errores.csv", "downloadRejections", h.downloadRejections, serve.Timeout(time.Minute))
	postProven(g, h.Face, "/registro/listas/{archivo}", "loadList", h.loadList, serve.Timeout(time.Minute))
	get(g, h.Sessions, "/registro/publicacion", "showPublication", h.showPublication)
	post(g, h.Sessions, "/registro/publicacion", "proposeStart", h.proposeStart, document)
	postProven(g, h.Face, "/registro/publicacion/{id}/confirmar", "confirmStart", h.confirmStart)
	post(g, h.Sessions, "/registro/publicacion/{id}/desechar", "discardStart", h.discardStart)
}

// frameOf returns what surrounds a page of the registry. The last crumb is the
// page itself.
func (h *Registry) frameOf(r *http.Request, a auth.Actor, title string, crumbs ...layout.Crumb) deskpage.RegistryFrame {
	if len(crumbs) > 0 {
		crumbs = append(append([]layout.Crumb{{Label: "Registro", Href: "/registro"}}, crumbs...), layout.Crumb{Label: title})
	}
	f := h.page(r, a, title, crumbs...)
	return deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}
}

var (
	crumbCandidacies = layout.Crumb{Label: "Candidaturas", Href: "/registro/candidaturas"}
	crumbActs        = layout.Crumb{Label: "Actos", Href: "/registro/actos"}
	crumbLists       = layout.Crumb{Label: "Listas", Href: "/registro/listas"}
)

// refuse turns an error of a form into what its page says and the status it
// says it with; ok is false for errors that are not the form's.
func refuse(f *deskpage.RegistryFrame, err error) (status int, ok bool) {
	switch fault.KindOf(err) {
	case fault.Invalid:
		status = http.StatusUnprocessableEntity
	case fault.Conflict:
		status = http.StatusConflict
	default:
		return 0, false
	}
	for _, field := range fault.FieldsOf(err) {
		f.Errors = append(f.Errors, component.FieldError{ID: field.ID, Message: field.Message})
	}
	if f.Alert = fault.MessageOf(err); f.Alert == "" && len(f.Errors) == 0 {
		return 0, false
	}
	f.Meta.Invalid, f.Flash = true, ""
	return status, true
}

// pageSize is how many rows a list of the registry shows.
const pageSize = 50

// pageOf reads a page number of an address; what is none is the first.
func pageOf(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("pagina"))
	if err != nil || n < 1 || n > 100_000 {
		return 1
	}
	return n
}

func (h *Registry) showRegistry(w http.ResponseWriter, r *http.Request, s auth.Secretary) error {
	summary, err := h.Store.Summary(r.Context(), s)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.RegistryHomePage(deskpage.RegistryHome{
		RegistryFrame: h.frameOf(r, s, "Registro de candidaturas"), Summary: summary,
	}))
}

func (h *Registry) searchCandidacies(w http.ResponseWriter, r *http.Request, s auth.Secretary) error {
	query := r.URL.Query()
	if err := serve.CheckText(query); err != nil {
		return err
	}
	f := registry.Filter{Text: firstRunes(query.Get("q"), 200), Page: pageOf(r), Size: pageSize}
	for _, known := range []election.Standing{election.Approved, election.Resigned, election.Died, election.Cancelled, election.Replaced} {
		if query.Get("vigencia") == string(known) {
			f.Standing = string(known)
		}
	}
	entries, total, err := h.Store.Candidacies(r.Context(), s, f)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.RegistryCandidaciesPage(deskpage.RegistryCandidacies{
		RegistryFrame: h.frameOf(r, s, "Candidaturas"), Filter: f, Entries: entries, Total: total,
	}))
}

func (h *Registry) showCandidacy(w http.ResponseWriter, r *http.Request, s auth.Secretary) error {
	c, err := h.Store.Candidacy(r.Context(), s, chi.URLParam(r, "folio"))
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.RegistryCandidacyPage(deskpage.RegistryCandidacy{
		RegistryFrame: h.frameOf(r, s, c.Name, crumbCandidacies), Candidacy: c,
	}))
}

func firstRunes(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(n, len(runes))])
}

// parseDay reads a day as people write it, dd/mm/aaaa, or as addresses do,
// aaaa-mm-dd.
func parseDay(text string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, "02/01/2006", "2/1/2006"} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() > 1900 && t.Year() < 2200 {
			return t, true
		}
	}
	return time.Time{}, false
}
