package capture

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
)

// PageSize is how many candidacies a page of the dashboard lists.
const PageSize = 25

// Filter chooses candidacies of the dashboard. Its zero value is the first page
// of all.
type Filter struct {
	State State // "" is any
	Page  int   // from 1
}

// Dashboard is the candidacies of an actor, those that ask for attention first.
type Dashboard struct {
	Candidacies []Candidacy
	Counts      map[State]int
	Total       int // in every state
	Shown       int // in the state chosen, all pages
	Page        int
	Calendar    election.Calendar
	// Deadline is the next one to come among candidacies not validated; zero
	// when there is none left.
	Deadline time.Time
	// Late is how many, not validated, are past their deadline; Unstarted, how
	// many have no clock yet.
	Late, Unstarted int
	Now             time.Time
}

// Reason says why the calendar lets nobody capture, or "".
func (d Dashboard) Reason() string {
	return Candidacy{Standing: election.Approved, Capture: NotStarted, Calendar: d.Calendar}.Reason(d.Now)
}

// Dashboard lists the approved candidacies that the actor captures. A page past
// the end is the last one.
func (s *Store) Dashboard(ctx context.Context, actor auth.Capturer, f Filter) (Dashboard, error) {
	d := Dashboard{Counts: map[State]int{}, Now: s.desk.Now()}
	if err := s.count(ctx, actor.Scope(), &d); err != nil {
		return d, err
	}
	d.Shown = d.Total
	if f.State != "" {
		d.Shown = d.Counts[f.State]
	}
	d.Page = min(max(f.Page, 1), max((d.Shown+PageSize-1)/PageSize, 1))

	const sql = `SELECT ` + candidacyColumns + candidacyTables + `
  AND c.standing = 'aprobada' AND o.in_system AND ($4 = '' OR c.capture = $4)
ORDER BY array_position(ARRAY['en_correccion', 'en_captura', 'sin_iniciar', 'completa', 'validada'], c.capture),
  o.ballot_order, d.number, m.code, c.position, c.role, c.id
LIMIT $5 OFFSET $6`
	rows, err := s.desk.Query(ctx, sql, actor.Scope().Args(f.State, PageSize, (d.Page-1)*PageSize)...)
	if err != nil {
		return d, err
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[candidacyRow])
	for _, r := range list {
		d.Candidacies = append(d.Candidacies, r.candidacy())
	}
	return d, db.Fault(err)
}

// count fills the totals of the dashboard and its deadline.
func (s *Store) count(ctx context.Context, scope auth.Scope, d *Dashboard) error {
	const sql = `
SELECT c.capture, ` + ClockSQL + `, ` + ExceptionSQL + `, count(*), pr.capture_opens_at, pr.campaigns_end_at, pr.capture_days` + candidacyTables + `
  AND c.standing = 'aprobada' AND o.in_system
GROUP BY 1, 2, 3, 5, 6, 7`
	rows, err := s.desk.Query(ctx, sql, scope.Args()...)
	if err != nil {
		return err
	}
	var state State
	var n, days int
	var clock, exception, opens, ends *time.Time
	_, err = pgx.ForEachRow(rows, []any{&state, &clock, &exception, &n, &opens, &ends, &days}, func() error {
		d.Counts[state] += n
		d.Total += n
		d.Calendar = election.Calendar{CaptureOpens: instant(opens), CampaignsEnd: instant(ends), CaptureDays: days}
		if state == Validated {
			return nil
		}
		c := Candidacy{Calendar: d.Calendar, ClockStarted: instant(clock), Exception: instant(exception)}
		switch deadline := c.Deadline(); {
		case deadline.IsZero():
			d.Unstarted += n
		case !d.Now.Before(deadline):
			d.Late += n
		case d.Deadline.IsZero() || deadline.Before(d.Deadline):
			d.Deadline = deadline
		}
		return nil
	})
	return db.Fault(err)
}
