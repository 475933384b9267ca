package app_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/app"
	"conoceles/internal/config"
	"conoceles/internal/db/dbtest"
	"conoceles/internal/demo"
	"conoceles/internal/desk/canary"
	"conoceles/internal/serve"
)

// world is the whole program over a seeded world of canaries, at a fixed instant.
type world struct {
	*stage
	plan canary.Plan
	acts *canary.Acts
	log  *journal
	cfg  config.Config
	// besides are whom a crawl that asks for some cards asks for as well.
	besides []string
}

// worldSize is how large the demonstration under a world is: it must have a
// candidacy for every row of the matrix.
const worldSize = 560

// beneath is the demonstration under a world.
var beneath = seed(worldSize, clockOfCanaries)

func clockOfCanaries() time.Time { return canary.Clock }

// newWorld seeds a world over the demonstration in a database.
func newWorld(t testing.TB, pg *dbtest.DB, cfg config.Config, v canary.Variant) *world {
	t.Helper()
	w := &world{log: &journal{}, cfg: cfg, stage: &stage{TB: t, pg: pg}}
	w.stage = w.open().stage
	ctx := context.Background()
	var err error
	w.plan, err = canary.Seed(ctx, w.app.Desk, w.app.Keys, w.app.Publisher, canary.World{Process: demo.Key, Seed: 7, Variant: v})
	if err != nil {
		t.Fatal(err)
	}
	w.acts, err = canary.NewActs(ctx, w.app.Desk, w.app.Keys, w.app.Publisher, demo.Key)
	if err != nil {
		t.Fatal(err)
	}
	w.require()
	if err := w.app.Sequence(ctx); err != nil {
		t.Fatal(err)
	}
	// What a page may keep at hand dates from before the seeding.
	w.front, w.handler = w.reopened()
	return w
}

// open opens another process over the same database: a second node, or the same
// one after a restart.
func (w *world) open() *world {
	w.Helper()
	a, err := app.OpenAt(context.Background(), w.cfg, slog.New(slog.NewJSONHandler(w.log, nil)), app.Both, clockOfCanaries)
	if err != nil {
		w.Fatal(err)
	}
	a.NewID = func() string { return "REFERENCIA-FIJA" }
	w.Cleanup(func() {
		if err := a.Close(context.Background()); err != nil {
			w.Error(err)
		}
	})
	n := &world{stage: &stage{TB: w.TB, app: a, pg: w.pg}, plan: w.plan, acts: w.acts, log: w.log, cfg: w.cfg}
	n.front, n.handler = n.reopened()
	return n
}

// reopened returns the program mounted again, with nothing kept at hand.
func (w *world) reopened() (front *serve.Front, handler http.Handler) {
	w.Helper()
	front, handler, err := w.app.Handler(context.Background())
	if err != nil {
		w.Fatal(err)
	}
	return front, handler
}

// in returns the world reporting to a subtest.
func (w *world) in(t *testing.T) *world {
	there, s := *w, *w.stage
	s.TB, there.stage = t, &s
	return &there
}

// super runs a query as the superuser and returns its only column, or statements
// without parameters.
func (w *world) super(sql string, args ...any) []string {
	w.Helper()
	return asUser(w, w.pg.SuperURL, sql, args...)
}

func asUser(t testing.TB, url, sql string, args ...any) []string {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(ctx) }()
	if len(args) == 0 && !strings.HasPrefix(strings.TrimSpace(sql), "SELECT") {
		if _, err := c.Exec(ctx, sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		return nil
	}
	rows, err := c.Query(ctx, sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return out
}

// person returns the first candidacy of a row of the matrix.
func (w *world) person(c canary.Cell) canary.Person {
	w.Helper()
	for _, p := range w.plan.People {
		if p.Cell == c && !p.Captured {
			return p
		}
	}
	w.Fatalf("nobody is in the row %+v", c)
	return canary.Person{}
}

// told returns everybody of the matrix in a state.
func (w *world) told(s canary.State) []canary.Person {
	var out []canary.Person
	for _, p := range w.plan.People {
		if p.State == s && !p.Captured {
			out = append(out, p)
		}
	}
	return out
}

// journal is the log of the program, kept to be searched.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write appends.
func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

// Bytes returns a copy of what was logged.
func (j *journal) Bytes() []byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	return bytes.Clone(j.b.Bytes())
}
