package deskhttp

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry"
	"conoceles/internal/election"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

func (h *Registry) showPublication(w http.ResponseWriter, r *http.Request, p auth.Proposer) error {
	return h.publicationPage(w, r, p, url.Values{}, "", nil)
}

// publicationPage draws where the publication is, with the answer to what was
// asked, if anything was.
func (h *Registry) publicationPage(w http.ResponseWriter, r *http.Request, p auth.Proposer, values url.Values, key string, cause error) error {
	state, err := h.Store.Publication(r.Context(), p)
	if err != nil {
		return err
	}
	if key == "" {
		key = newKey()
	}
	page := deskpage.RegistryPublication{
		RegistryFrame: h.frameOf(r, p, "Inicio de la publicación"), State: state, Values: values, Keys: component.FormKeys{Key: key},
	}
	status := http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&page.RegistryFrame, cause); !ok {
			return cause
		}
	}
	if state.Pending != nil {
		pending, err := h.act(r, p, state.Pending.ID, "/registro/publicacion/")
		if err != nil {
			return err
		}
		pending.RegistryFrame, pending.Motive = page.RegistryFrame, values.Get("motivo")
		page.Pending = &pending
	}
	return serve.Page(w, r, status, deskpage.RegistryPublicationPage(page))
}

func (h *Registry) proposeStart(w http.ResponseWriter, r *http.Request, p auth.Proposer) error {
	form, err := serve.Form(r)
	if err == nil {
		err = serve.CheckText(form)
	}
	if err != nil {
		return err
	}
	key := form.Get(component.KeyField)
	document, err := sentDocument(r)
	if err == nil {
		start := registry.NewStart{Basis: strings.TrimSpace(form.Get(deskpage.ActBasis)), Document: document}
		// What is no date stays zero, which is refused.
		start.StartsAt = instantOf(form.Get(deskpage.StartDay), form.Get(deskpage.StartHour))
		start.BasisDate, _ = parseDay(strings.TrimSpace(form.Get(deskpage.ActDate)))
		_, err = h.Store.ProposeStart(r.Context(), p, key, start)
	}
	if err != nil {
		return h.publicationPage(w, r, p, form, key, err)
	}
	h.Sessions.Flash(r.Context(), "La fecha quedó propuesta. Falta que otra persona la confirme.")
	return serve.SeeOther(w, r, "/registro/publicacion")
}

// instantOf reads a day and an hour of the zone of people; zero when they are not.
func instantOf(day, hour string) time.Time {
	d, ok := parseDay(strings.TrimSpace(day))
	clock, err := time.Parse("15:04", strings.TrimSpace(hour))
	if !ok || err != nil {
		return time.Time{}
	}
	return time.Date(d.Year(), d.Month(), d.Day(), clock.Hour(), clock.Minute(), 0, 0, election.Zone())
}

func (h *Registry) confirmStart(w http.ResponseWriter, r *http.Request, p auth.Proposer) error {
	form, id, err := decisionOf(r)
	if err != nil {
		return err
	}
	if err := h.Store.ConfirmStart(r.Context(), p, form.Get(component.KeyField), id); err != nil {
		return h.publicationPage(w, r, p, form, "", err)
	}
	h.Sessions.Flash(r.Context(), "El inicio de la publicación quedó confirmado.")
	return serve.SeeOther(w, r, "/registro/publicacion")
}

func (h *Registry) discardStart(w http.ResponseWriter, r *http.Request, p auth.Proposer) error {
	form, id, err := decisionOf(r)
	if err != nil {
		return err
	}
	if err := h.Store.DiscardStart(r.Context(), p, form.Get(component.KeyField), id, form.Get("motivo")); err != nil {
		return h.publicationPage(w, r, p, form, "", err)
	}
	h.Sessions.Flash(r.Context(), "La propuesta quedó desechada.")
	return serve.SeeOther(w, r, "/registro/publicacion")
}
