package report

import (
	"fmt"
	"slices"
	"strings"

	"conoceles/internal/election"
	"conoceles/internal/figures"
	"conoceles/internal/questionnaire"
	"conoceles/web/es"
)

// measure is a column that counts some of the candidacies of a row.
type measure struct {
	title string
	of    func(*fact) bool
}

// The measures of domain 8.2. Each has one definition, whatever the table.
var (
	registered = measure{"Registradas", func(*fact) bool { return true }}
	curricular = measure{"Curricular capturado", (*fact).captured}
	identities = measure{"Identidad respondido", func(f *fact) bool { return f.Attended }}
	completes  = measure{"Curricular completo", (*fact).complete}
	validates  = measure{"Curricular validado", (*fact).validated}
)

// group is a row of a table: its name, and where it goes.
type group struct {
	order int
	label string
}

// grouping says in which row a candidacy counts.
type grouping struct {
	title string
	of    func(*fact) group
}

var (
	byOffice    = grouping{"Cargo", func(f *fact) group { return group{f.OfficeOrder, f.Office} }}
	byNominator = grouping{"Actor político", func(f *fact) group { return group{f.NominatorOrder, f.Nominator} }}
	bySex       = grouping{"Sexo", func(f *fact) group { return group{sexOrder(f.Sex), es.Label(es.Sex, f.Sex)} }}
	byRole      = grouping{"Calidad", func(f *fact) group {
		return group{slices.Index([]string{"propietaria", "suplente"}, f.Role), es.Capital(f.Role)}
	}}
	byDistrict = grouping{"Distrito", func(f *fact) group {
		if f.District == 0 {
			return group{1 << 20, "Sin distrito: se votan en todo el estado o por municipio"}
		}
		return group{f.District, fmt.Sprintf("Distrito %02d", f.District)}
	}}
	byMunicipality = grouping{"Municipio", func(f *fact) group {
		if f.Municipality == "" {
			return group{1, "Sin municipio: se votan en todo el estado o por distrito"}
		}
		return group{0, f.Municipality}
	}}
	bySiglado = grouping{"Coalición o candidatura común, y partido que sigla", func(f *fact) group {
		return group{f.NominatorOrder<<10 + f.SigladoOrder, f.Nominator + " · " + or(f.Siglado, "sin partido registrado")}
	}}
	byDegree = grouping{"Grado máximo de estudios", func(f *fact) group { return optionGroup(questionnaire.Degree, f.Degree) }}
	byStatus = grouping{"Estatus de estudios", func(f *fact) group { return optionGroup(questionnaire.DegreeStatus, f.DegreeStatus) }}
	byAge    = grouping{"Edad", ageGroup}
)

func sexOrder(sex string) int { return slices.Index([]string{"mujer", "hombre", "no_binario"}, sex) }

// optionGroup is the row of an answer that is an option; those without it go last,
// after the words of other institutes' files that are none of ours.
func optionGroup(id questionnaire.ID, value string) group {
	q, _ := questionnaire.Curricular().Question(id)
	for i, o := range q.Options {
		if o.Value == value || reads(o.Label, value) {
			return group{i, o.Label}
		}
	}
	if value != "" {
		return group{len(q.Options), value}
	}
	return group{len(q.Options) + 1, "Sin captura"}
}

// reads reports whether a text is a label of two genders in one of them: «Trunca» is
// «Trunco(a)».
func reads(label, text string) bool {
	stem, both := strings.CutSuffix(label, "o(a)")
	return both && (strings.EqualFold(text, stem+"o") || strings.EqualFold(text, stem+"a"))
}

func ageGroup(f *fact) group {
	bands := election.AgeBands()
	for i, b := range bands {
		if f.Age < b.From || b.To != 0 && f.Age > b.To {
			continue
		}
		if b.To == 0 {
			return group{i, fmt.Sprintf("%d años o más", b.From)}
		}
		return group{i, fmt.Sprintf("%d a %d años", b.From, b.To)}
	}
	return group{len(bands), "Sin dato de edad"}
}

// tabulate counts the candidacies by a grouping, with a total that is their sum.
// Groups of the same order go as they come: by name, as the facts are read.
func tabulate(id, title string, all []*fact, by grouping, measures ...measure) figures.Table {
	t := figures.Table{ID: id, Title: title, Columns: []figures.Column{{Title: by.title, Kind: figures.Text}}}
	for _, m := range measures {
		t.Columns = append(t.Columns, figures.Column{Title: m.title, Kind: figures.Count})
	}
	rows := map[group]figures.Row{}
	var order []group
	total := make(figures.Row, len(t.Columns))
	total[0] = figures.Words("Total")
	for _, f := range all {
		g := by.of(f)
		row := rows[g]
		if row == nil {
			row = make(figures.Row, len(t.Columns))
			row[0] = figures.Words(g.label)
			rows[g], order = row, append(order, g)
		}
		for i, m := range measures {
			if m.of(f) {
				row[i+1].N++
				total[i+1].N++
			}
		}
	}
	slices.SortStableFunc(order, func(a, b group) int { return a.order - b.order })
	for _, g := range order {
		t.Rows = append(t.Rows, rows[g])
	}
	t.Total = total
	return t
}

// percent adds, after a column, what it is of another.
func percent(t *figures.Table, part, whole int, title string) {
	at := part + 1
	shift := func(i int) int {
		if i >= at {
			return i + 1
		}
		return i
	}
	for i := range t.Columns {
		t.Columns[i].Part, t.Columns[i].Whole = shift(t.Columns[i].Part), shift(t.Columns[i].Whole)
	}
	for i := range t.Parts {
		t.Parts[i] = shift(t.Parts[i])
	}
	t.Whole, t.Chart = shift(t.Whole), shift(t.Chart)
	t.Columns = slices.Insert(t.Columns, at, figures.Column{Title: title, Kind: figures.Percent, Part: part, Whole: shift(whole)})
	for i := range t.Rows {
		t.Rows[i] = slices.Insert(t.Rows[i], at, figures.Cell{})
	}
	if t.Total != nil {
		t.Total = slices.Insert(t.Total, at, figures.Cell{})
	}
}

// progress is the table of domain 8.2: registered, captured and answered.
func progress(id, title string, all []*fact, by grouping) figures.Table {
	t := tabulate(id, title, all, by, registered, curricular, identities)
	percent(&t, 3, 1, "% identidad")
	percent(&t, 2, 1, "% curricular")
	t.Population = population(len(all))
	t.Chart = 3
	return t
}

// population says of whom a table is.
func population(n int) string {
	return "n = " + es.Plural(n, "candidatura registrada y vigente", "candidaturas registradas y vigentes")
}

// list begins a table of words.
func list(id, title string, columns ...string) figures.Table {
	t := figures.Table{ID: id, Title: title}
	for _, c := range columns {
		t.Columns = append(t.Columns, figures.Column{Title: c, Kind: figures.Text})
	}
	return t
}

// counts begins a table of counts.
func counts(id, title, subject string, columns ...string) figures.Table {
	t := list(id, title, subject)
	for _, c := range columns {
		t.Columns = append(t.Columns, figures.Column{Title: c, Kind: figures.Count})
	}
	return t
}

func texts(cells ...string) figures.Row {
	row := make(figures.Row, len(cells))
	for i, c := range cells {
		row[i] = figures.Words(c)
	}
	return row
}

// row begins a row of a table of counts.
func row(t figures.Table, label string) figures.Row {
	out := make(figures.Row, len(t.Columns))
	out[0] = figures.Words(label)
	return out
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
