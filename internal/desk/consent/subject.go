package consent

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

const subjectColumns = `
SELECT c.id, c.process_id AS process, c.folio, concat_ws(' ', p.given_names, NULLIF(p.surnames, '')) AS name, o.name AS office,
  COALESCE(m.name, 'Distrito ' || d.number, st.name, '') AS place, n.name AS nominator, p.email,
  p.email <> '' AND EXISTS (SELECT 1 FROM desk.persons x WHERE x.process_id = p.process_id AND x.id <> p.id AND lower(x.email) = lower(p.email)) AS shared,
  c.reserved_at IS NOT NULL AS reserved, false AS own
FROM desk.candidacies c
JOIN desk.persons p ON p.id = c.person_id
JOIN desk.offices o ON o.id = c.office_id
JOIN desk.nominators n ON n.id = c.nominator_id
LEFT JOIN desk.districts d ON d.id = c.district_id
LEFT JOIN desk.municipalities m ON m.id = c.municipality_id
LEFT JOIN desk.states st ON st.id = c.state_id`

// Find returns the subject of a folio for who captures it. Another party's
// folio is NotFound, and so is, under captura reservada, one's own party's or
// planilla's: only the candidate finds it.
func (s *Store) Find(ctx context.Context, a auth.Capturer, folio string) (Subject, error) {
	return findFor(ctx, s.desk, a, folio)
}

func findFor(ctx context.Context, q db.Querier, a auth.Capturer, folio string) (Subject, error) {
	scope := a.Scope()
	sub, err := one(ctx, q, subjectColumns+` WHERE `+auth.ScopeSQL+` AND c.folio = $4`, scope.Args(folio)...)
	if err != nil {
		return Subject{}, err
	}
	sub.Own = scope.Candidacy == sub.ID
	if sub.Reserved && !sub.Own {
		return Subject{}, fault.New(fault.NotFound, "")
	}
	return sub, nil
}

// FindForHead returns the subject of a folio of the Head's process.
func (s *Store) FindForHead(ctx context.Context, h auth.Head, folio string) (Subject, error) {
	return one(ctx, s.desk, subjectColumns+` WHERE c.process_id = $1 AND c.folio = $2`, h.Process, folio)
}

// byID returns a subject by its candidacy.
func byID(ctx context.Context, q db.Querier, id int64) (Subject, error) {
	return one(ctx, q, subjectColumns+` WHERE c.id = $1`, id)
}

func one(ctx context.Context, q db.Querier, sql string, args ...any) (Subject, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return Subject{}, err
	}
	sub, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Subject])
	return sub, db.Fault(err)
}

// lock makes the acts on a candidacy's consent one at a time: of a withdrawal
// and a verification at once, whichever comes second sees the first.
func lock(ctx context.Context, tx *db.Tx, candidacy int64) error {
	var id int64
	return tx.QueryRow(ctx, `SELECT id FROM desk.candidacies WHERE id = $1 FOR UPDATE`, candidacy).Scan(&id)
}

// eventRow is a row of sensitive.consent_events.
type eventRow struct {
	ID             int64
	CandidacyID    int64
	Event          string
	Medium         string
	DeclarationID  *int64
	Processing     *bool
	Publication    *bool
	Statistics     *bool
	TextVersion    string
	TextHash       string
	NoticeID       *int64
	AnswersVersion *int
	DocumentID     *int64
	SignedOn       *time.Time
	ReceivedOn     *time.Time
	Reason         string
	AccountID      *int64
	Role           string
	At             time.Time
}

func (r eventRow) event() Event {
	e := Event{
		ID: r.ID, Kind: Kind(r.Event), Medium: Medium(r.Medium), Declaration: deref(r.DeclarationID), TextVersion: r.TextVersion,
		TextHash: r.TextHash, Notice: deref(r.NoticeID), AnswersVersion: deref(r.AnswersVersion), Document: deref(r.DocumentID),
		SignedOn: localDay(deref(r.SignedOn)), ReceivedOn: localDay(deref(r.ReceivedOn)), Reason: r.Reason, Account: deref(r.AccountID), Role: r.Role, At: r.At,
	}
	if r.Processing != nil {
		e.Decided = &Declarations{*r.Processing, deref(r.Publication), deref(r.Statistics)}
	}
	return e
}

func deref[T any](p *T) (zero T) {
	if p == nil {
		return zero
	}
	return *p
}

// Histories returns the events of some candidacies, in order.
func Histories(ctx context.Context, q db.Querier, candidacies ...int64) (map[int64][]Event, error) {
	const sql = `
SELECT id, candidacy_id, event, medium, declaration_id, processing, publication, statistics, text_version, text_hash, notice_id,
  answers_version, document_id, signed_on, received_on, reason, account_id, role, at
FROM sensitive.consent_events WHERE candidacy_id = ANY($1) ORDER BY id`
	rows, err := q.Query(ctx, sql, candidacies)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[eventRow])
	out := map[int64][]Event{}
	for _, r := range all {
		out[r.CandidacyID] = append(out[r.CandidacyID], r.event())
	}
	return out, err
}

// History returns the events of a candidacy and what they say now.
func (s *Store) History(ctx context.Context, sub Subject) ([]Event, Standing, error) {
	all, err := Histories(ctx, s.desk, sub.ID)
	return all[sub.ID], StandingOf(all[sub.ID]), err
}

func standing(ctx context.Context, q db.Querier, candidacy int64) (Standing, error) {
	all, err := Histories(ctx, q, candidacy)
	return StandingOf(all[candidacy]), err
}

// insert adds an event to the history and returns its number.
func insert(ctx context.Context, tx *db.Tx, candidacy int64, who actor, e Event) (int64, error) {
	var processing, publication, statistics *bool
	if d := e.Decided; d != nil {
		processing, publication, statistics = &d.Processing, &d.Publication, &d.Statistics
	}
	const sql = `
INSERT INTO sensitive.consent_events (candidacy_id, event, medium, declaration_id, processing, publication, statistics, text_version,
  text_hash, notice_id, answers_version, document_id, signed_on, received_on, reason, account_id, role, at)
VALUES ($1, $2, $3, NULLIF($4, 0), $5, $6, $7, $8, $9, NULLIF($10, 0), $11, NULLIF($12, 0), $13, $14, $15, NULLIF($16, 0), $17, $18)
RETURNING id`
	var id int64
	err := tx.QueryRow(ctx, sql, candidacy, string(e.Kind), string(e.Medium), e.Declaration, processing, publication, statistics,
		e.TextVersion, e.TextHash, e.Notice, answersVersion(e), e.Document, day(e.SignedOn), day(e.ReceivedOn), e.Reason,
		who.AccountID(), who.Role(), tx.Now()).Scan(&id)
	return id, err
}

// actor is who acts, for the history.
type actor = db.Actor

func answersVersion(e Event) *int {
	if e.Kind != Verified && e.Decided == nil {
		return nil
	}
	return &e.AnswersVersion
}

// localDay returns the midnight, where people live, of a date of the database,
// so that it is the same date on screen.
func localDay(date time.Time) time.Time {
	if date.IsZero() {
		return date
	}
	return time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, election.Zone())
}

func day(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
