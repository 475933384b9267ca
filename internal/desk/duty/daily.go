package duty

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/election"
)

// dailyHour is from which hour of the day, where people are, the daily round is
// done: early, and not while people sleep, since it writes to them.
const dailyHour = 7

// Daily does the round of the day in every process that captures and had none:
// drafts of what is owed, reminders of terms. Call it often. The row of the day and
// the work are one transaction, so that several nodes do it once and one that died
// half way, on its return, all of it.
func (s *Store) Daily(ctx context.Context) error {
	now := s.desk.Now().In(election.Zone())
	if now.Hour() < dailyHour {
		return nil
	}
	const due = `
SELECT p.id FROM desk.processes p WHERE p.kind <> 'consulta' AND p.capture_opens_at <= $1 AND (p.campaigns_end_at IS NULL OR p.campaigns_end_at > $1)
  AND NOT EXISTS (SELECT 1 FROM desk.duty_runs r WHERE r.process_id = p.id AND r.day = $2) ORDER BY p.id`
	rows, err := s.desk.Query(ctx, due, now, now.Format(time.DateOnly))
	if err != nil {
		return db.Fault(err)
	}
	processes, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return db.Fault(err)
	}
	var failed []error
	for _, p := range processes {
		if err := s.round(ctx, p, now); err != nil {
			failed = append(failed, fmt.Errorf("daily round of process %d: %w", p, err))
		}
	}
	return errors.Join(failed...)
}

// errDone says that another node did the round.
var errDone = errors.New("duty: the round of the day is done")

func (s *Store) round(ctx context.Context, process int64, now time.Time) error {
	action := db.Action{Kind: "requerimiento.ronda", Process: process, Object: object("proceso", process)}
	_, err := s.desk.Do(ctx, db.System{Name: "requerimientos"}, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		const day = `INSERT INTO desk.duty_runs (process_id, day, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
		n, err := tx.ExecRows(ctx, day, process, now.Format(time.DateOnly), tx.Now())
		if err != nil {
			return "", err
		}
		if n == 0 {
			return "", errDone
		}
		if err := s.detect(ctx, tx, process, nil); err != nil {
			return "", err
		}
		return "", s.remind(ctx, tx, process)
	})
	if errors.Is(err, errDone) {
		return nil
	}
	return err
}
