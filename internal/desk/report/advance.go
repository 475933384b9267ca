package report

import (
	"context"
	"slices"

	"conoceles/internal/figures"
	"conoceles/web/es"
)

// advance is R-2: how much was captured and answered.
func (s *source) advance(context.Context) (figures.Report, error) {
	r := s.begin(Advance, sayRegistered, sayCaptured, sayComplete, sayIdentity, sayPercent)
	r.Tables = append(s.quantities(), s.gone("T-11"))
	return r, nil
}

// quantities are tables T-1 to T-10.
func (s *source) quantities() []figures.Table {
	now := inForce(s.all)
	return []figures.Table{
		progress("T-1", "Avance por cargo", now, byOffice),
		progress("T-2", "Avance por actor político", now, byNominator),
		progress("T-3", "Avance por sexo", now, bySex),
		progress("T-4", "Avance por calidad", now, byRole),
		degrees("T-5", "Grado máximo de estudios", now, byDegree),
		degrees("T-5b", "Estatus de esos estudios", now, byStatus),
		bySexColumns("T-6", "Rango de edad y sexo", now, byAge),
		situation("T-7", "Situación del cuestionario curricular por cargo", now),
		progress("T-8", "Avance por distrito", now, byDistrict),
		progress("T-9", "Avance por municipio", now, byMunicipality),
		coalitions("T-10", now),
	}
}

func coalitions(id string, now []*fact) figures.Table {
	var some []*fact
	for _, f := range now {
		if f.NominatorKind == "coalicion" || f.NominatorKind == "candidatura_comun" {
			some = append(some, f)
		}
	}
	t := progress(id, "Coaliciones y candidaturas comunes, por partido que sigla", some, bySiglado)
	t.Note = "Son las mismas candidaturas que en «Avance por actor político» cuentan con la coalición o la candidatura común."
	return t
}

// degrees counts studies, of all and by sex.
func degrees(id, title string, now []*fact, by grouping) figures.Table {
	t := bySexColumns(id, title, now, by)
	t.Note = "«Sin captura» son las candidaturas que no han dicho ese dato, hayan capturado otros o no."
	return t
}

// bySexColumns counts a grouping by sex: rows and columns add up.
func bySexColumns(id, title string, now []*fact, by grouping) figures.Table {
	of := func(sex string) func(*fact) bool { return func(f *fact) bool { return f.Sex == sex } }
	t := tabulate(id, title, now, by,
		measure{"Mujeres", of("mujer")}, measure{"Hombres", of("hombre")}, measure{"No binarias", of("no_binario")}, measure{"Total", registered.of})
	t.Parts, t.Whole, t.Chart = []int{1, 2, 3}, 4, 4
	t.Population = population(len(now))
	return t
}

// situation tells apart what was validated, what has an observation, what was not
// captured.
func situation(id, title string, now []*fact) figures.Table {
	at := func(state string) func(*fact) bool { return func(f *fact) bool { return f.Capture == state } }
	t := tabulate(id, title, now, byOffice,
		measure{"Sin iniciar", at("sin_iniciar")}, measure{"En captura", at("en_captura")}, measure{"Completo, falta validar", at("completa")},
		measure{"Validado", at("validada")}, measure{"En corrección", at("en_correccion")}, registered,
		completes, measure{"Con algún rubro en revisión", func(f *fact) bool { return f.Paused }})
	t.Parts, t.Whole = []int{1, 2, 3, 4, 5}, 6
	t.Population = population(len(now))
	return t
}

// gone lists who left the ballot: out of the denominators, and never hidden.
func (s *source) gone(id string) figures.Table {
	t := list(id, "Candidaturas que dejaron de estar vigentes", "Candidatura", "Folio", "Cargo", "Ámbito", "Actor político", "Vigencia", "Desde", "La sustituye")
	for i := range s.all {
		f := &s.all[i]
		if f.Standing != "aprobada" {
			t.Rows = append(t.Rows, texts(f.Name, f.Folio, f.Office, f.place(), f.Nominator, es.Label(es.Standing, f.Standing), es.ISODate(f.StandingSince), or(f.ReplacedBy, "Nadie")))
		}
	}
	t.Population = "n = " + es.Plural(len(t.Rows), "candidatura", "candidaturas")
	return t
}

// final is R-3: the tables of the advance, by questionnaire, and how they grew
// from one approved cut to the next.
func (s *source) final(ctx context.Context) (figures.Report, error) {
	r := s.begin(Final, sayRegistered, sayCaptured, sayComplete, sayIdentity, sayPercent,
		"La comparación es de los informes de avance aprobados por acuerdo, tal como se guardaron, y de este corte.")
	now := inForce(s.all)
	both := tabulate("T-0", "Cuestionarios por cargo", now, byOffice, registered, curricular, completes, validates, identities)
	both.Population = population(len(now))
	percent(&both, 5, 1, "% identidad")
	percent(&both, 4, 1, "% validado")
	percent(&both, 3, 1, "% completo")
	percent(&both, 2, 1, "% capturado")
	s.tell(tables, 1, 2)
	comparison, err := s.growth(ctx, "T-12", progress("T-1", "", now, byOffice))
	r.Tables = slices.Concat([]figures.Table{both}, s.quantities(), []figures.Table{s.gone("T-11"), comparison})
	return r, err
}

// growth is one row for each approved advance and, last, this cut.
func (s *source) growth(ctx context.Context, id string, now figures.Table) (figures.Table, error) {
	t := figures.Table{
		ID: id, Title: "De un corte al siguiente", Columns: slices.Clone(now.Columns), Chart: now.Chart,
		Population: "Cada renglón es de las candidaturas registradas y vigentes en su corte.",
	}
	t.Columns[0].Title = "Corte"
	cuts, err := s.kept(ctx, s.q, s.process, Advance)
	if err != nil {
		return t, err
	}
	for _, c := range cuts {
		if c.Draft() {
			continue
		}
		before, err := figures.Decode([]byte(c.snapshot))
		if err != nil {
			return t, err
		}
		if table, ok := before.Table("T-1"); ok && len(table.Total) == len(t.Columns) {
			t.Rows = append(t.Rows, named(table.Total, c.Name()+" · "+es.FullDateTime(c.At)))
		}
	}
	t.Rows = append(t.Rows, named(now.Total, "Este corte · "+es.FullDateTime(s.at)))
	return t, nil
}

// named is a row with another name.
func named(r figures.Row, label string) figures.Row {
	out := slices.Clone(r)
	out[0] = figures.Words(label)
	return out
}
