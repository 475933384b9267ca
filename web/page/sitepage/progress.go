package sitepage

import (
	"conoceles/internal/site"
	"conoceles/web/chart"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// ParamBy chooses what the progress is broken down by.
const ParamBy = "por"

// progressBy are the ways to break the progress down, in the order of the tabs.
var progressBy = []site.Dimension{site.ByOffice, site.ByNominator, site.ByDistrict, site.ByMunicipality}

// ProgressBy returns the dimension that the address names: the first unless it is
// one of the others.
func ProgressBy(name string) site.Dimension {
	for _, d := range progressBy {
		if string(d) == name {
			return d
		}
	}
	return progressBy[0]
}

// ProgressPath is the path of a breakdown within the process.
func ProgressPath(by site.Dimension) string {
	if by == progressBy[0] {
		return "/avance"
	}
	return "/avance?" + ParamBy + "=" + string(by)
}

func progressMeta(f Frame, by site.Dimension) layout.Meta {
	title := "Avance de los cuestionarios"
	if by != progressBy[0] {
		title += " por " + es.Lower(dimensionTitles[by])
	}
	return f.titled(title, "Qué se publicó, qué deben los partidos y qué deben las candidaturas: "+f.Process.Name+".",
		layout.Crumb{Label: "Estadísticas", Href: f.Path("/estadisticas")}, layout.Crumb{Label: "Avance"})
}

func (f Frame) progressTabs(s *site.Statistics, by site.Dimension) []component.Tab {
	var out []component.Tab
	for _, d := range progressBy {
		if len(s.By(d)) == 1 && s.By(d)[0].Value == "" {
			continue // nothing is voted by it
		}
		out = append(out, component.Tab{Label: "Por " + es.Lower(dimensionTitles[d]), Href: f.Path(ProgressPath(d)), Current: d == by})
	}
	return out
}

func (f Frame) progressHeadline(t site.Tally) []component.KPI {
	out := []component.KPI{{Figure: es.Percent(t.Published, t.Persons), Label: "publicados: " + es.Of(t.Published, t.Persons)}}
	if f.archive() {
		return append(out, component.KPI{Figure: es.Int(t.NotProvided), Label: "no proporcionaron información, de " + es.Int(t.Persons)})
	}
	return append(out,
		component.KPI{Figure: es.Int(t.NotCaptured), Label: "debe capturarlos y validarlos quien postula, de " + es.Int(t.Persons)},
		component.KPI{Figure: es.Int(t.NotProvided), Label: "debe la propia persona candidata, de " + es.Int(t.Persons)},
	)
}

// owed is the table of whose hands each questionnaire is in. Each row adds up to
// its registered candidacies.
func (f Frame) owed(s *site.Statistics, by site.Dimension) component.Table {
	return f.detail(s, by, []string{dimensionTitles[by], "Registradas", "Publicadas", f.state(site.NotCaptured), f.state(site.NotProvided)}, func(g site.Group) []string {
		return []string{es.Int(g.Persons), es.Int(g.Published), es.Int(g.NotCaptured), es.Int(g.NotProvided)}
	})
}

// mostGroups is how many rows the page details: of a whole country's districts it
// draws the bars, and leaves the rest to the file.
const mostGroups = 150

func tooMany(s *site.Statistics, by site.Dimension) bool { return len(s.By(by)) > mostGroups }

// state names a state of an answer in a heading.
func (f Frame) state(s site.AnswerState) string {
	switch {
	case s == site.NotCaptured:
		return "Debe quien postula"
	case s == site.NotProvided && f.archive():
		return "No proporcionó"
	case s == site.NotProvided:
		return "Debe la candidatura"
	case s == site.UnderReview:
		return "En revisión"
	case s == site.NotApplicable:
		return "No aplica"
	}
	return "Publicadas"
}

// answerStates is the table of mandatory answers by their five states. Each row
// adds up to the answers due.
func (f Frame) answerStates(s *site.Statistics, by site.Dimension) component.Table {
	columns := []string{dimensionTitles[by], "Obligatorias"}
	for _, state := range []site.AnswerState{site.Published, site.UnderReview, site.NotCaptured, site.NotProvided, site.NotApplicable} {
		columns = append(columns, f.state(state))
	}
	return f.detail(s, by, columns, func(g site.Group) []string {
		a := g.Answers
		return []string{es.Int(a.Due()), es.Int(a.Published), es.Int(a.UnderReview), es.Int(a.NotCaptured), es.Int(a.NotProvided), es.Int(a.NotApplicable)}
	})
}

// series draws the days; a table shows them by week, and the file every one.
func series(s *site.Statistics) chart.Line {
	days := s.Days()
	l := chart.Line{Total: s.Total.Persons}
	for _, d := range days {
		l.Points = append(l.Points, chart.Point{Label: es.DayMonth(d.On), Value: d.Published})
	}
	if n := len(days); n > 0 {
		l.Summary = "Línea de los cuestionarios publicados: de " + share(days[0].Published, l.Total) + " el " + es.DayMonth(days[0].On) +
			" a " + share(days[n-1].Published, l.Total) + " el " + es.DayMonth(days[n-1].On) + ". Los datos están en la tabla siguiente."
	}
	return l
}

// week is how far apart the days of the table are.
const week = 7

func seriesTable(s *site.Statistics) component.Figures {
	t := component.Figures{Caption: "Cuestionarios publicados al final de cada día", Head: []string{"Día", "Publicados", "De las registradas"}, Numeric: []bool{false, true, true}}
	days := s.Days()
	for i, d := range days {
		if i%week == 0 || i == len(days)-1 || len(days) <= 2*week {
			t.Rows = append(t.Rows, []string{es.DayMonth(d.On), es.Int(d.Published), es.Percent(d.Published, s.Total.Persons)})
		}
	}
	return t
}
