package sitepage

import (
	"slices"
	"strconv"
	"strings"

	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/web/es"
)

// Rows returns the file of a figure: the header and the same values as the page.
// A figure that does not exist is nil.
func (f Frame) Rows(n Numbers, name, asOf string) [][]string {
	if name == CSVIdentity {
		return identityRows(n.Identity, f.Process.Key, asOf)
	}
	d := site.Dimension(name)
	if !slices.Contains(site.Dimensions(), d) {
		return nil
	}
	out := [][]string{{
		heading(dimensionTitles[d]), "CLAVE", "REGISTRADAS", "PUBLICADAS", "CON_GRADO_O_TEXTO", "COMPLETAS", "DEBE_QUIEN_POSTULA", "DEBE_LA_CANDIDATURA",
		"MUJERES", "HOMBRES", "NO_BINARIAS", "EN_SU_LISTA", "RESPUESTAS_OBLIGATORIAS", "RESPUESTAS_PUBLICADAS", "RESPUESTAS_EN_REVISION",
		"RESPUESTAS_DEBE_QUIEN_POSTULA", "RESPUESTAS_DEBE_LA_CANDIDATURA", "RESPUESTAS_NO_APLICA", "PROCESO", "CORTE",
	}}
	add := func(label string, g site.Group) {
		a := g.Answers
		cells := []string{label, g.Value}
		for _, v := range []int{
			g.Persons, g.Published, g.Captured, g.Complete, g.NotCaptured, g.NotProvided, g.Women, g.Men, g.NonBinary, g.Found,
			a.Due(), a.Published, a.UnderReview, a.NotCaptured, a.NotProvided, a.NotApplicable,
		} {
			cells = append(cells, strconv.Itoa(v))
		}
		out = append(out, append(cells, f.Process.Key, asOf))
	}
	for _, g := range n.By(d) {
		add(f.groupLabel(d, g.Value), g)
	}
	add("Total", site.Group{Tally: n.Total, Found: n.Total.Persons})
	return out
}

// heading writes the title of a column as files do.
func heading(title string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "_", "é", "e", "ó", "o").Replace(title))
}

func identityRows(n site.IdentityCounts, process, asOf string) [][]string {
	if !n.Known {
		return nil
	}
	out := [][]string{{"DATO", "CLAVE", "CANDIDATURAS_QUE_AUTORIZARON_PUBLICAR", "REGISTRADAS", "PROCESO", "FECHA"}}
	for _, b := range n.Badges {
		out = append(out, []string{questionnaire.Badge(b.Question), string(b.Question), strconv.Itoa(b.Persons), strconv.Itoa(n.Total()), process, asOf})
	}
	return out
}

// SeriesRows returns the file of the daily series: each day of each group.
func (f Frame) SeriesRows(s *site.Statistics, asOf string) [][]string {
	out := [][]string{{"FECHA", "DESGLOSE", "VALOR", "CLAVE", "PUBLICADAS", "REGISTRADAS", "PROCESO", "CORTE"}}
	add := func(by, label, value string, days []site.Day, persons int) {
		for _, d := range days {
			out = append(out, []string{es.ISODate(d.On), by, label, value, strconv.Itoa(d.Published), strconv.Itoa(persons), f.Process.Key, asOf})
		}
	}
	add("Todo", "Todo", "", s.Days(), s.Total.Persons)
	for _, d := range progressBy {
		for _, g := range s.By(d) {
			add(dimensionTitles[d], f.groupLabel(d, g.Value), g.Value, s.DaysOf(g), g.Persons)
		}
	}
	return out
}
