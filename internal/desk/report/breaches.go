package report

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/duty"
	"conoceles/internal/figures"
	"conoceles/web/es"
)

// mine returns the candidacies of the source, by id.
func (s *source) mine() map[int64]*fact {
	out := make(map[int64]*fact, len(s.all))
	for i := range s.all {
		out[s.all[i].ID] = &s.all[i]
	}
	return out
}

// breaches is R-6: what is owed, by actor, with the notices that were made. Of the
// identity questionnaire it counts, and names nobody.
func (s *source) breaches(ctx context.Context) (figures.Report, error) {
	r := s.begin(Breaches,
		"Sin respuesta: el cuestionario curricular no tiene ninguna de las nueve respuestas obligatorias.",
		"Incompleto: tiene algunas, o todas y falta validarlo.",
		"Art. 18 pendiente: tiene una observación aprobada por corregir.",
		"Identidad incompleto: el cuestionario no está completo y la persona no lo cerró. Se cuenta y no se dice de quién: la vista lleva la relación.",
		"Quien puede capturar después de las campañas por acuerdo o sentencia está en plazo y no se cuenta.")
	b, err := s.debts.Breaches(ctx, s.q, s.process)
	if err != nil {
		return r, err
	}
	s.tell(tables, 2, 3)
	noticed, err := s.noticed(ctx)
	if err != nil {
		return r, err
	}
	mine := s.mine()
	r.Tables = []figures.Table{s.owedByActor("I-1", b, noticed), owedList("I-2", b, mine), lateList("I-3", b, mine)}
	return r, nil
}

// noticed says of which candidacies a requirement was sent.
func (s *source) noticed(ctx context.Context) (map[int64]bool, error) {
	const sql = `
SELECT DISTINCT i.candidacy_id FROM desk.duty_notices n JOIN desk.duty_items i ON i.notice_id = n.id WHERE n.process_id = $1 AND n.state = 'enviado'`
	rows, err := s.q.Query(ctx, sql, s.process)
	if err != nil {
		return nil, db.Fault(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	out := make(map[int64]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, db.Fault(err)
}

// debt is a kind of breach of a questionnaire.
type debt struct {
	questionnaire duty.Questionnaire
	kind          duty.Kind
}

// owedByActor counts candidacies, each once in a column.
func (s *source) owedByActor(id string, b duty.Breaches, noticed map[int64]bool) figures.Table {
	owed := map[int64][]debt{}
	for _, o := range b.Owed {
		owed[o.Candidacy] = append(owed[o.Candidacy], debt{o.Questionnaire, o.Kind})
	}
	owes := func(title string, q duty.Questionnaire, k duty.Kind) measure {
		return measure{title, func(f *fact) bool { return slices.Contains(owed[f.ID], debt{q, k}) }}
	}
	now := inForce(s.all)
	t := tabulate(id, "Incumplimientos por actor político", now, byNominator, registered,
		measure{"Con algún incumplimiento", func(f *fact) bool { return len(owed[f.ID]) > 0 }},
		owes("Curricular sin respuesta", duty.Curricular, duty.Unanswered), owes("Curricular incompleto", duty.Curricular, duty.Incomplete),
		owes("Art. 18 pendiente", duty.Curricular, duty.Deviating), owes("Identidad incompleto", duty.Identities, duty.Incomplete),
		measure{"Con requerimiento enviado", func(f *fact) bool { return len(owed[f.ID]) > 0 && noticed[f.ID] }})
	percent(&t, 2, 1, "% con incumplimiento")
	t.Population, t.Chart = population(len(now)), 3
	t.Note = "Una candidatura puede tener incumplimientos en los dos cuestionarios: las columnas no suman «Con algún incumplimiento»."
	return t
}

func owedList(id string, b duty.Breaches, mine map[int64]*fact) figures.Table {
	t := list(id, "Cuestionarios curriculares que se deben", "Candidatura", "Folio", "Actor político", "Cargo y ámbito", "Qué falta", "Respuestas", "Detalle")
	for _, o := range b.Owed {
		if f := mine[o.Candidacy]; f != nil && f.inForce() && o.Questionnaire == duty.Curricular {
			t.Rows = append(t.Rows, texts(o.Name, o.Folio, o.Nominator, o.Place, o.Kind.Name(), es.Of(o.Answered, 9), o.Missing))
		}
	}
	t.Population = "n = " + es.Plural(len(t.Rows), "cuestionario", "cuestionarios")
	return t
}

func lateList(id string, b duty.Breaches, mine map[int64]*fact) figures.Table {
	t := list(id, "Cumplieron fuera de plazo", "Candidatura", "Folio", "Actor político", "Acuse", "Fecha")
	for _, l := range b.Late {
		if mine[l.Candidacy] != nil {
			t.Rows = append(t.Rows, texts(l.Name, l.Folio, l.Nominator, l.Acuse, es.ISODate(l.At)))
		}
	}
	t.Population = "n = " + es.Plural(len(t.Rows), "candidatura", "candidaturas")
	return t
}
