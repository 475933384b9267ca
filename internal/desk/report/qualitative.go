package report

import (
	"context"

	"conoceles/internal/desk/review"
	"conoceles/internal/figures"
	"conoceles/web/es"
)

// qualitative is R-4: how far the texts meet the rubric, whether two people who
// scored apart agree, what was observed by article 18 and which texts repeat
// others.
func (s *source) qualitative(ctx context.Context) (figures.Report, error) {
	r := s.begin(Qualitative, sayRegistered,
		"Se valora el texto validado de cada rubro, con la rúbrica del proceso. Una valoración es de un texto: si el texto cambia, ya no cuenta.",
		"Valoradas: candidaturas con todos sus rubros contestados valorados. Un rubro en blanco no da puntos y cuenta en los puntos posibles.",
		"Doble codificación: dos personas valoran por separado. Mientras no coincidan, cuenta la menor de las dos.",
		sayPercent)
	c, err := s.readCoding(ctx)
	if err != nil {
		return r, err
	}
	s.tell(tables, 1, 4)
	r.Definition = append(r.Definition, "Niveles: alto desde "+es.Int(c.high)+" %, medio desde "+es.Int(c.middle)+" %, bajo el resto.")
	now := inForce(s.all)
	causes, err := s.causes(ctx, "Q-6")
	if err != nil {
		return r, err
	}
	s.tell(tables, 2, 4)
	repeated, who, err := s.repeated(ctx, "Q-7", "Q-8")
	r.Tables = []figures.Table{
		c.averages("Q-1", "Promedio por actor político", now, byNominator), c.averages("Q-2", "Promedio por cargo", now, byOffice),
		c.byVariable("Q-3"), c.agreement("Q-4"), c.disagreements("Q-5", s.mine()), causes, repeated, who,
	}
	return r, err
}

// averages is how many points a group got of those it could.
func (c coding) averages(id, title string, now []*fact, by grouping) figures.Table {
	level := func(title, name string) measure {
		return measure{title, func(f *fact) bool { r, ok := c.result(f.ID); return ok && c.level(r) == name }}
	}
	t := tabulate(id, title, now, by, registered, validates,
		measure{"Valoradas", func(f *fact) bool { _, ok := c.result(f.ID); return ok }},
		level("Nivel alto", "alto"), level("Nivel medio", "medio"), level("Nivel bajo", "bajo"))
	t.Parts, t.Whole = []int{4, 5, 6}, 3
	t.Columns = append(t.Columns, figures.Column{Title: "Puntos", Kind: figures.Count}, figures.Column{Title: "Puntos posibles", Kind: figures.Count},
		figures.Column{Title: "% de los puntos", Kind: figures.Percent, Part: 7, Whole: 8})
	at := map[string]int{}
	for i := range t.Rows {
		at[t.Rows[i][0].Text] = i
		t.Rows[i] = append(t.Rows[i], figures.Cell{}, figures.Cell{}, figures.Cell{})
	}
	t.Total = append(t.Total, figures.Cell{}, figures.Cell{}, figures.Cell{})
	for _, f := range now {
		r, ok := c.result(f.ID)
		if !ok {
			continue
		}
		for _, row := range []figures.Row{t.Rows[at[by.of(f).label]], t.Total} {
			row[7].N += r.points
			row[8].N += r.most
		}
	}
	t.Population, t.Chart = population(len(now)), 9
	return t
}

// byVariable is how many of the texts scored meet each variable.
func (c coding) byVariable(id string) figures.Table {
	t := list(id, "Por rubro y variable", "Rubro", "Variable")
	for _, title := range []string{"Textos valorados", "Puntos", "Puntos posibles"} {
		t.Columns = append(t.Columns, figures.Column{Title: title, Kind: figures.Count})
	}
	t.Columns = append(t.Columns, figures.Column{Title: "% cumplido", Kind: figures.Percent, Part: 3, Whole: 4})
	t.Total = append(texts("Total", ""), figures.Cell{}, figures.Cell{}, figures.Cell{}, figures.Cell{})
	for _, v := range c.variables {
		r := append(texts(partName(v.part), v.name), figures.Cell{}, figures.Cell{}, figures.Cell{}, figures.Cell{})
		for _, text := range c.texts {
			if marks := text.marks[v.id]; len(marks) > 0 {
				r[2].N++
				r[3].N += least(marks)
				r[4].N += v.most
			}
		}
		for i := 2; i <= 4; i++ {
			t.Total[i].N += r[i].N
		}
		t.Rows = append(t.Rows, r)
	}
	t.Population, t.Chart = "n = "+es.Plural(c.scored(), "texto valorado", "textos valorados"), 5
	return t
}

// agreement is in how many of the marks given by two people both gave the same.
func (c coding) agreement(id string) figures.Table {
	t := counts(id, "Doble codificación: coincidencia por rubro", "Rubro", "Variables valoradas dos veces", "Coinciden", "Difieren")
	at := map[string]int{}
	total := row(t, "Total")
	for _, text := range c.texts {
		for _, v := range c.variables {
			marks := text.marks[v.id]
			if len(marks) < 2 {
				continue
			}
			name := partName(v.part)
			i, ok := at[name]
			if !ok {
				i, at[name] = len(t.Rows), len(t.Rows)
				t.Rows = append(t.Rows, row(t, name))
			}
			column := 2
			if !agree(marks) {
				column = 3
			}
			for _, r := range []figures.Row{t.Rows[i], total} {
				r[1].N++
				r[column].N++
			}
		}
	}
	t.Total, t.Parts, t.Whole = total, []int{2, 3}, 1
	percent(&t, 2, 1, "% coincide")
	t.Population, t.Chart = "n = "+es.Plural(total[1].N, "variable valorada por dos personas", "variables valoradas por dos personas"), 3
	return t
}

// disagreements lists what two people have to talk about.
func (c coding) disagreements(id string, mine map[int64]*fact) figures.Table {
	t := list(id, "Doble codificación: desacuerdos por resolver", "Candidatura", "Folio", "Rubro", "Variable", "Valoraciones")
	for _, text := range c.texts {
		for _, v := range c.variables {
			if marks := text.marks[v.id]; len(marks) > 1 && !agree(marks) && mine[text.candidacy] != nil {
				f := mine[text.candidacy]
				var said []string
				for _, m := range marks {
					said = append(said, m.who+": "+es.Int(m.points))
				}
				t.Rows = append(t.Rows, texts(f.Name, f.Folio, partName(v.part), v.name, es.List(said...)))
			}
		}
	}
	t.Population = "n = " + es.Plural(len(t.Rows), "desacuerdo", "desacuerdos")
	return t
}

// causeTitle is what a supuesto says.
func causeTitle(code string) string {
	if c := review.CauseOf(code); c.Code != "" {
		return c.Code + ". " + c.Title
	}
	return code
}
