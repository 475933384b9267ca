package deskpage

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"conoceles/internal/desk/docket"
	"conoceles/web/component"
	"conoceles/web/es"
)

// DocketHome is where the registers of the unit are; each has its own page.
const DocketHome = "/transparencia/registros"

// DocketPath is the address of a register or of something in it.
func DocketPath(k docket.Kind, more ...string) string {
	path := DocketHome + "/" + string(k)
	for _, m := range more {
		path += "/" + m
	}
	return path
}

// sheet is a form of the desk: what was typed in it and what there is to mend.
type sheet struct {
	RegistryFrame
	Keys   component.FormKeys
	Values url.Values
}

func (s sheet) field(id, label, hint string) component.Field {
	return component.Field{ID: id, Label: label, Hint: hint, Error: s.errorOf(id)}
}

func (s sheet) line(id, label, hint string) component.TextField {
	return component.TextField{Field: s.field(id, label, hint), Value: s.Values.Get(id)}
}

func (s sheet) day(id, label, hint string) component.TextField {
	if hint != "" {
		hint += " "
	}
	f := s.line(id, label, hint+DayHint)
	f.Width = component.Short
	return f
}

func (s sheet) area(id, label, hint string) component.TextAreaField {
	return component.TextAreaField{Field: s.field(id, label, hint), Value: s.Values.Get(id)}
}

func (s sheet) document(id, label, hint string) component.FileField {
	return component.FileField{Field: s.field(id, label, hint), Accept: "application/pdf,image/jpeg,image/png"}
}

// Docket is a page of one of the registers.
type Docket struct {
	RegistryFrame
	docket.Filter
	Kinds    []docket.Kind // that whoever looks reads
	Versions []docket.Version
	Total    int
	Keeps    bool // whoever looks writes
	Values   url.Values
}

func (d Docket) tabs() []component.Tab {
	var tabs []component.Tab
	for _, k := range d.Kinds {
		tabs = append(tabs, component.Tab{Label: k.Title(), Href: DocketPath(k), Current: k == d.Kind})
	}
	return tabs
}

// query is the filter as an address has it.
func (d Docket) query(page int) string {
	q := url.Values{}
	for _, name := range []string{"q", "estado", "desde", "hasta"} {
		if v := d.Values.Get(name); v != "" {
			q.Set(name, v)
		}
	}
	if page > 1 {
		q.Set("pagina", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

func (d Docket) pages() component.Pages {
	return component.NewPages(max(d.Page, 1), d.Total, d.Size, func(n int) string { return DocketPath(d.Kind) + d.query(n) })
}

func (d Docket) answers() component.SelectField {
	return component.SelectField{
		Field: component.Field{ID: "estado", Label: "Estado"}, Value: string(d.Answer), Empty: "Todos",
		Options: []component.Option{{Value: string(docket.Unanswered), Label: "Pendientes"}, {Value: string(docket.Answered), Label: "Atendidos"}},
	}
}

func (d Docket) day(id, label string) component.TextField {
	return component.TextField{Field: component.Field{ID: id, Label: label, Hint: DayHint}, Value: d.Values.Get(id), Width: component.Short}
}

func (d Docket) table() component.Table {
	t := component.Table{
		Caption: d.Kind.Title(), Empty: "No hay registros que coincidan.",
		Columns: []component.Column{{Title: "Asunto"}, {Title: "Fecha"}, {Title: "Estado"}, {Title: "Versión"}, {Title: "Registró"}},
	}
	for _, v := range d.Versions {
		t.Rows = append(t.Rows, component.Row{
			Title: v.Subject, Note: "Número " + es.Int(v.Number), Href: DocketPath(d.Kind, strconv.Itoa(v.Number)), Marked: !v.Answered(),
			Cells: []templ.Component{
				component.Words(dayText(v.HappenedOn)), component.StateTag(docketState(v)), component.Words(es.Int(v.Version)),
				component.Words(v.By + ", " + es.DateTime(v.At)),
			},
		})
	}
	return t
}

func docketState(v docket.Version) component.Tag {
	if v.Answered() {
		return component.Tag{Text: "Atendido", Tone: component.Good, Icon: component.IconCheck}
	}
	return component.Tag{Text: "Pendiente", Tone: component.Attention, Icon: component.IconHalf}
}

// DocketForm adds an entry to a register, or a version to one of its entries.
type DocketForm struct {
	sheet
	Kind   docket.Kind
	Number int // 0: another entry
}

// NewDocketForm returns the form of a register with what was typed.
func NewDocketForm(f RegistryFrame, k docket.Kind, number int, keys component.FormKeys, values url.Values) DocketForm {
	return DocketForm{sheet{f, keys, values}, k, number}
}

func (f DocketForm) action() string {
	if f.Number == 0 {
		return DocketPath(f.Kind, "nuevo")
	}
	return DocketPath(f.Kind, strconv.Itoa(f.Number))
}

// DocketEntry is an entry with all its versions, and the form that amends it.
type DocketEntry struct {
	RegistryFrame
	Kind     docket.Kind
	Versions []docket.Version // the last one first
	Form     *DocketForm      // nil for whoever only reads
}

func (e DocketEntry) last() docket.Version { return e.Versions[0] }

// said lists what a version says in the words of its register.
func (e DocketEntry) said(v docket.Version) []component.SummaryItem {
	var out []component.SummaryItem
	for _, f := range e.Kind.Fields() {
		item := component.SummaryItem{Term: f.Label, Blank: "Pendiente"}
		if value := v.Value(f.ID); value != "" {
			item.Values = []string{value}
		}
		out = append(out, item)
	}
	return out
}

func (e DocketEntry) documentPath(v docket.Version) string {
	return DocketPath(e.Kind, strconv.Itoa(v.Number), "documento") + "?version=" + strconv.Itoa(v.Version)
}

// author says who wrote a version and why.
func author(v docket.Version) string {
	text := "Versión " + es.Int(v.Version) + ". " + v.By + ", " + es.FullDateTime(v.At)
	if v.Reason != "" {
		text += ". Motivo: " + v.Reason
	}
	return text
}
