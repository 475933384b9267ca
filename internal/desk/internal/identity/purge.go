package identity

import (
	"context"
	"crypto/sha256"
	"hash"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
)

// Held is what the seal holds of a process, in numbers.
type Held struct {
	Keys, Blocked, Destroyed, Versions, Drafts int
}

// Held counts what is held of a process.
func (s *Store) Held(ctx context.Context, q db.Querier, process int64) (Held, error) {
	const read = `
SELECT (SELECT count(*) FROM sensitive.candidacy_keys WHERE process_id = $1),
  (SELECT count(*) FROM sensitive.candidacy_keys_blocked WHERE process_id = $1),
  (SELECT count(*) FROM sensitive.key_destructions WHERE process_id = $1),
  (SELECT count(*) FROM sensitive.identity_answers WHERE process_id = $1),
  (SELECT count(*) FROM sensitive.identity_drafts WHERE process_id = $1)`
	var h Held
	err := q.QueryRow(ctx, read, process).Scan(&h.Keys, &h.Blocked, &h.Destroyed, &h.Versions, &h.Drafts)
	return h, db.Fault(err)
}

// Owned returns the candidacies of a process of which the seal holds something.
func (s *Store) Owned(ctx context.Context, q db.Querier, process int64) ([]int64, error) {
	const read = `
SELECT candidacy_id FROM sensitive.candidacy_keys WHERE process_id = $1
UNION SELECT candidacy_id FROM sensitive.candidacy_keys_blocked WHERE process_id = $1
UNION SELECT candidacy_id FROM sensitive.identity_answers WHERE process_id = $1
UNION SELECT candidacy_id FROM sensitive.identity_drafts WHERE process_id = $1 ORDER BY 1`
	rows, err := q.Query(ctx, read, process)
	if err != nil {
		return nil, db.Fault(err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// HasKey reports whether anything could still open what belongs to a candidacy:
// its key, for the service or for its custodians.
func (s *Store) HasKey(ctx context.Context, q db.Querier, candidacy int64) (bool, error) {
	const read = `
SELECT EXISTS (SELECT 1 FROM sensitive.candidacy_keys WHERE candidacy_id = $1)
  OR EXISTS (SELECT 1 FROM sensitive.candidacy_keys_blocked WHERE candidacy_id = $1)`
	var has bool
	return has, db.Fault(q.QueryRow(ctx, read, candidacy).Scan(&has))
}

// Open reports whether the service itself could open what belongs to a
// candidacy: it has its key, not blocked.
func (s *Store) Open(ctx context.Context, q db.Querier, candidacy int64) (bool, error) {
	var has bool
	const read = `SELECT EXISTS (SELECT 1 FROM sensitive.candidacy_keys WHERE candidacy_id = $1)`
	return has, db.Fault(q.QueryRow(ctx, read, candidacy).Scan(&has))
}

// Purge deletes the versions of a candidacy whose key was destroyed, which
// nothing opens. It adds what it deletes to digest, for the certificate, and
// returns how many they were. One whose key remains is refused by the database.
func (s *Store) Purge(ctx context.Context, tx *db.Tx, candidacy int64, digest hash.Hash) (int, error) {
	blobs, err := readBlobs(ctx, tx, candidacy)
	if err != nil {
		return 0, err
	}
	for _, b := range blobs {
		sum := sha256.Sum256(b.Blob)
		digest.Write(sum[:])
	}
	return len(blobs), tx.Exec(ctx, `DELETE FROM sensitive.identity_answers WHERE candidacy_id = $1`, candidacy)
}
