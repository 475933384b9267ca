package review

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// Decision is what the Head decides of a proposal, as it was posted.
type Decision struct {
	Folio  string
	Key    string
	Review int64  // that was read
	Reason string // why it is returned
}

// ReasonField is the name of why a proposal is returned.
const ReasonField = "motivo"

// Approve makes a proposal the result of the review, with everything that
// follows from it in the same transaction (see the package comment).
//
// Errors: NotFound in another process; Forbidden to who proposed it; Conflict
// when it was decided, replaced, or the content it judged changed.
func (s *Store) Approve(ctx context.Context, h auth.Head, d Decision) error {
	return s.decide(ctx, h, d, func(context.Context, *db.Tx) error { return nil })
}

// decide approves a proposal that also passes a check of its own.
func (s *Store) decide(ctx context.Context, h auth.Head, d Decision, check func(context.Context, *db.Tx) error) error {
	return s.do(ctx, h, "revision.aprobar", d.Folio, d.Key, fmt.Sprint(d.Review), func(ctx context.Context, tx *db.Tx, sub *subject) error {
		if err := sub.reviewable(); err != nil {
			return err
		}
		content, err := s.waiting(ctx, tx, h, sub, d.Review)
		if err != nil {
			return err
		}
		if err := check(ctx, tx); err != nil {
			return err
		}
		now, err := sub.content(ctx, tx)
		if err != nil {
			return err
		}
		if now != content {
			return fault.New(fault.Conflict, "El contenido cambió después de la propuesta: ya no se puede aprobar. Debe revisarse la versión nueva.")
		}
		const sql = `UPDATE desk.reviews SET state = 'aprobada', decided_by = $2, decided_at = $3 WHERE id = $1`
		if err := tx.Exec(ctx, sql, d.Review, h.Account, tx.Now()); err != nil {
			return err
		}
		return s.carryOut(ctx, tx, h, sub, d.Review)
	})
}

// Return gives a proposal back with the reason; nothing else changes. Errors are
// those of Approve, and Invalid without a reason.
func (s *Store) Return(ctx context.Context, h auth.Head, d Decision) error {
	d.Reason = strings.TrimSpace(d.Reason)
	if n := len([]rune(d.Reason)); n == 0 || n > MaxNote {
		return fault.InvalidField(ReasonField, "Escribe por qué la devuelves, en 1,000 caracteres o menos")
	}
	return s.do(ctx, h, "revision.devolver", d.Folio, d.Key, fmt.Sprint(d.Review, d.Reason), func(ctx context.Context, tx *db.Tx, sub *subject) error {
		if _, err := s.waiting(ctx, tx, h, sub, d.Review); err != nil {
			return err
		}
		const sql = `UPDATE desk.reviews SET state = 'devuelta', decided_by = $2, decided_at = $3, reason = $4 WHERE id = $1`
		return tx.Exec(ctx, sql, d.Review, h.Account, tx.Now(), d.Reason)
	})
}

// waiting returns the content that the proposal judged, if this Head may decide it.
func (s *Store) waiting(ctx context.Context, tx *db.Tx, h auth.Head, sub *subject, review int64) (string, error) {
	const sql = `SELECT id, content, proposed_by FROM desk.reviews WHERE candidacy_id = $1 AND state = 'propuesta'`
	var id, by int64
	var content string
	err := tx.QueryRow(ctx, sql, sub.ID).Scan(&id, &content, &by)
	switch {
	case errors.Is(err, pgx.ErrNoRows) || err == nil && id != review:
		return "", fault.New(fault.Conflict, "Esta propuesta ya se decidió o caducó. Recarga la página.")
	case err != nil:
		return "", err
	case by == h.Account:
		return "", fault.New(fault.Forbidden, "Nadie aprueba lo que propuso. Lo debe decidir otra persona titular.")
	}
	return content, nil
}

// effect is what approving a proposal does to the rubros.
type effect struct {
	public   map[questionnaire.ID]int // from now on
	lifted   []questionnaire.ID       // keep to the rules: no pause
	observed []questionnaire.ID
	paused   []questionnaire.ID // observed and public
}

// effectOf derives the effect of judgements on a subject.
func effectOf(s *subject, review int64, all judgements) effect {
	e := effect{public: maps.Clone(s.public)}
	for _, j := range all {
		switch {
		case j.Review != review:
		case j.Outcome == Complies:
			e.public[j.Part] = j.Version
			e.lifted = append(e.lifted, j.Part)
		default:
			e.observed = append(e.observed, j.Part)
			if s.public[j.Part] == j.Version {
				e.paused = append(e.paused, j.Part)
			}
		}
	}
	return e
}

// carryOut does what an approved proposal means, and publishes it.
func (s *Store) carryOut(ctx context.Context, tx *db.Tx, h auth.Head, sub *subject, review int64) error {
	all, err := readJudgements(ctx, tx, sub.ID)
	if err != nil {
		return err
	}
	e := effectOf(sub, review, all)
	answers, err := sub.answers(ctx, tx, e.public)
	if err != nil {
		return err
	}
	if !maps.Equal(e.public, sub.public) {
		if err := validate(ctx, tx, sub, e.public, answers); err != nil {
			return err
		}
	}
	if err := pause(ctx, tx, sub.ID, e); err != nil {
		return err
	}
	if err := resolve(ctx, tx, sub); err != nil {
		return err
	}
	capture := "validada"
	if len(e.observed) > 0 {
		if err := openObservations(ctx, tx, sub, h.Account, e.observed); err != nil {
			return err
		}
		if err := tell(ctx, tx, sub, answers, e.observed); err != nil {
			return err
		}
	}
	if len(e.observed) > 0 || sub.correction != nil && !sub.correction.Sent {
		capture = "en_correccion"
	}
	const state = `UPDATE desk.candidacies SET capture = $2, review = $3, answered = $4 WHERE id = $1`
	if err := tx.Exec(ctx, state, sub.ID, capture, axis(e.public, all), sub.questionnaire.Progress(answers).Answered()); err != nil {
		return err
	}
	if err := release(ctx, tx, sub.ID); err != nil {
		return err
	}
	if err := s.publisher.Candidacies(ctx, tx, sub.Process, sub.ID); err != nil {
		return fmt.Errorf("publish candidacy %d: %w", sub.ID, err)
	}
	if s.watcher == nil {
		return nil
	}
	return s.watcher.Validated(ctx, tx, sub.Process, sub.ID)
}

// validate makes corrected versions public, in the name of who sent them.
func validate(ctx context.Context, tx *db.Tx, s *subject, public map[questionnaire.ID]int, answers questionnaire.Answers) error {
	versions, err := json.Marshal(public)
	if err != nil {
		return err
	}
	const sql = `
INSERT INTO desk.validations (candidacy_id, number, folio, versions, hash, account_id, at)
VALUES ($1, $2, $3::text || '-V' || $2::int, $4, $5, $6, $7)`
	return tx.Exec(ctx, sql, s.ID, *s.Number+1, s.Folio, versions, answers.Hash(), s.correction.SentBy, tx.Now())
}

// pause withholds what was observed while public, and lifts the pause of what
// keeps to the rules.
func pause(ctx context.Context, tx *db.Tx, candidacy int64, e effect) error {
	const lift = `UPDATE desk.withheld_parts SET lifted_at = $3 WHERE candidacy_id = $1 AND part = ANY($2) AND lifted_at IS NULL`
	if err := tx.Exec(ctx, lift, candidacy, e.lifted, tx.Now()); err != nil {
		return err
	}
	const withhold = `
INSERT INTO desk.withheld_parts (candidacy_id, part, since)
SELECT $1, w.part, $3 FROM unnest($2::text[]) w (part)
WHERE NOT EXISTS (SELECT 1 FROM desk.withheld_parts h WHERE h.candidacy_id = $1 AND h.part = w.part AND h.lifted_at IS NULL)`
	return tx.Exec(ctx, withhold, candidacy, e.paused, tx.Now())
}
