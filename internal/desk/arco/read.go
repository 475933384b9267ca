package arco

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// Entry is a request without anything of who asks.
type Entry struct {
	ID         int64
	Folio      string
	Right      Right
	Medium     Medium
	ReceivedAt time.Time
	Candidacy  string // folio, once it is known
	Forgotten  bool   // who asked was erased
	Standing
	Left  int    // working days left of what is next
	Steps []Step // without their texts
}

// Step is what happened to a request.
type Step struct {
	ID        int64
	Kind      StepKind
	On        time.Time
	Outcome   Outcome
	Ground    string
	Committee string
	Document  string // its name; "" when there is none
	Hash      string
	By        string // who recorded it
	Text      string // only for whoever may read it
}

type entryRow struct {
	ID         int64
	Folio      string
	Claimed    Right
	Medium     Medium
	ReceivedAt time.Time
	Candidacy  string
	Forgotten  bool
}

const entrySQL = `
SELECT r.id, r.folio, r.claimed, r.medium, r.received_at, COALESCE(c.folio, '') AS candidacy, r.salt IS NULL AS forgotten
FROM sensitive.arco_requests r LEFT JOIN desk.candidacies c ON c.id = r.candidacy_id WHERE `

// read returns the requests that a condition chooses, with where they are.
func read(ctx context.Context, q db.Querier, c Calendar, condition string, args ...any) ([]Entry, error) {
	rows, err := q.Query(ctx, entrySQL+condition+` ORDER BY r.id`, args...)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[entryRow])
	if err != nil {
		return nil, db.Fault(err)
	}
	ids := make([]int64, len(found))
	for i, r := range found {
		ids[i] = r.ID
	}
	steps, err := readSteps(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Entry, len(found))
	for i, r := range found {
		var moments []Moment
		for _, s := range steps[r.ID] {
			moments = append(moments, Moment{s.Kind, s.On, s.Outcome})
		}
		out[i] = Entry{
			ID: r.ID, Folio: r.Folio, Right: r.Claimed, Medium: r.Medium, ReceivedAt: r.ReceivedAt, Candidacy: r.Candidacy, Forgotten: r.Forgotten,
			Standing: Follow(r.ReceivedAt, r.Medium, moments, c), Steps: steps[r.ID],
		}
	}
	return out, nil
}

func readSteps(ctx context.Context, q db.Querier, ids []int64) (map[int64][]Step, error) {
	const sql = `
SELECT s.request_id, s.id, s.kind, s.happened_on, s.outcome, s.ground, s.committee, s.document_name, s.document_hash, COALESCE(a.name, 'El sistema')
FROM sensitive.arco_steps s LEFT JOIN desk.accounts a ON a.id = s.account_id WHERE s.request_id = ANY ($1) ORDER BY s.id`
	rows, err := q.Query(ctx, sql, ids)
	if err != nil {
		return nil, err
	}
	out := map[int64][]Step{}
	var request int64
	var s Step
	_, err = pgx.ForEachRow(rows, []any{&request, &s.ID, &s.Kind, &s.On, &s.Outcome, &s.Ground, &s.Committee, &s.Document, &s.Hash, &s.By}, func() error {
		s.On = time.Date(s.On.Year(), s.On.Month(), s.On.Day(), 0, 0, 0, 0, election.Zone())
		out[request] = append(out[request], s)
		return nil
	})
	return out, db.Fault(err)
}

func local(at time.Time) time.Time { return at.In(election.Zone()) }

// Filter is what to look for in the tray.
type Filter struct {
	State   State // "" is any
	Right   Right // "" is any
	Overdue bool
	Page    int // from 1
	Size    int
}

// Tray is a page of the requests of a process.
type Tray struct {
	Entries []Entry
	Total   int // that the filter lets through
	Counts  Counts
}

// Counts are the requests of a process in numbers.
type Counts struct {
	All     int
	State   map[State]int
	Right   map[Right]int
	Overdue int // whose term is over and waits for the unit
}

// Tray returns a page of the requests of the actor's process: what is due first,
// first. It says nothing of who asks.
func (s *Store) Tray(ctx context.Context, t auth.Transparency, f Filter) (Tray, error) {
	all, counts, err := s.all(ctx, t.Person().Process)
	if err != nil {
		return Tray{}, err
	}
	now := s.desk.Now()
	chosen := slices.DeleteFunc(all, func(e Entry) bool {
		return f.State != "" && e.State != f.State || f.Right != "" && e.Right != f.Right || f.Overdue && (!e.Ours() || !e.Overdue(now))
	})
	out := Tray{Total: len(chosen), Counts: counts}
	first := min(max(f.Page-1, 0)*f.Size, out.Total)
	out.Entries = chosen[first:min(first+f.Size, out.Total)]
	return out, nil
}

// all returns every request of a process, the urgent first, with their counts.
func (s *Store) all(ctx context.Context, process int64) ([]Entry, Counts, error) {
	counts := Counts{State: map[State]int{}, Right: map[Right]int{}}
	c, err := s.calendar(ctx, process)
	if err != nil {
		return nil, counts, err
	}
	all, err := read(ctx, s.desk, c, `r.process_id = $1`, process)
	if err != nil {
		return nil, counts, err
	}
	now := s.desk.Now()
	for i := range all {
		e := &all[i]
		if !e.Due.IsZero() {
			e.Left = c.Off.Left(e.Due, now)
		}
		counts.All++
		counts.State[e.State]++
		counts.Right[e.Right]++
		if e.Ours() && e.Overdue(now) {
			counts.Overdue++
		}
	}
	rank := func(e Entry) int {
		switch {
		case e.Ours():
			return 0
		case e.Open():
			return 1
		}
		return 2
	}
	slices.SortStableFunc(all, func(a, b Entry) int {
		return cmp.Or(rank(a)-rank(b), a.Due.Compare(b.Due), cmp.Compare(b.ID, a.ID))
	})
	return all, counts, nil
}

// Counts returns the requests of the auditor's process in numbers, which is all
// that an auditor reads of them.
func (s *Store) Counts(ctx context.Context, a auth.Auditor) (Counts, error) {
	_, counts, err := s.all(ctx, a.Process)
	return counts, err
}

// Case is a request with who asks and what was said.
type Case struct {
	Entry
	Requester
	Calendar Terms
}

// Open returns a request of the actor's process with everything in it, and leaves
// an entry in the bitácora: who read it. Any other folio is NotFound.
func (s *Store) Open(ctx context.Context, t auth.Transparency, folio string) (Case, error) {
	who := t.Person()
	calendar, err := s.calendar(ctx, who.Process)
	if err != nil {
		return Case{}, err
	}
	var out Case
	action := db.Action{Kind: "arco.leer", Process: who.Process, Object: "solicitud " + folio}
	_, err = s.desk.Do(ctx, t, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		out, err = s.open(ctx, tx, calendar, `r.process_id = $1 AND r.folio = $2`, who.Process, folio)
		return "", err
	})
	return out, err
}

// open reads one request and unseals it. One whose requester was erased comes
// without them.
func (s *Store) open(ctx context.Context, q db.Querier, c Calendar, condition string, args ...any) (Case, error) {
	found, err := read(ctx, q, c, condition, args...)
	if err != nil {
		return Case{}, err
	}
	if len(found) != 1 {
		return Case{}, fault.New(fault.NotFound, "")
	}
	out := Case{Entry: found[0], Calendar: c.Terms}
	if !out.Due.IsZero() {
		out.Left = c.Off.Left(out.Due, s.desk.Now())
	}
	var salt, sealed []byte
	if err := q.QueryRow(ctx, `SELECT salt, sealed FROM sensitive.arco_requests WHERE id = $1`, out.ID).Scan(&salt, &sealed); err != nil {
		return Case{}, err
	}
	if salt == nil {
		return out, nil
	}
	b, err := s.boxOf(out.Folio, salt)
	if err != nil {
		return Case{}, err
	}
	plain, err := b.open(sealed, sealedRequester)
	if err == nil {
		err = json.Unmarshal(plain, &out.Requester)
	}
	if err != nil {
		return Case{}, err
	}
	return out, s.openTexts(ctx, q, b, out.Steps)
}

func (s *Store) openTexts(ctx context.Context, q db.Querier, b box, steps []Step) error {
	for i := range steps {
		var sealed []byte
		if err := q.QueryRow(ctx, `SELECT sealed FROM sensitive.arco_steps WHERE id = $1`, steps[i].ID).Scan(&sealed); err != nil {
			return err
		}
		text, err := b.open(sealed, sealedText)
		if err != nil {
			return err
		}
		steps[i].Text = string(text)
	}
	return nil
}

// Own returns the requests that a candidate filed from their account, with what
// was answered.
func (s *Store) Own(ctx context.Context, c auth.Candidate) ([]Case, error) {
	calendar, err := s.calendar(ctx, c.Process)
	if err != nil {
		return nil, err
	}
	mine, err := read(ctx, s.desk, calendar, `r.process_id = $1 AND r.account_id = $2 AND r.medium = 'cuenta'`, c.Process, c.Account)
	if err != nil {
		return nil, err
	}
	var out []Case
	for _, e := range slices.Backward(mine) {
		one, err := s.open(ctx, s.desk, calendar, `r.id = $1`, e.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// Document returns the document of a step of a request of the actor's process,
// and leaves an entry in the bitácora.
func (s *Store) Document(ctx context.Context, t auth.Transparency, folio string, step int64) (Document, error) {
	who := t.Person()
	var out Document
	action := db.Action{
		Kind: "arco.documento", Process: who.Process, Object: "solicitud " + folio, Details: map[string]string{"paso": strconv.FormatInt(step, 10)},
	}
	_, err := s.desk.Do(ctx, t, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		return "", s.document(ctx, tx, `r.process_id = $3 AND r.folio = $1`, folio, step, who.Process, &out)
	})
	return out, err
}

// OwnDocument is Document for the candidate who filed the request.
func (s *Store) OwnDocument(ctx context.Context, c auth.Candidate, folio string, step int64) (Document, error) {
	var out Document
	err := s.document(ctx, s.desk, `r.account_id = $3 AND r.medium = 'cuenta' AND r.folio = $1`, folio, step, c.Account, &out)
	return out, db.Fault(err)
}

func (s *Store) document(ctx context.Context, q db.Querier, condition, folio string, step, scope int64, out *Document) error {
	var salt, sealed []byte
	const sql = `
SELECT r.salt, s.document, s.document_name FROM sensitive.arco_steps s JOIN sensitive.arco_requests r ON r.id = s.request_id
WHERE s.id = $2 AND s.document IS NOT NULL AND `
	if err := q.QueryRow(ctx, sql+condition, folio, step, scope).Scan(&salt, &sealed, &out.Name); err != nil {
		return db.Fault(err)
	}
	b, err := s.boxOf(folio, salt)
	if err != nil {
		return err
	}
	out.Bytes, err = b.open(sealed, sealedDocument)
	return err
}

// Table returns requests as a file has them (domain 4.6), without who asks.
func Table(entries []Entry) (header []string, rows [][]string) {
	header = []string{"FOLIO", "DERECHO", "MEDIO", "RECIBIDA", "VENCE", "ESTADO", "IDENTIDAD_ACREDITADA", "SENTIDO", "RESPUESTA", "EFECTIVA", "CANDIDATURA"}
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return local(t).Format(time.DateOnly)
	}
	for _, e := range entries {
		var answered, done time.Time
		for _, s := range e.Steps {
			switch s.Kind {
			case Answer:
				answered = s.On
			case Fulfil:
				done = s.On
			}
		}
		identified := map[bool]string{true: "Sí", false: "No"}[e.Identified]
		rows = append(rows, []string{
			e.Folio, string(e.Right), string(e.Medium), day(e.ReceivedAt), day(e.Due), string(e.State), identified, string(e.Outcome),
			day(answered), day(done), e.Candidacy,
		})
	}
	return header, rows
}
