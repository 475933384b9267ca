package deskhttp

import (
	"net/http"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/consent"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Identity serves the identity questionnaire, the consents that open and publish
// it, and the candidate's rights over both, to whoever captures it. What is
// answered comes and goes in bodies alone: no address, flash or log has any of it.
type Identity struct {
	*Face
	Consents *consent.Store
	Capture  *capture.Identity
}

// Mount lists the routes of identity.
func (h *Identity) Mount(g serve.Group) {
	const at = "/captura/{folio}/identidad"
	document := serve.Upload(consent.MaxDocument + 1<<20)
	get(g, h.Sessions, at, "showNotice", h.showNotice)
	post(g, h.Sessions, at, "acceptNotice", h.acceptNotice)
	get(g, h.Sessions, at+"/autorizaciones", "showAuthorisations", h.showAuthorisations)
	post(g, h.Sessions, at+"/autorizaciones", "declareAuthorisations", h.declareAuthorisations)
	get(g, h.Sessions, at+"/documento", "showDocument", h.showDocument)
	post(g, h.Sessions, at+"/documento", "attachDocument", h.attachDocument, document)
	get(g, h.Sessions, at+"/formato.pdf", "downloadFormat", h.downloadFormat)
	get(g, h.Sessions, at+"/constancia", "showConstancy", h.showConstancy)
	get(g, h.Sessions, at+"/retirar", "showWithdrawal", h.showWithdrawal)
	post(g, h.Sessions, at+"/retirar", "withdrawConsent", h.withdrawConsent, serve.Always())
	get(g, h.Sessions, at+"/reservada", "showReservation", h.showReservation)
	post(g, h.Sessions, at+"/reservada", "reserveCapture", h.reserveCapture)
	get(g, h.Sessions, at+"/recibo", "showConsentReceipt", h.showConsentReceipt)
	get(g, h.Sessions, at+"/recibo.pdf", "downloadConsentReceipt", h.downloadConsentReceipt)
	get(g, h.Sessions, at+"/recibo.json", "exportConsentReceipt", h.exportConsentReceipt)
	get(g, h.Sessions, at+"/{bloque}", "showBlock", h.showBlock)
	post(g, h.Sessions, at+"/{bloque}", "saveBlock", h.saveBlock)
}

// frame returns what surrounds a page of identity.
func (h *Identity) frame(r *http.Request, a auth.Actor, name, folio, title string) deskpage.CaptureFrame {
	f := h.page(r, a, title, layout.Crumb{Label: "Candidaturas", Href: "/captura"},
		layout.Crumb{Label: name, Href: deskpage.CapturePath(folio)}, layout.Crumb{Label: title})
	return deskpage.CaptureFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}
}

// view returns what the pages about a consent share.
func (h *Identity) view(r *http.Request, a auth.Actor, s consent.Status, title string) deskpage.Identity {
	return deskpage.Identity{
		CaptureFrame: h.frame(r, a, s.Name, s.Folio, title), Status: s, Keys: newKeys(int(s.Last)),
	}
}

// refused puts in a view why what was sent could not be done, and returns the
// status of the answer; false when the person can do nothing about it.
func refused(v *deskpage.Identity, err error) (int, bool) {
	switch fields := fault.FieldsOf(err); {
	case fault.Is(err, fault.Invalid) && len(fields) > 0:
		for _, f := range fields {
			v.Errors = append(v.Errors, component.FieldError(f))
		}
	case (fault.Is(err, fault.Conflict) || fault.Is(err, fault.Invalid)) && fault.MessageOf(err) != "":
		v.Alert = fault.MessageOf(err)
	default:
		return 0, false
	}
	v.Meta.Invalid = true
	if fault.Is(err, fault.Conflict) {
		return http.StatusConflict, true
	}
	return http.StatusUnprocessableEntity, true
}

// tasks returns what the list of tasks of a candidacy says of identity. Whoever
// may not fill it in learns only whether it was attended.
func (h *Identity) tasks(r *http.Request, a auth.Capturer, c capture.Candidacy) (deskpage.IdentityTasks, error) {
	t := deskpage.IdentityTasks{}
	var err error
	if t.Attended, err = h.Consents.Attended(r.Context(), c.ID); err != nil {
		return t, err
	}
	t.Status, err = h.Consents.Status(r.Context(), a, c.Folio)
	if fault.Is(err, fault.NotFound) {
		t.Closed = true
		return t, nil
	}
	t.Own = t.Status.Own
	return t, err
}

func (h *Identity) showNotice(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	return h.noticePage(w, r, a, nil)
}

// noticePage shows the notice in force, with why it could not be accepted.
func (h *Identity) noticePage(w http.ResponseWriter, r *http.Request, a auth.Capturer, wrong error) error {
	s, err := h.Consents.Status(r.Context(), a, folioOf(r))
	if err != nil {
		return err
	}
	if s.Notice, err = h.Consents.CurrentNotice(r.Context(), a, s.Subject); err != nil { // Unavailable before the first one
		return err
	}
	v := deskpage.IdentityNotice{Identity: h.view(r, a, s, "Aviso de privacidad"), Next: h.afterNotice(s)}
	status := http.StatusOK
	if wrong != nil {
		var ok bool
		if status, ok = refused(&v.Identity, wrong); !ok {
			return wrong
		}
	}
	return serve.Page(w, r, status, deskpage.IdentityNoticePage(v))
}

// afterNotice is where whoever has read the notice goes on.
func (h *Identity) afterNotice(s consent.Status) string {
	if _, decided := s.Decided(); decided {
		return deskpage.CapturePath(s.Folio)
	}
	return deskpage.IdentityPath(s.Folio, "autorizaciones")
}

func (h *Identity) acceptNotice(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	if form.Get("leido") != "si" {
		return h.noticePage(w, r, a, fault.InvalidField("leido", "Confirma que leíste el aviso de privacidad para continuar"))
	}
	notice := int64(versionOf(form.Get("aviso")))
	if err := h.Consents.AcceptNotice(r.Context(), a, folioOf(r), form.Get(component.KeyField), notice); err != nil {
		return h.noticePage(w, r, a, err)
	}
	s, err := h.Consents.Status(r.Context(), a, folioOf(r))
	if err != nil {
		return err
	}
	return serve.SeeOther(w, r, h.afterNotice(s))
}

// firstBlock is the first topic of the questionnaire.
func firstBlock(folio string) string {
	return deskpage.IdentityPath(folio, string(questionnaire.Identity().Pages[0].ID))
}
