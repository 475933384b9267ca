package agenda

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/fault"
)

// loadedLine is a line of a plan as one statement writes it.
type loadedLine struct {
	Number   int          `json:"number"`
	Kind     Kind         `json:"kind"`
	Activity string       `json:"activity"`
	Article  string       `json:"article"`
	Title    string       `json:"title"`
	Detail   string       `json:"detail"`
	Area     string       `json:"area"`
	From     *string      `json:"starts_on"`
	Until    *string      `json:"ends_on"`
	Steps    []loadedStep `json:"steps"`
}

type loadedStep struct {
	Position int      `json:"position"`
	Kind     StepKind `json:"kind"`
	Due      *string  `json:"due_on"`
	Done     *string  `json:"done_on"`
	Document string   `json:"document"`
	Receipt  string   `json:"receipt"`
}

func isoDay(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := t.Format(time.DateOnly)
	return &text
}

// placed puts the dates of a plan in a process.
type placed func(plannedItem) (Content, []Step)

// load writes a plan in a process that has none: its settings and its lines, in a
// few statements, since the demonstration loads it before it answers.
func load(ctx context.Context, tx *db.Tx, process int64, p plan, place placed) error {
	var there bool
	const ask = `SELECT EXISTS (SELECT 1 FROM desk.agenda_settings WHERE process_id = $1)`
	if err := tx.QueryRow(ctx, ask, process).Scan(&there); err != nil {
		return err
	}
	if there {
		return fault.New(fault.Conflict, "El plan ya está cargado. Edita cada renglón, o agrega los que falten.")
	}
	const settings = `INSERT INTO desk.agenda_settings (process_id, soon_days, dispatch_to, dispatch_copy, dispatch_body) VALUES ($1, $2, $3, $4, $5)`
	if err := tx.Exec(ctx, settings, process, p.SoonDays, p.Dispatch.To, p.Dispatch.Copy, p.Dispatch.Body); err != nil {
		return err
	}
	if err := loadEvents(ctx, tx, process, p.Events); err != nil {
		return err
	}
	lines := make([]loadedLine, len(p.Items))
	for n, i := range p.Items {
		c, steps := place(i)
		l := loadedLine{
			Number: n + 1, Kind: i.Kind, Activity: c.Activity, Article: c.Article, Title: c.Title, Detail: c.Detail, Area: c.Area, From: isoDay(c.From), Until: isoDay(c.Until),
		}
		for _, s := range steps {
			l.Steps = append(l.Steps, loadedStep{s.Position, s.Kind, isoDay(s.Due), isoDay(s.Done), s.Document, s.Receipt})
		}
		lines[n] = l
	}
	return loadLines(ctx, tx, process, lines)
}

func loadLines(ctx context.Context, tx *db.Tx, process int64, lines []loadedLine) error {
	content, err := json.Marshal(lines)
	if err != nil {
		return fmt.Errorf("encode the plan: %w", err)
	}
	const sql = `
WITH plan AS (
  SELECT * FROM jsonb_to_recordset($2::jsonb) AS x (number integer, kind text, activity text, article text, title text, detail text, area text, starts_on date, ends_on date, steps jsonb)
), items AS (
  INSERT INTO desk.agenda_items (process_id, number, kind, created_at) SELECT $1, number, kind, $3 FROM plan ORDER BY number RETURNING id, number
), versions AS (
  INSERT INTO desk.agenda_versions (item_id, version, activity, article, title, detail, area, starts_on, ends_on, at)
  SELECT i.id, 1, p.activity, p.article, p.title, p.detail, p.area, p.starts_on, p.ends_on, $3 FROM items i JOIN plan p USING (number)
), chain AS (
  SELECT i.id AS item_id, s.* FROM items i JOIN plan p USING (number)
  CROSS JOIN LATERAL jsonb_to_recordset(p.steps) AS s (position integer, kind text, due_on date, done_on date, document text, receipt text)
), steps AS (
  INSERT INTO desk.agenda_steps (item_id, position, kind) SELECT item_id, position, kind FROM chain ORDER BY item_id, position RETURNING id, item_id, position
)
INSERT INTO desk.agenda_step_versions (step_id, version, due_on, done_on, document, receipt, at)
SELECT s.id, 1, c.due_on, c.done_on, c.document, c.receipt, $3 FROM steps s JOIN chain c USING (item_id, position)`
	return tx.Exec(ctx, sql, process, string(content), tx.Now())
}

func loadEvents(ctx context.Context, tx *db.Tx, process int64, events []planEvent) error {
	for _, e := range events {
		const event = `INSERT INTO desk.agenda_events (process_id, event, activity, article, title, area) VALUES ($1, $2, $3, $4, $5, $6)`
		if err := tx.Exec(ctx, event, process, string(e.Event), e.Activity, e.Article, e.Title, e.Area); err != nil {
			return err
		}
		kinds, days := make([]string, len(e.Steps)), make([]int, len(e.Steps))
		for n, s := range e.Steps {
			kinds[n], days[n] = string(s.Kind), s.Days
		}
		const chain = `
INSERT INTO desk.agenda_chains (process_id, event, position, kind, days)
SELECT $1, $2, c.n, c.kind, c.days FROM unnest($3::text[], $4::int[]) WITH ORDINALITY AS c (kind, days, n)`
		if err := tx.Exec(ctx, chain, process, string(e.Event), kinds, days); err != nil {
			return err
		}
	}
	return nil
}

// Demonstrate puts the plan in a demonstration, with its dates around its election:
// what was due by today is done, with invented documents, but for the last thing to
// send, which is overdue so that it can be seen.
func Demonstrate(ctx context.Context, tx *db.Tx, process int64, electionDay time.Time) error {
	p, err := readPlan(plan2024)
	if err != nil {
		return fmt.Errorf("read the plan: %w", err)
	}
	days := int(Today(electionDay).Sub(p.ElectionDay.at).Hours() / 24)
	today := Today(tx.Now())
	move := func(d time.Time) time.Time {
		if d.IsZero() {
			return d
		}
		return d.AddDate(0, 0, days)
	}
	last := today.AddDate(-1, 0, 0)
	for _, i := range p.Items {
		for _, s := range i.Steps {
			if due := move(s.Due.at); s.Kind == Dispatch && due.Before(today) && due.After(last) {
				last = due
			}
		}
	}
	number := 0
	return load(ctx, tx, process, p, func(i plannedItem) (Content, []Step) {
		c, steps := i.in(move)
		for n := range steps {
			s := &steps[n]
			if s.Due.IsZero() || !s.Due.Before(today) || s.Kind == Dispatch && s.Due.Equal(last) {
				continue
			}
			number++
			s.Done, s.Document = s.Due, fmt.Sprintf("%s DEMO-%03d", s.Kind.Document(), number)
			if s.Kind == Dispatch {
				s.Document, s.Receipt = fmt.Sprintf("SE/DEMO/%03d", number), fmt.Sprintf("SIVOPLE-DEMO-%03d", number)
			}
		}
		return c, steps
	})
}
