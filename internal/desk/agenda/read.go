package agenda

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

type itemRow struct {
	ID        int64
	Number    int
	Kind      string
	Version   int
	Activity  string
	Article   string
	Title     string
	Detail    string
	Area      string
	StartsOn  *time.Time
	EndsOn    *time.Time
	EventOn   *time.Time
	Opened    bool
	Documents int
}

func (r itemRow) item() Item {
	return Item{
		Number: r.Number, Kind: Kind(r.Kind), Version: r.Version, Documents: r.Documents, Opened: r.Opened,
		Content: Content{
			Activity: r.Activity, Article: r.Article, Title: r.Title, Detail: r.Detail, Area: r.Area,
			From: dateOf(r.StartsOn), Until: dateOf(r.EndsOn), Event: dateOf(r.EventOn),
		},
	}
}

type stepRow struct {
	ItemID   int64
	ID       int64
	Position int
	Kind     string
	Version  int
	DueOn    *time.Time
	DoneOn   *time.Time
	Document string
	Receipt  string
	Note     string
	Waived   bool
}

func (r stepRow) step() Step {
	return Step{
		id: r.ID, Position: r.Position, Kind: StepKind(r.Kind), Version: r.Version, Due: dateOf(r.DueOn), Done: dateOf(r.DoneOn),
		Document: r.Document, Receipt: r.Receipt, Note: r.Note, Waived: r.Waived,
	}
}

// Agenda is everything that a process has to deliver.
type Agenda struct {
	Loaded bool // whether it has a plan
	Soon   int  // how many days before its date a step is about to be due
	Today  time.Time
	Items  []Item
}

// StateOf returns how an item is today.
func (a Agenda) StateOf(i Item) State { return i.StateAt(a.Today, a.Soon) }

// Count returns how many items are in a state.
func (a Agenda) Count(s State) int {
	n := 0
	for _, i := range a.Items {
		if a.StateOf(i) == s {
			n++
		}
	}
	return n
}

// Agenda returns the agenda of the actor's process, by number.
func (s *Store) Agenda(ctx context.Context, r auth.AgendaReader) (Agenda, error) {
	return read(ctx, s.desk, r.Person().Process, 0, Today(s.desk.Now()))
}

// read reads the whole agenda of a process or, with number, one line of it.
func read(ctx context.Context, q db.Querier, process int64, number int, today time.Time) (Agenda, error) {
	a := Agenda{Today: today}
	const settings = `SELECT count(*) > 0, COALESCE(max(soon_days), 7) FROM desk.agenda_settings WHERE process_id = $1`
	if err := q.QueryRow(ctx, settings, process).Scan(&a.Loaded, &a.Soon); err != nil {
		return a, db.Fault(err)
	}
	const items = `
SELECT i.id, i.number, i.kind, v.version, v.activity, v.article, v.title, v.detail, v.area, v.starts_on, v.ends_on, v.event_on, i.source <> '' AS opened,
  (SELECT count(*) FROM desk.agenda_documents d WHERE d.item_id = i.id)::int AS documents
FROM desk.agenda_items i JOIN LATERAL (SELECT * FROM desk.agenda_versions w WHERE w.item_id = i.id ORDER BY w.version DESC LIMIT 1) v ON true
WHERE i.process_id = $1 AND ($2 = 0 OR i.number = $2) ORDER BY i.number`
	rows, err := q.Query(ctx, items, process, number)
	if err != nil {
		return a, err
	}
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByName[itemRow])
	if err != nil {
		return a, db.Fault(err)
	}
	const steps = `
SELECT t.item_id, t.id, t.position, t.kind, v.version, v.due_on, v.done_on, v.document, v.receipt, v.note, v.waived
FROM desk.agenda_items i JOIN desk.agenda_steps t ON t.item_id = i.id
JOIN LATERAL (SELECT * FROM desk.agenda_step_versions w WHERE w.step_id = t.id ORDER BY w.version DESC LIMIT 1) v ON true
WHERE i.process_id = $1 AND ($2 = 0 OR i.number = $2) ORDER BY t.item_id, t.position`
	if rows, err = q.Query(ctx, steps, process, number); err != nil {
		return a, err
	}
	chain, err := pgx.CollectRows(rows, pgx.RowToStructByName[stepRow])
	if err != nil {
		return a, db.Fault(err)
	}
	of := map[int64][]Step{}
	for _, c := range chain {
		of[c.ItemID] = append(of[c.ItemID], c.step())
	}
	for _, l := range lines {
		i := l.item()
		i.Steps = of[l.ID]
		a.Items = append(a.Items, i)
	}
	return a, nil
}

// one returns a line of the agenda, or NotFound.
func (s *Store) one(ctx context.Context, q db.Querier, process int64, number int) (Item, error) {
	a, err := read(ctx, q, process, max(number, 0), Today(s.desk.Now()))
	if err != nil {
		return Item{}, err
	}
	if number < 1 || len(a.Items) != 1 {
		return Item{}, fault.New(fault.NotFound, "")
	}
	return a.Items[0], nil
}

// Change is something that was written about an item: who, when, what and why.
type Change struct {
	At     time.Time
	By     string // "" for the plan or the system
	What   string
	Reason string
}

// File is an item with everything that is kept of it.
type File struct {
	Item
	State     State
	Today     time.Time
	Soon      int
	Documents []Document
	People    []Person
	Changes   []Change // the newest first
}

// File returns a line of the agenda of the actor's process with its documents,
// people and changes. One that is not there is NotFound.
func (s *Store) File(ctx context.Context, r auth.AgendaReader, number int) (File, error) {
	process := r.Person().Process
	a, err := read(ctx, s.desk, process, max(number, 0), Today(s.desk.Now()))
	if err != nil {
		return File{}, err
	}
	if number < 1 || len(a.Items) != 1 {
		return File{}, fault.New(fault.NotFound, "")
	}
	f := File{Item: a.Items[0], State: a.StateOf(a.Items[0]), Today: a.Today, Soon: a.Soon}
	if f.Documents, err = documents(ctx, s.desk, process, number); err != nil {
		return f, err
	}
	if f.People, err = people(ctx, s.desk, process, number); err != nil {
		return f, err
	}
	f.Changes, err = changes(ctx, s.desk, process, number)
	return f, err
}

func changes(ctx context.Context, q db.Querier, process int64, number int) ([]Change, error) {
	const sql = `
SELECT c.at, COALESCE(a.name, '') AS by, c.what, c.reason FROM (
  SELECT v.at, v.account_id, CASE v.version WHEN 1 THEN 'Se agregó a la agenda' ELSE 'Se editó el renglón' END AS what, v.reason, v.item_id, 0 AS position
  FROM desk.agenda_versions v
  UNION ALL
  SELECT v.at, v.account_id, t.kind || CASE WHEN v.waived THEN ': no aplica' WHEN v.done_on IS NOT NULL THEN ': hecho el ' || to_char(v.done_on, 'DD/MM/YYYY')
    WHEN v.due_on IS NOT NULL THEN ': fecha límite ' || to_char(v.due_on, 'DD/MM/YYYY') ELSE ': sin fecha' END, v.reason, t.item_id, t.position
  FROM desk.agenda_step_versions v JOIN desk.agenda_steps t ON t.id = v.step_id WHERE v.version > 1
  UNION ALL
  SELECT d.at, d.account_id, 'Documento: ' || d.name, '', d.item_id, 100 FROM desk.agenda_documents d) c
JOIN desk.agenda_items i ON i.id = c.item_id LEFT JOIN desk.accounts a ON a.id = c.account_id
WHERE i.process_id = $1 AND i.number = $2 ORDER BY c.at DESC, c.position DESC`
	rows, err := q.Query(ctx, sql, process, number)
	if err != nil {
		return nil, err
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Change])
	for i, c := range out {
		for kind, words := range stepWords {
			if rest, ok := cutKind(c.What, kind); ok {
				out[i].What = words.title + rest
			}
		}
	}
	return out, db.Fault(err)
}

func cutKind(what string, k StepKind) (string, bool) {
	if len(what) > len(k) && what[:len(k)] == string(k) && what[len(k)] == ':' {
		return what[len(k):], true
	}
	return "", false
}
