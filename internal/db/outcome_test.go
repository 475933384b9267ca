package db_test

import (
	"context"
	"errors"
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/db"
	"conoceles/internal/db/dbtest"
	"conoceles/internal/fault"
)

// rounds is how many times each fault of the network is made; «make faults» asks
// for those of security.md 3.4.
var rounds = flag.Int("vueltas", 12, "cuántas veces se provoca cada falla")

// wired is a desk whose database is at the end of a wire.
func wired(t *testing.T) (*db.Desk, *dbtest.Wire) {
	t.Helper()
	pg := dbtest.New(t)
	wire := dbtest.NewWire(t, pg)
	d, err := db.OpenDesk(t.Context(), wire.URL(pg.DeskURL), func() time.Time { return noon }, []byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d, wire
}

// What pgx sends to end a transaction.
const commit = "commit\x00"

// TestFaultsOfTheNetwork cuts the wire around the commit of a save (F6, F7): what
// a person is told is what happened or that it is not known, and sending the same
// form again leaves exactly one effect.
func TestFaultsOfTheNetwork(t *testing.T) {
	for _, tt := range []struct {
		name string
		cut  func(*dbtest.Wire)
		want func(error) bool // what the first answer may be
		kept bool             // whether the first one had its effect
	}{
		{
			"the reply to the commit is lost", func(w *dbtest.Wire) { w.LoseReply(commit) },
			func(err error) bool { return err == nil }, true,
		},
		{
			"the commit is lost", func(w *dbtest.Wire) { w.LoseMessage(commit) },
			func(err error) bool { return fault.Is(err, fault.Unavailable) && !errors.Is(err, db.ErrUnknown) }, false,
		},
		{
			"the reply is lost and nobody can ask", func(w *dbtest.Wire) { w.LoseReplyAndCut(commit) },
			func(err error) bool { return errors.Is(err, db.ErrUnknown) }, true,
		},
		{
			"a statement is lost", func(w *dbtest.Wire) { w.LoseMessage("prueba.guardar") },
			func(err error) bool { return fault.Is(err, fault.Unavailable) && !errors.Is(err, db.ErrUnknown) }, false,
		},
		{
			"everything is cut before", func(w *dbtest.Wire) { w.Cut() },
			func(err error) bool { return fault.Is(err, fault.Unavailable) && !errors.Is(err, db.ErrUnknown) }, false,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, wire := wired(t)
			for i := range *rounds {
				before := wire.Acted()
				tt.cut(wire)
				a := db.Action{Kind: "prueba.guardar", Object: "cosa 1", Key: uuid.NewString(), Payload: []byte("a")}
				done, err := d.Do(t.Context(), db.System{Name: "prueba"}, a, insert)
				if !tt.want(err) {
					t.Fatalf("round %d: %+v, %v", i, done, err)
				}
				if wire.Acted() == before {
					t.Fatalf("round %d proves nothing: the wire did not act", i)
				}
				wire.Mend()
				again, err := d.Do(t.Context(), db.System{Name: "prueba"}, a, insert)
				if err != nil || again.Replayed != tt.kept || again.Result != "/hecho" {
					t.Fatalf("round %d, sent again: %+v, %v, want replayed %t", i, again, err, tt.kept)
				}
				if got, want := count(t, d, effects), i+1; got != want {
					t.Fatalf("round %d: %d effects, want %d", i, got, want)
				}
				if got, want := count(t, d, entries), i+1; got != want {
					t.Fatalf("round %d: %d entries in the bitácora, want %d", i, got, want)
				}
			}
		})
	}
}

// TestTheNetworkTestCanFail is the control of the one above: the same cut with no
// key leaves two effects, and the count sees it.
func TestTheNetworkTestCanFail(t *testing.T) {
	d, wire := wired(t)
	wire.LoseReply(commit)
	keyless := db.Action{Kind: "prueba.guardar", Object: "cosa 1"}
	_, err := d.Do(t.Context(), db.System{Name: "prueba"}, keyless, insert)
	if !errors.Is(err, db.ErrUnknown) {
		t.Fatalf("without a key nobody can know: %v", err)
	}
	if _, err := d.Do(context.Background(), db.System{Name: "prueba"}, keyless, insert); err != nil {
		t.Fatal(err)
	}
	if got := count(t, d, effects); got != 2 {
		t.Errorf("%d effects, want the duplicate that the keys prevent", got)
	}
}

// TestAServerThatDoesNotAnswerIsSaidInTime is the network that swallows (F6): no
// request waits for ever.
func TestAServerThatDoesNotAnswerIsSaidInTime(t *testing.T) {
	d, wire := wired(t)
	wire.Slow(1500 * time.Millisecond)
	before := wire.Acted()
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := d.Do(ctx, db.System{Name: "prueba"}, act("a"), insert)
	if !fault.Is(err, fault.Unavailable) && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > 2500*time.Millisecond || wire.Acted() == before {
		t.Errorf("it took %s, and the wire acted: %t", took, wire.Acted() != before)
	}
}
