package app_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/db/embedded"
)

// kills is how many times PostgreSQL is killed; «make faults» asks for those of
// security.md 3.4.
var kills = flag.Int("muertes", 1, "cuántas veces se mata a PostgreSQL")

// TestKilledPostgreSQLLosesNothing is F3: the postmaster and all its processes are
// killed while people save, and each save that was acknowledged is there when it
// starts again, within ten seconds.
func TestKilledPostgreSQLLosesNothing(t *testing.T) {
	t.Parallel()
	c := newMortal(t)
	saved, gone, slowest := 0, 0, time.Duration(0)
	const killing = "F3 Matar PostgreSQL mientras se guarda"
	defer func() {
		noted(t, "fallas", killing, "guardados reconocidos que se perdieron", "0", fmt.Sprintf("%d de %d en %d muertes", gone, saved, *kills), gone == 0)
		noted(t, "fallas", killing, "lo más que tardó en volver", "hasta 10 s", slowest.Round(time.Millisecond).String(), slowest <= 10*time.Second)
	}()
	for i := range *kills {
		acked, lost := c.round()
		saved, gone, slowest = saved+acked, gone+lost, max(slowest, c.back)
		if lost > 0 {
			t.Fatalf("round %d: %d of %d acknowledged saves were lost", i, lost, acked)
		}
		t.Logf("round %d: %d acknowledged, none lost, back in %s", i, acked, c.back.Round(time.Millisecond))
		if c.back > 10*time.Second {
			t.Errorf("round %d: PostgreSQL took %s to come back", i, c.back)
		}
	}
}

// TestTheKillingTestCanFail is the control: a server that acknowledges before it
// writes loses saves, and the count sees it.
func TestTheKillingTestCanFail(t *testing.T) {
	t.Parallel()
	c := newMortal(t)
	c.exec(`ALTER ROLE ` + db.RoleDesk + ` SET synchronous_commit = off`)
	const tries = 8
	for range tries {
		if acked, lost := c.round(); lost > 0 {
			noted(t, "fallas", "F3 Control: reconocer sin esperar al disco", "guardados perdidos que la prueba vio", "alguno", fmt.Sprintf("%d de %d", lost, acked), true)
			t.Logf("with synchronous_commit = off, %d of %d acknowledged saves were lost", lost, acked)
			return
		}
	}
	t.Errorf("in %d deaths nothing was lost without waiting for the disk: the test above proves nothing", tries)
}

// mortal is a durable PostgreSQL that a test kills.
type mortal struct {
	testing.TB
	dir    string
	server *embedded.Server
	back   time.Duration // that the last recovery took
}

func newMortal(t testing.TB) *mortal {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil { // PostgreSQL's own account passes through it
		t.Fatal(err)
	}
	c := &mortal{TB: t, dir: dir}
	c.start()
	t.Cleanup(func() {
		if err := c.server.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	ctx := context.Background()
	if err := db.Bootstrap(ctx, c.server.URL(embedded.Superuser, "postgres"), "conoceles"); err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(ctx, c.server.URL(db.RoleOwner, "conoceles")); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *mortal) start() {
	c.Helper()
	start := time.Now()
	server, err := embedded.Start(context.Background(), embedded.Options{Dir: c.dir})
	if err != nil {
		c.Fatal(err)
	}
	c.server, c.back = server, time.Since(start)
}

func (c *mortal) exec(sql string) {
	c.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, c.server.URL(embedded.Superuser, "conoceles"))
	if err != nil {
		c.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		c.Fatal(err)
	}
}

// round saves from eight people at once, kills everything at some moment and
// counts which acknowledged saves are not there afterwards.
func (c *mortal) round() (acked, lost int) {
	c.Helper()
	desk := c.desk()
	var mu sync.Mutex
	var keys []string
	failed := 0
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for {
				key := uuid.NewString()
				_, err := desk.Do(context.Background(), db.System{Name: "prueba"}, db.Action{Kind: "prueba", Object: "cosa", Key: key},
					func(context.Context, *db.Tx) (string, error) { return "", nil })
				mu.Lock()
				if err == nil {
					keys = append(keys, key)
				} else {
					failed++
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	time.Sleep(300*time.Millisecond + rand.N(200*time.Millisecond))
	c.kill()
	all.Wait()
	desk.Close()
	if failed == 0 || len(keys) == 0 {
		c.Fatalf("the death had no effect: %d saves failed, %d were acknowledged", failed, len(keys))
	}
	c.start()
	desk = c.desk()
	defer desk.Close()
	var there int
	const q = `SELECT count(*) FROM desk.submissions WHERE key = ANY ($1::uuid[])`
	if err := desk.QueryRow(context.Background(), q, keys).Scan(&there); err != nil {
		c.Fatal(err)
	}
	return len(keys), len(keys) - there
}

func (c *mortal) desk() *db.Desk {
	c.Helper()
	desk, err := db.OpenDesk(context.Background(), c.server.URL(db.RoleDesk, "conoceles"), time.Now, []byte(strings.Repeat("k", 32)))
	if err != nil {
		c.Fatal(err)
	}
	return desk
}

// kill ends every process of the server without a word, and waits for its end.
func (c *mortal) kill() {
	c.Helper()
	text, err := os.ReadFile(filepath.Join(c.server.Dir(), "postmaster.pid"))
	if err != nil {
		c.Fatal(err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil || pid < 2 {
		c.Fatalf("postmaster.pid says %q (%v)", line, err)
	}
	children, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		c.Fatal(err)
	}
	victims := []int{pid}
	for _, path := range children {
		if stat, err := os.ReadFile(path); err == nil { // PID (name) STATE PPID …
			_, rest, _ := strings.Cut(string(stat), ") ")
			fields := strings.Fields(rest)
			if len(fields) > 1 && fields[1] == line {
				child, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
				victims = append(victims, child)
			}
		}
	}
	for _, victim := range victims {
		if victim > 1 {
			_ = syscall.Kill(victim, syscall.SIGKILL)
		}
	}
	select {
	case <-c.server.Done():
	case <-time.After(10 * time.Second):
		c.Fatal("PostgreSQL does not die")
	}
}

// TestABlockedTableDelaysNobodyElse is F8 and F9: somebody locks the table that
// every save needs, and more people save than there are connections. Each is told
// in time and keeps the text, and citizens notice nothing.
func TestABlockedTableDelaysNobodyElse(t *testing.T) {
	t.Parallel()
	s := nodeOver(t, newStage(t))
	ctx := context.Background()
	folio := s.text(`SELECT c.folio FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
WHERE c.capture IN ('sin_iniciar', 'en_captura') AND c.standing = 'aprobada' AND n.name = 'Raíz Común' ORDER BY c.id LIMIT 1`)
	path := "/captura/" + folio + "/curricular/historia"
	who := s.enters("operador")
	_, form := who.ask(path, nil).form("main form")
	form.Set("historia_profesional", typedText)
	form.Set("accion", "volver")

	conn, err := pgx.Connect(ctx, s.pg.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `BEGIN; LOCK TABLE desk.submissions IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	const people = 20 // more than the twelve connections of the desk
	var all sync.WaitGroup
	for range people {
		mine := url.Values{}
		for k, v := range form {
			mine[k] = v
		}
		mine.Set("guardado_id", uuid.NewString())
		all.Go(func() {
			start := time.Now()
			got := who.ask(path, mine)
			if took := time.Since(start); got.status != http.StatusServiceUnavailable || took > 10*time.Second {
				t.Errorf("a save answers %d after %s", got.status, took)
			}
			if _, kept := got.form("main form"); kept.Get("historia_profesional") != typedText {
				t.Error("the text does not come back")
			}
		})
	}
	time.Sleep(500 * time.Millisecond)
	var waiting int
	if err := conn.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`).Scan(&waiting); err != nil || waiting == 0 {
		t.Errorf("nobody waits for the lock (%v): the fault had no effect", err)
	}
	citizen := s.enters("")
	for _, page := range []string{"/", "/candidaturas", s.live()} {
		start := time.Now()
		if got := citizen.ask(page, nil); got.status != http.StatusOK || time.Since(start) > 2*time.Second {
			t.Errorf("meanwhile %s answers %d after %s", page, got.status, time.Since(start))
		}
	}
	all.Wait()
	if _, err := conn.Exec(ctx, `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	if got := who.ask(path, form); got.status != http.StatusSeeOther {
		t.Errorf("once it is free, a save answers %d", got.status)
	}
}
