package deskhttp

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"conoceles/internal/desk/arco"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// termsPage draws the terms and the days off or, of a form that was refused, what
// was typed in it.
func (h *Arco) termsPage(w http.ResponseWriter, r *http.Request, a auth.Admin, values, day url.Values, cause error) error {
	p, err := h.Store.Parameters(r.Context(), a)
	if err != nil {
		return err
	}
	const title = "Plazos de las solicitudes ARCO"
	frame, status := h.frameOf(r, a, title), http.StatusOK
	frame.Meta.Crumbs = []layout.Crumb{{Label: "Parámetros", Href: deskpage.SettingsHome}, {Label: title}}
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
	}
	keys := component.FormKeys{Key: newKey(), Version: p.Version()}
	if values == nil {
		values = url.Values{}
		for i, f := range arco.TermFields {
			values.Set(f.ID, strconv.Itoa(p.Values[i]))
		}
	} else {
		keys = component.FormKeys{Key: values.Get(component.KeyField), Version: values.Get(component.VersionField)}
	}
	return serve.Page(w, r, status, deskpage.ArcoTermsPage(deskpage.NewArcoTerms(frame, p, keys, values, day, newKey())))
}

func (h *Arco) editTerms(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	return h.termsPage(w, r, a, nil, url.Values{}, nil)
}

func (h *Arco) saveTerms(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	err = h.Store.SetParameters(r.Context(), a, form.Get(component.KeyField), form.Get(component.VersionField), form.Get)
	if err != nil {
		return h.termsPage(w, r, a, form, url.Values{}, err)
	}
	h.Sessions.Flash(r.Context(), "Los plazos quedaron cambiados.")
	return serve.SeeOther(w, r, deskpage.ArcoTermsURL)
}

func (h *Arco) addDay(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	d := arco.DayOff{Reason: form.Get(arco.FieldReason)}
	d.Day, _ = parseDay(strings.TrimSpace(form.Get(arco.FieldDay))) // what is none is refused by the store
	if err := h.Store.AddDayOff(r.Context(), a, form.Get(component.KeyField), d); err != nil {
		return h.termsPage(w, r, a, nil, form, err)
	}
	h.Sessions.Flash(r.Context(), "El día quedó como inhábil.")
	return serve.SeeOther(w, r, deskpage.ArcoTermsURL)
}

func (h *Arco) removeDay(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	day, ok := parseDay(form.Get(arco.FieldDay))
	if !ok {
		return fault.New(fault.Invalid, "Elige el día que vuelve a contar.")
	}
	if err := h.Store.RemoveDayOff(r.Context(), a, form.Get(component.KeyField), day); err != nil {
		return err
	}
	h.Sessions.Flash(r.Context(), "El día ya cuenta otra vez.")
	return serve.SeeOther(w, r, deskpage.ArcoTermsURL)
}

// noon is an instant of a day, where people are, that is that day in every zone
// of the country.
func noon(y int, m time.Month, d int) time.Time {
	return time.Date(y, m, d, 12, 0, 0, 0, election.Zone())
}
