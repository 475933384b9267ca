package deskhttp

import (
	"io"
	"net/http"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/consent"
	"conoceles/internal/serve"
	"conoceles/web/page/deskpage"
)

// registrar is who works at Transparencia, as consents know them.
func registrar(t auth.Transparency) consent.Registrar {
	switch v := t.(type) {
	case auth.Head:
		return consent.AsHead{Head: v}
	case auth.Reviewer:
		return consent.AsReviewer{Reviewer: v}
	}
	return nil
}

// readDocument gives a signed document to whoever says why, as a download that
// no browser opens inside the site (security.md, C4). It is a POST: the reason
// stays out of addresses, and a link cannot make somebody read.
func (h *Transparency) readDocument(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	folio := chi.URLParam(r, "folio")
	reason, err := reasonOf(r)
	if err != nil {
		return h.refused(w, r, t, deskpage.DocumentForm, err)
	}
	document, err := h.Consents.ReadDocument(r.Context(), registrar(t), folio, reason)
	if err != nil {
		return h.refused(w, r, t, deskpage.DocumentForm, err)
	}
	extension := map[string]string{"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}[document.MediaType]
	w.Header().Set("Content-Security-Policy", "sandbox")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	return download(w, "consentimiento-"+folio+extension, document.MediaType, func(out io.Writer) error {
		_, err := out.Write(document.Bytes)
		return err
	})
}

// readAnswers shows the identity answers in the answer to the POST that says
// why: they have no address of their own, and asking again is another entry.
func (h *Transparency) readAnswers(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	reason, err := reasonOf(r)
	if err != nil {
		return h.refused(w, r, t, deskpage.AnswersForm, err)
	}
	asked, answers, err := h.Consents.ReadAnswers(r.Context(), t, chi.URLParam(r, "folio"), reason)
	if err != nil {
		return h.refused(w, r, t, deskpage.AnswersForm, err)
	}
	p, err := h.record(r, t)
	if err != nil {
		return err
	}
	p.Meta.Title = "Respuestas de identidad"
	return serve.Page(w, r, http.StatusOK, deskpage.ConsentAnswersPage(deskpage.ConsentAnswers{
		RegistryFrame: p.RegistryFrame, Subject: p.Subject, Questionnaire: asked, Answers: answers,
	}))
}
