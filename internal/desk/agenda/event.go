package agenda

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// Event is something that happens and opens a deliverable, with terms of its own.
type Event string

// The events. The first three are deliverables 10, 11 and 12 of article 11.
const (
	Modification   Event = "modificacion"
	OtherDocument  Event = "documento"
	Questionnaires Event = "cuestionarios"
	ListApproved   Event = "lista"
	Substitution   Event = "sustitucion"
)

// Term is how many natural days after an event a step is due.
type Term struct {
	Position int
	Kind     StepKind
	Days     int
}

// Opening is what an event opens in a process.
type Opening struct {
	Event    Event
	Activity string
	Article  string
	Title    string
	Area     string
	Terms    []Term
}

// Openings returns what each event opens in the actor's process.
func (s *Store) Openings(ctx context.Context, r auth.AgendaReader) ([]Opening, error) {
	return openings(ctx, s.desk, r.Person().Process)
}

type openingRow struct {
	Event    string
	Activity string
	Article  string
	Title    string
	Area     string
	Position int
	Kind     string
	Days     int
}

func openings(ctx context.Context, q db.Querier, process int64) ([]Opening, error) {
	const sql = `
SELECT e.event, e.activity, e.article, e.title, e.area, c.position, c.kind, c.days
FROM desk.agenda_events e JOIN desk.agenda_chains c USING (process_id, event) WHERE process_id = $1 ORDER BY e.article = '', e.article, e.event, c.position`
	rows, err := q.Query(ctx, sql, process)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[openingRow])
	if err != nil {
		return nil, db.Fault(err)
	}
	var out []Opening
	for _, f := range found {
		if n := len(out); n == 0 || out[n-1].Event != Event(f.Event) {
			out = append(out, Opening{Event: Event(f.Event), Activity: f.Activity, Article: f.Article, Title: f.Title, Area: f.Area})
		}
		last := &out[len(out)-1]
		last.Terms = append(last.Terms, Term{f.Position, StepKind(f.Kind), f.Days})
	}
	return out, nil
}

// Limit returns within how many days of the event everything is due.
func (o Opening) Limit() int {
	most := 0
	for _, t := range o.Terms {
		most = max(most, t.Days)
	}
	return most
}

// steps returns the chain that is opened on a day. Natural days: the first is the
// day after the event.
func (o Opening) steps(day time.Time) []Step {
	var out []Step
	for _, t := range o.Terms {
		out = append(out, Step{Position: t.Position, Kind: t.Kind, Due: day.AddDate(0, 0, t.Days)})
	}
	return out
}

// happened is an event that opens a deliverable.
type happened struct {
	event  Event
	day    time.Time
	about  string // what it was about, after the title
	source string // what it was, so that it opens once; "" when a person says it
}

// open opens the deliverable of an event, once for each source, and returns its
// number: 0 when it was open already. A process without a plan opens nothing.
func open(ctx context.Context, tx *db.Tx, process, account int64, h happened) (int, error) {
	all, err := openings(ctx, tx, process)
	if err != nil {
		return 0, err
	}
	i := slices.IndexFunc(all, func(o Opening) bool { return o.Event == h.event })
	if i < 0 {
		return 0, nil
	}
	if h.source != "" {
		var there bool
		const ask = `SELECT EXISTS (SELECT 1 FROM desk.agenda_items WHERE process_id = $1 AND source = $2)`
		if err := tx.QueryRow(ctx, ask, process, h.source).Scan(&there); err != nil || there {
			return 0, err
		}
	}
	o := all[i]
	title := o.Title
	if h.about != "" {
		title += ": " + h.about
	}
	c := Content{
		Activity: o.Activity, Article: o.Article, Title: string([]rune(title)[:min(200, len([]rune(title)))]), Area: o.Area,
		From: h.day, Until: h.day.AddDate(0, 0, o.Limit()), Event: h.day,
	}
	return insert(ctx, tx, process, Deliverable, c, o.steps(h.day), h.source, account)
}

// NewEvent is an event that a person says: which, when, about what.
type NewEvent struct {
	Event Event
	Day   time.Time
	About string
	Key   string
}

// Open opens the deliverable of an event and returns its number. It is Invalid when
// the event is not one of the process, or when its day has not come.
func (s *Store) Open(ctx context.Context, k auth.AgendaKeeper, n NewEvent) (int, error) {
	who := k.Person()
	n.About = strings.TrimSpace(n.About)
	action := db.Action{
		Kind: "agenda.hecho", Process: who.Process, Object: string(n.Event), Key: n.Key, Payload: fmt.Appendf(nil, "%s\x00%s", n.Day, n.About),
		Details: map[string]string{},
	}
	done, err := s.desk.Do(ctx, k, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		var fields []fault.Field
		if n.Day.IsZero() {
			fields = append(fields, fault.Field{ID: FieldEventDay, Message: "Escribe la fecha del hecho como día, mes y año: 14/03/2027"})
		} else if n.Day.After(Today(tx.Now())) {
			fields = append(fields, fault.Field{ID: FieldEventDay, Message: "La fecha aún no llega"})
		}
		if n.About == "" {
			fields = append(fields, fault.Field{ID: FieldTitle, Message: "Escribe de qué se trata"})
		}
		if err := fault.InvalidFields(fields); err != nil {
			return "", err
		}
		if err := lock(ctx, tx, who.Process); err != nil {
			return "", err
		}
		number, err := open(ctx, tx, who.Process, who.Account, happened{n.Event, n.Day, n.About, ""})
		if err == nil && number == 0 {
			err = fault.InvalidField(FieldKind, "Elige qué ocurrió")
		}
		action.Details["numero"] = strconv.Itoa(number)
		return strconv.Itoa(number), err
	})
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(done.Result)
}

// changedAfterDispatch opens deliverable 10 when what was sent to INE changes: one
// a day for each line, however many changes it has.
func (s *Store) changedAfterDispatch(ctx context.Context, tx *db.Tx, who auth.Who, i Item) error {
	if _, sent := i.Dispatched(); !sent {
		return nil
	}
	today := Today(tx.Now())
	source := fmt.Sprintf("cambio %d %s", i.Number, today.Format(time.DateOnly))
	_, err := open(ctx, tx, who.Process, who.Account, happened{Modification, today, i.Name(), source})
	return err
}

// found are the events of a process that the rest of the system keeps, since its
// plan has an agenda.
const foundSQL = `
SELECT p.id AS process, h.event, h.day, h.about, h.source FROM desk.processes p JOIN desk.agenda_settings s ON s.process_id = p.id
CROSS JOIN LATERAL (
  SELECT 'lista' AS event, i.approved_on AS day, 'acuerdo ' || i.acuerdo AS about, 'lista ' || i.id AS source
  FROM desk.imports i WHERE i.process_id = p.id AND i.acuerdo <> '' AND i.approved_on IS NOT NULL AND i.rows_new + i.rows_changed > 0
  UNION ALL
  SELECT 'sustitucion', a.basis_date, 'acuerdo ' || a.basis, 'acto ' || a.id
  FROM desk.acts a WHERE a.process_id = p.id AND a.kind = 'sustitucion' AND a.state = 'confirmado'
  UNION ALL
  SELECT 'documento', n.approved_on, 'aviso de privacidad ' || n.kind || ', versión ' || n.version, 'aviso ' || n.id
  FROM desk.notices n WHERE n.process_id = p.id AND n.version > 1
  UNION ALL
  SELECT 'cuestionarios', (e.at AT TIME ZONE 'America/Mexico_City')::date, 'cuestionario ' || CASE e.questionnaire WHEN 'curricular' THEN 'curricular' ELSE 'de identidad' END ||
    ', versión ' || e.version, 'cuestionario ' || e.questionnaire || ' ' || e.version
  FROM desk.questionnaire_editions e WHERE e.process_id = p.id
  UNION ALL
  SELECT CASE c.sheet WHEN 'identidad' THEN 'cuestionarios' ELSE 'modificacion' END, (c.decided_at AT TIME ZONE 'America/Mexico_City')::date, lower(left(c.title, 1)) || substr(c.title, 2), 'ficha ' || c.id
  FROM desk.setting_changes c WHERE c.process_id = p.id AND c.state = 'confirmado' AND c.report_due_on IS NOT NULL) h
WHERE NOT EXISTS (SELECT 1 FROM desk.agenda_items x WHERE x.process_id = p.id AND x.source = h.source) ORDER BY h.day, h.source`

type foundRow struct {
	Process int64
	Event   string
	Day     time.Time
	About   string
	Source  string
}

// Sweep opens the deliverables of the events that the rest of the system keeps and
// that have none yet, counted from the day of the event and not from today, and
// tells once of what is overdue. It may run at any time and on any number of nodes:
// one does it at a time, and the others leave it to the next.
func (s *Store) Sweep(ctx context.Context) error {
	return s.desk.Upkeep(ctx, func(ctx context.Context, held *db.Tx) error {
		mine, err := held.TryLock(ctx, "ronda de la agenda")
		if err != nil || !mine {
			return err
		}
		if err := s.openFound(ctx); err != nil {
			return err
		}
		return s.tellOverdue(ctx)
	})
}

func (s *Store) openFound(ctx context.Context) error {
	rows, err := s.desk.Query(ctx, foundSQL)
	if err != nil {
		return err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[foundRow])
	if err != nil {
		return db.Fault(err)
	}
	for _, f := range found {
		action := db.Action{Kind: "agenda.hecho", Process: f.Process, Object: f.Source, Details: map[string]string{"hecho": f.Event}}
		_, err := s.desk.Do(ctx, db.System{Name: "agenda"}, action, func(ctx context.Context, tx *db.Tx) (string, error) {
			if err := lock(ctx, tx, f.Process); err != nil {
				return "", err
			}
			_, err := open(ctx, tx, f.Process, 0, happened{Event(f.Event), f.Day, f.About, f.Source})
			return "", err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
