package publish

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"conoceles/internal/db"
	"conoceles/internal/ledger"
)

// Register grows the public register: it gives a leaf, after commit and in order,
// to what was published and to the seals of the bitácora, and signs what it grew to.
type Register struct {
	Desk   *db.Desk
	Notary ledger.Notary
}

// registerLock makes the sequencers of all nodes take turns.
const registerLock = "registro"

// registerBatch is how many leaves one transaction adds.
const registerBatch = 5000

// origin is where a leaf comes from: a publication or a seal.
type origin struct {
	PublicationID *int64
	SealID        *int64
	Leaf          []byte
}

// Sequence adds what waits, signs, and returns how many leaves it added. It may
// run on every node at once.
func (r Register) Sequence(ctx context.Context) (int, error) {
	total := 0
	for {
		n := 0
		err := r.Desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			n, err = r.grow(ctx, tx)
			return err
		})
		total += n
		if err != nil {
			return total, fmt.Errorf("grow the register: %w", err)
		}
		if n < registerBatch {
			return total, nil
		}
	}
}

func (r Register) grow(ctx context.Context, tx *db.Tx) (int, error) {
	if err := tx.Lock(ctx, registerLock); err != nil {
		return 0, err
	}
	var size int64
	if err := tx.QueryRow(ctx, `SELECT COALESCE(max(index) + 1, 0) FROM site.log_leaves`).Scan(&size); err != nil {
		return 0, err
	}
	waiting, err := pendingLeaves(ctx, tx)
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	leaves := make([][]byte, len(waiting))
	for i, o := range waiting {
		leaves[i] = o.Leaf
	}
	grown, err := ledger.Append(size, leaves, registerHashes(ctx, tx))
	if err != nil {
		return 0, err
	}
	if err := keepLeaves(ctx, tx, size, waiting); err != nil {
		return 0, err
	}
	rows := make([][]any, len(grown.Hashes))
	for i, h := range grown.Hashes {
		rows[i] = []any{grown.First + int64(i), h[:]}
	}
	if err := copyRows(ctx, tx, "log_hashes", []string{"index", "hash"}, rows); err != nil {
		return 0, err
	}
	const key = `INSERT INTO site.log_keys (key, since) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING`
	if err := tx.Exec(ctx, key, r.Notary.Key(), tx.Now()); err != nil {
		return 0, err
	}
	note, err := r.Notary.Sign(ledger.Register, grown.Size, grown.Root)
	if err != nil {
		return 0, err
	}
	const checkpoint = `INSERT INTO site.log_checkpoints (size, at, note) VALUES ($1, $2, $3)`
	return len(waiting), tx.Exec(ctx, checkpoint, grown.Size, tx.Now(), note)
}

// pendingLeaves returns what has no leaf yet, in order. Publications are numbered
// under the lock of publishing, so their numbers grow as they are committed.
func pendingLeaves(ctx context.Context, q db.Querier) ([]origin, error) {
	const sql = `
(SELECT id AS publication_id, NULL::bigint AS seal_id, commitment AS leaf FROM desk.publications
 WHERE id > (SELECT COALESCE(max(publication_id), 0) FROM audit.leaves) ORDER BY id LIMIT $1)
UNION ALL
(SELECT NULL, id, commitment FROM audit.seals WHERE id > (SELECT COALESCE(max(seal_id), 0) FROM audit.leaves) ORDER BY id LIMIT $1)
LIMIT $1`
	rows, err := q.Query(ctx, sql, registerBatch)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[origin])
}

func keepLeaves(ctx context.Context, tx *db.Tx, first int64, all []origin) error {
	leaves, origins := make([][]any, len(all)), make([][]any, len(all))
	for i, o := range all {
		index := first + int64(i)
		leaves[i], origins[i] = []any{index, o.Leaf}, []any{index, o.PublicationID, o.SealID}
	}
	if err := copyRows(ctx, tx, "log_leaves", []string{"index", "leaf"}, leaves); err != nil {
		return err
	}
	_, err := tx.CopyFrom(ctx, "audit", "leaves", []string{"index", "publication_id", "seal_id"}, pgx.CopyFromRows(origins))
	return err
}

// registerHashes lends the hashes that are kept.
func registerHashes(ctx context.Context, q db.Querier) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		rows, err := q.Query(ctx, `SELECT index, hash FROM site.log_hashes WHERE index = ANY($1)`, indexes)
		if err != nil {
			return nil, err
		}
		return ledger.CollectHashes(rows, indexes)
	})
}
