package dbtest

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
)

func exists(t *testing.T, name string) bool {
	t.Helper()
	s, err := theServer()
	if err != nil {
		t.Fatal(err)
	}
	var found bool
	const q = `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`
	if err := s.pool.QueryRow(context.Background(), q, name).Scan(&found); err != nil {
		t.Fatal(err)
	}
	return found
}

func TestNewIsMigratedAndApart(t *testing.T) {
	one, two := New(t), New(t)
	if one.Name == two.Name {
		t.Fatalf("two tests share the database %s", one.Name)
	}
	latest, err := db.LatestVersion()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []*DB{one, two} {
		got, err := db.SchemaVersion(t.Context(), d.OwnerURL)
		if err != nil || got != latest {
			t.Errorf("version: got %d, %v, want %d", got, err, latest)
		}
	}
}

func TestAddressesConnectAsTheirRoles(t *testing.T) {
	d := New(t)
	for _, tt := range []struct{ url, want string }{
		{d.OwnerURL, db.RoleOwner},
		{d.DeskURL, db.RoleDesk},
		{d.SiteURL, db.RoleSite},
	} {
		conn, err := pgx.Connect(t.Context(), tt.url)
		if err != nil {
			t.Errorf("%s: %v", tt.want, err)
			continue
		}
		defer conn.Close(t.Context())
		var role, name string
		if err := conn.QueryRow(t.Context(), `SELECT current_user, current_database()`).Scan(&role, &name); err != nil {
			t.Fatal(err)
		}
		if role != tt.want || name != d.Name {
			t.Errorf("got %s in %s, want %s in %s", role, name, tt.want, d.Name)
		}
	}
}

func TestDatabaseIsDroppedAfterSuccess(t *testing.T) {
	var name string
	t.Run("passes", func(t *testing.T) {
		d := New(t)
		name = d.Name
		// A connection left open does not keep it.
		if _, err := pgx.Connect(context.Background(), d.DeskURL); err != nil {
			t.Fatal(err)
		}
	})
	if exists(t, name) {
		t.Errorf("%s stayed", name)
	}
}

// The test runs itself in another process, where it fails.
func TestKeptWhenFailed(t *testing.T) {
	const ask = "DBTEST_FAIL"
	if os.Getenv(ask) != "" {
		t.Errorf("failing with the database %s", New(t).Name)
		return
	}
	s, err := theServer()
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestKeptWhenFailed$")
	cmd.Env = append(os.Environ(), ask+"=1", EnvServer+"="+s.url)
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatalf("the failing test passed:\n%s", out)
	}
	_, after, found := strings.Cut(string(out), "failing with the database ")
	name, _, _ := strings.Cut(after, "\n")
	if !found || !exists(t, name) {
		t.Fatalf("the database %q was not kept:\n%s", name, out)
	}
	if !bytes.Contains(out, []byte(s.describe(name).SuperURL)) {
		t.Errorf("its address was not logged:\n%s", out)
	}
	if err := s.drop(context.Background(), name); err != nil {
		t.Error(err)
	}
}

// A template that a killed process left half made is thrown away.
func TestHalfMadeTemplateIsMadeAgain(t *testing.T) {
	s, err := theServer()
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	name, err := s.buildTemplate(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv(EnvServer) != "" {
		t.Log("other processes may be cloning the template: leaving it alone")
		return
	}
	if _, err := s.pool.Exec(ctx, `ALTER DATABASE `+quote(name)+` IS_TEMPLATE false`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.buildTemplate(ctx); err != nil {
		t.Fatal(err)
	}
	New(t)
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		d := New(b)
		s, err := theServer()
		if err != nil {
			b.Fatal(err)
		}
		if err := s.drop(b.Context(), d.Name); err != nil {
			b.Fatal(err)
		}
	}
}
