package deskpage

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"conoceles/internal/desk/audit"
	"conoceles/internal/election"
	"conoceles/web/component"
	"conoceles/web/es"
)

// AuditHome is where the bitácora is.
const AuditHome = "/administracion/bitacora"

// Audit is a page of the bitácora.
type Audit struct {
	RegistryFrame
	audit.Filter
	Entries []audit.Entry
	Total   int
	State   audit.State
	All     bool // whoever looks reads every family of acts
	Values  url.Values
}

// lead says what is here, and what is not.
func (a Audit) lead() string {
	if a.All {
		return "Quién hizo qué y cuándo. Nada se borra ni se cambia, y nunca dice lo que alguien respondió."
	}
	return "Quién hizo qué y cuándo, en lo que te corresponde. Los actos de identidad, consentimientos y derechos ARCO los consulta la persona titular de la Unidad de Transparencia."
}

// sealed says when the chain was sealed last.
func (a Audit) sealed() string {
	if a.State.Sealed.IsZero() {
		return "Todavía no se sella."
	}
	return "El último sello en el registro público es del " + es.FullDateTime(a.State.Sealed.In(election.Zone())) + "."
}

func (a Audit) query(page int) string {
	q := url.Values{}
	for _, name := range []string{"quien", "que", "objeto", "desde", "hasta"} {
		if v := strings.TrimSpace(a.Values.Get(name)); v != "" {
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

// filtered reports whether a filter is set.
func (a Audit) filtered() bool { return a.query(1) != "" }

func (a Audit) pages() component.Pages {
	return component.NewPages(max(a.Page, 1), a.Total, a.Size, func(n int) string { return AuditHome + a.query(n) })
}

func (a Audit) line(id, label, hint string) component.TextField {
	return component.TextField{Field: component.Field{ID: id, Label: label, Hint: hint}, Value: a.Values.Get(id)}
}

func (a Audit) day(id, label string) component.TextField {
	f := a.line(id, label, DayHint)
	f.Width = component.Short
	return f
}

func (a Audit) table() component.Table {
	t := component.Table{
		Caption: "Asientos", Empty: "No hay asientos que coincidan.",
		Columns: []component.Column{{Title: "Qué"}, {Title: "Quién y cuándo"}, {Title: "Sobre qué"}},
	}
	for _, e := range a.Entries {
		note := e.Told()
		if e.ID != 0 {
			note = strings.TrimSuffix("Asiento "+es.Int(int(e.ID))+". "+note, " ")
		}
		t.Rows = append(t.Rows, component.Row{Title: es.Act(e.Kind), Note: note, Cells: []templ.Component{
			component.Words(actedBy(e) + ", " + es.DateTime(e.At.In(election.Zone()))), component.Words(es.Capital(e.Object)),
		}})
	}
	return t
}

// actedBy says who acted and as what.
func actedBy(e audit.Entry) string {
	role := strings.Replace(e.Role, "sistema:", "Sistema: ", 1)
	if e.Who == "" {
		return es.Capital(role)
	}
	return e.Who + " (" + role + ")"
}
