// Package audit reads and chains the bitácora: who did what to which object.
//
// Each entry is written by db.Desk.Do in the transaction of the act that it tells,
// and no role may change it afterwards. This package does what comes later:
//
//	Chain.Sequence   after commit, one sequencer gives each entry its place in a
//	                 Merkle tree, signs the tree and, once an hour, seals it
//	Chain.Verify     writes all of it again and says what is missing, altered or
//	                 in another place
//	Store.Search     who may read which entries (search.go)
//
// A chain inside each transaction would make every save wait for the one before;
// after commit it makes nobody wait, and what is not chained yet is seconds old.
//
// A seal is a leaf of the public register (publish.Register) with a secret salt.
// There is one for each hour, whether or not anything happened: neither how much is
// done at the desk nor when can be read in the register, so nobody can tell there
// that somebody withdrew a consent.
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"conoceles/internal/db"
	"conoceles/internal/ledger"
)

// row is an entry as the chain commits to it: every column, in this order.
type row struct {
	ID        int64             `json:"asiento"`
	At        time.Time         `json:"instante"`
	ProcessID *int64            `json:"proceso"`
	AccountID *int64            `json:"cuenta"`
	Role      string            `json:"funcion"`
	Kind      string            `json:"clase"`
	Object    string            `json:"objeto"`
	Details   map[string]string `json:"datos"`
}

// digest is the SHA-256 of the entry in canonical form.
func (r row) digest() ([]byte, error) {
	r.At = r.At.UTC()
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}

// Chain is the chain of the bitácora of a database.
type Chain struct {
	Desk   *db.Desk
	Notary ledger.Notary
}

const (
	// chainLock makes the sequencers of all nodes take turns.
	chainLock = "bitacora"
	// chainBatch is how many entries one transaction chains.
	chainBatch = 5000
	// late is how many numbers behind the newest chained entry one may still be
	// that was committed after it.
	late = 10000
)

// Sequence chains what was committed, and seals the hour if it has no seal yet. It
// returns how many entries it chained, and may run on every node at once.
func (c Chain) Sequence(ctx context.Context) (int, error) {
	total := 0
	for {
		n := 0
		err := c.Desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			if err := tx.Lock(ctx, chainLock); err != nil {
				return err
			}
			if n, err = c.grow(ctx, tx); err != nil || n == chainBatch {
				return err
			}
			return c.seal(ctx, tx)
		})
		total += n
		if err != nil {
			return total, fmt.Errorf("chain the bitácora: %w", err)
		}
		if n < chainBatch {
			return total, nil
		}
	}
}

// grow chains a batch.
func (c Chain) grow(ctx context.Context, tx *db.Tx) (int, error) {
	const waiting = `
SELECT e.id, e.at, e.process_id, e.account_id, e.role, e.kind, e.object, e.details
FROM audit.entries e LEFT JOIN audit.chain k ON k.entry_id = e.id
WHERE k.entry_id IS NULL AND e.id > (SELECT COALESCE(max(entry_id), 0) - $1 FROM audit.chain) ORDER BY e.id LIMIT $2`
	rows, err := tx.Query(ctx, waiting, late, chainBatch)
	if err != nil {
		return 0, err
	}
	entries, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	size, err := chained(ctx, tx)
	if err != nil {
		return 0, err
	}
	leaves, places := make([][]byte, len(entries)), make([][]any, len(entries))
	for i, e := range entries {
		if leaves[i], err = e.digest(); err != nil {
			return 0, err
		}
		places[i] = []any{size + int64(i), e.ID, leaves[i]}
	}
	grown, err := ledger.Append(size, leaves, hashes(ctx, tx))
	if err != nil {
		return 0, err
	}
	if _, err := tx.CopyFrom(ctx, "audit", "chain", []string{"position", "entry_id", "digest"}, pgx.CopyFromRows(places)); err != nil {
		return 0, err
	}
	return len(entries), c.keep(ctx, tx, grown)
}

// keep writes what a tree grew, and signs it.
func (c Chain) keep(ctx context.Context, tx *db.Tx, g ledger.Grown) error {
	kept := make([][]any, len(g.Hashes))
	for i, h := range g.Hashes {
		kept[i] = []any{g.First + int64(i), h[:]}
	}
	if _, err := tx.CopyFrom(ctx, "audit", "chain_hashes", []string{"index", "hash"}, pgx.CopyFromRows(kept)); err != nil {
		return err
	}
	note, err := c.Notary.Sign(ledger.Bitacora, g.Size, g.Root)
	if err != nil {
		return err
	}
	return tx.Exec(ctx, `INSERT INTO audit.chain_checkpoints (size, at, note) VALUES ($1, $2, $3)`, g.Size, tx.Now(), note)
}

// seal makes the seal of the hour, unless it is there.
func (c Chain) seal(ctx context.Context, tx *db.Tx) error {
	hour := tx.Now().Truncate(time.Hour)
	var there bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM audit.seals WHERE at >= $1)`, hour).Scan(&there); err != nil || there {
		return err
	}
	size, err := chained(ctx, tx)
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(size, hashes(ctx, tx))
	if err != nil {
		return err
	}
	salt := ledger.NewSalt()
	leaf := ledger.Seal{At: hour, Size: size, Root: root[:]}.Leaf(salt)
	const insert = `INSERT INTO audit.seals (at, size, root, salt, commitment) VALUES ($1, $2, $3, $4, $5)`
	return tx.Exec(ctx, insert, hour, size, root[:], salt, leaf)
}

// chained is how many entries the chain has.
func chained(ctx context.Context, q db.Querier) (int64, error) {
	var size int64
	return size, q.QueryRow(ctx, `SELECT COALESCE(max(position) + 1, 0) FROM audit.chain`).Scan(&size)
}

// hashes lends the hashes that are kept.
func hashes(ctx context.Context, q db.Querier) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		rows, err := q.Query(ctx, `SELECT index, hash FROM audit.chain_hashes WHERE index = ANY($1)`, indexes)
		if err != nil {
			return nil, err
		}
		return ledger.CollectHashes(rows, indexes)
	})
}
