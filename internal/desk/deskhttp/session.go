package deskhttp

import (
	"net/http"
	"net/url"

	"conoceles/internal/desk/account"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

// Session serves entering, leaving, one's own account and the links that give
// access to one.
type Session struct {
	*Face
	Accounts *auth.Store
	People   *account.Store
	Passkeys *auth.Passkeys
}

// Mount lists the routes of the session.
func (h *Session) Mount(g serve.Group) {
	g.Get(deskpage.LoginPath, "showLogin", serve.Anyone, h.showLogin)
	g.Post(deskpage.LoginPath, "login", serve.Anyone, h.login, serve.Always())
	g.Get(deskpage.CodePath, "showCode", serve.Anyone, h.showCode)
	g.Post(deskpage.CodePath, "checkCode", serve.Anyone, h.checkCode, serve.Always())
	g.Get(deskpage.EnrolPath, "showEnrolment", serve.Anyone, h.showEnrolment)
	g.Post(deskpage.EnrolPath, "enrol", serve.Anyone, h.enrol)
	g.Post("/salir", "logout", serve.Anyone, h.logout, serve.Always())
	g.Get(deskpage.RecoverPath, "showRecover", serve.Anyone, h.showRecover)
	g.Post(deskpage.RecoverPath, "recover", serve.Anyone, h.recover)
	g.Get(deskpage.RecoverPath+"/{token}", "showReset", serve.Anyone, h.showReset)
	g.Post(deskpage.RecoverPath+"/{token}", "reset", serve.Anyone, h.reset)
	g.Get("/invitacion/{token}", "showInvitation", serve.Anyone, h.showInvitation)
	g.Post("/invitacion/{token}", "activate", serve.Anyone, h.activate)
	h.mountAccount(g)
	h.mountPasskeys(g)
}

func (h *Session) showLogin(w http.ResponseWriter, r *http.Request) error {
	if a, err := h.Sessions.Actor(r.Context()); err != nil || a != nil {
		if err != nil {
			return err
		}
		return serve.SeeOther(w, r, home(a))
	}
	return h.loginPage(w, r, http.StatusOK, deskpage.Login{Return: r.URL.Query().Get(deskpage.ReturnField)})
}

func (h *Session) login(w http.ResponseWriter, r *http.Request) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	email, back := form.Get("correo"), form.Get(deskpage.ReturnField)
	id, err := h.Accounts.Login(r.Context(), email, form.Get("contrasena"), h.visitor(r))
	if err == nil {
		err = h.proved(w, r, id, back)
	}
	switch fault.KindOf(err) {
	case fault.Invalid:
		return h.refuse(w, r, http.StatusUnprocessableEntity, deskpage.Login{Email: email, Return: back}, err)
	case fault.TooMany:
		return h.refuse(w, r, http.StatusTooManyRequests, deskpage.Login{Email: email, Return: back}, err)
	case fault.Forbidden:
		return h.refuse(w, r, http.StatusForbidden, deskpage.Login{Email: email, Return: back}, err)
	}
	return err
}

// visitor is where a request comes from.
func (h *Session) visitor(r *http.Request) auth.Visitor {
	return h.Sessions.Visitor(r, serve.ClientAddr(r))
}

// errNoRole answers whoever proved who they are and no longer has anything to do here.
var errNoRole = fault.New(fault.Forbidden, "Tu cuenta ya no tiene una función en Conóceles. Si crees que es un error, comunícate con el Instituto.")

// actorOf is the actor of an account that proved who it is.
func (h *Session) actorOf(r *http.Request, id int64) (auth.Actor, error) {
	a, err := h.Accounts.Actor(r.Context(), id)
	if fault.Is(err, fault.NotFound) { // a candidacy that left the ballot takes its role along
		return nil, errNoRole
	}
	return a, err
}

// proved goes on once a password is right: to the second factor, to activate it
// where it is required, or in.
func (h *Session) proved(w http.ResponseWriter, r *http.Request, id int64, back string) error {
	a, err := h.actorOf(r, id)
	if err != nil {
		return err
	}
	f, err := h.Sessions.Factor(r.Context(), a)
	if err != nil {
		return err
	}
	if !f.Enrolled && !f.Required {
		return h.enter(w, r, a, back)
	}
	if err := h.Sessions.Begin(r.Context(), id); err != nil {
		return err
	}
	next := deskpage.CodePath
	if !f.Enrolled {
		next = deskpage.EnrolPath
	}
	return serve.SeeOther(w, r, next+"?"+url.Values{deskpage.ReturnField: {back}}.Encode())
}

// open starts the session of somebody who proved all there was to prove, and
// remembers the browser.
func (h *Session) open(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	if err := h.Sessions.Open(r.Context(), a.AccountID()); err != nil {
		return err
	}
	if err := h.People.Entered(r.Context(), a, h.visitor(r), auth.Browser(r)); err != nil {
		return err
	}
	h.Sessions.Remember(w, a.Person().Email)
	return nil
}

// enter opens the session and leads where the person was going; first, to what
// they sent when their last session was over.
func (h *Session) enter(w http.ResponseWriter, r *http.Request, a auth.Actor, back string) error {
	if err := h.open(w, r, a); err != nil {
		return err
	}
	next, err := h.next(r, a, back)
	if err != nil {
		return err
	}
	return serve.SeeOther(w, r, next)
}

func (h *Session) next(r *http.Request, a auth.Actor, back string) (string, error) {
	target := auth.SafeReturn(back, home(a))
	_, err := h.Sessions.Rescued(r.Context(), a)
	switch {
	case err == nil:
		return deskpage.RescuePath + "?" + url.Values{deskpage.ReturnField: {target}}.Encode(), nil
	case fault.Is(err, fault.NotFound):
		return target, nil
	}
	return "", err
}

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
	return serve.SeeOther(w, r, deskpage.LoginPath)
}

// bare frames a page for somebody who has not entered.
func (h *Session) bare(r *http.Request, title string) deskpage.RegistryFrame {
	f := deskpage.RegistryFrame{}
	f.Meta, f.Area = h.Bare(r)
	f.Meta.Title = title
	return f
}

// said puts an error of a form on its page; the status, and whether it was the
// form's to say. Waiting is said at the top.
func said(f *deskpage.RegistryFrame, err error) (int, bool) {
	if err == nil {
		return http.StatusOK, true
	}
	if fault.Is(err, fault.TooMany) || fault.Is(err, fault.Forbidden) {
		f.Alert, f.Meta.Invalid, f.Flash = fault.MessageOf(err), true, ""
		if fault.Is(err, fault.Forbidden) {
			return http.StatusForbidden, true
		}
		return http.StatusTooManyRequests, true
	}
	return refuse(f, err)
}
