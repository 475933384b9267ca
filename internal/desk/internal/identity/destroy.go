package identity

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
)

// Destroy erases the identity data of a candidacy: its key and its draft are
// deleted, its versions and documents stay as bytes that nothing opens, and it
// never gets another key. It returns how many versions it left unreadable,
// after trying each with every key that remains. It may be repeated, as after
// the restoration of an older backup.
//
// The key is also in backups of the keys and in the server's log until those
// expire (security.md 2.5).
func (s *Store) Destroy(ctx context.Context, tx *db.Tx, process, candidacy int64) (int, error) {
	if err := lock(ctx, tx, candidacy); err != nil {
		return 0, err
	}
	if err := exists(ctx, tx, process, candidacy); err != nil {
		return 0, err
	}
	for _, statement := range []string{
		`DELETE FROM sensitive.candidacy_keys WHERE candidacy_id = $1`,
		`DELETE FROM sensitive.candidacy_keys_blocked WHERE candidacy_id = $1`,
		`DELETE FROM sensitive.identity_drafts WHERE candidacy_id = $1`,
	} {
		if err := tx.Exec(ctx, statement, candidacy); err != nil {
			return 0, err
		}
	}
	versions, readable, err := s.Decryptable(ctx, tx, candidacy)
	if err != nil {
		return 0, err
	}
	if readable > 0 {
		return 0, fmt.Errorf("identity: %d of %d versions of candidacy %d still open", readable, versions, candidacy)
	}
	const insert = `
INSERT INTO sensitive.key_destructions (candidacy_id, process_id, versions, complete, at) VALUES ($1, $2, $3,
  COALESCE((SELECT a.complete FROM sensitive.identity_answers a WHERE a.candidacy_id = $1 ORDER BY a.version DESC LIMIT 1), false), $4)
ON CONFLICT (candidacy_id) DO NOTHING`
	return versions, tx.Exec(ctx, insert, candidacy, process, versions, tx.Now())
}

// Decryptable returns how many versions a candidacy has and how many of them
// some key in the database opens: the proof of an erasure is that none does. It
// tries them all, also those of other candidacies.
func (s *Store) Decryptable(ctx context.Context, q db.Querier, candidacy int64) (versions, readable int, err error) {
	blobs, err := readBlobs(ctx, q, candidacy)
	if err != nil || len(blobs) == 0 {
		return 0, 0, err
	}
	every, err := s.everyKey(ctx, q)
	if err != nil {
		return 0, 0, err
	}
	for _, b := range blobs {
		for _, key := range every {
			if _, err := key.open(b.Blob, answersLabel(b.ProcessID, candidacy, b.Version)); err == nil {
				readable++
				break
			}
		}
	}
	return len(blobs), readable, nil
}

type blobRow struct {
	ProcessID int64
	Version   int
	Blob      []byte
}

func readBlobs(ctx context.Context, q db.Querier, candidacy int64) ([]blobRow, error) {
	const read = `SELECT process_id, version, blob FROM sensitive.identity_answers WHERE candidacy_id = $1 ORDER BY version`
	rows, err := q.Query(ctx, read, candidacy)
	if err != nil {
		return nil, db.Fault(err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[blobRow])
}

// everyKey opens every candidacy's key; one that the keyset cannot open opens
// nothing either.
func (s *Store) everyKey(ctx context.Context, q db.Querier) ([]dataKey, error) {
	rows, err := q.Query(ctx, `SELECT candidacy_id, process_id, wrapped FROM sensitive.candidacy_keys`)
	if err != nil {
		return nil, db.Fault(err)
	}
	wrapped, err := pgx.CollectRows(rows, pgx.RowToStructByName[wrappedRow])
	if err != nil {
		return nil, db.Fault(err)
	}
	var every []dataKey
	for _, w := range wrapped {
		raw, err := s.ring.Unwrap(w.Wrapped, []byte(keyLabel(w.ProcessID, w.CandidacyID)))
		if err != nil {
			continue
		}
		key, err := newDataKey(raw)
		if err != nil {
			return nil, err
		}
		every = append(every, key)
	}
	return every, nil
}

type wrappedRow struct {
	CandidacyID int64
	ProcessID   int64
	Wrapped     []byte
}
