package deskpage

import (
	"fmt"

	"github.com/a-h/templ"

	"conoceles/internal/desk/operation"
	"conoceles/web/component"
	"conoceles/web/es"
)

// OperationHome is where what is watched of the system is.
const OperationHome = "/administracion/respaldos"

func gaugeTable(list []operation.Gauge) component.Table {
	t := component.Table{Caption: "Lo que se vigila", Columns: []component.Column{{Title: "Qué"}, {Title: "Cómo está"}, {Title: "Qué hacer"}}}
	for _, g := range list {
		what := "Nada"
		if g.Raised {
			what = g.Mend
		}
		t.Rows = append(t.Rows, component.Row{Title: g.Name, Marked: g.Raised, Cells: []templ.Component{component.Words(g.State), component.Words(what)}})
	}
	return t
}

func backupTable(list []operation.Backup) component.Table {
	var rows [][]string
	for _, b := range list {
		kind := "Respaldo"
		if b.Kind == "restauracion" {
			kind = "Restauración"
		}
		rows = append(rows, []string{
			es.FullDateTime(b.At), kind, es.FullDateTime(b.TakenAt), fmt.Sprintf("%d tablas, %s", b.Tables, es.Plural(int(b.Rows), "renglón", "renglones")),
			fmt.Sprintf("%.1f MB", float64(b.Bytes)/1e6), fmt.Sprintf("%.1f s", b.Seconds),
		})
	}
	t := component.WordTable("Respaldos y restauraciones", []string{"Cuándo", "Qué", "Corte de sus datos", "Qué copió", "Tamaño", "Tardó"}, rows)
	t.Empty = "Esta base de datos todavía no se ha respaldado."
	return t
}
