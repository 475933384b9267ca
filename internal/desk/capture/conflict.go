package capture

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// Conflict is a text that reached a page after somebody else saved it. It is
// kept for ever; its author chooses what becomes of it.
type Conflict struct {
	ID   int64
	Mine url.Values // what arrived late
	At   time.Time
}

// keepConflict puts a text apart, beside what it found saved.
func keepConflict(ctx context.Context, tx *db.Tx, actor auth.Capturer, r Record, e edit) (int64, error) {
	mine, err := json.Marshal(e.form)
	if err != nil {
		return 0, err
	}
	saved, err := json.Marshal(r.Form(e.page))
	if err != nil {
		return 0, err
	}
	const sql = `
INSERT INTO desk.conflicts (candidacy_id, page, account_id, form, saved, saved_version, at)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`
	var id int64
	err = tx.QueryRow(ctx, sql, r.ID, e.page.ID, actor.AccountID(), mine, saved, r.drafts[e.page.ID].Version, tx.Now()).Scan(&id)
	return id, err
}

// settleConflicts ends the conflict that this save settles, and any whose text
// is the very one that was saved.
func settleConflicts(ctx context.Context, tx *db.Tx, actor auth.Capturer, candidacy int64, e edit) error {
	const sql = `
UPDATE desk.conflicts SET resolved_at = $1
WHERE candidacy_id = $2 AND account_id = $3 AND page = $4 AND resolved_at IS NULL AND (id = $5 OR form = $6)`
	form, err := json.Marshal(e.form)
	if err != nil {
		return err
	}
	return tx.Exec(ctx, sql, tx.Now(), candidacy, actor.AccountID(), e.page.ID, e.sub.Settles, form)
}

// Conflict returns one of the actor's own open conflicts; NotFound otherwise.
func (s *Store) Conflict(ctx context.Context, actor auth.Capturer, r Record, page questionnaire.ID, id int64) (Conflict, error) {
	const sql = `
SELECT id, form, at FROM desk.conflicts
WHERE candidacy_id = $1 AND account_id = $2 AND page = $3 AND id = $4 AND resolved_at IS NULL`
	return s.conflict(ctx, sql, r.ID, actor.AccountID(), page, id)
}

// OpenConflict returns the actor's latest open conflict on a page; false when
// there is none.
func (s *Store) OpenConflict(ctx context.Context, actor auth.Capturer, r Record, page questionnaire.ID) (Conflict, bool, error) {
	const sql = `
SELECT id, form, at FROM desk.conflicts
WHERE candidacy_id = $1 AND account_id = $2 AND page = $3 AND resolved_at IS NULL ORDER BY id DESC LIMIT 1`
	c, err := s.conflict(ctx, sql, r.ID, actor.AccountID(), page)
	if fault.Is(err, fault.NotFound) {
		return c, false, nil
	}
	return c, err == nil, err
}

func (s *Store) conflict(ctx context.Context, sql string, args ...any) (Conflict, error) {
	var c Conflict
	var raw []byte
	err := s.desk.QueryRow(ctx, sql, args...).Scan(&c.ID, &raw, &c.At)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, fault.New(fault.NotFound, "")
	}
	if err != nil {
		return c, db.Fault(err)
	}
	return c, json.Unmarshal(raw, &c.Mine)
}

// Side is one of the two texts of a conflict.
type Side string

// The sides.
const (
	Saved Side = "guardada"
	Mine  Side = "mia"
)

// Choose puts together a page from two forms: of each question, the boxes of the
// side chosen. A question nobody chose for keeps what is saved.
func Choose(page questionnaire.Page, saved, mine url.Values, choice func(questionnaire.ID) Side) url.Values {
	form := url.Values{}
	for _, q := range page.Questions() {
		from := saved
		if choice(q.ID) == Mine {
			from = mine
		}
		maps.Copy(form, FieldsOf(q.ID, from))
	}
	return form
}

// FieldsOf returns the boxes of one question in a form.
func FieldsOf(id questionnaire.ID, form url.Values) url.Values {
	some := url.Values{}
	for name, values := range form {
		if head, _, _ := strings.Cut(name, "."); head == string(id) {
			some[name] = values
		}
	}
	return some
}

// Differ returns the questions of a page that two forms answer differently once
// understood, in order.
func (s *Store) Differ(page questionnaire.Page, a, b url.Values) []questionnaire.Question {
	one, _ := s.parser.Parse(page, a)
	other, _ := s.parser.Parse(page, b)
	return slices.DeleteFunc(page.Questions(), func(q questionnaire.Question) bool {
		return questionnaire.Answers{q.ID: one[q.ID]}.Hash() == questionnaire.Answers{q.ID: other[q.ID]}.Hash()
	})
}

// Read returns the answers in a form of a page, as far as they are understood.
func (s *Store) Read(page questionnaire.Page, form url.Values) questionnaire.Answers {
	answers, _ := s.parser.Parse(page, form)
	return answers
}

// Clean returns a form fit to be shown again: what is not text is taken out of
// its values, the rest is as typed.
func (s *Store) Clean(form url.Values) url.Values {
	clean := url.Values{}
	for name, values := range form {
		for _, v := range values {
			if text, ok := s.parser.Text(v); !ok {
				v = text
			}
			clean[name] = append(clean[name], v)
		}
	}
	return clean
}
