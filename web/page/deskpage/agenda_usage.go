package deskpage

import (
	"net/url"
	"time"

	"conoceles/internal/desk/usage"
	"conoceles/web/component"
	"conoceles/web/es"
)

// UsagePath is where the use of the site is read.
const UsagePath = "/agenda/uso"

// Usage is what report R-10 keeps, as it is now.
type Usage struct {
	RegistryFrame
	usage.Report
	Reads bool // whoever looks reads the reports that keep it
}

func (u Usage) figures() []component.KPI {
	return []component.KPI{
		{Figure: es.Int(u.Visits), Label: "Visitas"},
		{Figure: es.Int(u.Pages), Label: "Páginas vistas"},
		{Figure: es.Int(u.Files), Label: "Archivos descargados"},
		{Figure: es.Int(u.Calls), Label: "Consultas de la API"},
	}
}

// path is the address of the same days in another form.
func (u Usage) path(extension string) string {
	q := url.Values{}
	for name, day := range map[string]time.Time{"desde": u.From, "hasta": u.Until} {
		if !day.IsZero() {
			q.Set(name, day.Format(time.DateOnly))
		}
	}
	if len(q) == 0 {
		return UsagePath + extension
	}
	return UsagePath + extension + "?" + q.Encode()
}

func (u Usage) day(id, label string, day time.Time) component.TextField {
	f := component.TextField{Field: component.Field{ID: id, Label: label, Hint: DayHint}, Width: component.Short}
	if !day.IsZero() {
		f.Value = day.Format("02/01/2006")
	}
	return f
}

func (u Usage) classes() component.Bars {
	b := component.Bars{Caption: "Veces por clase de página", Label: "Clase", Value: "Veces"}
	most := 0
	for _, n := range u.ByClass {
		most = max(most, n)
	}
	for _, c := range usage.Classes() {
		b.Rows = append(b.Rows, component.Bar{Label: c.Title(), Part: u.ByClass[c], Total: most, Text: es.Int(u.ByClass[c])})
	}
	return b
}

func (u Usage) days() component.Table {
	var rows [][]string
	for _, d := range u.Days {
		rows = append(rows, []string{dayText(d.Day), es.Int(d.Visits), es.Int(d.Pages), es.Int(d.Files), es.Int(d.Calls)})
	}
	return component.WordTable("Uso por día", []string{"Fecha", "Visitas", "Páginas", "Descargas", "API"}, rows)
}
