package deskhttp

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/notify"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Transparency serves the desk of the Unidad de Transparencia: the register of
// consents and the letters to those who have no e-mail of their own.
type Transparency struct {
	*Face
	Consents *consent.Store
	Outbox   notify.Outbox
}

// Mount lists the routes of Transparencia.
func (h *Transparency) Mount(g serve.Group) {
	const record = "/transparencia/consentimientos/{folio}"
	get(g, h.Sessions, "/transparencia", "showTransparency", h.showTransparency)
	get(g, h.Sessions, "/transparencia/consentimientos", "listConsents", h.listConsents)
	get(g, h.Sessions, "/transparencia/consentimientos.csv", "exportConsentsCSV", h.exportConsentsCSV)
	get(g, h.Sessions, "/transparencia/consentimientos.xlsx", "exportConsentsXLSX", h.exportConsentsXLSX)
	get(g, h.Sessions, record, "showConsent", h.showConsent)
	postProven(g, h.Face, record+"/documento", "readConsentDocument", h.readDocument)
	postProven(g, h.Face, record+"/respuestas", "readIdentityAnswers", h.readAnswers)
	get(g, h.Sessions, record+"/registrar", "editConsentRegistration", h.editRegistration)
	post(g, h.Sessions, record+"/registrar", "registerConsent", h.register, serve.Upload(consent.MaxDocument+1<<20))
	postProven(g, h.Face, record+"/verificar", "verifyConsent", h.verify)
	post(g, h.Sessions, record+"/rechazar", "rejectConsent", h.reject)
	get(g, h.Sessions, record+"/retirar", "editConsentWithdrawal", h.editWithdrawal)
	post(g, h.Sessions, record+"/retirar", "withdrawConsentOnPaper", h.withdraw, serve.Always())
	get(g, h.Sessions, "/transparencia/cartas", "listLetters", h.listLetters)
	post(g, h.Sessions, "/transparencia/cartas/{id}/abrir", "openLetter", h.openLetter)
	post(g, h.Sessions, "/transparencia/cartas/{id}/impresa", "markLetterPrinted", h.markPrinted)
	get(g, h.Sessions, "/administracion/salida", "showOutbox", h.showOutbox)
}

// frameOf returns what surrounds a page of Transparencia. The last crumb is the
// page itself.
func (h *Transparency) frameOf(r *http.Request, a auth.Actor, title string, crumbs ...layout.Crumb) deskpage.RegistryFrame {
	if len(crumbs) > 0 {
		crumbs = append(append([]layout.Crumb{{Label: "Transparencia", Href: "/transparencia"}}, crumbs...), layout.Crumb{Label: title})
	}
	f := h.page(r, a, title, crumbs...)
	return deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}
}

var crumbConsents = layout.Crumb{Label: "Consentimientos", Href: "/transparencia/consentimientos"}

// onHome is how many consents the first page lists.
const onHome = 10

func (h *Transparency) showTransparency(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	register, err := h.Consents.Registry(r.Context(), t, consent.Filter{Stage: consent.Waiting, Page: 1, Size: onHome})
	if err != nil {
		return err
	}
	_, letters, err := h.Outbox.Letters(r.Context(), t, notify.ToPrint, 1, 1)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.TransparencyHomePage(deskpage.TransparencyHome{
		RegistryFrame: h.frameOf(r, t, "Unidad de Transparencia"), Register: register, Letters: letters,
	}))
}

func (h *Transparency) listConsents(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	query := r.URL.Query()
	if err := serve.CheckText(query); err != nil {
		return err
	}
	f := consent.Filter{Text: strings.TrimSpace(firstRunes(query.Get("q"), 200)), Page: pageOf(r), Size: pageSize}
	if stage := consent.Stage(query.Get("etapa")); slices.Contains(deskpage.Stages(), stage) {
		f.Stage = stage
	}
	register, err := h.Consents.Registry(r.Context(), t, f)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.ConsentRegisterPage(deskpage.ConsentRegister{
		RegistryFrame: h.frameOf(r, t, "Registro de consentimientos"), Filter: f, Register: register,
	}))
}

// record returns the page of a candidacy, or NotFound.
func (h *Transparency) record(r *http.Request, t auth.Transparency) (deskpage.ConsentRecord, error) {
	record, err := h.Consents.Record(r.Context(), t, chi.URLParam(r, "folio"))
	if err != nil {
		return deskpage.ConsentRecord{}, err
	}
	_, head := t.(auth.Head)
	return deskpage.ConsentRecord{
		RegistryFrame: h.frameOf(r, t, record.Name, crumbConsents), Record: record, Account: t.AccountID(), Head: head,
		Keys: component.FormKeys{Key: newKey()},
	}, nil
}

func (h *Transparency) showConsent(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	p, err := h.record(r, t)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.ConsentRecordPage(p))
}

// refused draws the page of a candidacy again with why one of its forms could
// not be done. Several of them ask for a reason: form says which.
func (h *Transparency) refused(w http.ResponseWriter, r *http.Request, t auth.Transparency, form string, cause error) error {
	p, err := h.record(r, t)
	if err != nil {
		return err
	}
	status, ok := refuse(&p.RegistryFrame, cause)
	if !ok {
		return cause
	}
	for i, e := range p.Errors {
		if e.ID == deskpage.ReasonField {
			p.Errors[i].ID = deskpage.ReasonID(form)
		}
	}
	p.Values = r.PostForm
	p.Values.Set(deskpage.ReasonID(form), r.PostForm.Get(deskpage.ReasonField))
	return serve.Page(w, r, status, deskpage.ConsentRecordPage(p))
}

// maxReason is how long a reason may be: it goes to the bitácora.
const maxReason = 300

// reasonOf reads why somebody opens what is reserved. An empty one is for the
// store to refuse.
func reasonOf(r *http.Request) (string, error) {
	form, err := serve.Form(r)
	if err == nil {
		err = serve.CheckText(form)
	}
	reason := strings.TrimSpace(form.Get(deskpage.ReasonField))
	if err == nil && len([]rune(reason)) > maxReason {
		err = fault.InvalidField(deskpage.ReasonField, "Escribe el motivo en menos de 300 caracteres")
	}
	return reason, err
}
