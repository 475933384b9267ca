package deskpage

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"conoceles/internal/desk/consent"
	"conoceles/web/component"
	"conoceles/web/es"
)

// TransparencyHome is what waits at the Unidad de Transparencia.
type TransparencyHome struct {
	RegistryFrame
	Register consent.Register // the consents that wait longest
	Letters  int              // to print
}

func (h TransparencyHome) figures() []component.KPI {
	count := h.Register.Counts
	return []component.KPI{
		{Figure: es.Int(count[consent.Waiting]), Label: "Documentos por verificar"},
		{Figure: es.Int(count[consent.NoDocument]), Label: "Sin documento firmado"},
		{Figure: es.Int(h.Letters), Label: "Cartas por imprimir"},
	}
}

// ConsentRegister is a page of the register of consents.
type ConsentRegister struct {
	RegistryFrame
	consent.Filter
	Register consent.Register
}

// Stages are the filters of a register, in order.
func Stages() []consent.Stage {
	return []consent.Stage{consent.Waiting, consent.NoDocument, consent.Confirmed, consent.Refused, consent.Gone, consent.Undecided}
}

// registerStage is the tag of a stage.
func registerStage(s consent.Stage) component.Tag {
	switch s {
	case consent.NoDocument:
		return component.Tag{Text: "Falta el documento", Tone: component.Absent, Icon: component.IconEmpty}
	case consent.Waiting:
		return component.Tag{Text: "Por verificar", Tone: component.Attention, Icon: component.IconHalf}
	case consent.Confirmed:
		return component.Tag{Text: "Verificado", Tone: component.Good, Icon: component.IconCheck}
	case consent.Refused:
		return component.Tag{Text: "Rechazado", Tone: component.Bad, Icon: component.IconWarning}
	case consent.Gone:
		return component.Tag{Text: "Retirado", Tone: component.Absent, Icon: component.IconCross}
	}
	return component.Tag{Text: "Sin decidir", Tone: component.Absent, Icon: component.IconEmpty}
}

// mediumWord says how something arrived.
func mediumWord(m consent.Medium) string {
	switch m {
	case consent.OnPaper:
		return "Por escrito"
	case consent.InPerson:
		return "En persona"
	case consent.ByLink:
		return "Por el enlace del aviso"
	}
	return "En línea"
}

func yesOrNo(yes bool) string {
	if yes {
		return "Sí"
	}
	return "No"
}

// decided says the three decisions in the order of the format.
func decided(d *consent.Declarations) string {
	if d == nil {
		return "—"
	}
	return "1 " + yesOrNo(d.Processing) + " · 2 " + yesOrNo(d.Publication) + " · 3 " + yesOrNo(d.Statistics)
}

func (c ConsentRegister) address(stage consent.Stage, page int) string {
	q := url.Values{}
	if c.Text != "" {
		q.Set("q", c.Text)
	}
	if stage != "" {
		q.Set("etapa", string(stage))
	}
	if page > 1 {
		q.Set("pagina", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return "/transparencia/consentimientos"
	}
	return "/transparencia/consentimientos?" + q.Encode()
}

func (c ConsentRegister) tabs() []component.Tab {
	all := 0
	for _, n := range c.Register.Counts {
		all += n
	}
	tabs := []component.Tab{{Label: "Todos", Href: c.address("", 1), Current: c.Stage == "", Count: all, Counted: true}}
	for _, s := range Stages() {
		tabs = append(tabs, component.Tab{
			Label: registerStage(s).Text, Href: c.address(s, 1), Current: s == c.Stage, Count: c.Register.Counts[s], Counted: true,
		})
	}
	return tabs
}

// totals are the decisions that stand (report R-9).
func (c ConsentRegister) totals() []component.KPI {
	t := c.Register.Totals
	return []component.KPI{
		{Figure: es.Of(t.Processing, t.Decided), Label: "Autorizan el tratamiento (1)"},
		{Figure: es.Of(t.Publication, t.Decided), Label: "Autorizan publicar (2)"},
		{Figure: es.Of(t.Statistics, t.Decided), Label: "Autorizan fines estadísticos (3)"},
		{Figure: es.Int(t.Published), Label: "Verificadas y con publicación"},
	}
}

func (c ConsentRegister) pages() component.Pages {
	return component.NewPages(c.Page, c.Register.Total, c.Size, func(n int) string { return c.address(c.Stage, n) })
}

// consentTable lists entries of the register.
func consentTable(entries []consent.Entry) component.Table {
	t := component.Table{
		Caption: "Consentimientos", Empty: "Ninguna candidatura coincide.",
		Columns: []component.Column{
			{Title: "Candidatura"}, {Title: "Etapa"}, {Title: "Medio"}, {Title: "Recibido"}, {Title: "Tratamiento, publicación, estadística", Short: "Decisiones"},
		},
	}
	for _, e := range entries {
		t.Rows = append(t.Rows, component.Row{
			Title: e.Name, Note: e.Folio + " · " + e.Office + ", " + e.Place + " · " + e.Nominator, Href: ConsentPath(e.Folio),
			Marked: e.Stage == consent.Waiting,
			Cells: []templ.Component{
				component.StateTag(entryTag(e)), component.Words(entryMedium(e)), component.Words(entryDay(e)), component.Words(decided(e.Decided)),
			},
		})
	}
	return t
}

func entryTag(e consent.Entry) component.Tag {
	if e.Outdated {
		return component.Tag{Text: "Verificado, con respuestas nuevas", Tone: component.Attention, Icon: component.IconWarning}
	}
	return registerStage(e.Stage)
}

func entryMedium(e consent.Entry) string {
	if e.Decided == nil {
		return "—"
	}
	return mediumWord(e.Medium)
}

func entryDay(e consent.Entry) string {
	if e.Received.IsZero() {
		return "—"
	}
	return dayText(e.Received)
}

// ConsentPath is the address of a candidacy in the register.
func ConsentPath(folio string, more ...string) string {
	path := "/transparencia/consentimientos/" + url.PathEscape(folio)
	for _, m := range more {
		path += "/" + m
	}
	return path
}
