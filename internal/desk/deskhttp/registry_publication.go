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
		start.StartsAt, _ = time.ParseInLocation("2006-01-02T15:04", form.Get(deskpage.StartAt), election.Zone()) // zero is refused
		start.BasisDate, _ = parseDay(form.Get(deskpage.ActDate))
		_, err = h.Store.ProposeStart(r.Context(), p, key, start)
	}
	if err != nil {
		return h.publicationPage(w, r, p, form, key, err)
	}
	h.Sessions.Flash(r.Context(), "La fecha quedó propuesta. Falta que otra persona la confirme.")
	return serve.SeeOther(w, r, "/registro/publicacion")
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
