package deskpage

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"conoceles/internal/desk/capture"
	"conoceles/internal/questionnaire"
	"conoceles/web/component"
	"conoceles/web/es"
)

// CaptureSection is one page of the questionnaire, to be filled in. Form is
// shown as it was typed, whatever the page says about it.
type CaptureSection struct {
	CaptureFrame
	Record   capture.Record
	Page     questionnaire.Page
	Form     url.Values
	Answers  questionnaire.Answers // Form, as far as it is understood
	Keys     component.FormKeys
	Problems questionnaire.Problems
	States   map[questionnaire.ID]questionnaire.State
	Conflict int64 // a text of this person that waits for a decision, or 0
	AddTo    questionnaire.ID
}

// number is the place of the page among those of the questionnaire.
func (s CaptureSection) number() int {
	for i, p := range s.Record.Questionnaire.Pages {
		if p.ID == s.Page.ID {
			return i + 1
		}
	}
	return 0
}

func (s CaptureSection) steps() string {
	return "Sección " + es.Of(s.number(), len(s.Record.Questionnaire.Pages))
}

func (s CaptureSection) path() string { return SectionPath(s.Record.Folio, s.Page.ID) }

// errors lists the problems in the order of the page.
func (s CaptureSection) errors() []component.FieldError {
	var out []component.FieldError
	for _, p := range s.Problems {
		out = append(out, component.FieldError{ID: p.Field, Message: p.Summary()})
	}
	return out
}

// saved says when the page was saved, or "" when it never was.
func (s CaptureSection) saved() string {
	d := s.Record.Draft(s.Page.ID)
	if d.Version == 0 {
		return ""
	}
	what := "Guardado "
	if d.Pending {
		what = "Borrador guardado "
	}
	return what + es.Recent(d.At, s.Record.Now) + " por " + d.Author
}

func (s CaptureSection) previous() string {
	if p, ok := s.Record.Questionnaire.Previous(s.Page.ID); ok {
		return SectionPath(s.Record.Folio, p.ID)
	}
	return ""
}

// sideSteps is the list of sections beside the form.
func sideSteps(r capture.Record, current questionnaire.ID, states map[questionnaire.ID]questionnaire.State) []component.Step {
	var steps []component.Step
	for _, p := range r.Questionnaire.Pages {
		steps = append(steps, component.Step{
			Label: p.Short, Href: SectionPath(r.Folio, p.ID), Current: p.ID == current,
			Tag: component.State(es.Section, string(states[p.ID])),
		})
	}
	return steps
}

// control draws the field of a question.
func (s CaptureSection) control(q questionnaire.Question) templ.Component {
	switch q.Shape() {
	case questionnaire.Sequence:
		return component.Repeated(s.sequence(q))
	case questionnaire.Table:
		if q.Rows() == 1 {
			return captureRow(captureGroup{ID: string(q.ID), Legend: q.Label, Hint: q.Help, Error: s.problem(string(q.ID)), Fields: s.cells(q, 0)})
		}
		return component.Repeated(s.table(q))
	}
	name := string(q.ID)
	switch q.Kind {
	case questionnaire.LongText:
		return component.TextArea(component.TextAreaField{
			Field: s.field(q, name), Value: s.Form.Get(name), Rows: rowsFor(q), Min: q.Min, Max: q.Max,
			Count: questionnaire.Count(s.Answers.Text(q.ID)),
		})
	case questionnaire.Choice:
		return component.Options(component.OptionsField{Field: s.field(q, name), Options: optionsOf(q), Values: s.Form[name]})
	}
	return component.Text(textOf(q.Kind, s.field(q, name), s.Form.Get(name)))
}

// rowsFor gives a text as many rows as its ceiling suggests.
func rowsFor(q questionnaire.Question) int {
	if q.Max > 2000 {
		return 12
	}
	return 6
}

// field is what surrounds a control: label, help with its limits, what to mend,
// and a doubt that stops nobody.
func (s CaptureSection) field(q questionnaire.Question, name string) component.Field {
	f := component.Field{ID: name, Label: q.Label, Hint: hintOf(q), Error: s.problem(name), Above: observedAbove(s.Record, q)}
	for _, w := range s.Page.Warnings(s.Answers) {
		if w.ID == q.ID {
			f.Above = strings.TrimSpace(f.Above + " " + w.Text())
		}
	}
	return f
}

func (s CaptureSection) problem(field string) string {
	if p, ok := s.Problems.At(field); ok {
		return p.Text()
	}
	return ""
}

// hintOf joins the help of a question and its limits.
func hintOf(q questionnaire.Question) string {
	var parts []string
	for _, text := range []string{q.Help, q.Limits()} {
		if text = strings.TrimSuffix(text, "."); text != "" {
			parts = append(parts, text+".")
		}
	}
	return strings.Join(parts, " ")
}

func optionsOf(q questionnaire.Question) []component.Option {
	var options []component.Option
	for _, o := range q.Options {
		options = append(options, component.Option{Value: o.Value, Label: o.Label})
	}
	return options
}

// textOf is a control of one line for a kind. Its type only helps keyboards:
// the server checks, and the form says so (novalidate).
func textOf(k questionnaire.Kind, f component.Field, value string) component.TextField {
	t := component.TextField{Field: f, Value: value}
	switch k {
	case questionnaire.Email:
		t.Type, t.InputMode = "email", "email"
	case questionnaire.Phone:
		t.Type, t.InputMode, t.Width = "tel", "tel", component.Medium
	case questionnaire.Link:
		t.Type, t.InputMode = "url", "url"
	case questionnaire.Postal:
		t.InputMode, t.Width = "numeric", component.Short
	}
	return t
}

// noun is how a row of a question is called, with the article of another one.
var nouns = map[questionnaire.ID]struct{ one, another string }{
	questionnaire.OtherStudies: {"curso", "otro curso"},
	"correo_publico":           {"correo", "otro correo"},
	"telefono_publico":         {"teléfono", "otro teléfono"},
	"casa_campana":             {"casa de campaña", "otra casa de campaña"},
}

func nounOf(q questionnaire.Question) (one, another string) {
	if n, ok := nouns[q.ID]; ok {
		return n.one, n.another
	}
	return "renglón", "otro renglón"
}

// sequence is the list of a question of single lines: at least one is shown.
func (s CaptureSection) sequence(q questionnaire.Question) component.RowList {
	one, _ := nounOf(q)
	list := s.rowList(q, 1)
	for i := range list.Rows {
		name := questionnaire.FieldName(q.ID, i)
		label := es.Capital(one) + " " + es.Int(i+1)
		f := component.Field{ID: name, Label: label, Error: s.problem(name)}
		list.Rows[i] = component.RowEntry{Name: one + " " + es.Int(i+1), Control: component.Text(textOf(q.Kind, f, s.Form.Get(name)))}
	}
	return list
}

// table is the list of a question of several boxes: none is shown until asked for.
func (s CaptureSection) table(q questionnaire.Question) component.RowList {
	one, _ := nounOf(q)
	list := s.rowList(q, 0)
	for i := range list.Rows {
		title := es.Capital(one) + " " + es.Int(i+1)
		list.Rows[i] = component.RowEntry{
			Name:    one + " " + es.Int(i+1),
			Control: captureRow(captureGroup{ID: questionnaire.FieldName(q.ID, i), Legend: title, Fields: s.cells(q, i)}),
		}
	}
	return list
}

// rowList counts the rows to show: those of the form, one more when asked, never
// fewer than least; and offers another while there is room.
func (s CaptureSection) rowList(q questionnaire.Question, least int) component.RowList {
	_, another := nounOf(q)
	n := 0
	for _, i := range capture.RowsOf(q.ID, s.Form) {
		n = max(n, i+1)
	}
	if s.AddTo == q.ID {
		n = max(n, least) + 1
	}
	list := component.RowList{
		ID: string(q.ID), Legend: q.Label, Hint: hintOf(q), Error: s.problem(string(q.ID)),
		Rows: make([]component.RowEntry, max(n, least)),
	}
	if len(list.Rows) < q.Rows() {
		list.Add = "Agregar " + another
		if len(list.Rows) == 0 {
			one, _ := nounOf(q)
			list.Add = "Agregar " + one
		}
	}
	return list
}

// cells are the boxes of row i of a Table.
func (s CaptureSection) cells(q questionnaire.Question, i int) []component.TextField {
	var out []component.TextField
	for _, c := range q.Kind.Columns() {
		name := questionnaire.CellName(q.ID, i, c.Name)
		label := c.Label
		if !c.Required {
			label += " (opcional)"
		}
		out = append(out, textOf(c.Kind, component.Field{ID: name, Label: label, Error: s.problem(name)}, s.Form.Get(name)))
	}
	return out
}

// captureGroup is a set of boxes that answer one question.
type captureGroup struct {
	ID, Legend, Hint, Error string
	Fields                  []component.TextField
}

// CaptureLocked is a page of the questionnaire that takes no changes.
type CaptureLocked struct {
	CaptureFrame
	Record capture.Record
	Page   questionnaire.Page
	States map[questionnaire.ID]questionnaire.State
}

// answersOf lists the answers of a page as the public will read them. With
// change, each has its link.
func answersOf(r capture.Record, page questionnaire.Page, change bool) []component.SummaryItem {
	var items []component.SummaryItem
	for _, q := range page.Questions() {
		if !q.IsAsked(r.Answers) {
			continue
		}
		item := component.SummaryItem{Term: q.Label, Values: q.Lines(r.Answers[q.ID]), Blank: blankOf(r, q), Hidden: es.Lower(q.Label)}
		if q.Kind == questionnaire.Photo && r.Answers.Has(q.ID) {
			item.Values = []string{"Fotografía de " + r.Name()}
		}
		if change {
			item.Href = SectionPath(r.Folio, page.ID)
			if q.Kind != questionnaire.Photo {
				item.Href += "#" + firstControl(q)
			}
		}
		items = append(items, item)
	}
	return items
}

// firstControl is the id of the first box of a question.
func firstControl(q questionnaire.Question) string {
	if q.Shape() == questionnaire.Table && q.Rows() == 1 {
		return questionnaire.CellName(q.ID, 0, q.Kind.Columns()[0].Name)
	}
	return string(q.ID)
}

// blankOf is what the public reads in a blank: of a part where one answer is
// enough, the others simply do not show; what is private says so.
func blankOf(r capture.Record, q questionnaire.Question) string {
	if q.Disclosure == questionnaire.Withheld {
		return "Sin respuesta (no se publica)"
	}
	part, _ := r.Questionnaire.PartOf(q.ID)
	if part.AtLeastOne && len(part.Select(r.Answers)) > 0 {
		return "Sin respuesta: no se muestra"
	}
	return "La candidatura no proporcionó información"
}
