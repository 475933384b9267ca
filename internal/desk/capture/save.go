package capture

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/questionnaire"
)

// Submission is a page as it was posted.
type Submission struct {
	Folio   string
	Page    questionnaire.ID
	Key     string // guardado_id
	Version int    // of the page when it was read; 0 when nobody had saved it
	Form    url.Values
	// Settles is the conflict that this text ends, or 0.
	Settles int64
}

// Outcome is how a save ended. Exactly one of Kept, Conflict and, with neither,
// Problems says it.
type Outcome struct {
	// Kept is set when the text is in the database: as a version, or as a draft
	// when Problems says why it could not be one.
	Kept     bool
	Version  int       // of the page, now
	At       time.Time // of the save
	Conflict int64     // somebody else had saved: where this text was put
	Problems questionnaire.Problems
	// Correcting says that the page belongs to a correction, and not to a
	// questionnaire that is answered page after page.
	Correcting bool
}

// The acts of saving a page, for the bitácora.
const (
	draftAct   = "captura.borrador"
	versionAct = "captura.version"
	photoAct   = "captura.foto"
)

// SaveDraft keeps a page as it was typed, valid or not. Only what is not text,
// or not of this page, is refused: nothing is then kept.
//
// Errors: NotFound outside the scope, Conflict with a *Closed cause when the
// questionnaire takes no changes, Conflict without it when the key came before
// with another text, Unavailable when it is not known.
func (s *Store) SaveDraft(ctx context.Context, actor auth.Capturer, sub Submission) (Outcome, error) {
	return s.save(ctx, actor, draftAct, sub)
}

// SaveVersion makes a version of each part of the page that changed, when the
// whole page is valid; blanks are. Otherwise the text is kept as a draft and
// Problems says what to correct. Errors are those of SaveDraft.
func (s *Store) SaveVersion(ctx context.Context, actor auth.Capturer, sub Submission) (Outcome, error) {
	return s.save(ctx, actor, versionAct, sub)
}

func (s *Store) save(ctx context.Context, actor auth.Capturer, act string, sub Submission) (Outcome, error) {
	r, err := s.Record(ctx, actor, sub.Folio)
	if err != nil {
		return Outcome{}, err
	}
	page, err := r.Page(sub.Page)
	if err != nil {
		return Outcome{}, err
	}
	posted, problems := s.parser.Parse(page, sub.Form)
	if len(problems) > 0 {
		return Outcome{Problems: problems}, nil
	}
	if act == versionAct {
		problems = page.Check(r.Questionnaire.Merge(r.Answers, page, posted))
	}
	e := edit{page: page, sub: sub, form: sub.Form, answers: posted, asVersion: act == versionAct && len(problems) == 0}
	out, err := s.do(ctx, actor, act, r.Candidacy, e)
	if out.Kept {
		out.Problems = problems
	}
	out.Correcting = r.Correction != nil
	return out, err
}

// edit is what a save wants to leave in a page.
type edit struct {
	page      questionnaire.Page
	sub       Submission
	form      url.Values            // as typed, what the draft keeps
	answers   questionnaire.Answers // as understood
	asVersion bool
	// before runs inside the transaction, ahead of everything the edit writes;
	// nil is nothing.
	before func(context.Context, *db.Tx) error
}

// do runs the edit as one act of the bitácora. Its result is the outcome, so
// that the same form sent twice is answered twice and done once.
func (s *Store) do(ctx context.Context, actor auth.Capturer, act string, c Candidacy, e edit) (Outcome, error) {
	action := db.Action{
		Kind: act, Process: c.Process, Object: object(c.ID), Key: e.sub.Key,
		Payload: []byte(strconv.Itoa(e.sub.Version) + "\x00" + e.form.Encode()),
		Details: map[string]string{"pagina": string(e.page.ID)},
	}
	done, err := s.desk.Do(ctx, actor, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		r, err := s.record(ctx, tx, actor.Scope(), e.sub.Folio, keep)
		if err != nil {
			return "", err
		}
		if err := r.closedFor(e.page.ID, tx.Now()); err != nil {
			return "", err
		}
		return s.write(ctx, tx, actor, r, e)
	})
	if err != nil {
		return Outcome{}, err
	}
	return decodeResult(done.Result)
}

// write does the edit on a record that this transaction holds.
func (s *Store) write(ctx context.Context, tx *db.Tx, actor auth.Capturer, r Record, e edit) (string, error) {
	now := r.drafts[e.page.ID]
	if e.sub.Version != now.Version && !sameForm(now.Form, e.form) {
		id, err := keepConflict(ctx, tx, actor, r, e)
		return encodeResult(Outcome{Conflict: id, Version: now.Version, At: now.At}), err
	}
	if e.before != nil {
		if err := e.before(ctx, tx); err != nil {
			return "", err
		}
	}
	merged := r.Questionnaire.Merge(r.Answers, e.page, e.answers)
	maps.Copy(merged, photoOf(e))
	pending := e.page.Select(merged).Hash() != e.page.Select(r.Answers).Hash()
	if e.asVersion {
		for _, part := range e.page.Parts {
			if err := writeVersion(ctx, tx, actor, r, part, part.Select(merged)); err != nil {
				return "", err
			}
		}
		r.Answers, pending = merged, false
	}
	r.drafts[e.page.ID] = Draft{Version: now.Version + 1, Form: e.form, Pending: pending, At: tx.Now()}
	if err := writeDraft(ctx, tx, actor, r, e.page.ID); err != nil {
		return "", err
	}
	if err := settleConflicts(ctx, tx, actor, r.ID, e); err != nil {
		return "", err
	}
	if err := writeState(ctx, tx, r); err != nil {
		return "", err
	}
	return encodeResult(Outcome{Kept: true, Version: now.Version + 1, At: tx.Now()}), nil
}

// photoOf returns the photographs among the answers of an edit: Merge leaves
// them out, because no form may bring one.
func photoOf(e edit) questionnaire.Answers {
	some := questionnaire.Answers{}
	for _, q := range e.page.Questions() {
		if q.Kind == questionnaire.Photo && e.answers.Has(q.ID) {
			some[q.ID] = e.answers[q.ID]
		}
	}
	return some
}

// writeVersion adds a version of a part, unless it says what the last one does.
func writeVersion(ctx context.Context, tx *db.Tx, actor auth.Capturer, r Record, part questionnaire.Part, answers questionnaire.Answers) error {
	last := r.versions[part.ID]
	hash := answers.Hash()
	if hash == last.Hash || last.Number == 0 && len(answers) == 0 {
		return nil
	}
	const sql = `
INSERT INTO desk.answer_versions (candidacy_id, part, version, answers, hash, account_id, at, late) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	r.versions[part.ID] = version{last.Number + 1, hash}
	return tx.Exec(ctx, sql, r.ID, part.ID, last.Number+1, answers.Canonical(), hash, actor.AccountID(), tx.Now(), r.lateVersion(tx.Now()))
}

// writeDraft saves the page. The candidacy is locked and the version was
// compared, but the statement compares it again: an update that nobody counts
// on must change nothing.
func writeDraft(ctx context.Context, tx *db.Tx, actor auth.Capturer, r Record, page questionnaire.ID) error {
	const sql = `
INSERT INTO desk.drafts AS d (candidacy_id, page, version, form, pending, account_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (candidacy_id, page) DO UPDATE SET version = excluded.version, form = excluded.form,
  pending = excluded.pending, account_id = excluded.account_id, at = excluded.at
WHERE d.version = excluded.version - 1`
	d := r.drafts[page]
	form, err := json.Marshal(d.Form)
	if err != nil {
		return err
	}
	n, err := tx.ExecRows(ctx, sql, r.ID, page, d.Version, form, d.Pending, actor.AccountID(), d.At)
	if err == nil && n != 1 {
		return fmt.Errorf("page %s of candidacy %d changed while it was locked", page, r.ID)
	}
	return err
}

// writeState brings the candidacy's progress up to date with its record.
func writeState(ctx context.Context, tx *db.Tx, r Record) error {
	const sql = `UPDATE desk.candidacies SET capture = $2, answered = $3, captured_at = $4 WHERE id = $1`
	return tx.Exec(ctx, sql, r.ID, r.state(), r.Progress().Answered(), tx.Now())
}

// sameForm reports whether two forms say the same. A form that arrives late
// with the very text that is saved conflicts with nothing: it is usually the
// button pressed while the draft was on its way.
func sameForm(a, b url.Values) bool { return maps.EqualFunc(a, b, slices.Equal[[]string]) }

func object(candidacy int64) string { return "candidatura " + strconv.FormatInt(candidacy, 10) }

// result is an Outcome as the submission's row keeps it.
type result struct {
	Kept     bool      `json:"guardado"`
	Version  int       `json:"version"`
	At       time.Time `json:"instante"`
	Conflict int64     `json:"conflicto,omitempty"`
}

func encodeResult(o Outcome) string {
	b, err := json.Marshal(result{o.Kept, o.Version, o.At, o.Conflict})
	if err != nil {
		panic(err) // booleans, numbers and an instant always encode
	}
	return string(b)
}

func decodeResult(s string) (Outcome, error) {
	var r result
	if err := json.Unmarshal([]byte(s), &r); err != nil {
		return Outcome{}, fmt.Errorf("result of a submission: %w", err)
	}
	return Outcome{Kept: r.Kept, Version: r.Version, At: r.At, Conflict: r.Conflict}, nil
}
