package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/canary"
	"conoceles/internal/desk/publish"
)

// checkPhases moves people in and out of consent, and asks after each step, of
// two nodes over the same database, who is public: exactly who should, at once.
func checkPhases(w *world, c *census) {
	other := w.open()
	everybody := w.told(canary.Public)
	on := map[string]bool{}
	for _, p := range everybody {
		on[p.Folio] = true
	}
	check := func(phase string) {
		w.Helper()
		for name, node := range map[string]*world{"this node": w, "the other node": other} {
			checkPublic(w, c, node, phase+", "+name, on)
		}
	}
	check("those who consented")
	for i, p := range everybody[:len(everybody)/2] {
		if i == 0 {
			w.followLink(p)
		} else if err := w.acts.Withdraw(context.Background(), p.Folio); err != nil {
			w.Fatal(err)
		}
		on[p.Folio] = false
		check("withdrew")
	}
	left := everybody[len(everybody)/2:]
	for i, sql := range []string{
		`INSERT INTO desk.withheld_parts (candidacy_id, part, since) VALUES ($1, 'identidad', now())`,
		`UPDATE desk.candidacies SET standing = 'sustituida' WHERE id = $1`,
		`UPDATE desk.candidacies SET standing = 'cancelada' WHERE id = $1`,
	} {
		w.change(left[i].ID, sql)
		on[left[i].Folio] = false
		check(sql)
	}
	w.hidden(true)
	checkPublic(w, c, w, "without identity", nil)
	checkPublic(w, c, other, "without identity, the other node", nil)
	w.hidden(false)
	other = w.open()
	check("after a restart")
	for _, p := range left[3:] {
		if err := w.acts.Withdraw(context.Background(), p.Folio); err != nil {
			w.Fatal(err)
		}
		on[p.Folio] = false
	}
	check("nobody consents")
	again := everybody[1]
	if err := w.acts.Grant(context.Background(), again.Folio); err != nil {
		w.Fatal(err)
	}
	on[again.Folio] = true
	check("one consents again")
}

// checkPublic asks a node for every surface that shows identity, of everybody.
func checkPublic(w *world, c *census, node *world, phase string, on map[string]bool) {
	w.Helper()
	nobody := &visitor{w: node}
	var paths []string
	for _, p := range w.told(canary.Public) {
		paths = append(paths, w.plan.IdentityPaths(p.Slug)...)
	}
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		r := nobody.get(path)
		shown := c.in(r.text())
		for value, k := range shown {
			if k.Class != canary.CurricularOwn && (!on[c.of[value].Folio] || !publicAt(k, path)) {
				w.Errorf("%s: %s shows the canary %s, %s of %s", phase, path, value, k.Class, c.of[value].Folio)
			}
		}
		for _, k := range w.plan.Canaries() {
			if k.Class == canary.Identity && publicAt(k, path) && on[c.of[k.Value].Folio] && shown[k.Value].Value == "" {
				w.Errorf("%s: %s does not show %s of %s", phase, path, k.What, c.of[k.Value].Folio)
			}
		}
	}
}

// change makes an act of the desk on a candidacy, and publishes.
func (w *world) change(id int64, sql string) {
	w.Helper()
	err := w.app.Desk.Upkeep(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		if err := tx.Exec(ctx, sql, id); err != nil {
			return err
		}
		var process int64
		if err := tx.QueryRow(ctx, `SELECT process_id FROM desk.candidacies WHERE id = $1`, id).Scan(&process); err != nil {
			return err
		}
		return w.app.Publisher.Candidacies(ctx, tx, process, id)
	})
	if err != nil {
		w.Fatal(err)
	}
}

// hidden throws the kill switch, or lifts it.
func (w *world) hidden(hidden bool) {
	w.Helper()
	err := w.app.Desk.Upkeep(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		return publish.SetIdentityHidden(ctx, tx, hidden)
	})
	if err != nil {
		w.Fatal(err)
	}
}

var linkInMail = regexp.MustCompile(`/retirar/([A-Za-z0-9_-]+)`)

// followLink withdraws as the person does: by the link of the notice.
func (w *world) followLink(p canary.Person) {
	w.Helper()
	body := w.super(`SELECT body FROM desk.outbox WHERE candidacy_id = $1 ORDER BY id DESC LIMIT 1`, p.ID)
	link := linkInMail.FindString(body[0])
	nobody := &visitor{w: w}
	if r := nobody.get(link); r.status != http.StatusOK {
		w.Fatalf("the link of the notice answers %d", r.status)
	}
	if r := nobody.post(link, url.Values{}); r.status >= 400 {
		w.Fatalf("the button of the link answers %d", r.status)
	}
}

// checkCorruptions breaks the database by hand, once in each way, and asks
// «verificar», which must find it, and nothing once it is mended.
func checkCorruptions(w *world) {
	verify := func() int {
		d, err := w.app.Publisher.Verify(context.Background(), w.app.Desk)
		if err != nil {
			return -1 // it could not read what it should
		}
		return len(d)
	}
	if n := verify(); n != 0 {
		w.Fatalf("after everything, verificar finds %d differences", n)
	}
	hidden := w.person(canary.Cell{Answers: canary.Answered, Consent: canary.Pending, Record: canary.Validated}).ID
	paused := w.person(canary.Cell{Answers: canary.Answered, Consent: canary.Verified, Record: canary.Paused}).ID
	for name, sql := range map[string]string{
		"an answer of nobody's consent": `WITH p AS (INSERT INTO site.identity_publications (id, candidacy_id) VALUES (gen_random_uuid(), HIDDEN) RETURNING id)
			INSERT INTO site.identity_answers SELECT id, 'p08_afromexicana', '"si"' FROM p`,
		"a publication without answers": `INSERT INTO site.identity_publications (id, candidacy_id) VALUES (gen_random_uuid(), HIDDEN)`,
		"a lost publication":            `DELETE FROM site.identity_publications`,
		"a lost answer":                 `DELETE FROM site.identity_answers WHERE question = 'p03_pueblo'`,
		"a changed answer":              `UPDATE site.identity_answers SET answer = '"otra"' WHERE question = 'p03_pueblo'`,
		"an answer to nothing":          `UPDATE site.identity_answers SET question = 'p99' WHERE question = 'p03_pueblo'`,
		"a state that is not":           `UPDATE site.candidacies SET identity_state = 'publica' WHERE id = HIDDEN`,
		"a state that tells":            `UPDATE site.candidacies SET identity_state = 'sin_responder' WHERE id = HIDDEN`,
		"a forged verification": `INSERT INTO sensitive.consent_events (candidacy_id, event, medium, declaration_id, answers_version, document_id, role, at)
			SELECT candidacy_id, 'verifica', 'en_linea', id, answers_version, document_id, 'titular', at FROM sensitive.consent_events
			WHERE candidacy_id = HIDDEN AND event = 'otorga'`,
		"a withdrawal taken away":    `DELETE FROM sensitive.consent_events WHERE event = 'retira'`,
		"a consent of other answers": `UPDATE sensitive.consent_events SET answers_version = answers_version + 1 WHERE event = 'verifica'`,
		"a pause lifted by hand":     `UPDATE desk.withheld_parts SET lifted_at = now() WHERE candidacy_id = PAUSED`,
		"an altered blob":            `UPDATE sensitive.identity_answers SET blob = set_byte(blob, 99, get_byte(blob, 99) # 1)`,
		"a blob of somebody else": `UPDATE sensitive.identity_answers SET blob = (SELECT blob FROM sensitive.identity_answers WHERE candidacy_id = HIDDEN LIMIT 1)
			WHERE candidacy_id <> HIDDEN`,
		"a lost key":             `DELETE FROM sensitive.candidacy_keys`,
		"a question made public": `UPDATE desk.processes SET identity_public = identity_public || '{p18_ingresos,p05_disc_duracion,p07_disc_dificulta}'`,
	} {
		sql = strings.NewReplacer("HIDDEN", fmt.Sprint(hidden), "PAUSED", fmt.Sprint(paused)).Replace(sql)
		if n := w.corrupted(sql, verify); n == 0 {
			w.Errorf("%s: verificar does not find it", name)
		}
	}
	if n := verify(); n != 0 {
		w.Errorf("once everything is mended, verificar finds %d differences", n)
	}
}

// corrupted runs a statement as somebody with the whole database in their hands,
// asks verify, and puts everything back.
func (w *world) corrupted(sql string, verify func() int) int {
	w.Helper()
	const before = `
SET session_replication_role = replica;
DROP SCHEMA IF EXISTS respaldo CASCADE; CREATE SCHEMA respaldo;
CREATE TABLE respaldo.publications AS TABLE site.identity_publications;
CREATE TABLE respaldo.site_answers AS TABLE site.identity_answers;
CREATE TABLE respaldo.states AS SELECT id, identity_state FROM site.candidacies;
CREATE TABLE respaldo.events AS TABLE sensitive.consent_events;
CREATE TABLE respaldo.answers AS TABLE sensitive.identity_answers;
CREATE TABLE respaldo.keys AS TABLE sensitive.candidacy_keys;
CREATE TABLE respaldo.pauses AS TABLE desk.withheld_parts;
CREATE TABLE respaldo.processes AS SELECT id, identity_public FROM desk.processes;`
	const after = `
SET session_replication_role = replica;
DELETE FROM site.identity_answers; DELETE FROM site.identity_publications;
INSERT INTO site.identity_publications SELECT * FROM respaldo.publications;
INSERT INTO site.identity_answers SELECT * FROM respaldo.site_answers;
UPDATE site.candidacies c SET identity_state = r.identity_state FROM respaldo.states r WHERE r.id = c.id;
DELETE FROM sensitive.consent_events; INSERT INTO sensitive.consent_events OVERRIDING SYSTEM VALUE SELECT * FROM respaldo.events;
DELETE FROM sensitive.identity_answers; INSERT INTO sensitive.identity_answers SELECT * FROM respaldo.answers;
DELETE FROM sensitive.candidacy_keys; INSERT INTO sensitive.candidacy_keys SELECT * FROM respaldo.keys;
DELETE FROM desk.withheld_parts; INSERT INTO desk.withheld_parts SELECT * FROM respaldo.pauses;
UPDATE desk.processes p SET identity_public = r.identity_public FROM respaldo.processes r WHERE r.id = p.id;
DROP SCHEMA respaldo CASCADE;`
	ctx := context.Background()
	c, err := pgx.Connect(ctx, w.pg.SuperURL)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = c.Close(ctx) }()
	if _, err := c.Exec(ctx, before); err != nil {
		w.Fatal(err)
	}
	tag, err := c.Exec(ctx, sql)
	if err != nil || tag.RowsAffected() == 0 {
		w.Errorf("the corruption changed nothing: %v\n%s", err, sql)
	}
	n := verify()
	if _, err := c.Exec(ctx, after); err != nil {
		w.Fatal(err)
	}
	return n
}
