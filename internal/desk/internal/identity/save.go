package identity

import (
	"context"
	"net/url"

	"conoceles/internal/db"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// Entry is a version to save: all the answers of a candidacy, those of the page
// just posted merged into the rest.
type Entry struct {
	Process, Candidacy int64
	Questionnaire      *questionnaire.Questionnaire
	Answers            questionnaire.Answers
	Base               int   // the version they were merged into; 0 for none
	Account            int64 // who saves; 0 is the system
}

// errStale says that somebody else saved first.
var errStale = fault.New(fault.Conflict, "Alguien guardó cambios mientras escribías. Revisa lo guardado y vuelve a intentarlo.")

// Save adds a version and returns its number. Answers to questions that are not
// asked are dropped, whatever the caller did; invalid ones are a defect of the
// caller, which checks first, and make no version. It is a Conflict when Base
// is not the last version, NotFound for a candidacy of another process, Gone
// when its data were erased.
//
// How much was answered is kept only as complete or not.
func (s *Store) Save(ctx context.Context, tx *db.Tx, e Entry) (int, error) {
	answers := e.Questionnaire.Settle(e.Answers)
	if len(e.Questionnaire.Check(answers)) > 0 { // which ones would tell: not in an error
		return 0, fault.New(fault.Invalid, "Hay respuestas por corregir.")
	}
	if err := lock(ctx, tx, e.Candidacy); err != nil {
		return 0, err
	}
	key, err := s.ensureKey(ctx, tx, e.Process, e.Candidacy)
	if err != nil {
		return 0, err
	}
	last, err := s.State(ctx, tx, e.Candidacy)
	if err != nil {
		return 0, err
	}
	if last.Version != e.Base {
		return 0, errStale
	}
	version := last.Version + 1
	complete := e.Questionnaire.Progress(answers).Applicable().State() == questionnaire.Complete
	blob := key.seal(encode(content{e.Questionnaire.Version, answers}), answersBlock, answersLabel(e.Process, e.Candidacy, version))
	const insert = `
INSERT INTO sensitive.identity_answers (candidacy_id, version, process_id, blob, complete, account_id, at)
VALUES ($1, $2, $3, $4, $5, NULLIF($6, 0), $7)`
	return version, tx.Exec(ctx, insert, e.Candidacy, version, e.Process, blob, complete, e.Account, tx.Now())
}

// DraftEntry is a page as it was typed, checked by nobody.
type DraftEntry struct {
	Process, Candidacy int64
	Page               questionnaire.ID
	Form               url.Values // nil: what is typed became a version, or is thrown away
	Base               int        // the draft's version that the page showed; 0 for none
}

// SaveDraft keeps what is typed in one page and returns its version, which goes
// up with every call. All pages are one blob, so that none tells which were
// visited. It is a Conflict when Base is not the page's last version.
func (s *Store) SaveDraft(ctx context.Context, tx *db.Tx, e DraftEntry) (int, error) {
	if err := lock(ctx, tx, e.Candidacy); err != nil {
		return 0, err
	}
	key, err := s.ensureKey(ctx, tx, e.Process, e.Candidacy)
	if err != nil {
		return 0, err
	}
	drafts, last, err := readDrafts(ctx, tx, key, e.Process, e.Candidacy)
	if err != nil {
		return 0, err
	}
	page := drafts[e.Page]
	if page.Version != e.Base {
		return 0, errStale
	}
	page.Version++
	page.Form = e.Form
	drafts[e.Page] = page
	blob := key.seal(encode(drafts), draftBlock, draftLabel(e.Process, e.Candidacy, last+1))
	const upsert = `
INSERT INTO sensitive.identity_drafts (candidacy_id, version, process_id, blob, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (candidacy_id) DO UPDATE SET version = EXCLUDED.version, blob = EXCLUDED.blob, at = EXCLUDED.at`
	return page.Version, tx.Exec(ctx, upsert, e.Candidacy, last+1, e.Process, blob, tx.Now())
}
