package identity

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
)

// CheckKeys fails unless the keyset file has every key that the database needs:
// with the file of another database, or a new one in place of one that was
// lost, it is better not to start.
func (s *Store) CheckKeys(ctx context.Context, q db.Querier) error {
	rows, err := q.Query(ctx, `SELECT DISTINCT keyset_key FROM sensitive.candidacy_keys`)
	if err != nil {
		return db.Fault(err)
	}
	needed, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return db.Fault(err)
	}
	for _, id := range needed {
		if !s.ring.Has(uint32(id)) {
			return fmt.Errorf("el archivo de llaves no es el de esta base de datos: le falta la llave %d; "+
				"recupéralo de quien lo custodia", id)
		}
	}
	return nil
}

// Prepare puts in the keyset file the key of the next rotation, which nothing
// uses yet. Nodes that share the file need no more; others get a copy of it
// before Rotate.
func (s *Store) Prepare(ctx context.Context, desk *db.Desk, actor db.Actor) (uint32, error) {
	var id uint32
	_, err := desk.Do(ctx, actor, db.Action{Kind: "llaves.preparar", Object: "llavero"},
		func(ctx context.Context, tx *db.Tx) (string, error) {
			if err := tx.Lock(ctx, lockKeys); err != nil {
				return "", err
			}
			var err error
			id, err = s.ring.Add()
			return "", err
		})
	return id, err
}

// Rotation tells what a rotation did.
type Rotation struct {
	Key       uint32 // the new one
	Rewrapped int    // candidacies' keys
	Retired   bool   // whether the old key left the file
}

// Rotate makes the prepared key (or a new one) the one that wraps, and wraps
// again every candidacy's key, while others read and write: until the end both
// keys open. Then, with RetireOld, the old key leaves the file for ever.
// Nodes with a copy of the file of their own need the old one until each has
// the new file: KeepOld now, and Retire then.
//
// It may be interrupted and repeated.
func (s *Store) Rotate(ctx context.Context, desk *db.Desk, actor db.Actor, old Old) (Rotation, error) {
	id, err := s.Prepare(ctx, desk, actor)
	if err != nil {
		return Rotation{}, err
	}
	err = desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.Lock(ctx, lockKeys); err != nil {
			return err
		}
		return s.ring.Promote(id)
	})
	if err != nil {
		return Rotation{}, err
	}
	r := Rotation{Key: id}
	if r.Rewrapped, err = s.rewrap(ctx, desk, id); err != nil {
		return r, err
	}
	if old == RetireOld {
		err = s.Retire(ctx, desk, actor)
		r.Retired = err == nil
	}
	return r, err
}

// Old is what a rotation does with the keys before.
type Old int

// What may be done with the old keys.
const (
	KeepOld   Old = iota // they stay, to open what other nodes still wrap
	RetireOld            // they leave the file once nothing needs them
)

// Retire ends a rotation: once no candidacy's key is wrapped under an old key,
// the old ones leave the file.
func (s *Store) Retire(ctx context.Context, desk *db.Desk, actor db.Actor) error {
	for {
		primary, err := s.ring.Primary()
		if err != nil {
			return err
		}
		if _, err := s.rewrap(ctx, desk, primary); err != nil {
			return err
		}
		if err = s.retire(ctx, desk, actor, primary); !errors.Is(err, errKeysLeft) {
			return err
		}
	}
}

// errKeysLeft says that a candidacy's key was wrapped under an old key since all
// were re-wrapped.
var errKeysLeft = errors.New("identity: keys are left under the old one")

// retire removes the old keys from the file, or fails with errKeysLeft. The file
// changes inside the transaction: its lock is what keeps others from wrapping
// meanwhile, and removing keys that nothing needs is right even if the entry is
// then not written.
func (s *Store) retire(ctx context.Context, desk *db.Desk, actor db.Actor, primary uint32) error {
	_, err := desk.Do(ctx, actor, db.Action{
		Kind: "llaves.retirar", Object: "llavero", Details: map[string]string{"llave": strconv.FormatUint(uint64(primary), 10)},
	}, func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := tx.Lock(ctx, lockKeys); err != nil {
			return "", err
		}
		left, err := countUnder(ctx, tx, primary)
		if err != nil {
			return "", err
		}
		if left > 0 {
			return "", errKeysLeft
		}
		return "", s.ring.Remove()
	})
	return err
}

// countUnder counts the candidacies' keys that are wrapped under another than id.
func countUnder(ctx context.Context, tx *db.Tx, id uint32) (int, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT count(*) FROM sensitive.candidacy_keys WHERE keyset_key <> $1`, int64(id)).Scan(&n)
	return n, err
}
