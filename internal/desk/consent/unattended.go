package consent

import (
	"context"

	"conoceles/internal/db"
)

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
