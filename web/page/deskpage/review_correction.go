package deskpage

import (
	"slices"
	"strings"

	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/review"
	"conoceles/internal/questionnaire"
	"conoceles/web/component"
	"conoceles/web/es"
)

// CorrectionPath is the address of a candidacy's correction, or of something in it.
func CorrectionPath(folio string, more ...string) string {
	return CapturePath(folio, append([]string{"correccion"}, more...)...)
}

// Correction is where a correction is asked for, looked at and sent.
type Correction struct {
	CaptureFrame
	Record    capture.Record
	Was       questionnaire.Answers // public
	Allowance capture.Allowance
	Validates bool // who looks at it may ask for it and send it
	Keys      component.FormKeys
	Undone    string   // what was left undone in the form
	Chosen    []string // rubros, of a form that was refused
}

func (c Correction) errors() []component.FieldError {
	if c.Undone == "" {
		return nil
	}
	id := capture.PartsField
	if c.Record.Correction != nil {
		id = "declaro"
	}
	return []component.FieldError{{ID: id, Message: c.Undone}}
}

// heading names the page by what can be done in it.
func (c Correction) heading() string {
	switch {
	case c.Record.Correction == nil:
		return "Solicitar una corrección"
	case c.Record.Correction.Sent:
		return "Corrección enviada"
	}
	return "Revisar y enviar la corrección"
}

// parts are the rubros to choose from.
func (c Correction) parts() component.OptionsField {
	o := component.OptionsField{
		Field: component.Field{ID: capture.PartsField, Label: "Qué vas a corregir", Error: c.Undone}, Many: component.ChooseSeveral, Values: c.Chosen,
	}
	for _, p := range c.Record.Questionnaire.Parts() {
		o.Options = append(o.Options, component.Option{Value: string(p.ID), Label: p.Label})
	}
	return o
}

// chances says how many corrections may still be asked for.
func (c Correction) chances() string {
	left := c.Allowance.Allowed - c.Allowance.Used
	if left == 1 {
		return "Sólo hay una oportunidad de solicitar correcciones: elige todo lo que necesites corregir."
	}
	return "Quedan " + es.Word(left) + " oportunidades de solicitar correcciones."
}

func (c Correction) declaration() component.OptionsField {
	return component.OptionsField{
		Field: component.Field{ID: "declaro", Label: "Declaración", Error: c.Undone}, Many: component.ChooseSeveral,
		Options: []component.Option{{Value: "si", Label: declaration}},
	}
}

// change compares what is public of a rubro with what will be.
func (c Correction) change(p questionnaire.Part) component.Change {
	return component.NewChange("Hasta ahora", written(p, c.Was), "Corregido", written(p, c.Record.Answers))
}

// observation is what the Unidad observed of a rubro, for whoever captures.
type observation struct {
	Part  questionnaire.Part
	Rules []string // what the annex forbids, and what to do
	Note  string
	Href  string
	Done  bool // it says something else already
}

// observations lists what waits to be attended, in the questionnaire's order.
func observations(r capture.Record) []observation {
	if r.Correction == nil || r.Correction.Sent {
		return nil
	}
	var out []observation
	for _, page := range r.Questionnaire.Pages {
		for _, p := range page.Parts {
			if j, ok := r.Correction.Observations[p.ID]; ok && r.Correction.Opens(p.ID) {
				out = append(out, observation{
					Part: p, Rules: rulesOf(j.Causes), Note: j.Note, Href: SectionPath(r.Folio, page.ID), Done: r.Corrected(p.ID),
				})
			}
		}
	}
	return out
}

// rulesOf says each rule and how to keep it.
func rulesOf(codes []string) []string {
	var out []string
	for _, code := range codes {
		c := review.CauseOf(code)
		out = append(out, c.Title+" ("+code+"). "+c.Mend)
	}
	return out
}

// dueText says until when an observation may be attended.
func dueText(r capture.Record) string {
	if r.Correction == nil || r.Correction.DueAt == nil {
		return ""
	}
	due := lastMoment(*r.Correction.DueAt)
	if es.DaysLeft(due, r.Now) < 0 {
		return "El plazo venció el " + es.Weekday(due) + "; todavía puedes corregir hasta que terminen las campañas."
	}
	return "Atiéndela a más tardar el " + es.Deadline(due) + "."
}

// pausedText says what the public reads meanwhile.
func pausedText(r capture.Record) string {
	var labels []string
	for _, p := range r.Questionnaire.Parts() {
		if slices.Contains(r.Correction.Paused, p.ID) {
			labels = append(labels, "«"+p.Label+"»")
		}
	}
	if len(labels) == 0 {
		return "Mientras se aprueba, el sitio conserva el texto publicado."
	}
	return "Mientras tanto, " + es.List(labels...) + es.Noun(len(labels), " dice", " dicen") + " «En revisión» en el sitio; lo demás sigue publicado."
}

// reopenedText names the rubros that are open.
func reopenedText(r capture.Record) string {
	var labels []string
	for _, p := range r.Questionnaire.Parts() {
		if r.Correction.Opens(p.ID) {
			labels = append(labels, "«"+p.Label+"»")
		}
	}
	return es.List(labels...)
}

// observedAbove is what goes above the field of a question: the observation of
// its rubro, if there is one to attend.
func observedAbove(r capture.Record, q questionnaire.Question) string {
	part, ok := r.Questionnaire.PartOf(q.ID)
	if !ok || part.Questions[0].ID != q.ID { // once per rubro
		return ""
	}
	for _, o := range observations(r) {
		if o.Part.ID == part.ID {
			text := "Observación de la Unidad de Transparencia: " + strings.Join(o.Rules, " ") + " Qué debe corregirse: " + strings.TrimSuffix(o.Note, ".") + ". " + dueText(r)
			return strings.TrimSpace(text)
		}
	}
	return ""
}

// correctionTask is the task that asks for a correction or sends it; false when
// there is none to show.
func correctionTask(t CaptureTasks) (component.Task, bool) {
	r := t.Record
	task := component.Task{ID: "t-correccion", Href: CorrectionPath(r.Folio), Tag: component.State(es.Section, "disponible")}
	switch {
	case r.Correction != nil && r.Correction.Sent:
		task.Label, task.Tag = "Corrección enviada", component.State(es.Rubro, "por_aprobar")
	case r.Correction != nil:
		task.Label, task.Note = "Revisar y enviar la corrección", r.Sendable()
		if task.Note != "" {
			task.Tag = component.State(es.Section, "por corregir")
		} else if !t.Validates {
			task.Note = "La envía la persona responsable del partido"
		}
	case r.Capture == capture.Validated && t.Validates:
		task.Label = "Solicitar una corrección"
	default:
		return task, false
	}
	return task, true
}
