package identity

import (
	"context"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
)

// State is all that is known of a questionnaire without opening it. Outside the
// form only String may be said of it: even the number of versions tells.
type State struct {
	Version  int // the last one; 0 is none
	Complete bool
}

// String returns «completo» or «incompleto», the second for one never begun too.
func (s State) String() string {
	if s.Complete {
		return "completo"
	}
	return "incompleto"
}

// State returns the state of one candidacy. Erasure does not change whether it
// is complete: that somebody answered stays true.
func (s *Store) State(ctx context.Context, q db.Querier, candidacy int64) (State, error) {
	states, err := s.States(ctx, q, candidacy)
	return states[candidacy], err
}

// States returns the states of several candidacies. One that answered nothing
// is not in the map, whose zero value is its state.
func (s *Store) States(ctx context.Context, q db.Querier, candidacies ...int64) (map[int64]State, error) {
	const read = `
SELECT DISTINCT ON (candidacy_id) candidacy_id, version, complete FROM (
  SELECT candidacy_id, version, complete FROM sensitive.identity_answers WHERE candidacy_id = ANY ($1)
  UNION ALL SELECT candidacy_id, 0, complete FROM sensitive.key_destructions WHERE candidacy_id = ANY ($1) AND complete) s
ORDER BY candidacy_id, version DESC`
	rows, err := q.Query(ctx, read, candidacies)
	if err != nil {
		return nil, db.Fault(err)
	}
	type row struct {
		CandidacyID int64
		Version     int
		Complete    bool
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, db.Fault(err)
	}
	states := make(map[int64]State, len(found))
	for _, r := range found {
		states[r.CandidacyID] = State{r.Version, r.Complete}
	}
	return states, nil
}
