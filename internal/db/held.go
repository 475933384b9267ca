package db

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// heldRows are the rows of a query and the connection that gives them, which goes
// back to its pool with the last row, on an error or when they are closed.
type heldRows struct {
	pgx.Rows
	conn *pgxpool.Conn
}

// query is pool.Query, but for that whoever finds every connection taken is told
// to come back in two seconds instead of waiting as long as the request may last
// (security.md 3.2).
func query(ctx context.Context, pool *pgxpool.Pool, sql string, args []any) (pgx.Rows, error) {
	conn, err := acquire(ctx, pool)
	if err != nil {
		return nil, err
	}
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		conn.Release()
		return nil, unavailable(err)
	}
	return &heldRows{rows, conn}, nil
}

// Close lets the connection go.
func (r *heldRows) Close() {
	r.Rows.Close()
	if r.conn != nil {
		r.conn.Release()
		r.conn = nil
	}
}

// Next moves to the next row.
func (r *heldRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

// Scan reads the row.
func (r *heldRows) Scan(dest ...any) error {
	err := r.Rows.Scan(dest...)
	if err != nil {
		r.Close()
	}
	return err
}

// heldRow is the first row of a query, or why there is none.
type heldRow struct {
	rows pgx.Rows
	err  error
}

func queryRow(ctx context.Context, pool *pgxpool.Pool, sql string, args []any) pgx.Row {
	rows, err := query(ctx, pool, sql, args)
	return heldRow{rows, err}
}

// Scan reads the row and lets the connection go.
func (r heldRow) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return pgx.ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	r.rows.Close()
	return r.rows.Err()
}
