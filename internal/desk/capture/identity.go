package capture

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"golang.org/x/text/unicode/norm"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/desk/keys"
	"conoceles/internal/desk/publish"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// Identity is where candidacies answer the identity questionnaire. It is to that
// questionnaire what Store is to the curricular one, with four differences:
//
//   - It opens only after the privacy notice was read and nº 1 = Sí stands, and
//     every save checks it again in its own transaction.
//   - Answers and drafts are encrypted; nothing of them is in desk.drafts, in the
//     bitácora, in a submission's result or in an address, and the acts on a page
//     do not name it: which pages were saved twice tells a branch.
//   - Every look at them leaves an entry.
//   - Saving a version takes what was public off the site: a verification covers
//     the answers that were verified.
//
// Under captura reservada all of it is NotFound for everybody but the candidate.
// It is safe for concurrent use.
type Identity struct {
	desk      *db.Desk
	publisher publish.Publisher
	consents  *consent.Store
	seal      *identity.Store
	parser    *questionnaire.Parser
}

// NewIdentity returns an Identity that encrypts with the keys of ring and
// publishes through p.
func NewIdentity(desk *db.Desk, p publish.Publisher, consents *consent.Store, ring *keys.Ring) *Identity {
	return &Identity{
		desk: desk, publisher: p, consents: consents, seal: identity.New(ring),
		parser: questionnaire.NewParser(norm.NFC.String),
	}
}

// Unauthorised is the closure of an identity questionnaire without the notice
// read and nº 1 = Sí.
const Unauthorised Closure = "sin_autorizacion"

// IdentityRecord is the identity questionnaire of a candidacy for whoever may
// fill it in. Its answers are out of sight of fmt and reflection.
type IdentityRecord struct {
	Candidacy
	Consent       consent.Status
	Questionnaire *questionnaire.Questionnaire
	Closure       Closure
	Now           time.Time

	opened func() opened
}

// opened is what a record reads, in the clear.
type opened struct {
	answers questionnaire.Answers
	pages   map[questionnaire.ID]typed // drafts, and this actor's text of a conflict
	mine    map[questionnaire.ID]typed
}

// typed is a form as it was posted, and its version.
type typed struct {
	form    url.Values
	version int
}

// Find returns the record of a folio without its answers: whether it opens, and
// why not. NotFound outside the scope and, under captura reservada, for everybody
// but the candidate.
func (s *Identity) Find(ctx context.Context, a auth.Capturer, folio string) (IdentityRecord, error) {
	status, err := s.consents.Status(ctx, a, folio)
	if err != nil {
		return IdentityRecord{}, err
	}
	return s.record(ctx, s.desk, a, folio, status, s.desk.Now())
}

func (s *Identity) record(ctx context.Context, q db.Querier, a auth.Capturer, folio string, status consent.Status, now time.Time) (IdentityRecord, error) {
	r := IdentityRecord{Consent: status, Now: now}
	var err error
	if r.Candidacy, err = findCandidacy(ctx, q, a.Scope(), folio, look); err != nil {
		return r, err
	}
	var edition string
	const read = `SELECT identity_version FROM desk.processes WHERE id = $1`
	if err = db.Fault(q.QueryRow(ctx, read, r.Process).Scan(&edition)); err != nil {
		return r, err
	}
	if r.Questionnaire, err = questionnaire.IdentityEdition(edition); err != nil {
		return r, fmt.Errorf("identity questionnaire of candidacy %d: %w", r.ID, err)
	}
	r.Closure = r.closure(now)
	return r, nil
}

// closure is ClosureAt, which validating the curricular questionnaire does not
// close; and the consent.
func (r IdentityRecord) closure(now time.Time) Closure {
	c := r.Candidacy
	c.Capture = InProgress
	if why := c.ClosureAt(now); why != Open {
		return why
	}
	if !r.Consent.Opens() {
		return Unauthorised
	}
	return Open
}

// Reason says why the questionnaire takes no changes, or "".
func (r IdentityRecord) Reason() string {
	if r.Closure == Unauthorised {
		return "El cuestionario de identidad se abre cuando se lee el aviso de privacidad y la autorización 1 es Sí."
	}
	return r.Explain(r.Closure, r.Now)
}

// Read returns the record with its answers and drafts, and leaves an entry in the
// bitácora. A questionnaire that is closed is a Conflict with a *Closed cause:
// nobody reads it here.
func (s *Identity) Read(ctx context.Context, a auth.Capturer, folio string) (IdentityRecord, error) {
	r, err := s.Find(ctx, a, folio)
	if err != nil {
		return r, err
	}
	if r.Closure != Open {
		return r, r.refusal()
	}
	sealed, err := s.seal.Read(ctx, s.desk, a, identity.Reading{
		Process: r.Process, Candidacy: r.ID, Version: identity.Last, Purpose: identity.Capture,
	})
	if err != nil {
		return r, err
	}
	o, err := open(sealed, identity.Capture, r.Questionnaire, a)
	r.opened = func() opened { return o }
	return r, err
}

// refusal is the Conflict of a closed questionnaire.
func (r IdentityRecord) refusal() error {
	return fault.Wrap(fault.Conflict, r.Reason(), &Closed{r.Closure})
}

// open reads everything that a form shows.
func open(sealed identity.Answers, p identity.Purpose, q *questionnaire.Questionnaire, a auth.Actor) (opened, error) {
	answers, err := sealed.Open(p)
	if err != nil {
		return opened{}, err
	}
	o := opened{answers: answers, pages: map[questionnaire.ID]typed{}, mine: map[questionnaire.ID]typed{}}
	for _, page := range q.Pages {
		if o.pages[page.ID], err = draftOf(sealed, p, page.ID); err != nil {
			return opened{}, err
		}
		if o.mine[page.ID], err = draftOf(sealed, p, apart(page.ID, a)); err != nil {
			return opened{}, err
		}
	}
	return o, nil
}

func draftOf(sealed identity.Answers, p identity.Purpose, page questionnaire.ID) (typed, error) {
	form, version, err := sealed.Draft(p, page)
	return typed{form, version}, err
}

// apart is where the text of somebody who arrived late to a page is kept.
func apart(page questionnaire.ID, a auth.Actor) questionnaire.ID {
	return questionnaire.ID(fmt.Sprintf("%s~%d", page, a.AccountID()))
}

// Page returns a block of the questionnaire; NotFound when it has no such block.
func (r IdentityRecord) Page(id questionnaire.ID) (questionnaire.Page, error) {
	page, ok := r.Questionnaire.Page(id)
	if !ok {
		return page, fault.New(fault.NotFound, "")
	}
	return page, nil
}

// Version returns the version of a page, for its form.
func (r IdentityRecord) Version(page questionnaire.ID) int { return r.opened().pages[page].version }

// Form returns what to show in a page: the draft if there is one, else the last
// version, with the age groups that the birth date gives where nothing was
// answered about them.
func (r IdentityRecord) Form(page questionnaire.Page) url.Values {
	o := r.opened()
	if form := o.pages[page.ID].form; form != nil {
		return form
	}
	answers := o.answers.Clone()
	if !answers.Has(questionnaire.Young) && !answers.Has(questionnaire.Elder) {
		for id, a := range r.AgeGroups() {
			answers[id] = a
		}
	}
	return questionnaire.Form(page, answers)
}

// LateText returns the text that the actor sent after somebody else saved the page;
// nil when there is none.
func (r IdentityRecord) LateText(page questionnaire.ID) url.Values { return r.opened().mine[page].form }

// Saved returns the answers of the last version to a page.
func (r IdentityRecord) Saved(page questionnaire.Page) questionnaire.Answers {
	return page.Select(r.opened().answers)
}

// Progress measures the questions that apply. It is for inside the form alone.
func (r IdentityRecord) Progress() questionnaire.Progress {
	return r.Questionnaire.Progress(r.opened().answers).Applicable()
}

// AgeGroups returns what the registered age says of questions 16 and 17.
func (r IdentityRecord) AgeGroups() questionnaire.Answers { return questionnaire.AgeGroups(r.age()) }

func (r IdentityRecord) age() int {
	switch {
	case r.BirthDate != nil && r.AgeReference != nil:
		return election.AgeOn(*r.BirthDate, *r.AgeReference)
	case r.AgeGiven != nil:
		return *r.AgeGiven
	}
	return 0
}

// PageState says how far a page has come. It is for inside the form alone.
func (s *Identity) PageState(r IdentityRecord, page questionnaire.Page) questionnaire.State {
	o := r.opened()
	form := o.pages[page.ID].form
	if form == nil {
		return page.State(o.answers, nil)
	}
	posted, _ := s.parser.Parse(page, form)
	if page.State(r.Questionnaire.Merge(nil, page, posted), nil) == questionnaire.ToCorrect {
		return questionnaire.ToCorrect
	}
	return questionnaire.InProgress
}

// Understood returns the answers in a form of a page, as far as they are
// understood, those that do not apply among them.
func (s *Identity) Understood(page questionnaire.Page, form url.Values) questionnaire.Answers {
	answers, _ := s.parser.Parse(page, form)
	return answers
}

// Clean returns a form fit to be shown again, as Store.Clean.
func (s *Identity) Clean(form url.Values) url.Values { return (&Store{parser: s.parser}).Clean(form) }
