package deskpage

import (
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"conoceles/internal/desk/registry"
	"conoceles/web/component"
	"conoceles/web/es"
)

// Names of the fields with which a list is sent.
const (
	ListFile     = "archivo"
	ListBasis    = "acuerdo"
	ListDate     = "fecha_acuerdo"
	ListCreate   = "crear_actores"
	ListRejected = "aceptar_rechazos"
)

// RegistryLists sends a list and shows those loaded.
type RegistryLists struct {
	RegistryFrame
	Keys    component.FormKeys
	Values  url.Values
	Imports []registry.Import
}

func (l RegistryLists) field(id, label, hint string) component.Field {
	return component.Field{ID: id, Label: label, Hint: hint, Error: l.errorOf(id)}
}

func (l RegistryLists) create() component.OptionsField {
	return component.OptionsField{
		Field: component.Field{ID: ListCreate, Label: "Actores que falten"}, Many: component.ChooseSeveral, Values: l.Values[ListCreate],
		Options: []component.Option{{
			Value: "si", Label: "Crear los partidos, coaliciones y candidaturas independientes que no estén en el catálogo",
			Hint: "Quedan marcados «por verificar». Sin esto, sus filas se rechazan.",
		}},
	}
}

// RegistryDryRun is what a list would do.
type RegistryDryRun struct {
	RegistryFrame
	registry.Result
	File       string
	Address    string // of this page, with what was chosen
	ErrorsHref string // address of the rejections as CSV
	Keys       component.FormKeys
}

// shown is how many rows of each group the page lists: the rest are in the file.
const shown = 50

func (d RegistryDryRun) figures() []component.KPI {
	return []component.KPI{
		{Figure: es.Int(d.New), Label: "Nuevas"},
		{Figure: es.Int(d.Changed), Label: "Cambiadas"},
		{Figure: es.Int(d.Unchanged), Label: "Sin cambio"},
		{Figure: es.Int(d.Rejected), Label: "Rechazadas"},
	}
}

func (d RegistryDryRun) submit() string {
	if d.Rejected > 0 {
		return "Cargar sólo las filas buenas"
	}
	return "Cargar la lista"
}

// worth reports whether there is anything to load.
func (d RegistryDryRun) worth() bool { return d.New+d.Changed > 0 }

func remarkTable(caption string, remarks []registry.Remark) component.Table {
	var rows [][]string
	for _, r := range remarks[:min(shown, len(remarks))] {
		row := "Todo el archivo"
		if r.Row > 0 {
			row = strconv.Itoa(r.Row)
		}
		rows = append(rows, []string{row, r.Column, r.Text})
	}
	return component.WordTable(caption, []string{"Fila", "Columna", "Motivo"}, rows)
}

func lineTable(caption, what string, lines []registry.Line) component.Table {
	var rows [][]string
	for _, l := range lines[:min(shown, len(lines))] {
		rows = append(rows, []string{strconv.Itoa(l.Row), l.Name, l.What})
	}
	return component.WordTable(caption, []string{"Fila", "Persona", what}, rows)
}

// rest says how many rows a table leaves out, "" when none.
func rest(total int) string {
	if total <= shown {
		return ""
	}
	return "Se muestran las primeras " + es.Int(shown) + " de " + es.Int(total) + "."
}

// RegistryDaily is the list of movements of a day for INE.
type RegistryDaily struct {
	RegistryFrame
	Day       time.Time
	Movements []registry.Movement
}

func (d RegistryDaily) date() string { return d.Day.Format(time.DateOnly) }

func (d RegistryDaily) table() component.Table {
	t := component.Table{
		Caption: "Movimientos del día", Empty: "Ese día no hubo movimientos.",
		Columns: []component.Column{{Title: "Persona"}, {Title: "Movimiento"}, {Title: "Cargo"}, {Title: "Actor"}, {Title: "Acuerdo"}},
	}
	for _, m := range d.Movements[:min(shown, len(d.Movements))] {
		what := m.What
		if m.NewName != "" {
			what += ": entra " + m.NewName + " (" + m.NewFolio + ")"
		}
		t.Rows = append(t.Rows, component.Row{
			Title: m.Name, Note: m.Folio, Href: registryPath(m.Folio),
			Cells: []templ.Component{
				component.Words(what), component.Words(m.Office + ", " + m.Place), component.Words(m.Nominator), component.Words(m.Acuerdo),
			},
		})
	}
	return t
}
