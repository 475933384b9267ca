package site

import (
	"context"
	"errors"
	"fmt"

	"conoceles/internal/db"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// IdentityState is what the public is told of somebody's whole identity
// questionnaire (domain 0.3.5).
type IdentityState string

// The states. Answered covers every reason for which a complete questionnaire
// shows nothing, and nothing tells those reasons apart.
const (
	IdentityUnknown    IdentityState = ""              // could not be read, or the site runs without identity
	IdentityPublic     IdentityState = "publica"       // a consent in force shows answers
	IdentityAnswered   IdentityState = "respondido"    // «Respondido. No hay respuestas públicas.»
	IdentityUnanswered IdentityState = "sin_responder" // «Sin responder.»
)

// Identity is what the public may read of an identity questionnaire. Its zero
// value says nothing about anybody.
type Identity struct {
	State   IdentityState
	Answers questionnaire.Answers // of IdentityPublic alone: affirmative, by question
}

// WithIdentity lets the Store read identity through live, a connection to the
// primary database, and returns it. Without it every Identity is an error:
// identity is never read where a withdrawal may not have arrived yet.
func (s *Store) WithIdentity(live db.Querier) *Store {
	s.live = live
	return s
}

// identityColumns selects an identityRow from site.candidacies c and site.mode
// m. With the kill switch thrown the answers do not leave the database.
const identityColumns = `m.identity_hidden, c.identity_state, COALESCE((
  SELECT jsonb_object_agg(a.question, a.answer) FROM site.identity_publications x JOIN site.identity_answers a ON a.publication_id = x.id
  WHERE x.candidacy_id = c.id AND c.identity_state = 'publica' AND NOT m.identity_hidden), '{}') AS identity_answers`

type identityRow struct {
	IdentityHidden  bool
	IdentityState   IdentityState
	IdentityAnswers questionnaire.Answers
}

// Identity reads, now and from the primary, what may be shown of the candidacy
// at a slug. It is one query, so state and answers are of one instant. On any
// error the Identity says nothing and the rest of the page does not need it.
func (s *Store) Identity(ctx context.Context, p Process, c *Catalog, slug string) (Identity, error) {
	slug, ok := clean(slug)
	if !ok || slug == "" {
		return Identity{}, fault.New(fault.NotFound, "")
	}
	if s.live == nil {
		return Identity{}, errNotLive()
	}
	const sql = `SELECT ` + identityColumns + ` FROM site.candidacies c CROSS JOIN site.mode m WHERE c.process_id = $1 AND c.slug = $2`
	r, err := one[identityRow](ctx, s.live, sql, p.ID, slug)
	if err != nil {
		return Identity{}, db.Fault(err)
	}
	return r.identity(c.Identity), nil
}

// identity keeps what q asks and is affirmative: a row that publishing would not
// have written shows nothing.
func (r identityRow) identity(q *questionnaire.Questionnaire) Identity {
	if r.IdentityHidden {
		return Identity{}
	}
	if r.IdentityState != IdentityPublic {
		return Identity{State: r.IdentityState}
	}
	shown := questionnaire.Answers{}
	for id, a := range r.IdentityAnswers {
		if question, ok := q.Question(id); ok && questionnaire.Affirmative(question, a) {
			shown[id] = a
		}
	}
	if len(shown) == 0 {
		return Identity{State: IdentityAnswered}
	}
	return Identity{State: IdentityPublic, Answers: shown}
}

// EachIdentity calls fn with every candidacy, in ballot order, and the answers
// that a consent in force shows; no answers whatever the reason. Each batch is
// read from the primary, when fn gets to it, so that what is withdrawn during a
// long download is not in what is still to come. It stops at fn's first error
// and returns it.
func (s *Store) EachIdentity(ctx context.Context, p Process, c *Catalog, fn func(Card, questionnaire.Answers) error) error {
	if s.live == nil {
		return errNotLive()
	}
	type row struct {
		Card
		identityRow
		BallotRank int64
	}
	const sql = `
SELECT ` + cardColumns + `, ` + noExcerpt + `, ` + identityColumns + `, c.ballot_rank FROM site.candidacies c CROSS JOIN site.mode m
WHERE c.process_id = $1 AND (c.ballot_rank, c.id) > ($2, $3) ORDER BY c.ballot_rank, c.id LIMIT $4`
	rank, id := int64(-1), int64(0)
	for {
		some, err := list[row](ctx, s.live, sql, p.ID, rank, id, batch)
		if err != nil {
			return db.Fault(fmt.Errorf("read the identity file of process %s: %w", p.Key, err))
		}
		for _, r := range some {
			if err := fn(r.Card, r.identity(c.Identity).Answers); err != nil {
				return err
			}
			rank, id = r.BallotRank, r.ID
		}
		if len(some) < batch {
			return nil
		}
	}
}

func errNotLive() error {
	return fault.Wrap(fault.Unavailable, "", errors.New("site: no connection to the primary to read identity"))
}
