package deskpage

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"conoceles/internal/desk/agenda"
	"conoceles/web/component"
	"conoceles/web/es"
)

// AgendaHome is where the agenda is.
const AgendaHome = "/agenda"

// AgendaPath is the address of a line of the agenda or of something of it.
func AgendaPath(number int, more ...string) string {
	return strings.Join(append([]string{AgendaHome, strconv.Itoa(number)}, more...), "/")
}

// MonthPath is the address of a month of the agenda.
func MonthPath(m time.Time) string { return AgendaHome + "/mes/" + m.Format("2006-01") }

// MonthlyPath is the address of the monthly report, or of something of it.
func MonthlyPath(m time.Time, more ...string) string {
	return strings.Join(append([]string{AgendaHome, "informe", m.Format("2006-01")}, more...), "/")
}

// AgendaFilter is what to look for in the agenda.
type AgendaFilter struct {
	Text  string
	Kind  agenda.Kind  // "" is any
	State agenda.State // "" is any
}

// Agenda is a page of the agenda.
type Agenda struct {
	RegistryFrame
	agenda.Agenda
	AgendaFilter
	Found []agenda.Item // of all of them, those of the filter
	Page  int
	Keeps bool   // whoever looks writes
	Key   string // of the form that loads the plan
}

// agendaSize is how many lines a page has.
const agendaSize = 25

// NewAgenda returns a page of the lines that the filter lets through.
func NewAgenda(f RegistryFrame, all agenda.Agenda, filter AgendaFilter, page int, keeps bool, key string) Agenda {
	a := Agenda{RegistryFrame: f, Agenda: all, AgendaFilter: filter, Page: page, Keeps: keeps, Key: key}
	text := plain(filter.Text)
	for _, i := range all.Items {
		if (filter.Kind == "" || i.Kind == filter.Kind) && (filter.State == "" || all.StateOf(i) == filter.State) &&
			strings.Contains(plain(i.Name()+" "+i.Detail+" "+i.Area), text) {
			a.Found = append(a.Found, i)
		}
	}
	return a
}

// plain is a text as it is searched: in lower case and without accents.
func plain(text string) string {
	return strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u").Replace(strings.ToLower(text))
}

func (a Agenda) figures() []component.KPI {
	var out []component.KPI
	for _, s := range []agenda.State{agenda.Overdue, agenda.Soon, agenda.Done, agenda.Late} {
		out = append(out, component.KPI{Figure: es.Int(a.Count(s)), Label: s.Title()})
	}
	return out
}

func (a Agenda) query(page int) string {
	q := url.Values{}
	for name, v := range map[string]string{"q": a.Text, "clase": string(a.Kind), "estado": string(a.State)} {
		if v != "" {
			q.Set(name, v)
		}
	}
	if page > 1 {
		q.Set("pagina", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return AgendaHome
	}
	return AgendaHome + "?" + q.Encode()
}

func (a Agenda) pages() component.Pages {
	return component.NewPages(a.Page, len(a.Found), agendaSize, a.query)
}

func (a Agenda) kinds() component.SelectField {
	f := component.SelectField{Field: component.Field{ID: "clase", Label: "Qué es"}, Value: string(a.Kind), Empty: "Todo"}
	for _, k := range agenda.Kinds() {
		f.Options = append(f.Options, component.Option{Value: string(k), Label: k.Title()})
	}
	return f
}

func (a Agenda) states() component.SelectField {
	f := component.SelectField{Field: component.Field{ID: "estado", Label: "Estado"}, Value: string(a.State), Empty: "Todos"}
	for _, s := range agenda.States() {
		f.Options = append(f.Options, component.Option{Value: string(s), Label: s.Title()})
	}
	return f
}

func (a Agenda) table() component.Table {
	t := component.Table{
		Caption: "Agenda", Empty: "Nada coincide.",
		Columns: []component.Column{{Title: "Actividad o entregable", Short: "Actividad"}, {Title: "Responsable"}, {Title: "Qué sigue"}, {Title: "Estado"}, {Title: "Documentos"}, {Title: "Oficio"}},
	}
	first := min(max(a.Page-1, 0)*agendaSize, len(a.Found))
	for _, i := range a.Found[first:min(first+agendaSize, len(a.Found))] {
		next, oficio := "Nada", "—"
		if s, ok := i.Next(); ok {
			next = s.Kind.Title() + ", " + latestText(s.Due)
		}
		if s, ok := i.Dispatched(); ok {
			oficio = s.Document
		}
		state := a.StateOf(i)
		t.Rows = append(t.Rows, component.Row{
			Title: i.Title, Note: i.Key() + ". " + i.Period(), Href: AgendaPath(i.Number), Marked: state == agenda.Overdue,
			Cells: []templ.Component{
				component.Words(i.Area), component.Words(next), component.StateTag(agendaState(state)), component.Words(es.Int(i.Documents)), component.Words(oficio),
			},
		})
	}
	return t
}

func latestText(due time.Time) string {
	if due.IsZero() {
		return "sin fecha"
	}
	return "a más tardar el " + dayText(due)
}

// agendaState is the tag of a state.
func agendaState(s agenda.State) component.Tag {
	t := component.Tag{Text: s.Title()}
	switch s {
	case agenda.Done:
		t.Tone, t.Icon = component.Good, component.IconCheck
	case agenda.Late:
		t.Tone, t.Icon = component.Plain, component.IconCheck
	case agenda.Overdue:
		t.Tone, t.Icon = component.Bad, component.IconWarning
	case agenda.Soon:
		t.Tone, t.Icon = component.Attention, component.IconHalf
	case agenda.Waived:
		t.Tone, t.Icon = component.Absent, component.IconCross
	default:
		t.Tone, t.Icon = component.Absent, component.IconEmpty
	}
	return t
}

// AgendaMonth is a month of the agenda.
type AgendaMonth struct {
	RegistryFrame
	Month time.Time
	Weeks [][7]agenda.Day
}

// Name is the month in words.
func (m AgendaMonth) Name() string {
	return es.Month(m.Month.Month()) + " de " + strconv.Itoa(m.Month.Year())
}

func (m AgendaMonth) other(months int) AgendaMonth {
	return AgendaMonth{Month: m.Month.AddDate(0, months, 0)}
}

// weekdays are the columns of a month.
var weekdays = []string{"Lunes", "Martes", "Miércoles", "Jueves", "Viernes", "Sábado", "Domingo"}

func (m AgendaMonth) weekName(n int) string { return fmt.Sprintf("Semana %d", n+1) }

func (m AgendaMonth) table() component.Table {
	t := component.Table{Caption: "Lo que vence en " + m.Name(), Columns: []component.Column{{Title: "Semana"}}}
	for _, d := range weekdays {
		t.Columns = append(t.Columns, component.Column{Title: d})
	}
	for n, week := range m.Weeks {
		row := component.Row{Title: m.weekName(n)}
		for _, d := range week {
			row.Cells = append(row.Cells, agendaDay(d))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
