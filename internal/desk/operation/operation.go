// Package operation watches what a night on duty is about: the disk, the last
// backup, the mail that waits and the reports that nobody finishes. Each is a
// Gauge with a limit; one beyond it is an alarm, which health, the metrics and the
// pages of the systems unit tell.
//
// What a screen says of a gauge is a word, never an amount: amounts are of the
// metrics, which people do not reach.
package operation

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/web/es"
)

// The limits (security.md 3.4 and 3.7).
const (
	diskLimit   = 0.80
	backupLimit = 26 * time.Hour
	mailLimit   = 15 * time.Minute
	reportLimit = 15 * time.Minute
)

// Gauge is something that is watched.
type Gauge struct {
	Key    string  // of the metrics
	Name   string  // in Spanish
	State  string  // how it is, in Spanish
	Mend   string  // what to do if it is an alarm
	Amount float64 // a fraction for the disk, seconds for the rest
	Raised bool
}

// Store reads gauges. It is safe for concurrent use.
type Store struct {
	desk *db.Desk
	dir  string // on the disk that is watched
	mail bool   // there is a server that sends mail
}

// New returns a Store that watches the disk of a directory and, if a server sends
// it, the mail.
func New(desk *db.Desk, dir string, mail bool) *Store { return &Store{desk, dir, mail} }

// Gauges reads every gauge.
func (s *Store) Gauges(ctx context.Context) ([]Gauge, error) {
	disk, err := s.disk()
	if err != nil {
		return nil, err
	}
	const q = `
SELECT (SELECT bool_and(demo) FROM desk.processes),
  (SELECT max(taken_at) FROM desk.backups WHERE kind = 'respaldo'),
  (SELECT min(next_at) FROM desk.outbox WHERE sent_at IS NULL AND channel = 'correo'),
  (SELECT min(j.requested_at) FROM desk.report_jobs j WHERE j.failed = '' AND NOT EXISTS (SELECT 1 FROM desk.report_cuts c WHERE c.job_id = j.id))`
	var invented *bool
	var backup, mail, report *time.Time
	if err := s.desk.QueryRow(ctx, q).Scan(&invented, &backup, &mail, &report); err != nil {
		return nil, db.Fault(err)
	}
	return []Gauge{disk, s.backup(backup, invented == nil || *invented), s.waiting(mail), s.unfinished(report)}, nil
}

func (s *Store) disk() (Gauge, error) {
	g := Gauge{Key: "disco", Name: "Disco", State: "Hay espacio", Mend: "Libera o agrega espacio: al llenarse, la base de datos se detiene."}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(s.dir, &fs); err != nil {
		return g, fmt.Errorf("ask for the disk of %s: %w", s.dir, err)
	}
	if fs.Blocks > 0 {
		g.Amount = 1 - float64(fs.Bavail)/float64(fs.Blocks)
	}
	if g.Raised = g.Amount >= diskLimit; g.Raised {
		g.State = fmt.Sprintf("Ocupado al %.0f %% o más", diskLimit*100)
	}
	return g, nil
}

func (s *Store) backup(last *time.Time, invented bool) Gauge {
	g := Gauge{Key: "respaldo", Name: "Respaldo", Mend: "Haz uno con «conoceles respaldar» y revisa por qué no se hizo el de hoy."}
	switch {
	case last == nil && invented:
		g.State = "Sin respaldos: sólo hay procesos ficticios"
	case last == nil:
		g.State, g.Raised = "Nunca se ha respaldado", true
	default:
		age := s.desk.Now().Sub(*last)
		g.Amount, g.Raised = age.Seconds(), age > backupLimit && !invented
		g.State = "El último es del " + es.FullDateTime(*last)
	}
	return g
}

func (s *Store) waiting(due *time.Time) Gauge {
	g := Gauge{Key: "correo", Name: "Correo por enviar", State: "Al día", Mend: "Revisa el servidor de correo: los avisos esperan y saldrán solos."}
	switch {
	case !s.mail:
		g.State = "Sin servidor de correo"
	case due != nil:
		late := s.desk.Now().Sub(*due)
		g.Amount = max(0, late.Seconds())
		if g.Raised = late > mailLimit; g.Raised {
			g.State = "Hay avisos con más de un cuarto de hora de espera"
		}
	}
	return g
}

func (s *Store) unfinished(asked *time.Time) Gauge {
	g := Gauge{Key: "informes", Name: "Informes en espera", State: "Al día", Mend: "Reinicia el programa: el corte se hará otra vez desde el principio."}
	if asked != nil {
		late := s.desk.Now().Sub(*asked)
		g.Amount = max(0, late.Seconds())
		if g.Raised = late > reportLimit; g.Raised {
			g.State = "Un corte se pidió hace más de un cuarto de hora"
		}
	}
	return g
}

// Backup is a backup that was made of this database, or a restoration of it.
type Backup struct {
	Kind    string
	At      time.Time // when it ended
	TakenAt time.Time // of its data
	Tables  int
	Rows    int64
	Bytes   int64
	Seconds float64
}

// Backups lists the last ones, the newest first.
func (s *Store) Backups(ctx context.Context, _ auth.Overseer) ([]Backup, error) {
	const q = `SELECT kind, at, taken_at, tables, rows, bytes, seconds FROM desk.backups ORDER BY at DESC, id DESC LIMIT 30`
	rows, err := s.desk.Query(ctx, q)
	if err != nil {
		return nil, err
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Backup])
	return out, db.Fault(err)
}
