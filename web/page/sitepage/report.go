package sitepage

import (
	"github.com/a-h/templ"

	"conoceles/internal/figures"
	"conoceles/internal/site"
	"conoceles/web/component"
	"conoceles/web/es"
	statement "conoceles/web/figure"
	"conoceles/web/layout"
)

// reportPath is the address of a released report, or of something in it.
func (f Frame) reportPath(c site.ReportCut, more string) string {
	return f.Path("/estadisticas/informes/" + c.Slug() + more)
}

func (f Frame) reportMeta(r site.Report) layout.Meta {
	return f.titled(r.Report.Title+", "+es.Lower(reportName(r.ReportCut)), r.Report.Title+" de "+f.Process.Name+", con corte al "+es.Date(r.ReportCut.At)+".",
		layout.Crumb{Label: "Estadísticas", Href: f.Path("/estadisticas")}, layout.Crumb{Label: "Informe oficial"})
}

// reportName is how a cut is called among those of its report.
func reportName(c site.ReportCut) string {
	if c.Label != "" {
		return c.Label + ", versión " + es.Int(c.Version)
	}
	return "Versión " + es.Int(c.Version)
}

func reportFacts(r site.Report) []component.Fact {
	return []component.Fact{
		{Term: "Corte", Value: es.FullDateTime(r.ReportCut.At)},
		{Term: "Informe", Value: reportName(r.ReportCut)},
		{Term: "Lo aprobó", Value: "Acuerdo " + r.Acuerdo + ", " + es.Date(r.AcuerdoOn)},
		{Term: "Se hizo público", Value: es.Date(r.ReleasedOn)},
	}
}

func (f Frame) reportView(c site.ReportCut, t figures.Table) statement.View {
	file := f.reportPath(c, "/"+t.ID+".csv")
	return statement.View{Table: t, Anchor: "tabla-" + t.ID, CSV: file, Whole: file}
}

// reportTable lists the released reports.
func (f Frame) reportTable(cuts []site.ReportCut) component.Table {
	t := component.Table{Caption: "Informes oficiales", Columns: []component.Column{{Title: "Informe"}, {Title: "Corte"}, {Title: "Acuerdo"}}}
	for _, c := range cuts {
		t.Rows = append(t.Rows, component.Row{
			Title: c.Title, Note: reportName(c), Href: f.reportPath(c, ""),
			Cells: []templ.Component{component.Words(es.DateTime(c.At)), component.Words(c.Acuerdo + ", " + es.Date(c.AcuerdoOn))},
		})
	}
	return t
}
