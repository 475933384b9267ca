package db

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Site reads schema site with the role that may read nothing else. It has no
// method that writes.
type Site struct{ pool *pgxpool.Pool }

// OpenSite opens the public half's pool. It asks the server what the role could
// do and refuses to open one that could read the desk, identity or the
// bitácora, or write anything: a wrong address must not become a leak.
func OpenSite(ctx context.Context, url string) (*Site, error) {
	pool, err := open(ctx, url, siteConns)
	if err != nil {
		return nil, err
	}
	s := &Site{pool}
	if err := s.assertPowerless(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return s, nil
}

// assertPowerless returns an error unless the connected role is as poor as the
// public half must be (security.md 1.2).
func (s *Site) assertPowerless(ctx context.Context) error {
	const q = `
SELECT current_user::text,
  (SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication FROM pg_roles WHERE rolname = current_user),
  EXISTS (SELECT 1 FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = current_user),
  EXISTS (SELECT 1 FROM unnest(ARRAY['desk', 'sensitive', 'audit']) s(name)
          WHERE to_regnamespace(s.name) IS NOT NULL AND has_schema_privilege(s.name, 'USAGE')),
  EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname IN ('desk', 'sensitive', 'site', 'audit') AND c.relkind IN ('r', 'v', 'm', 'p')
            AND (has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
                 OR (n.nspname <> 'site' AND has_any_column_privilege(c.oid, 'SELECT'))))`
	var role string
	var powers, member, enters, touches bool
	if err := s.pool.QueryRow(ctx, q).Scan(&role, &powers, &member, &enters, &touches); err != nil {
		return fmt.Errorf("ask what the site's role may do: %w", err)
	}
	if powers || member || enters || touches {
		return fmt.Errorf("role %q may do more than read schema site (powers %t, member of others %t, enters other schemas %t, reads or writes more %t): refusing to open the public half",
			role, powers, member, enters, touches)
	}
	return nil
}

// Query runs a reading query. It is Unavailable where no connection is free in two
// seconds.
func (s *Site) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return query(ctx, s.pool, sql, args)
}

// QueryRow runs a query that gives at most one row.
func (s *Site) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return queryRow(ctx, s.pool, sql, args)
}

// Ping reports whether the database answers.
func (s *Site) Ping(ctx context.Context) error { return unavailable(s.pool.Ping(ctx)) }

// Close waits for the pool's connections and closes them.
func (s *Site) Close() { s.pool.Close() }
