package deskhttp

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"conoceles/internal/desk/account"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// People serves the people of a process: who may enter, as what.
type People struct {
	*Face
	Store    *account.Store
	Registry *registry.Registry // holds the file of a list between its two steps
}

// Mount lists the routes of the people.
func (h *People) Mount(g serve.Group) {
	s, f := h.Sessions, h.Face
	get(g, s, deskpage.PeoplePath, "listPeople", h.listPeople)
	get(g, s, deskpage.InvitePath, "editInvitation", h.editInvitation)
	postProven(g, f, deskpage.InvitePath, "invite", h.invite)
	get(g, s, deskpage.RequestsPath, "listAccessRequests", h.listRequests)
	get(g, s, deskpage.RequestsPath+"/{id}", "showAccessRequest", h.showRequest)
	postProven(g, f, deskpage.RequestsPath+"/{id}/confirmar", "confirmAccessRequest", h.confirmRequest)
	post(g, s, deskpage.RequestsPath+"/{id}/desechar", "discardAccessRequest", h.discardRequest)
	get(g, s, deskpage.BulkPath, "editPeopleList", h.editList)
	post(g, s, deskpage.BulkPath, "uploadPeopleList", h.uploadList, serve.Upload(maxPeopleList+1<<20))
	get(g, s, deskpage.BulkPath+"/plantilla.csv", "downloadPeopleTemplate", h.downloadTemplate)
	get(g, s, deskpage.BulkPath+"/{archivo}", "reviewPeopleList", h.reviewList)
	postProven(g, f, deskpage.BulkPath+"/{archivo}", "invitePeopleList", h.loadList, serve.Timeout(time.Minute))
	const person = deskpage.PeoplePath + "/{id}"
	get(g, s, person, "showPerson", h.showPerson)
	get(g, s, person+"/acuse.pdf", "downloadAccessReceipt", h.downloadReceipt)
	post(g, s, person+"/entrega", "registerAccessReceipt", h.registerReceipt)
	postProven(g, f, person+"/invitar", "reinvitePerson", h.act("invitar", "Se envió otra invitación.", func(r *http.Request, a auth.Admin, key string, id int64, _ string) error {
		return h.Store.Reinvite(r.Context(), a, key, id)
	}))
	postProven(g, f, person+"/suspender", "suspendPerson", h.act("suspender", "El acceso quedó suspendido.", func(r *http.Request, a auth.Admin, key string, id int64, reason string) error {
		return h.Store.Suspend(r.Context(), a, key, id, reason)
	}))
	postProven(g, f, person+"/reactivar", "resumePerson", h.act("reactivar", "El acceso quedó activo.", func(r *http.Request, a auth.Admin, key string, id int64, reason string) error {
		return h.Store.Resume(r.Context(), a, key, id, reason)
	}))
	postProven(g, f, person+"/reiniciar", "requestFactorReset", h.act("reiniciar", "La solicitud espera a que otra persona la confirme.", func(r *http.Request, a auth.Admin, key string, id int64, reason string) error {
		return h.Store.RequestReset(r.Context(), a, key, id, reason)
	}))
	postProven(g, f, person+"/quitar", "retireRole", h.retire)
	get(g, s, deskpage.PartyPeoplePath, "listPartyPeople", h.listParty)
	post(g, s, deskpage.PartyPeoplePath, "designatePerson", h.designate)
	postProven(g, f, deskpage.PartyPeoplePath+"/{id}/suspender", "suspendPartyPerson", h.suspendOfParty)
}

// frameOf returns what surrounds a page about people.
func (h *People) frameOf(r *http.Request, a auth.Actor, title string, crumbs ...layout.Crumb) deskpage.RegistryFrame {
	if len(crumbs) > 0 {
		crumbs = append(crumbs, layout.Crumb{Label: title})
	}
	f := h.page(r, a, title, crumbs...)
	return deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}
}

var (
	crumbPeople   = layout.Crumb{Label: "Personas", Href: deskpage.PeoplePath}
	crumbRequests = layout.Crumb{Label: "Solicitudes de acceso", Href: deskpage.RequestsPath}
)

func (h *People) listPeople(w http.ResponseWriter, r *http.Request, o auth.Overseer) error {
	query := r.URL.Query()
	if err := serve.CheckText(query); err != nil {
		return err
	}
	p := deskpage.People{RegistryFrame: h.frameOf(r, o, "Personas"), Filter: account.Filter{Text: firstRunes(query.Get("q"), 200), Page: pageOf(r), Size: pageSize}}
	if role := query.Get("funcion"); slices.Contains(account.Roles(), role) {
		p.Role = role
	}
	_, p.MayEdit = o.(auth.Admin)
	var err error
	if p.People, p.Total, err = h.Store.People(r.Context(), o, p.Filter); err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.PeoplePage(p))
}

func (h *People) editInvitation(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	return h.invitationPage(w, r, a, url.Values{}, nil)
}

func (h *People) invitationPage(w http.ResponseWriter, r *http.Request, a auth.Admin, values url.Values, cause error) error {
	p := deskpage.Invite{RegistryFrame: h.frameOf(r, a, "Invitar a una persona", crumbPeople), Key: newKey(), Values: values}
	var err error
	if p.Nominators, err = h.Store.Nominators(r.Context(), a); err != nil {
		return err
	}
	status, ok := said(&p.RegistryFrame, cause)
	if !ok {
		return cause
	}
	return serve.Page(w, r, status, deskpage.InvitePage(p))
}

// personOf reads who is invited.
func personOf(form url.Values) (account.NewPerson, error) {
	n := account.NewPerson{
		Email: form.Get(account.EmailField), Name: form.Get(account.NameField), Role: form.Get(account.RoleField),
		Acronym: form.Get(account.NominatorField), Folio: form.Get(account.FolioField), Basis: form.Get(account.BasisField),
	}
	if text := strings.TrimSpace(form.Get(account.UntilField)); text != "" {
		day, ok := account.ParseDay(text)
		if !ok {
			return n, fault.InvalidField(account.UntilField, "Escribe la fecha como día, mes y año: 30/03/2027")
		}
		n.Until = day
	}
	return n, nil
}

func (h *People) invite(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	n, err := personOf(form)
	var out account.Invited
	if err == nil {
		out, err = h.Store.Invite(r.Context(), a, form.Get(component.KeyField), n)
	}
	if err != nil {
		return h.invitationPage(w, r, a, form, err)
	}
	if out.Request != 0 {
		h.Sessions.Flash(r.Context(), "La función espera a que otra persona la confirme.")
		return serve.SeeOther(w, r, deskpage.RequestsPath+"/"+strconv.FormatInt(out.Request, 10))
	}
	h.Sessions.Flash(r.Context(), "La invitación salió por correo. Imprime el acuse para que la persona lo firme.")
	return serve.SeeOther(w, r, deskpage.PersonPath(out.Account, ""))
}

func (h *People) showPerson(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	return h.personPage(w, r, a, "", nil)
}

// personPage draws a person, with why what was asked of them was refused, if it
// was: asked is which form.
func (h *People) personPage(w http.ResponseWriter, r *http.Request, a auth.Admin, asked string, cause error) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	person, err := h.Store.Person(r.Context(), a, id)
	if err != nil {
		return err
	}
	p := deskpage.PersonView{
		RegistryFrame: h.frameOf(r, a, person.Name, crumbPeople), Person: person, Self: id == a.Account, Key: newKey(),
		Values: r.PostForm, Asked: asked, Now: h.Now(),
	}
	status, ok := said(&p.RegistryFrame, cause)
	if !ok {
		return cause
	}
	for i := range p.Errors { // each form of the page has a reason of its own
		if p.Errors[i].ID == account.ReasonField || p.Errors[i].ID == account.BasisField {
			p.Errors[i].ID = account.ReasonField + "-" + asked
		}
	}
	return serve.Page(w, r, status, deskpage.PersonPage(p))
}

// act is a handler that does something to a person and goes back to them.
func (h *People) act(name, flash string, do func(*http.Request, auth.Admin, string, int64, string) error) func(http.ResponseWriter, *http.Request, auth.Admin) error {
	return func(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
		form, id, err := decisionOf(r)
		if err != nil {
			return err
		}
		if err := do(r, a, form.Get(component.KeyField), id, form.Get(account.ReasonField)); err != nil {
			return h.personPage(w, r, a, name, err)
		}
		h.Sessions.Flash(r.Context(), flash)
		return serve.SeeOther(w, r, deskpage.PersonPath(id, ""))
	}
}

// retire leads back to the list: without a role the person is no longer of the
// process.
func (h *People) retire(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	form, id, err := decisionOf(r)
	if err != nil {
		return err
	}
	if err := h.Store.Retire(r.Context(), a, form.Get(component.KeyField), id, form.Get(account.ReasonField)); err != nil {
		return h.personPage(w, r, a, "quitar", err)
	}
	h.Sessions.Flash(r.Context(), "La persona ya no tiene función en este proceso.")
	return serve.SeeOther(w, r, deskpage.PeoplePath)
}

func (h *People) downloadReceipt(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	receipt, err := h.Store.Receipt(r.Context(), a, id)
	if err != nil {
		return err
	}
	pdf, err := receipt.PDF()
	if err != nil {
		return err
	}
	return download(w, receipt.Folio+".pdf", "application/pdf", func(out io.Writer) error {
		_, err := out.Write(pdf)
		return err
	})
}

func (h *People) registerReceipt(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	form, id, err := decisionOf(r)
	if err != nil {
		return err
	}
	at, _ := time.ParseInLocation("2/1/2006 15:04", strings.Join(strings.Fields(form.Get(account.ReceivedField)), " "), election.Zone())
	if err := h.Store.RegisterReceipt(r.Context(), a, form.Get(component.KeyField), id, at); err != nil {
		return h.personPage(w, r, a, "entrega", err)
	}
	h.Sessions.Flash(r.Context(), "El acuse quedó registrado.")
	return serve.SeeOther(w, r, deskpage.PersonPath(id, ""))
}
