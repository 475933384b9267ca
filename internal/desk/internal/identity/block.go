package identity

import (
	"context"
	"crypto/hpke"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
)

// The suite of the block keys. What is blocked is kept for years, so its key
// also resists whoever records it today to open it with a quantum computer.
var (
	blockKEM  = hpke.MLKEM768X25519()
	blockKDF  = hpke.HKDFSHA256()
	blockAEAD = hpke.AES256GCM()
)

// BlockKey is a pair of which the service keeps only the public half.
type BlockKey struct{ Private, Public []byte }

// NewBlockKey makes a pair. Whoever asks for it gives the private half to its
// custodians and forgets it.
func NewBlockKey() (BlockKey, error) {
	key, err := blockKEM.GenerateKey()
	if err != nil {
		return BlockKey{}, fmt.Errorf("identity: make a block key: %w", err)
	}
	private, err := key.Bytes()
	return BlockKey{private, key.PublicKey().Bytes()}, err
}

// errNotABlockKey says nothing of the bytes: they may be half of a key.
var errNotABlockKey = errors.New("identity: these bytes are no block key, or not of what is blocked")

// Block takes the keys of some candidacies away from the service: each is
// encrypted for whoever has the private half, and leaves. Drafts, which nobody
// finished, are deleted. It returns how many keys it blocked; those that were
// blocked or destroyed before stay so.
func (s *Store) Block(ctx context.Context, tx *db.Tx, public []byte, process int64, candidacies ...int64) (int, error) {
	to, err := blockKEM.NewPublicKey(public)
	if err != nil {
		return 0, errNotABlockKey
	}
	if err := tx.Lock(ctx, lockKeys); err != nil {
		return 0, err
	}
	rows, err := tx.Query(ctx, `
SELECT candidacy_id, process_id, wrapped FROM sensitive.candidacy_keys WHERE process_id = $1 AND candidacy_id = ANY ($2)
ORDER BY candidacy_id FOR UPDATE`, process, candidacies)
	if err != nil {
		return 0, err
	}
	open, err := pgx.CollectRows(rows, pgx.RowToStructByName[wrappedRow])
	if err != nil {
		return 0, err
	}
	var ids []int64
	var sealed [][]byte
	for _, k := range open {
		raw, err := s.ring.Unwrap(k.Wrapped, []byte(keyLabel(k.ProcessID, k.CandidacyID)))
		if err != nil {
			return 0, fmt.Errorf("open the key of candidacy %d: %w", k.CandidacyID, err)
		}
		box, err := hpke.Seal(to, blockKDF, blockAEAD, []byte(keyLabel(k.ProcessID, k.CandidacyID)), raw)
		if err != nil {
			return 0, fmt.Errorf("block the key of candidacy %d: %w", k.CandidacyID, err)
		}
		ids, sealed = append(ids, k.CandidacyID), append(sealed, box)
	}
	if err := tx.Exec(ctx, `DELETE FROM sensitive.identity_drafts WHERE process_id = $1 AND candidacy_id = ANY ($2)`, process, candidacies); err != nil {
		return 0, err
	}
	const insert = `
INSERT INTO sensitive.candidacy_keys_blocked (candidacy_id, process_id, sealed, at)
SELECT n.candidacy_id, $1, n.sealed, $2 FROM unnest($3::bigint[], $4::bytea[]) AS n (candidacy_id, sealed)`
	if err := tx.Exec(ctx, insert, process, tx.Now(), ids, sealed); err != nil {
		return 0, err
	}
	return len(ids), tx.Exec(ctx, `DELETE FROM sensitive.candidacy_keys WHERE candidacy_id = ANY ($1)`, ids)
}

// OpenBlocked reads the last answers of a blocked candidacy for whoever has the
// private half. It leaves no entry in the bitácora: whoever opens writes it, in
// the same transaction.
func (s *Store) OpenBlocked(ctx context.Context, q db.Querier, private []byte, process, candidacy int64) (Answers, error) {
	mine, err := blockKEM.NewPrivateKey(private)
	if err != nil {
		return Answers{}, errNotABlockKey
	}
	var box []byte
	const read = `SELECT sealed FROM sensitive.candidacy_keys_blocked WHERE candidacy_id = $1 AND process_id = $2`
	if err := q.QueryRow(ctx, read, candidacy, process).Scan(&box); err != nil {
		return Answers{}, db.Fault(err)
	}
	raw, err := hpke.Open(mine, blockKDF, blockAEAD, []byte(keyLabel(process, candidacy)), box)
	if err != nil {
		return Answers{}, errNotABlockKey
	}
	key, err := newDataKey(raw)
	if err != nil {
		return Answers{}, err
	}
	opened := sealed{purpose: Opening}
	opened.content, opened.version, err = readAnswers(ctx, q, key, process, candidacy, Last)
	return closed(opened), err
}
