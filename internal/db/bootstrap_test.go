package db_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"conoceles/internal/db"
	"conoceles/internal/db/dbtest"
)

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func queryText(t *testing.T, url, sql string) string {
	t.Helper()
	conn := connect(t, url)
	defer conn.Close(t.Context())
	var got string
	if err := conn.QueryRow(t.Context(), sql).Scan(&got); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return got
}

func exec(t *testing.T, url, sql string) {
	t.Helper()
	conn := connect(t, url)
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// refused reports whether a statement fails for lack of permission, also in a
// session that made itself able to write.
func refused(t *testing.T, url, sql string) bool {
	t.Helper()
	conn := connect(t, url)
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), `SET default_transaction_read_only = off`); err != nil {
		t.Fatal(err)
	}
	_, err := conn.Exec(t.Context(), sql)
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "42501"
}

func TestBootstrapSettings(t *testing.T) {
	pg := dbtest.New(t)
	for _, tt := range []struct{ name, url, setting, want string }{
		{"desk", pg.DeskURL, "statement_timeout", "10s"},
		{"desk", pg.DeskURL, "lock_timeout", "2s"},
		{"desk", pg.DeskURL, "idle_in_transaction_session_timeout", "15s"},
		{"desk", pg.DeskURL, "default_transaction_read_only", "off"},
		{"desk", pg.DeskURL, "TimeZone", "UTC"},
		{"site", pg.SiteURL, "statement_timeout", "2s"},
		{"site", pg.SiteURL, "default_transaction_read_only", "on"},
		{"site", pg.SiteURL, "TimeZone", "UTC"},
		{"owner", pg.OwnerURL, "statement_timeout", "0"}, // a migration takes what it takes
		{"owner", pg.OwnerURL, "server_encoding", "UTF8"},
	} {
		got := queryText(t, tt.url, "SELECT current_setting('"+tt.setting+"')")
		if got != tt.want {
			t.Errorf("%s: %s: got %q, want %q", tt.name, tt.setting, got, tt.want)
		}
	}
	if got, want := queryText(t, pg.SuperURL, `SELECT datcollate || ' ' || pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()`),
		"C.UTF-8 conoceles_duena"; got != want {
		t.Errorf("the database: got %q, want %q", got, want)
	}
}

func TestBootstrapLeavesNoPower(t *testing.T) {
	pg := dbtest.New(t)
	for _, tt := range []struct{ name, url, sql string }{
		{"desk creates a schema", pg.DeskURL, `CREATE SCHEMA x`},
		{"desk creates in public", pg.DeskURL, `CREATE TABLE public.x ()`},
		{"desk creates a temporary table", pg.DeskURL, `CREATE TEMPORARY TABLE x ()`},
		{"desk creates a role", pg.DeskURL, `CREATE ROLE x`},
		{"desk creates a database", pg.DeskURL, `CREATE DATABASE x`},
		{"desk becomes the owner", pg.DeskURL, `SET ROLE conoceles_duena`},
		{"site becomes the desk", pg.SiteURL, `SET ROLE conoceles_escritorio`},
		{"site creates in public", pg.SiteURL, `CREATE TABLE public.x ()`},
		{"owner creates a role", pg.OwnerURL, `CREATE ROLE x`},
		{"owner reads a file", pg.OwnerURL, `SELECT pg_read_file('/etc/passwd')`},
	} {
		if !refused(t, tt.url, tt.sql) {
			t.Errorf("%s: it was not refused", tt.name)
		}
	}
}

func TestBootstrapKeepsStrangersOut(t *testing.T) {
	pg := dbtest.New(t)
	const stranger = "prueba_extrana"
	exec(t, pg.SuperURL, `CREATE ROLE `+stranger+` LOGIN`)
	t.Cleanup(func() {
		conn, err := pgx.Connect(context.Background(), pg.SuperURL)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
		if _, err := conn.Exec(context.Background(), `DROP ROLE `+stranger); err != nil {
			t.Error(err)
		}
	})
	_, err := pgx.Connect(t.Context(), strings.Replace(pg.DeskURL, db.RoleDesk, stranger, 1))
	var refusal *pgconn.PgError
	if !errors.As(err, &refusal) || refusal.Code != "42501" {
		t.Errorf("another role connects: got %v, want a refusal", err)
	}
}

// A role that somebody enlarged is put right, and data stays.
func TestBootstrapRepeats(t *testing.T) {
	pg := dbtest.NewEmpty(t)
	exec(t, pg.OwnerURL, `CREATE TABLE public.kept AS SELECT 'sí' AS said`)
	exec(t, pg.SuperURL, `GRANT ALL ON DATABASE `+pg.Name+` TO conoceles_sitio; GRANT ALL ON SCHEMA public TO PUBLIC`)
	if err := db.Bootstrap(t.Context(), pg.SuperURL, pg.Name); err != nil {
		t.Fatal(err)
	}
	if got, want := queryText(t, pg.OwnerURL, `SELECT said FROM public.kept`), "sí"; got != want {
		t.Errorf("data: got %q, want %q", got, want)
	}
	if !refused(t, pg.SiteURL, `CREATE SCHEMA x`) {
		t.Error("the site's role keeps what it was given on the database")
	}
	if !refused(t, pg.SiteURL, `SELECT said FROM public.kept`) {
		t.Error("schema public is still open to everybody")
	}
	// Two at once take turns.
	done := make(chan error)
	for range 4 {
		go func() { done <- db.Bootstrap(t.Context(), pg.SuperURL, pg.Name) }()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
