package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/db"
	"conoceles/internal/db/dbtest"
)

// Up, down, up: every migration can be undone, and leaves the same schema.
func TestMigrateUpDownUp(t *testing.T) {
	pg := dbtest.NewEmpty(t)
	ctx := t.Context()
	latest, err := db.LatestVersion()
	if err != nil || latest == 0 {
		t.Fatalf("LatestVersion: got %d, %v", latest, err)
	}
	var dumps []string
	for _, step := range []struct {
		name string
		run  func(context.Context, string) error
		want uint
	}{
		{"nothing", func(context.Context, string) error { return nil }, 0},
		{"up", db.Migrate, latest},
		{"up again", db.Migrate, latest},
		{"down", db.MigrateDown, 0},
		{"and up", db.Migrate, latest},
	} {
		if err := step.run(ctx, pg.OwnerURL); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		got, err := db.SchemaVersion(ctx, pg.OwnerURL)
		if err != nil || got != step.want {
			t.Fatalf("%s: version: got %d, %v, want %d", step.name, got, err, step.want)
		}
		dump, err := db.DumpSchema(ctx, pg.OwnerURL)
		if err != nil {
			t.Fatal(err)
		}
		dumps = append(dumps, dump)
	}
	if dumps[0] != "" || dumps[3] != "" {
		t.Errorf("schemas stayed after down:\n%s", dumps[3])
	}
	if dumps[1] == "" || dumps[1] != dumps[4] {
		t.Errorf("up, down, up gives another schema:\n%s\n---\n%s", dumps[1], dumps[4])
	}
}

// A database that begins today has the schema of one that came here step by step.
func TestTheWholeSchemaIsThatOfItsSteps(t *testing.T) {
	dumps := map[string]string{}
	for name, up := range map[string]func(context.Context, string) error{
		"whole": db.Migrate,
		"steps": func(ctx context.Context, url string) error { return db.MigrateFrom(ctx, url, db.Migrations) },
	} {
		pg := dbtest.NewEmpty(t)
		if err := up(t.Context(), pg.OwnerURL); err != nil {
			t.Fatal(err)
		}
		dump, err := db.DumpSchema(t.Context(), pg.OwnerURL)
		if err != nil {
			t.Fatal(err)
		}
		dumps[name] = dump
	}
	if diff := cmp.Diff(dumps["steps"], dumps["whole"]); diff != "" || dumps["steps"] == "" {
		t.Errorf("the schema made at once is another:\n%s", diff)
	}
}

func TestMigrateAtOnce(t *testing.T) {
	pg := dbtest.NewEmpty(t)
	done := make(chan error)
	for range 3 {
		go func() { done <- db.Migrate(t.Context(), pg.OwnerURL) }()
	}
	for range 3 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestMigrateLeavesNoConnection(t *testing.T) {
	pg := dbtest.NewEmpty(t)
	if err := db.Migrate(t.Context(), pg.OwnerURL); err != nil {
		t.Fatal(err)
	}
	const q = `SELECT count(*)::text FROM pg_stat_activity WHERE usename = 'conoceles_duena' AND datname = current_database()`
	got := queryText(t, pg.SuperURL, q)
	for range 100 { // a backend takes a moment to notice that it was left
		if got == "0" {
			return
		}
		time.Sleep(20 * time.Millisecond)
		got = queryText(t, pg.SuperURL, q)
	}
	t.Errorf("connections of the owner: got %s, want 0", got)
}

func TestFailedMigrationIsExplained(t *testing.T) {
	pg := dbtest.NewEmpty(t)
	files := fstest.MapFS{
		"000001_good.up.sql": {Data: []byte("CREATE SCHEMA desk;")},
		"000002_bad.up.sql":  {Data: []byte("CREATE TABLE desk.half ();\nSELECT 1/0;\n-- CNRY-not-repeated")},
	}
	err := db.MigrateFrom(t.Context(), pg.OwnerURL, files)
	if err == nil || !strings.Contains(err.Error(), "division by zero") || strings.Contains(err.Error(), "CNRY") {
		t.Errorf("got %v, want the cause without the file", err)
	}
	dump, err := db.DumpSchema(t.Context(), pg.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(dump, "desk.half") {
		t.Error("half of the migration stayed")
	}

	const advice = "UPDATE public.schema_migrations SET version = 1, dirty = false"
	err = db.MigrateFrom(t.Context(), pg.OwnerURL, files)
	if err == nil || !strings.Contains(err.Error(), advice) {
		t.Errorf("again: got %v, want the advice", err)
	}
	_, err = db.SchemaVersion(t.Context(), pg.OwnerURL)
	if err == nil || !strings.Contains(err.Error(), advice) {
		t.Errorf("SchemaVersion: got %v, want the advice", err)
	}

	// The advice works.
	exec(t, pg.OwnerURL, advice)
	files["000002_bad.up.sql"].Data = []byte("CREATE TABLE desk.whole ();")
	if err := db.MigrateFrom(t.Context(), pg.OwnerURL, files); err != nil {
		t.Errorf("after the advice: %v", err)
	}
}

func TestFailedFirstMigrationIsExplained(t *testing.T) {
	pg := dbtest.NewEmpty(t)
	files := fstest.MapFS{"000001_bad.up.sql": {Data: []byte("SELECT 1/0;")}}
	if err := db.MigrateFrom(t.Context(), pg.OwnerURL, files); err == nil {
		t.Fatal("a failing migration did not fail")
	}
	err := db.MigrateFrom(t.Context(), pg.OwnerURL, files)
	if err == nil || !strings.Contains(err.Error(), "DELETE FROM public.schema_migrations") {
		t.Errorf("got %v, want the advice for the first one", err)
	}
}

func TestMigrateStopsWithItsContext(t *testing.T) {
	pg := dbtest.NewEmpty(t)
	files := fstest.MapFS{}
	for n := 1; n <= 20; n++ {
		files[fmt.Sprintf("%06d_slow.up.sql", n)] = &fstest.MapFile{Data: []byte("SELECT pg_sleep(0.1);")}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.MigrateFrom(ctx, pg.OwnerURL, files); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was cancelled", err)
	}
	version, err := db.SchemaVersion(t.Context(), pg.OwnerURL)
	if err != nil || version >= 20 {
		t.Errorf("version: got %d, %v, want an earlier one", version, err)
	}
}

func TestMigrateWithoutServer(t *testing.T) {
	err := db.Migrate(t.Context(), "postgres://x@/y?host="+t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "no se pudo conectar") {
		t.Errorf("got %v, want that it could not connect", err)
	}
}
