package deskhttp

import (
	"net/http"

	"conoceles/internal/desk/auth"
	"conoceles/internal/serve"
	"conoceles/web/page/deskpage"
)

// pending is who proved their password and not their second factor; a nil Actor
// is nobody, or somebody who took too long.
func (h *Session) pending(r *http.Request) (auth.Actor, error) {
	id := h.Sessions.Pending(r.Context())
	if id == 0 {
		return nil, nil
	}
	return h.actorOf(r, id)
}

func (h *Session) showCode(w http.ResponseWriter, r *http.Request) error {
	return h.codePage(w, r, r.URL.Query().Get(deskpage.ReturnField), nil)
}

func (h *Session) codePage(w http.ResponseWriter, r *http.Request, back string, cause error) error {
	a, err := h.pending(r)
	if err != nil {
		return err
	}
	if a == nil {
		return serve.SeeOther(w, r, deskpage.LoginPath)
	}
	asked, err := h.Passkeys.Ask(r.Context(), r.Host, a)
	if err != nil {
		return err
	}
	if asked.Options != "" {
		h.Sessions.KeepCeremony(r.Context(), asked)
	}
	p := deskpage.Code{RegistryFrame: h.bare(r, "Segundo factor"), Return: back, Passkey: asked.Options}
	status, ok := said(&p.RegistryFrame, cause)
	if !ok {
		return cause
	}
	return serve.Page(w, r, status, deskpage.CodePage(p))
}

func (h *Session) checkCode(w http.ResponseWriter, r *http.Request) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	a, err := h.pending(r)
	if err != nil {
		return err
	}
	if a == nil {
		return serve.SeeOther(w, r, deskpage.LoginPath)
	}
	back := form.Get(deskpage.ReturnField)
	if err := h.Accounts.CheckCode(r.Context(), a.AccountID(), form.Get(auth.CodeField)); err != nil {
		return h.codePage(w, r, back, err)
	}
	return h.enter(w, r, a, back)
}

func (h *Session) showEnrolment(w http.ResponseWriter, r *http.Request) error {
	a, err := h.mayEnrol(r)
	if err != nil {
		return err
	}
	if a == nil {
		return serve.SeeOther(w, r, deskpage.LoginPath)
	}
	return h.enrolmentPage(w, r, h.bare(r, "Activa tu segundo factor"), a, deskpage.EnrolPath, r.URL.Query().Get(deskpage.ReturnField), nil)
}

// mayEnrol is who has to activate a second factor to enter. Somebody who has one
// proves it instead: a password alone must not replace it.
func (h *Session) mayEnrol(r *http.Request) (auth.Actor, error) {
	a, err := h.pending(r)
	if err != nil || a == nil {
		return nil, err
	}
	f, err := h.Sessions.Factor(r.Context(), a)
	if err != nil || f.Enrolled {
		return nil, err
	}
	return a, nil
}

func (h *Session) enrolmentPage(w http.ResponseWriter, r *http.Request, frame deskpage.RegistryFrame, a auth.Actor, action, back string, cause error) error {
	seed, err := h.Sessions.Offer(r.Context(), a.AccountID(), a.Person().Email)
	if err != nil {
		return err
	}
	f, err := h.Sessions.Factor(r.Context(), a)
	if err != nil {
		return err
	}
	p := deskpage.Enrolment{RegistryFrame: frame, Action: action, Return: back, Key: seed.Groups(), Required: f.Required, Replaces: f.Enrolled}
	if p.Drawing.Side, p.Drawing.Path, err = seed.Drawing(); err != nil {
		return err
	}
	status, ok := said(&p.RegistryFrame, cause)
	if !ok {
		return cause
	}
	return serve.Page(w, r, status, deskpage.EnrolmentPage(p))
}

func (h *Session) enrol(w http.ResponseWriter, r *http.Request) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	a, err := h.mayEnrol(r)
	if err != nil {
		return err
	}
	if a == nil {
		return serve.SeeOther(w, r, deskpage.LoginPath)
	}
	back := form.Get(deskpage.ReturnField)
	codes, err := h.activateFactor(r, a, form.Get(auth.CodeField))
	if err != nil {
		return h.enrolmentPage(w, r, h.bare(r, "Activa tu segundo factor"), a, deskpage.EnrolPath, back, err)
	}
	if err := h.open(w, r, a); err != nil {
		return err
	}
	next, err := h.next(r, a, back)
	if err != nil {
		return err
	}
	return h.codesPage(w, r, h.bare(r, "Tus códigos de respaldo"), codes, next)
}

// activateFactor enrols the seed that the session offered.
func (h *Session) activateFactor(r *http.Request, a auth.Actor, code string) ([]string, error) {
	seed, err := h.Sessions.Offer(r.Context(), a.AccountID(), a.Person().Email)
	if err != nil {
		return nil, err
	}
	codes, err := h.People.Enrol(r.Context(), a, seed, code)
	if err == nil {
		h.Sessions.Enrolled(r.Context())
	}
	return codes, err
}

// codesPage shows recovery codes: the only answer that ever has them.
func (h *Session) codesPage(w http.ResponseWriter, r *http.Request, frame deskpage.RegistryFrame, codes []string, next string) error {
	return serve.Page(w, r, http.StatusOK, deskpage.CodesPage(deskpage.Codes{RegistryFrame: frame, Codes: codes, Next: next}))
}
