package app_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/app"
	"conoceles/internal/db"
	"conoceles/internal/db/embedded"
)

// rehearses asks for a whole drill, which takes most of a minute: «make simulacro»
// makes one, and this flag compares it with what it must be.
var rehearses = flag.Bool("simulacro", false, "hace un simulacro entero y lo borra")

// TestADrillIsRehearsedAndPurged makes a drill, reads its evidence and deletes it;
// and does not delete one into whose database somebody brought a real process.
func TestADrillIsRehearsedAndPurged(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	parent := t.TempDir()
	if err := app.PurgeDrill(ctx, parent); err == nil {
		t.Error("a directory of something else is deleted")
	}
	if _, err := os.Stat(parent); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Drill(ctx, quiet(), parent, 600); err == nil {
		t.Error("a drill begins in a directory that has something")
	}
	if !*rehearses {
		return
	}
	for at := parent; at != filepath.Clean(os.TempDir()); at = filepath.Dir(at) { // PostgreSQL's own account passes through it
		if err := os.Chmod(at, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(parent, "simulacro")
	r, err := app.Drill(ctx, quiet(), dir, 600)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Steps {
		if !s.Met() {
			t.Errorf("%s: %v", s.Tried, s.Obtained)
		}
	}
	if err := r.Write(ctx, dir, ""); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "evidencia.md"))
	if err != nil || !strings.Contains(string(text), "Todas salieron como se esperaba") || strings.Contains(string(text), "DISTINTO") {
		t.Errorf("the evidence (%v): %s", err, text)
	}
	kind := func(kind string) {
		server, err := embedded.Start(ctx, embedded.Options{Dir: filepath.Join(dir, "datos")})
		if err != nil {
			t.Fatal(err)
		}
		conn, err := pgx.Connect(ctx, server.URL(db.RoleOwner, "conoceles"))
		if err == nil {
			_, err = conn.Exec(ctx, `UPDATE desk.processes SET kind = $1`, kind)
			err = errors.Join(err, conn.Close(ctx))
		}
		if err := server.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	kind("eleccion")
	if err := app.PurgeDrill(ctx, dir); err == nil || !strings.Contains(err.Error(), "no son simulacros") {
		t.Errorf("a real process is deleted: %v", err)
	}
	kind("simulacro")
	if err := app.PurgeDrill(ctx, dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("something was left of the drill: %v", err)
	}
}
