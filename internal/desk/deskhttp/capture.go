package deskhttp

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/capture/portrait"
	"conoceles/internal/desk/duty"
	"conoceles/internal/questionnaire"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Capture serves the curricular questionnaire to whoever captures it.
type Capture struct {
	*Face
	Store *capture.Store
	// Identity tells the list of tasks about the identity questionnaire; nil where
	// the process has none.
	Identity *Identity
	// Notices says which requirements whoever captures received; nil where none are
	// made.
	Notices *duty.Store
}

// Mount lists the routes of capture.
func (h *Capture) Mount(g serve.Group) {
	photo := serve.Upload(portrait.MaxBytes + 1<<20)
	get(g, h.Sessions, "/captura", "listCandidacies", h.listCandidacies)
	get(g, h.Sessions, "/captura/{folio}", "showTasks", h.showTasks)
	get(g, h.Sessions, "/captura/{folio}/curricular/{pagina}", "showSection", h.showSection)
	post(g, h.Sessions, "/captura/{folio}/curricular/{pagina}", "saveSection", h.saveSection)
	get(g, h.Sessions, "/captura/{folio}/curricular/{pagina}/diferencias/{conflicto}", "showConflict", h.showConflict)
	post(g, h.Sessions, "/captura/{folio}/curricular/{pagina}/diferencias/{conflicto}", "settleConflict", h.settleConflict)
	get(g, h.Sessions, "/captura/{folio}/foto", "showPhoto", h.showPhoto)
	post(g, h.Sessions, "/captura/{folio}/foto", "savePhoto", h.savePhoto, photo)
	get(g, h.Sessions, "/captura/{folio}/foto/encuadre", "showFraming", h.showFraming)
	post(g, h.Sessions, "/captura/{folio}/foto/encuadre", "saveFraming", h.saveFraming)
	get(g, h.Sessions, "/captura/{folio}/foto/encuadre/vista.jpg", "previewFraming", h.previewFraming)
	get(g, h.Sessions, "/captura/{folio}/foto/{hash}.jpg", "showPhotoFile", h.showPhotoFile)
	get(g, h.Sessions, "/captura/{folio}/vista-previa", "showPreview", h.showPreview)
	get(g, h.Sessions, "/captura/{folio}/validar", "showReview", h.showReview)
	post(g, h.Sessions, "/captura/{folio}/validar", "declareReviewed", h.declareReviewed)
	get(g, h.Sessions, "/captura/{folio}/validar/confirmar", "showConfirmation", h.showConfirmation)
	post(g, h.Sessions, "/captura/{folio}/validar/confirmar", "validate", h.validate)
	get(g, h.Sessions, "/captura/{folio}/acuse", "showReceipt", h.showReceipt)
	get(g, h.Sessions, "/captura/{folio}/acuse.pdf", "downloadReceipt", h.downloadReceipt)
	h.mountCorrection(g)
}

// frame returns what surrounds a page of capture.
func (h *Capture) frame(r *http.Request, a auth.Actor, title string, crumbs ...layout.Crumb) deskpage.CaptureFrame {
	f := h.page(r, a, title, crumbs...)
	return deskpage.CaptureFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}
}

// inside returns the breadcrumbs of a page within a candidacy.
func inside(c capture.Candidacy, here string) []layout.Crumb {
	crumbs := []layout.Crumb{{Label: "Candidaturas", Href: "/captura"}, {Label: c.Name(), Href: deskpage.CapturePath(c.Folio)}}
	if here != "" {
		crumbs = append(crumbs, layout.Crumb{Label: here})
	}
	return crumbs
}

func folioOf(r *http.Request) string { return chi.URLParam(r, "folio") }

// newKeys returns the hidden fields of a form that starts at a version.
func newKeys(version int) component.FormKeys {
	return component.FormKeys{Key: newKey(), Version: strconv.Itoa(version)}
}

// newKey returns an idempotency key for a form.
func newKey() string {
	id, err := uuid.NewV7()
	if err != nil {
		panic(err) // the machine has no randomness: nothing else would work either
	}
	return id.String()
}

// versionOf reads the version of a form; one that is none of ours is stale.
func versionOf(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// states returns how far each page of a record has come.
func (h *Capture) states(r capture.Record) map[questionnaire.ID]questionnaire.State {
	states := map[questionnaire.ID]questionnaire.State{}
	for _, p := range r.Questionnaire.Pages {
		states[p.ID] = h.Store.PageState(r, p)
	}
	return states
}

func (h *Capture) listCandidacies(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	query := r.URL.Query()
	f := capture.Filter{State: knownState(query.Get("estado"))}
	f.Page, _ = strconv.Atoi(query.Get("pagina")) // what is no number is the first page
	d, err := h.Store.Dashboard(r.Context(), a, f)
	if err != nil {
		return err
	}
	heading := headingFor(a)
	page := deskpage.CaptureDashboard{CaptureFrame: h.frame(r, a, heading), Heading: heading, State: f.State, Dashboard: d}
	if h.Notices != nil {
		page.Notices.Now = d.Now
		if page.Notices.List, err = h.Notices.Received(r.Context(), a); err != nil {
			return err
		}
	}
	if h.Identity != nil {
		if page.Unattended, err = h.Identity.Consents.UnattendedOf(r.Context(), a); err != nil {
			return err
		}
	}
	return serve.Page(w, r, http.StatusOK, deskpage.CaptureDashboardPage(page))
}

// knownState returns a state named in an address; any other text is no filter.
func knownState(s string) capture.State {
	for _, known := range capture.States() {
		if s == string(known) {
			return known
		}
	}
	return ""
}

// headingFor names the candidacies that an actor captures.
func headingFor(a auth.Capturer) string {
	switch v := a.(type) {
	case auth.Operator:
		return "Candidaturas de " + v.NominatorName
	case auth.Validator:
		return "Candidaturas de " + v.NominatorName
	case auth.Candidate:
		if v.Nominator != 0 {
			return "Candidaturas de tu planilla"
		}
	}
	return "Tu candidatura"
}

func (h *Capture) showTasks(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	record, err := h.Store.Record(r.Context(), a, folioOf(r))
	if err != nil {
		return err
	}
	events, err := h.Store.Activity(r.Context(), record)
	if err != nil {
		return err
	}
	view := deskpage.CaptureTasks{
		CaptureFrame: h.frame(r, a, "Captura de "+record.Name(), inside(record.Candidacy, "")...),
		Record:       record, States: h.states(record), Events: events, Validates: a.Validates(),
		HasReceipt: record.Capture == capture.Validated || record.Capture == capture.InCorrection,
	}
	if h.Identity != nil {
		tasks, err := h.Identity.tasks(r, a, record.Candidacy)
		if err != nil {
			return err
		}
		view.Identity = &tasks
	}
	return serve.Page(w, r, http.StatusOK, deskpage.CaptureTasksPage(view))
}
