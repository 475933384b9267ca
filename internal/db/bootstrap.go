package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// The three roles of the system. They belong to the cluster and not to a
// database, so Bootstrap makes them and migrations only grant to them.
const (
	RoleOwner = "conoceles_duena"      // owns the database and its schemas; migrates
	RoleDesk  = "conoceles_escritorio" // what the desk half connects as
	RoleSite  = "conoceles_sitio"      // what the public half connects as
)

// makeRoles creates the roles, and takes away from roles that exist whatever
// the design does not give them (security.md 1.2). The timeouts are those of
// security.md 3.2. Read-only by default is a seat belt, since a session may
// switch it off; the lock is that the site's role is granted SELECT alone.
const makeRoles = `
DO $$
DECLARE
  role text;
  other text;
BEGIN
  FOREACH role IN ARRAY ARRAY['conoceles_duena', 'conoceles_escritorio', 'conoceles_sitio'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
      EXECUTE format('CREATE ROLE %I', role);
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', role);
    FOR other IN
      SELECT DISTINCT g.rolname FROM pg_auth_members m
      JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
      WHERE r.rolname = role
    LOOP
      EXECUTE format('REVOKE %I FROM %I', other, role);
    END LOOP;
  END LOOP;
END $$;

ALTER ROLE conoceles_escritorio SET statement_timeout = '10s';
ALTER ROLE conoceles_escritorio SET lock_timeout = '2s';
ALTER ROLE conoceles_escritorio SET idle_in_transaction_session_timeout = '15s';

ALTER ROLE conoceles_sitio SET default_transaction_read_only = on;
ALTER ROLE conoceles_sitio SET statement_timeout = '2s';
ALTER ROLE conoceles_sitio SET lock_timeout = '2s';
ALTER ROLE conoceles_sitio SET idle_in_transaction_session_timeout = '15s';`

// bootstrapLock is the advisory lock, in the maintenance database, that makes
// concurrent bootstraps take turns: two ALTER ROLE at once fail.
const bootstrapLock = 2027_0001

// Bootstrap makes the roles and the database, or puts them right. superURL is
// the address, as a superuser, of any other database of the cluster, usually
// postgres. It can be repeated, also from several processes at once, and never
// touches data.
//
// The roles may log in and have no password: over an embedded server none is
// needed; elsewhere the administrator gives them one, and no address works
// until then.
func Bootstrap(ctx context.Context, superURL, database string) error {
	conn, err := pgx.Connect(ctx, superURL)
	if err != nil {
		return fmt.Errorf("connect as superuser: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) // and with it goes the lock
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, bootstrapLock); err != nil {
		return fmt.Errorf("wait for another bootstrap: %w", err)
	}
	if _, err := conn.Exec(ctx, makeRoles); err != nil {
		return fmt.Errorf("make the roles: %w", err)
	}
	if err := createDatabase(ctx, conn, database); err != nil {
		return fmt.Errorf("create database %q: %w", database, err)
	}
	if err := GrantDatabase(ctx, conn, database); err != nil {
		return err
	}
	return closePublicSchema(ctx, conn.Config(), database)
}

// createDatabase creates the database unless it exists. C.UTF-8 sorts by code
// point, the same on every machine: names are sorted where they are queried,
// with a collation of their own.
func createDatabase(ctx context.Context, conn *pgx.Conn, database string) error {
	const exists = `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`
	var found bool
	if err := conn.QueryRow(ctx, exists, database).Scan(&found); err != nil {
		return err
	}
	name := pgx.Identifier{database}.Sanitize()
	if found {
		_, err := conn.Exec(ctx, `ALTER DATABASE `+name+` OWNER TO conoceles_duena`)
		return err
	}
	_, err := conn.Exec(ctx, `CREATE DATABASE `+name+
		` OWNER conoceles_duena ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' TEMPLATE template0`)
	return err
}

// GrantDatabase closes a database to everybody but the three roles and sets its
// clock to UTC. CREATE DATABASE … TEMPLATE copies neither, so whoever clones a
// database calls it on the clone.
func GrantDatabase(ctx context.Context, super *pgx.Conn, database string) error {
	name := pgx.Identifier{database}.Sanitize()
	_, err := super.Exec(ctx, `REVOKE ALL ON DATABASE `+name+` FROM PUBLIC, conoceles_escritorio, conoceles_sitio;
GRANT CONNECT ON DATABASE `+name+` TO conoceles_escritorio, conoceles_sitio;
ALTER DATABASE `+name+` SET timezone = 'UTC'`)
	if err != nil {
		return fmt.Errorf("grant on database %q: %w", database, err)
	}
	return nil
}

// closePublicSchema takes schema public, which belongs to no half, from
// everybody; migrations grant what is needed of it.
func closePublicSchema(ctx context.Context, super *pgx.ConnConfig, database string) (err error) {
	super.Database = database
	conn, err := pgx.ConnectConfig(ctx, super)
	if err != nil {
		return fmt.Errorf("connect to database %q: %w", database, err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if _, err := conn.Exec(ctx, `REVOKE ALL ON SCHEMA public FROM PUBLIC`); err != nil {
		return fmt.Errorf("close schema public: %w", err)
	}
	return nil
}
