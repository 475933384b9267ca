package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Tx is a transaction of the desk. Now gives one instant from its beginning to
// its end, so that everything an act writes says the same time.
type Tx struct {
	tx      pgx.Tx
	now     time.Time
	process int64 // that the act turned out to be of
}

// Now returns the transaction's instant.
func (t *Tx) Now() time.Time { return t.now }

// Concerns says which process an act is of, when its Action could not: whoever
// runs a command names it, and only inside is it known, or made.
func (t *Tx) Concerns(process int64) { t.process = process }

// Query runs a reading query.
func (t *Tx) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return t.tx.Query(ctx, sql, args...)
}

// QueryRow runs a query that gives at most one row.
func (t *Tx) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return t.tx.QueryRow(ctx, sql, args...)
}

// Exec runs a statement.
func (t *Tx) Exec(ctx context.Context, sql string, args ...any) error {
	_, err := t.tx.Exec(ctx, sql, args...)
	return err
}

// ExecRows runs a statement and returns how many rows it touched.
func (t *Tx) ExecRows(ctx context.Context, sql string, args ...any) (int64, error) {
	tag, err := t.tx.Exec(ctx, sql, args...)
	return tag.RowsAffected(), err
}

// CopyFrom writes many rows at once into schema.table.
func (t *Tx) CopyFrom(ctx context.Context, schema, table string, columns []string, rows pgx.CopyFromSource) (int64, error) {
	return t.tx.CopyFrom(ctx, pgx.Identifier{schema, table}, columns, rows)
}

// TryLock is Lock for whoever does not wait: it is false when somebody else holds it.
func (t *Tx) TryLock(ctx context.Context, name string) (mine bool, err error) {
	err = t.tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))`, name).Scan(&mine)
	return mine, err
}

// Lock holds an advisory lock, by name, until the transaction ends: for the few
// acts that must happen one at a time, such as publishing.
func (t *Tx) Lock(ctx context.Context, name string) error {
	_, err := t.tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, name)
	return err
}
