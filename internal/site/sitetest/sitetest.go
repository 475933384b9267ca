// Package sitetest gives tests of the public half a site to read: a fictitious
// election, small enough to know by heart, written straight into schema site as
// the owner of the database, since the half under test can write nothing.
//
// Two more processes go with it: an archive of two states, whose quirks are
// those of files of other institutes, and one that waits for its date. See
// world.sql.
package sitetest

import (
	"context"
	_ "embed"
	"encoding/json"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/db/dbtest"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
)

//go:embed world.sql
var world string

// Keys of the processes of the world.
const (
	Open    = "demostracion-2027" // an election, published
	Archive = "archivo-2022"      // historical data of two states
	Waiting = "eleccion-2030"     // publication starts on 1 April 2030
)

// Now is an instant at which the open process is in campaign.
var Now = time.Date(2027, time.April, 6, 14, 30, 0, 0, election.Zone())

// World is the database, its reader, and a way to change it.
type World struct {
	t    testing.TB
	PG   *dbtest.DB
	Site *db.Site
}

// New returns the world.
func New(t testing.TB) *World {
	t.Helper()
	w := Empty(t)
	w.Exec(world)
	return w
}

// Empty returns a migrated database in which nothing was published.
func Empty(t testing.TB) *World {
	t.Helper()
	w := &World{t: t, PG: dbtest.New(t)}
	var err error
	if w.Site, err = db.OpenSite(t.Context(), w.PG.SiteURL); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Site.Close)
	return w
}

// Exec changes the site as its owner: what publishing would do.
func (w *World) Exec(sql string, args ...any) {
	w.t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, w.PG.OwnerURL)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, sql, args...); err != nil {
		w.t.Fatal(err)
	}
}

// Down makes the database refuse everybody, as one that stopped does.
func (w *World) Down() {
	w.t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, w.PG.SuperURL)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	const terminate = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`
	for _, sql := range []string{`ALTER DATABASE ` + pgx.Identifier{w.PG.Name}.Sanitize() + ` CONNECTION LIMIT 0`, terminate} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			w.t.Fatal(err)
		}
	}
}

// Consent shows identity answers of a candidacy, as publishing does under a
// consent in force: nothing else of the site changes.
func (w *World) Consent(candidacy int64, answers questionnaire.Answers) {
	w.t.Helper()
	w.Withdraw(candidacy)
	w.Exec(`UPDATE site.candidacies SET identity_state = 'publica' WHERE id = $1`, candidacy)
	w.Exec(`INSERT INTO site.identity_publications (id, candidacy_id) VALUES (gen_random_uuid(), $1)`, candidacy)
	for id, a := range answers {
		raw, err := json.Marshal(a)
		if err != nil {
			w.t.Fatal(err)
		}
		w.Exec(`INSERT INTO site.identity_answers (publication_id, question, answer)
SELECT id, $2, $3 FROM site.identity_publications WHERE candidacy_id = $1`, candidacy, string(id), json.RawMessage(raw))
	}
}

// Withdraw takes the identity answers of a candidacy off the site.
func (w *World) Withdraw(candidacy int64) {
	w.t.Helper()
	w.Exec(`DELETE FROM site.identity_publications WHERE candidacy_id = $1`, candidacy)
	w.Exec(`UPDATE site.candidacies SET identity_state = 'respondido' WHERE id = $1`, candidacy)
}

// Changed records a change of the open process, as publishing does, so that
// caches let go of what they hold.
func (w *World) Changed() {
	w.t.Helper()
	w.Exec(`INSERT INTO site.changes (at, process_id, kind) VALUES (now(), 1, 'catalogo')`)
}

// Process returns a process of the world by its key.
func (w *World) Process(s *site.Store, key string) site.Process {
	w.t.Helper()
	all, err := s.Processes(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	p, ok := site.Find(all, key)
	if !ok {
		w.t.Fatalf("no process %q", key)
	}
	return p
}
