package deskhttp

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"conoceles/internal/desk/agenda"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

func (h *Agenda) showMonthly(w http.ResponseWriter, r *http.Request, a auth.AgendaReader) error {
	return h.monthlyPage(w, r, a, nil, nil)
}

func (h *Agenda) monthlyPage(w http.ResponseWriter, r *http.Request, a auth.AgendaReader, typed url.Values, cause error) error {
	month, err := monthInPath(r)
	if err != nil {
		return err
	}
	m, err := h.Store.Monthly(r.Context(), a, month)
	if err != nil {
		return err
	}
	frame, status := h.frameOf(r, a, "Informe mensual de "+m.Name()), http.StatusOK
	keys := newKeys(m.Version)
	text := m.Text
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
		if typed.Has(agenda.FieldBody) {
			keys.Version, text = typed.Get(component.VersionField), typed.Get(agenda.FieldBody)
		}
	}
	p := deskpage.NewMonthly(frame, m, keeps(a), keys, newKey(), text)
	if p.Cuts, err = h.Reports.OfMonth(r.Context(), a, month); err != nil {
		return err
	}
	_, p.Makes = a.(auth.Transparency)
	_, p.Reads = a.(auth.ReportReader)
	return serve.Page(w, r, status, deskpage.MonthlyPage(p))
}

func (h *Agenda) saveMonthly(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	month, err := monthInPath(r)
	if err != nil {
		return err
	}
	seen := int(numberOf(form, component.VersionField))
	if err := h.Store.SaveText(r.Context(), k, month, form.Get(agenda.FieldBody), seen, form.Get(component.KeyField)); err != nil {
		return h.monthlyPage(w, r, k, form, err)
	}
	h.Sessions.Flash(r.Context(), "El texto del informe quedó guardado.")
	return serve.SeeOther(w, r, deskpage.MonthlyPath(month))
}

func (h *Agenda) attachMonthly(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	month, err := monthInPath(r)
	if err != nil {
		return err
	}
	pdf, err := h.Reports.MonthlyDocument(r.Context(), k, month)
	if err != nil {
		return h.monthlyPage(w, r, k, form, err)
	}
	number, err := h.Store.AttachMonthly(r.Context(), k, month, pdf, form.Get(component.KeyField))
	if err != nil {
		return h.monthlyPage(w, r, k, form, err)
	}
	h.Sessions.Flash(r.Context(), "El informe quedó entre los documentos de su entregable.")
	return serve.SeeOther(w, r, deskpage.AgendaPath(number))
}

func (h *Agenda) exportMonthly(w http.ResponseWriter, r *http.Request, a auth.AgendaReader) error {
	month, err := monthInPath(r)
	if err != nil {
		return err
	}
	m, err := h.Store.Monthly(r.Context(), a, month)
	if err != nil {
		return err
	}
	return download(w, "informe-mensual-"+month.Format("2006-01")+".csv", csvType, func(out io.Writer) error {
		header, rows := m.Rows()
		return tabular.WriteCSV(out, header, rows)
	})
}

func (h *Agenda) showSettings(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper) error {
	return h.settingsPage(w, r, k, nil, nil)
}

func (h *Agenda) settingsPage(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper, typed url.Values, cause error) error {
	s, err := h.Store.Settings(r.Context(), k)
	if err != nil {
		return err
	}
	frame, status := h.frameOf(r, k, "Plazos y oficio"), http.StatusOK
	keys := newKeys(s.Version)
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
		keys.Version = typed.Get(component.VersionField)
	} else {
		typed = deskpage.AgendaSettingsValues(s)
	}
	return serve.Page(w, r, status, deskpage.AgendaSettingsPage(deskpage.NewAgendaSettings(frame, s, keys, typed)))
}

// daysOf reads a number of days; what is none is -1, which no term is.
func daysOf(form url.Values, id string) int {
	n, err := strconv.Atoi(strings.TrimSpace(form.Get(id)))
	if err != nil {
		return -1
	}
	return n
}

func (h *Agenda) saveSettings(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	s, err := h.Store.Settings(r.Context(), k)
	if err != nil {
		return err
	}
	s.Version, s.SoonDays = int(numberOf(form, component.VersionField)), daysOf(form, agenda.FieldSoon)
	s.DispatchTo, s.DispatchCopy, s.DispatchBody = form.Get(agenda.FieldTo), form.Get(agenda.FieldCopy), form.Get(agenda.FieldBody)
	for _, o := range s.Openings {
		for i := range o.Terms {
			o.Terms[i].Days = daysOf(form, agenda.FieldTerm(o.Event, o.Terms[i].Position))
		}
	}
	if err := h.Store.SaveSettings(r.Context(), k, s, form.Get(component.KeyField)); err != nil {
		return h.settingsPage(w, r, k, form, err)
	}
	h.Sessions.Flash(r.Context(), "Los ajustes quedaron guardados. Lo que ya está abierto conserva sus fechas.")
	return serve.SeeOther(w, r, deskpage.AgendaHome+"/ajustes")
}
