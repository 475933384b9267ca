package review

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
)

// Stage is where a candidacy waits.
type Stage string

// The stages, those that the Unidad has to attend first.
const (
	ToReview   Stage = "por_revisar" // validated, and nobody has judged all of it
	Corrected  Stage = "correccion"  // a correction was sent
	ToApprove  Stage = "por_aprobar" // an analyst proposed
	WithParty  Stage = "con_partido" // observed or being corrected
	Verified   Stage = "verificada"
	NotBegun   Stage = "sin_validar"
	AnyWaiting Stage = "" // the first three
	Everything Stage = "todas"
)

// Stages lists the filters in order.
func Stages() []Stage {
	return []Stage{AnyWaiting, ToReview, Corrected, ToApprove, WithParty, Verified, NotBegun, Everything}
}

// Assigned filters by who has a candidacy.
type Assigned string

// The assignments.
const (
	ByAnybody Assigned = ""
	ByMe      Assigned = "mias"
	ByNobody  Assigned = "sin_asignar"
)

// Term filters by how the term of the Unidad stands.
type Term string

// The terms.
const (
	AnyTerm  Term = ""
	Overdue  Term = "vencida"
	DueToday Term = "vence_hoy"
	InTerm   Term = "en_plazo"
)

// TermFilters lists the filters by term in order.
func TermFilters() []Term { return []Term{Overdue, DueToday, InTerm} }

// Filter chooses candidacies of the queue. Its zero value is the first page of
// what waits.
type Filter struct {
	Stage     Stage
	Nominator int64  // 0 is any
	Office    string // key; "" is any
	Assigned  Assigned
	Term      Term
	Page      int // from 1
	Size      int
}

// Entry is a candidacy in the queue.
type Entry struct {
	Candidacy
	Stage    Stage
	Since    *time.Time // since when it waits
	TermDays int
	Returned bool // the last proposal was returned
	Round    int  // reviews approved already
}

// DueAt is when the Unidad should have attended it; zero when nothing waits.
func (e Entry) DueAt() time.Time {
	if e.Since == nil || e.Stage != ToReview && e.Stage != Corrected && e.Stage != ToApprove {
		return time.Time{}
	}
	return endOfTerm(*e.Since, e.TermDays)
}

// Choice is a value of a filter.
type Choice struct{ Value, Label string }

// Queue is a page of the candidacies in force of a process.
type Queue struct {
	Entries    []Entry
	Counts     map[Stage]int // under the other filters
	Total      int           // in the stage chosen
	Nominators []Choice
	Offices    []Choice
	Now        time.Time
}

// stagesSQL derives the stage of every candidacy in force, and when the Unidad's
// term for it ends: midnight, where people are.
const stagesSQL = `
WITH s AS (
  SELECT c.id, v.at AS validated_at, x.sent_at, o.ballot_order,
    CASE WHEN r.id IS NOT NULL THEN 'por_aprobar' WHEN x.state = 'enviada' THEN 'correccion'
      WHEN v.id IS NULL THEN 'sin_validar' WHEN c.review = 'pendiente' THEN 'por_revisar'
      WHEN c.capture = 'en_correccion' THEN 'con_partido' WHEN c.review = 'verificada' THEN 'verificada' ELSE 'con_partido' END AS stage,
    CASE WHEN x.state = 'enviada' THEN x.sent_at ELSE v.at END AS since,
    CASE WHEN x.state = 'enviada' THEN pr.correction_review_days ELSE pr.review_days END AS term_days
  FROM desk.candidacies c
  JOIN desk.processes pr ON pr.id = c.process_id
  JOIN desk.offices o ON o.id = c.office_id AND o.in_system
  LEFT JOIN desk.review_claims k ON k.candidacy_id = c.id
  LEFT JOIN desk.reviews r ON r.candidacy_id = c.id AND r.state = 'propuesta'
  LEFT JOIN desk.corrections x ON x.candidacy_id = c.id AND x.state <> 'resuelta'
  LEFT JOIN LATERAL (SELECT id, at FROM desk.validations v WHERE v.candidacy_id = c.id ORDER BY number DESC LIMIT 1) v ON true
  WHERE c.process_id = $1 AND c.standing = 'aprobada' AND ($2 = 0 OR c.nominator_id = $2) AND ($3 = '' OR o.key = $3)
    AND ($4 = '' OR $4 = 'mias' AND k.account_id = $5 OR $4 = 'sin_asignar' AND k.account_id IS NULL)
), q AS (
  SELECT s.* FROM s CROSS JOIN LATERAL (
    SELECT s.stage IN ('por_revisar', 'correccion', 'por_aprobar') AS waits,
      (date_trunc('day', s.since AT TIME ZONE $9) + make_interval(days => s.term_days + 1)) AT TIME ZONE $9 AS due_at) d
  WHERE $6 = '' OR d.waits AND CASE $6 WHEN 'vencida' THEN d.due_at <= $7 WHEN 'vence_hoy' THEN d.due_at > $7 AND d.due_at <= $8 ELSE d.due_at > $8 END
), chosen AS (
  SELECT * FROM q WHERE $10 = 'todas' OR stage = $10 OR $10 = '' AND stage IN ('por_revisar', 'correccion', 'por_aprobar')
)`

// inOrder is the order of the queue: what waits, since longest.
const inOrder = `chosen.stage NOT IN ('por_revisar', 'correccion', 'por_aprobar'), chosen.since, chosen.id`

// args are the parameters of stagesSQL.
func (f Filter) args(t auth.Transparency, now time.Time) []any {
	return []any{
		t.Person().Process, f.Nominator, f.Office, string(f.Assigned), t.AccountID(), string(f.Term), now, endOfTerm(now, 0),
		election.Zone().String(), string(f.Stage),
	}
}

// Queue returns a page of the queue of the actor's process: what has waited
// longest first. A page past the end is the last one.
func (s *Store) Queue(ctx context.Context, t auth.Transparency, f Filter) (Queue, error) {
	out := Queue{Counts: map[Stage]int{}, Now: s.desk.Now()}
	args := f.args(t, out.Now)
	rows, err := s.desk.Query(ctx, stagesSQL+` SELECT stage, count(*) FROM q GROUP BY stage`, args...)
	if err != nil {
		return out, db.Fault(err)
	}
	var stage Stage
	var n int
	if _, err := pgx.ForEachRow(rows, []any{&stage, &n}, func() error { out.count(stage, n); return nil }); err != nil {
		return out, db.Fault(err)
	}
	out.Total = out.Counts[f.Stage]
	page := min(max(f.Page, 1), max((out.Total+f.Size-1)/f.Size, 1))
	const list = stagesSQL + `, page AS (SELECT * FROM chosen ORDER BY ` + inOrder + ` LIMIT $11 OFFSET $12)
SELECT ` + candidacyColumns + `, chosen.stage, chosen.since, chosen.term_days,
  COALESCE((SELECT b.state = 'devuelta' FROM desk.reviews b WHERE b.candidacy_id = c.id ORDER BY b.id DESC LIMIT 1), false) AS returned,
  (SELECT count(*) FROM desk.reviews b WHERE b.candidacy_id = c.id AND b.state = 'aprobada') AS round` + candidacyTables + `
JOIN page AS chosen ON chosen.id = c.id
ORDER BY ` + inOrder
	rows, err = s.desk.Query(ctx, list, append(args, f.Size, (page-1)*f.Size)...)
	if err != nil {
		return out, db.Fault(err)
	}
	if out.Entries, err = pgx.CollectRows(rows, pgx.RowToStructByName[Entry]); err != nil {
		return out, db.Fault(err)
	}
	return out, s.choices(ctx, t.Person().Process, &out)
}

func (q *Queue) count(stage Stage, n int) {
	q.Counts[stage] += n
	q.Counts[Everything] += n
	switch stage {
	case ToReview, Corrected, ToApprove:
		q.Counts[AnyWaiting] += n
	}
}

// choices fills the values of the filters.
func (s *Store) choices(ctx context.Context, process int64, out *Queue) error {
	for _, c := range []struct {
		sql string
		to  *[]Choice
	}{
		{`SELECT id::text AS value, name AS label FROM desk.nominators WHERE process_id = $1 ORDER BY registry_order, id`, &out.Nominators},
		{`SELECT key AS value, name AS label FROM desk.offices WHERE process_id = $1 AND in_system ORDER BY ballot_order, id`, &out.Offices},
	} {
		rows, err := s.desk.Query(ctx, c.sql, process)
		if err != nil {
			return db.Fault(err)
		}
		if *c.to, err = pgx.CollectRows(rows, pgx.RowToStructByName[Choice]); err != nil {
			return db.Fault(err)
		}
	}
	return nil
}
