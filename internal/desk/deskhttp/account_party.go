package deskhttp

import (
	"net/http"
	"net/url"
	"strconv"

	"conoceles/internal/desk/account"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

func (h *People) listParty(w http.ResponseWriter, r *http.Request, v auth.Validator) error {
	return h.partyPage(w, r, v, url.Values{}, 0, nil)
}

// partyPage draws the people of a party; asked is whose suspension was refused.
func (h *People) partyPage(w http.ResponseWriter, r *http.Request, v auth.Validator, values url.Values, asked int64, cause error) error {
	p := deskpage.PartyPeople{
		RegistryFrame: h.frameOf(r, v, "Personas"), Party: v.NominatorName, Self: v.Account, Values: values, Key: newKey(), Asked: asked,
	}
	var err error
	if p.People, p.Requests, err = h.Store.OfParty(r.Context(), v); err != nil {
		return err
	}
	status, ok := said(&p.RegistryFrame, cause)
	if !ok {
		return cause
	}
	for i := range p.Errors {
		if asked != 0 && p.Errors[i].ID == account.ReasonField {
			p.Errors[i].ID += "-" + strconv.FormatInt(asked, 10)
		}
	}
	return serve.Page(w, r, status, deskpage.PartyPeoplePage(p))
}

func (h *People) designate(w http.ResponseWriter, r *http.Request, v auth.Validator) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	err = h.Store.Designate(r.Context(), v, form.Get(component.KeyField), account.NewPerson{
		Email: form.Get(account.EmailField), Name: form.Get(account.NameField), Role: form.Get(account.RoleField), Basis: form.Get(account.BasisField),
	})
	if err != nil {
		return h.partyPage(w, r, v, form, 0, err)
	}
	h.Sessions.Flash(r.Context(), "La solicitud llegó al área de informática del Instituto. La persona recibirá un correo cuando se conceda.")
	return serve.SeeOther(w, r, deskpage.PartyPeoplePath)
}

func (h *People) suspendOfParty(w http.ResponseWriter, r *http.Request, v auth.Validator) error {
	form, id, err := decisionOf(r)
	if err != nil {
		return err
	}
	err = h.Store.SuspendOfParty(r.Context(), v, form.Get(component.KeyField), id, form.Get(account.ReasonField))
	if fault.Is(err, fault.Invalid) {
		return h.partyPage(w, r, v, form, id, err)
	}
	if err != nil {
		return err
	}
	h.Sessions.Flash(r.Context(), "El acceso quedó suspendido.")
	return serve.SeeOther(w, r, deskpage.PartyPeoplePath)
}
