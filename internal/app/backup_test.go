package app_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/app"
	"conoceles/internal/backup"
	"conoceles/internal/config"
	"conoceles/internal/db"
	"conoceles/internal/db/dbtest"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/keys"
)

// keptStage is a stage with a backup older than a withdrawal and an erasure, and
// everything that its custodians keep by other ways.
type keptStage struct {
	*stage
	dir, custodian    string
	before            string // withdrawn before the backup
	withdrawn, erased string // after it
	standing          string // consents still
}

func newKeptStage(t *testing.T) *keptStage {
	t.Helper()
	s := &keptStage{stage: newStage(t), dir: filepath.Join(t.TempDir(), "respaldo"), custodian: filepath.Join(t.TempDir(), "custodia.txt")}
	ctx := context.Background()
	public, err := backup.NewCustodian(s.custodian)
	if err != nil {
		t.Fatal(err)
	}
	s.app.Config.BackupRecipients = []string{public}
	wanted := []*string{&s.withdrawn, &s.erased, &s.standing}
	for n := 0; len(wanted) > 0 || s.before == ""; n++ {
		folio := s.consented("verifica", n)
		if !s.lives(folio) { // verified, and its answers changed since
			s.before = folio
		} else if len(wanted) > 0 {
			*wanted[0], wanted = folio, wanted[1:]
		}
	}
	head := actorOf[auth.Head](s.stage, "titular")
	withdraw := func(folio string) {
		if err := s.app.Consents.WithdrawOnPaper(ctx, head, folio, "", s.app.Now(), "Por escrito"); err != nil {
			t.Fatal(err)
		}
	}
	withdraw(s.before)
	done, err := s.app.Backup(ctx, s.dir)
	if err != nil {
		t.Fatal(err)
	}
	if done.Tables < 60 || done.Rows < 4000 || done.Bytes == 0 {
		t.Fatalf("the backup has %+v", done)
	}
	withdraw(s.withdrawn)
	s.retire(head, s.erased, true)
	return s
}

// machine is the configuration of another machine, with what the custodians
// brought to it. Without a database it has none of its own yet.
func (s *keptStage) machine(pg *dbtest.DB) config.Config {
	s.Helper()
	cfg := alone(s.TB.(*testing.T), "127.0.0.1:0")
	cfg.BaseURL = s.app.Config.BaseURL
	if pg != nil {
		cfg.DatabaseURL, cfg.SiteDatabaseURL = config.Secret(pg.DeskURL), config.Secret(pg.SiteURL)
		cfg.OwnerDatabaseURL = config.Secret(pg.OwnerURL)
	}
	for from, to := range map[string]string{s.app.Config.Keyset: cfg.Keyset, s.app.Config.Tombstones: cfg.Tombstones} {
		text, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(to, text, 0o600)
		}
		if err != nil {
			s.Fatal(err)
		}
	}
	return cfg
}

func (s *keptStage) options() app.RestoreOptions {
	return app.RestoreOptions{Dir: s.dir, Key: s.custodian}
}

// TestTheDrill loses the machine and restores the backup on an empty one, with
// nothing but what the custodians keep: every table is as it was, what was
// withdrawn or erased since then is nowhere, every public page has the same bytes
// as the machine that was lost, and work goes on.
func TestTheDrill(t *testing.T) {
	t.Parallel()
	s := newKeptStage(t)
	ctx := context.Background()
	want := map[string]string{}
	paths := append(s.profiles(), "/", "/candidaturas", "/estadisticas", "/datos/cambios.json")
	for _, path := range paths {
		want[path] = s.page(path)
	}
	schema, err := db.DumpSchema(ctx, s.pg.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}

	cfg := s.machine(nil)
	done, err := app.Restore(ctx, cfg, quiet(), s.options())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("restored %d tables and %d rows: check %s, load %s, settle %s, in all %s", done.Tables, done.Rows, done.Check, done.Load, done.Settle, done.Took)
	if done.Reapplied != 2 {
		t.Errorf("%d withdrawals and erasures were applied again, want 2", done.Reapplied)
	}
	if done.Took > 15*time.Minute { // G11; a demonstration takes seconds
		t.Errorf("it took %s", done.Took)
	}

	a, err := app.Open(ctx, cfg, quiet(), app.Both)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	if d, err := a.Publisher.Verify(ctx, a.Desk); err != nil || len(d) != 0 {
		t.Errorf("verificar finds %+v (%v)", d, err)
	}
	restored := &stage{TB: t, app: a}
	if restored.front, restored.handler, err = a.Handler(ctx); err != nil {
		t.Fatal(err)
	}
	differ := 0
	for _, path := range paths {
		if got := restored.page(path); got != want[path] {
			differ++
			t.Errorf("%s differs: %s", path, cmp.Diff(want[path], got))
		}
	}
	const drill = "Perder la máquina y restaurar el respaldo en una vacía"
	noted(t, "ensayo", drill, "páginas públicas que difieren byte a byte", "0", fmt.Sprintf("%d de %d", differ, len(paths)), differ == 0)
	noted(t, "ensayo", drill, "retiros y borrados posteriores al respaldo, aplicados otra vez", "2", fmt.Sprint(done.Reapplied), done.Reapplied == 2)
	noted(t, "ensayo", drill, "tiempo en restaurar (tablas y filas)", "hasta 15 min", fmt.Sprintf("%s (%d y %d)", done.Took.Round(time.Millisecond), done.Tables, done.Rows), done.Took <= 15*time.Minute)
	for folio, shows := range map[string]bool{s.before: false, s.withdrawn: false, s.erased: false, s.standing: true} {
		if got := restored.lives(folio); got != shows {
			t.Errorf("%s shows identity: %t, want %t", folio, got, shows)
		}
	}
	// The keys, the triggers and the comments are back where they were.
	if got, err := db.DumpSchema(ctx, a.OwnerURL()); err != nil || got != schema {
		t.Errorf("the schema differs (%v): %s", err, cmp.Diff(schema, got))
	}
	// And people work: accounts enter and numbering goes on.
	server := httptest.NewServer(restored.handler)
	t.Cleanup(server.Close)
	c := &client{t, server.Client(), server.URL}
	if got := c.ask("/entrar", map[string][]string{"correo": {"operador@ejemplo.invalid"}, "contrasena": {"conoceles-de-prueba"}}); got.status >= 400 {
		t.Errorf("nobody enters: %d", got.status)
	}
	if err := a.Consents.WithdrawOnPaper(ctx, actorOf[auth.Head](restored, "titular"), s.standing, "", a.Now(), "Por escrito"); err != nil {
		t.Errorf("nobody withdraws: %v", err)
	}
	if _, err := app.Restore(ctx, cfg, quiet(), s.options()); err == nil || !strings.Contains(err.Error(), "no está vacía") {
		t.Errorf("a backup is restored over work: %v", err)
	}
}

// TestABackupHasNothingInTheClear looks for what it copies in what it wrote.
func TestABackupHasNothingInTheClear(t *testing.T) {
	t.Parallel()
	s := newKeptStage(t)
	words := []string{
		s.text(`SELECT surnames FROM desk.persons ORDER BY length(surnames) DESC, id LIMIT 1`), s.withdrawn, "operador@ejemplo.invalid", "candidacy_keys",
	}
	files, err := filepath.Glob(filepath.Join(s.dir, "*"))
	if err != nil || len(files) != 4 {
		t.Fatalf("%v (%v)", files, err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if bytes.Contains(text, []byte(w)) {
				t.Errorf("%s says %q", f, w)
			}
		}
	}
}

// TestWhatARestoreRefuses leaves the database empty, or without identity, each
// time that going on could bring back what somebody took away.
func TestWhatARestoreRefuses(t *testing.T) {
	t.Parallel()
	s := newKeptStage(t)
	ctx := context.Background()
	edit := func(path string, fn func([]byte) []byte) {
		text, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(path, fn(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	flip := func(b []byte) []byte { b[len(b)/2] ^= 1; return b }
	for _, tt := range []struct {
		name  string
		spoil func(*config.Config, *app.RestoreOptions)
		says  string
	}{
		{"without the keyset", func(c *config.Config, _ *app.RestoreOptions) { os.Remove(c.Keyset) }, "Falta el llavero"},
		{"with another keyset", func(c *config.Config, _ *app.RestoreOptions) { c.Keyset = s.otherKeyset() }, "no corresponde a este llavero"},
		{"without the marks", func(c *config.Config, _ *app.RestoreOptions) { os.Remove(c.Tombstones) }, "Falta el archivo de retiros"},
		{"with older marks", func(c *config.Config, _ *app.RestoreOptions) {
			edit(c.Tombstones, func([]byte) []byte { return nil })
		}, "más viejo que el respaldo"},
		{"a byte of the data changed", func(_ *config.Config, o *app.RestoreOptions) {
			o.Dir = s.copyOf(s.dir)
			edit(filepath.Join(o.Dir, "datos.age"), flip)
		}, "datos.age del respaldo está dañado"},
		{"the keys were cut", func(_ *config.Config, o *app.RestoreOptions) {
			o.Dir = s.copyOf(s.dir)
			edit(filepath.Join(o.Dir, "llaves.age"), func(b []byte) []byte { return b[:len(b)-20] })
		}, "llaves.age del respaldo está dañado"},
		{"the keys were destroyed", func(_ *config.Config, o *app.RestoreOptions) {
			o.Dir = s.copyOf(s.dir)
			os.Remove(filepath.Join(o.Dir, "llaves.age"))
		}, "se destruye a los siete días"},
		{"the envelope changed", func(_ *config.Config, o *app.RestoreOptions) {
			o.Dir = s.copyOf(s.dir)
			edit(filepath.Join(o.Dir, "respaldo.json"), func(b []byte) []byte {
				return bytes.Replace(b, []byte(`"cuantas": 1`), []byte(`"cuantas": 0`), 1)
			})
		}, "el respaldo está alterado"},
		{"half a backup", func(_ *config.Config, o *app.RestoreOptions) {
			o.Dir = s.copyOf(s.dir)
			os.Remove(filepath.Join(o.Dir, "respaldo.json"))
		}, "no hay un respaldo completo"},
		{"the key of another person", func(_ *config.Config, o *app.RestoreOptions) {
			o.Key = filepath.Join(t.TempDir(), "otra.txt")
			if _, err := backup.NewCustodian(o.Key); err != nil {
				t.Fatal(err)
			}
		}, "se cifró para otra persona"},
	} {
		pg := dbtest.NewEmpty(t)
		cfg, options := s.machine(pg), s.options()
		tt.spoil(&cfg, &options)
		if _, err := app.Restore(ctx, cfg, quiet(), options); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.says)
		}
		if empty, err := db.Empty(ctx, pg.OwnerURL); err != nil || !empty {
			t.Errorf("%s: something was kept (%v)", tt.name, err)
		}
	}
}

// TestWithoutTheMarksNoIdentityIsShown restores where the file of marks was lost.
func TestWithoutTheMarksNoIdentityIsShown(t *testing.T) {
	t.Parallel()
	s := newKeptStage(t)
	ctx := context.Background()
	newer := filepath.Join(t.TempDir(), "nuevo") // made after the erasure: its keys lack one
	if _, err := s.app.Backup(ctx, newer); err != nil {
		t.Fatal(err)
	}
	cfg := s.machine(dbtest.NewEmpty(t))
	os.Remove(cfg.Tombstones)
	options := s.options()
	options.MarksOfBackup, options.KeysDir = true, newer
	done, err := app.Restore(ctx, cfg, quiet(), options)
	if err != nil || done.Reapplied != 1 { // the one whose key was destroyed
		t.Fatalf("%+v, %v", done, err)
	}
	a, err := app.Open(ctx, cfg, quiet(), app.Both)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close(ctx)
	restored := &stage{TB: t, app: a}
	if restored.front, restored.handler, err = a.Handler(ctx); err != nil {
		t.Fatal(err)
	}
	if restored.lives(s.standing) || restored.lives(s.withdrawn) {
		t.Error("identity is shown before anybody says that it may")
	}
	if err := a.SetMode(ctx, app.ModeNormal); err != nil {
		t.Fatal(err)
	}
	if !restored.lives(s.standing) || !restored.lives(s.withdrawn) {
		t.Error("what was withdrawn after the marks is not there: the caution above proves nothing")
	}
	if restored.lives(s.erased) || restored.lives(s.before) {
		t.Error("what was withdrawn before, or whose key was destroyed, is shown")
	}
}

func (s *keptStage) otherKeyset() string {
	path := filepath.Join(s.TB.(*testing.T).TempDir(), "otro.json")
	if _, err := keys.Open(path); err != nil {
		s.Fatal(err)
	}
	return path
}

func (s *keptStage) copyOf(dir string) string {
	to := filepath.Join(s.TB.(*testing.T).TempDir(), "copia")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		s.Fatal(err)
	}
	return to
}

// lives reports whether the ficha of somebody shows identity: only such a page
// may be kept by nobody.
func (s *stage) lives(folio string) bool {
	s.Helper()
	rec := httptest.NewRecorder()
	path := "/candidaturas/" + s.text(`SELECT slug FROM desk.candidacies WHERE folio = $1`, folio)
	s.handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	if rec.Code != http.StatusOK {
		s.Fatalf("%s answers %d", path, rec.Code)
	}
	return strings.HasPrefix(rec.Header().Get("Cache-Control"), "private")
}
