package report

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// LabelField is the field of the name of a cut.
const LabelField = "nombre"

// MaxLabel is how long the name of a cut may be, in characters.
const MaxLabel = 80

// Job is a cut that was asked for.
type Job struct {
	ID          int64
	Kind        Kind
	Label       string
	RequestedAt time.Time
	Done, Total int
	Failed      string // why it could not be made
	Cut         int64  // that came of it; 0 while there is none
}

// Request asks for a cut of a report, and returns the job that makes it.
//
// Errors: Invalid, with the fields; NotFound for a report that does not exist.
func (s *Store) Request(ctx context.Context, t auth.Transparency, a Ask) (int64, error) {
	a.Label = strings.Join(strings.Fields(a.Label), " ")
	if utf8.RuneCountInString(a.Label) > MaxLabel {
		return 0, fault.InvalidField(LabelField, "Nombra el corte con hasta 80 caracteres")
	}
	d, ok := Define(a.Kind)
	if !ok {
		return 0, fault.New(fault.NotFound, "")
	}
	if err := a.period(d.Span, s.today()); err != nil {
		return 0, err
	}
	process := t.Person().Process
	payload := strings.Join([]string{a.Label, a.From.Format(time.DateOnly), a.Until.Format(time.DateOnly)}, "\x00")
	action := db.Action{Kind: "informe.pedir", Process: process, Object: "informe " + string(a.Kind), Key: a.Key, Payload: []byte(payload)}
	done, err := s.desk.Do(ctx, t, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		const sql = `
INSERT INTO desk.report_jobs (process_id, kind, label, from_on, until_on, requested_by, requested_at)
VALUES ($1, $2, $3, NULLIF($4::date, '0001-01-01'), NULLIF($5::date, '0001-01-01'), $6, $7) RETURNING id`
		var id int64
		err := tx.QueryRow(ctx, sql, process, string(a.Kind), a.Label, a.From, a.Until, t.AccountID(), tx.Now()).Scan(&id)
		return strconv.FormatInt(id, 10), err
	})
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(done.Result, 10, 64)
}

// Job returns a job of the actor's process; NotFound in any other.
func (s *Store) Job(ctx context.Context, t auth.Transparency, id int64) (Job, error) {
	const sql = `
SELECT j.id, j.kind, j.label, j.requested_at, j.done, j.total, j.failed, COALESCE(c.id, 0) AS cut
FROM desk.report_jobs j LEFT JOIN desk.report_cuts c ON c.job_id = j.id WHERE j.process_id = $1 AND j.id = $2`
	rows, err := s.desk.Query(ctx, sql, t.Person().Process, id)
	if err != nil {
		return Job{}, db.Fault(err)
	}
	j, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Job])
	return j, db.Fault(err)
}

// abandoned is for how long nobody says to be working in a job before somebody else
// takes it: who had it died.
const abandoned = 30 * time.Second

// Work makes the cuts that were asked for, one after another, until none is left.
// Several may run at once, in one process or in many.
func (s *Store) Work(ctx context.Context) error {
	for {
		j, err := s.take(ctx)
		if err != nil || j == nil {
			return err
		}
		if err := s.make(ctx, j); err != nil {
			if failErr := s.fail(ctx, j.id, err); failErr != nil {
				return errors.Join(err, failErr)
			}
			if fault.MessageOf(err) == "" {
				return fmt.Errorf("report %s, job %d: %w", j.kind, j.id, err)
			}
		}
	}
}

// taken is a job in the hands of this worker.
type taken struct {
	id, process, account int64
	kind                 Kind
	label, role          string
	from, until          time.Time
}

// AccountID is of who asked for the cut: its author.
func (j *taken) AccountID() int64 { return j.account }

// Role is the one with which its author asked.
func (j *taken) Role() string { return j.role }

// take holds the oldest job that nobody works in, of a process in which nobody
// works: its cuts are made one at a time. It is nil when there is none.
func (s *Store) take(ctx context.Context) (*taken, error) {
	const sql = `
UPDATE desk.report_jobs j SET beat_at = $1 WHERE j.id = (
  SELECT k.id FROM desk.report_jobs k WHERE k.failed = '' AND (k.beat_at IS NULL OR k.beat_at < $2) AND NOT EXISTS (SELECT 1 FROM desk.report_cuts c WHERE c.job_id = k.id)
    AND NOT EXISTS (SELECT 1 FROM desk.report_jobs o WHERE o.process_id = k.process_id AND o.id <> k.id AND o.failed = '' AND o.beat_at >= $2
      AND NOT EXISTS (SELECT 1 FROM desk.report_cuts c WHERE c.job_id = o.id))
  ORDER BY k.id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING j.id, j.process_id, j.kind, j.label, COALESCE(j.from_on, '0001-01-01'), COALESCE(j.until_on, '0001-01-01'), j.requested_by, COALESCE((SELECT g.role FROM desk.grants g WHERE g.account_id = j.requested_by AND g.process_id = j.process_id), 'sistema:informes')`
	var j *taken
	err := s.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.Lock(ctx, "informes por hacer"); err != nil {
			return err
		}
		var t taken
		err := tx.QueryRow(ctx, sql, tx.Now(), tx.Now().Add(-abandoned)).Scan(&t.id, &t.process, &t.kind, &t.label, &t.from, &t.until, &t.account, &t.role)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		j = &t
		return err
	})
	return j, err
}

// beat tells how far a job has come, in a transaction of its own: who waits sees it.
func (s *Store) beat(ctx context.Context, id int64, done, total int) {
	// A beat that is lost costs nothing: the cut itself says that it is done.
	_ = s.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.Exec(ctx, `UPDATE desk.report_jobs SET done = $2, total = $3, beat_at = $4 WHERE id = $1`, id, done, total, tx.Now())
	})
}

// fail keeps why a job could not be done, in words for who asked.
func (s *Store) fail(ctx context.Context, id int64, cause error) error {
	message := fault.MessageOf(cause)
	if message == "" {
		message = "No se pudo hacer el corte. Avisa a la unidad de informática; puedes volver a pedirlo."
	}
	return s.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.Exec(ctx, `UPDATE desk.report_jobs SET failed = $2 WHERE id = $1`, id, message)
	})
}

// make computes a cut and keeps it. Everything in it is of one snapshot of the
// database: what changes meanwhile is for the next.
func (s *Store) make(ctx context.Context, j *taken) error {
	action := db.Action{
		Kind: "informe.corte", Process: j.process, Object: "informe " + string(j.kind),
		Details: map[string]string{"solicitud": strconv.FormatInt(j.id, 10)},
	}
	_, err := s.desk.Do(ctx, j, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := tx.Exec(ctx, `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`); err != nil {
			return "", err
		}
		src := s.source(tx, j.process)
		src.at, src.from, src.until = tx.Now(), j.from, j.until
		src.step = func(done, total int) { s.beat(ctx, j.id, done, total) }
		if err := src.read(ctx, j.kind, nil); err != nil {
			return "", err
		}
		out, err := src.compute(ctx, j.kind)
		if err != nil {
			return "", err
		}
		return "", s.keep(ctx, tx, j, out)
	})
	return err
}

// keep writes a cut as the next version of its report.
func (s *Store) keep(ctx context.Context, tx *db.Tx, j *taken, out computed) error {
	snapshot, err := out.report.Encode()
	if err != nil {
		return err
	}
	public, publicHash := "", ""
	if out.public != nil {
		content, err := out.public.Encode()
		if err != nil {
			return err
		}
		public, publicHash = string(content), hashOf(content)
	}
	const sql = `
INSERT INTO desk.report_cuts (process_id, job_id, kind, version, label, definition, at, snapshot, hash, public_snapshot, public_hash, created_by)
SELECT $1, $2, $3, COALESCE(max(version), 0) + 1, $4, $5, $6, $7, $8, $9, $10, $11 FROM desk.report_cuts WHERE process_id = $1 AND kind = $3 RETURNING id`
	var id int64
	err = tx.QueryRow(ctx, sql, j.process, j.id, string(j.kind), j.label, definitionVersion, tx.Now(), string(snapshot), hashOf(snapshot), public, publicHash, j.account).Scan(&id)
	if err != nil {
		return err
	}
	return keepDrafts(ctx, tx, id, j.account, out.drafts)
}
