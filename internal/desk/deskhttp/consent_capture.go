package deskhttp

import (
	"net/http"
	"net/url"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/consent"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

func (h *Identity) showAuthorisations(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	return h.authorisationsPage(w, r, a, nil, nil)
}

// authorisationsPage shows the three decisions, with what was posted and why it
// was refused. Nobody decides before reading the notice.
func (h *Identity) authorisationsPage(w http.ResponseWriter, r *http.Request, a auth.Capturer, posted url.Values, wrong error) error {
	s, err := h.Consents.Status(r.Context(), a, folioOf(r))
	if err != nil {
		return err
	}
	if !s.Notice.Accepted() {
		return serve.SeeOther(w, r, deskpage.IdentityPath(s.Folio))
	}
	v := deskpage.IdentityAuthorisations{Identity: h.view(r, a, s, "Autorizaciones"), Marks: map[string]string{}}
	status := http.StatusOK
	if wrong != nil {
		var ok bool
		if status, ok = refused(&v.Identity, wrong); !ok {
			return wrong
		}
		for _, statement := range consent.Statements() {
			v.Marks[statement.Name] = posted.Get(statement.Name)
		}
	}
	return serve.Page(w, r, status, deskpage.IdentityAuthorisationsPage(v))
}

func (h *Identity) declareAuthorisations(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	folio := folioOf(r)
	if s, err := h.Consents.Status(r.Context(), a, folio); err != nil {
		return err
	} else if !s.Notice.Accepted() { // by this very person
		return serve.SeeOther(w, r, deskpage.IdentityPath(folio))
	}
	d := consent.Declaration{
		Folio: folio, Key: form.Get(component.KeyField), After: int64(versionOf(form.Get(component.VersionField))),
		Processing: decided(form, "tratamiento"), Publication: decided(form, "publicacion"), Statistics: decided(form, "estadistica"),
	}
	if err := h.Consents.Declare(r.Context(), a, d); err != nil {
		return h.authorisationsPage(w, r, a, form, err)
	}
	h.Sessions.Flash(r.Context(), "Registramos las tres decisiones.")
	if *d.Processing {
		return serve.SeeOther(w, r, firstBlock(folio))
	}
	return serve.SeeOther(w, r, deskpage.IdentityPath(folio, "documento"))
}

// decided reads a decision: anything but one «si» or one «no» is left open.
func decided(form url.Values, name string) *bool {
	if len(form[name]) != 1 {
		return nil
	}
	yes := form[name][0] == "si"
	if !yes && form[name][0] != "no" {
		return nil
	}
	return &yes
}

func (h *Identity) showDocument(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	return h.documentPage(w, r, a, nil)
}

func (h *Identity) documentPage(w http.ResponseWriter, r *http.Request, a auth.Capturer, wrong error) error {
	s, err := h.Consents.Status(r.Context(), a, folioOf(r))
	if err != nil {
		return err
	}
	if _, ok := s.Decided(); !ok && wrong == nil {
		return serve.SeeOther(w, r, deskpage.IdentityPath(s.Folio, "autorizaciones"))
	}
	v := deskpage.IdentityDocument{Identity: h.view(r, a, s, "Documento firmado")}
	if _, v.Own = a.(auth.Candidate); v.Own {
		if v.Mail, err = h.Consents.Mailbox(r.Context(), s.Subject); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if wrong != nil {
		var ok bool
		if status, ok = refused(&v.Identity, wrong); !ok {
			return wrong
		}
	}
	return serve.Page(w, r, status, deskpage.IdentityDocumentPage(v))
}

func (h *Identity) attachDocument(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	folio := folioOf(r)
	file, err := onlyFile(r, "documento")
	if err == nil {
		err = h.Consents.Attach(r.Context(), a, consent.Attachment{
			Folio: folio, Key: form.Get(component.KeyField), After: int64(versionOf(form.Get(component.VersionField))),
			File: consent.Document{Bytes: file},
		})
	}
	if err != nil {
		return h.documentPage(w, r, a, err)
	}
	h.Sessions.Flash(r.Context(), "Recibimos el documento firmado. Te avisaremos cuando se verifique.")
	return serve.SeeOther(w, r, deskpage.IdentityPath(folio, "documento"))
}

func (h *Identity) downloadFormat(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	form, err := h.Consents.Format(r.Context(), a, folioOf(r))
	if fault.Is(err, fault.Conflict) {
		return serve.SeeOther(w, r, deskpage.IdentityPath(folioOf(r), "autorizaciones"))
	}
	if err != nil {
		return err
	}
	pdf, err := form.PDF()
	if err != nil {
		return err
	}
	return writePDF(w, "consentimiento-"+form.Folio, pdf)
}

// writePDF answers a document that nobody else may keep.
func writePDF(w http.ResponseWriter, name string, pdf []byte) error {
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.pdf"`)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(pdf) // who asked may have gone
	return nil
}

func (h *Identity) showWithdrawal(w http.ResponseWriter, r *http.Request, c auth.Candidate) error {
	s, err := h.own(r, c)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.IdentityWithdrawPage(deskpage.IdentityWithdraw{
		Identity: h.view(r, c, s, "Retirar mi consentimiento"), Public: s.Publishes() && !s.Outdated,
	}))
}

// own returns the status of the candidate's own candidacy; whose planilla they
// head is not theirs to withdraw nor to reserve.
func (h *Identity) own(r *http.Request, c auth.Candidate) (consent.Status, error) {
	s, err := h.Consents.Status(r.Context(), c, folioOf(r))
	if err == nil && !s.Own {
		err = notFound()
	}
	return s, err
}

func (h *Identity) withdrawConsent(w http.ResponseWriter, r *http.Request, c auth.Candidate) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	if err := h.Consents.Withdraw(r.Context(), c, folioOf(r), form.Get(component.KeyField)); err != nil {
		return err
	}
	h.Sessions.Flash(r.Context(), "Retiraste tu consentimiento. Desde este momento no se publica nada de tu cuestionario de identidad.")
	return serve.SeeOther(w, r, deskpage.CapturePath(folioOf(r)))
}

func (h *Identity) showConsentReceipt(w http.ResponseWriter, r *http.Request, c auth.Candidate) error {
	receipt, err := h.Consents.Receipt(r.Context(), c, folioOf(r))
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.IdentityReceiptPage(deskpage.IdentityReceipt{
		CaptureFrame: h.frame(r, c, receipt.Name, receipt.Folio, "Recibo de consentimiento"), Receipt: receipt,
	}))
}

func (h *Identity) downloadConsentReceipt(w http.ResponseWriter, r *http.Request, c auth.Candidate) error {
	receipt, err := h.Consents.Receipt(r.Context(), c, folioOf(r))
	if err != nil {
		return err
	}
	pdf, err := receipt.PDF()
	if err != nil {
		return err
	}
	return writePDF(w, "recibo-"+receipt.Folio, pdf)
}

func (h *Identity) exportConsentReceipt(w http.ResponseWriter, r *http.Request, c auth.Candidate) error {
	receipt, err := h.Consents.Receipt(r.Context(), c, folioOf(r))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="recibo-`+receipt.Folio+`.json"`)
	return serve.JSON(w, r, http.StatusOK, receipt)
}
