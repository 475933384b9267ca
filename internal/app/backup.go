package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"conoceles/internal/backup"
	"conoceles/internal/config"
	"conoceles/internal/db"
	"conoceles/internal/db/embedded"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/keys"
	"conoceles/internal/desk/publish"
	"conoceles/internal/desk/retention"
	"conoceles/internal/fault"
)

// plan says what a backup does not treat as the rest. Sessions do not come back:
// one that was ended would be open again. What is published of identity is
// derived again, so that no backup has an answer that its key does not protect.
func plan() backup.Plan {
	return backup.Plan{
		Apart: consent.KeyTables(),
		Left:  []string{"desk.sessions", "desk.rescues", "site.identity_answers", "site.identity_publications"},
	}
}

var errNoOwner = fault.New(fault.Invalid, "Falta CONOCELES_OWNER_DATABASE_URL: la dirección con el usuario conoceles_duena, la única que puede leer y llenar todas las tablas.")

// Backup makes a backup of the database in dir and leaves its line in the desk.
func (a *App) Backup(ctx context.Context, dir string) (backup.Summary, error) {
	if a.ownerURL == "" {
		return backup.Summary{}, errNoOwner
	}
	to, err := backup.Recipients(a.Config.BackupRecipients)
	if err != nil {
		return backup.Summary{}, err
	}
	schema, err := db.SchemaVersion(ctx, a.ownerURL)
	if err != nil {
		return backup.Summary{}, err
	}
	origin, err := a.Retention.Origin(ctx)
	if err != nil {
		return backup.Summary{}, err
	}
	done, err := backup.Write(ctx, dir, backup.Source{
		OwnerURL: a.ownerURL, Schema: schema, Program: Version, Database: origin, Seal: a.Desk.MAC,
		Marks: func(w io.Writer) (backup.Marks, error) {
			head, err := a.marks.Copy(w)
			return backup.Marks(head), err
		},
	}, plan(), to)
	if err != nil {
		return done, err
	}
	return done, a.noteBackup(ctx, "respaldo", done.At, done.Tables, done.Rows, done.Bytes, done.Took)
}

// noteBackup writes the line that says that there is a backup, or that this
// database comes from one.
func (a *App) noteBackup(ctx context.Context, kind string, taken time.Time, tables int, rows, bytes int64, took time.Duration) error {
	action := db.Action{Kind: kind + ".hacer", Object: "base de datos", Details: map[string]string{"instante": taken.Format(time.RFC3339)}}
	_, err := a.Desk.Do(ctx, db.System{Name: kind}, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		const q = `INSERT INTO desk.backups (kind, at, taken_at, tables, rows, bytes, seconds) VALUES ($1, $2, $3, $4, $5, $6, $7)`
		return "", tx.Exec(ctx, q, kind, tx.Now(), taken, tables, rows, bytes, took.Seconds())
	})
	return err
}

// RestoreOptions say from what a database is restored.
type RestoreOptions struct {
	Dir     string // the backup
	KeysDir string // a newer backup whose wrapped keys are used; "" for its own
	Key     string // file of the custodian's key
	// MarksOfBackup goes on without the file of marks, which nobody finds, with
	// the copy that the backup has. What was withdrawn after it is not known, so
	// no identity is shown until somebody says that it may.
	MarksOfBackup bool
}

// Restored is what a restoration did, and how long each part took.
type Restored struct {
	At          time.Time // of the data
	Tables      int
	Rows        int64
	Reapplied   int // withdrawals and erasures that the backup did not know
	Republished int // candidacies whose page was derived again
	Check, Load, Settle,
	Took time.Duration
}

// Restore fills an empty database with a backup and leaves it ready to be served:
// every row compared with the backup, withdrawals and erasures applied again, and
// the site derived from what stands. It serves nothing meanwhile. The keyset file
// and the file of marks, which no backup has, must be in their places.
func Restore(ctx context.Context, cfg config.Config, log *slog.Logger, o RestoreOptions) (Restored, error) {
	start := time.Now()
	from, err := openBackup(cfg, o)
	if err != nil {
		return Restored{}, err
	}
	out := Restored{At: from.At, Check: time.Since(start)}
	loaded, err := load(ctx, cfg, log, from)
	if err != nil {
		return out, err
	}
	out.Tables, out.Rows, out.Load = loaded.Tables, loaded.Rows, time.Since(start)-out.Check
	a, err := Open(ctx, cfg, log, Both)
	if err != nil {
		return out, err
	}
	err = a.settle(ctx, o, &out)
	out.Took = time.Since(start)
	out.Settle = out.Took - out.Check - out.Load
	if err == nil {
		err = a.noteBackup(ctx, "restauracion", from.At, out.Tables, out.Rows, 0, out.Took)
	}
	return out, errors.Join(err, a.Close(context.WithoutCancel(ctx)))
}

// openBackup checks everything that can be checked before there is a database.
func openBackup(cfg config.Config, o RestoreOptions) (*backup.Backup, error) {
	if _, err := os.Stat(cfg.Keyset); err != nil { // opening it would make another
		return nil, fault.Newf(fault.Invalid, "Falta el llavero en %s. Pídelo a quien lo custodia: no está en ningún respaldo, y sin él no se abre lo cifrado.", cfg.Keyset)
	}
	ring, err := keys.Open(cfg.Keyset)
	if err != nil {
		return nil, err
	}
	with, err := backup.Identities(o.Key)
	if err != nil {
		return nil, err
	}
	from, err := backup.Open(o.Dir, o.KeysDir, db.Digester(ring.DigestKey()), with)
	if err != nil {
		return nil, err
	}
	return from, placeMarks(cfg.Tombstones, from, o.MarksOfBackup)
}

// placeMarks makes sure that the file of marks knows at least what the backup
// knew.
func placeMarks(path string, from *backup.Backup, ofBackup bool) error {
	_, err := os.Stat(path)
	switch {
	case err == nil:
	case !ofBackup:
		return fault.Newf(fault.Invalid, "Falta el archivo de retiros en %s. Trae su copia más nueva: sin ella volvería lo que se retiró después del respaldo. "+
			"Si se perdió, repite con --retiros-del-respaldo: el sitio quedará sin identidad hasta que alguien lo revise.", path)
	default:
		if err := writeMarks(path, from); err != nil {
			return err
		}
	}
	marks, err := retention.OpenLog(path)
	if err != nil {
		return err
	}
	ok, err := marks.Extends(retention.Head(from.Marks))
	if err == nil && !ok {
		err = fault.Newf(fault.Conflict, "El archivo de retiros de %s es más viejo que el respaldo, o de otra base: le faltan marcas. Trae la copia más nueva.", path)
	}
	return err
}

func writeMarks(path string, from *backup.Backup) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("guardar el archivo de retiros: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("guardar el archivo de retiros: %w", err)
	}
	return errors.Join(from.CopyMarks(f), f.Sync(), f.Close())
}

// load fills the database, which it makes where it is the private one, and brings
// its tables to the version of this program.
func load(ctx context.Context, cfg config.Config, log *slog.Logger, from *backup.Backup) (out backup.Loaded, err error) {
	latest, err := db.LatestVersion()
	if err != nil {
		return out, err
	}
	if from.Schema > latest {
		return out, fault.Newf(fault.Invalid, "El respaldo es de una versión más nueva del programa (%s): usa esa, o una posterior.", from.Program)
	}
	owner := string(cfg.OwnerDatabaseURL)
	if cfg.Embedded() {
		srv, err := embedded.Start(ctx, embedded.Options{Dir: cfg.DataDir, Log: log})
		if err != nil {
			return out, err
		}
		defer func() { err = errors.Join(err, srv.Stop(context.WithoutCancel(ctx))) }()
		if err := db.Bootstrap(ctx, srv.URL(embedded.Superuser, "postgres"), database); err != nil {
			return out, fmt.Errorf("preparar la base de datos: %w", err)
		}
		owner = srv.URL(db.RoleOwner, database)
	}
	if owner == "" {
		return out, errNoOwner
	}
	empty, err := db.Empty(ctx, owner)
	if err == nil && !empty {
		err = fault.Newf(fault.Conflict, "No se restauró nada: %s. Un respaldo se restaura en una base vacía.", db.ErrNotEmpty)
	}
	if err == nil {
		err = db.MigrateTo(ctx, owner, from.Schema)
	}
	if err == nil {
		out, err = from.Load(ctx, owner, plan())
	}
	if err == nil {
		err = db.Migrate(ctx, owner)
	}
	return out, err
}

// settle obeys what was withdrawn and erased, derives the pages that differ and
// makes sure that none does.
func (a *App) settle(ctx context.Context, o RestoreOptions, out *Restored) (err error) {
	if o.MarksOfBackup {
		if err := a.SetMode(ctx, ModeWithoutIdentity); err != nil {
			return err
		}
	}
	if out.Reapplied, err = a.Retention.Reapply(ctx, db.System{Name: "restaurar"}); err != nil {
		return err
	}
	erased, err := a.Retention.FinishErasures(ctx, db.System{Name: "restaurar"})
	if err != nil {
		return err
	}
	out.Reapplied += erased
	differ, err := a.Publisher.Verify(ctx, a.Desk)
	if err != nil {
		return err
	}
	if err := a.republish(ctx, differ); err != nil {
		return err
	}
	out.Republished = len(differ)
	left, err := a.Publisher.Verify(ctx, a.Desk)
	if err == nil && len(left) > 0 {
		err = fault.Newf(fault.Conflict, "El sitio restaurado tiene %d diferencias con lo que debería mostrar. No lo sirvas: conoceles verificar", len(left))
	}
	return err
}

// republish derives again the pages that differ.
func (a *App) republish(ctx context.Context, differ []publish.Difference) error {
	ids := map[int64][]int64{}
	for _, d := range differ {
		if d.Candidacy != 0 { // catalogues are copied as they are
			ids[d.Process] = append(ids[d.Process], d.Candidacy)
		}
	}
	for process, some := range ids {
		action := db.Action{Kind: "restauracion.publicar", Process: process, Object: fmt.Sprintf("proceso %d", process)}
		_, err := a.Desk.Do(ctx, db.System{Name: "restaurar"}, action, func(ctx context.Context, tx *db.Tx) (string, error) {
			return "", a.Publisher.Candidacies(ctx, tx, process, some...)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
