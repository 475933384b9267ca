package capture

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/questionnaire"
)

// IdentityOutcome is how a save of the identity questionnaire ended.
type IdentityOutcome struct {
	Kept     bool // as a version, or as a draft when Problems says why not
	Conflict bool // somebody else had saved: the text was put apart, and stays on screen
	Version  int  // of the page, now
	At       time.Time
	Problems questionnaire.Problems
	// Follows says that what was answered asks for more on the same page.
	Follows bool
}

// identityAct is the act of saving, whether a draft or a version: which of them
// it was would tell how far somebody got.
const identityAct = "identidad.guardar"

// SaveDraft keeps a page as it was typed. Errors: NotFound outside the scope or
// under captura reservada, Conflict with a *Closed cause when the questionnaire
// is not open, Conflict without it when the key came before with another text,
// Unavailable when it is not known.
func (s *Identity) SaveDraft(ctx context.Context, a auth.Capturer, sub Submission) (IdentityOutcome, error) {
	return s.save(ctx, a, sub, asDraft)
}

// SaveVersion makes a version when what was posted is valid; otherwise it keeps
// the text as a draft and says what to correct. Answers to questions that are not
// asked have no effect, whatever was posted. Errors are those of SaveDraft.
func (s *Identity) SaveVersion(ctx context.Context, a auth.Capturer, sub Submission) (IdentityOutcome, error) {
	return s.save(ctx, a, sub, asVersion)
}

// want is what a save makes.
type want int

const (
	asDraft want = iota
	asVersion
)

func (s *Identity) save(ctx context.Context, a auth.Capturer, sub Submission, w want) (IdentityOutcome, error) {
	r, err := s.Find(ctx, a, sub.Folio)
	if err != nil {
		return IdentityOutcome{}, err
	}
	page, err := r.Page(sub.Page)
	if err != nil {
		return IdentityOutcome{}, err
	}
	posted, problems := s.parser.Parse(page, sub.Form)
	if len(problems) > 0 {
		return IdentityOutcome{Problems: problems}, nil
	}
	// A page has every question on which its own depend, so it is judged alone.
	answers := r.Questionnaire.Merge(nil, page, posted)
	if w == asVersion {
		if problems = page.Check(answers); len(problems) > 0 {
			w = asDraft
		}
	}
	out, err := s.do(ctx, a, r, sub, pageEdit{page, posted, w})
	if out.Kept {
		out.Problems, out.Follows = problems, follows(page, answers)
	}
	return out, err
}

// follows reports whether some question that applies only because of another
// answer is blank.
func follows(page questionnaire.Page, answers questionnaire.Answers) bool {
	for _, q := range page.Questions() {
		if q.IsAsked(answers) && !q.IsAsked(nil) && !answers.Has(q.ID) {
			return true
		}
	}
	return false
}

// pageEdit is what a save wants to leave in a page.
type pageEdit struct {
	page   questionnaire.Page
	posted questionnaire.Answers
	as     want
}

// do runs a save as one act of the bitácora, whose entry says neither the page
// nor anything of what was typed.
func (s *Identity) do(ctx context.Context, a auth.Capturer, r IdentityRecord, sub Submission, e pageEdit) (IdentityOutcome, error) {
	action := db.Action{
		Kind: identityAct, Process: r.Process, Object: object(r.ID), Key: sub.Key,
		Payload: []byte(string(e.page.ID) + "\x00" + strconv.Itoa(sub.Version) + "\x00" + strconv.Itoa(int(e.as)) + "\x00" + sub.Form.Encode()),
	}
	done, err := s.desk.Do(ctx, a, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		status, err := s.consents.StatusIn(ctx, tx, a, sub.Folio)
		if err != nil {
			return "", err
		}
		r, err := s.record(ctx, tx, a, sub.Folio, status, tx.Now())
		if err != nil {
			return "", err
		}
		if r.Closure != Open {
			return "", r.refusal()
		}
		return s.write(ctx, tx, a, r, sub, e)
	})
	if err != nil {
		return IdentityOutcome{}, err
	}
	kept, err := decodeResult(done.Result)
	return IdentityOutcome{Kept: kept.Kept, Conflict: !kept.Kept, Version: kept.Version, At: kept.At}, err
}

// write does the edit on a record that this transaction holds.
func (s *Identity) write(ctx context.Context, tx *db.Tx, a auth.Capturer, r IdentityRecord, sub Submission, e pageEdit) (string, error) {
	sealed, err := s.seal.Load(ctx, tx, r.Process, r.ID, identity.Last, identity.Merging)
	if err != nil {
		return "", err
	}
	now, err := open(sealed, identity.Merging, r.Questionnaire, a)
	if err != nil {
		return "", err
	}
	saved, mine := now.pages[e.page.ID], now.mine[e.page.ID]
	merged := questionnaire.SettleAges(r.Questionnaire.Merge(now.answers, e.page, e.posted), r.AgeGroups())
	if sub.Version != saved.version && !e.says(saved, now.answers, merged, sub.Form) {
		_, err := s.draft(ctx, tx, r, apart(e.page.ID, a), sub.Form, mine.version)
		return encodeResult(Outcome{Version: saved.version, At: tx.Now()}), err
	}
	form := sub.Form
	if e.as == asVersion {
		form = nil
		if err := s.version(ctx, tx, a, r, sealed.Version(), now.answers, merged); err != nil {
			return "", err
		}
	}
	version, err := s.draft(ctx, tx, r, e.page.ID, form, saved.version)
	if err == nil && mine.form != nil { // its author has seen both texts
		_, err = s.draft(ctx, tx, r, apart(e.page.ID, a), nil, mine.version)
	}
	return encodeResult(Outcome{Kept: true, Version: version, At: tx.Now()}), err
}

// says reports whether a text that arrives late is the very one that is saved.
func (e pageEdit) says(saved typed, answers, merged questionnaire.Answers, form url.Values) bool {
	if saved.form != nil {
		return sameForm(saved.form, form)
	}
	return e.page.Select(answers).Hash() == e.page.Select(merged).Hash()
}

func (s *Identity) draft(ctx context.Context, tx *db.Tx, r IdentityRecord, page questionnaire.ID, form url.Values, base int) (int, error) {
	return s.seal.SaveDraft(ctx, tx, identity.DraftEntry{Process: r.Process, Candidacy: r.ID, Page: page, Form: form, Base: base})
}

// version adds a version, unless it would say what the last one does, and takes
// off the site what was verified of that one.
func (s *Identity) version(ctx context.Context, tx *db.Tx, a auth.Capturer, r IdentityRecord, base int, last, merged questionnaire.Answers) error {
	if merged.Hash() == last.Hash() {
		return nil
	}
	_, err := s.seal.Save(ctx, tx, identity.Entry{
		Process: r.Process, Candidacy: r.ID, Questionnaire: r.Questionnaire, Answers: merged, Base: base, Account: a.AccountID(),
	})
	if err != nil {
		return err
	}
	return s.publisher.Candidacies(ctx, tx, r.Process, r.ID)
}

// Reservation is who fills in the identity questionnaire.
type Reservation string

// The reservations.
const (
	Reserved Reservation = "reservada" // the candidate alone
	Shared   Reservation = "compartida"
)

// Reserve lets the candidate keep their identity questionnaire to themself, or
// share it again with who captures for them. It is NotFound for a candidacy that
// is not the candidate's own. From its commit on, the party finds nothing.
func (s *Identity) Reserve(ctx context.Context, c auth.Candidate, folio, key string, to Reservation) error {
	r, err := findCandidacy(ctx, s.desk, auth.Scope{Process: c.Process, Candidacy: c.Candidacy}, folio, look)
	if err != nil {
		return err
	}
	action := db.Action{Kind: "identidad." + string(to), Process: r.Process, Object: object(r.ID), Key: key, Payload: []byte(to)}
	set := func(ctx context.Context, tx *db.Tx) (string, error) {
		const sql = `
UPDATE desk.candidacies SET reserved_at = CASE WHEN $2 THEN COALESCE(reserved_at, $3) END WHERE id = $1`
		return "", tx.Exec(ctx, sql, r.ID, to == Reserved, tx.Now())
	}
	done, err := s.desk.Do(ctx, c, action, set)
	if err == nil && done.Replayed { // what the answer says has to be so now, not only then
		action.Key = ""
		_, err = s.desk.Do(ctx, c, action, set)
	}
	return err
}
