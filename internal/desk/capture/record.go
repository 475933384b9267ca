package capture

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// Record is everything captured of a candidacy: its last versions and the drafts
// over them.
type Record struct {
	Candidacy
	Questionnaire *questionnaire.Questionnaire
	Answers       questionnaire.Answers // of the last version of every part
	Correction    *Correction           // nil when nothing validated is open again
	Now           time.Time             // when it was read

	versions map[questionnaire.ID]version
	drafts   map[questionnaire.ID]Draft
}

// version is the last one of a part.
type version struct {
	Number int
	Hash   string
}

// Draft is the state of a page: what was last typed in it, and by whom. Pending
// says that some of it is not yet a version.
type Draft struct {
	Version int
	Form    url.Values
	Pending bool
	Author  string
	At      time.Time
}

// Record returns what is captured of a candidacy; NotFound outside the actor's
// scope.
func (s *Store) Record(ctx context.Context, actor auth.Capturer, folio string) (Record, error) {
	return s.record(ctx, s.desk, actor.Scope(), folio, look)
}

// record reads a Record, from the pool or within a transaction.
func (s *Store) record(ctx context.Context, q db.Querier, scope auth.Scope, folio string, h hold) (Record, error) {
	r := Record{Answers: questionnaire.Answers{}, Now: s.desk.Now()}
	if tx, ok := q.(*db.Tx); ok {
		r.Now = tx.Now()
	}
	var err error
	if r.Candidacy, err = findCandidacy(ctx, q, scope, folio, h); err != nil {
		return r, err
	}
	if r.Questionnaire, err = s.publisher.Curricular(r.Edition); err != nil {
		return r, fmt.Errorf("questionnaire of candidacy %d: %w", r.ID, err)
	}
	if err = r.readVersions(ctx, q); err != nil {
		return r, fmt.Errorf("versions of candidacy %d: %w", r.ID, db.Fault(err))
	}
	if err = r.readDrafts(ctx, q); err != nil {
		return r, fmt.Errorf("drafts of candidacy %d: %w", r.ID, db.Fault(err))
	}
	if err = r.readCorrection(ctx, q); err != nil {
		return r, fmt.Errorf("correction of candidacy %d: %w", r.ID, db.Fault(err))
	}
	return r, nil
}

func (r *Record) readVersions(ctx context.Context, q db.Querier) error {
	const sql = `
SELECT DISTINCT ON (part) part, version, hash, answers FROM desk.answer_versions
WHERE candidacy_id = $1 ORDER BY part, version DESC`
	rows, err := q.Query(ctx, sql, r.ID)
	if err != nil {
		return err
	}
	r.versions = map[questionnaire.ID]version{}
	var part questionnaire.ID
	var v version
	var raw []byte
	_, err = pgx.ForEachRow(rows, []any{&part, &v.Number, &v.Hash, &raw}, func() error {
		var answers questionnaire.Answers
		if err := json.Unmarshal(raw, &answers); err != nil {
			return err
		}
		maps.Copy(r.Answers, answers)
		r.versions[part] = v
		return nil
	})
	return err
}

func (r *Record) readDrafts(ctx context.Context, q db.Querier) error {
	const sql = `
SELECT d.page, d.version, d.form, d.pending, a.name, d.at FROM desk.drafts d JOIN desk.accounts a ON a.id = d.account_id
WHERE d.candidacy_id = $1`
	rows, err := q.Query(ctx, sql, r.ID)
	if err != nil {
		return err
	}
	r.drafts = map[questionnaire.ID]Draft{}
	var page questionnaire.ID
	var d Draft
	var raw []byte
	_, err = pgx.ForEachRow(rows, []any{&page, &d.Version, &raw, &d.Pending, &d.Author, &d.At}, func() error {
		d.Form = url.Values{}
		if err := json.Unmarshal(raw, &d.Form); err != nil {
			return err
		}
		r.drafts[page] = d
		return nil
	})
	return err
}

// Page returns a page of the questionnaire, of which a correction may open only
// some rubros; NotFound when it has no such page.
func (r Record) Page(id questionnaire.ID) (questionnaire.Page, error) {
	page, ok := r.Questionnaire.Page(id)
	if !ok {
		return page, fault.New(fault.NotFound, "")
	}
	return r.reopened(page), nil
}

// Draft returns the state of a page: Version 0 when nobody has saved it.
func (r Record) Draft(page questionnaire.ID) Draft { return r.drafts[page] }

// Form returns what to show in a page: the draft as it was typed if it is not
// yet a version, the last version otherwise.
func (r Record) Form(page questionnaire.Page) url.Values {
	if d := r.drafts[page.ID]; d.Pending {
		return maps.Clone(d.Form)
	}
	return questionnaire.Form(page, r.Answers)
}

// Progress measures the mandatory answers: versions count, drafts do not.
func (r Record) Progress() questionnaire.Progress { return r.Questionnaire.Progress(r.Answers) }

// PageState says how far a page has come. What is typed and not yet a version
// makes it «en captura», or «por corregir» where it is invalid.
func (s *Store) PageState(r Record, page questionnaire.Page) questionnaire.State {
	d := r.drafts[page.ID]
	page = r.reopened(page)
	if !d.Pending {
		if slices.ContainsFunc(r.Uncorrected(), func(p questionnaire.Part) bool { return r.pageOf(p.ID) == page.ID }) {
			return questionnaire.ToCorrect
		}
		return page.State(r.Answers, nil)
	}
	posted, _ := s.parser.Parse(page, d.Form)
	if page.State(r.Questionnaire.Merge(r.Answers, page, posted), nil) == questionnaire.ToCorrect {
		return questionnaire.ToCorrect
	}
	return questionnaire.InProgress
}

// Pending returns the pages whose text is not yet a version, in order.
func (r Record) Pending() []questionnaire.Page {
	var pages []questionnaire.Page
	for _, page := range r.Questionnaire.Pages {
		if r.drafts[page.ID].Pending {
			pages = append(pages, page)
		}
	}
	return pages
}

// Ready reports whether the record may be validated: every mandatory answer has
// a version, none is invalid, and no text waits to be one.
func (r Record) Ready() bool {
	return r.Progress().State() == questionnaire.Complete && len(r.Pending()) == 0 &&
		len(r.Questionnaire.Check(r.Answers)) == 0
}

// state returns what desk.candidacies.capture says of an open record.
func (r Record) state() State {
	if r.Capture == InCorrection {
		return InCorrection
	}
	switch r.Progress().State() {
	case questionnaire.Complete:
		return Complete
	case questionnaire.InProgress:
		return InProgress
	}
	if len(r.versions) > 0 || len(r.Pending()) > 0 {
		return InProgress
	}
	return NotStarted
}
