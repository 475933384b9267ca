package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Load fills the tables of an empty database, all of them or none. While it lasts
// no foreign key nor trigger of ours acts, since rows come in the order of the
// backup and are history, not acts; Commit puts the keys back, and PostgreSQL
// then checks every row against them.
type Load struct {
	conn   *pgx.Conn
	tables []Table
	keys   []foreignKey
}

// foreignKey is a constraint that Load takes away for a while.
type foreignKey struct{ Table, Name, Definition, Comment string }

// ErrNotEmpty says that a database has somebody's work in it.
var ErrNotEmpty = errors.New("la base de datos de destino no está vacía: ya tiene un proceso, cuentas o bitácora")

// Empty reports whether a database has nothing that somebody did: not even the
// tables, or no process, account nor entry in the bitácora.
func Empty(ctx context.Context, ownerURL string) (empty bool, err error) {
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return false, fmt.Errorf("connect to look at the database: %w", withoutPassword(err))
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	var there bool
	if err := conn.QueryRow(ctx, `SELECT to_regclass('desk.processes') IS NOT NULL`).Scan(&there); err != nil || !there {
		return !there, err
	}
	const q = `SELECT NOT (EXISTS (SELECT FROM desk.processes) OR EXISTS (SELECT FROM desk.accounts) OR EXISTS (SELECT FROM audit.entries))`
	return empty, conn.QueryRow(ctx, q).Scan(&empty)
}

// OpenLoad starts filling the database, which must be Empty and at the version of
// what comes. Close undoes what was not committed.
func OpenLoad(ctx context.Context, ownerURL string) (*Load, error) {
	empty, err := Empty(ctx, ownerURL)
	if err != nil {
		return nil, err
	}
	if !empty {
		return nil, ErrNotEmpty
	}
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return nil, fmt.Errorf("connect to fill the database: %w", withoutPassword(err))
	}
	l := &Load{conn: conn}
	if err := l.begin(ctx); err != nil {
		return nil, errors.Join(err, l.Close(ctx))
	}
	return l, nil
}

func (l *Load) begin(ctx context.Context) error {
	if _, err := l.conn.Exec(ctx, `BEGIN`); err != nil {
		return err
	}
	var err error
	if l.tables, err = tables(ctx, l.conn); err != nil {
		return err
	}
	const q = `
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS "table", quote_ident(k.conname) AS name,
  pg_get_constraintdef(k.oid) AS definition, coalesce(quote_literal(obj_description(k.oid, 'pg_constraint')), '') AS comment
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND n.nspname IN ('desk', 'sensitive', 'site', 'audit') ORDER BY 1, 2`
	rows, err := l.conn.Query(ctx, q)
	if err != nil {
		return fmt.Errorf("list the foreign keys: %w", err)
	}
	if l.keys, err = pgx.CollectRows(rows, pgx.RowToStructByName[foreignKey]); err != nil {
		return fmt.Errorf("list the foreign keys: %w", err)
	}
	for _, k := range l.keys {
		if err := l.exec(ctx, `ALTER TABLE `+k.Table+` DROP CONSTRAINT `+k.Name); err != nil {
			return err
		}
	}
	for _, t := range l.tables { // migrations put some rows in
		if err := l.exec(ctx, `ALTER TABLE `+t.Name+` DISABLE TRIGGER USER`); err != nil {
			return err
		}
		if err := l.exec(ctx, `TRUNCATE `+t.Name); err != nil {
			return err
		}
	}
	return nil
}

func (l *Load) exec(ctx context.Context, sql string) error {
	if _, err := l.conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return nil
}

// Tables returns the tables that there are to fill.
func (l *Load) Tables() []Table { return l.tables }

// Copy fills a table with what Snapshot.Copy wrote of it.
func (l *Load) Copy(ctx context.Context, t Table, r io.Reader) error {
	known := slices.ContainsFunc(l.tables, func(k Table) bool { return k.Name == t.Name && slices.Equal(k.Columns, t.Columns) })
	if !known {
		return fmt.Errorf("la tabla %s no es como la del respaldo", t.Name)
	}
	return l.copyIn(ctx, t.Name, t, r)
}

func (l *Load) copyIn(ctx context.Context, into string, t Table, r io.Reader) error {
	if _, err := l.conn.PgConn().CopyFrom(ctx, r, `COPY `+into+` (`+join(t.Columns)+`) FROM STDIN`); err != nil {
		return fmt.Errorf("fill table %s: %w", t.Name, err)
	}
	return nil
}

// CopyKnown is Copy of a table of another instant: rows of candidacies that are
// not in the database are left out. The candidacies come first.
func (l *Load) CopyKnown(ctx context.Context, t Table, r io.Reader) error {
	if err := l.exec(ctx, `CREATE TEMPORARY TABLE restored (LIKE `+t.Name+`) ON COMMIT DROP`); err != nil {
		return err
	}
	if err := l.copyIn(ctx, "restored", t, r); err != nil {
		return err
	}
	if err := l.exec(ctx, `INSERT INTO `+t.Name+` (`+join(t.Columns)+`)
SELECT `+join(t.Columns)+` FROM restored r WHERE EXISTS (SELECT FROM desk.candidacies c WHERE c.id = r.candidacy_id)`); err != nil {
		return err
	}
	return l.exec(ctx, `DROP TABLE restored`)
}

// Read writes a table as it was filled, to compare it with what came.
func (l *Load) Read(ctx context.Context, t Table, w io.Writer) error {
	return copyOut(ctx, l.conn, t, w)
}

// SetSequences puts the sequences where they were.
func (l *Load) SetSequences(ctx context.Context, list []Sequence) error {
	for _, s := range list {
		if _, err := l.conn.Exec(ctx, `SELECT setval($1::regclass, $2, $3)`, s.Name, s.Value, s.Called); err != nil {
			return fmt.Errorf("put sequence %s where it was: %w", s.Name, err)
		}
	}
	return nil
}

// Commit puts keys and triggers back and keeps everything; it fails, and keeps
// nothing, where a row breaks a key.
func (l *Load) Commit(ctx context.Context) error {
	for _, t := range l.tables {
		if err := l.exec(ctx, `ALTER TABLE `+t.Name+` ENABLE TRIGGER USER`); err != nil {
			return err
		}
	}
	for _, k := range l.keys {
		if err := l.exec(ctx, `ALTER TABLE `+k.Table+` ADD CONSTRAINT `+k.Name+` `+k.Definition); err != nil {
			return err
		}
		if k.Comment != "" {
			if err := l.exec(ctx, `COMMENT ON CONSTRAINT `+k.Name+` ON `+k.Table+` IS `+k.Comment); err != nil {
				return err
			}
		}
	}
	if err := l.exec(ctx, `COMMIT`); err != nil {
		return err
	}
	return l.exec(ctx, `ANALYZE`)
}

// Close undoes what was not committed.
func (l *Load) Close(ctx context.Context) error { return l.conn.Close(context.WithoutCancel(ctx)) }
