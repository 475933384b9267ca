package deskpage

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"conoceles/internal/desk/agenda"
	"conoceles/internal/desk/report"
	"conoceles/web/component"
	"conoceles/web/es"
)

// Monthly is the draft of report R-1 of a month, with the cuts that keep it.
type Monthly struct {
	RegistryFrame
	agenda.Monthly
	Cuts      []report.Cut // of the month, the newest first
	Makes     bool         // whoever looks makes reports
	Reads     bool         // whoever looks reads them
	Keeps     bool
	Keys      component.FormKeys // of the form of the text
	AttachKey string
	Typed     string
}

// NewMonthly returns the report with what was typed in its text.
func NewMonthly(f RegistryFrame, m agenda.Monthly, keeps bool, keys component.FormKeys, attach, typed string) Monthly {
	return Monthly{RegistryFrame: f, Monthly: m, Keeps: keeps, Keys: keys, AttachKey: attach, Typed: typed}
}

func (m Monthly) text() component.TextAreaField {
	return component.TextAreaField{
		Field: component.Field{ID: agenda.FieldBody, Label: "Texto del informe", Hint: "Lo que la tabla no dice. Un renglón vacío separa párrafos.", Error: m.errorOf(agenda.FieldBody)},
		Value: m.Typed, Rows: 10,
	}
}

func (m Monthly) table() component.Table {
	header, rows := m.Rows()
	t := component.Table{Caption: "Avance por actividad", Empty: "Nada cae en este mes."}
	for _, title := range []string{header[1], header[2], header[3], header[4], header[5], header[6]} {
		t.Columns = append(t.Columns, component.Column{Title: title})
	}
	for n, r := range rows {
		i := m.Items[n]
		t.Rows = append(t.Rows, component.Row{
			Title: i.Title, Note: i.Key(), Href: AgendaPath(i.Number), Marked: m.StateOf(i) == agenda.Overdue,
			Cells: []templ.Component{
				component.Words(r[2]), component.Words(r[3]), component.StateTag(agendaState(m.StateOf(i))), component.Words(r[5]), component.Words(r[6]),
			},
		})
	}
	return t
}

// cuts are those of the month; whoever does not read reports is told of them.
func (m Monthly) cuts() component.Table {
	t := component.Table{Caption: "Cortes de este mes", Empty: "Todavía no hay cortes de este mes.", Columns: []component.Column{{Title: "Corte"}, {Title: "Fecha y hora"}, {Title: "Estado"}}}
	for _, c := range m.Cuts {
		r := component.Row{Title: es.Capital(c.Name()), Cells: []templ.Component{component.Words(es.FullDateTime(c.At)), component.StateTag(reportTag(c))}}
		if m.Reads {
			r.Href = ReportCutPath(c.ID)
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

func (m Monthly) months() []component.Tab {
	var tabs []component.Tab
	for n := -1; n <= 1; n++ {
		month := m.Month.AddDate(0, n, 0)
		tabs = append(tabs, component.Tab{Label: es.Capital(AgendaMonth{Month: month}.Name()), Href: MonthlyPath(month), Current: n == 0})
	}
	return tabs
}

// AgendaEvent is the form that opens the deliverable of an event.
type AgendaEvent struct {
	sheet
	Openings []agenda.Opening
}

// NewAgendaEvent returns the form with what was typed.
func NewAgendaEvent(f RegistryFrame, o []agenda.Opening, keys component.FormKeys, values url.Values) AgendaEvent {
	return AgendaEvent{sheet{f, keys, values}, o}
}

func (e AgendaEvent) events() component.OptionsField {
	f := component.OptionsField{Field: e.field(agenda.FieldKind, "Qué ocurrió", ""), Values: e.Values[agenda.FieldKind]}
	for _, o := range e.Openings {
		label := o.Title
		if o.Article != "" {
			label = "Entregable " + o.Article + ": " + es.Lower(o.Title)
		}
		f.Options = append(f.Options, component.Option{Value: string(o.Event), Label: label, Hint: "Se remite en " + es.Plural(o.Limit(), "día", "días") + "."})
	}
	return f
}

// AgendaSettings are the terms and the letter that the institute may change.
type AgendaSettings struct {
	sheet
	agenda.Settings
}

// NewAgendaSettings returns the form with what was typed.
func NewAgendaSettings(f RegistryFrame, s agenda.Settings, keys component.FormKeys, values url.Values) AgendaSettings {
	return AgendaSettings{sheet{f, keys, values}, s}
}

// AgendaSettingsValues is what the settings say, as their form has them.
func AgendaSettingsValues(s agenda.Settings) url.Values {
	v := url.Values{
		agenda.FieldSoon: {strconv.Itoa(s.SoonDays)}, agenda.FieldTo: {s.DispatchTo}, agenda.FieldCopy: {s.DispatchCopy}, agenda.FieldBody: {s.DispatchBody},
	}
	for _, o := range s.Openings {
		for _, t := range o.Terms {
			v.Set(agenda.FieldTerm(o.Event, t.Position), strconv.Itoa(t.Days))
		}
	}
	return v
}

func (s AgendaSettings) number(id, label, hint string) component.TextField {
	f := s.line(id, label, hint)
	f.InputMode, f.Width = "numeric", component.Short
	return f
}
