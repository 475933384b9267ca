package deskhttp

import (
	"net/http"
	"net/url"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/settings"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

func (h *Settings) listChanges(w http.ResponseWriter, r *http.Request, a auth.ChangeReader) error {
	f := settings.Filter{Page: pageOf(r), Size: pageSize}
	if show := r.URL.Query().Get("ver"); show == settings.Waiting || show == settings.Owing {
		f.Show = show
	}
	all, total, err := h.Store.Changes(r.Context(), a, f)
	if err != nil {
		return err
	}
	_, reads := a.(auth.SettingReader)
	return serve.Page(w, r, http.StatusOK, deskpage.ChangesPage(deskpage.Changes{
		RegistryFrame: h.frameOf(r, a, "Control de cambios"), Filter: f, Changes: all, Total: total, Reads: reads,
	}))
}

// changePage draws a change with the answer to what was asked of it, if any.
func (h *Settings) changePage(w http.ResponseWriter, r *http.Request, a auth.ChangeReader, values url.Values, cause error) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	change, effects, problem, err := h.Store.Change(r.Context(), a, id)
	if err != nil {
		return err
	}
	frame, status := h.frameOf(r, a, change.Title, layout.Crumb{Label: "Control de cambios", Href: deskpage.ChangesHome}), http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
	}
	d := deskpage.NewSettingDecision(frame, change, component.FormKeys{Key: newKey()}, values)
	d.Effects, d.Problem, d.Own = effects, fault.MessageOf(problem), change.ProposedByID == a.AccountID()
	_, d.May = a.(auth.Configurer)
	_, d.Tells = a.(auth.Secretary)
	return serve.Page(w, r, status, deskpage.SettingDecisionPage(d))
}

func (h *Settings) showChange(w http.ResponseWriter, r *http.Request, a auth.ChangeReader) error {
	return h.changePage(w, r, a, url.Values{}, nil)
}

func (h *Settings) showChangeImage(w http.ResponseWriter, r *http.Request, a auth.ChangeReader) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	image, err := h.Store.ChangeImage(r.Context(), a, id)
	if err != nil {
		return err
	}
	return png(w, image)
}

func (h *Settings) confirmChange(w http.ResponseWriter, r *http.Request, c auth.Configurer) error {
	form, id, err := decisionOf(r)
	if err != nil {
		return err
	}
	if err := h.Store.Confirm(r.Context(), c, form.Get(component.KeyField), id); err != nil {
		return h.changePage(w, r, c, url.Values{}, err)
	}
	h.Sessions.Flash(r.Context(), "El cambio quedó confirmado y ya rige.")
	return serve.SeeOther(w, r, deskpage.ChangePath(id))
}

func (h *Settings) discardChange(w http.ResponseWriter, r *http.Request, c auth.Configurer) error {
	form, id, err := decisionOf(r)
	if err != nil {
		return err
	}
	if err := h.Store.Discard(r.Context(), c, form.Get(component.KeyField), id, form.Get(settings.ReasonField)); err != nil {
		return h.changePage(w, r, c, form, err)
	}
	h.Sessions.Flash(r.Context(), "El cambio quedó desechado. Nada cambió.")
	return serve.SeeOther(w, r, deskpage.ChangePath(id))
}

func (h *Settings) reportChange(w http.ResponseWriter, r *http.Request, s auth.Secretary) error {
	form, id, err := decisionOf(r)
	if err != nil {
		return err
	}
	err = h.Store.Tell(r.Context(), s, form.Get(component.KeyField), id, form.Get(settings.OficioField), form.Get(settings.ReportOnField))
	if err != nil {
		return h.changePage(w, r, s, form, err)
	}
	h.Sessions.Flash(r.Context(), "El informe al INE quedó registrado.")
	return serve.SeeOther(w, r, deskpage.ChangePath(id))
}
