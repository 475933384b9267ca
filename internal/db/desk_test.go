package db_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/db/dbtest"
	"conoceles/internal/fault"
)

var noon = time.Date(2027, 4, 6, 12, 0, 0, 123456789, time.UTC)

func openDesk(t *testing.T) (*db.Desk, *dbtest.DB) {
	t.Helper()
	pg := dbtest.New(t)
	d, err := db.OpenDesk(t.Context(), pg.DeskURL, func() time.Time { return noon }, []byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d, pg
}

const key = "0193f2a0-0000-7000-8000-000000000001"

func act(payload string) db.Action {
	return db.Action{Kind: "prueba.guardar", Object: "cosa 1", Key: key, Payload: []byte(payload)}
}

// insert is an effect that can be counted: a row in a table of the desk.
func insert(ctx context.Context, tx *db.Tx) (string, error) {
	return "/hecho", tx.Exec(ctx, `INSERT INTO desk.login_failures (email_hash, at) VALUES ('\x00', $1)`, tx.Now())
}

func count(t *testing.T, d *db.Desk, sql string) int {
	t.Helper()
	var n int
	if err := d.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

const (
	effects = `SELECT count(*) FROM desk.login_failures`
	entries = `SELECT count(*) FROM audit.entries`
)

func TestAnActAndItsEntryAreKeptTogether(t *testing.T) {
	d, _ := openDesk(t)
	done, err := d.Do(t.Context(), db.System{Name: "prueba"}, act("a"), insert)
	if err != nil || done.Result != "/hecho" || done.Replayed {
		t.Fatalf("Do = %+v, %v", done, err)
	}
	if count(t, d, effects) != 1 || count(t, d, entries) != 1 {
		t.Error("the effect or its entry is missing")
	}
	var at time.Time
	if err := d.QueryRow(t.Context(), `SELECT at FROM audit.entries`).Scan(&at); err != nil || !at.Equal(noon.Truncate(time.Microsecond)) {
		t.Errorf("the entry says %v, want the injected clock's %v (%v)", at, noon, err)
	}
}

// TestNothingIsDoneOutsideDoAndUpkeep asks the desk's pool to write by itself, with
// a statement that its role may run: the server refuses. With the list of who uses
// Upkeep (archtest), that is why every act leaves its entry.
func TestNothingIsDoneOutsideDoAndUpkeep(t *testing.T) {
	d, _ := openDesk(t)
	const write = `INSERT INTO desk.login_failures (email_hash, at) VALUES ('\x00', now()) RETURNING 1`
	var n int
	if err := d.QueryRow(t.Context(), write).Scan(&n); err == nil {
		t.Error("QueryRow writes")
	}
	rows, err := d.Query(t.Context(), write)
	if err == nil {
		rows.Close()
		err = rows.Err()
	}
	if err == nil {
		t.Error("Query writes")
	}
	if n := count(t, d, effects); n != 0 {
		t.Errorf("%d effects were left with no act", n)
	}
	if err := d.Upkeep(t.Context(), func(ctx context.Context, tx *db.Tx) error { _, err := insert(ctx, tx); return err }); err != nil {
		t.Error(err)
	}
	if n := count(t, d, effects); n != 1 {
		t.Errorf("upkeep left %d effects, want 1", n)
	}
}

func TestAFailedActLeavesNothing(t *testing.T) {
	d, _ := openDesk(t)
	_, err := d.Do(t.Context(), db.System{}, act("a"), func(ctx context.Context, tx *db.Tx) (string, error) {
		if _, err := insert(ctx, tx); err != nil {
			return "", err
		}
		return "", fault.New(fault.Conflict, "no")
	})
	if !fault.Is(err, fault.Conflict) {
		t.Fatalf("got %v, want the act's own error", err)
	}
	if count(t, d, effects)+count(t, d, entries)+count(t, d, `SELECT count(*) FROM desk.submissions`) != 0 {
		t.Error("something was kept")
	}
}

func TestAPanicRollsBackAndFreesTheConnection(t *testing.T) {
	d, _ := openDesk(t)
	for range 20 { // more than the pool has
		func() {
			defer func() { _ = recover() }()
			_, _ = d.Do(t.Context(), db.System{}, act("a"), func(ctx context.Context, tx *db.Tx) (string, error) {
				_, _ = insert(ctx, tx)
				panic("defect")
			})
		}()
	}
	if n := count(t, d, effects); n != 0 {
		t.Errorf("%d effects were kept", n)
	}
}

func TestTheSameSubmissionTwiceHasOneEffect(t *testing.T) {
	d, _ := openDesk(t)
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if done, err := d.Do(t.Context(), db.System{}, act("a"), insert); err != nil || done.Result != "/hecho" {
				t.Errorf("Do = %+v, %v", done, err)
			}
		})
	}
	wg.Wait()
	if n := count(t, d, effects); n != 1 {
		t.Errorf("%d effects, want 1", n)
	}
}

func TestTheSameKeyWithOtherDataIsAConflict(t *testing.T) {
	d, _ := openDesk(t)
	if _, err := d.Do(t.Context(), db.System{}, act("a"), insert); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Do(t.Context(), db.System{}, act("b"), insert); !fault.Is(err, fault.Conflict) {
		t.Errorf("got %v, want a conflict", err)
	}
	if n := count(t, d, effects); n != 1 {
		t.Errorf("%d effects, want 1", n)
	}
}

func TestAKeyThatIsNoKeyIsRefused(t *testing.T) {
	d, _ := openDesk(t)
	a := act("a")
	a.Key = "'; DROP TABLE"
	if _, err := d.Do(t.Context(), db.System{}, a, insert); !fault.Is(err, fault.Invalid) {
		t.Errorf("got %v, want invalid", err)
	}
}

func TestASaveIsKeptEvenIfTheBrowserLeavesBeforeTheCommit(t *testing.T) {
	d, _ := openDesk(t)
	ctx, leave := context.WithCancel(t.Context())
	_, err := d.Do(ctx, db.System{}, db.Action{Kind: "prueba", Object: "x"}, func(_ context.Context, tx *db.Tx) (string, error) {
		result, err := insert(context.Background(), tx)
		return result, err
	})
	leave()
	if err != nil || count(t, d, effects) != 1 {
		t.Errorf("not kept: %v", err)
	}
}

func TestTheBitacoraRefusesToForget(t *testing.T) {
	d, pg := openDesk(t)
	if _, err := d.Do(t.Context(), db.System{}, act("a"), insert); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{`DELETE FROM audit.entries`, `UPDATE audit.entries SET kind = 'otra'`, `TRUNCATE audit.entries`} {
		if err := d.Upkeep(t.Context(), func(ctx context.Context, tx *db.Tx) error { return tx.Exec(ctx, sql) }); err == nil {
			t.Errorf("the desk could run %s", sql)
		}
		owner, err := pgx.Connect(t.Context(), pg.OwnerURL)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := owner.Exec(t.Context(), sql); err == nil {
			t.Errorf("even the owner could run %s", sql)
		}
		_ = owner.Close(t.Context())
	}
}

func TestTheSiteRefusesARoleThatCouldDoMore(t *testing.T) {
	_, pg := openDesk(t)
	if s, err := db.OpenSite(t.Context(), pg.SiteURL); err != nil {
		t.Errorf("the site's own role was refused: %v", err)
	} else {
		s.Close()
	}
	for name, url := range map[string]string{"desk": pg.DeskURL, "owner": pg.OwnerURL, "superuser": pg.SuperURL} {
		if s, err := db.OpenSite(t.Context(), url); err == nil {
			s.Close()
			t.Errorf("the public half opened with the %s's role", name)
		}
	}
}

func TestTheSiteRefusesItsOwnRoleOnceItIsOverGranted(t *testing.T) {
	for _, grant := range []string{
		`GRANT USAGE ON SCHEMA sensitive TO conoceles_sitio`,
		`GRANT SELECT ON desk.persons TO conoceles_sitio`,
		`GRANT SELECT (birth_date) ON desk.persons TO conoceles_sitio`,
		`GRANT INSERT ON site.candidacies TO conoceles_sitio`,
	} {
		t.Run(grant, func(t *testing.T) {
			_, pg := openDesk(t)
			owner, err := pgx.Connect(t.Context(), pg.OwnerURL)
			if err != nil {
				t.Fatal(err)
			}
			defer owner.Close(t.Context())
			if _, err := owner.Exec(t.Context(), grant); err != nil {
				t.Fatal(err)
			}
			if s, err := db.OpenSite(t.Context(), pg.SiteURL); err == nil {
				s.Close()
				t.Error("the public half opened all the same")
			}
		})
	}
}

func TestTheDeskRefusesPowersOverTheCluster(t *testing.T) {
	pg := dbtest.New(t)
	d, err := db.OpenDesk(t.Context(), pg.SuperURL, time.Now, []byte(strings.Repeat("k", 32)))
	if err == nil {
		d.Close()
		t.Error("the desk opened as superuser")
	}
}

func TestPostgreSQLErrorsBecomeFaults(t *testing.T) {
	d, _ := openDesk(t)
	err := d.Upkeep(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return tx.Exec(ctx, `INSERT INTO desk.institution (name, acronym, place, only_one) VALUES ('a', 'a', 'a', false)`)
	})
	if !fault.Is(err, fault.Invalid) || db.Constraint(err) != "institution_only_one" {
		t.Errorf("got %v, constraint %q", err, db.Constraint(err))
	}
	if err := db.Fault(pgx.ErrNoRows); !fault.Is(err, fault.NotFound) {
		t.Errorf("no rows became %v", err)
	}
	if err := db.Fault(errors.New("otra cosa")); fault.KindOf(err) != fault.Internal {
		t.Errorf("a stranger's error became %v", err)
	}
}
