package consent

import (
	"context"

	"conoceles/internal/db"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// Publication is the key without which publish copies no identity answer. Only
// InForce makes one, in the transaction that uses it; its zero value opens
// nothing.
type Publication struct {
	process   int64
	candidacy int64
	version   int
}

// Valid reports whether the key opens something.
func (p Publication) Valid() bool { return p.candidacy != 0 && p.version != 0 }

// InForce returns, for some candidacies, the keys that a verified, unwithdrawn,
// express consent gives now, over answers that are still the ones it covers; and
// which of them closed the questionnaire with nº 1 = No.
func InForce(ctx context.Context, q db.Querier, process int64, states map[int64]identity.State, candidacies ...int64) (keys map[int64]Publication, closed map[int64]bool, err error) {
	histories, err := Histories(ctx, q, candidacies...)
	if err != nil {
		return nil, nil, err
	}
	keys, closed = map[int64]Publication{}, map[int64]bool{}
	for id, history := range histories {
		st := StandingOf(history)
		closed[id] = st.Closed()
		if st.Publishes() && st.Verified.AnswersVersion != 0 && states[id].Version == st.Verified.AnswersVersion {
			keys[id] = Publication{process, id, st.Verified.AnswersVersion}
		}
	}
	return keys, closed, nil
}

// Open reads the answers that the key covers. Without a valid key it is
// Forbidden, whatever the database holds.
func (p Publication) Open(ctx context.Context, q db.Querier, seal *identity.Store) (questionnaire.Answers, error) {
	if !p.Valid() {
		return nil, fault.New(fault.Forbidden, "")
	}
	sealed, err := seal.Load(ctx, q, p.process, p.candidacy, p.version, identity.Publication)
	if err != nil {
		return nil, err
	}
	return sealed.Open(identity.Publication)
}
