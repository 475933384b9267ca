package rig_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"conoceles/internal/app"
	"conoceles/internal/rig"
)

var clocks = flag.Int("relojes", 0, "cuántas veces se mueve cada reloj (piden libfaketime)")

// fakeTime is where Debian puts what moves the clock of a program.
const fakeTime = "/usr/lib/*/faketime/libfaketime.so.1"

// TestAClockThatIsWrong is F10: the clock of PostgreSQL jumps three days, and that
// of a node some hours. No session, consent or deadline changes for it: what is
// open and published says the clock of the program, and what was withdrawn is
// withdrawn by any clock.
func TestAClockThatIsWrong(t *testing.T) {
	if *clocks == 0 { // it is for the long round
		return
	}
	found, _ := filepath.Glob(fakeTime) // only a malformed pattern fails
	if len(found) == 0 {
		t.Fatal("falta libfaketime; instálalo (apt-get install libfaketime) para mover el reloj de PostgreSQL")
	}
	s := newSite(t, 600)
	node := s.Start()
	who := rig.Somebody(node.Addr)
	if err := who.Enter("operador"); err != nil {
		t.Fatal(err)
	}
	folios, fichas := s.Exposed()
	paths := append(s.Profiles()[:20], "/", "/candidaturas", "/avance", "/datos/candidaturas.csv", fichas[0])
	right := pages(t, rig.Somebody(node.Addr), paths)
	writer := &rig.Writer{Person: who, Section: s.Sections()[0]}
	for range *clocks {
		for _, shift := range []time.Duration{72 * time.Hour, -72 * time.Hour} {
			wrong := rig.Wrapped(t, fmt.Sprintf("LD_PRELOAD=%s FAKETIME=%+ds DONT_FAKE_MONOTONIC=1 exec \"$real\" \"$@\"", found[0], int(shift.Seconds())))
			s.Postgres.StartWith(wrong)
			if off := time.Until(serverClock(t, s)) - shift; off.Abs() > time.Minute {
				t.Fatalf("the clock of PostgreSQL is off by %s from what was asked: the fault had no effect", off)
			}
			node.WaitReady()
			judge(t, s, node, writer, right, paths, fmt.Sprintf("PostgreSQL %+.0f h", shift.Hours()))
		}
		s.Postgres.StartWith("")
		node.WaitReady()
		for _, shift := range []time.Duration{time.Hour, -time.Hour, 24 * time.Hour, -24 * time.Hour} {
			withdrawBy(t, s, node, folios[0], fichas[0], shift)
		}
	}
	verify(t, s)
	acked, lost := s.Lost([]*rig.Writer{writer})
	noted(t, "fallas", "F10 Mover el reloj de PostgreSQL tres días y el de un nodo uno", "lo que cambió de sesiones, plazos, páginas y consentimientos", "nada",
		map[bool]string{true: "algo", false: "nada"}[t.Failed()], !t.Failed())
	if lost > 0 || acked == 0 {
		t.Errorf("%d of %d acknowledged saves were lost", lost, acked)
	}
}

// judge fails if somebody sees the difference.
func judge(t *testing.T, s *rig.Site, node *rig.Node, writer *rig.Writer, right map[string][]byte, paths []string, what string) {
	t.Helper()
	for path, want := range right {
		if got := pages(t, rig.Somebody(node.Addr), []string{path})[path]; !bytes.Equal(got, want) {
			t.Errorf("%s: %s is another page", what, path)
		}
	}
	if ok, err := writer.Save("Con el reloj: " + what); !ok {
		t.Errorf("%s: whoever had entered cannot save: %d %v", what, writer.Status, err)
	}
	if err := rig.Somebody(node.Addr).Enter("validador"); err != nil {
		t.Errorf("%s: %v", what, err)
	}
	out := rig.Somebody(node.Addr)
	if err := out.Enter("verificador"); err != nil {
		t.Errorf("%s: %v", what, err)
	}
	if status, _, err := out.Send("/salir", nil); err != nil || status != http.StatusSeeOther {
		t.Errorf("%s: leaving answers %d %v", what, status, err)
	}
	if got, err := out.Get("/transparencia"); err != nil || got.Status == http.StatusOK {
		t.Errorf("%s: a session that ended goes on: %d %v", what, got.Status, err)
	}
}

// withdrawBy withdraws and grants by a node whose clock is wrong: every other node
// shows at once what was decided.
func withdrawBy(t *testing.T, s *rig.Site, node *rig.Node, folio, ficha string, shift time.Duration) {
	t.Helper()
	err := s.With(func() time.Time { return time.Now().Add(shift) }, func(a *app.App) error {
		acts, err := rig.Acts(a)
		if err != nil {
			return err
		}
		for _, step := range []struct {
			act   func(context.Context, string) error
			shown bool
		}{{acts.Withdraw, false}, {acts.Grant, true}} {
			if err := step.act(context.Background(), folio); err != nil {
				return err
			}
			got, err := rig.Somebody(node.Addr).Get(ficha)
			if err != nil {
				return err
			}
			if shown := strings.HasPrefix(got.Header.Get("Cache-Control"), "private"); shown != step.shown {
				t.Errorf("decided by a clock %s off, identity is shown: %t, want %t", shift, shown, step.shown)
			}
		}
		return nil
	})
	if err != nil {
		t.Errorf("by a clock %s off: %v", shift, err)
	}
}

// pages reads pages whole.
func pages(t *testing.T, who *rig.Person, paths []string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, path := range paths {
		got, err := who.Get(path)
		if err != nil || got.Status != http.StatusOK {
			t.Fatalf("%s: %d %v", path, got.Status, err)
		}
		out[path] = got.Body
	}
	return out
}

func serverClock(t *testing.T, s *rig.Site) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s.Postgres.Text(`SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`))
	if err != nil {
		t.Fatal(err)
	}
	return at
}
