package report

import (
	"context"
	"slices"

	"conoceles/internal/db"
	"conoceles/internal/desk/report/disclosure"
	"conoceles/internal/figures"
	"conoceles/internal/questionnaire"
	"conoceles/web/es"
)

// settings are the parameters of a process that the statistics use.
type settings struct {
	disclosure.Rules
	IdentityPublic []questionnaire.ID
}

func readSettings(ctx context.Context, q db.Querier, process int64) (settings, error) {
	const sql = `SELECT stat_min_residual, stat_min_population, stat_rounding, stat_min_range, identity_public FROM desk.processes WHERE id = $1`
	var s settings
	err := q.QueryRow(ctx, sql, process).Scan(&s.Residual, &s.Population, &s.Rounding, &s.Range, &s.IdentityPublic)
	return s, db.Fault(err)
}

// publicTable is the one table of identity that is public.
const publicTable = "P-1"

// thisCut says, in the public table, that a figure is new.
const thisCut = "Este corte"

// public is R-5 as everybody may read it: statewide and by office, one attribute at
// a time, rounded, with nothing that tells of a person (security.md 2.6, P-cut).
func (s *source) public(ctx context.Context, all []counted, set settings) (figures.Report, error) {
	r := s.begin(Groups, sayRegistered, sayIdentity,
		"Sólo se cuentan las respuestas de quienes autorizaron los fines estadísticos (autorización nº 3). Quien la retira deja de contarse desde el corte siguiente.",
		"Las cifras de respuestas se redondean al múltiplo de "+es.Int(set.Rounding)+" más cercano; los porcentajes salen de la cifra redondeada. Por eso no suman exactamente.",
		"«Se reserva»: la cifra, sola o junto con las fichas públicas y los demás cortes, permitiría saber algo de una persona.",
		"Si desde un corte anterior cambiaron menos de "+es.Int(set.Residual)+" personas, se repite la cifra de aquel: la diferencia hablaría de ellas.")
	released, err := s.released(ctx)
	if err != nil {
		return r, err
	}
	people, err := s.people(ctx, all, released)
	if err != nil {
		return r, err
	}
	offices := officesOf(all)
	t := emptyPublic(offices, len(all))
	for i, a := range attributes {
		earlier := make([][]disclosure.Cell, len(released))
		for k, c := range released {
			earlier[k] = cellsOf(c.public, offices, a.label)
		}
		persons, kept := peopleOf(people, a, set.IdentityPublic, released)
		cells := disclosure.Protect(set.Rules, offices, persons, earlier, kept...)
		t.Rows = append(t.Rows, publicRow(a.label, cells, len(all), lastPrinted(released, earlier)))
		s.tell(protecting, i+1, len(attributes))
	}
	r.Tables = []figures.Table{denominators(all, set.Rounding), t}
	return r, nil
}

// denominators says of how many the public figures are.
func denominators(all []counted, base int) figures.Table {
	attended, authorised := 0, 0
	for i := range all {
		if all[i].Attended {
			attended++
		}
		if all[i].authorised {
			authorised++
		}
	}
	t := counts("P-0", "De quiénes se habla", "Población", "Candidaturas")
	t.Population, t.Rounded = population(len(all)), true
	t.Rows = []figures.Row{
		{figures.Words("Registradas y vigentes"), figures.Number(len(all))},
		{figures.Words("Con cuestionario de identidad respondido"), figures.Number(attended)},
		{figures.Words("Que además autorizaron los fines estadísticos (cifra redondeada)"), figures.Number(disclosure.Round(authorised, base))},
		{figures.Words(sayBase), figures.Number(base)},
	}
	return t
}

// sayBase is the row that says how the figures of a cut were rounded: it is a
// parameter, and may change from one cut to the next.
const sayBase = "Múltiplo al que se redondean las cifras"

// baseOf reads how the figures of a public cut were rounded.
func baseOf(r figures.Report) int {
	t, _ := r.Table("P-0")
	for _, row := range t.Rows {
		if row[0].Text == sayBase {
			return row[1].N
		}
	}
	return 1
}

func emptyPublic(offices []string, n int) figures.Table {
	t := counts(publicTable, "Personas que se identifican con cada grupo", "Grupo", append(append([]string{"En todo el proceso"}, offices...), "Registradas")...)
	t.Population, t.Rounded, t.Chart = population(n), true, 1
	t.Columns = append(t.Columns, figures.Column{Title: "% de las registradas", Kind: figures.Percent, Part: 1, Whole: len(t.Columns) - 1},
		figures.Column{Title: "La cifra es de", Kind: figures.Text})
	return t
}

func publicRow(label string, cells []disclosure.Cell, n int, last string) figures.Row {
	r := figures.Row{figures.Words(label)}
	from := thisCut
	for _, c := range cells {
		r = append(r, figures.Cell{N: c.Value, Withheld: !c.Printed})
		if c.Held {
			from = last
		}
	}
	return append(r, figures.Number(n), figures.Cell{}, figures.Words(from))
}

// lastPrinted names the last released cut that printed a figure.
func lastPrinted(released []cutRow, earlier [][]disclosure.Cell) string {
	for k := len(released) - 1; k >= 0; k-- {
		if len(earlier[k]) > 0 && earlier[k][0].Printed {
			return "Corte: " + released[k].Name()
		}
	}
	return thisCut
}

// cellsOf reads the cells of an attribute back from what was published.
func cellsOf(r figures.Report, offices []string, label string) []disclosure.Cell {
	base := baseOf(r)
	t, _ := r.Table(publicTable)
	for _, row := range t.Rows {
		if row[0].Text != label {
			continue
		}
		held := row[len(row)-1].Text != thisCut
		cell := func(group string, c figures.Cell) disclosure.Cell {
			if c.Withheld {
				return disclosure.Cell{Group: group}
			}
			return disclosure.Cell{Group: group, Printed: true, Value: c.N, Base: base, Held: held}
		}
		out := []disclosure.Cell{cell("", row[1])}
		for i, column := range t.Columns {
			if i > 1 && column.Kind == figures.Count && slices.Contains(offices, column.Title) {
				out = append(out, cell(column.Title, row[i]))
			}
		}
		return out
	}
	return nil
}

// released reads the public cuts of groups, the first first.
func (s *source) released(ctx context.Context) ([]cutRow, error) {
	all, err := s.kept(ctx, s.q, s.process, Groups)
	if err != nil {
		return nil, err
	}
	var out []cutRow
	for _, c := range all {
		if c.ReleasedAt == nil {
			continue
		}
		if c.public, err = figures.Decode([]byte(c.publicSnapshot)); err != nil {
			return nil, err
		}
		if c.internal, err = figures.Decode([]byte(c.snapshot)); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}
