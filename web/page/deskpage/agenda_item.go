package deskpage

import (
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"conoceles/internal/desk/agenda"
	"conoceles/web/component"
	"conoceles/web/es"
)

// AgendaItem is a line of the agenda with all that is kept of it.
type AgendaItem struct {
	RegistryFrame
	agenda.File
	Keeps bool
	Key   func() string // a new key for each form
	Sent  url.Values    // what was typed in the form that was refused
}

// NewAgendaItem returns the page of a line.
func NewAgendaItem(f RegistryFrame, file agenda.File, keeps bool, key func() string, sent url.Values) AgendaItem {
	return AgendaItem{f, file, keeps, key, sent}
}

func (i AgendaItem) keys() component.FormKeys { return component.FormKeys{Key: i.Key()} }

func (i AgendaItem) facts() []component.Fact {
	facts := []component.Fact{{Term: "Qué es", Value: i.Kind.Title()}, {Term: "Área responsable", Value: i.File.Area}, {Term: "Periodo", Value: i.Period()}}
	if i.Article != "" {
		facts = append(facts, component.Fact{Term: "Entregable del artículo 11", Value: i.Article})
	}
	if !i.Event.IsZero() {
		facts = append(facts, component.Fact{Term: "Lo abrió un hecho del", Value: dayText(i.Event)})
	}
	return facts
}

func (i AgendaItem) chain() component.Table {
	t := component.Table{
		Caption: "Pasos", Columns: []component.Column{{Title: "Paso"}, {Title: "Fecha límite"}, {Title: "Fecha real"}, {Title: "Documento"}, {Title: "Estado"}},
	}
	for _, s := range i.Steps {
		due, done, document := "Por definir", "—", s.Document
		if !s.Due.IsZero() {
			due = dayText(s.Due)
		}
		if !s.Done.IsZero() {
			done = dayText(s.Done)
		}
		if s.Receipt != "" {
			document += ". Acuse: " + s.Receipt
		}
		if document == "" {
			document = "—"
		}
		row := component.Row{
			Title: s.Kind.Title(), Note: s.Note,
			Cells: []templ.Component{
				component.Words(due), component.Words(done), component.Words(document), component.StateTag(agendaState(s.StateAt(i.Today, i.Soon))),
			},
		}
		if i.Keeps || s.Kind.Acuerdo() {
			row.Href = AgendaPath(i.Number, "pasos", strconv.Itoa(s.Position))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// dispatches reports whether the line is sent to INE.
func (i AgendaItem) dispatches() bool {
	for _, s := range i.Steps {
		if s.Kind == agenda.Dispatch {
			return true
		}
	}
	return false
}

func (i AgendaItem) documentTable() component.Table {
	t := component.Table{
		Caption: "Documentos", Empty: "Aún no hay documentos.",
		Columns: []component.Column{{Title: "Documento"}, {Title: "Qué es"}, {Title: "SHA-256"}, {Title: "Agregó"}},
	}
	for _, d := range i.Documents {
		t.Rows = append(t.Rows, component.Row{
			Title: d.Name, Href: AgendaPath(i.Number, "documentos", strconv.Itoa(d.Number)),
			Cells: []templ.Component{
				component.Words(d.Kind.Title()), agendaHash(d.Hash), component.Words(d.By + ", " + es.DateTime(d.At)),
			},
		})
	}
	return t
}

func (i AgendaItem) documentKinds() component.SelectField {
	f := component.SelectField{
		Field: component.Field{ID: agenda.FieldKind, Label: "Qué documento es", Error: i.errorOf(agenda.FieldKind)}, Value: i.Sent.Get(agenda.FieldKind), Empty: "Elige",
	}
	for _, k := range agenda.DocumentKinds() {
		f.Options = append(f.Options, component.Option{Value: string(k), Label: k.Title()})
	}
	return f
}

func (i AgendaItem) sheet() sheet { return sheet{RegistryFrame: i.RegistryFrame, Values: i.Sent} }

func (i AgendaItem) peopleTable() component.Table {
	t := component.Table{
		Caption: "Personas designadas", Empty: "Aún no hay personas designadas.",
		Columns: []component.Column{{Title: "Persona"}, {Title: "Quién la designó"}, {Title: "Asistió"}},
	}
	for _, p := range i.People {
		came := "No consta"
		if !p.Attended.IsZero() {
			came = dayText(p.Attended)
		}
		t.Rows = append(t.Rows, component.Row{Title: p.Name, Cells: []templ.Component{component.Words(p.Org), component.Words(came)}})
	}
	return t
}

func (i AgendaItem) attendees() component.SelectField {
	f := component.SelectField{
		Field: component.Field{ID: agenda.FieldAttendee, Label: "Persona", Error: i.errorOf(agenda.FieldAttendee)}, Value: i.Sent.Get(agenda.FieldAttendee), Empty: "Elige",
	}
	for _, p := range i.People {
		f.Options = append(f.Options, component.Option{Value: strconv.Itoa(p.Number), Label: p.Name})
	}
	return f
}

func (i AgendaItem) history() []component.Event {
	var out []component.Event
	for _, c := range i.Changes {
		text := c.What
		if c.Reason != "" {
			text += ". Motivo: " + c.Reason
		}
		if c.By != "" {
			text += ". " + c.By
		}
		out = append(out, component.Event{When: es.FullDateTime(c.At), Datetime: es.ISODateTime(c.At), Text: text})
	}
	return out
}

// AgendaForm adds a line to the agenda, or edits one.
type AgendaForm struct {
	sheet
	Number int // 0: another line
}

// NewAgendaForm returns the form with what was typed.
func NewAgendaForm(f RegistryFrame, number int, keys component.FormKeys, values url.Values) AgendaForm {
	return AgendaForm{sheet{f, keys, values}, number}
}

func (f AgendaForm) action() string {
	if f.Number == 0 {
		return AgendaHome + "/nuevo"
	}
	return AgendaPath(f.Number, "editar")
}

func (f AgendaForm) back() string {
	if f.Number == 0 {
		return AgendaHome
	}
	return AgendaPath(f.Number)
}

func (f AgendaForm) kinds() component.SelectField {
	s := component.SelectField{Field: f.field(agenda.FieldKind, "Qué es", ""), Value: f.Values.Get(agenda.FieldKind), Empty: "Elige"}
	for _, k := range agenda.Kinds() {
		s.Options = append(s.Options, component.Option{Value: string(k), Label: k.Title()})
	}
	return s
}

func typed(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("02/01/2006")
}

// AgendaValues is what a line says, as its form has it.
func AgendaValues(i agenda.Item) url.Values {
	return url.Values{
		agenda.FieldActivity: {i.Activity}, agenda.FieldArticle: {i.Article}, agenda.FieldTitle: {i.Title}, agenda.FieldDetail: {i.Detail},
		agenda.FieldArea: {i.Area}, agenda.FieldFrom: {typed(i.From)}, agenda.FieldUntil: {typed(i.Until)},
	}
}

// AgendaStep is the form of a step.
type AgendaStep struct {
	sheet
	Item      agenda.Item
	Step      agenda.Step
	Secretary bool // whoever writes is of the Secretaría
	Keeps     bool // whoever writes keeps the agenda; if not, they record an acuerdo
}

// NewAgendaStep returns the form of a step with what was typed.
func NewAgendaStep(f RegistryFrame, i agenda.Item, s agenda.Step, keys component.FormKeys, values url.Values) AgendaStep {
	return AgendaStep{sheet: sheet{f, keys, values}, Item: i, Step: s}
}

// AgendaStepValues is what is known of a step, as its form has it.
func AgendaStepValues(s agenda.Step) url.Values {
	v := url.Values{
		agenda.FieldDue: {typed(s.Due)}, agenda.FieldDone: {typed(s.Done)}, agenda.FieldDocument: {s.Document}, agenda.FieldReceipt: {s.Receipt},
		agenda.FieldNote: {s.Note},
	}
	if s.Waived {
		v.Set(agenda.FieldWaived, "si")
	}
	return v
}

// others reports whether the step is the Secretaría's and whoever looks is not.
func (s AgendaStep) others() bool { return s.Step.Kind == agenda.Dispatch && !s.Secretary }

func (s AgendaStep) action() string {
	return AgendaPath(s.Item.Number, "pasos", strconv.Itoa(s.Step.Position))
}

func (s AgendaStep) waived() component.OptionsField {
	return component.OptionsField{
		Field: component.Field{ID: agenda.FieldWaived, Label: "No aplica", Error: s.errorOf(agenda.FieldWaived)}, LegendHidden: true, Many: component.ChooseSeveral,
		Options: []component.Option{{Value: "si", Label: "Este paso no aplica"}}, Values: s.Values[agenda.FieldWaived],
	}
}
