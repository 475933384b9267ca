package report

import (
	"context"
	"time"

	"conoceles/internal/desk/usage"
	"conoceles/internal/figures"
	"conoceles/web/es"
)

// usage is R-10: how much the public site was used in some days. Nothing in it is of
// a person: what was counted has none.
func (s *source) usage(ctx context.Context) (figures.Report, error) {
	r := s.begin(Usage, usage.Method)
	found, err := usage.Read(ctx, s.q, s.process, s.from, s.until)
	if err != nil {
		return r, err
	}
	s.tell(tables, 1, 2)
	classes := counts("U-1", "Por clase de página", "Clase", "Veces", "Visitas que empezaron ahí")
	classes.Total, classes.Chart = row(classes, "Total"), 1
	for _, c := range usage.Classes() {
		seen, arrivals := found.ByClass[c], found.Arrivals[c]
		classes.Rows = append(classes.Rows, figures.Row{figures.Words(c.Title()), figures.Number(seen), figures.Number(arrivals)})
		classes.Total[1].N += seen
		classes.Total[2].N += arrivals
	}
	days := counts("U-2", "Por día", "Fecha", "Visitas", "Páginas", "Descargas", "API")
	days.Total, days.Chart = row(days, "Total"), 1
	for _, d := range found.Days {
		r := figures.Row{figures.Words(d.Day.Format(time.DateOnly)), figures.Number(d.Visits), figures.Number(d.Pages), figures.Number(d.Files), figures.Number(d.Calls)}
		days.Rows = append(days.Rows, r)
		for i := 1; i < len(r); i++ {
			days.Total[i].N += r[i].N
		}
	}
	classes.Population = "n = " + es.Plural(found.Visits, "visita", "visitas") + ", " + periodName(OfDays, s.from, s.until)
	days.Population = classes.Population + ". Sólo los días con consultas."
	r.Tables = []figures.Table{classes, days}
	return r, nil
}
