package deskhttp

import (
	"net/http"
	"net/url"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

func (h *Capture) showReview(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	return h.reviewPage(w, r, a, http.StatusOK, "", "")
}

// reviewPage shows the answers to check, with what was left undone or why
// validating was refused.
func (h *Capture) reviewPage(w http.ResponseWriter, r *http.Request, a auth.Capturer, status int, undone, alert string) error {
	record, err := h.Store.Record(r.Context(), a, folioOf(r))
	if err != nil {
		return err
	}
	v := deskpage.CaptureReview{
		CaptureFrame: h.frame(r, a, "Revisar y validar", inside(record.Candidacy, "Revisar y validar")...),
		Record:       record, Validates: a.Validates(), Undone: undone,
		Keys: component.FormKeys{Key: newKey(), Version: record.Content()},
	}
	v.Alert, v.Meta.Invalid = alert, undone != "" || alert != ""
	return serve.Page(w, r, status, deskpage.CaptureReviewPage(v))
}

// declareReviewed takes the declaration and leads to the page that confirms it.
func (h *Capture) declareReviewed(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	if form.Get("declaro") != "si" {
		return h.reviewPage(w, r, a, http.StatusUnprocessableEntity, "Marca la declaración para continuar", "")
	}
	query := url.Values{"contenido": {form.Get(component.VersionField)}}
	return serve.SeeOther(w, r, deskpage.CapturePath(folioOf(r), "validar", "confirmar")+"?"+query.Encode())
}

func (h *Capture) showConfirmation(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	record, err := h.Store.Record(r.Context(), a, folioOf(r))
	if err != nil {
		return err
	}
	content := r.URL.Query().Get("contenido")
	if content != record.Content() || !record.Ready() || !a.Validates() || record.ClosureAt(record.Now) != capture.Open {
		return serve.SeeOther(w, r, deskpage.CapturePath(record.Folio, "validar"))
	}
	return serve.Page(w, r, http.StatusOK, deskpage.CaptureConfirmPage(deskpage.CaptureConfirm{
		CaptureFrame: h.frame(r, a, "Confirma la validación", inside(record.Candidacy, "Confirmar")...),
		Record:       record, Keys: component.FormKeys{Key: newKey(), Version: content},
	}))
}

func (h *Capture) validate(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	_, err = h.Store.Validate(r.Context(), a, capture.Validation{
		Folio: folioOf(r), Key: form.Get(component.KeyField), Content: form.Get(component.VersionField), Declared: form.Get("declaro") == "si",
	})
	switch {
	case fault.Is(err, fault.Conflict):
		return h.reviewPage(w, r, a, http.StatusConflict, "", fault.MessageOf(err))
	case fault.Is(err, fault.Invalid) && len(fault.FieldsOf(err)) > 0:
		return h.reviewPage(w, r, a, http.StatusUnprocessableEntity, fault.FieldsOf(err)[0].Message, "")
	case err != nil:
		return err
	}
	return serve.SeeOther(w, r, deskpage.CapturePath(folioOf(r), "acuse"))
}

func (h *Capture) showReceipt(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	receipt, err := h.Store.Receipt(r.Context(), a, folioOf(r))
	if err != nil {
		return err
	}
	v := deskpage.CaptureReceipt{
		CaptureFrame: h.frame(r, a, "Acuse "+receipt.AcuseFolio, inside(receipt.Candidacy, "Acuse")...), Receipt: receipt,
	}
	if receipt.Published {
		v.Public = "/procesos/" + a.Person().ProcessKey + "/candidaturas/" + receipt.Slug
	}
	return serve.Page(w, r, http.StatusOK, deskpage.CaptureReceiptPage(v))
}

func (h *Capture) downloadReceipt(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	receipt, err := h.Store.Receipt(r.Context(), a, folioOf(r))
	if err != nil {
		return err
	}
	pdf, err := receipt.PDF()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `attachment; filename="acuse-`+receipt.AcuseFolio+`.pdf"`)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(pdf) // who asked may have gone
	return nil
}
