package deskhttp

import (
	"io"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/account"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// maxPeopleList is the most that a list of people may measure.
const maxPeopleList = 4 << 20

func (h *People) editList(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	return h.listPage(w, r, a, nil)
}

func (h *People) listPage(w http.ResponseWriter, r *http.Request, a auth.Admin, cause error) error {
	p := deskpage.Bulk{RegistryFrame: h.frameOf(r, a, "Invitar una lista", crumbPeople), Key: newKey()}
	status, ok := said(&p.RegistryFrame, cause)
	if !ok {
		return cause
	}
	return serve.Page(w, r, status, deskpage.BulkPage(p))
}

// uploadList keeps the file and leads to its review.
func (h *People) uploadList(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	if _, err := textForm(r); err != nil {
		return err
	}
	name, data, err := sentFile(r, account.FileField)
	if err != nil {
		return err
	}
	if len(data) == 0 {
		return h.listPage(w, r, a, fault.InvalidField(account.FileField, "Elige el archivo de la lista"))
	}
	if _, err := h.Store.Check(r.Context(), a, data); err != nil {
		return h.listPage(w, r, a, err)
	}
	token, err := h.Registry.Hold(r.Context(), a, account.ForPeople, firstRunes(name, 120), data)
	if err != nil {
		return err
	}
	return serve.SeeOther(w, r, deskpage.BulkPath+"/"+url.PathEscape(token))
}

func (h *People) reviewList(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	return h.planPage(w, r, a, nil)
}

func (h *People) planPage(w http.ResponseWriter, r *http.Request, a auth.Admin, cause error) error {
	token := chi.URLParam(r, "archivo")
	name, data, err := h.Registry.Held(r.Context(), a, account.ForPeople, token)
	if err != nil {
		return h.listPage(w, r, a, err)
	}
	p := deskpage.BulkPlan{
		RegistryFrame: h.frameOf(r, a, "Revisar la lista", crumbPeople, layout.Crumb{Label: "Invitar una lista", Href: deskpage.BulkPath}),
		File:          name, Address: deskpage.BulkPath + "/" + url.PathEscape(token), Key: newKey(),
	}
	if p.Plan, err = h.Store.Check(r.Context(), a, data); err != nil {
		return h.listPage(w, r, a, err)
	}
	status, ok := said(&p.RegistryFrame, cause)
	if !ok {
		return cause
	}
	return serve.Page(w, r, status, deskpage.BulkPlanPage(p))
}

func (h *People) loadList(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	_, data, err := h.Registry.Held(r.Context(), a, account.ForPeople, chi.URLParam(r, "archivo"))
	if err != nil {
		return h.listPage(w, r, a, err)
	}
	n, err := h.Store.Load(r.Context(), a, form.Get(component.KeyField), data)
	if err != nil {
		return h.planPage(w, r, a, err)
	}
	h.Sessions.Flash(r.Context(), es.Plural(n, "persona invitada", "personas invitadas")+". Cada una recibe su enlace por correo.")
	return serve.SeeOther(w, r, deskpage.PeoplePath)
}

func (h *People) downloadTemplate(w http.ResponseWriter, _ *http.Request, _ auth.Admin) error {
	return download(w, "personas.csv", csvType, func(out io.Writer) error { return account.WriteTemplate(out) })
}
