// Package db opens PostgreSQL and is the only way through it.
//
// Two pools of two types keep the halves of the program apart: *Site reads
// schema site and can do nothing else; *Desk reads the rest and writes through
// one door, Do, which gives a transaction one clock, an entry in the bitácora
// and an idempotency key. Bootstrap makes the roles, Migrate the tables, and
// package embedded the server when nobody names one.
package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Querier is what a store needs to read: a pool or a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Sizes of the pools, and how long a request waits for a connection before it
// is told to come back (security.md 3.2).
const (
	siteConns      = 8
	deskConns      = 12
	acquireTimeout = 2 * time.Second
)

// open makes a pool of at most size connections to url, which write nothing but in
// a transaction that asks to.
func open(ctx context.Context, url string, size int32) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("parse database address: %w", withoutPassword(err))
	}
	cfg.MaxConns = size
	cfg.ConnConfig.ConnectTimeout = acquireTimeout
	cfg.ConnConfig.RuntimeParams["default_transaction_read_only"] = "on"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open pool: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	return pool, nil
}

// withoutPassword returns pgx's parse error, which redacts the password itself,
// without the address it may quote.
func withoutPassword(err error) error {
	if e, ok := err.(*pgconn.ParseConfigError); ok {
		return e.Unwrap()
	}
	return err
}

// acquire takes a connection within the acquire timeout.
func acquire(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, error) {
	wait, cancel := context.WithTimeout(ctx, acquireTimeout)
	defer cancel()
	conn, err := pool.Acquire(wait)
	if err != nil {
		return nil, unavailable(err)
	}
	return conn, nil
}

// stat returns the connections of a pool, how many are in use, and how many times
// somebody had to wait for one.
func stat(pool *pgxpool.Pool) (total, used int32, waited int64) {
	s := pool.Stat()
	return s.TotalConns(), s.AcquiredConns(), s.EmptyAcquireCount()
}

// Stat returns the connections of the pool, how many are in use, and how many
// times somebody had to wait for one.
func (d *Desk) Stat() (total, used int32, waited int64) { return stat(d.pool) }

// Stat returns the connections of the pool, how many are in use, and how many
// times somebody had to wait for one.
func (s *Site) Stat() (total, used int32, waited int64) { return stat(s.pool) }
