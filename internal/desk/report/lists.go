package report

import (
	"context"
	"slices"
	"time"

	"conoceles/internal/election"
	"conoceles/internal/figures"
	"conoceles/web/es"
)

// lists is R-8: who is on the ballot, and who took whose place.
func (s *source) lists(context.Context) (figures.Report, error) {
	r := s.begin(Lists, "Vigentes: aprobadas por acuerdo y sin baja al corte.", "La sustitución es otra candidatura, con acuerdo propio, que no hereda respuestas.")
	approved := list("L-1", "Candidaturas vigentes", "Candidatura", "Folio", "Actor político", "Partido que sigla", "Cargo", "Ámbito", "Posición", "Calidad", "Sexo", "Acción afirmativa", "Acuerdo", "Aprobada el")
	substitutions := list("L-2", "Sustituciones", "Entra", "Folio", "Sale", "Folio de quien sale", "Actor político", "Cargo", "Ámbito", "Posición", "Calidad", "Sexo", "Acuerdo", "Aprobada el")
	for i := range s.all {
		f := &s.all[i]
		if f.Standing == "aprobada" {
			approved.Rows = append(approved.Rows, texts(f.Name, f.Folio, f.Nominator, or(f.Siglado, "No aplica"), f.Office, f.place(), f.seat(),
				es.Capital(es.Quality(f.Sex, f.Role)), es.Label(es.Sex, f.Sex), actionsOf(f), or(f.Acuerdo, "Sin registrar"), dayOf(f.ApprovedOn)))
		}
		if f.Replaces != "" {
			substitutions.Rows = append(substitutions.Rows, texts(f.Name, f.Folio, f.ReplacesName, f.Replaces, f.Nominator, f.Office, f.place(), f.seat(),
				es.Capital(es.Quality(f.Sex, f.Role)), es.Label(es.Sex, f.Sex), or(f.Acuerdo, "Sin registrar"), dayOf(f.ApprovedOn)))
		}
	}
	approved.Population = "n = " + es.Plural(len(approved.Rows), "candidatura", "candidaturas")
	substitutions.Population = "n = " + es.Plural(len(substitutions.Rows), "sustitución", "sustituciones")
	r.Tables = []figures.Table{approved, substitutions, s.gone("L-3")}
	return r, nil
}

func actionsOf(f *fact) string {
	var names []string
	for _, a := range f.Actions {
		names = append(names, es.Label(es.Affirmative, a))
	}
	return or(es.List(names...), "No aplica")
}

func dayOf(t *time.Time) string {
	if t == nil {
		return "Sin registrar"
	}
	return t.Format(time.DateOnly)
}

// affirmative is the names of who was elected by an acción afirmativa, which are
// public (INAI RRA 10703/21), and how many were nominated by each. It reads the
// registry and never an answer.
func (s *source) affirmative(context.Context) (figures.Report, error) {
	r := s.begin(Affirmative, "La acción afirmativa es la del acuerdo de registro, no la del cuestionario de identidad. Una persona puede estar en varias.",
		"Los nombres son públicos por las resoluciones INAI RRA 10703/21 y RRA 11955/21.")
	elected := list("A-1", "Personas electas por acción afirmativa", "Persona", "Acción afirmativa", "Actor político", "Cargo", "Principio", "Posición", "Sexo", "Ámbito")
	for i := range s.all {
		if f := &s.all[i]; f.Elected && len(f.Actions) > 0 {
			elected.Rows = append(elected.Rows, texts(f.Name, actionsOf(f), f.Nominator, f.Office, principle(f), f.seat(), es.Label(es.Sex, f.Sex), f.place()))
		}
	}
	elected.Population = "n = " + es.Plural(len(elected.Rows), "persona", "personas")
	r.Tables = []figures.Table{elected, s.nominated("A-2")}
	return r, nil
}

func principle(f *fact) string {
	if f.Ambit == string(election.InConstituency) || f.OfficeKey == "regiduria" {
		return "Representación proporcional"
	}
	return "Mayoría relativa"
}

// nominated counts nominations by acción afirmativa. Rows overlap: they have no
// total.
func (s *source) nominated(id string) figures.Table {
	t := counts(id, "Postulaciones por acción afirmativa", "Acción afirmativa", "Mujeres", "Hombres", "No binarias", "Postuladas", "Electas")
	t.Parts, t.Whole, t.Chart, t.Note = []int{1, 2, 3}, 4, 4, "Una persona puede estar en varias: los renglones no suman."
	now := inForce(s.all)
	for _, a := range election.AffirmativeActions() {
		r := row(t, es.Label(es.Affirmative, string(a)))
		for _, f := range now {
			if !slices.Contains(f.Actions, string(a)) {
				continue
			}
			r[1+sexOrder(f.Sex)].N++
			r[4].N++
			if f.Elected {
				r[5].N++
			}
		}
		t.Rows = append(t.Rows, r)
	}
	t.Population = population(len(now))
	return t
}
