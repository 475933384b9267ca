package agenda

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/web/es"
)

//go:embed plan-2023-2024.json
var plan2024 []byte

// date is a day in the file of a plan.
type date struct{ at time.Time }

// UnmarshalText reads a day; an empty one is the zero time.
func (d *date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	var err error
	d.at, err = time.Parse(time.DateOnly, string(text))
	return err
}

// plan is a plan as its file has it.
type plan struct {
	ElectionDay date          `json:"jornada"`
	SoonDays    int           `json:"avisa_dias"`
	Dispatch    planDispatch  `json:"remision"`
	Events      []planEvent   `json:"hechos"`
	Items       []plannedItem `json:"agenda"`
}

type planDispatch struct {
	To   string `json:"para"`
	Copy string `json:"copia"`
	Body string `json:"texto"`
}

type planEvent struct {
	Event    Event     `json:"hecho"`
	Activity string    `json:"actividad"`
	Article  string    `json:"entregable"`
	Title    string    `json:"titulo"`
	Area     string    `json:"area"`
	Steps    []planDay `json:"pasos"`
}

type planDay struct {
	Kind StepKind `json:"paso"`
	Days int      `json:"dias"`
}

type plannedItem struct {
	Kind     Kind          `json:"clase"`
	Activity string        `json:"actividad"`
	Article  string        `json:"entregable"`
	Title    string        `json:"titulo"`
	Detail   string        `json:"detalle"`
	Area     string        `json:"area"`
	From     date          `json:"inicio"`
	Until    date          `json:"fin"`
	Steps    []plannedStep `json:"pasos"`
}

type plannedStep struct {
	Kind     StepKind `json:"paso"`
	Due      date     `json:"limite"`
	Done     date     `json:"hecho"`
	Document string   `json:"documento"`
}

// readPlan reads a plan and refuses what it does not understand.
func readPlan(data []byte) (plan, error) {
	var p plan
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return p, err
	}
	for n, i := range p.Items {
		if i.Kind.Title() == "" || strings.TrimSpace(i.Title) == "" || i.Area == "" || len(i.Steps) == 0 {
			return p, fmt.Errorf("line %d of the plan, %q, is not whole", n+1, i.Title)
		}
		for _, s := range i.Steps {
			if s.Kind.Title() == "" {
				return p, fmt.Errorf("%q has a step %q", i.Title, s.Kind)
			}
		}
	}
	return p, nil
}

// shifted moves a day some years: the last of February stays the last.
func shifted(d time.Time, years int) time.Time {
	if d.IsZero() || years == 0 {
		return d
	}
	out := d.AddDate(years, 0, 0)
	if out.Month() != d.Month() {
		out = out.AddDate(0, 0, -out.Day())
	}
	return out
}

// in returns the item with its dates moved, and its steps, none of which is done.
func (i plannedItem) in(move func(time.Time) time.Time) (Content, []Step) {
	c := Content{
		Activity: i.Activity, Article: i.Article, Title: i.Title, Detail: i.Detail, Area: i.Area,
		From: move(i.From.at), Until: move(i.Until.at),
	}
	last := c.Until
	var steps []Step
	for n, s := range i.Steps {
		step := Step{Position: n + 1, Kind: s.Kind, Due: move(s.Due.at)}
		if c.Until.IsZero() && !step.Due.IsZero() {
			last = step.Due
		}
		steps = append(steps, step)
	}
	if !last.IsZero() {
		c.Title = strings.ReplaceAll(c.Title, "{mes}", es.Month(last.Month())+" de "+fmt.Sprint(last.Year()))
	}
	return c, steps
}

// LoadPlan puts the plan of 2023-2024 in the actor's process, with its dates moved
// to the year of its election, and returns how many lines it added. It is a
// Conflict in a process that has an agenda already: it is edited, not loaded again.
func (s *Store) LoadPlan(ctx context.Context, k auth.AgendaKeeper, key string) (int, error) {
	p, err := readPlan(plan2024)
	if err != nil {
		return 0, fmt.Errorf("read the plan: %w", err)
	}
	who := k.Person()
	action := db.Action{Kind: "agenda.plan", Process: who.Process, Object: fmt.Sprintf("proceso %d", who.Process), Key: key}
	_, err = s.desk.Do(ctx, k, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := lock(ctx, tx, who.Process); err != nil {
			return "", err
		}
		years := 0
		const ask = `SELECT COALESCE(extract(year FROM election_day), $2)::int - $2 FROM desk.processes WHERE id = $1`
		if err := tx.QueryRow(ctx, ask, who.Process, p.ElectionDay.at.Year()).Scan(&years); err != nil {
			return "", err
		}
		return "", load(ctx, tx, who.Process, p, func(i plannedItem) (Content, []Step) {
			c, steps := i.in(func(d time.Time) time.Time { return shifted(d, years) })
			for n := range steps {
				if years == 0 { // what was done in the years of the plan was not done in others
					steps[n].Done, steps[n].Document = i.Steps[n].Done.at, i.Steps[n].Document
				}
			}
			return c, steps
		})
	})
	return len(p.Items), err
}
