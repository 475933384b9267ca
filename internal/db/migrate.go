package db

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/golang-migrate/migrate/v4"
	"github.com/golang-migrate/migrate/v4/database"
	migratepgx "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	"github.com/golang-migrate/migrate/v4/source/iofs"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"conoceles/migrations"
)

// Migrate brings a database that Bootstrap made to the newest version. ownerURL
// connects as the owner. Already there, it does nothing; two processes at once
// take turns. A migration that fails leaves the database in a state that every
// later call reports, in Spanish and with what to do, until somebody looks.
// When ctx ends, it stops between two migrations.
//
// A database that has nothing gets all of it in one transaction: it is there whole
// or not at all, and in half the time.
func Migrate(ctx context.Context, ownerURL string) error {
	return migrateFrom(ctx, ownerURL, migrations.FS, func(m *migrator) error {
		if err := m.whole(); err != nil {
			return err
		}
		return m.Up()
	})
}

// MigrateTo brings a database that has nothing in it to a version, up or down:
// what a backup of that version fills.
func MigrateTo(ctx context.Context, ownerURL string, version uint) error {
	if empty, err := Empty(ctx, ownerURL); err != nil || !empty {
		return errors.Join(err, ErrNotEmpty)
	}
	return migrateFrom(ctx, ownerURL, migrations.FS, func(m *migrator) error { return m.Migrate.Migrate(version) })
}

// MigrateDown undoes every migration, and with them all data. It is for tests.
func MigrateDown(ctx context.Context, ownerURL string) error {
	return migrateFrom(ctx, ownerURL, migrations.FS, func(m *migrator) error { return m.Down() })
}

// migrator is golang-migrate with what it works on.
type migrator struct {
	*migrate.Migrate
	driver database.Driver
	files  fs.FS
}

// whole builds the schema of a database that has none: every migration, in order,
// as PostgreSQL runs one file.
func (m *migrator) whole() (err error) {
	if err := m.driver.Lock(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.driver.Unlock()) }()
	if version, _, err := m.driver.Version(); err != nil || version != database.NilVersion {
		return err
	}
	names, err := fs.Glob(m.files, "*.up.sql") // in the order of their numbers, which have as many digits
	if err != nil || len(names) == 0 {
		return err
	}
	var all bytes.Buffer
	for _, name := range names {
		text, err := fs.ReadFile(m.files, name)
		if err != nil {
			return fmt.Errorf("read migration %s: %w", name, err)
		}
		all.Write(text)
		all.WriteString("\n;\n")
	}
	number, _, _ := strings.Cut(names[len(names)-1], "_")
	version, err := strconv.Atoi(number)
	if err != nil {
		return fmt.Errorf("the number of migration %s: %w", names[len(names)-1], err)
	}
	fmt.Fprintf(&all, "INSERT INTO public.schema_migrations (version, dirty) VALUES (%d, false);", version)
	return m.driver.Run(&all)
}

func migrateFrom(ctx context.Context, ownerURL string, files fs.FS, run func(*migrator) error) (err error) {
	m, err := newMigrate(ownerURL, files)
	if err != nil {
		return err
	}
	// An open connection blocks those who clone the database.
	defer func() {
		sourceErr, databaseErr := m.Close()
		err = errors.Join(err, sourceErr, databaseErr)
	}()
	defer context.AfterFunc(ctx, func() { m.GracefulStop <- true })()

	if err := run(m); err != nil && !errors.Is(err, migrate.ErrNoChange) {
		return explainMigration(err, files)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("la migración se detuvo antes de terminar; vuelve a ejecutarla: %w", err)
	}
	return settle(ctx, ownerURL)
}

// settle waits until what was migrated is on disk: the log is written in order,
// so that one commit that waits brings all those before it.
func settle(ctx context.Context, ownerURL string) error {
	conn, err := pgx.Connect(ctx, ownerURL)
	if err == nil {
		_, err = conn.Exec(ctx, `UPDATE public.schema_migrations SET dirty = dirty`)
		err = errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
	}
	if err != nil {
		return fmt.Errorf("confirmar la migración: %w", withoutPassword(err))
	}
	return nil
}

func newMigrate(ownerURL string, files fs.FS) (*migrator, error) {
	cfg, err := pgx.ParseConfig(ownerURL)
	if err != nil {
		return nil, fmt.Errorf("parse database address: %w", withoutPassword(err))
	}
	source, err := iofs.New(files, ".")
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	// Three commits for each file need not each wait for the disk: see settle.
	cfg.RuntimeParams["synchronous_commit"] = "off"
	pool := stdlib.OpenDB(*cfg)
	driver, err := migratepgx.WithInstance(pool, &migratepgx.Config{SchemaName: "public"})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("no se pudo conectar a la base de datos para migrarla: %w", err), pool.Close())
	}
	m, err := migrate.NewWithInstance("iofs", source, "pgx5", driver)
	if err != nil {
		return nil, errors.Join(err, driver.Close())
	}
	return &migrator{m, driver, files}, nil
}

// explainMigration says in Spanish what a failure of golang-migrate means to
// whoever runs the command.
func explainMigration(err error, files fs.FS) error {
	var dirty migrate.ErrDirty
	var failed database.Error // whose own text repeats the whole file
	switch {
	case errors.As(err, &dirty):
		return dirtyError(dirty.Version, files)
	case errors.Is(err, migrate.ErrLockTimeout):
		return fmt.Errorf("otro proceso está migrando esta base de datos; espera a que termine y vuelve a intentarlo: %w", err)
	case errors.As(err, &failed):
		return fmt.Errorf("la migración falló en la línea %d de su archivo y PostgreSQL deshizo sus cambios; corrige la causa y vuelve a ejecutarla: %w", failed.Line, failed.OrigErr)
	default:
		return fmt.Errorf("la migración no pudo terminar: %w", err)
	}
}

// dirtyError tells how to leave the state that golang-migrate calls dirty: a
// migration began and was never seen to end. PostgreSQL runs each file as one
// transaction, so its changes are there whole or not at all.
func dirtyError(version int, files fs.FS) error {
	undone := "DELETE FROM public.schema_migrations"
	if before, err := previous(uint(version), files); err == nil {
		undone = fmt.Sprintf("UPDATE public.schema_migrations SET version = %d, dirty = false", before)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return fmt.Errorf(`la migración %[1]d empezó y no terminó, y la base de datos no se usará así.
Revisa con la cuenta %[2]s si están los cambios del archivo %06[1]d_*.up.sql:
  si no están (lo normal: PostgreSQL deshace entera una migración que falla), corrige la causa y ejecuta
    %[3]s;
  si están todos, ejecuta
    UPDATE public.schema_migrations SET dirty = false;
Después vuelve a ejecutar «conoceles migrar»`, version, RoleOwner, undone)
}

// previous returns the version before one, fs.ErrNotExist for the first. Numbers
// have gaps, and golang-migrate refuses to go on from one that no file has.
func previous(version uint, files fs.FS) (before uint, err error) {
	source, err := iofs.New(files, ".")
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	return source.Prev(version)
}

// SchemaVersion returns the version of the database at url, for a role that may
// read it (the owner, or the desk's if a migration grants it). It is 0 before
// the first migration. A migration left half way is an error, the same that
// Migrate gives.
func SchemaVersion(ctx context.Context, url string) (version uint, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, fmt.Errorf("connect to read the schema's version: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	const q = `SELECT version, dirty FROM public.schema_migrations`
	var n int
	var dirty bool
	err = conn.QueryRow(ctx, q).Scan(&n, &dirty)
	switch {
	case errors.Is(err, pgx.ErrNoRows), undefinedTable(err):
		return 0, nil
	case err != nil:
		return 0, fmt.Errorf("read the schema's version: %w", err)
	case dirty:
		return 0, dirtyError(n, migrations.FS)
	}
	return uint(n), nil
}

// LatestVersion returns the version that this program was written for, the
// highest among its migrations.
func LatestVersion() (version uint, err error) {
	source, err := iofs.New(migrations.FS, ".")
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	version, err = source.First()
	for err == nil {
		var next uint
		next, err = source.Next(version)
		if errors.Is(err, fs.ErrNotExist) {
			return version, nil
		}
		if err == nil {
			version = next
		}
	}
	return 0, fmt.Errorf("read migrations: %w", err)
}

// undefinedTable reports whether a query named a table that is not there.
func undefinedTable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "42P01"
}
