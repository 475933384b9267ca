package deskhttp

import (
	"net/http"
	"strconv"

	"conoceles/internal/desk/account"
	"conoceles/internal/desk/auth"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

func (h *People) listRequests(w http.ResponseWriter, r *http.Request, p auth.Proposer) error {
	list, err := h.Store.Requests(r.Context(), p)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.RequestsPage(deskpage.Requests{RegistryFrame: h.frameOf(r, p, "Solicitudes de acceso"), List: list}))
}

func (h *People) showRequest(w http.ResponseWriter, r *http.Request, p auth.Proposer) error {
	return h.requestPage(w, r, p, "", nil)
}

func (h *People) requestPage(w http.ResponseWriter, r *http.Request, p auth.Proposer, motive string, cause error) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	request, err := h.Store.Request(r.Context(), p, id)
	if err != nil {
		return err
	}
	v := deskpage.RequestView{
		RegistryFrame: h.frameOf(r, p, "Solicitud de acceso", crumbRequests), Request: request, Key: newKey(), Motive: motive,
		Own: request.RequestedBy == p.AccountID() || request.Email == p.Person().Email,
	}
	status, ok := said(&v.RegistryFrame, cause)
	if !ok {
		return cause
	}
	return serve.Page(w, r, status, deskpage.RequestPage(v))
}

func (h *People) confirmRequest(w http.ResponseWriter, r *http.Request, p auth.Proposer) error {
	form, id, err := decisionOf(r)
	if err != nil {
		return err
	}
	if err := h.Store.Confirm(r.Context(), p, form.Get(component.KeyField), id); err != nil {
		return h.requestPage(w, r, p, "", err)
	}
	h.Sessions.Flash(r.Context(), "La solicitud quedó confirmada y la persona recibe un correo.")
	return serve.SeeOther(w, r, deskpage.RequestsPath+"/"+strconv.FormatInt(id, 10))
}

func (h *People) discardRequest(w http.ResponseWriter, r *http.Request, p auth.Proposer) error {
	form, id, err := decisionOf(r)
	if err != nil {
		return err
	}
	motive := form.Get(account.ReasonField)
	if err := h.Store.Discard(r.Context(), p, form.Get(component.KeyField), id, motive); err != nil {
		return h.requestPage(w, r, p, motive, err)
	}
	h.Sessions.Flash(r.Context(), "La solicitud quedó desechada. Nada cambió.")
	return serve.SeeOther(w, r, deskpage.RequestsPath+"/"+strconv.FormatInt(id, 10))
}
