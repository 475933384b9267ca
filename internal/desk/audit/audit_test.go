package audit_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/audit"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/publish"
	"conoceles/internal/ledger"
)

// chain returns a world where five acts were done, and its chain.
func chain(t testing.TB) (*desktest.World, audit.Chain) {
	t.Helper()
	w := desktest.New(t)
	n, err := ledger.NewNotary(bytes.Repeat([]byte{4}, 32))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		act(w, "captura.version", fmt.Sprintf("candidatura %d", i))
	}
	return w, audit.Chain{Desk: w.Desk, Notary: n}
}

func act(w *desktest.World, kind, object string) {
	w.T.Helper()
	a := db.Action{Kind: kind, Process: w.Process, Object: object, Details: map[string]string{"pagina": "motivo", "version": "2"}}
	_, err := w.Desk.Do(context.Background(), db.System{Name: "prueba"}, a, func(context.Context, *db.Tx) (string, error) { return "", nil })
	if err != nil {
		w.T.Fatal(err)
	}
}

func sequence(t testing.TB, c audit.Chain) int {
	t.Helper()
	n, err := c.Sequence(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func verified(t testing.TB, c audit.Chain, kept ...string) []audit.Found {
	t.Helper()
	found, err := c.Verify(t.Context(), kept...)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func number(t *testing.T, w *desktest.World, sql string) (n int) {
	t.Helper()
	if err := w.Desk.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// tamper does what no role of the system may.
func tamper(t *testing.T, w *desktest.World, sql string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), w.PG.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	if _, err := c.Exec(t.Context(), `SET session_replication_role = replica`); err != nil {
		t.Fatal(err)
	}
	tag, err := c.Exec(t.Context(), sql)
	if err != nil || tag.RowsAffected() == 0 {
		t.Fatalf("%s: %v, %v: the test would prove nothing", sql, tag, err)
	}
}

func TestEachEntryIsChainedOnceByHoweverManySequencers(t *testing.T) {
	w, c := chain(t)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if _, err := c.Sequence(context.Background()); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() { act(w, "captura.borrador", "candidatura 9") })
	}
	all.Wait()
	sequence(t, c)
	if got, want := number(t, w, `SELECT count(*) FROM audit.chain`), number(t, w, `SELECT count(*) FROM audit.entries`); got != want {
		t.Errorf("%d entries are chained, want %d", got, want)
	}
	if found := verified(t, c); len(found) > 0 {
		t.Errorf("an intact bitácora has %v", found)
	}
}

func TestWhatIsCommittedLateIsChainedAfterWhatCameFirst(t *testing.T) {
	w, c := chain(t)
	began, commit := make(chan bool), make(chan bool)
	var late sync.WaitGroup
	late.Go(func() {
		w.Tx(func(ctx context.Context, tx *db.Tx) error {
			err := tx.Exec(ctx, `INSERT INTO audit.entries (at, role, kind, object) VALUES (now(), 'sistema:prueba', 'captura.version', 'tarde')`)
			began <- true
			<-commit
			return err
		})
	})
	<-began
	act(w, "captura.version", "después")
	sequence(t, c)
	commit <- true
	late.Wait()
	if n := sequence(t, c); n != 1 {
		t.Errorf("%d entries are chained, want the one with an earlier number", n)
	}
	if found := verified(t, c); len(found) > 0 {
		t.Errorf("an intact bitácora has %v", found)
	}
}

func TestVerifyFindsEveryAlterationOfTheBitacora(t *testing.T) {
	for name, c := range map[string]struct{ sql, says string }{
		"an entry removed":         {`DELETE FROM audit.entries WHERE object = 'candidatura 2'`, "falta el asiento"},
		"the last one removed":     {`DELETE FROM audit.entries WHERE id = (SELECT max(id) FROM audit.entries)`, "falta el asiento"},
		"who":                      {`UPDATE audit.entries SET role = 'titular' WHERE object = 'candidatura 2'`, "se alteró"},
		"which account":            {`UPDATE audit.entries SET account_id = 7 WHERE object = 'candidatura 2'`, "se alteró"},
		"what":                     {`UPDATE audit.entries SET kind = 'captura.borrador' WHERE object = 'candidatura 2'`, "se alteró"},
		"to what":                  {`UPDATE audit.entries SET object = 'candidatura 8' WHERE object = 'candidatura 2'`, "se alteró"},
		"when, by a microsecond":   {`UPDATE audit.entries SET at = at + interval '1 microsecond' WHERE object = 'candidatura 2'`, "se alteró"},
		"a detail":                 {`UPDATE audit.entries SET details = details || '{"version": "3"}' WHERE object = 'candidatura 2'`, "se alteró"},
		"a detail of another kind": {`UPDATE audit.entries SET details = details || '{"version": {"a": 1}}' WHERE object = 'candidatura 2'`, "se alteró"},
		"the process":              {`UPDATE audit.entries SET process_id = NULL WHERE object = 'candidatura 2'`, "se alteró"},
		"two reordered":            {`UPDATE audit.chain SET position = CASE position WHEN 1 THEN 2 ELSE 1 END + 0 WHERE false`, ""},
		"an entry and its place":   {`WITH d AS (DELETE FROM audit.chain WHERE position = 4 RETURNING entry_id) DELETE FROM audit.entries WHERE id IN (SELECT entry_id FROM d)`, "último sello"},
		"a digest in the chain":    {`UPDATE audit.chain SET digest = sha256('x') WHERE position = 2`, "se alteró"},
		"a hash of the tree":       {`UPDATE audit.chain_hashes SET hash = sha256('x') WHERE index = 2`, "árbol"},
		"a signature":              {`UPDATE audit.chain_checkpoints SET note = replace(note, '— conoceles A', '— conoceles B') || ' '`, "firmado"},
		"the checkpoints":          {`DELETE FROM audit.chain_checkpoints`, "último sello"},
		"a seal":                   {`UPDATE audit.seals SET size = size - 1`, "registro público"},
	} {
		t.Run(name, func(t *testing.T) {
			w, k := chain(t)
			sequence(t, k)
			if found := verified(t, k); len(found) > 0 {
				t.Fatalf("an intact bitácora has %v", found)
			}
			if c.says == "" { // places are unique: it takes three steps
				for _, sql := range []string{
					`UPDATE audit.chain SET position = 99 WHERE position = 1`, `UPDATE audit.chain SET position = 1 WHERE position = 2`,
					`UPDATE audit.chain SET position = 2 WHERE position = 99`,
				} {
					tamper(t, w, sql)
				}
				c.says = "desde el lugar 1"
			} else {
				tamper(t, w, c.sql)
			}
			if found := fmt.Sprint(verified(t, k)); !strings.Contains(found, c.says) {
				t.Errorf("found %s, want «%s»", found, c.says)
			}
		})
	}
}

func TestARewrittenBitacoraIsToldFromOutside(t *testing.T) {
	w, c := chain(t)
	sequence(t, c)
	file := audit.Witness{Path: filepath.Join(t.TempDir(), "sellos.jsonl")}
	for range 3 { // once an hour
		if err := file.Keep(t.Context(), w.Desk); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := file.Checkpoints()
	if err != nil || len(kept) != 1 {
		t.Fatalf("%d checkpoints were kept, want 1 (%v)", len(kept), err)
	}
	if found := verified(t, c, kept...); len(found) > 0 {
		t.Fatalf("an intact bitácora has %v", found)
	}
	tamper(t, w, `UPDATE audit.entries SET role = 'titular' WHERE object = 'candidatura 2'`)
	for _, table := range []string{"chain", "chain_hashes", "chain_checkpoints", "seals"} {
		tamper(t, w, "DELETE FROM audit."+table)
	}
	sequence(t, c)
	if found := verified(t, c); len(found) > 0 {
		t.Fatalf("the rewriting was not whole: %v", found)
	}
	if found := verified(t, c, kept...); len(found) == 0 {
		t.Error("nobody can tell a bitácora that was rewritten")
	}
}

// TestTheRegisterTellsNothingOfTheDesk looks at what a reader of the public
// register sees of a busy hour and of an idle one: the same.
func TestTheRegisterTellsNothingOfTheDesk(t *testing.T) {
	w, c := chain(t)
	r := publish.Register{Desk: w.Desk, Notary: c.Notary}
	grow := func() int {
		t.Helper()
		sequence(t, c)
		n, err := r.Sequence(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := grow(); n != 1 {
		t.Fatalf("the first hour adds %d leaves, want 1", n)
	}
	act(w, "consentimiento.retirar", "candidatura 1")
	if n := grow(); n != 0 {
		t.Errorf("a withdrawal adds %d leaves within the hour: it can be told", n)
	}
	w.SetNow(w.Now().Add(time.Hour))
	if n := grow(); n != 1 {
		t.Errorf("an hour with a withdrawal adds %d leaves, want 1", n)
	}
	w.SetNow(w.Now().Add(time.Hour))
	if n := grow(); n != 1 {
		t.Errorf("an hour without any act adds %d leaves, want 1", n)
	}
	var leaf []byte
	if err := w.Site.QueryRow(t.Context(), `SELECT leaf FROM site.log_leaves ORDER BY index DESC LIMIT 1`).Scan(&leaf); err != nil {
		t.Fatal(err)
	}
	var size int64
	var root []byte
	if err := w.Desk.QueryRow(t.Context(), `SELECT size, root FROM audit.seals ORDER BY id DESC LIMIT 1`).Scan(&size, &root); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(leaf, ledger.Seal{At: w.Now().Truncate(time.Hour), Size: size, Root: root}.Leaf(make([]byte, ledger.SaltSize))) {
		t.Error("the seal has no salt")
	}
	found, err := r.Verify(t.Context())
	if err != nil || len(found) > 0 || len(verified(t, c)) > 0 {
		t.Errorf("the register has %v, %v", found, err)
	}
}

func TestTheBitacoraCannotBeChangedByAnyRole(t *testing.T) {
	w, c := chain(t)
	sequence(t, c)
	for name, url := range map[string]string{"duena": w.PG.OwnerURL, "escritorio": w.PG.DeskURL, "sitio": w.PG.SiteURL} {
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		for table, change := range map[string]string{
			"entries": "object = 'otra cosa'", "chain": "position = position + 100", "chain_hashes": "index = index + 100",
			"chain_checkpoints": "note = ''", "seals": "size = 0",
		} {
			for _, sql := range []string{"UPDATE audit." + table + " SET " + change, "DELETE FROM audit." + table, "TRUNCATE audit." + table + " CASCADE"} {
				if _, err := conn.Exec(t.Context(), sql); err == nil {
					t.Errorf("%s may: %s", name, sql)
				}
			}
		}
		if _, err := conn.Exec(t.Context(), `SELECT 1 FROM audit.entries`); name == "sitio" && err == nil {
			t.Error("the site's role reads the bitácora")
		}
		conn.Close(t.Context())
	}
}

// BenchmarkVerify is the figure of security.md 7, G17.
func BenchmarkVerify(b *testing.B) {
	w, c := chain(b)
	for range 10 {
		w.Exec(`INSERT INTO audit.entries (at, process_id, role, kind, object, details)
SELECT now(), $1, 'operador', 'captura.version', 'candidatura ' || g, '{"pagina": "motivo"}' FROM generate_series(1, 10000) g`, w.Process)
	}
	sequence(b, c)
	for b.Loop() {
		if found := verified(b, c); len(found) > 0 {
			b.Fatal(found)
		}
	}
}
