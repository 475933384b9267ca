package deskpage

import (
	"net/url"
	"slices"
	"strconv"

	"conoceles/internal/desk/consent"
	"conoceles/internal/questionnaire"
	"conoceles/web/component"
	"conoceles/web/es"
)

// Names of the fields of the forms about a consent. The page of a candidacy has
// several that ask for a reason: each control has the name ReasonField and the
// id of its form.
const (
	ReasonField      = "motivo"
	MediumField      = "medio"
	SignedOnField    = "firmado_el"
	ReceivedField    = "recibido"
	SignedField      = "firmado"
	SamePersonField  = "misma_persona"
	DocumentField    = "documento"
	DeclarationField = "declaracion"
	SeenField        = "documento_visto"
	AnswersField     = "respuestas_vistas"

	DocumentForm = "documento"
	AnswersForm  = "respuestas"
	RejectForm   = "rechazo"
)

// ReasonID is the id of the reason in one of the forms.
func ReasonID(form string) string { return ReasonField + "_" + form }

// ConsentRecord is what the register holds of a candidacy, with what whoever
// looks may do about it.
type ConsentRecord struct {
	RegistryFrame
	consent.Record
	Keys    component.FormKeys
	Values  url.Values // of a form that was refused, reasons under their ids
	Account int64      // who looks
	Head    bool       // whoever looks decides
}

func (c ConsentRecord) field(id, label, hint string) component.Field {
	return component.Field{ID: id, Label: label, Hint: hint, Error: c.errorOf(id)}
}

// reason is the control that asks why in one of the forms.
func (c ConsentRecord) reason(form, label, hint string) component.TextField {
	id := ReasonID(form)
	return component.TextField{Field: c.field(id, label, hint), Name: ReasonField, Value: c.Values.Get(id)}
}

func (c ConsentRecord) facts() []component.Fact {
	state := map[bool]string{true: "completo", false: "incompleto"}[c.Complete]
	facts := []component.Fact{
		{Term: "Folio", Value: c.Folio},
		{Term: "Cargo", Value: c.Office + ", " + c.Place},
		{Term: "Postula", Value: c.Nominator},
		{Term: "Cuestionario de identidad", Value: es.Label(es.Identity, state)},
		{Term: "Avisos a la persona", Value: c.told()},
	}
	if c.Reserved {
		facts = append(facts, component.Fact{Term: "Captura reservada", Value: "Sí"})
	}
	return facts
}

// told says how the person hears of what is done in their name.
func (c ConsentRecord) told() string {
	switch {
	case c.Email == "":
		return "Por carta: el registro no tiene correo"
	case c.Shared:
		return "Por carta: varias candidaturas comparten el correo del registro"
	}
	return "Al correo del registro"
}

// decisions are the three statements with what was decided.
func (c ConsentRecord) decisions() []component.SummaryItem {
	d, ok := c.Decided()
	if !ok {
		return nil
	}
	var out []component.SummaryItem
	for i, yes := range []bool{d.Processing, d.Publication, d.Statistics} {
		out = append(out, component.SummaryItem{Term: consent.Statements()[i].Title, Values: []string{yesOrNo(yes)}})
	}
	return out
}

// scan is the document in force; false when there is none.
func (c ConsentRecord) scan() (consent.Scan, bool) {
	s, ok := c.Documents[c.Document]
	return s, ok
}

func (c ConsentRecord) scanFacts() []component.Fact {
	s, _ := c.scan()
	kind := map[string]string{"application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG"}[s.MediaType]
	return []component.Fact{{Term: "Archivo", Value: kind + ", " + es.Size(s.Size)}, {Term: "Huella (SHA-256)", Value: s.Hash}}
}

func (c ConsentRecord) waits() bool { return c.Stage == consent.Waiting }
func (c ConsentRecord) rejectable() bool {
	return c.Stage == consent.Waiting || c.Stage == consent.Confirmed
}

// withdrawable reports whether there is something to take back.
func (c ConsentRecord) withdrawable() bool {
	return c.Stage != consent.Gone && c.Stage != consent.Undecided
}

// marks are the three groups where the Head says what the document says.
func (c ConsentRecord) marks() []component.OptionsField {
	return decisionFields(c.RegistryFrame, c.Values)
}

// decisionFields are the three declarations to choose from, none chosen before.
func decisionFields(f RegistryFrame, values url.Values) []component.OptionsField {
	var out []component.OptionsField
	for _, s := range consent.Statements() {
		out = append(out, component.OptionsField{
			Field:   component.Field{ID: s.Name, Label: "El documento marca en " + strconv.Itoa(s.Number) + ": " + es.Lower(s.Title), Hint: "«" + s.Text + "»", Error: f.errorOf(s.Name)},
			Options: []component.Option{{Value: "si", Label: "Sí"}, {Value: "no", Label: "No"}}, Values: values[s.Name], InRow: true,
		})
	}
	return out
}

// confirmation is a statement that the Head makes with a box.
func (c ConsentRecord) confirmation(id, legend, label string) component.OptionsField {
	return component.OptionsField{
		Field: c.field(id, legend, ""), Many: component.ChooseSeveral, Values: c.Values[id],
		Options: []component.Option{{Value: "si", Label: label}},
	}
}

// history says what happened, newest first.
func (c ConsentRecord) history() []component.Event {
	var out []component.Event
	for _, e := range slices.Backward(c.Events) {
		out = append(out, component.Event{When: es.FullDateTime(e.At), Datetime: es.ISODateTime(e.At), Text: c.tell(e)})
	}
	return out
}

// tell puts an event in words.
func (c ConsentRecord) tell(e consent.Event) string {
	who := c.Names[e.Account]
	switch {
	case e.Kind == consent.Expired:
		who = "El sistema"
	case e.Account == 0:
		who = "La persona, sin cuenta,"
	}
	text := who + " " + map[consent.Kind]string{
		consent.Granted: "registró las autorizaciones", consent.Denied: "registró las autorizaciones",
		consent.Documented: "entregó el documento firmado", consent.Verified: "verificó el documento",
		consent.Rejected: "rechazó el documento", consent.Withdrawn: "registró el retiro",
		consent.Expired: "cerró la autorización: cambió el aviso de privacidad",
	}[e.Kind] + " · " + mediumWord(e.Medium)
	if e.Decided != nil {
		text += " · " + decided(e.Decided) + " · Texto versión " + e.TextVersion
	}
	if !e.ReceivedOn.IsZero() {
		text += " · Recibido el " + dayText(e.ReceivedOn)
	}
	if e.Reason != "" {
		text += " · Motivo: " + e.Reason
	}
	return text
}

// ConsentAnswers shows the identity answers of a candidacy to whoever said why
// they need to see them.
type ConsentAnswers struct {
	RegistryFrame
	consent.Subject
	Questionnaire *questionnaire.Questionnaire // nil when nothing was answered
	Answers       questionnaire.Answers
}

// answered lists the questions of a topic that were asked, with what was answered.
func (c ConsentAnswers) answered(page questionnaire.Page) []component.SummaryItem {
	var out []component.SummaryItem
	for _, part := range page.Parts {
		for _, q := range part.Questions {
			if q.IsAsked(c.Answers) {
				out = append(out, component.SummaryItem{Term: q.Label, Values: q.Lines(c.Answers[q.ID]), Blank: "Sin respuesta"})
			}
		}
	}
	return out
}

// ConsentRegistration registers a signed format that arrived outside the system.
type ConsentRegistration struct {
	RegistryFrame
	consent.Subject
	Keys   component.FormKeys
	Values url.Values
}

func (r ConsentRegistration) field(id, label, hint string) component.Field {
	return component.Field{ID: id, Label: label, Hint: hint, Error: r.errorOf(id)}
}

func (r ConsentRegistration) day(id, label, hint string) component.TextField {
	return component.TextField{Field: r.field(id, label, hint), Value: r.Values.Get(id), Width: component.Short}
}

func (r ConsentRegistration) medium() component.OptionsField {
	return component.OptionsField{
		Field: r.field(MediumField, "¿Cómo llegó?", ""), Values: r.Values[MediumField],
		Options: []component.Option{
			{Value: string(consent.OnPaper), Label: "Por correo o mensajería"}, {Value: string(consent.InPerson), Label: "En persona"},
		},
	}
}

func (r ConsentRegistration) decisions() []component.OptionsField {
	return decisionFields(r.RegistryFrame, r.Values)
}

// ConsentWithdrawal registers a withdrawal that arrived on paper or in person.
type ConsentWithdrawal struct {
	RegistryFrame
	consent.Subject
	Keys   component.FormKeys
	Values url.Values
}

func (w ConsentWithdrawal) field(id, label, hint string) component.Field {
	return component.Field{ID: id, Label: label, Hint: hint, Error: w.errorOf(id)}
}
