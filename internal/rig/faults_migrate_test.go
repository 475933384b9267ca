package rig_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/db/dbtest"
	"conoceles/internal/rig"
)

var migrationCuts = flag.Int("migraciones", 1, "cuántas veces se mata una migración")

// of is a version of before: from there a database comes step by step.
const of = 12

// TestAKilledMigrationGoesOn is F16: the process that migrates is killed at some
// moment. The database says what became of it; following what it says, the next
// run ends, with the schema of a run that nobody killed. A database that has nothing
// gets everything or nothing.
func TestAKilledMigrationGoesOn(t *testing.T) {
	t.Parallel()
	clean := dbtest.NewEmpty(t)
	if err := db.MigrateTo(t.Context(), clean.OwnerURL, of); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := db.Migrate(t.Context(), clean.OwnerURL); err != nil {
		t.Fatal(err)
	}
	whole := time.Since(began)
	want, err := db.DumpSchema(t.Context(), clean.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	half, dirty, tries, stuck := 0, 0, 0, 0
	for half < *migrationCuts {
		if tries++; tries > 10**migrationCuts+20 {
			t.Fatalf("of %d deaths only %d were in the middle: the fault has no effect", tries, half)
		}
		latest, _ := db.LatestVersion() // it was read above, to migrate
		fresh := dbtest.NewEmpty(t)
		rig.KillMigration(t, fresh.OwnerURL, rand.N(whole))
		if version, err := db.SchemaVersion(t.Context(), fresh.OwnerURL); err != nil || version != 0 && version != latest {
			t.Errorf("a database that had nothing is left at version %d (%v)", version, err)
		}
		pg := dbtest.NewEmpty(t)
		if err := db.MigrateTo(t.Context(), pg.OwnerURL, of); err != nil {
			t.Fatal(err)
		}
		rig.KillMigration(t, pg.OwnerURL, rand.N(whole))
		version, err := db.SchemaVersion(t.Context(), pg.OwnerURL)
		if err == nil && (version == of || version == latest) {
			continue // before it began, or after it ended
		}
		half++
		if err != nil {
			dirty++
			follow(t, pg, err)
		}
		if err := db.Migrate(t.Context(), pg.OwnerURL); err != nil {
			t.Errorf("the next run, from version %d: %v", version, err)
			stuck++
			continue
		}
		if got, err := db.DumpSchema(t.Context(), pg.OwnerURL); err != nil || got != want {
			t.Errorf("killed at version %d, the schema is another one (%v)", version, err)
			stuck++
		}
	}
	noted(t, "fallas", "F16 Matar una migración en cualquier momento", "las que siguieron hasta el mismo esquema", "todas", fmt.Sprintf("%d de %d", half-stuck, half), stuck == 0)
	t.Logf("%d migrations killed in the middle, %d of them inside a file, %d did not go on to the same schema", half, dirty, stuck)
}

// advised are the two statements that a migration left half way is answered with:
// the first where its changes are not there, and the second where they are.
var advised = regexp.MustCompile(`(UPDATE public\.schema_migrations SET version = (\d+), dirty = false|DELETE FROM public\.schema_migrations);?`)

// follow does what a person would do who reads why the database is not used.
func follow(t *testing.T, pg *dbtest.DB, why error) {
	t.Helper()
	said := advised.FindStringSubmatch(why.Error())
	if said == nil {
		t.Fatalf("it does not say what to do: %v", why)
	}
	statement := strings.TrimSuffix(said[0], ";")
	before := dbtest.NewEmpty(t) // what there would be without that migration
	schema := ""
	if said[2] != "" {
		version, err := strconv.ParseUint(said[2], 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.MigrateTo(t.Context(), before.OwnerURL, uint(version)); err != nil {
			t.Fatal(err)
		}
		if schema, err = db.DumpSchema(t.Context(), before.OwnerURL); err != nil {
			t.Fatal(err)
		}
	}
	got, err := db.DumpSchema(t.Context(), pg.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	if got != schema { // its changes are there
		statement = "UPDATE public.schema_migrations SET dirty = false"
	}
	conn, err := pgx.Connect(context.Background(), pg.OwnerURL)
	if err == nil {
		_, err = conn.Exec(context.Background(), statement)
		err = errors.Join(err, conn.Close(context.Background()))
	}
	if err != nil {
		t.Fatal(err)
	}
}
