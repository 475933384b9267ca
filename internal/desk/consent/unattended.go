package consent

import (
	"context"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
)

// UnattendedOf returns which of the candidacies that an actor captures, by their
// number, have not attended their identity questionnaire.
func (s *Store) UnattendedOf(ctx context.Context, a auth.Capturer) (map[int64]bool, error) {
	const captured = `
SELECT c.id FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id JOIN desk.offices o ON o.id = c.office_id
WHERE ` + auth.ScopeSQL + ` AND c.standing = 'aprobada' AND o.in_system`
	rows, err := s.desk.Query(ctx, captured, a.Scope().Args()...)
	if err != nil {
		return nil, db.Fault(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, db.Fault(err)
	}
	unattended, err := s.Unattended(ctx, s.desk, all...)
	out := map[int64]bool{}
	for _, id := range unattended {
		out[id] = true
	}
	return out, err
}

// Unattended returns which of some candidacies have not attended their identity
// questionnaire: neither complete nor closed by nº 1 = No. It is Attended for many
// at once, and as little is told.
func (s *Store) Unattended(ctx context.Context, q db.Querier, candidacies ...int64) ([]int64, error) {
	histories, err := Histories(ctx, q, candidacies...)
	if err != nil {
		return nil, db.Fault(err)
	}
	states, err := s.seal.States(ctx, q, candidacies...)
	if err != nil {
		return nil, err
	}
	var out []int64
	for _, id := range candidacies {
		if !states[id].Complete && !StandingOf(histories[id]).Closed() {
			out = append(out, id)
		}
	}
	return out, nil
}
