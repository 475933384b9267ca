package deskpage

import (
	"net/url"

	"github.com/a-h/templ"

	"conoceles/internal/desk/settings"
	"conoceles/web/component"
	"conoceles/web/es"
)

// Changes is a page of the register of changes.
type Changes struct {
	RegistryFrame
	settings.Filter
	Changes []settings.Change
	Total   int
	Reads   bool // whoever looks reads the parameters too
}

func (c Changes) address(show string, page int) string {
	q := url.Values{}
	if show != "" {
		q.Set("ver", show)
	}
	if page > 1 {
		q.Set("pagina", es.Int(page))
	}
	if len(q) == 0 {
		return ChangesHome
	}
	return ChangesHome + "?" + q.Encode()
}

func (c Changes) tabs() []component.Tab {
	var out []component.Tab
	for _, t := range []struct{ show, label string }{{"", "Todos"}, {settings.Waiting, "Por confirmar"}, {settings.Owing, "Por informar al INE"}} {
		out = append(out, component.Tab{Label: t.label, Href: c.address(t.show, 1), Current: t.show == c.Show})
	}
	return out
}

func (c Changes) pages() component.Pages {
	return component.NewPages(max(c.Page, 1), c.Total, c.Size, func(n int) string { return c.address(c.Show, n) })
}

func (c Changes) table() component.Table {
	t := component.Table{
		Caption: "Control de cambios", Empty: "No hay cambios.",
		Columns: []component.Column{{Title: "Cambio"}, {Title: "Motivo"}, {Title: "Quién y cuándo"}, {Title: "Estado"}, {Title: "Informe al INE"}},
	}
	for _, one := range c.Changes {
		t.Rows = append(t.Rows, component.Row{
			Title: one.Title, Note: es.Int(int(one.ID)), Href: ChangePath(one.ID), Marked: one.Waits() || one.Owed(),
			Cells: []templ.Component{
				component.Words(one.Reason), component.Words(one.ProposedBy + ", " + es.FullDateTime(one.ProposedAt)),
				component.StateTag(changeState(one)), component.Words(toldINE(one)),
			},
		})
	}
	return t
}

func changeState(c settings.Change) component.Tag { return actState(c.State) }

// toldINE says whether INE is told of a change.
func toldINE(c settings.Change) string {
	switch {
	case c.ReportedOn != nil:
		return "Informado el " + dayText(*c.ReportedOn) + ", " + c.Oficio
	case c.DueOn != nil:
		return "Por informar a más tardar el " + dayText(*c.DueOn)
	case c.Waits():
		return "Cuando se confirme"
	}
	return "No se informa"
}

// SettingDecision is a change and its decision.
type SettingDecision struct {
	sheet
	settings.Change
	Effects []string
	Problem string // why it cannot be confirmed now
	Own     bool   // whoever looks proposed it
	May     bool   // whoever looks may decide it
	Tells   bool   // whoever looks tells INE
}

// NewSettingDecision returns the page of a change.
func NewSettingDecision(f RegistryFrame, c settings.Change, keys component.FormKeys, values url.Values) SettingDecision {
	return SettingDecision{sheet: sheet{f, keys, values}, Change: c}
}

func (d SettingDecision) facts() []component.Fact {
	facts := []component.Fact{{Term: "Motivo", Value: d.Reason}}
	add := func(ok bool, term, value string) {
		if ok {
			facts = append(facts, component.Fact{Term: term, Value: value})
		}
	}
	if d.AcuerdoOn != nil {
		add(true, "Acuerdo", d.Acuerdo+", del "+dayText(*d.AcuerdoOn))
	}
	if !d.TwoPersons {
		add(true, "Cambió", d.ProposedBy+", "+es.FullDateTime(d.ProposedAt))
	} else {
		add(true, "Propuso", d.ProposedBy+", "+es.FullDateTime(d.ProposedAt))
		if d.DecidedAt != nil {
			add(d.State == "confirmado", "Confirmó", d.DecidedBy+", "+es.FullDateTime(*d.DecidedAt))
			add(d.State == "desechado", "Desechó", d.DecidedBy+", "+es.FullDateTime(*d.DecidedAt)+". "+d.Discarded)
		}
	}
	add(d.State == "confirmado", "Informe al INE", toldINE(d.Change))
	return facts
}

func (d SettingDecision) pairs() component.Figures {
	f := component.Figures{Caption: "Lo que cambia", Head: []string{"Dato", "Antes", "Después"}}
	for _, p := range d.Pairs() {
		f.Rows = append(f.Rows, []string{p.Label, p.Before, p.After})
	}
	return f
}
