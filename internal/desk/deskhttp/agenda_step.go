package deskhttp

import (
	"net/http"
	"net/url"
	"strings"

	"conoceles/internal/desk/agenda"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

func (h *Agenda) editStep(w http.ResponseWriter, r *http.Request, k auth.StepRecorder) error {
	return h.stepPage(w, r, k, nil, nil)
}

func (h *Agenda) stepPage(w http.ResponseWriter, r *http.Request, k auth.StepRecorder, typed url.Values, cause error) error {
	number, err := placeInPath(r, "numero")
	if err != nil {
		return err
	}
	position, err := placeInPath(r, "paso")
	if err != nil {
		return err
	}
	f, err := h.Store.File(r.Context(), k, number)
	if err != nil {
		return err
	}
	if position > len(f.Steps) {
		return notFound()
	}
	s := f.Steps[position-1]
	frame, status := h.frameOf(r, k, s.Kind.Title(), layout.Crumb{Label: f.Name(), Href: deskpage.AgendaPath(number)}), http.StatusOK
	keys := newKeys(s.Version)
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
		keys.Version = typed.Get(component.VersionField)
	} else {
		typed = deskpage.AgendaStepValues(s)
	}
	p := deskpage.NewAgendaStep(frame, f.Item, s, keys, typed)
	_, p.Secretary = k.(auth.Secretary)
	p.Keeps = keeps(k)
	if !p.Keeps && !s.Kind.Acuerdo() {
		return agenda.ErrAcuerdoAlone
	}
	return serve.Page(w, r, status, deskpage.AgendaStepPage(p))
}

func (h *Agenda) saveStep(w http.ResponseWriter, r *http.Request, k auth.StepRecorder) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	text := func(id string) string { return strings.TrimSpace(form.Get(id)) }
	n := agenda.NewStep{
		Seen: int(numberOf(form, component.VersionField)), Document: text(agenda.FieldDocument), Receipt: text(agenda.FieldReceipt),
		Note: text(agenda.FieldNote), Waived: form.Get(agenda.FieldWaived) == "si", Reason: text(agenda.FieldReason), Key: form.Get(component.KeyField),
	}
	if n.Number, err = placeInPath(r, "numero"); err != nil {
		return err
	}
	if n.Position, err = placeInPath(r, "paso"); err != nil {
		return err
	}
	var fields []fault.Field
	n.Due, n.Done = typedDay(form, agenda.FieldDue, &fields), typedDay(form, agenda.FieldDone, &fields)
	if err = fault.InvalidFields(fields); err == nil {
		err = h.Store.SaveStep(r.Context(), k, n)
	}
	if err != nil {
		return h.stepPage(w, r, k, form, err)
	}
	h.Sessions.Flash(r.Context(), "El paso quedó registrado.")
	return serve.SeeOther(w, r, deskpage.AgendaPath(n.Number))
}

func (h *Agenda) newEvent(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper) error {
	return h.eventPage(w, r, k, url.Values{}, nil)
}

func (h *Agenda) eventPage(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper, typed url.Values, cause error) error {
	openings, err := h.Store.Openings(r.Context(), k)
	if err != nil {
		return err
	}
	frame, status := h.frameOf(r, k, "Abrir un entregable"), http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
	}
	return serve.Page(w, r, status, deskpage.AgendaEventPage(deskpage.NewAgendaEvent(frame, openings, component.FormKeys{Key: newKey()}, typed)))
}

func (h *Agenda) openDeliverable(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	var fields []fault.Field
	n := agenda.NewEvent{
		Event: agenda.Event(form.Get(agenda.FieldKind)), About: form.Get(agenda.FieldTitle), Day: typedDay(form, agenda.FieldEventDay, &fields),
		Key: form.Get(component.KeyField),
	}
	number := 0
	if err = fault.InvalidFields(fields); err == nil {
		number, err = h.Store.Open(r.Context(), k, n)
	}
	if err != nil {
		return h.eventPage(w, r, k, form, err)
	}
	h.Sessions.Flash(r.Context(), "El entregable quedó abierto, con sus plazos.")
	return serve.SeeOther(w, r, deskpage.AgendaPath(number))
}
