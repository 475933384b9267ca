package duty

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// State is where a requirement is.
type State string

// The states.
const (
	Draft    State = "borrador"
	Proposed State = "propuesto"
	Sent     State = "enviado"
	Void     State = "sin_efecto" // attended before it was sent
)

// States lists them in the order in which they ask for attention.
func States() []State { return []State{Draft, Proposed, Sent, Void} }

// Medium is how a requirement was acknowledged.
type Medium string

// The media.
const (
	Inside  Medium = "sistema"
	OnPaper Medium = "papel"
)

// Notice is a requirement, as a draft or as it was sent.
type Notice struct {
	ID              int64
	Process         int64
	Addressee       Addressee
	NominatorID     *int64
	CandidacyID     *int64
	To              string // party or person
	Folio           string // of the person's candidacy; "" for a party
	State           State
	Version         int
	TemplateVersion int
	Subject, Body   string // sent: with their data in place
	Oficio          string
	TermDays        int
	CreatedAt       time.Time
	ProposedBy      *int64
	ProposedByName  string
	ProposedAt      *time.Time
	Reason          string // why the last proposal was returned
	SentByName      string
	SentAt, DueAt   *time.Time
	LetterHash      string
	AnnexHash       string
	AcknowledgedAt  *time.Time
	AcknowledgedBy  string
	AckMedium       Medium
	Candidacies     int
	Owing           int `db:"-"` // of a requirement sent, how many candidacies still owe
}

const noticeColumns = `n.id, n.process_id AS process, n.addressee, n.nominator_id, n.candidacy_id,
  COALESCE(nm.name, concat_ws(' ', p.given_names, NULLIF(p.surnames, ''))) AS to, COALESCE(c.folio, '') AS folio, n.state, n.version, n.template_version,
  n.subject, n.body, n.oficio, n.term_days, n.created_at, n.proposed_by, COALESCE(pa.name, '') AS proposed_by_name, n.proposed_at, n.reason,
  COALESCE(sa.name, '') AS sent_by_name, n.sent_at, n.due_at, n.letter_hash, n.annex_hash, n.acknowledged_at, n.acknowledged_by,
  n.acknowledged_medium AS ack_medium, (SELECT count(DISTINCT i.candidacy_id) FROM desk.duty_items i WHERE i.notice_id = n.id) AS candidacies`

const noticeTables = `
FROM desk.duty_notices n
LEFT JOIN desk.nominators nm ON nm.id = n.nominator_id
LEFT JOIN desk.candidacies c ON c.id = n.candidacy_id
LEFT JOIN desk.persons p ON p.id = c.person_id
LEFT JOIN desk.accounts pa ON pa.id = n.proposed_by
LEFT JOIN desk.accounts sa ON sa.id = n.sent_by`

// Item is a questionnaire that a requirement asks for.
type Item struct {
	Candidacy     int64
	Folio         string
	Name          string
	Place         string
	Nominator     string
	Questionnaire Questionnaire
	Kind          Kind
	Missing       string
	Owed          bool `db:"-"` // still
}

// Filter chooses requirements of the tray. Its zero value is the first page of
// drafts to everybody.
type Filter struct {
	State     State // "" is Draft
	Addressee Addressee
	Page      int // from 1
	Size      int
}

// Tray is a page of requirements.
type Tray struct {
	Notices []Notice
	Counts  map[State]int // to the addressees chosen
	Total   int           // in the state chosen
	Over    *time.Time    // when campaigns ended; nil while they have not
	Now     time.Time
}

// Tray returns a page of the requirements of the actor's process, the oldest
// first; those sent, the newest first.
func (s *Store) Tray(ctx context.Context, t auth.Transparency, f Filter) (Tray, error) {
	out := Tray{Counts: map[State]int{}, Now: s.desk.Now()}
	process := t.Person().Process
	terms, err := readTerms(ctx, s.desk, process)
	if err != nil {
		return out, err
	}
	if terms.over(out.Now) {
		out.Over = terms.Ends
	}
	rows, err := s.desk.Query(ctx, `SELECT state, count(*) FROM desk.duty_notices WHERE process_id = $1 AND ($2 = '' OR addressee = $2) GROUP BY 1`, process, f.Addressee)
	if err != nil {
		return out, db.Fault(err)
	}
	var state State
	var n int
	if _, err := pgx.ForEachRow(rows, []any{&state, &n}, func() error { out.Counts[state] = n; return nil }); err != nil {
		return out, db.Fault(err)
	}
	if f.State == "" {
		f.State = Draft
	}
	out.Total = out.Counts[f.State]
	page := min(max(f.Page, 1), max((out.Total+f.Size-1)/f.Size, 1))
	const list = `SELECT ` + noticeColumns + noticeTables + `
WHERE n.process_id = $1 AND n.state = $2 AND ($3 = '' OR n.addressee = $3)
ORDER BY n.sent_at DESC NULLS FIRST, array_position(ARRAY['partido', 'independiente', 'candidata'], n.addressee), n.id LIMIT $4 OFFSET $5`
	if out.Notices, err = notices(ctx, s.desk, list, process, f.State, f.Addressee, f.Size, (page-1)*f.Size); err != nil {
		return out, err
	}
	return out, s.follow(ctx, process, out.Notices)
}

func notices(ctx context.Context, q db.Querier, sql string, args ...any) ([]Notice, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, db.Fault(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Notice])
	return out, db.Fault(err)
}

// follow says of requirements sent how many candidacies still owe.
func (s *Store) follow(ctx context.Context, process int64, all []Notice) error {
	at := map[int64]int{}
	for i, n := range all {
		if n.State == Sent {
			at[n.ID] = i
		}
	}
	if len(at) == 0 {
		return nil
	}
	const sql = `SELECT notice_id, candidacy_id, questionnaire, kind FROM desk.duty_items WHERE notice_id = ANY($1) ORDER BY notice_id, candidacy_id`
	rows, err := s.desk.Query(ctx, sql, slices.Collect(maps.Keys(at)))
	if err != nil {
		return db.Fault(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[asked])
	if err != nil {
		return db.Fault(err)
	}
	var whose []int64
	for _, r := range found {
		whose = append(whose, r.CandidacyID)
	}
	owing, err := s.owing(ctx, s.desk, process, whose)
	if err != nil {
		return err
	}
	by := map[int64][]Owed{}
	for _, o := range owing {
		by[o.Candidacy] = append(by[o.Candidacy], o)
	}
	counted := map[[2]int64]bool{}
	for _, r := range found {
		key := [2]int64{r.NoticeID, r.CandidacyID}
		if !counted[key] && still(by[r.CandidacyID], r.CandidacyID, r.Questionnaire, r.Kind) {
			counted[key] = true
			all[at[r.NoticeID]].Owing++
		}
	}
	return nil
}

// asked is a questionnaire that a requirement asks for.
type asked struct {
	NoticeID, CandidacyID int64
	Questionnaire         Questionnaire
	Kind                  Kind
}

// items returns what a requirement asks for, and whether it is still owed.
func (s *Store) items(ctx context.Context, q db.Querier, process, notice int64) ([]Item, error) {
	const sql = `
SELECT c.id AS candidacy, c.folio, concat_ws(' ', p.given_names, NULLIF(p.surnames, '')) AS name,
  o.name || CASE WHEN o.listed THEN ' ' || c.position ELSE '' END || COALESCE(' · ' || COALESCE(m.name, 'Distrito ' || lpad(d.number::text, 2, '0')), '') AS place,
  n.name AS nominator, i.questionnaire, i.kind, i.missing
FROM desk.duty_items i
JOIN desk.candidacies c ON c.id = i.candidacy_id
JOIN desk.persons p ON p.id = c.person_id
JOIN desk.offices o ON o.id = c.office_id
JOIN desk.nominators n ON n.id = c.nominator_id
LEFT JOIN desk.districts d ON d.id = c.district_id
LEFT JOIN desk.municipalities m ON m.id = c.municipality_id
WHERE i.notice_id = $1 ORDER BY o.ballot_order, m.name, d.number, c.position, c.id, i.questionnaire`
	rows, err := q.Query(ctx, sql, notice)
	if err != nil {
		return nil, db.Fault(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Item])
	if err != nil || len(out) == 0 {
		return out, db.Fault(err)
	}
	var whose []int64
	for _, i := range out {
		whose = append(whose, i.Candidacy)
	}
	all, err := s.owing(ctx, q, process, whose)
	for i := range out {
		out[i].Owed = still(all, out[i].Candidacy, out[i].Questionnaire, out[i].Kind)
	}
	return out, err
}

// File is a requirement with everything it says.
type File struct {
	Notice
	Items []Item
	Text  string // what the letter says, with its data in place
	About string // its subject, likewise
	Over  bool   // campaigns ended: it can no longer be sent
	Now   time.Time
}

// Notice returns a requirement of the actor's process; NotFound in any other.
func (s *Store) Notice(ctx context.Context, t auth.Transparency, id int64) (File, error) {
	const sql = `SELECT ` + noticeColumns + noticeTables + ` WHERE n.process_id = $1 AND n.id = $2`
	return s.file(ctx, s.desk, sql, t.Person().Process, id)
}

// receivedSQL is the requirements sent to whoever captures: $1 process, $2
// nominator, $3 candidacy. What the candidate gets is not the party's to read.
const receivedSQL = `SELECT ` + noticeColumns + noticeTables + `
WHERE n.process_id = $1 AND (n.nominator_id = NULLIF($2::bigint, 0) OR n.candidacy_id = NULLIF($3::bigint, 0)) AND n.state = 'enviado'`

// Received lists the requirements sent to the actor, those without acknowledgement
// first.
func (s *Store) Received(ctx context.Context, a auth.Capturer) ([]Notice, error) {
	out, err := notices(ctx, s.desk, receivedSQL+` ORDER BY n.acknowledged_at IS NOT NULL, n.sent_at DESC, n.id LIMIT 20`, a.Scope().Args()...)
	if err != nil {
		return nil, err
	}
	return out, s.follow(ctx, a.Scope().Process, out)
}

// ReceivedNotice returns a requirement sent to the actor; NotFound any other.
func (s *Store) ReceivedNotice(ctx context.Context, a auth.Capturer, id int64) (File, error) {
	return s.file(ctx, s.desk, receivedSQL+` AND n.id = $4`, a.Scope().Args(id)...)
}

func (s *Store) file(ctx context.Context, q db.Querier, sql string, args ...any) (File, error) {
	found, err := notices(ctx, q, sql, args...)
	if err != nil {
		return File{}, err
	}
	if len(found) == 0 {
		return File{}, fault.New(fault.NotFound, "")
	}
	f := File{Notice: found[0], Now: s.desk.Now()}
	if f.Items, err = s.items(ctx, q, f.Process, f.ID); err != nil {
		return f, err
	}
	t, err := readTerms(ctx, q, f.Process)
	if err != nil {
		return f, err
	}
	f.Over = t.over(f.Now)
	f.Text, f.About = f.Body, f.Subject
	if f.State != Sent {
		i, err := readInstitution(ctx, q, f.Process)
		if err != nil {
			return f, err
		}
		values := f.values(i, t.due(f.Now, f.TermDays))
		f.Text, f.About = merge(f.Body, values), merge(f.Subject, values)
	}
	return f, nil
}

// due is when a requirement sent at now is to be attended, never past campaigns.
func (t terms) due(now time.Time, days int) time.Time {
	due := endOfTerm(now, days)
	if t.Ends != nil && t.Ends.Before(due) {
		return *t.Ends
	}
	return due
}

func object(what string, id int64) string { return what + " " + strconv.FormatInt(id, 10) }
