package deskhttp

import (
	"context"
	"net/http"
	"net/url"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/serve"
	"conoceles/web/page/deskpage"
)

// mountPasskeys lists the routes of passkeys: proving one to enter, and one's own.
func (h *Session) mountPasskeys(g serve.Group) {
	g.Post(deskpage.UsePasskeyPath, "usePasskey", serve.Anyone, h.usePasskey)
	get(g, h.Sessions, deskpage.PasskeysPath, "listPasskeys", h.listPasskeys)
	postProven(g, h.Face, deskpage.PasskeysPath, "addPasskey", h.addPasskey)
	postProven(g, h.Face, deskpage.PasskeysPath+"/{id}/quitar", "removePasskey", h.removePasskey)
}

// usePasskey takes a passkey in place of a code. What was asked of the device is
// used once, whatever it answered.
func (h *Session) usePasskey(w http.ResponseWriter, r *http.Request) error {
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
	asked := h.Sessions.TakeCeremony(r.Context())
	if err := h.Passkeys.Check(r.Context(), r.Host, a, asked, form.Get(auth.PasskeyField)); err != nil {
		return h.codePage(w, r, back, err)
	}
	return h.enter(w, r, a, back)
}

func (h *Session) listPasskeys(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	return h.passkeysPage(w, r, a, url.Values{}, nil)
}

// passkeysPage lists the actor's passkeys and, where this browser may have one,
// offers to add it.
func (h *Session) passkeysPage(w http.ResponseWriter, r *http.Request, a auth.Actor, values url.Values, cause error) error {
	f, err := h.Sessions.Factor(r.Context(), a)
	if err != nil {
		return err
	}
	p := deskpage.Passkeys{
		RegistryFrame: h.own(r, a, "Llaves de acceso"), Enrolled: f.Enrolled, Available: h.Passkeys.Available(r.Host), Name: values.Get(auth.PasskeyNameField),
	}
	if p.List, err = h.Passkeys.List(r.Context(), a); err != nil {
		return err
	}
	if p.Enrolled && p.Available {
		offer, err := h.Passkeys.Offer(r.Context(), r.Host, a)
		if err != nil {
			return err
		}
		h.Sessions.KeepCeremony(r.Context(), offer)
		p.Options = offer.Options
	}
	status, ok := said(&p.RegistryFrame, cause)
	if !ok {
		return cause
	}
	return serve.Page(w, r, status, deskpage.PasskeysPage(p))
}

func (h *Session) addPasskey(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	asked := h.Sessions.TakeCeremony(r.Context())
	err = h.People.AddPasskey(r.Context(), a, func(ctx context.Context, tx *db.Tx) error {
		return h.Passkeys.Add(ctx, tx, r.Host, a, form.Get(auth.PasskeyNameField), asked, form.Get(auth.PasskeyField))
	})
	if err != nil {
		return h.passkeysPage(w, r, a, form, err)
	}
	h.Sessions.Flash(r.Context(), "La llave quedó agregada. La próxima vez podrás usarla en lugar del código.")
	return serve.SeeOther(w, r, deskpage.PasskeysPath)
}

func (h *Session) removePasskey(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	err = h.People.RemovePasskey(r.Context(), a, func(ctx context.Context, tx *db.Tx) error { return h.Passkeys.Remove(ctx, tx, a, id) })
	if err != nil {
		return err
	}
	h.Sessions.Flash(r.Context(), "La llave quedó quitada y ya no sirve para entrar.")
	return serve.SeeOther(w, r, deskpage.PasskeysPath)
}
