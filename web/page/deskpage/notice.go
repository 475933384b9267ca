package deskpage

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"conoceles/internal/desk/duty"
	"conoceles/internal/fault"
	"conoceles/web/component"
	"conoceles/web/es"
)

// The addresses of requirements.
const (
	NoticesHome         = "/transparencia/requerimientos"
	NoticeSettingsPath  = NoticesHome + "/textos"
	ReceivedNoticesHome = "/captura/requerimientos"
)

// NoticePath is the address of a requirement in the unit's tray, or of something
// in it.
func NoticePath(id int64, more ...string) string { return numbered(NoticesHome, id, more) }

// ReceivedNoticePath is the address of a requirement for whoever received it.
func ReceivedNoticePath(id int64, more ...string) string {
	return numbered(ReceivedNoticesHome, id, more)
}

func numbered(home string, id int64, more []string) string {
	return strings.Join(append([]string{home, strconv.FormatInt(id, 10)}, more...), "/")
}

// NoticeTray is a page of requirements.
type NoticeTray struct {
	RegistryFrame
	duty.Filter
	duty.Tray
	Head    bool
	Results []duty.Result
	Keys    component.FormKeys
}

func (t NoticeTray) address(state duty.State, addressee duty.Addressee, page int) string {
	q := url.Values{}
	if state != duty.Draft {
		q.Set("estado", string(state))
	}
	if addressee != "" {
		q.Set("destinatario", string(addressee))
	}
	if page > 1 {
		q.Set("pagina", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return NoticesHome
	}
	return NoticesHome + "?" + q.Encode()
}

// noticeStates says each state as the tray's tabs do.
var noticeStates = map[duty.State]string{duty.Draft: "Borradores", duty.Proposed: "Por enviar", duty.Sent: "Enviados", duty.Void: "Sin efecto"}

func (t NoticeTray) tabs() []component.Tab {
	var tabs []component.Tab
	for _, s := range duty.States() {
		tabs = append(tabs, component.Tab{
			Label: noticeStates[s], Href: t.address(s, t.Addressee, 1), Current: s == t.State, Count: t.Counts[s], Counted: true,
		})
	}
	return tabs
}

// addresseeNames says to whom, in plural.
var addresseeNames = map[duty.Addressee]string{
	duty.ToParty: "Partidos y coaliciones", duty.ToIndependent: "Candidaturas independientes", duty.ToCandidate: "Personas candidatas",
}

func (t NoticeTray) addressees() []component.Tab {
	tabs := []component.Tab{{Label: "Todos", Href: t.address(t.State, "", 1), Current: t.Addressee == ""}}
	for _, a := range duty.Addressees() {
		tabs = append(tabs, component.Tab{Label: addresseeNames[a], Href: t.address(t.State, a, 1), Current: a == t.Addressee})
	}
	return tabs
}

func (t NoticeTray) pages() component.Pages {
	return component.NewPages(t.Page, t.Total, t.Size, func(n int) string { return t.address(t.State, t.Addressee, n) })
}

// batch is the act that may be done to several of the requirements listed; "" when
// none may.
func (t NoticeTray) batch() (action, label string) {
	switch {
	case len(t.Notices) == 0 || t.Over != nil:
	case t.State == duty.Draft:
		return NoticesHome + "/proponer", "Proponer los elegidos"
	case t.State == duty.Proposed && t.Head:
		return NoticesHome + "/enviar", "Enviar los elegidos"
	}
	return "", ""
}

func (t NoticeTray) table() component.Table {
	out := component.Table{
		Caption: noticeStates[t.State], Empty: "No hay requerimientos en este estado.",
		Columns: []component.Column{{Title: "Destinatario"}, {Title: "Candidaturas"}, {Title: t.thirdColumn()}},
	}
	_, label := t.batch()
	if label != "" {
		out.Columns = append(out.Columns, component.Column{Title: "Elegir"})
	}
	if t.State == duty.Sent {
		out.Columns = append(out.Columns, component.Column{Title: "Acuse"}, component.Column{Title: "Atención"})
	}
	for _, n := range t.Notices {
		r := component.Row{
			Title: n.To, Note: noticeNote(n), Href: NoticePath(n.ID), Marked: n.State == duty.Sent && n.AcknowledgedAt == nil,
			Cells: []templ.Component{component.Words(es.Int(n.Candidacies)), component.Words(t.third(n))},
		}
		if label != "" {
			verb, _, _ := strings.Cut(label, " ")
			r.Cells = append(r.Cells, noticeChooser(n, verb))
		}
		if n.State == duty.Sent {
			r.Cells = append(r.Cells, component.StateTag(acknowledged(n)), component.StateTag(attended(n, t.Now)))
		}
		out.Rows = append(out.Rows, r)
	}
	return out
}

func (t NoticeTray) thirdColumn() string {
	return map[duty.State]string{duty.Draft: "Desde", duty.Proposed: "Propuso", duty.Sent: "Oficio", duty.Void: "Desde"}[t.State]
}

func (t NoticeTray) third(n duty.Notice) string {
	switch t.State {
	case duty.Proposed:
		return n.ProposedByName + ", " + n.Oficio
	case duty.Sent:
		return n.Oficio + ", " + es.DateTime(*n.SentAt)
	}
	if n.Reason != "" {
		return es.DateTime(n.CreatedAt) + ". Devuelto: " + n.Reason
	}
	return es.DateTime(n.CreatedAt)
}

// noticeNote says in what quality somebody is addressed.
func noticeNote(n duty.Notice) string {
	switch n.Addressee {
	case duty.ToCandidate:
		return "Persona candidata · " + n.Folio
	case duty.ToIndependent:
		return "Candidatura independiente"
	}
	return "Partido o coalición"
}

func acknowledged(n duty.Notice) component.Tag {
	if n.AcknowledgedAt == nil {
		return component.Tag{Text: "Sin acuse", Tone: component.Attention, Icon: component.IconHalf}
	}
	return component.Tag{Text: es.DateTime(*n.AcknowledgedAt), Tone: component.Good, Icon: component.IconCheck}
}

func attended(n duty.Notice, now time.Time) component.Tag {
	switch {
	case n.Owing == 0:
		return component.Tag{Text: "Atendido", Tone: component.Good, Icon: component.IconCheck}
	case !now.Before(*n.DueAt):
		return component.Tag{Text: "Venció; faltan " + es.Of(n.Owing, n.Candidacies), Tone: component.Bad, Icon: component.IconWarning}
	}
	return component.Tag{Text: "Faltan " + es.Of(n.Owing, n.Candidacies), Tone: component.Plain, Icon: component.IconHalf}
}

// PickedValue names, in a form, a requirement at the version that is on screen.
func PickedValue(n duty.Notice) string {
	return strconv.FormatInt(n.ID, 10) + "-" + strconv.Itoa(n.Version)
}

// failures says what could not be done, and why.
func (t NoticeTray) failures() component.Table {
	out := component.Table{Caption: "Resultado", Columns: []component.Column{{Title: "Requerimiento"}, {Title: "Resultado"}}}
	for _, r := range t.Results {
		text := "Hecho"
		if r.Err != nil {
			text = fault.MessageOf(r.Err)
			if text == "" {
				text = "Ya no está."
			}
		}
		out.Rows = append(out.Rows, component.Row{
			Title: "Requerimiento " + strconv.FormatInt(r.ID, 10), Href: NoticePath(r.ID), Marked: r.Err != nil, Cells: []templ.Component{component.Words(text)},
		})
	}
	return out
}

// NoticeFile is a requirement in the unit's tray.
type NoticeFile struct {
	RegistryFrame
	duty.File
	Account int64
	Head    bool
	Values  url.Values // what was typed, of a form that was refused
	Keys    component.FormKeys
}

// editable reports whether its text may be written.
func (f NoticeFile) editable() bool { return f.State == duty.Draft }

// sendable reports whether this person may send it.
func (f NoticeFile) sendable() bool {
	return f.State == duty.Proposed && f.Head && !f.Over && (f.ProposedBy == nil || *f.ProposedBy != f.Account)
}

func (f NoticeFile) value(id, otherwise string) string {
	if f.Values.Has(id) {
		return f.Values.Get(id)
	}
	return otherwise
}

func (f NoticeFile) field(id, label, hint string) component.Field {
	return component.Field{ID: id, Label: label, Hint: hint, Error: f.errorOf(id)}
}

func (f NoticeFile) tag() component.Tag { return noticeTag(f.State) }

func noticeTag(s duty.State) component.Tag {
	switch s {
	case duty.Proposed:
		return component.Tag{Text: "Por enviar", Tone: component.Attention, Icon: component.IconHalf}
	case duty.Sent:
		return component.Tag{Text: "Enviado", Tone: component.Solid, Icon: component.IconSend}
	case duty.Void:
		return component.Tag{Text: "Sin efecto: se atendió", Tone: component.Absent, Icon: component.IconCheck}
	}
	return component.Tag{Text: "Borrador", Tone: component.Absent, Icon: component.IconEmpty}
}

func (f NoticeFile) facts() []component.Fact {
	facts := []component.Fact{{Term: "Destinatario", Value: f.To + " (" + es.Lower(noticeNote(f.Notice)) + ")"}, {Term: "Identificado", Value: es.FullDateTime(f.CreatedAt)}}
	if f.Oficio != "" {
		facts = append(facts, component.Fact{Term: "Oficio", Value: f.Oficio})
	}
	if f.ProposedAt != nil && f.State != duty.Draft {
		facts = append(facts, component.Fact{Term: "Propuso", Value: f.ProposedByName + ", " + es.DateTime(*f.ProposedAt)})
	}
	if f.State != duty.Sent {
		return facts
	}
	facts = append(facts, component.Fact{Term: "Envió", Value: f.SentByName + ", " + es.FullDateTime(*f.SentAt)},
		component.Fact{Term: "Vence", Value: es.FullDateTime(f.DueAt.Add(-time.Second))})
	return append(facts, component.Fact{Term: "Acuse de recibo", Value: receipt(f.Notice)})
}

// receipt says who acknowledged a requirement, when and how.
func receipt(n duty.Notice) string {
	if n.AcknowledgedAt == nil {
		return "Pendiente"
	}
	how := "en el sistema"
	if n.AckMedium == duty.OnPaper {
		how = "en papel"
	}
	return n.AcknowledgedBy + ", " + how + ", " + es.FullDateTime(*n.AcknowledgedAt)
}

// hashes are what the files of a requirement are proved with.
func hashes(n duty.Notice) []component.Fact {
	return []component.Fact{{Term: "SHA-256 del oficio", Value: n.LetterHash}, {Term: "SHA-256 del anexo", Value: n.AnnexHash}}
}

// mostItems is how many questionnaires a page lists: the annex has them all.
const mostItems = 30

// itemTable lists what a requirement asks for, what is still owed first. link is
// where each candidacy is; nil is nowhere.
func itemTable(f duty.File, link func(folio string) string) component.Table {
	t := component.Table{
		Caption: "Qué se requiere", Empty: "Ya no hay nada que requerir.",
		Columns: []component.Column{{Title: "Candidatura"}, {Title: "Cuestionario"}, {Title: "Qué falta"}},
	}
	if f.State == duty.Sent {
		t.Columns = append(t.Columns, component.Column{Title: "Ahora"})
	}
	items := slices.Clone(f.Items)
	slices.SortStableFunc(items, func(a, b duty.Item) int { return rank(b.Owed) - rank(a.Owed) })
	for _, i := range items[:min(len(items), mostItems)] {
		r := component.Row{
			Title: i.Name, Note: i.Folio + " · " + i.Place,
			Cells: []templ.Component{component.Words(es.Capital(strings.TrimPrefix(i.Questionnaire.Name(), "Cuestionario "))), component.Words(i.Says())},
		}
		if link != nil {
			r.Href = link(i.Folio)
		}
		if f.State == duty.Sent {
			tag := component.Tag{Text: "Atendido", Tone: component.Good, Icon: component.IconCheck}
			if i.Owed {
				tag = component.Tag{Text: "Pendiente", Tone: component.Attention, Icon: component.IconHalf}
			}
			r.Cells = append(r.Cells, component.StateTag(tag))
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

func rank(owed bool) int {
	if owed {
		return 1
	}
	return 0
}

// beyond says how many questionnaires a page does not list, or "".
func beyond(f duty.File) string {
	n := len(f.Items) - mostItems
	if n <= 0 {
		return ""
	}
	return "Y " + es.Plural(n, "cuestionario más", "cuestionarios más") + ". El anexo los dice todos."
}

// textParagraphs are the paragraphs of a letter.
func textParagraphs(text string) []string { return strings.Split(strings.TrimSpace(text), "\n\n") }

// placeholderNames lists the data that a text may have.
func placeholderNames() string {
	var names []string
	for _, p := range duty.Placeholders {
		names = append(names, "{"+p.Name+"}")
	}
	return strings.Join(names, " ")
}

// NoticeSettings are the texts and the terms of requirements.
type NoticeSettings struct {
	RegistryFrame
	Values url.Values
	Keys   component.FormKeys
}

// SettingsForm is the form filled with the settings in force.
func SettingsForm(s duty.Settings) url.Values {
	var reminders []string
	for _, d := range s.Reminders {
		reminders = append(reminders, strconv.Itoa(d))
	}
	v := url.Values{
		duty.DaysField: {strconv.Itoa(s.Days)}, duty.EarlyField: {strconv.Itoa(s.Early)}, duty.RemindersField: {strings.Join(reminders, ", ")}, duty.OficioField: {s.Oficio},
	}
	for _, t := range s.Templates {
		v.Set(duty.FieldOf(duty.SubjectField, t.Addressee), t.Subject)
		v.Set(duty.FieldOf(duty.BodyField, t.Addressee), t.Body)
	}
	return v
}

func (s NoticeSettings) text(id, label, hint string, width component.Width) component.TextField {
	return component.TextField{Field: component.Field{ID: id, Label: label, Hint: hint, Error: s.errorOf(id)}, Value: s.Values.Get(id), Width: width}
}

func (s NoticeSettings) area(a duty.Addressee) component.TextAreaField {
	id := duty.FieldOf(duty.BodyField, a)
	return component.TextAreaField{Field: component.Field{ID: id, Label: "Texto", Error: s.errorOf(id)}, Value: s.Values.Get(id), Rows: 10}
}

// ReceivedNotice is a requirement for whoever received it.
type ReceivedNotice struct {
	CaptureFrame
	duty.File
	Keys component.FormKeys
}

// ReceivedNotices is what somebody who captures received, for their first page.
type ReceivedNotices struct {
	List []duty.Notice
	Now  time.Time
}

// waiting is how many have no acknowledgement.
func (r ReceivedNotices) waiting() int {
	n := 0
	for _, one := range r.List {
		if one.AcknowledgedAt == nil {
			n++
		}
	}
	return n
}

func (r ReceivedNotices) table() component.Table {
	t := component.Table{
		Caption: "Requerimientos", Columns: []component.Column{{Title: "Oficio"}, {Title: "Vence"}, {Title: "Acuse"}, {Title: "Atención"}},
	}
	for _, n := range r.List {
		t.Rows = append(t.Rows, component.Row{
			Title: n.Oficio, Note: n.Subject, Href: ReceivedNoticePath(n.ID), Marked: n.AcknowledgedAt == nil,
			Cells: []templ.Component{
				component.Words(es.Deadline(n.DueAt.Add(-time.Second))), component.StateTag(acknowledged(n)), component.StateTag(attended(n, r.Now)),
			},
		})
	}
	return t
}
