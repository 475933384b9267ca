package canary

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/consent"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// row is a candidacy being filled.
type row struct {
	Person
	person int64 // desk.persons
	n      int
}

// found is a candidacy that may take a row.
type found struct {
	ID       int64
	Folio    string
	Slug     string
	PersonID int64
	Capture  string
	Captured bool // some account of the process captures it
	Own      bool // it is the candidacy of an account
}

// candidates reads the candidacies that may be filled: those without a consent of
// their own story. Those of independents are left alone: the head of a planilla
// captures for its members.
func (s *seeding) candidates(ctx context.Context) ([]found, error) {
	const q = `
SELECT c.id, c.folio, c.slug, c.person_id, c.capture,
  EXISTS (SELECT 1 FROM desk.grants g WHERE g.process_id = c.process_id
    AND (g.candidacy_id = c.id OR g.nominator_id = COALESCE(c.siglado_id, n.representative_id, c.nominator_id))) AS captured,
  EXISTS (SELECT 1 FROM desk.grants g WHERE g.candidacy_id = c.id) AS own
FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
WHERE c.process_id = $1 AND c.standing = 'aprobada' AND n.kind = 'partido' ORDER BY c.id`
	rows, err := s.desk.Query(ctx, q, s.process)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[found])
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, f := range all {
		ids = append(ids, f.ID)
	}
	histories, err := consent.Histories(ctx, s.desk, ids...)
	return slices.DeleteFunc(all, func(f found) bool { return len(histories[f.ID]) > 0 }), err
}

// place gives each row of the matrix a candidacy that nobody of the process
// captures, in their order; and beside the matrix, two that accounts capture: a
// candidate's own, under captura reservada, and one of the party.
func (s *seeding) place(ctx context.Context) ([]row, error) {
	all, err := s.candidates(ctx)
	if err != nil {
		return nil, err
	}
	var drafts, validated []found
	var rows []row
	var own, party bool
	add := func(f found, c Cell) *row {
		rows = append(rows, row{n: len(rows), person: f.PersonID, Person: Person{Cell: c, State: c.State(), ID: f.ID, Folio: f.Folio, Slug: f.Slug, Captured: f.Captured}})
		return &rows[len(rows)-1]
	}
	captured := func(f found) {
		record := Draft
		if f.Capture == "validada" {
			record = Validated
		}
		add(f, Cell{Answered, Pending, record}).Reserved = f.Own
	}
	for _, f := range all {
		switch {
		case f.Own && !own:
			own = true
			captured(f)
		case f.Captured && !f.Own && !party && f.Capture != "validada":
			party = true
			captured(f)
		case f.Captured:
		case f.Capture == "validada":
			validated = append(validated, f)
		default:
			drafts = append(drafts, f)
		}
	}
	for _, c := range arrange(s.Variant) {
		from := &validated
		if c.Record == Draft {
			from = &drafts
		}
		if len(*from) == 0 || !own || !party {
			return nil, fault.Newf(fault.Invalid, "El proceso %s tiene muy pocas candidaturas para los canarios: siembra al menos 600.", s.Process)
		}
		add((*from)[0], c)
		*from = (*from)[1:]
	}
	return rows, nil
}

// Far enough that pages of a world look the same whenever somebody looks.
var (
	campaignsEnd = time.Date(2099, time.June, 4, 0, 0, 0, 0, time.UTC)
	electionDay  = campaignsEnd.AddDate(0, 0, 3)
)

// publicQuestions are the institute's usual ones and two that take a free text,
// so that details are public too.
func publicQuestions() []string {
	var out []string
	for _, id := range append(questionnaire.DefaultPublic(), questionnaire.DisabilityType, questionnaire.LGBTIdentity) {
		out = append(out, string(id))
	}
	return out
}

// before puts in place everything that comes before identity, and publishes it.
func (s *seeding) before(ctx context.Context, rows []row) error {
	return s.do(ctx, "preparar", func(ctx context.Context, tx *db.Tx) error {
		const process = `UPDATE desk.processes SET identity_public = $2, campaigns_end_at = $3, election_day = $4 WHERE id = $1`
		if err := tx.Exec(ctx, process, s.process, publicQuestions(), campaignsEnd, electionDay); err != nil {
			return err
		}
		const institution = `UPDATE desk.institution SET address = 'Calle de Ejemplo 1', email = 'transparencia@ejemplo.invalid' WHERE address = '' OR email = ''`
		if err := tx.Exec(ctx, institution); err != nil {
			return err
		}
		if err := consent.ApproveNotices(ctx, tx, db.System{Name: "canarios"}, s.process, consent.Approval{Acuerdo: "ACUERDO/CANARIOS/001", On: tx.Now()}); err != nil {
			return err
		}
		for i := range rows {
			if err := s.prepare(ctx, tx, &rows[i]); err != nil {
				return fmt.Errorf("candidatura %s: %w", rows[i].Folio, err)
			}
		}
		return s.pub.Process(ctx, tx, s.process)
	})
}

// prepare writes the registry and curricular canaries of a row.
func (s *seeding) prepare(ctx context.Context, tx *db.Tx, r *row) error {
	birth := time.Date(1941, time.January, 5, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 97*r.n)
	email, phone := s.value(r.Folio, "correo"), s.value(r.Folio, "telefono")
	const person = `UPDATE desk.persons SET email = $2, phone = $3, birth_date = $4 WHERE id = $1`
	if err := tx.Exec(ctx, person, r.person, email+"@ejemplo.invalid", phone, birth); err != nil {
		return err
	}
	r.Canaries = append(r.Canaries,
		Canary{Value: email, Class: Private, What: "correo"}, Canary{Value: phone, Class: Private, What: "telefono"},
		Canary{Value: birth.Format(time.DateOnly), Class: Birth, What: "fecha de nacimiento"})
	if err := s.prepareCurricular(ctx, tx, r); err != nil || !r.Captured {
		return err
	}
	const accept = `
INSERT INTO desk.notice_acceptances (candidacy_id, notice_id, account_id, at)
SELECT $1, n.id, g.account_id, $3 FROM desk.notices n, desk.grants g
WHERE n.process_id = $2 AND g.process_id = $2 AND n.kind = 'simplificado' AND (g.nominator_id IS NOT NULL OR g.candidacy_id = $1)
ON CONFLICT DO NOTHING`
	if err := tx.Exec(ctx, accept, r.ID, s.process, tx.Now()); err != nil || !r.Reserved {
		return err
	}
	return tx.Exec(ctx, `UPDATE desk.candidacies SET reserved_at = $2 WHERE id = $1`, r.ID, tx.Now())
}
