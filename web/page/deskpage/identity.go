package deskpage

import (
	"github.com/a-h/templ"

	"conoceles/internal/desk/consent"
	"conoceles/web/component"
	"conoceles/web/es"
)

// IdentityPath returns the address of a candidacy's identity questionnaire, or
// of something in it.
func IdentityPath(folio string, more ...string) string {
	return CapturePath(folio, append([]string{"identidad"}, more...)...)
}

// IdentityTasks is the part of the list of tasks about the identity
// questionnaire. It says no more than whether it was attended, however much of
// it whoever looks may fill in.
type IdentityTasks struct {
	Attended bool
	// Closed is set for whoever may not fill it: the party under captura
	// reservada.
	Closed bool
	Status consent.Status // when not Closed
	Own    bool           // who looks is the candidate
}

func (t IdentityTasks) tag() component.Tag {
	if t.Attended {
		return component.State(es.Identity, "completo")
	}
	return component.State(es.Identity, "incompleto")
}

// Tasks lists what there is to do.
func (t IdentityTasks) tasks() []component.Task {
	questions := component.Task{ID: "t-identidad", Label: "Cuestionario de identidad", Note: "Veinte preguntas en seis temas", Tag: t.tag()}
	if t.Closed {
		questions.Note = "La persona candidata eligió captura reservada: sólo ella lo responde y lo ve"
		return []component.Task{questions}
	}
	folio := t.Status.Folio
	decided, ok := t.Status.Decided()
	decide := component.Task{
		ID: "t-autorizaciones", Label: "Aviso de privacidad y tres autorizaciones", Href: IdentityPath(folio),
		Note: "«No» es una respuesta válida", Tag: component.State(es.Authorisation, "sin_decidir"),
	}
	document := component.Task{
		ID: "t-documento", Label: "Documento firmado", Note: "Primero se deciden las autorizaciones", Tag: component.State(es.Section, "no disponible"),
	}
	switch {
	case t.Status.Stage == consent.Gone:
		decide.Tag = component.State(es.Authorisation, "retirada")
	case ok:
		decide.Href, decide.Tag = IdentityPath(folio, "autorizaciones"), component.State(es.Section, "completa")
		document.Href, document.Note, document.Tag = IdentityPath(folio, "documento"), "", documentTag(t.Status)
	}
	switch {
	case ok && !decided.Processing:
		questions.Href, questions.Note = IdentityPath(folio, "constancia"), "No se abre: la autorización 1 es No"
	case t.Status.Opens():
		questions.Href = IdentityPath(folio, "indigena")
	default:
		questions.Note = "Se abre cuando se lee el aviso y la autorización 1 es Sí"
	}
	return []component.Task{decide, questions, document}
}

// documentTag is the state of the signed document.
func documentTag(s consent.Status) component.Tag {
	switch {
	case s.Stage == consent.Confirmed && s.Outdated:
		return component.State(es.Document, string(consent.NoDocument))
	case s.Stage == consent.Gone, s.Stage == consent.Undecided:
		return component.State(es.Section, "no disponible")
	}
	return component.State(es.Document, string(s.Stage))
}

// Identity is what every page of the identity questionnaire shows.
type Identity struct {
	CaptureFrame
	Status consent.Status
	Errors []component.FieldError
	Keys   component.FormKeys
}

func (i Identity) path(more ...string) string { return IdentityPath(i.Status.Folio, more...) }

// IdentityNotice is the privacy notice, before anything is asked.
type IdentityNotice struct {
	Identity
	Next string // where whoever has read it goes on
}

// readBox is the one thing to mark.
func (n IdentityNotice) readBox() component.OptionsField {
	f := component.OptionsField{
		Field: component.Field{ID: "leido", Label: "Confirmación de lectura"}, Many: component.ChooseSeveral, LegendHidden: true,
		Options: []component.Option{{Value: "si", Label: "Ya leí el aviso de privacidad simplificado"}},
	}
	f.Error = errorAt(n.Errors, f.ID)
	return f
}

func errorAt(errors []component.FieldError, id string) string {
	for _, e := range errors {
		if e.ID == id {
			return e.Message
		}
	}
	return ""
}

// IdentityAuthorisations are the three decisions. Marks holds what was posted
// when the form is shown again: nothing is ever chosen beforehand.
type IdentityAuthorisations struct {
	Identity
	Marks map[string]string
}

// decision is the pair of options of a declaration, each tied to its
// consequence.
func (a IdentityAuthorisations) decision(s consent.Statement) component.OptionsField {
	f := component.OptionsField{
		Field: component.Field{ID: s.Name, Label: "Autorización " + es.Int(s.Number) + ": " + s.Title, Error: errorAt(a.Errors, s.Name)},
		InRow: true, LegendHidden: true,
		Options: []component.Option{
			{Value: "si", Label: "Sí, autorizo", Hint: s.IfYes},
			{Value: "no", Label: "No autorizo", Hint: s.IfNo},
		},
	}
	if mark := a.Marks[s.Name]; mark != "" {
		f.Values = []string{mark}
	}
	return f
}

// standing lists the decisions in force; nil when none stands.
func standingDecisions(s consent.Status) []component.Fact {
	d, ok := s.Decided()
	if !ok {
		return nil
	}
	var facts []component.Fact
	for i, yes := range []bool{d.Processing, d.Publication, d.Statistics} {
		statement := consent.Statements()[i]
		value := "no"
		if yes {
			value = "si"
		}
		facts = append(facts, component.Fact{Term: es.Int(statement.Number) + ". " + statement.Title, Value: es.Label(es.Authorisation, value)})
	}
	return facts
}

// IdentityDocument is the signed format: to download, deliver and follow.
type IdentityDocument struct {
	Identity
	Own  bool   // who looks is a candidate, and has a receipt
	Mail string // that receives the format of who has no party; "" of who has one
}

func (d IdentityDocument) file() component.FileField {
	return component.FileField{
		Field: component.Field{
			ID: "documento", Label: "Documento firmado", Error: errorAt(d.Errors, "documento"),
			Hint: "PDF, JPG o PNG, de hasta 8 MB. Las marcas del documento deben ser las mismas que decidiste en pantalla.",
		},
		Accept: "application/pdf,image/jpeg,image/png",
	}
}

// explain says where the document is and what comes next.
func (d IdentityDocument) explain() string {
	switch d.Status.Stage {
	case consent.NoDocument:
		return "Descarga el formato, fírmalo y súbelo. Hasta que se verifique, nada se publica."
	case consent.Waiting:
		return "Lo recibimos y está en verificación. Puedes reemplazarlo mientras no se verifique."
	case consent.Refused:
		return "No se pudo verificar: " + d.Status.Reason
	case consent.Confirmed:
		if d.Status.Outdated {
			return "Se verificó, y después se guardaron respuestas nuevas. Lo que estaba publicado se retiró: sube de nuevo el documento firmado para que se verifique con ellas."
		}
		return "Verificado. Si después cambias alguna respuesta, lo publicado se retira hasta que se verifique de nuevo."
	default:
		return "Primero decide las tres autorizaciones."
	}
}

func (d IdentityDocument) tag() templ.Component { return component.StateTag(documentTag(d.Status)) }

// IdentityShut is the questionnaire when it takes no answers, and why.
type IdentityShut struct {
	Identity
	Why string
}

// IdentityWithdraw says what withdrawing does, before the one button that does it.
type IdentityWithdraw struct {
	Identity
	Public bool // something may be public now
}

// stands reports whether there is something to withdraw.
func (w IdentityWithdraw) stands() bool {
	_, ok := w.Status.Decided()
	return ok
}

// IdentityReserve is who fills in the questionnaire.
type IdentityReserve struct{ Identity }

// IdentityReceipt is the receipt as a page.
type IdentityReceipt struct {
	CaptureFrame
	Receipt consent.Receipt
}

func (r IdentityReceipt) facts() []component.Fact {
	var facts []component.Fact
	for _, f := range r.Receipt.Facts() {
		facts = append(facts, component.Fact{Term: f.Term, Value: f.Value})
	}
	return facts
}

func (r IdentityReceipt) history() []component.Event {
	var out []component.Event
	for _, e := range r.Receipt.Events {
		out = append(out, component.Event{When: es.FullDateTime(e.At), Datetime: es.ISODateTime(e.At), Text: e.Text()})
	}
	return out
}

// seesRow is who sees what of the answers.
type seesRow struct{ who, what string }

func whoSees() []seesRow {
	return []seesRow{
		{"Tú", "Todo"},
		{"Tu partido", "Todo, y cada lectura queda registrada; con captura reservada, sólo si terminaste"},
		{"Transparencia", "Todo, con motivo, y cada lectura queda registrada"},
		{"Público", "Sólo lo que autorices, y si respondiste"},
	}
}
