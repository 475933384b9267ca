// Package dbtest gives each test a database of its own, migrated and empty, on
// a real PostgreSQL.
//
//	func TestSave(t *testing.T) {
//		pg := dbtest.New(t)
//		desk, err := db.OpenDesk(t.Context(), pg.DeskURL, …)
//
// The migrations run once: they fill a template, named by their digest, that
// every test clones in some 30 milliseconds. The database is dropped when the
// test ends; when it failed, it is kept and its address logged.
//
// The server is a throw-away one. A bare "go test ./x" starts its own, which
// dies with the test process and so takes the kept databases with it. To look
// into one, or to share one server among packages, wrap the command:
//
//	go run ./internal/db/dbtest/withpg go test ./...
//	go run ./internal/db/dbtest/withpg sh     # and go test as often as you like
//
// Without a server the test fails: it is never skipped.
package dbtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"conoceles/internal/db"
	"conoceles/internal/db/embedded"
)

// EnvServer names the environment variable with the address, as superuser, of
// the server to use. withpg sets it.
const EnvServer = "CONOCELES_TEST_PG"

// DB is the database of one test. Its addresses need no password.
type DB struct {
	Name string

	OwnerURL string // as the owner of the database, as migrations run
	DeskURL  string // as the desk half connects
	SiteURL  string // as the public half connects
	SuperURL string // as superuser, for what only a test looks at
}

// New returns a migrated database for this test alone.
func New(t testing.TB) *DB {
	t.Helper()
	return create(t, (*server).clone)
}

// NewEmpty returns a database with the roles and no migration applied, for the
// tests of migrations themselves.
func NewEmpty(t testing.TB) *DB {
	t.Helper()
	return create(t, func(s *server, ctx context.Context, name string) error { return db.Bootstrap(ctx, s.url, name) })
}

// Template is a migrated database with something in it, that tests clone instead
// of filling one each. It stays until the server ends.
type Template struct {
	// Fill fills the database, once, when the first test asks. It leaves no
	// connection open.
	Fill func(context.Context, *DB) error

	once sync.Once
	name string
	err  error
}

// New returns a copy of the template for this test alone.
func (p *Template) New(t testing.TB) *DB {
	t.Helper()
	return create(t, func(s *server, ctx context.Context, name string) error {
		p.once.Do(func() { p.name, p.err = s.fill(context.WithoutCancel(ctx), p.Fill) })
		if p.err != nil {
			return p.err
		}
		return s.copy(ctx, p.name, name)
	})
}

func create(t testing.TB, make func(*server, context.Context, string) error) *DB {
	t.Helper()
	ctx := t.Context()
	s, err := theServer()
	if err != nil {
		t.Fatalf("a PostgreSQL for tests: %v", err)
	}
	d := s.describe("prueba_" + strings.ToLower(rand.Text()[:16]))
	if err := make(s, ctx, d.Name); err != nil {
		t.Fatalf("a database for the test: %v", err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the test failed; its database is kept: %s", d.SuperURL)
			return
		}
		if err := s.drop(context.WithoutCancel(ctx), d.Name); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return d
}

// server is the PostgreSQL that the tests of this process share.
type server struct {
	url  string
	pool *pgxpool.Pool // as superuser, to create and drop

	template     string
	templateOnce sync.Once
	templateErr  error
}

// theServer connects to the server that the environment names, or starts one
// that dies with this process.
var theServer = sync.OnceValues(func() (*server, error) {
	// Not a test's context: the server serves those that come after it.
	ctx := context.Background()
	address := os.Getenv(EnvServer)
	if address == "" {
		own, err := embedded.Start(ctx, embedded.Options{Ephemeral: true})
		if err != nil {
			return nil, err
		}
		address = own.URL(embedded.Superuser, "postgres")
	}
	cfg, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", EnvServer, err)
	}
	cfg.MaxConns = 4
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &server{url: address, pool: pool}, pool.Ping(ctx)
})

// describe returns the addresses of a database.
func (s *server) describe(name string) *DB {
	return &DB{
		Name:     name,
		OwnerURL: s.as(db.RoleOwner, name),
		DeskURL:  s.as(db.RoleDesk, name),
		SiteURL:  s.as(db.RoleSite, name),
		SuperURL: s.as("", name),
	}
}

// as returns the server's address for another role, unless empty, and database.
func (s *server) as(role, name string) string {
	u, err := url.Parse(s.url)
	if err != nil {
		panic("dbtest: " + EnvServer + " is not a URL: " + err.Error()) // it connected
	}
	if role != "" {
		u.User = url.User(role)
	}
	u.Path = "/" + name
	return u.String()
}

// clone copies the template into a new database.
func (s *server) clone(ctx context.Context, name string) error {
	s.templateOnce.Do(func() { s.template, s.templateErr = s.buildTemplate(context.WithoutCancel(ctx)) })
	if s.templateErr != nil {
		return s.templateErr
	}
	return s.copy(ctx, s.template, name)
}

// fill makes another template from the first, and returns its name.
func (s *server) fill(ctx context.Context, fill func(context.Context, *DB) error) (name string, err error) {
	name = "plantilla_" + strings.ToLower(rand.Text()[:16])
	if err := s.clone(ctx, name); err != nil {
		return "", err
	}
	if err := fill(ctx, s.describe(name)); err != nil {
		return "", err
	}
	return name, s.close(ctx, name)
}

// close makes a database a template. Nobody may connect: a connection to a
// template blocks those who clone it.
func (s *server) close(ctx context.Context, name string) error {
	_, err := s.pool.Exec(ctx, `ALTER DATABASE `+quote(name)+` IS_TEMPLATE true ALLOW_CONNECTIONS false`)
	return err
}

// copy clones a database that nobody is connected to. A server that syncs nothing
// copies files in a third of the time that it takes to write them to its log.
func (s *server) copy(ctx context.Context, template, name string) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	_, err = conn.Exec(ctx, `CREATE DATABASE `+quote(name)+` OWNER conoceles_duena TEMPLATE `+quote(template)+` STRATEGY file_copy`)
	if err != nil {
		return err
	}
	return db.GrantDatabase(ctx, conn.Conn(), name)
}

// drop removes a database, and throws out whoever still uses it: a pool that a
// test forgot to close is its own affair.
func (s *server) drop(ctx context.Context, name string) error {
	_, err := s.pool.Exec(ctx, `DROP DATABASE IF EXISTS `+quote(name)+` WITH (FORCE)`)
	return err
}

// buildTemplate returns the name of a migrated template, made now unless
// another process did before. A database marked as template is a finished one;
// half a one, of a process that was killed, is thrown away.
func (s *server) buildTemplate(ctx context.Context) (name string, err error) {
	digest, err := migrationsDigest()
	if err != nil {
		return "", err
	}
	name = "plantilla_" + digest[:16]
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Release()
	const lock, unlock = `SELECT pg_advisory_lock(hashtext($1))`, `SELECT pg_advisory_unlock(hashtext($1))`
	if _, err := conn.Exec(ctx, lock, name); err != nil {
		return "", err
	}
	defer func() {
		_, unlockErr := conn.Exec(ctx, unlock, name)
		err = errors.Join(err, unlockErr)
	}()
	var ready bool
	err = conn.QueryRow(ctx, `SELECT datistemplate FROM pg_database WHERE datname = $1`, name).Scan(&ready)
	if ready || (err != nil && !errors.Is(err, pgx.ErrNoRows)) {
		return name, err
	}
	if err := s.drop(ctx, name); err != nil {
		return "", err
	}
	if err := db.Bootstrap(ctx, s.url, name); err != nil {
		return "", err
	}
	if err := db.Migrate(ctx, s.as(db.RoleOwner, name)); err != nil {
		return "", err
	}
	return name, s.close(ctx, name)
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
