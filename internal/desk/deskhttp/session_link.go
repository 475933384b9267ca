package deskhttp

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/account"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/page/deskpage"
)

func (h *Session) showRecover(w http.ResponseWriter, r *http.Request) error {
	return serve.Page(w, r, http.StatusOK, deskpage.RecoverPage(deskpage.Recover{RegistryFrame: h.bare(r, "Recuperar el acceso")}))
}

// sameTime is how long asking for a link takes, whether there is an account or not.
const sameTime = 300 * time.Millisecond

// recover sends a link if there is an account, and says and takes the same if not.
func (h *Session) recover(w http.ResponseWriter, r *http.Request) error {
	late := time.NewTimer(sameTime)
	defer late.Stop()
	form, err := textForm(r)
	if err != nil {
		return err
	}
	p := deskpage.Recover{RegistryFrame: h.bare(r, "Recuperar el acceso"), Email: form.Get("correo")}
	if !auth.ValidEmail(strings.TrimSpace(p.Email)) {
		_, _ = said(&p.RegistryFrame, fault.InvalidField("correo", "Escribe el correo como nombre@ejemplo.mx"))
		return serve.Page(w, r, http.StatusUnprocessableEntity, deskpage.RecoverPage(p))
	}
	if err := h.People.Recover(r.Context(), p.Email, h.visitor(r)); err != nil {
		return err
	}
	select {
	case <-late.C:
	case <-r.Context().Done():
	}
	p.Asked = true
	return serve.Page(w, r, http.StatusOK, deskpage.RecoverPage(p))
}

// The two kinds of links.
type linkKind struct {
	title   string
	path    string
	invited bool
	read    func(*account.Store) func(*http.Request, string) (account.Opening, error)
}

var (
	toActivate = linkKind{"Activa tu cuenta", "/invitacion/", true, func(s *account.Store) func(*http.Request, string) (account.Opening, error) {
		return func(r *http.Request, token string) (account.Opening, error) { return s.Invitation(r.Context(), token) }
	}}
	toReset = linkKind{"Elige otra contraseña", deskpage.RecoverPath + "/", false, func(s *account.Store) func(*http.Request, string) (account.Opening, error) {
		return func(r *http.Request, token string) (account.Opening, error) { return s.Recovery(r.Context(), token) }
	}}
)

func (h *Session) showInvitation(w http.ResponseWriter, r *http.Request) error {
	return h.linkPage(w, r, toActivate, nil)
}

func (h *Session) showReset(w http.ResponseWriter, r *http.Request) error {
	return h.linkPage(w, r, toReset, nil)
}

// linkPage draws where a link leads. It reads and changes nothing: e-mail
// programs open links by themselves.
func (h *Session) linkPage(w http.ResponseWriter, r *http.Request, kind linkKind, cause error) error {
	token := chi.URLParam(r, "token")
	o, err := kind.read(h.People)(r, token)
	if err != nil {
		return err
	}
	p := deskpage.NewPassword{
		RegistryFrame: h.bare(r, kind.title), Action: kind.path + url.PathEscape(token), Name: o.Name, Email: o.Email,
		Role: account.RoleName(o.Role), Scope: o.Scope, Expires: o.Expires, Shortest: o.Policy().Shortest(),
		Invited: kind.invited, AskCode: !kind.invited && o.Enrolled, Steps: 1,
	}
	if o.WithFactor && !o.Enrolled {
		p.Steps = 2
	}
	status, ok := said(&p.RegistryFrame, cause)
	if !ok {
		return cause
	}
	// The address of this page is a secret: no other may learn it from a link.
	w.Header().Set("Referrer-Policy", "no-referrer")
	return serve.Page(w, r, status, deskpage.NewPasswordPage(p))
}

// checkRepeat returns what to mend of a password that was typed twice.
func checkRepeat(form url.Values) error {
	if form.Get(auth.PasswordField) != form.Get(deskpage.RepeatField) {
		return fault.InvalidField(deskpage.RepeatField, "Las dos contraseñas no son iguales: escríbelas otra vez")
	}
	return nil
}

func (h *Session) activate(w http.ResponseWriter, r *http.Request) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	if err := checkRepeat(form); err != nil {
		return h.linkPage(w, r, toActivate, err)
	}
	if form.Get(deskpage.PersonalField) != "si" {
		return h.linkPage(w, r, toActivate, fault.InvalidField(deskpage.PersonalField, "Marca que la cuenta es sólo tuya"))
	}
	id, err := h.People.Activate(r.Context(), chi.URLParam(r, "token"), form.Get(auth.PasswordField))
	if err != nil {
		return h.linkPage(w, r, toActivate, err)
	}
	return h.proved(w, r, id, "")
}

func (h *Session) reset(w http.ResponseWriter, r *http.Request) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	if err := checkRepeat(form); err != nil {
		return h.linkPage(w, r, toReset, err)
	}
	id, err := h.People.Reset(r.Context(), chi.URLParam(r, "token"), form.Get(auth.PasswordField), form.Get(auth.CodeField))
	if err != nil {
		return h.linkPage(w, r, toReset, err)
	}
	a, err := h.actorOf(r, id)
	if err != nil {
		return err
	}
	f, err := h.Sessions.Factor(r.Context(), a)
	if err != nil {
		return err
	}
	if f.Enrolled { // it was proved with the link
		return h.enter(w, r, a, "")
	}
	return h.proved(w, r, id, "")
}
