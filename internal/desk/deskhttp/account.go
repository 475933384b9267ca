package deskhttp

import (
	"net/http"
	"strings"

	"conoceles/internal/desk/account"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// mountAccount lists the routes of one's own account.
func (h *Session) mountAccount(g serve.Group) {
	s := h.Sessions
	get(g, s, deskpage.AccountPath, "showAccount", h.showAccount)
	get(g, s, "/cuenta/sesion", "keepAlive", h.keepAlive)
	post(g, s, "/cuenta/sesiones/{id}/cerrar", "endSession", h.endSession)
	post(g, s, deskpage.OtherSessionsPath, "endOtherSessions", h.endOtherSessions)
	get(g, s, deskpage.PasswordPath, "editPassword", h.editPassword)
	post(g, s, deskpage.PasswordPath, "changePassword", h.changePassword)
	get(g, s, deskpage.FactorPath, "editFactor", h.editFactor)
	postProven(g, h.Face, deskpage.FactorPath, "changeFactor", h.changeFactor)
	postProven(g, h.Face, deskpage.NewCodesPath, "renewCodes", h.renewCodes)
	get(g, s, deskpage.RescuePath, "showRescue", h.showRescue)
	post(g, s, deskpage.RescuePath, "sendRescue", h.sendRescue)
	post(g, s, deskpage.RescuePath+"/desechar", "discardRescue", h.discardRescue)
}

// own frames a page of the actor's own account.
func (h *Session) own(r *http.Request, a auth.Actor, title string) deskpage.RegistryFrame {
	var crumbs []layout.Crumb
	if title != "Tu cuenta" {
		crumbs = []layout.Crumb{{Label: "Tu cuenta", Href: deskpage.AccountPath}, {Label: title}}
	}
	f := h.page(r, a, title, crumbs...)
	return deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}
}

func (h *Session) showAccount(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	who := a.Person()
	p := deskpage.Account{
		RegistryFrame: h.own(r, a, "Tu cuenta"), Name: who.Name, Email: who.Email, Role: account.RoleName(a.Role()), Process: who.ProcessName,
		Ends: h.Sessions.Deadline(r.Context(), h.Now()), Now: h.Now(), Key: newKey(),
	}
	var err error
	if p.Sessions, err = h.Sessions.List(r.Context(), a); err != nil {
		return err
	}
	if p.Factor, err = h.Sessions.Factor(r.Context(), a); err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.AccountPage(p))
}

// keepAlive prolongs the session of somebody who is still writing.
func (h *Session) keepAlive(w http.ResponseWriter, r *http.Request, _ auth.Actor) error {
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (h *Session) endSession(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	if err := h.Sessions.End(r.Context(), a, "", id); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	h.Sessions.Flash(r.Context(), "La sesión quedó cerrada.")
	return serve.SeeOther(w, r, deskpage.AccountPath)
}

func (h *Session) endOtherSessions(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	if err := h.Sessions.EndOthers(r.Context(), a, form.Get(component.KeyField)); err != nil {
		return err
	}
	h.Sessions.Flash(r.Context(), "Quedó abierta sólo la sesión que usas.")
	return serve.SeeOther(w, r, deskpage.AccountPath)
}

func (h *Session) editPassword(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	return h.passwordPage(w, r, a, nil)
}

func (h *Session) passwordPage(w http.ResponseWriter, r *http.Request, a auth.Actor, cause error) error {
	policy, err := h.People.Policy(r.Context(), a)
	if err != nil {
		return err
	}
	p := deskpage.Password{RegistryFrame: h.own(r, a, "Cambiar la contraseña"), Shortest: policy.Shortest()}
	status, ok := said(&p.RegistryFrame, cause)
	if !ok {
		return cause
	}
	return serve.Page(w, r, status, deskpage.PasswordPage(p))
}

func (h *Session) changePassword(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	err = checkRepeat(form)
	if err == nil {
		err = h.People.ChangePassword(r.Context(), a, form.Get(account.CurrentField), form.Get(auth.PasswordField))
	}
	if err != nil {
		return h.passwordPage(w, r, a, err)
	}
	if err := h.Sessions.Open(r.Context(), a.AccountID()); err != nil { // all ended with the old password
		return err
	}
	h.Sessions.Flash(r.Context(), "Tu contraseña cambió y tus otras sesiones se cerraron.")
	return serve.SeeOther(w, r, deskpage.AccountPath)
}

func (h *Session) editFactor(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	return h.enrolmentPage(w, r, h.own(r, a, "Segundo factor"), a, deskpage.FactorPath, "", nil)
}

func (h *Session) changeFactor(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	codes, err := h.activateFactor(r, a, form.Get(auth.CodeField))
	if err != nil {
		return h.enrolmentPage(w, r, h.own(r, a, "Segundo factor"), a, deskpage.FactorPath, "", err)
	}
	if err := h.Sessions.Renew(r.Context()); err != nil {
		return err
	}
	if err := h.Sessions.EndOthers(r.Context(), a, ""); err != nil {
		return err
	}
	return h.codesPage(w, r, h.own(r, a, "Tus códigos de respaldo"), codes, deskpage.AccountPath)
}

func (h *Session) renewCodes(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	codes, err := h.People.NewCodes(r.Context(), a)
	if fault.Is(err, fault.Conflict) {
		h.Sessions.Flash(r.Context(), fault.MessageOf(err))
		return serve.SeeOther(w, r, deskpage.AccountPath)
	}
	if err != nil {
		return err
	}
	return h.codesPage(w, r, h.own(r, a, "Tus códigos de respaldo"), codes, deskpage.AccountPath)
}

func (h *Session) showRescue(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	back := auth.SafeReturn(r.URL.Query().Get(deskpage.ReturnField), home(a))
	kept, err := h.Sessions.Rescued(r.Context(), a)
	if fault.Is(err, fault.NotFound) {
		return serve.SeeOther(w, r, back)
	}
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.RescuePage(deskpage.Rescue{
		RegistryFrame: h.own(r, a, "Guardamos lo que escribiste"), At: kept.At, Path: kept.Path, Return: back, Fields: deskpage.HiddenFields(kept.Form),
	}))
}

// sendRescue forgets what was kept and lets the browser, which has it now, send
// it where it was going: a page that was kept for this account and no other.
func (h *Session) sendRescue(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	path := r.URL.Query().Get("ruta")
	if err := h.Sessions.Forget(r.Context(), a, path); err != nil {
		return err
	}
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		return notFound()
	}
	http.Redirect(w, r, path, http.StatusTemporaryRedirect)
	return nil
}

func (h *Session) discardRescue(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	if err := h.Sessions.Forget(r.Context(), a, r.URL.Query().Get("ruta")); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	return serve.SeeOther(w, r, auth.SafeReturn(r.URL.Query().Get(deskpage.ReturnField), home(a)))
}
