package deskpage

import (
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"conoceles/internal/desk/review"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
	"conoceles/web/component"
	"conoceles/web/es"
)

// ReviewSeenField carries the proposal that whoever decides was looking at.
const ReviewSeenField = "dictamen"

// ReviewFile is the review of a candidacy, with what whoever looks may do.
type ReviewFile struct {
	RegistryFrame
	review.File
	Filter  review.Filter // of the queue that whoever looks came from
	Beside  review.Beside
	Keys    component.FormKeys
	Values  url.Values // of a form that was refused
	Account int64      // who looks
	Head    bool       // whoever looks decides
	Public  string     // address of the public profile; "" while there is none
}

// path is the address of something in the review, within the same queue.
func (f ReviewFile) path(more ...string) templ.SafeURL {
	return templ.SafeURL(ReviewPathIn(f.Filter, f.Folio, more...))
}

// proposes reports whether whoever looks may propose now.
func (f ReviewFile) proposes() bool {
	return f.Reviewable() && f.Pending == nil && (f.Claimant == nil || *f.Claimant == f.Account)
}

// decides reports whether whoever looks may approve or return the proposal.
func (f ReviewFile) decides() bool {
	return f.Reviewable() && f.Head && f.Pending != nil && f.Pending.By != f.Account
}

func (f ReviewFile) lead() string {
	text := f.Nominator + ". " + reviewSeat(f.Candidacy) + ", " + es.Quality(string(f.Sex), string(f.Role)) + "."
	switch {
	case f.Number == 0:
		return text + " El cuestionario aún no se valida."
	case f.Correction != nil && f.Correction.Sent:
		return text + " Corrección enviada " + es.Recent(*f.Correction.SentAt, f.Now) + "; es pública la versión " + es.Int(f.Number) + "."
	}
	text += " Versión pública " + es.Int(f.Number) + ", validada " + es.Recent(f.ValidatedAt, f.Now) + "."
	if f.Late {
		text += " Se validó de forma extemporánea."
	}
	return text
}

// state says, in a sentence, what is awaited.
func (f ReviewFile) state() string {
	switch {
	case f.Standing != election.Approved:
		return "La candidatura ya no está vigente: no hay nada que revisar."
	case f.Number == 0:
		return "Cuando se valide, aparecerá en la cola."
	case f.Pending != nil && f.Pending.By == f.Account:
		return "Tu propuesta espera a la persona titular. Nadie aprueba lo que propuso."
	case f.Pending != nil:
		return "La propuesta de " + f.Pending.ByName + " espera a la persona titular."
	case f.Waits() > 0 && f.Claimant != nil && *f.Claimant != f.Account:
		return "La revisa " + f.ClaimedBy + ". Puedes leerla; para dictaminar, pídele que la suelte."
	case f.Waits() > 0:
		return es.Noun(f.Waits(), "Falta ", "Faltan ") + es.Plural(f.Waits(), "rubro", "rubros") + " por dictaminar."
	case f.Correction != nil:
		return "Espera la corrección de quien captura."
	}
	return "Todos los rubros están revisados."
}

// due says how the Unidad's term stands, or "".
func (f ReviewFile) due() string {
	if f.DueAt.IsZero() {
		return ""
	}
	return "Plazo de la Unidad: " + es.Weekday(lastMoment(f.DueAt)) + ". " + termText(f.DueAt, f.Now) + "."
}

// waiting and settled part the rubros.
func (f ReviewFile) waiting() []review.Rubro {
	return slices.DeleteFunc(slices.Clone(f.Rubros), func(r review.Rubro) bool { return !r.Pending })
}

func (f ReviewFile) settled() []review.Rubro {
	return slices.DeleteFunc(slices.Clone(f.Rubros), func(r review.Rubro) bool { return r.Pending })
}

func (f ReviewFile) tags() []component.Tag {
	return []component.Tag{
		component.State(es.Capture, f.Capture), component.State(es.Review, f.Review), component.State(es.Standing, string(f.Standing)),
	}
}

// rubroTags are the marks in the header of a rubro.
func (f ReviewFile) rubroTags(r review.Rubro) []component.Tag {
	var tags []component.Tag
	if r.Paused {
		tags = append(tags, component.State(es.Rubro, "en_pausa"))
	}
	if !r.Public {
		tags = append(tags, component.State(es.Rubro, "por_aprobar"))
	}
	if j := r.Judged; j != nil && j.Outcome == review.Complies {
		tags = append(tags, component.Tag{Text: "Se apega", Tone: component.Good, Icon: component.IconCheck})
	} else if j != nil {
		tags = append(tags, component.Tag{Text: "Observado", Tone: component.Attention, Icon: component.IconWarning})
	}
	return tags
}

// written says the answers of a rubro in one text; with several questions, each
// line says which it answers.
func written(p questionnaire.Part, a questionnaire.Answers) string {
	var lines []string
	for _, q := range p.Questions {
		for _, line := range q.Lines(a[q.ID]) {
			if len(p.Questions) > 1 {
				line = q.Label + ": " + line
			}
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 && len(p.Questions) > 0 && p.Questions[0].Kind != questionnaire.Photo {
		return "Sin respuesta"
	}
	return strings.Join(lines, "\n")
}

// change compares a rubro with the version that was reviewed before.
func (f ReviewFile) change(r review.Rubro) component.Change {
	return component.NewChange("Versión "+es.Int(r.Before), written(r.Part, r.Was), "Versión "+es.Int(r.Version), written(r.Part, f.Answers))
}

// photoOf is the address of the photograph in some answers, "" when there is none.
func (f ReviewFile) photoOf(a questionnaire.Answers) string { return photoIn(f.Folio, a) }

func photoIn(folio string, a questionnaire.Answers) string {
	if hash := a.Text(questionnaire.Photograph); hash != "" {
		return ReviewPath(folio, "foto", hash+".jpg")
	}
	return ""
}

func isPhoto(p questionnaire.Part) bool {
	return len(p.Questions) > 0 && p.Questions[0].Kind == questionnaire.Photo
}

// values returns what the form says of a field: what was posted or, of a
// proposal that was returned, what it said.
func (f ReviewFile) values(r review.Rubro, field string) []string {
	if f.Values != nil {
		return f.Values[field]
	}
	if r.Proposed == nil {
		return nil
	}
	switch field {
	case review.OutcomeField(r.ID):
		return []string{string(r.Proposed.Outcome)}
	case review.CausesField(r.ID):
		return r.Proposed.Causes
	}
	return []string{r.Proposed.Note}
}

func (f ReviewFile) outcome(r review.Rubro) component.OptionsField {
	id, hidden := review.OutcomeField(r.ID), "en "+r.Label
	return component.OptionsField{
		Field: component.Field{ID: id, Label: "Resultado de " + r.Label, Error: f.errorOf(id)}, InRow: true, Values: f.values(r, id),
		Options: []component.Option{
			{Value: string(review.Complies), Label: "Se apega", Hidden: hidden}, {Value: string(review.Observed), Label: "Observar", Hidden: hidden},
		},
	}
}

func (f ReviewFile) causes(r review.Rubro) component.OptionsField {
	id := review.CausesField(r.ID)
	o := component.OptionsField{
		Field: component.Field{ID: id, Label: "Supuestos del artículo 18", Error: f.errorOf(id)}, Many: component.ChooseSeveral, Values: f.values(r, id),
	}
	if isPhoto(r.Part) {
		o.Label = "Reglas de la fotografía y supuestos del artículo 18"
	}
	for _, c := range review.Causes(string(r.ID)) {
		o.Options = append(o.Options, component.Option{Value: c.Code, Label: c.Code + " · " + c.Title, Hidden: "en " + r.Label})
	}
	return o
}

func (f ReviewFile) note(r review.Rubro) component.TextAreaField {
	id := review.NoteField(r.ID)
	return component.TextAreaField{
		Field: component.Field{
			ID: id, Label: "Qué debe corregirse en " + r.Label, Error: f.errorOf(id),
			Hint: "Di qué frase y por qué. Lo lee quien captura. No opines sobre el contenido de la propuesta.",
		},
		Value: strings.Join(f.values(r, id), ""), Rows: 3,
	}
}

// unfolded reports whether the reasons of a rubro are to be seen at once.
func (f ReviewFile) unfolded(r review.Rubro) bool {
	return slices.Contains(f.values(r, review.OutcomeField(r.ID)), string(review.Observed)) ||
		f.errorOf(review.CausesField(r.ID)) != "" || f.errorOf(review.NoteField(r.ID)) != ""
}

// remarkLines says an observation: its rules, and what must be mended.
func remarkLines(m review.Remark) []string {
	var out []string
	for _, code := range m.Causes {
		out = append(out, code+" · "+review.CauseOf(code).Title)
	}
	return append(out, "Qué debe corregirse: "+m.Note)
}

// effects says, rubro by rubro, what approving the proposal does.
func (f ReviewFile) effects() []string {
	var out []string
	observed := 0
	for _, r := range f.waiting() {
		name := "«" + r.Label + "»"
		switch m := r.Proposed; {
		case m == nil:
		case m.Outcome == review.Observed && r.Public:
			out = append(out, name+" deja de mostrarse: el sitio dirá «En revisión» hasta que se apruebe su corrección.")
		case m.Outcome == review.Observed && r.Paused:
			out = append(out, name+" sigue en pausa y se abre de nuevo para corregir.")
		case m.Outcome == review.Observed:
			out = append(out, "La corrección de "+name+" no se publica: el sitio conserva el texto anterior.")
		case !r.Public && r.Paused:
			out = append(out, "La versión nueva de "+name+" se publica y termina su pausa.")
		case !r.Public:
			out = append(out, "La versión nueva de "+name+" se publica.")
		}
		if r.Proposed != nil && r.Proposed.Outcome == review.Observed {
			observed++
		}
	}
	if observed == 0 {
		return append(out, "Ningún rubro revisado se observa.")
	}
	return append(out, "Quien captura recibe "+es.Plural(observed, "observación", "observaciones")+" y el plazo para "+es.Noun(observed, "atenderla.", "atenderlas."))
}

func (f ReviewFile) reason() component.TextField {
	return component.TextField{
		Field: component.Field{
			ID: review.ReasonField, Label: "Por qué la devuelves", Hint: "Lo lee quien propuso.", Error: f.errorOf(review.ReasonField),
		},
		Value: f.Values.Get(review.ReasonField),
	}
}

// eventWords are what each act of the history did.
var eventWords = map[string]string{
	"captura.validar": "validó el cuestionario", "captura.correccion.solicitar": "solicitó una corrección",
	"captura.correccion.enviar": "envió la corrección", "captura.correccion.cancelar": "canceló la corrección", "revision.tomar": "tomó la revisión", "revision.soltar": "soltó la revisión",
	"revision.valorar": "valoró los textos", "revision.proponer": "propuso un dictamen", "revision.aprobar": "aprobó el dictamen", "revision.devolver": "devolvió la propuesta",
}

func (f ReviewFile) history() []component.Event {
	var out []component.Event
	for _, e := range f.Events {
		out = append(out, component.Event{
			When: es.Capital(es.Recent(e.At, f.Now)), Datetime: es.ISODateTime(e.At), Text: e.Who + " " + eventWords[e.Kind],
		})
	}
	return out
}

// hintText says what a hint points at. None decides.
func hintText(h review.Hint) string {
	found := es.List(h.Found...)
	switch h.Kind {
	case review.HintParty:
		return "Menciona a " + found + "."
	case review.HintAddress:
		return "Lleva direcciones o cuentas: " + found + "."
	case review.HintPadding:
		return "Dice poco para su extensión: repite palabras o rellena con espacios."
	case review.HintCapitals:
		return "Está escrito casi todo en mayúsculas."
	case review.HintOwnCopy:
		return "Repite otra respuesta de la misma candidatura:"
	}
	return "Se repite en otras candidaturas:"
}

// likeness says how alike two texts are.
func likeness(a review.AlikeText) string {
	if a.Identical {
		return "idéntico"
	}
	return es.Percent(int(a.Likeness*100), 100) + " de las palabras"
}
