package deskpage

import (
	"net/url"

	"github.com/a-h/templ"

	"conoceles/internal/desk/capture"
	"conoceles/internal/questionnaire"
	"conoceles/web/component"
	"conoceles/web/es"
)

// IdentityBlock is one topic of the identity questionnaire, to be filled in. Form
// is shown as it was typed, whatever the page says about it. Only whoever may
// fill it in ever sees one.
type IdentityBlock struct {
	CaptureFrame
	Record   capture.IdentityRecord
	Page     questionnaire.Page
	Form     url.Values
	Answers  questionnaire.Answers // Form, as far as it is understood
	Keys     component.FormKeys
	Problems questionnaire.Problems
	States   map[questionnaire.ID]questionnaire.State
	// Late is this person's own text, which arrived after somebody saved the page
	// and waits for them to choose; Conflict shows it in Form, beside what is saved.
	Late     bool
	Conflict bool
	Why      string // nothing could be saved
}

func (b IdentityBlock) path() string { return IdentityPath(b.Record.Folio, string(b.Page.ID)) }

func (b IdentityBlock) number() int {
	for i, p := range b.Record.Questionnaire.Pages {
		if p.ID == b.Page.ID {
			return i + 1
		}
	}
	return 0
}

func (b IdentityBlock) steps() string {
	return "Identidad · Paso 3 de 4 · Tema " + es.Of(b.number(), len(b.Record.Questionnaire.Pages))
}

func (b IdentityBlock) side() []component.Step {
	var steps []component.Step
	for _, p := range b.Record.Questionnaire.Pages {
		steps = append(steps, component.Step{
			Label: p.Short, Href: IdentityPath(b.Record.Folio, string(p.ID)), Current: p.ID == b.Page.ID,
			Tag: component.State(es.Section, string(b.States[p.ID])),
		})
	}
	return steps
}

func (b IdentityBlock) previous() string {
	if p, ok := b.Record.Questionnaire.Previous(b.Page.ID); ok {
		return IdentityPath(b.Record.Folio, string(p.ID))
	}
	return ""
}

func (b IdentityBlock) errors() []component.FieldError {
	var out []component.FieldError
	for _, p := range b.Problems {
		out = append(out, component.FieldError{ID: p.Field, Message: p.Summary()})
	}
	return out
}

func (b IdentityBlock) problem(field string) string {
	if p, ok := b.Problems.At(field); ok {
		return p.Text()
	}
	return ""
}

// public reports whether saving a change takes something off the site.
func (b IdentityBlock) public() bool {
	return b.Record.Consent.Publishes() && !b.Record.Consent.Outdated
}

// asked lists the questions that apply to what the form says, and follow-ups
// whether some of them applies only because of another.
func (b IdentityBlock) asked() (questions []questionnaire.Question, followUps bool) {
	for _, q := range b.Page.Questions() {
		if q.IsAsked(b.Answers) {
			questions = append(questions, q)
			followUps = followUps || !q.IsAsked(nil)
		}
	}
	return questions, followUps
}

// manyOptions is from how many on a list replaces the radios.
const manyOptions = 12

// control draws the field of a question, and the words beside «Otra».
func (b IdentityBlock) control(q questionnaire.Question) templ.Component {
	name := string(q.ID)
	f := component.Field{ID: name, Label: q.Label, Hint: q.Help, Error: b.problem(name)}
	options := optionsOf(questionnaire.Question{Options: questionnaire.AgeOptions(q, b.Record.AgeGroups())})
	if len(options) > manyOptions {
		return component.Select(component.SelectField{Field: f, Value: b.Form.Get(name), Empty: "Elige una opción", Options: options})
	}
	many := component.ChooseOne
	if q.Kind == questionnaire.Choices {
		many = component.ChooseSeveral
	}
	return component.Options(component.OptionsField{Field: f, Many: many, Options: options, Values: b.Form[name]})
}

// other is the box for the words beside the option that asks for them.
func (b IdentityBlock) other(q questionnaire.Question) component.TextField {
	name := questionnaire.OtherName(q.ID)
	return component.TextField{
		Field: component.Field{ID: name, Label: "Si elegiste «" + freeLabel(q) + "», escribe cuál", Hint: "Hasta 120 caracteres.", Error: b.problem(name)},
		Value: b.Form.Get(name),
	}
}

func freeLabel(q questionnaire.Question) string {
	for _, o := range q.Options {
		if o.Free && (o.Value == "otra" || o.Value == "otro") {
			return o.Label
		}
	}
	return "Otra"
}

// saved lists what is saved of the page, beside a text that arrived late.
func (b IdentityBlock) saved() []component.SummaryItem {
	answers := b.Record.Saved(b.Page)
	var items []component.SummaryItem
	for _, q := range b.Page.Questions() {
		if q.IsAsked(answers) {
			items = append(items, component.SummaryItem{Term: q.Label, Values: q.Lines(answers[q.ID]), Blank: "Sin respuesta"})
		}
	}
	return items
}
