package deskhttp

import (
	"net/http"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

// mountCorrection lists the routes of corrections, for whoever captures.
func (h *Capture) mountCorrection(g serve.Group) {
	get(g, h.Sessions, "/captura/{folio}/correccion", "showCorrection", h.showCorrection)
	post(g, h.Sessions, "/captura/{folio}/correccion", "requestCorrection", h.requestCorrection)
	post(g, h.Sessions, "/captura/{folio}/correccion/enviar", "sendCorrection", h.sendCorrection)
	get(g, h.Sessions, "/captura/{folio}/correccion/cancelar", "confirmCancellation", h.confirmCancellation)
	post(g, h.Sessions, "/captura/{folio}/correccion/cancelar", "cancelCorrection", h.cancelCorrection)
}

func (h *Capture) showCorrection(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	p, err := h.correction(r, a)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.CorrectionPage(p))
}

// correction returns the page of a candidacy's correction, or NotFound.
func (h *Capture) correction(r *http.Request, a auth.Capturer) (deskpage.Correction, error) {
	record, err := h.Store.Record(r.Context(), a, folioOf(r))
	if err != nil {
		return deskpage.Correction{}, err
	}
	p := deskpage.Correction{
		CaptureFrame: h.frame(r, a, "Corrección", inside(record.Candidacy, "Corrección")...),
		Record:       record, Validates: a.Validates(), Keys: component.FormKeys{Key: newKey(), Version: record.Content()},
	}
	if p.Allowance, err = h.Store.Allowance(r.Context(), record); err != nil {
		return p, err
	}
	p.Was, err = h.Store.PublicAnswers(r.Context(), record)
	return p, err
}

func (h *Capture) requestCorrection(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	request := capture.CorrectionRequest{Folio: folioOf(r), Key: form.Get(component.KeyField)}
	for _, id := range form[capture.PartsField] {
		request.Parts = append(request.Parts, questionnaire.ID(id))
	}
	if err := h.Store.RequestCorrection(r.Context(), a, request); err != nil {
		return h.correctionRefused(w, r, a, err)
	}
	h.Sessions.Flash(r.Context(), "Se abrieron los rubros que elegiste. Corrígelos y envía la corrección.")
	return serve.SeeOther(w, r, deskpage.CapturePath(folioOf(r)))
}

func (h *Capture) sendCorrection(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	err = h.Store.SendCorrection(r.Context(), a, capture.CorrectionSubmission{
		Folio: folioOf(r), Key: form.Get(component.KeyField), Content: form.Get(component.VersionField), Declared: form.Get("declaro") == "si",
	})
	if err != nil {
		return h.correctionRefused(w, r, a, err)
	}
	h.Sessions.Flash(r.Context(), "La corrección se envió a la Unidad de Transparencia.")
	return serve.SeeOther(w, r, deskpage.CorrectionPath(folioOf(r)))
}

func (h *Capture) confirmCancellation(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	p, err := h.correction(r, a)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.CorrectionCancelPage(p))
}

func (h *Capture) cancelCorrection(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	err = h.Store.CancelCorrection(r.Context(), a, folioOf(r), form.Get(component.KeyField))
	if err != nil {
		return h.correctionRefused(w, r, a, err)
	}
	h.Sessions.Flash(r.Context(), "La corrección se canceló: queda lo publicado.")
	return serve.SeeOther(w, r, deskpage.CapturePath(folioOf(r)))
}

// correctionRefused shows the page again with why, when the person can do
// something about it.
func (h *Capture) correctionRefused(w http.ResponseWriter, r *http.Request, a auth.Capturer, cause error) error {
	p, err := h.correction(r, a)
	if err != nil {
		return err
	}
	p.Chosen, p.Meta.Invalid = r.PostForm[capture.PartsField], true
	switch fields := fault.FieldsOf(cause); {
	case fault.Is(cause, fault.Invalid) && len(fields) > 0:
		p.Undone = fields[0].Message
		return serve.Page(w, r, http.StatusUnprocessableEntity, deskpage.CorrectionPage(p))
	case fault.Is(cause, fault.Conflict) && fault.MessageOf(cause) != "":
		p.Alert = fault.MessageOf(cause)
		return serve.Page(w, r, http.StatusConflict, deskpage.CorrectionPage(p))
	}
	return cause
}
