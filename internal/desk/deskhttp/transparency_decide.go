package deskhttp

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/consent"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

// verify is the Head's reading of the document. What the form says is all that
// counts: it has no field for the outcome.
func (h *Transparency) verify(w http.ResponseWriter, r *http.Request, head auth.Head) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	folio := chi.URLParam(r, "folio")
	d := decisionsOf(form)
	err = h.Consents.Verify(r.Context(), head, consent.Verification{
		Folio: folio, Key: form.Get(component.KeyField), Declaration: numberOf(form, deskpage.DeclarationField),
		Document: numberOf(form, deskpage.SeenField), Answers: int(numberOf(form, deskpage.AnswersField)), Processing: d.Processing, Publication: d.Publication, Statistics: d.Statistics,
		SamePerson: form.Get(deskpage.SamePersonField) == "si", Signed: form.Get(deskpage.SignedField) == "si",
	})
	if err != nil {
		return h.refused(w, r, head, "", err)
	}
	h.Sessions.Flash(r.Context(), "El documento quedó verificado. La persona recibe un aviso.")
	return serve.SeeOther(w, r, deskpage.ConsentPath(folio))
}

func (h *Transparency) reject(w http.ResponseWriter, r *http.Request, head auth.Head) error {
	folio := chi.URLParam(r, "folio")
	reason, err := reasonOf(r)
	if err == nil {
		err = h.Consents.Reject(r.Context(), head, folio, r.PostForm.Get(component.KeyField), reason, numberOf(r.PostForm, deskpage.DeclarationField))
	}
	if err != nil {
		return h.refused(w, r, head, deskpage.RejectForm, err)
	}
	h.Sessions.Flash(r.Context(), "El documento quedó rechazado. Nada de lo que autorizaba se publica.")
	return serve.SeeOther(w, r, deskpage.ConsentPath(folio))
}

// registrationPage returns the form that registers what arrived on paper.
func (h *Transparency) registrationPage(r *http.Request, t auth.Transparency) (deskpage.ConsentRegistration, error) {
	p, err := h.record(r, t)
	if err != nil {
		return deskpage.ConsentRegistration{}, err
	}
	p.Keys.Version = strconv.FormatInt(p.Last(), 10)
	p.Meta.Title = "Registrar un documento recibido"
	return deskpage.ConsentRegistration{RegistryFrame: p.RegistryFrame, Subject: p.Subject, Keys: p.Keys}, nil
}

func (h *Transparency) editRegistration(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	p, err := h.registrationPage(r, t)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.ConsentRegistrationPage(p))
}

func (h *Transparency) register(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	folio := chi.URLParam(r, "folio")
	registration, err := h.registrationOf(r, form)
	if err == nil {
		err = h.Consents.Register(r.Context(), registrar(t), registration)
	}
	if err == nil {
		h.Sessions.Flash(r.Context(), "El documento quedó registrado. Falta que otra persona lo verifique.")
		return serve.SeeOther(w, r, deskpage.ConsentPath(folio))
	}
	p, pageErr := h.registrationPage(r, t)
	if pageErr != nil {
		return pageErr
	}
	status, ok := refuse(&p.RegistryFrame, err)
	if !ok {
		return err
	}
	p.Values = form
	return serve.Page(w, r, status, deskpage.ConsentRegistrationPage(p))
}

// registrationOf reads the form of what arrived on paper.
func (h *Transparency) registrationOf(r *http.Request, form url.Values) (consent.Registration, error) {
	_, file, err := sentFile(r, deskpage.DocumentField)
	if err != nil {
		return consent.Registration{}, err
	}
	out := consent.Registration{
		Folio: chi.URLParam(r, "folio"), Key: form.Get(component.KeyField), After: numberOf(form, component.VersionField),
		Medium: consent.Medium(form.Get(deskpage.MediumField)), Decided: decisionsOf(form), File: consent.Document{Bytes: file},
	}
	var received, signed []fault.Field
	out.ReceivedOn, received = h.pastDay(form, deskpage.ReceivedField)
	out.SignedOn, signed = h.pastDay(form, deskpage.SignedOnField)
	return out, fault.InvalidFields(append(received, signed...))
}

func (h *Transparency) withdrawalPage(r *http.Request, head auth.Head) (deskpage.ConsentWithdrawal, error) {
	p, err := h.record(r, head)
	if err != nil {
		return deskpage.ConsentWithdrawal{}, err
	}
	p.Meta.Title = "Registrar un retiro"
	return deskpage.ConsentWithdrawal{RegistryFrame: p.RegistryFrame, Subject: p.Subject, Keys: p.Keys}, nil
}

func (h *Transparency) editWithdrawal(w http.ResponseWriter, r *http.Request, head auth.Head) error {
	p, err := h.withdrawalPage(r, head)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.ConsentWithdrawalPage(p))
}

func (h *Transparency) withdraw(w http.ResponseWriter, r *http.Request, head auth.Head) error {
	folio := chi.URLParam(r, "folio")
	note, err := reasonOf(r)
	var received time.Time
	if err == nil {
		var fields []fault.Field
		received, fields = h.pastDay(r.PostForm, deskpage.ReceivedField)
		err = fault.InvalidFields(fields)
	}
	if err == nil {
		err = h.Consents.WithdrawOnPaper(r.Context(), head, folio, r.PostForm.Get(component.KeyField), received, note)
	}
	if err == nil {
		h.Sessions.Flash(r.Context(), "El retiro quedó registrado. Sus respuestas de identidad ya no se publican.")
		return serve.SeeOther(w, r, deskpage.ConsentPath(folio))
	}
	p, pageErr := h.withdrawalPage(r, head)
	if pageErr != nil {
		return pageErr
	}
	status, ok := refuse(&p.RegistryFrame, err)
	if !ok {
		return err
	}
	p.Values = r.PostForm
	return serve.Page(w, r, status, deskpage.ConsentWithdrawalPage(p))
}

// textForm reads a form and refuses what is not text.
func textForm(r *http.Request) (url.Values, error) {
	form, err := serve.Form(r)
	if err == nil {
		err = serve.CheckText(form)
	}
	return form, err
}

// decisionsOf reads the three groups; one left open, or that says something
// else, is nil.
func decisionsOf(form url.Values) consent.Declaration {
	s := consent.Statements()
	return consent.Declaration{
		Processing: yesNo(form.Get(s[0].Name)), Publication: yesNo(form.Get(s[1].Name)), Statistics: yesNo(form.Get(s[2].Name)),
	}
}

// numberOf reads a number that the form carries; what is none is 0, which names
// nothing.
func numberOf(form url.Values, name string) int64 {
	n, err := strconv.ParseInt(form.Get(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// pastDay reads a day that has come already; the zero time where none was
// written.
func (h *Transparency) pastDay(form url.Values, name string) (time.Time, []fault.Field) {
	text := strings.TrimSpace(form.Get(name))
	if text == "" {
		return time.Time{}, nil
	}
	day, ok := parseDay(text)
	switch {
	case !ok:
		return time.Time{}, []fault.Field{{ID: name, Message: "Escribe la fecha como día, mes y año: 14/03/2027"}}
	case day.Format(time.DateOnly) > h.Now().In(election.Zone()).Format(time.DateOnly):
		return time.Time{}, []fault.Field{{ID: name, Message: "La fecha aún no llega: escribe la que dice el documento o su sello"}}
	}
	return day, nil
}
