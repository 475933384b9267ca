package sitepage

import (
	"strings"

	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/site"
	"conoceles/web/component"
	"conoceles/web/es"
)

// BallotForm is the search by sección or municipio, with what was typed.
type BallotForm struct {
	Precinct     string
	Municipality string
	Problems     []fault.Field
}

func (b BallotForm) problem(id string) string {
	for _, p := range b.Problems {
		if p.ID == id {
			return p.Message
		}
	}
	return ""
}

// invalid reports whether the field takes part in what there is to mend.
func (b BallotForm) described(id, hint string) string {
	ids := hint
	if b.problem(id) != "" {
		ids += " " + id + "-error"
	}
	return ids
}

func fieldErrors(problems []fault.Field) []component.FieldError {
	out := make([]component.FieldError, len(problems))
	for i, p := range problems {
		out[i] = component.FieldError(p)
	}
	return out
}

// homeHeadline and homeLead say what the home is for. An archive asks nobody for a vote.
func (f Frame) homeHeadline() string {
	if f.Process.Kind == election.Archive {
		return f.Process.Name
	}
	return "Conoce a quienes piden tu voto"
}

func (f Frame) homeLead() string {
	if f.Process.Kind == election.Archive {
		lead := "Trayectoria, motivos y propuestas de quienes fueron candidatas y candidatos, con sus propias palabras"
		if f.Process.Source != "" {
			lead += ", como las publicó " + f.Process.Source
		}
		return strings.TrimRight(lead, ".") + "."
	}
	return "Trayectoria, motivos y propuestas de cada persona candidata en " + f.territory() +
		": las mismas preguntas, en la misma ficha y con sus propias palabras."
}

// tiles is the mosaic: municipalities that have a place in it, row by row.
func (f Frame) tiles() []component.Tile {
	var out []component.Tile
	rows, columns := 0, 0
	at := map[[2]int]site.Municipality{}
	for _, m := range f.Catalog.Municipalities {
		if m.TileColumn > 0 && m.TileRow > 0 {
			at[[2]int{m.TileRow, m.TileColumn}] = m
			rows, columns = max(rows, m.TileRow), max(columns, m.TileColumn)
		}
	}
	for row := 1; row <= rows; row++ {
		for column := 1; column <= columns; column++ {
			if m, ok := at[[2]int{row, column}]; ok {
				out = append(out, component.Tile{
					Name: hyphenate(m.Name), Abbreviation: m.TileLabel, Column: column, Row: row,
					Href: f.Path("/boleta/municipio/" + m.Key),
				})
			}
		}
	}
	return out
}

// contestTitle names a contest; an ayuntamiento is voted whole.
func contestTitle(offices []election.Office) string {
	if len(offices) > 1 {
		return "Ayuntamiento"
	}
	return offices[0].Name
}

// contestFigure returns the number of a contest's card and what it counts.
// Files of other institutes do not always say who goes with whom, so an archive
// counts persons.
func (f Frame) contestFigure(o site.Overview) (figure, label string) {
	switch o.Ambit() {
	case election.InDistrict:
		if f.Process.Kind == election.Archive {
			return es.Int(o.Persons), es.Noun(o.Persons, "persona", "personas") + " en " + es.Plural(o.Places, "distrito", "distritos")
		}
		return es.Int(o.Seats), es.Noun(o.Seats, "fórmula", "fórmulas") + " en " + es.Plural(o.Places, "distrito", "distritos")
	case election.InConstituency:
		return es.Int(o.Persons), es.Noun(o.Persons, "persona", "personas") + " en " + es.Plural(o.Lists, "lista", "listas")
	case election.InMunicipality:
		return es.Int(o.Persons), es.Noun(o.Persons, "persona", "personas") + " en " + es.Plural(o.Places, "municipio", "municipios")
	}
	return es.Int(o.Persons), es.Noun(o.Persons, "persona candidata", "personas candidatas")
}

// contestText says what a contest elects.
func (f Frame) contestText(o site.Overview) string {
	if len(o.Offices) == 1 {
		return o.Offices[0].Description
	}
	names := make([]string, len(o.Offices))
	for i, office := range o.Offices {
		names[i] = es.Lower(office.Name)
	}
	text := es.Capital(es.List(names...)) + "."
	customs := 0
	for _, m := range f.Catalog.Municipalities {
		if !m.ByParties {
			customs++
		}
	}
	switch {
	case customs == 1:
		text += " Un municipio elige por sistemas normativos."
	case customs > 1:
		text += " " + es.Capital(es.WordMasculine(customs)) + " municipios eligen por sistemas normativos."
	}
	return text
}

// bars draws how many questionnaires are public in each contest.
func bars(all []site.Overview) component.Bars {
	b := component.Bars{Caption: "Cuestionarios curriculares publicados por cargo", Label: "Cargo", Value: "Cuestionarios curriculares publicados"}
	for _, o := range all {
		b.Rows = append(b.Rows, component.Bar{
			Label: contestTitle(o.Offices), Part: o.Published, Total: o.Persons, Text: es.Of(o.Published, o.Persons),
		})
	}
	return b
}
