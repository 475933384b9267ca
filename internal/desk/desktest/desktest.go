// Package desktest builds small worlds for tests of the desk: a migrated
// database, both pools, a clock that tests move, and the few rows a story needs.
// Everybody in them is fictitious.
package desktest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/db/dbtest"
	"conoceles/internal/desk/publish"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

// World is a database with a process in it.
type World struct {
	T         testing.TB
	PG        *dbtest.DB
	Desk      *db.Desk
	Site      *db.Site
	Publisher publish.Publisher
	Process   int64
	State     int64
	District  int64
	clock     atomic.Pointer[time.Time]
	serial    int
}

// Start is the instant at which every world begins: a morning of campaigns.
var Start = time.Date(2027, time.April, 6, 9, 0, 0, 0, election.Zone())

// New returns a world with one process in campaign, unpublished, with a state, a
// district, the office of diputación and no nominator.
func New(t testing.TB) *World {
	t.Helper()
	w := &World{T: t, PG: dbtest.New(t), Publisher: publish.Publisher{Curricular: questionnaire.Edition}}
	w.SetNow(Start)
	ctx := context.Background()
	desk, err := db.OpenDesk(ctx, w.PG.DeskURL, w.Now, []byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(desk.Close)
	site, err := db.OpenSite(ctx, w.PG.SiteURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(site.Close)
	w.Desk, w.Site = desk, site
	w.Exec(`INSERT INTO desk.institution (name, acronym, place, address, email)
    VALUES ('Instituto Electoral de Prueba', 'IEP', 'Prueba', 'Calle de la Prueba 1, Prueba', 'transparencia@iep.example')`)
	w.Process = w.ID(`
INSERT INTO desk.processes (key, name, kind, folio_prefix, election_day, age_reference, capture_opens_at, campaigns_end_at, created_at)
VALUES ('prueba-2027', 'Proceso de prueba 2027', 'eleccion', 'PRU', '2027-06-06', '2027-06-06', $1, $2, $1) RETURNING id`,
		Start.AddDate(0, 0, -20), Start.AddDate(0, 2, -4))
	w.State = w.ID(`INSERT INTO desk.states (process_id, name) VALUES ($1, 'Prueba') RETURNING id`, w.Process)
	w.District = w.ID(`INSERT INTO desk.districts (process_id, state_id, number, seat) VALUES ($1, $2, 5, 'Temixco') RETURNING id`, w.Process, w.State)
	w.Office("diputacion_mr", "Diputación de mayoría relativa", "DIPUTACIÓN LOCAL MR", election.InDistrict, 2)
	return w
}

// Now returns the world's time.
func (w *World) Now() time.Time { return *w.clock.Load() }

// SetNow moves the world's clock.
func (w *World) SetNow(t time.Time) { w.clock.Store(&t) }

// Exec runs a statement as the desk.
func (w *World) Exec(sql string, args ...any) {
	w.T.Helper()
	w.Tx(func(ctx context.Context, tx *db.Tx) error { return tx.Exec(ctx, sql, args...) })
}

// ID runs a statement that returns an id.
func (w *World) ID(sql string, args ...any) int64 {
	w.T.Helper()
	var id int64
	w.Tx(func(ctx context.Context, tx *db.Tx) error { return tx.QueryRow(ctx, sql, args...).Scan(&id) })
	return id
}

// Tx runs fn in a transaction of the desk and fails the test on error.
func (w *World) Tx(fn func(context.Context, *db.Tx) error) {
	w.T.Helper()
	if err := w.Desk.Upkeep(context.Background(), fn); err != nil {
		w.T.Fatal(err)
	}
}

// Office adds an office.
func (w *World) Office(key, name, ine string, ambit election.Ambit, order int) int64 {
	w.T.Helper()
	return w.ID(`INSERT INTO desk.offices (process_id, key, name, ine_label, ambit, ballot_order) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
		w.Process, key, name, ine, string(ambit), order)
}

// Nominator adds a nominator, in the order of calls, that has received its
// credentials.
func (w *World) Nominator(kind election.NominatorKind, acronym string) int64 {
	w.T.Helper()
	w.serial++
	id := w.ID(`INSERT INTO desk.nominators (process_id, kind, acronym, name, registry_order) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		w.Process, string(kind), acronym, "Partido "+acronym, w.serial)
	w.Exec(`INSERT INTO desk.credential_deliveries (nominator_id, received_at, received_by, registered_at) VALUES ($1, $2, 'Persona que recibe', $2)`,
		id, w.Now())
	return id
}

// Candidacy adds an approved candidacy of the district, propietaria, at the next
// free position.
func (w *World) Candidacy(nominator int64, given, surnames string) int64 {
	w.T.Helper()
	w.serial++
	var id int64
	w.Tx(func(ctx context.Context, tx *db.Tx) error {
		var person int64
		const person_ = `INSERT INTO desk.persons (process_id, given_names, surnames, sex, birth_date) VALUES ($1, $2, $3, 'mujer', '1985-03-14') RETURNING id`
		if err := tx.QueryRow(ctx, person_, w.Process, given, surnames).Scan(&person); err != nil {
			return err
		}
		slug := strings.ToLower(strings.ReplaceAll(given+"-"+surnames, " ", "-"))
		const candidacy = `
INSERT INTO desk.candidacies (process_id, folio, slug, person_id, office_id, state_id, district_id, position, role, nominator_id,
  approved_on, standing_since, clock_started_at, created_at)
SELECT $1, $2, $3, $4, o.id, $5, $6, $7, 'propietaria', $8, '2027-03-30', $9, $9, $9
FROM desk.offices o WHERE o.process_id = $1 AND o.key = 'diputacion_mr' RETURNING id`
		if err := tx.QueryRow(ctx, candidacy, w.Process, fmt.Sprintf("PRU-%05d", w.serial), slug, person, w.State, w.District,
			w.serial, nominator, tx.Now()).Scan(&id); err != nil {
			return err
		}
		return tx.Exec(ctx, `INSERT INTO desk.slugs (process_id, slug, candidacy_id) VALUES ($1, $2, $3)`, w.Process, slug, id)
	})
	return id
}

// Account adds an account with a role, whose password nobody knows.
func (w *World) Account(email, role string, nominator, candidacy int64) int64 {
	w.T.Helper()
	id := w.ID(`INSERT INTO desk.accounts (email, name, created_at) VALUES ($1, $2, now()) RETURNING id`, email, "Persona "+email)
	w.Exec(`INSERT INTO desk.grants (account_id, process_id, role, nominator_id, candidacy_id) VALUES ($1, $2, $3, NULLIF($4, 0), NULLIF($5, 0))`,
		id, w.Process, role, nominator, candidacy)
	return id
}

// Answer adds the next version of a part of a candidacy's questionnaire.
func (w *World) Answer(candidacy int64, part string, answers questionnaire.Answers) {
	w.T.Helper()
	w.Exec(`
INSERT INTO desk.answer_versions (candidacy_id, part, version, answers, hash, at)
SELECT $1, $2, COALESCE(max(version), 0) + 1, $3, $4, now() FROM desk.answer_versions WHERE candidacy_id = $1 AND part = $2`,
		candidacy, part, json.RawMessage(answers.Canonical()), answers.Hash())
}

// Validate validates the latest version of every part.
func (w *World) Validate(candidacy int64) {
	w.T.Helper()
	w.serial++
	w.Exec(`
INSERT INTO desk.validations (candidacy_id, number, folio, versions, hash, source, at)
SELECT $1, (SELECT count(*) + 1 FROM desk.validations WHERE candidacy_id = $1), $2,
  COALESCE((SELECT jsonb_object_agg(part, version) FROM (SELECT part, max(version) AS version FROM desk.answer_versions WHERE candidacy_id = $1 GROUP BY part) v), '{}'),
  'hash', 'prueba', $3`, candidacy, fmt.Sprintf("V-%d", w.serial), w.Now())
	w.Exec(`UPDATE desk.candidacies SET capture = 'validada' WHERE id = $1`, candidacy)
}

// Open starts the publication of the process now.
func (w *World) Open() {
	w.T.Helper()
	w.Exec(`UPDATE desk.processes SET publication_starts_at = $2 WHERE id = $1`, w.Process, w.Now())
	w.Tx(func(ctx context.Context, tx *db.Tx) error { return w.Publisher.Open(ctx, tx, w.Process) })
}

// Publish brings the site up to date for some candidacies.
func (w *World) Publish(ids ...int64) {
	w.T.Helper()
	w.Tx(func(ctx context.Context, tx *db.Tx) error { return w.Publisher.Candidacies(ctx, tx, w.Process, ids...) })
}

// Differences returns what Verify finds.
func (w *World) Differences() []publish.Difference {
	w.T.Helper()
	d, err := w.Publisher.Verify(context.Background(), w.Desk)
	if err != nil {
		w.T.Fatal(err)
	}
	return d
}
