package consent

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/questionnaire"
)

// Vault is the door through which package retention blocks and erases what the
// seal holds, without seeing it.
type Vault struct{ s *Store }

// Vault returns that door.
func (s *Store) Vault() Vault { return Vault{s} }

// KeyTables returns the tables with the wrapped keys of candidacies: a backup
// keeps them apart and for a short time.
func KeyTables() []string { return identity.KeyTables() }

// BlockKey is a pair of keys: the service keeps the public half, custodians the
// private one.
type BlockKey struct{ Private, Public []byte }

// NewBlockKey makes a pair.
func NewBlockKey() (BlockKey, error) {
	k, err := identity.NewBlockKey()
	return BlockKey(k), err
}

// Held is how much is held of a process.
type Held struct {
	identity.Held
	Documents int // signed documents that were not emptied
}

// Held counts what is held of a process.
func (v Vault) Held(ctx context.Context, q db.Querier, process int64) (Held, error) {
	h, err := v.s.seal.Held(ctx, q, process)
	out := Held{Held: h}
	if err != nil {
		return out, err
	}
	const documents = `
SELECT count(*) FROM sensitive.consent_documents d JOIN desk.candidacies c ON c.id = d.candidacy_id
WHERE c.process_id = $1 AND octet_length(d.sealed) > 0`
	return out, db.Fault(q.QueryRow(ctx, documents, process).Scan(&out.Documents))
}

// Hold lets nobody make a key until the transaction ends: what is counted after
// it is all there is.
func (v Vault) Hold(ctx context.Context, tx *db.Tx) error { return v.s.seal.HoldKeys(ctx, tx) }

// Owned returns the candidacies of a process with something to block or erase.
func (v Vault) Owned(ctx context.Context, q db.Querier, process int64) ([]int64, error) {
	return v.s.seal.Owned(ctx, q, process)
}

// Block takes the keys of some candidacies away from the service, for whoever
// has the private half of public. It returns how many.
func (v Vault) Block(ctx context.Context, tx *db.Tx, public []byte, process int64, candidacies ...int64) (int, error) {
	return v.s.seal.Block(ctx, tx, public, process, candidacies...)
}

// Erased is what an erasure did.
type Erased struct {
	Versions, Documents, Links int
	Keys                       int
	Digest                     string // SHA-256 of the SHA-256 of each ciphertext, in order
}

// Erase erases the identity data of some candidacies: consents that stand are
// withdrawn, keys destroyed, versions deleted, documents emptied, links
// forgotten. The history of consents stays, as proof of what was authorised and
// when; it holds no answer. It does not touch the site: whoever calls publishes.
// It may be repeated.
func (v Vault) Erase(ctx context.Context, tx *db.Tx, who db.Actor, process int64, reason string, candidacies ...int64) (Erased, error) {
	var out Erased
	digest := sha256.New()
	for _, id := range candidacies {
		if _, err := v.TakeBack(ctx, tx, who, id, tx.Now(), reason); err != nil {
			return out, err
		}
		has, err := v.s.seal.HasKey(ctx, tx, id)
		if err != nil {
			return out, err
		}
		if has {
			out.Keys++
		}
		if _, err := v.s.seal.Destroy(ctx, tx, process, id); err != nil {
			return out, err
		}
		n, err := v.s.seal.Purge(ctx, tx, id, digest)
		if err != nil {
			return out, err
		}
		out.Versions += n
		if err := v.empty(ctx, tx, id, digest.Write, &out); err != nil {
			return out, err
		}
	}
	out.Digest = hex.EncodeToString(digest.Sum(nil))
	return out, nil
}

// empty takes the bytes of the documents of a candidacy, and its links.
func (v Vault) empty(ctx context.Context, tx *db.Tx, candidacy int64, digest func([]byte) (int, error), out *Erased) error {
	const read = `SELECT sha256(sealed) FROM sensitive.consent_documents WHERE candidacy_id = $1 AND octet_length(sealed) > 0 ORDER BY id`
	rows, err := tx.Query(ctx, read, candidacy)
	if err != nil {
		return err
	}
	sums, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return err
	}
	for _, sum := range sums {
		_, _ = digest(sum) // a hash does not fail
	}
	out.Documents += len(sums)
	const update = `UPDATE sensitive.consent_documents SET sealed = '' WHERE candidacy_id = $1 AND octet_length(sealed) > 0`
	if err := tx.Exec(ctx, update, candidacy); err != nil {
		return err
	}
	links, err := tx.ExecRows(ctx, `DELETE FROM sensitive.withdrawal_links WHERE candidacy_id = $1`, candidacy)
	out.Links += int(links)
	return err
}

// TakeBack withdraws a consent that was declared until a moment and still
// stands; one declared later is another decision and stays. It reports whether
// it did. It leaves no mark and does not touch the site.
func (v Vault) TakeBack(ctx context.Context, tx *db.Tx, who db.Actor, candidacy int64, until time.Time, reason string) (bool, error) {
	if err := lock(ctx, tx, candidacy); err != nil {
		return false, err
	}
	stands, err := v.Stands(ctx, tx, candidacy, until)
	if err != nil || !stands {
		return false, err
	}
	_, err = insert(ctx, tx, candidacy, who, Event{Kind: Withdrawn, Medium: OnPaper, ReceivedOn: until, Reason: reason})
	return err == nil, err
}

// Stands reports whether a consent that was declared until a moment stands.
func (v Vault) Stands(ctx context.Context, q db.Querier, candidacy int64, until time.Time) (bool, error) {
	st, err := standing(ctx, q, candidacy)
	if err != nil {
		return false, db.Fault(err)
	}
	return st.Stage != Gone && st.Stage != Undecided && !st.Declaration.At.After(until), nil
}

// Openable reports whether the service could open what belongs to a candidacy.
func (v Vault) Openable(ctx context.Context, q db.Querier, candidacy int64) (bool, error) {
	return v.s.seal.Open(ctx, q, candidacy)
}

// HasKey reports whether anybody could, its custodians included.
func (v Vault) HasKey(ctx context.Context, q db.Querier, candidacy int64) (bool, error) {
	return v.s.seal.HasKey(ctx, q, candidacy)
}

// OpenBlocked reads the answers of a blocked candidacy for whoever brings the
// private half, with the questions as they were asked. Whoever calls writes the
// entry in the bitácora, in the same transaction.
func (v Vault) OpenBlocked(ctx context.Context, q db.Querier, private []byte, process, candidacy int64) (*questionnaire.Questionnaire, questionnaire.Answers, error) {
	closed, err := v.s.seal.OpenBlocked(ctx, q, private, process, candidacy)
	if err != nil || closed.Version() == 0 {
		return nil, nil, err
	}
	asked, err := questionnaire.IdentityEdition(closed.Edition())
	if err != nil {
		return nil, nil, err
	}
	answers, err := closed.Open(identity.Opening)
	return asked, answers, err
}
