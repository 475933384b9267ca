package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
)

// Table is a table of ours and the columns of it that are stored, in order.
type Table struct {
	Name    string // schema.table
	Columns []string
}

// Sequence is where a sequence is.
type Sequence struct {
	Name   string
	Value  int64
	Called bool
}

// Snapshot reads every table as all of them were at one instant, for a backup.
// It is for whoever has the owner's address: no half of the program may read so
// much.
type Snapshot struct {
	conn *pgx.Conn
	at   time.Time
}

// OpenSnapshot takes the snapshot. Close lets it go.
func OpenSnapshot(ctx context.Context, ownerURL string) (*Snapshot, error) {
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return nil, fmt.Errorf("connect to read the database: %w", withoutPassword(err))
	}
	s := &Snapshot{conn: conn}
	_, err = conn.Exec(ctx, `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
	if err == nil {
		err = conn.QueryRow(ctx, `SELECT now()`).Scan(&s.at)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("take a snapshot: %w", err), s.Close(ctx))
	}
	return s, nil
}

// At returns the instant of the snapshot.
func (s *Snapshot) At() time.Time { return s.at }

// Close lets the snapshot go.
func (s *Snapshot) Close(ctx context.Context) error { return s.conn.Close(context.WithoutCancel(ctx)) }

// Tables returns the tables of our schemas, by name.
func (s *Snapshot) Tables(ctx context.Context) ([]Table, error) { return tables(ctx, s.conn) }

// Sequences returns where each sequence is.
func (s *Snapshot) Sequences(ctx context.Context) ([]Sequence, error) {
	const names = `
SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename) FROM pg_sequences
WHERE schemaname IN ('desk', 'sensitive', 'site', 'audit') ORDER BY 1`
	rows, err := s.conn.Query(ctx, names)
	if err != nil {
		return nil, fmt.Errorf("list the sequences: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("list the sequences: %w", err)
	}
	out := make([]Sequence, len(list))
	for i, name := range list {
		out[i].Name = name
		if err := s.conn.QueryRow(ctx, `SELECT last_value, is_called FROM `+name).Scan(&out[i].Value, &out[i].Called); err != nil {
			return nil, fmt.Errorf("read sequence %s: %w", name, err)
		}
	}
	return out, nil
}

// Copy writes a table in PostgreSQL's text format, a row to a line.
func (s *Snapshot) Copy(ctx context.Context, t Table, w io.Writer) error {
	return copyOut(ctx, s.conn, t, w)
}

// tables leaves out the columns that PostgreSQL computes.
func tables(ctx context.Context, conn *pgx.Conn) ([]Table, error) {
	const q = `
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name,
  array_agg(quote_ident(a.attname)::text ORDER BY a.attnum) AS columns
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE n.nspname IN ('desk', 'sensitive', 'site', 'audit') AND c.relkind = 'r'
GROUP BY 1 ORDER BY 1`
	rows, err := conn.Query(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Table])
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	return out, nil
}

func copyOut(ctx context.Context, conn *pgx.Conn, t Table, w io.Writer) error {
	if _, err := conn.PgConn().CopyTo(ctx, w, `COPY `+t.Name+` (`+join(t.Columns)+`) TO STDOUT`); err != nil {
		return fmt.Errorf("copy table %s: %w", t.Name, err)
	}
	return nil
}

func join(columns []string) string {
	var out string
	for i, c := range columns {
		if i > 0 {
			out += ", "
		}
		out += c
	}
	return out
}
