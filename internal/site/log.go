package site

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"conoceles/internal/db"
	"conoceles/internal/ledger"
)

// Checkpoint is a signed checkpoint of the public register.
type Checkpoint struct {
	Size int64
	At   time.Time
	Note string
}

// Checkpoints returns the newest checkpoints of the register, newest first; none
// while it is empty.
func (s *Store) Checkpoints(ctx context.Context, limit int) ([]Checkpoint, error) {
	const sql = `SELECT size, at, note FROM site.log_checkpoints ORDER BY size DESC LIMIT $1`
	out, err := list[Checkpoint](ctx, s.q, sql, limit)
	if err != nil {
		return nil, db.Fault(fmt.Errorf("read the checkpoints: %w", err))
	}
	return out, nil
}

// CheckpointOf returns the checkpoint of exactly so many leaves, or NotFound.
func (s *Store) CheckpointOf(ctx context.Context, size int64) (Checkpoint, error) {
	c, err := one[Checkpoint](ctx, s.q, `SELECT size, at, note FROM site.log_checkpoints WHERE size = $1`, size)
	return c, db.Fault(err)
}

// LogKeys returns the public keys that sign the register, the one in use last.
func (s *Store) LogKeys(ctx context.Context) ([]string, error) {
	type row struct{ Key string }
	rows, err := list[row](ctx, s.q, `SELECT key FROM site.log_keys ORDER BY since, key`)
	if err != nil {
		return nil, db.Fault(fmt.Errorf("read who signs the register: %w", err))
	}
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.Key
	}
	return out, nil
}

// LogLeaves returns leaves in order, from one on.
func (s *Store) LogLeaves(ctx context.Context, from int64, limit int) ([][]byte, error) {
	type row struct{ Leaf []byte }
	rows, err := list[row](ctx, s.q, `SELECT leaf FROM site.log_leaves WHERE index >= $1 ORDER BY index LIMIT $2`, from, limit)
	if err != nil {
		return nil, db.Fault(fmt.Errorf("read the leaves of the register: %w", err))
	}
	out := make([][]byte, len(rows))
	for i, r := range rows {
		out[i] = r.Leaf
	}
	return out, nil
}

// LogHashes lends the hashes of the register's tree, for proofs.
func (s *Store) LogHashes(ctx context.Context) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		rows, err := s.q.Query(ctx, `SELECT index, hash FROM site.log_hashes WHERE index = ANY($1)`, indexes)
		if err != nil {
			return nil, db.Fault(err)
		}
		return ledger.CollectHashes(rows, indexes)
	})
}
