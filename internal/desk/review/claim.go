package review

import (
	"context"
	"strconv"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// Claim assigns a candidacy to whoever asks, until they release it or the Head
// decides. It is a Conflict when somebody else has it, and NotFound in another
// process.
func (s *Store) Claim(ctx context.Context, t auth.Transparency, folio, key string) error {
	return s.do(ctx, t, "revision.tomar", folio, key, "", func(ctx context.Context, tx *db.Tx, sub *subject) error {
		if err := sub.reviewable(); err != nil {
			return err
		}
		return claim(ctx, tx, t, sub)
	})
}

// Release takes the assignment away: one's own, or anybody's for the Head.
func (s *Store) Release(ctx context.Context, t auth.Transparency, folio, key string) error {
	_, head := t.(auth.Head)
	return s.do(ctx, t, "revision.soltar", folio, key, "", func(ctx context.Context, tx *db.Tx, sub *subject) error {
		if sub.Claimant != nil && *sub.Claimant != t.AccountID() && !head {
			return taken(sub)
		}
		return release(ctx, tx, sub.ID)
	})
}

func taken(s *subject) error {
	return fault.New(fault.Conflict, "La revisa "+s.ClaimedBy+". Puedes leerla; para dictaminar, pídele que la suelte.")
}

// claim gives the subject to the actor, unless somebody else has it.
func claim(ctx context.Context, tx *db.Tx, t auth.Transparency, sub *subject) error {
	if sub.Claimant != nil && *sub.Claimant != t.AccountID() {
		return taken(sub)
	}
	const sql = `INSERT INTO desk.review_claims (candidacy_id, account_id, at) VALUES ($1, $2, $3) ON CONFLICT (candidacy_id) DO NOTHING`
	return tx.Exec(ctx, sql, sub.ID, t.AccountID(), tx.Now())
}

func release(ctx context.Context, tx *db.Tx, candidacy int64) error {
	return tx.Exec(ctx, `DELETE FROM desk.review_claims WHERE candidacy_id = $1`, candidacy)
}

// do runs an act on a subject, which it holds, as one entry of the bitácora.
func (s *Store) do(ctx context.Context, t auth.Transparency, kind, folio, key, payload string, act func(context.Context, *db.Tx, *subject) error) error {
	process := t.Person().Process
	before, err := s.load(ctx, s.desk, process, folio, look)
	if err != nil {
		return err
	}
	action := db.Action{
		Kind: kind, Process: process, Object: "candidatura " + strconv.FormatInt(before.ID, 10), Key: key, Payload: []byte(payload),
	}
	_, err = s.desk.Do(ctx, t, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		sub, err := s.load(ctx, tx, process, folio, keep)
		if err != nil {
			return "", err
		}
		return "", act(ctx, tx, sub)
	})
	return err
}
