package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/keys"
)

// LoadEach is Load of the last version of many candidacies at once: it calls fn for
// each that answered something. Those whose data were erased are left out, since
// nothing opens them; the first whose key is blocked ends it with Gone.
func (s *Store) LoadEach(ctx context.Context, q db.Querier, process int64, candidacies []int64, p Purpose, fn func(candidacy int64, a Answers) error) error {
	if !p.byAct() {
		return fmt.Errorf("identity: purpose %q is not that of an act", string(p))
	}
	const read = `
SELECT c.id, k.wrapped, a.version, a.blob, EXISTS (SELECT 1 FROM sensitive.candidacy_keys_blocked b WHERE b.candidacy_id = c.id) AS blocked
FROM desk.candidacies c LEFT JOIN sensitive.candidacy_keys k ON k.candidacy_id = c.id
JOIN LATERAL (SELECT version, blob FROM sensitive.identity_answers v WHERE v.candidacy_id = c.id ORDER BY version DESC LIMIT 1) a ON true
WHERE c.process_id = $1 AND c.id = ANY ($2) AND NOT EXISTS (SELECT 1 FROM sensitive.key_destructions d WHERE d.candidacy_id = c.id)
ORDER BY c.id`
	rows, err := q.Query(ctx, read, process, candidacies)
	if err != nil {
		return db.Fault(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[sealedRow])
	if err != nil {
		return db.Fault(err)
	}
	for _, r := range found {
		a, err := s.openRow(ctx, q, process, p, r)
		if err == nil {
			err = fn(r.ID, a)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

type sealedRow struct {
	ID      int64
	Wrapped []byte
	Version int
	Blob    []byte
	Blocked bool
}

func (s *Store) openRow(ctx context.Context, q db.Querier, process int64, p Purpose, r sealedRow) (Answers, error) {
	if r.Blocked {
		return Answers{}, errBlocked
	}
	raw, err := s.ring.Unwrap(r.Wrapped, []byte(keyLabel(process, r.ID)))
	if errors.Is(err, keys.ErrUnknownKey) { // a rotation wrapped it again meanwhile
		return s.load(ctx, q, process, r.ID, r.Version, p)
	}
	if err != nil {
		return Answers{}, fmt.Errorf("open the key of candidacy %d: %w", r.ID, err)
	}
	key, err := newDataKey(raw)
	if err != nil {
		return Answers{}, err
	}
	plain, err := key.open(r.Blob, answersLabel(process, r.ID, r.Version))
	if err != nil {
		return Answers{}, err
	}
	c, err := decode[content](plain)
	return closed(sealed{purpose: p, content: c, version: r.Version}), err
}

// CompleteAt returns which candidacies of a process had a complete questionnaire at
// an instant, with the version that it was: who answered, and never what. Of those
// whose answers were erased since, the version is 0.
func (s *Store) CompleteAt(ctx context.Context, q db.Querier, process int64, at time.Time) (map[int64]int, error) {
	const read = `
SELECT candidacy_id, version FROM (
  SELECT DISTINCT ON (candidacy_id) candidacy_id, version, complete FROM sensitive.identity_answers WHERE process_id = $1 AND at <= $2
  ORDER BY candidacy_id, version DESC) a WHERE complete
UNION ALL SELECT candidacy_id, 0 FROM sensitive.key_destructions WHERE process_id = $1 AND at > $2 AND complete`
	rows, err := q.Query(ctx, read, process, at)
	if err != nil {
		return nil, db.Fault(err)
	}
	out := map[int64]int{}
	var id int64
	var version int
	_, err = pgx.ForEachRow(rows, []any{&id, &version}, func() error {
		out[id] = version
		return nil
	})
	return out, db.Fault(err)
}
