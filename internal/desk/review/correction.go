package review

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

// Origin says who caused a correction.
type Origin string

// The origins of a correction.
const (
	ByObservation Origin = "observacion"
	ByRequest     Origin = "solicitud"
)

// Correction is a set of rubros of a validated questionnaire that are open again.
type Correction struct {
	ID       int64
	Origin   Origin
	Parts    []questionnaire.ID
	Sent     bool // waits for the review; nothing of it can be changed
	OpenedAt time.Time
	DueAt    *time.Time // for an observation to be attended
	SentBy   *int64
	SentAt   *time.Time
	Versions map[questionnaire.ID]int // sent
}

// Opens reports whether the rubro may be changed.
func (c *Correction) Opens(part questionnaire.ID) bool {
	return c != nil && !c.Sent && slices.Contains(c.Parts, part)
}

// OpenCorrection returns the correction of a candidacy that is not resolved, nil
// when there is none.
func OpenCorrection(ctx context.Context, q db.Querier, candidacy int64) (*Correction, error) {
	const sql = `
SELECT id, origin, parts, state = 'enviada', opened_at, due_at, sent_by, sent_at, COALESCE(versions, '{}')
FROM desk.corrections WHERE candidacy_id = $1 AND state <> 'resuelta'`
	var c Correction
	var raw []byte
	err := q.QueryRow(ctx, sql, candidacy).Scan(&c.ID, &c.Origin, &c.Parts, &c.Sent, &c.OpenedAt, &c.DueAt, &c.SentBy, &c.SentAt, &raw)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &c, json.Unmarshal(raw, &c.Versions)
}

// openObservations gives rubros back to whoever captures: a correction that was
// open takes them in, one that was sent is over and another begins.
func openObservations(ctx context.Context, tx *db.Tx, s *subject, head int64, parts []questionnaire.ID) error {
	due := s.remedyDue(tx.Now())
	if s.correction != nil && !s.correction.Sent {
		const extend = `UPDATE desk.corrections SET parts = $2, due_at = $3 WHERE id = $1`
		all := slices.Concat(s.correction.Parts, parts)
		slices.Sort(all)
		return tx.Exec(ctx, extend, s.correction.ID, slices.Compact(all), due)
	}
	const open = `
INSERT INTO desk.corrections (candidacy_id, origin, parts, opened_by, opened_at, due_at) VALUES ($1, 'observacion', $2, $3, $4, $5)`
	return tx.Exec(ctx, open, s.ID, parts, head, tx.Now(), due)
}

// resolve closes the correction that was under review, if one was.
func resolve(ctx context.Context, tx *db.Tx, s *subject) error {
	if s.correction == nil || !s.correction.Sent {
		return nil
	}
	const sql = `UPDATE desk.corrections SET state = 'resuelta', resolved_at = $2 WHERE id = $1`
	return tx.Exec(ctx, sql, s.correction.ID, tx.Now())
}

// remedyDue is when an observation approved at now must be attended: never past
// the end of campaigns, or of the candidacy's exception, when corrections close.
func (s *subject) remedyDue(now time.Time) time.Time {
	due := endOfTerm(now, s.RemedyDays)
	end := s.CampaignsEndAt
	if end == nil {
		return due
	}
	if s.ExceptionUntil != nil && s.ExceptionUntil.After(*end) {
		end = s.ExceptionUntil
	}
	if end.Before(due) {
		return *end
	}
	return due
}

// endOfTerm is the end of the day, where people are, that many natural days later.
func endOfTerm(start time.Time, days int) time.Time {
	d := start.In(election.Zone())
	return time.Date(d.Year(), d.Month(), d.Day()+days+1, 0, 0, 0, 0, election.Zone())
}
