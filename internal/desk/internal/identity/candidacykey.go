package identity

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/keys"
	"conoceles/internal/fault"
)

// KeyTables returns the tables that hold the wrapped keys.
func KeyTables() []string {
	return []string{"sensitive.candidacy_keys", "sensitive.candidacy_keys_blocked"}
}

// lockKeys is held by whoever wraps a new key, by a rotation when it retires the
// old ones, and by who blocks or erases a process: a key is never wrapped under
// one that is being removed, nor made behind the back of an end.
const lockKeys = "identidad: llaves"

// HoldKeys makes whoever ends a process wait for the keys that are being made,
// and lets no other be made until its transaction ends.
func (s *Store) HoldKeys(ctx context.Context, tx *db.Tx) error { return tx.Lock(ctx, lockKeys) }

// lock makes the writes about one candidacy take turns.
func lock(ctx context.Context, tx *db.Tx, candidacy int64) error {
	return tx.Lock(ctx, fmt.Sprintf("identidad: candidatura %d", candidacy))
}

// key returns the key of a candidacy; a NotFound when it has none yet, a Gone
// when it was blocked or destroyed.
func (s *Store) key(ctx context.Context, q db.Querier, process, candidacy int64) (dataKey, error) {
	// A rotation may remove the keyset's key between the reading of a row and
	// its unwrapping; the row has another by then, so it is read again until it
	// stays the same.
	var before []byte
	for {
		wrapped, err := readWrapped(ctx, q, process, candidacy)
		if err != nil {
			return dataKey{}, err
		}
		raw, err := s.ring.Unwrap(wrapped, []byte(keyLabel(process, candidacy)))
		if errors.Is(err, keys.ErrUnknownKey) && !bytes.Equal(wrapped, before) {
			before = wrapped
			continue
		}
		if err != nil {
			return dataKey{}, fmt.Errorf("open the key of candidacy %d: %w", candidacy, err)
		}
		return newDataKey(raw)
	}
}

func readWrapped(ctx context.Context, q db.Querier, process, candidacy int64) ([]byte, error) {
	const read = `
SELECT k.wrapped, EXISTS (SELECT 1 FROM sensitive.key_destructions d WHERE d.candidacy_id = c.id) AS destroyed,
  EXISTS (SELECT 1 FROM sensitive.candidacy_keys_blocked b WHERE b.candidacy_id = c.id) AS blocked
FROM desk.candidacies c LEFT JOIN sensitive.candidacy_keys k ON k.candidacy_id = c.id
WHERE c.id = $1 AND c.process_id = $2`
	var wrapped []byte
	var destroyed, blocked bool
	err := q.QueryRow(ctx, read, candidacy, process).Scan(&wrapped, &destroyed, &blocked)
	switch {
	case err != nil:
		return nil, db.Fault(err)
	case destroyed: // also when a restored backup brought the key back
		return nil, errErased
	case blocked:
		return nil, errBlocked
	case wrapped == nil:
		return nil, fault.New(fault.NotFound, "")
	}
	return wrapped, nil
}

// ensureKey is key, and makes one for a candidacy that had none. In a process
// that was blocked or erased none is made, for anybody. The caller holds lock.
func (s *Store) ensureKey(ctx context.Context, tx *db.Tx, process, candidacy int64) (dataKey, error) {
	k, err := s.key(ctx, tx, process, candidacy)
	if !fault.Is(err, fault.NotFound) {
		return k, err
	}
	if err := tx.Lock(ctx, lockKeys); err != nil {
		return dataKey{}, err
	}
	if err := open(ctx, tx, process); err != nil {
		return dataKey{}, err
	}
	raw := newDataKeyBytes()
	wrapped, err := s.ring.Wrap(raw, []byte(keyLabel(process, candidacy)))
	if err != nil {
		return dataKey{}, err
	}
	const insert = `
INSERT INTO sensitive.candidacy_keys (candidacy_id, process_id, wrapped, keyset_key, created_at, wrapped_at)
SELECT c.id, c.process_id, $3, $4, $5, $5 FROM desk.candidacies c WHERE c.id = $1 AND c.process_id = $2`
	n, err := tx.ExecRows(ctx, insert, candidacy, process, wrapped.Bytes, int64(wrapped.Key), tx.Now())
	if err != nil {
		return dataKey{}, err
	}
	if n == 0 {
		return dataKey{}, db.Fault(pgx.ErrNoRows)
	}
	return newDataKey(raw)
}

// open returns why a process takes no more identity data, if it does not.
func open(ctx context.Context, q db.Querier, process int64) error {
	const read = `SELECT blocked_at IS NOT NULL, suppressed_at IS NOT NULL FROM desk.processes WHERE id = $1`
	var blocked, suppressed bool
	switch err := q.QueryRow(ctx, read, process).Scan(&blocked, &suppressed); {
	case err != nil:
		return db.Fault(err)
	case suppressed:
		return errErased
	case blocked:
		return errBlocked
	}
	return nil
}
