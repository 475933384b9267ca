package deskhttp

import (
	"net/http"
	"net/url"
	"strconv"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/review"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

func (h *Review) editTerms(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	return h.termsPage(w, r, a, nil, nil)
}

// termsPage draws the terms or, of a form that was refused, what was typed.
func (h *Review) termsPage(w http.ResponseWriter, r *http.Request, a auth.Admin, values url.Values, cause error) error {
	t, err := h.Store.Terms(r.Context(), a)
	if err != nil {
		return err
	}
	f := h.page(r, a, "Plazos del proceso")
	p := deskpage.ReviewTerms{
		RegistryFrame: deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash},
		Values:        values, Keys: component.FormKeys{Key: newKey(), Version: t.Version()},
	}
	if values == nil {
		p.Values = url.Values{}
		for i, field := range review.TermFields {
			p.Values.Set(field.ID, strconv.Itoa(t.Value(i)))
		}
	}
	status := http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&p.RegistryFrame, cause); !ok {
			return cause
		}
		p.Keys = component.FormKeys{Key: values.Get(component.KeyField), Version: values.Get(component.VersionField)}
	}
	return serve.Page(w, r, status, deskpage.ReviewTermsPage(p))
}

func (h *Review) saveTerms(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	terms, err := review.ParseTerms(form.Get)
	if err == nil {
		err = h.Store.SetTerms(r.Context(), a, form.Get(component.KeyField), form.Get(component.VersionField), terms)
	}
	if err != nil {
		return h.termsPage(w, r, a, form, err)
	}
	h.Sessions.Flash(r.Context(), "Los plazos quedaron cambiados.")
	return serve.SeeOther(w, r, deskpage.TermsPath)
}
