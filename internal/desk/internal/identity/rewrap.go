package identity

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
)

// rewrapBatch is how many keys a transaction re-wraps: few enough that nobody
// waits for it.
const rewrapBatch = 250

// rewrap wraps again every key that is under another than id, in small
// transactions. Rows that somebody holds are left for the next turn.
func (s *Store) rewrap(ctx context.Context, desk *db.Desk, id uint32) (int, error) {
	total := 0
	for {
		n, left := 0, 0
		err := desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			n, left, err = s.rewrapSome(ctx, tx, id)
			return err
		})
		total += n
		switch {
		case err != nil:
			return total, err
		case n == 0 && left == 0:
			return total, nil
		case n == 0:
			select {
			case <-ctx.Done():
				return total, ctx.Err()
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
}

func (s *Store) rewrapSome(ctx context.Context, tx *db.Tx, id uint32) (n, left int, err error) {
	const read = `
SELECT candidacy_id, process_id, wrapped FROM sensitive.candidacy_keys WHERE keyset_key <> $1
ORDER BY candidacy_id LIMIT $2 FOR UPDATE SKIP LOCKED`
	rows, err := tx.Query(ctx, read, int64(id), rewrapBatch)
	if err != nil {
		return 0, 0, err
	}
	batch, err := pgx.CollectRows(rows, pgx.RowToStructByName[wrappedRow])
	if err != nil {
		return 0, 0, err
	}
	var candidacies []int64
	var wrapped [][]byte
	for _, k := range batch {
		label := []byte(keyLabel(k.ProcessID, k.CandidacyID))
		raw, err := s.ring.Unwrap(k.Wrapped, label)
		if err != nil {
			return 0, 0, fmt.Errorf("open the key of candidacy %d: %w", k.CandidacyID, err)
		}
		w, err := s.ring.Wrap(raw, label)
		if err != nil {
			return 0, 0, err
		}
		if w.Key != id {
			return 0, 0, fmt.Errorf("identity: another rotation began, of key %d", w.Key)
		}
		candidacies, wrapped = append(candidacies, k.CandidacyID), append(wrapped, w.Bytes)
	}
	const update = `
UPDATE sensitive.candidacy_keys k SET wrapped = n.wrapped, keyset_key = $1, wrapped_at = $2
FROM unnest($3::bigint[], $4::bytea[]) AS n (candidacy_id, wrapped) WHERE k.candidacy_id = n.candidacy_id`
	if err := tx.Exec(ctx, update, int64(id), tx.Now(), candidacies, wrapped); err != nil {
		return 0, 0, err
	}
	left, err = countUnder(ctx, tx, id)
	return len(batch), left, err
}
