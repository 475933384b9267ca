package deskpage

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"conoceles/internal/desk/arco"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// The addresses of requests over personal data.
const (
	ArcoPublic   = "/arco"
	ArcoOwnPath  = "/cuenta/arco"
	ArcoHome     = "/transparencia/arco"
	ArcoTermsURL = "/administracion/arco"
	ArcoFigures  = "/consulta/arco"
)

// ArcoPath is the address of a request, or of something of it.
func ArcoPath(folio string, more ...string) string {
	path := ArcoHome + "/" + url.PathEscape(folio)
	for _, m := range more {
		path += "/" + m
	}
	return path
}

func (s sheet) choice(id, label, hint string, options []component.Option) component.OptionsField {
	return component.OptionsField{Field: s.field(id, label, hint), Options: options, Values: s.Values[id]}
}

// ArcoForm files a request: of anybody, of a candidate, or one that the unit
// received.
type ArcoForm struct {
	sheet
	Action     string
	Registered bool // the unit registers it: how and when it arrived are asked for
}

// NewArcoForm returns a form that posts to action with what was typed.
func NewArcoForm(f RegistryFrame, action string, keys component.FormKeys, values url.Values) ArcoForm {
	return ArcoForm{sheet: sheet{f, keys, values}, Action: action}
}

func (f ArcoForm) rights() component.OptionsField {
	var options []component.Option
	for _, r := range arco.Rights() {
		options = append(options, component.Option{Value: string(r), Label: r.Name(), Hint: r.Meaning()})
	}
	return f.choice(arco.FieldRight, "¿Qué derecho quieres ejercer?", "", options)
}

func (f ArcoForm) media() component.OptionsField {
	return f.choice(arco.FieldMedium, "¿Cómo llegó?", "", []component.Option{
		{Value: string(arco.Writing), Label: "Por escrito"},
		{Value: string(arco.InPerson), Label: "En persona", Hint: "Mostró quién es: no hace falta acreditarlo otra vez."},
	})
}

func (f ArcoForm) description() component.TextAreaField {
	return f.area(arco.FieldDescription, "¿Qué pides?", "Qué datos son y qué quieres que hagamos. No escribas los datos sensibles: basta con decir cuáles son.")
}

// ArcoFiled says that a request was received. Staff and candidates see it in
// their frame, anybody else in that of the site.
type ArcoFiled struct {
	Meta layout.Meta
	arco.Receipt
}

func receiptFacts(r arco.Receipt) []component.Fact {
	return []component.Fact{
		{Term: "Folio", Value: r.Folio},
		{Term: "Derecho", Value: r.Right.Name()},
		{Term: "Se tiene por recibida", Value: es.Date(r.ReceivedOn)},
		{Term: "Responderemos a más tardar", Value: es.Date(r.AnswerBy)},
	}
}

// ArcoOwn is what a candidate asked for, and the form to ask.
type ArcoOwn struct {
	ArcoForm
	Cases []arco.Case
}

// ownDocument is the address of a document of a candidate's own request.
func ownDocument(c arco.Case, s arco.Step) string {
	return ArcoOwnPath + "/" + url.PathEscape(c.Folio) + "/documento/" + strconv.FormatInt(s.ID, 10)
}

// ArcoTray is a page of the requests of a process.
type ArcoTray struct {
	RegistryFrame
	arco.Filter
	Tray arco.Tray
	Now  time.Time
}

func (t ArcoTray) figures() []component.KPI {
	c := t.Tray.Counts
	return []component.KPI{
		{Figure: es.Int(c.Overdue), Label: "Con el plazo vencido"},
		{Figure: es.Int(c.State[arco.Received]), Label: "Por acreditar"},
		{Figure: es.Int(c.State[arco.Processing]), Label: "Por responder"},
		{Figure: es.Int(c.State[arco.Answered]), Label: "Por hacer efectivas"},
	}
}

func (t ArcoTray) address(state arco.State, overdue bool, page int) string {
	q := url.Values{}
	if state != "" {
		q.Set("estado", string(state))
	}
	if overdue {
		q.Set("estado", "vencidas")
	}
	if t.Right != "" {
		q.Set("derecho", string(t.Right))
	}
	if page > 1 {
		q.Set("pagina", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return ArcoHome
	}
	return ArcoHome + "?" + q.Encode()
}

func (t ArcoTray) tabs() []component.Tab {
	c := t.Tray.Counts
	tabs := []component.Tab{
		{Label: "Todas", Href: t.address("", false, 1), Current: t.State == "" && !t.Overdue, Count: c.All, Counted: true},
		{Label: "Vencidas", Href: t.address("", true, 1), Current: t.Overdue, Count: c.Overdue, Counted: true},
	}
	for _, s := range arco.States() {
		tabs = append(tabs, component.Tab{Label: arcoState(s).Text, Href: t.address(s, false, 1), Current: s == t.State, Count: c.State[s], Counted: true})
	}
	return tabs
}

func (t ArcoTray) pages() component.Pages {
	return component.NewPages(max(t.Page, 1), t.Tray.Total, t.Size, func(n int) string { return t.address(t.State, t.Overdue, n) })
}

func (t ArcoTray) table() component.Table {
	out := component.Table{
		Caption: "Solicitudes", Empty: "No hay solicitudes que coincidan.",
		Columns: []component.Column{{Title: "Solicitud"}, {Title: "Derecho"}, {Title: "Estado"}, {Title: "Vence"}, {Title: "Recibida"}},
	}
	for _, e := range t.Tray.Entries {
		out.Rows = append(out.Rows, component.Row{
			Title: e.Folio, Note: e.Medium.Name(), Href: ArcoPath(e.Folio), Marked: e.Ours() && e.Left <= 2,
			Cells: []templ.Component{
				component.Words(e.Right.Name()), component.StateTag(arcoState(e.State)), component.Words(arcoDue(e, t.Now)), component.Words(dayText(e.ReceivedAt)),
			},
		})
	}
	return out
}

// arcoState is the tag of a state.
func arcoState(s arco.State) component.Tag {
	switch s {
	case arco.Received:
		return component.Tag{Text: "Por acreditar", Tone: component.Attention, Icon: component.IconEmpty}
	case arco.Prevented:
		return component.Tag{Text: "Prevenida", Tone: component.Absent, Icon: component.IconHalf}
	case arco.Processing:
		return component.Tag{Text: "En trámite", Tone: component.Attention, Icon: component.IconHalf}
	case arco.Answered:
		return component.Tag{Text: "Por hacer efectiva", Tone: component.Attention, Icon: component.IconSend}
	case arco.Lapsed:
		return component.Tag{Text: "No presentada", Tone: component.Absent, Icon: component.IconCross}
	}
	return component.Tag{Text: "Concluida", Tone: component.Good, Icon: component.IconCheck}
}

// arcoDue says until when, and how many working days are left.
func arcoDue(e arco.Entry, now time.Time) string {
	if e.Due.IsZero() {
		return "—"
	}
	text := es.Date(e.Due)
	switch {
	case e.Overdue(now):
		return text + ": venció hace " + es.Plural(-e.Left, "día hábil", "días hábiles")
	case e.Left == 0:
		return text + ": hoy"
	}
	return text + ": " + es.Plural(e.Left, "día hábil", "días hábiles")
}

// ArcoCase is a request with who asks, what happened and what may come next.
type ArcoCase struct {
	sheet
	arco.Case
	Now  time.Time
	Head bool          // whoever looks decides
	Sent arco.StepKind // the step that was refused, "" when none was
}

// NewArcoCase returns the page of a request.
func NewArcoCase(f RegistryFrame, c arco.Case, keys component.FormKeys, values url.Values) ArcoCase {
	return ArcoCase{sheet: sheet{f, keys, values}, Case: c}
}

func (c ArcoCase) facts() []component.Fact {
	facts := []component.Fact{
		{Term: "Derecho", Value: c.Right.Name()},
		{Term: "Medio", Value: c.Medium.Name()},
		{Term: "Recibida", Value: es.FullDateTime(c.ReceivedAt)},
		{Term: "Identidad", Value: map[bool]string{true: "Acreditada", false: "Por acreditar"}[c.Identified]},
	}
	if !c.Due.IsZero() {
		facts = append(facts, component.Fact{Term: c.dueTerm(), Value: arcoDue(c.Entry, c.Now)})
	}
	if c.Candidacy != "" {
		facts = append(facts, component.Fact{Term: "Candidatura", Value: c.Candidacy})
	}
	if c.Outcome != "" {
		facts = append(facts, component.Fact{Term: "Sentido", Value: c.Outcome.Name()})
	}
	return facts
}

func (c ArcoCase) dueTerm() string {
	switch c.State {
	case arco.Received:
		return "Para prevenir, si falta algo"
	case arco.Prevented:
		return "Quien solicita tiene hasta"
	case arco.Processing:
		return "Para responder"
	}
	return "Para hacerlo efectivo"
}

func (c ArcoCase) requester() []component.SummaryItem {
	blank := func(term, value, otherwise string) component.SummaryItem {
		item := component.SummaryItem{Term: term, Blank: otherwise}
		if value != "" {
			item.Values = []string{value}
		}
		return item
	}
	return []component.SummaryItem{
		blank("Persona titular", c.Name, "—"), blank("La representa", c.Representative, "Nadie"), blank("Dónde responderle", c.Contact, "—"),
		blank("Candidatura que menciona", c.About, "Ninguna"), blank("Lo que pide", c.Description, "—"),
	}
}

// next are the steps that may come now.
func (c ArcoCase) next() []arco.StepKind { return c.Next(c.Now) }

// erasable reports whether what was granted may be done by erasing.
func (c ArcoCase) erasable() bool {
	return c.Head && c.State == arco.Answered && c.Candidacy != "" && (c.Right == arco.Cancellation || c.Right == arco.Opposition)
}

func (c ArcoCase) erasePath() string {
	q := url.Values{RetentionKind: {"supresion_persona"}, RetentionFolio: {c.Candidacy}, RetentionRequest: {c.Folio}}
	return RetentionHome + "/nuevo?" + q.Encode()
}

// of returns the same form for one of the steps: controls keep their names, and
// their ids are the step's, so that a page may have several.
func (c ArcoCase) of(k arco.StepKind) stepForm { return stepForm{c, k} }

type stepForm struct {
	ArcoCase
	kind arco.StepKind
}

func (f stepForm) id(name string) string { return name + "_" + string(f.kind) }

func (f stepForm) value(name string) string {
	if f.Sent != f.kind {
		return ""
	}
	return f.Values.Get(name)
}

func (f stepForm) control(name, label, hint string) component.Field {
	return component.Field{ID: f.id(name), Label: label, Hint: hint, Error: f.errorOf(f.id(name))}
}

func (f stepForm) text() component.TextAreaField {
	return component.TextAreaField{Field: f.control(arco.FieldText, stepTexts[f.kind].label, stepTexts[f.kind].hint), Name: arco.FieldText, Value: f.value(arco.FieldText), Rows: 4}
}

func (f stepForm) short(name, label, hint string) component.TextField {
	return component.TextField{Field: f.control(name, label, hint), Name: name, Value: f.value(name)}
}

func (f stepForm) outcomes() component.OptionsField {
	o := component.OptionsField{Field: f.control(arco.FieldOutcome, "Sentido de la respuesta", ""), Name: arco.FieldOutcome, Values: []string{f.value(arco.FieldOutcome)}}
	for _, v := range []arco.Outcome{arco.Granted, arco.Partly, arco.Refused} {
		o.Options = append(o.Options, component.Option{Value: string(v), Label: v.Name()})
	}
	return o
}

func (f stepForm) grounds() component.SelectField {
	s := component.SelectField{
		Field: f.control(arco.FieldGround, "Causal", "Sólo si no procede, o procede en parte."), Name: arco.FieldGround, Value: f.value(arco.FieldGround), Empty: "Ninguna",
	}
	for _, g := range arco.Grounds() {
		s.Options = append(s.Options, component.Option{Value: g.Key, Label: g.Text})
	}
	return s
}

func (f stepForm) file() component.FileField {
	return component.FileField{
		Field: f.control(arco.FieldDocument, "Documento", "Opcional. PDF, JPG o PNG de hasta 8 MB; se guarda cifrado."), Name: arco.FieldDocument,
		Accept: "application/pdf,image/jpeg,image/png",
	}
}

// stepTexts say each step as somebody does it.
var stepTexts = map[arco.StepKind]struct{ title, label, hint, button string }{
	arco.Identify: {"Acreditar la identidad", "Cómo se acreditó", "Por ejemplo: credencial para votar mostrada en persona. No se guarda copia.", "Registrar que se acreditó"},
	arco.Prevent:  {"Prevenir", "Qué falta", "Una sola vez. El plazo para responder se interrumpe.", "Registrar la prevención"},
	arco.Remedy:   {"Prevención atendida", "Qué se entregó y cómo se acreditó la identidad", "El plazo para responder empieza de nuevo.", "Registrar que se atendió"},
	arco.Lapse:    {"Tener por no presentada", "Por qué", "Venció el plazo de la prevención.", "Tener por no presentada"},
	arco.Extend:   {"Ampliar el plazo", "Por qué se amplía", "Una sola vez, y se avisa a quien solicita.", "Ampliar el plazo"},
	arco.Answer:   {"Responder", "Respuesta", "Como se notificó a quien solicita.", "Registrar la respuesta"},
	arco.Fulfil:   {"Hacer efectivo el derecho", "Qué se hizo", "", "Registrar que se hizo"},
}

// story tells the steps, newest first.
func story(steps []arco.Step) []arco.Step {
	out := slices.Clone(steps)
	slices.Reverse(out)
	return out
}

// stepFacts are what a step says besides its text.
func stepFacts(s arco.Step) string {
	text := es.Date(s.On) + ". " + s.By
	if s.Outcome != "" {
		text += ". " + s.Outcome.Name()
	}
	if s.Ground != "" {
		text += ". " + arco.GroundText(s.Ground)
	}
	if s.Committee != "" {
		text += ". Comité de Transparencia: " + s.Committee
	}
	return text
}

func (c ArcoCase) documentPath(s arco.Step) string {
	return ArcoPath(c.Folio, "documento", strconv.FormatInt(s.ID, 10))
}

// ArcoTerms are the terms, the limits and the days off of a process.
type ArcoTerms struct {
	sheet
	arco.Parameters
	DayValues url.Values // of the form of a day, when it was refused
	DayKey    string
}

// NewArcoTerms returns the page of the terms with what was typed.
func NewArcoTerms(f RegistryFrame, p arco.Parameters, keys component.FormKeys, values, day url.Values, dayKey string) ArcoTerms {
	return ArcoTerms{sheet{f, keys, values}, p, day, dayKey}
}

func (t ArcoTerms) number(f arco.TermField) component.TextField {
	line := t.line(f.ID, f.Label, f.Hint)
	line.Width, line.InputMode = component.Short, "numeric"
	return line
}

func (t ArcoTerms) dayField(id, label, hint string, width component.Width) component.TextField {
	return component.TextField{Field: t.field(id, label, hint), Value: t.DayValues.Get(id), Width: width}
}

// ArcoCounts are the requests of a process in numbers.
type ArcoCounts struct {
	RegistryFrame
	arco.Counts
}

func (c ArcoCounts) byState() component.Figures {
	f := component.Figures{Caption: "Solicitudes por estado", Head: []string{"Estado", "Solicitudes"}, Numeric: []bool{false, true}}
	for _, s := range arco.States() {
		f.Rows = append(f.Rows, []string{arcoState(s).Text, es.Int(c.State[s])})
	}
	return f
}

func (c ArcoCounts) byRight() component.Figures {
	f := component.Figures{Caption: "Solicitudes por derecho", Head: []string{"Derecho", "Solicitudes"}, Numeric: []bool{false, true}}
	for _, r := range arco.Rights() {
		f.Rows = append(f.Rows, []string{r.Name(), es.Int(c.Right[r])})
	}
	return f
}
