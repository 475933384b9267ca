package publish

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/consent"
	"conoceles/internal/questionnaire"
)

// The public states of the identity questionnaire (domain 0.3.5). «Respondido»
// covers every reason for which a complete questionnaire shows nothing.
const (
	identityPublic     = "publica"
	identityAnswered   = "respondido"
	identityUnanswered = "sin_responder"
)

// identityPart is the rubro whose pause hides the identity answers.
const identityPart = "identidad"

// attachIdentity adds to each page the public state of its identity
// questionnaire and, with the key of a consent in force, what that consent
// publishes. Without a Publisher made by New nothing is opened.
func (p Publisher) attachIdentity(ctx context.Context, q db.Querier, process int64, pr process, rows []candidacyRow, pages map[int64]page) error {
	var ids []int64
	withheld := map[int64]bool{}
	for _, c := range rows {
		if pages[c.ID].Card != nil {
			ids = append(ids, c.ID)
		}
		for _, part := range c.Withheld {
			withheld[c.ID] = withheld[c.ID] || part == identityPart
		}
	}
	if p.seal == nil || len(ids) == 0 {
		return nil
	}
	states, err := p.seal.States(ctx, q, ids...)
	if err != nil {
		return err
	}
	keys, closed, err := consent.InForce(ctx, q, process, states, ids...)
	if err != nil {
		return err
	}
	for _, id := range ids {
		pg := pages[id]
		if states[id].Complete || closed[id] {
			pg.Card.IdentityState = identityAnswered
		}
		// The registry and the curricular layers must be public before the third.
		if pg.Profile != nil && pr.IdentityOpen && !withheld[id] {
			if pg.Identity, err = p.publishable(ctx, q, pr, keys[id]); err != nil {
				return fmt.Errorf("identity of candidacy %d: %w", id, err)
			}
		}
		if len(pg.Identity) > 0 {
			pg.Card.IdentityState = identityPublic
		}
		pages[id] = pg
	}
	return nil
}

// publishable opens what a key covers and keeps what may be shown. Without a
// valid key there is nothing.
func (p Publisher) publishable(ctx context.Context, q db.Querier, pr process, key consent.Publication) (questionnaire.Answers, error) {
	if !key.Valid() {
		return nil, nil
	}
	identity, err := questionnaire.IdentityEdition(pr.IdentityVersion)
	if err != nil {
		return nil, err
	}
	answers, err := key.Open(ctx, q, p.seal)
	if err != nil {
		return nil, err
	}
	public := make([]questionnaire.ID, len(pr.IdentityPublic))
	for i, id := range pr.IdentityPublic {
		public[i] = questionnaire.ID(id)
	}
	return identity.Publishable(answers, public), nil
}

// sameButIdentity reports whether nothing but identity differs between two pages.
func sameButIdentity(have, want page) bool {
	if have.Card == nil || want.Card == nil {
		return false
	}
	card := *have.Card
	card.IdentityState = want.Card.IdentityState
	have.Card, have.Identity = &card, want.Identity
	return reflect.DeepEqual(comparable(have), comparable(want))
}

// applyIdentity replaces the state and the answers of identity. Whoever watches
// the rest of the site, its dates, its tags or its changes, learns nothing of it.
func applyIdentity(ctx context.Context, tx *db.Tx, process int64, changes []change) error {
	if len(changes) == 0 {
		return nil
	}
	states := make([]string, len(changes))
	for i, ch := range changes {
		states[i] = ch.want.Card.IdentityState
	}
	ids := idsOf(changes)
	if err := tx.Exec(ctx, `DELETE FROM site.identity_publications WHERE candidacy_id = ANY($1)`, ids); err != nil {
		return err
	}
	const state = `UPDATE site.candidacies c SET identity_state = x.state FROM unnest($1::bigint[], $2::text[]) x(id, state) WHERE c.id = x.id`
	if err := tx.Exec(ctx, state, ids, states); err != nil {
		return err
	}
	return copyIdentity(ctx, tx, process, changes)
}

// copyIdentity writes the answers of each page under an opaque publication id.
// Deleting the candidacy's row, or the publication's, deletes them.
func copyIdentity(ctx context.Context, tx *db.Tx, _ int64, changes []change) error {
	var publications, answers [][]any
	for _, ch := range changes {
		if len(ch.want.Identity) == 0 {
			continue
		}
		id, err := uuid.NewRandomFromReader(rand.Reader)
		if err != nil {
			return err
		}
		publications = append(publications, []any{id, ch.id})
		for question, a := range ch.want.Identity {
			text, err := json.Marshal(a)
			if err != nil {
				return err
			}
			answers = append(answers, []any{id, string(question), json.RawMessage(text)})
		}
	}
	if err := copyRows(ctx, tx, "identity_publications", []string{"id", "candidacy_id"}, publications); err != nil {
		return err
	}
	return copyRows(ctx, tx, "identity_answers", []string{"publication_id", "question", "answer"}, answers)
}

// readIdentity reads the answers that the site holds now.
func readIdentity(ctx context.Context, q db.Querier, process int64, ids []int64, pages map[int64]page) error {
	const sql = `
SELECT p.candidacy_id, COALESCE(a.question, ''), COALESCE(a.answer, '""')
FROM site.identity_publications p JOIN site.candidacies c ON c.id = p.candidacy_id
LEFT JOIN site.identity_answers a ON a.publication_id = p.id
WHERE c.process_id = $1 AND c.id = ANY($2)`
	rows, err := q.Query(ctx, sql, process, ids)
	if err != nil {
		return err
	}
	var id int64
	var question string
	var raw []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &question, &raw}, func() error {
		var a questionnaire.Answer
		if err := json.Unmarshal(raw, &a); err != nil {
			return err
		}
		pg := pages[id]
		if pg.Identity == nil {
			pg.Identity = questionnaire.Answers{}
		}
		pg.Identity[questionnaire.ID(question)] = a
		pages[id] = pg
		return nil
	})
	return err
}
