package deskhttp

import (
	"net/http"

	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

// Session serves entering, leaving and one's own account.
type Session struct {
	*Face
	Accounts *auth.Store
}

// Mount lists the routes of the session.
func (h *Session) Mount(g serve.Group) {
	g.Get("/entrar", "showLogin", serve.Anyone, h.showLogin)
	g.Post("/entrar", "login", serve.Anyone, h.login)
	g.Post("/salir", "logout", serve.Anyone, h.logout)
	get(g, h.Sessions, "/cuenta", "showAccount", h.showAccount)
	get(g, h.Sessions, "/cuenta/sesion", "keepAlive", h.keepAlive)
}

func (h *Session) showLogin(w http.ResponseWriter, r *http.Request) error {
	if a, err := h.Sessions.Actor(r.Context()); err != nil || a != nil {
		if err != nil {
			return err
		}
		return serve.SeeOther(w, r, home(a))
	}
	return h.loginPage(w, r, http.StatusOK, deskpage.Login{Return: r.URL.Query().Get("regreso")})
}

func (h *Session) login(w http.ResponseWriter, r *http.Request) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	if err := serve.CheckText(form); err != nil {
		return err
	}
	email, back := form.Get("correo"), form.Get("regreso")
	account, err := h.Accounts.Login(r.Context(), email, form.Get("contrasena"))
	switch fault.KindOf(err) {
	case fault.Invalid:
		return h.refuse(w, r, http.StatusUnprocessableEntity, deskpage.Login{Email: email, Return: back}, err)
	case fault.TooMany:
		return h.refuse(w, r, http.StatusTooManyRequests, deskpage.Login{Email: email, Return: back}, err)
	}
	if err != nil {
		return err
	}
	actor, err := h.Accounts.Actor(r.Context(), account)
	if fault.Is(err, fault.NotFound) { // a candidacy that left the ballot takes its role along
		return h.refuse(w, r, http.StatusForbidden, deskpage.Login{Email: email, Return: back}, errNoRole)
	}
	if err != nil {
		return err
	}
	if err := h.Sessions.Open(r.Context(), account); err != nil {
		return err
	}
	return serve.SeeOther(w, r, auth.SafeReturn(back, home(actor)))
}

// errNoRole answers whoever proved who they are and no longer has anything to do here.
var errNoRole = fault.New(fault.Forbidden, "Tu cuenta ya no tiene una función en Conóceles. Si crees que es un error, comunícate con el Instituto.")

// refuse shows the form again with what was typed, but the password, and the
// reason at the top.
func (h *Session) refuse(w http.ResponseWriter, r *http.Request, status int, l deskpage.Login, err error) error {
	l.Errors = []component.FieldError{{ID: "correo", Message: fault.MessageOf(err)}}
	return h.loginPage(w, r, status, l)
}

func (h *Session) loginPage(w http.ResponseWriter, r *http.Request, status int, l deskpage.Login) error {
	l.Meta, l.Area = h.Bare(r)
	l.Meta.Title, l.Meta.Invalid = "Entrar", len(l.Errors) > 0
	return serve.Page(w, r, status, deskpage.LoginPage(l))
}

func (h *Session) logout(w http.ResponseWriter, r *http.Request) error {
	if err := h.Sessions.Close(r.Context()); err != nil {
		return err
	}
	// What the browser kept of the desk goes with the session.
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return serve.SeeOther(w, r, "/entrar")
}

func (h *Session) showAccount(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	f := h.page(r, a, "Tu cuenta")
	who := a.Person()
	return serve.Page(w, r, http.StatusOK, deskpage.AccountPage(deskpage.Account{
		Meta: f.Meta, Area: f.Area, Flash: f.Flash,
		Name: who.Name, Email: who.Email, Role: placeOf(a).title, Process: who.ProcessName,
		Ends: h.Sessions.Deadline(r.Context(), h.Now()),
	}))
}

// keepAlive prolongs the session of somebody who is still writing.
func (h *Session) keepAlive(w http.ResponseWriter, r *http.Request, _ auth.Actor) error {
	w.WriteHeader(http.StatusNoContent)
	return nil
}
