package sitepage

import (
	"strings"

	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/web/chart"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// Numbers are what the statistics show.
type Numbers struct {
	*site.Statistics
	Identity site.IdentityCounts
	Reports  []site.ReportCut // released, the newest first
}

// figure is a figure with what it is of. Bars and Detail are the same values.
type figure struct {
	ID         string
	Title      string
	Population string // of whom, and what n is
	Bars       component.Bars
	Stack      *chart.Stack
	Detail     component.Table
	Note       string
	CSV        string
}

// CSVIdentity is the file of the live counts of identity.
const CSVIdentity = "identidad"

func statisticsMeta(f Frame) layout.Meta {
	return f.titled("Las candidaturas en cifras", "Quiénes se postulan y qué han publicado: "+f.Process.Name+".", layout.Crumb{Label: "Estadísticas"})
}

// csvOf is the address of the file of a figure.
func (f Frame) csvOf(name string) string { return f.Path("/estadisticas/" + name + ".csv") }

// cutOf says of when a figure is.
func cutOf(s *site.Statistics) string {
	if s.Cut.IsZero() {
		return ""
	}
	return "Corte: " + es.DateTime(s.Cut) + "."
}

// share says a part with its whole and its percentage: no percentage goes alone.
func share(part, total int) string {
	if total == 0 {
		return es.Of(part, total)
	}
	return es.Of(part, total) + " · " + strings.ReplaceAll(es.Percent(part, total), " ", "\u00a0")
}

// headline are the four figures of the head.
func (f Frame) statisticsHeadline(n Numbers) []component.KPI {
	t := n.Total
	out := []component.KPI{
		{Figure: es.Int(t.Persons), Label: "candidaturas registradas y vigentes"},
		{Figure: es.Percent(t.Published, t.Persons), Label: "con cuestionario curricular publicado: " + es.Of(t.Published, t.Persons)},
		{Figure: es.Percent(t.Women, t.Persons), Label: "son mujeres: " + es.Of(t.Women, t.Persons)},
	}
	if n.Identity.Known {
		answered := n.Identity.Public + n.Identity.Answered
		out = append(out, component.KPI{
			Figure: es.Percent(answered, n.Identity.Total()), Label: "con cuestionario de identidad respondido: " + es.Of(answered, n.Identity.Total()),
		})
	}
	return out
}

// dimensionTitles name what each table groups by.
var dimensionTitles = map[site.Dimension]string{
	site.ByOffice: "Cargo", site.ByNominator: "Quién postula", site.ByDistrict: "Distrito", site.ByMunicipality: "Municipio",
	site.BySex: "Sexo", site.ByAge: "Edad", site.ByDegree: "Grado de estudios", site.ByStatus: "Estatus de estudios",
	site.ByRole: "Calidad", site.ByAction: "Acción afirmativa",
}

// blanks name the group of who has no value.
var blanks = map[site.Dimension]string{
	site.ByDistrict:     "Sin distrito: se votan en todo el estado o por municipio",
	site.ByMunicipality: "Sin municipio: se votan en todo el estado o por distrito",
	site.ByAge:          "Sin dato", site.ByDegree: "Sin grado publicado", site.ByStatus: "Sin estatus publicado, o no aplica",
}

// groupLabel names a group in the words of its filter.
func (f Frame) groupLabel(d site.Dimension, value string) string {
	if value == "" {
		return or(blanks[d], "Sin dato")
	}
	switch d {
	case site.ByStatus:
		q, _ := f.Catalog.Curricular.Question(questionnaire.DegreeStatus)
		if o, ok := q.Option(value); ok {
			return o.Label
		}
		return value
	case site.ByRole:
		return es.Capital(value)
	}
	q, _ := d.Search(value)
	return f.label(q, string(d))
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// groupHref is the list of exactly those a group counts, or "".
func (f Frame) groupHref(d site.Dimension, g site.Group) string {
	if q, ok := d.Search(g.Value); ok && g.Found == g.Persons {
		return f.Search(q)
	}
	return ""
}

// bars draws a part of each group, of itself or of everybody.
func (f Frame) groupBars(s *site.Statistics, d site.Dimension, value string, part func(site.Group) (part, total int)) component.Bars {
	b := component.Bars{Caption: value + " por " + es.Lower(dimensionTitles[d]), Label: dimensionTitles[d], Value: value}
	for _, g := range s.By(d) {
		n, total := part(g)
		b.Rows = append(b.Rows, component.Bar{Label: f.groupLabel(d, g.Value), Href: f.groupHref(d, g), Part: n, Total: total, Text: share(n, total)})
	}
	return b
}

// published is the part of a group whose questionnaire is public.
func published(g site.Group) (part, total int) { return g.Published, g.Persons }

// ofAll is the share of a group among everybody.
func ofAll(s *site.Statistics) func(site.Group) (part, total int) {
	return func(g site.Group) (part, total int) { return g.Persons, s.Total.Persons }
}

// figures composes the page, in the order of the reports (domain 8.2).
func (f Frame) figures(n Numbers) []figure {
	s, t := n.Statistics, n.Statistics.Total
	everybody := "De las " + es.Int(t.Persons) + " candidaturas registradas y vigentes"
	out := []figure{
		{
			ID: "cargo", Title: "Cuestionarios publicados, por cargo",
			Population: "De las candidaturas registradas de cada cargo. En total, " + share(t.Published, t.Persons) + ".",
			Bars:       f.groupBars(s, site.ByOffice, "Publicados", published), Detail: f.progressDetail(s, site.ByOffice),
			Note: "«Con grado o texto» cuenta los cuestionarios publicados que tienen grado de estudios o algún texto: un teléfono solo no es un cuestionario.",
		},
		{
			ID: "sexo", Title: "Mujeres y hombres, por cargo",
			Population: everybody + ": " + es.Plural(t.Women, "mujer", "mujeres") + ", " + es.Plural(t.Men, "hombre", "hombres") + " y " + es.Plural(t.NonBinary, "persona no binaria", "personas no binarias") + ".",
			Stack:      f.sexByOffice(s), Detail: f.sexDetail(s, site.ByOffice), CSV: f.csvOf(string(site.ByOffice)),
		},
		{
			ID: "edad", Title: "Edad", Population: everybody + ".",
			Bars: f.groupBars(s, site.ByAge, "Candidaturas", ofAll(s)), Detail: f.sexDetail(s, site.ByAge),
		},
		{
			ID: "grado", Title: "Grado máximo de estudios", Population: everybody + "; lo publicó " + share(withValue(s.By(site.ByDegree)), t.Persons) + ".",
			Bars: f.groupBars(s, site.ByDegree, "Candidaturas", ofAll(s)), Detail: f.sexDetail(s, site.ByDegree),
		},
		{
			ID: "estatus", Title: "Estatus de esos estudios", Population: everybody + ".",
			Bars: f.groupBars(s, site.ByStatus, "Candidaturas", ofAll(s)),
		},
		{
			ID: "actor", Title: "Cuestionarios publicados, por quién postula", Population: "De las candidaturas que postula cada quien. En total, " + share(t.Published, t.Persons) + ".",
			Bars: f.groupBars(s, site.ByNominator, "Publicados", published), Detail: f.nominatorDetail(s),
			Note: "Cada candidatura cuenta una vez, con quien la postula. La lista de un partido muestra además las de coalición que se registraron con sus siglas: por eso esa columna no suma.",
		},
		{
			ID: "calidad", Title: "Propietarias y suplentes", Population: everybody + ".",
			Bars: f.groupBars(s, site.ByRole, "Candidaturas", ofAll(s)), Detail: f.progressDetail(s, site.ByRole),
		},
	}
	if len(s.By(site.ByAction)) > 0 {
		out = append(out, figure{
			ID: "accion", Title: "Postulación por acción afirmativa", Population: everybody + ". Consta en el registro; una persona puede estar en varias.",
			Bars: f.groupBars(s, site.ByAction, "Candidaturas", ofAll(s)),
		})
	}
	for i := range out {
		out[i].Population += " " + cutOf(s)
		if out[i].CSV == "" {
			out[i].CSV = f.csvOf(out[i].ID)
		}
	}
	return out
}

// withValue counts who is in a group that has a name.
func withValue(groups []site.Group) int {
	n := 0
	for _, g := range groups {
		if g.Value != "" {
			n += g.Persons
		}
	}
	return n
}

func (f Frame) sexByOffice(s *site.Statistics) *chart.Stack {
	c := &chart.Stack{
		Summary: "Barras de mujeres y hombres en cada cargo; en total, " + es.Percent(s.Total.Women, s.Total.Persons) + " son mujeres. Los datos están en la tabla siguiente.",
		Series:  [2]string{"Mujeres", "Hombres"},
	}
	for _, g := range s.By(site.ByOffice) {
		c.Rows = append(c.Rows, chart.StackRow{Label: shortOffice(f.groupLabel(site.ByOffice, g.Value)), Values: [2]int{g.Women, g.Men}})
	}
	return c
}

// shortOffice fits the name of an office beside its bar.
func shortOffice(name string) string {
	return strings.NewReplacer(" de mayoría relativa", " MR", " de representación proporcional", " RP", "Presidencia municipal", "Presidencias").Replace(name)
}

// sexDetail is a table by sex whose rows and columns add up.
func (f Frame) sexDetail(s *site.Statistics, d site.Dimension) component.Table {
	columns := []string{dimensionTitles[d], "Mujeres", "Hombres"}
	if s.Total.NonBinary > 0 {
		columns = append(columns, "No binarias")
	}
	return f.detail(s, d, append(columns, "Total"), func(t site.Group) []string {
		cells := []string{es.Int(t.Women), es.Int(t.Men)}
		if s.Total.NonBinary > 0 {
			cells = append(cells, es.Int(t.NonBinary))
		}
		return append(cells, es.Int(t.Persons))
	})
}

func (f Frame) progressDetail(s *site.Statistics, d site.Dimension) component.Table {
	return f.detail(s, d, []string{dimensionTitles[d], "Registradas", "Publicadas", "Con grado o texto", "De las registradas"}, func(g site.Group) []string {
		return []string{es.Int(g.Persons), es.Int(g.Published), es.Int(g.Captured), es.Percent(g.Captured, g.Persons)}
	})
}

// detail is a table with a row for each group and the total.
func (f Frame) detail(s *site.Statistics, d site.Dimension, columns []string, cells func(site.Group) []string) component.Table {
	var rows [][]string
	for _, g := range s.By(d) {
		rows = append(rows, append([]string{f.groupLabel(d, g.Value)}, cells(g)...))
	}
	rows = append(rows, append([]string{"Total"}, cells(site.Group{Tally: s.Total})...))
	return component.WordTable(strings.Join(columns[1:], ", ")+" por "+es.Lower(columns[0]), columns, rows)
}

// nominatorDetail links each list with the number of candidacies it shows.
func (f Frame) nominatorDetail(s *site.Statistics) component.Table {
	t := component.Table{Caption: "Candidaturas por quién postula"}
	for _, title := range []string{dimensionTitles[site.ByNominator], "Registradas", "Publicadas", "De las registradas", "En su lista"} {
		t.Columns = append(t.Columns, component.Column{Title: title})
	}
	for _, g := range s.By(site.ByNominator) {
		q, _ := site.ByNominator.Search(g.Value)
		name := f.groupLabel(site.ByNominator, g.Value)
		r := component.Row{Title: name}
		for _, cell := range []string{es.Int(g.Persons), es.Int(g.Published), es.Percent(g.Published, g.Persons)} {
			r.Cells = append(r.Cells, component.Words(cell))
		}
		r.Cells = append(r.Cells, component.Linked(es.Int(g.Found), "lista de "+name, f.Search(q)))
		t.Rows = append(t.Rows, r)
	}
	total := component.Row{Title: "Total"}
	for _, cell := range []string{es.Int(s.Total.Persons), es.Int(s.Total.Published), es.Percent(s.Total.Published, s.Total.Persons), "—"} {
		total.Cells = append(total.Cells, component.Words(cell))
	}
	t.Rows = append(t.Rows, total)
	return t
}

// identityBars are the live counts: what fichas show, and nothing else.
func identityBars(n site.IdentityCounts) component.Bars {
	b := component.Bars{Caption: "Candidaturas que autorizaron publicar cada distintivo", Label: "Distintivo", Value: "Candidaturas que autorizaron publicar", Copper: true}
	for _, badge := range n.Badges {
		b.Rows = append(b.Rows, component.Bar{Label: questionnaire.Badge(badge.Question), Part: badge.Persons, Total: n.Total(), Text: es.Of(badge.Persons, n.Total())})
	}
	return b
}

// identityStates are how many fichas say each of the three things.
func identityStates(n site.IdentityCounts) component.Table {
	rows := [][]string{
		{"Con respuestas públicas", es.Int(n.Public), es.Percent(n.Public, n.Total())},
		{strings.TrimSuffix(identityBlank[site.IdentityAnswered], "."), es.Int(n.Answered), es.Percent(n.Answered, n.Total())},
		{strings.TrimSuffix(identityBlank[site.IdentityUnanswered], "."), es.Int(n.Unanswered), es.Percent(n.Unanswered, n.Total())},
		{"Total", es.Int(n.Total()), es.Percent(n.Total(), n.Total())},
	}
	return component.WordTable("Qué dice cada ficha de la identidad", []string{"La ficha dice", "Candidaturas", "Del total"}, rows)
}

// mosaic is the map of equal tiles with the share of published questionnaires.
func (f Frame) mosaic(s *site.Statistics) []component.Tile {
	by := map[string]site.Group{}
	for _, g := range s.By(site.ByMunicipality) {
		by[g.Value] = g
	}
	tiles := f.tiles()
	for i := range tiles {
		m, _ := f.Catalog.MunicipalityByKey(tiles[i].Href[strings.LastIndexByte(tiles[i].Href, '/')+1:])
		g := by[m.Key]
		tiles[i].Href = ""
		switch {
		case !m.ByParties:
			tiles[i].Absent = "elige por sistemas normativos"
		case g.Persons == 0:
			tiles[i].Absent = "sin candidaturas"
		default:
			tiles[i].Figure = strings.TrimRight(es.Percent(g.Published, g.Persons), " \u00a0%")
			tiles[i].Unit = "por ciento, " + es.Of(g.Published, g.Persons)
			tiles[i].Step = 1
			for _, from := range tileSteps {
				if 100*g.Published >= from*g.Persons {
					tiles[i].Step++
				}
			}
		}
	}
	return tiles
}

// tileSteps are the percentages from which a tile is darker.
var tileSteps = []int{60, 75, 90}

// archive reports whether the process is of other institutes' files.
func (f Frame) archive() bool { return f.Process.Kind == election.Archive }
