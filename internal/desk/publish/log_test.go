package publish_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/publish"
	"conoceles/internal/ledger"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
)

func register(t *testing.T, w *desktest.World) publish.Register {
	t.Helper()
	n, err := ledger.NewNotary(bytes.Repeat([]byte{3}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return publish.Register{Desk: w.Desk, Notary: n}
}

// super runs statements that no role of the system may: what a tamperer does.
func super(t *testing.T, w *desktest.World, sql string, args ...any) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), w.PG.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	for _, q := range []string{`SET session_replication_role = replica`, sql} {
		a := args
		if q != sql {
			a = nil
		}
		tag, err := c.Exec(t.Context(), q, a...)
		if err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		if q == sql && tag.RowsAffected() == 0 {
			t.Fatalf("%s touched nothing: the test would prove nothing", q)
		}
	}
}

func count(t *testing.T, w *desktest.World, sql string) (n int) {
	t.Helper()
	if err := w.Desk.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func sequence(t *testing.T, r publish.Register) int {
	t.Helper()
	n, err := r.Sequence(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func verified(t *testing.T, r publish.Register, kept ...string) []publish.Found {
	t.Helper()
	found, err := r.Verify(t.Context(), kept...)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// versionsOf returns the public history of the story's candidacy.
func versionsOf(t *testing.T, w *desktest.World) []site.Version {
	t.Helper()
	store := site.New(w.Site, w.Publisher.Curricular)
	all, err := store.Processes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v, err := store.Versions(t.Context(), all[0], "citlali-prueba-montes")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// told is a world with four leaves: published, validated, changed and withdrawn.
func told(t *testing.T) (*desktest.World, int64, publish.Register) {
	t.Helper()
	w, c := story(t)
	r := register(t, w)
	w.Open()
	w.Validate(c)
	w.Publish(c)
	w.Answer(c, "motivo_cargo_publico", questionnaire.Answers{questionnaire.Motive: {Text: "Para servir más"}})
	w.Validate(c)
	w.Publish(c)
	w.Publish(c) // nothing changed: no leaf
	return w, c, r
}

func TestEveryPublicationChangeAndWithdrawalIsALeaf(t *testing.T) {
	w, c, r := told(t)
	if n := sequence(t, r); n != 3 {
		t.Fatalf("%d leaves, want 3: published, with its questionnaire, changed", n)
	}
	if n := sequence(t, r); n != 0 {
		t.Errorf("sequencing again adds %d leaves", n)
	}
	for i, v := range versionsOf(t, w) {
		if v.Index != int64(i) {
			t.Errorf("version %d has leaf %d, want %d", v.Place, v.Index, i)
		}
		var leaf []byte
		if err := w.Site.QueryRow(t.Context(), `SELECT leaf FROM site.log_leaves WHERE index = $1`, v.Index).Scan(&leaf); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(v.Leaf(), leaf) {
			t.Errorf("what is public of version %d does not open its leaf", v.Place)
		}
	}
	w.Exec(`UPDATE desk.candidacies SET standing = 'renuncia' WHERE id = $1`, c)
	w.Publish(c)
	if n := sequence(t, r); n != 1 {
		t.Errorf("a withdrawal adds %d leaves, want 1", n)
	}
	if found := verified(t, r); len(found) > 0 {
		t.Errorf("an intact register has %v", found)
	}
	if d := w.Differences(); len(d) > 0 {
		t.Errorf("the site differs: %v", d)
	}
}

func TestAPausedRubroIsHiddenInEveryVersionAndItsLeavesStillOpen(t *testing.T) {
	w, c, r := told(t)
	w.Exec(`INSERT INTO desk.withheld_parts (candidacy_id, part, since) VALUES ($1, 'motivo_cargo_publico', now())`, c)
	w.Publish(c)
	sequence(t, r)
	for _, v := range versionsOf(t, w) {
		if v.Number > 0 {
			answers, hidden, err := v.Answers()
			if err != nil || len(hidden) != 1 || hidden[0] != "motivo_cargo_publico" {
				t.Errorf("version %d hides %v, %v", v.Place, hidden, err)
			}
			if _, ok := answers[questionnaire.Motive]; ok {
				t.Errorf("version %d says a text that is in pause", v.Place)
			}
		}
		var leaf []byte
		if err := w.Site.QueryRow(t.Context(), `SELECT leaf FROM site.log_leaves WHERE index = $1`, v.Index).Scan(&leaf); err != nil || !bytes.Equal(leaf, v.Leaf()) {
			t.Errorf("the leaf of version %d does not open without the text (%v)", v.Place, err)
		}
	}
	var all string
	if err := w.Site.QueryRow(t.Context(), `SELECT string_agg(opening, ' ') FROM site.versions`).Scan(&all); err != nil || strings.Contains(all, "Para servir") {
		t.Errorf("the site keeps a text that is in pause (%v)", err)
	}
	w.Exec(`UPDATE desk.withheld_parts SET lifted_at = now() WHERE candidacy_id = $1`, c)
	w.Publish(c)
	if answers, _, _ := versionsOf(t, w)[1].Answers(); answers.Text(questionnaire.Motive) != "Para servir" {
		t.Error("when the pause ends its versions do not say it again")
	}
	if d := w.Differences(); len(d) > 0 {
		t.Errorf("the site differs: %v", d)
	}
}

func TestOnlyTheLastVersionSaysWhatTheRegistrySays(t *testing.T) {
	w, c, _ := told(t)
	w.Exec(`UPDATE desk.candidacies SET affirmative_actions = '{indigena}' WHERE id = $1`, c)
	w.Publish(c)
	w.Exec(`UPDATE desk.candidacies SET affirmative_actions = '{}' WHERE id = $1`, c)
	w.Publish(c)
	var all string
	if err := w.Site.QueryRow(t.Context(), `SELECT string_agg(opening, ' ') FROM site.versions`).Scan(&all); err != nil || strings.Contains(all, "indigena") {
		t.Errorf("a category that was corrected is read in the history (%v)", err)
	}
}

func TestForgettingWhoWasErasedLeavesAValidRegister(t *testing.T) {
	w, c, r := told(t)
	sequence(t, r)
	w.Exec(`INSERT INTO sensitive.key_destructions (candidacy_id, process_id, versions, at) VALUES ($1, $2, 0, now())`, c, w.Process)
	w.Publish(c)
	if n := count(t, w, `SELECT count(*) FROM desk.publications WHERE salt IS NULL`); n != 0 {
		t.Errorf("%d leaves of who is still public lost their salt: it would tell that something private was erased", n)
	}
	w.Exec(`UPDATE desk.candidacies SET standing = 'renuncia' WHERE id = $1`, c)
	w.Publish(c)
	sequence(t, r)
	if n := count(t, w, `SELECT count(*) FROM desk.publications WHERE salt IS NOT NULL OR parts IS NOT NULL`); n != 0 {
		t.Errorf("%d leaves of who was erased can still be opened", n)
	}
	if n := count(t, w, `SELECT count(*) FROM site.versions`); n != 0 {
		t.Errorf("%d versions of who was erased are public", n)
	}
	if found := verified(t, r); len(found) > 0 {
		t.Errorf("forgetting leaves a register with %v", found)
	}
	if d := w.Differences(); len(d) > 0 {
		t.Errorf("the site differs: %v", d)
	}
}

func TestWhatEnteredCannotBeChangedByAnyRole(t *testing.T) {
	w, _, r := told(t)
	sequence(t, r)
	for name, url := range map[string]string{"duena": w.PG.OwnerURL, "escritorio": w.PG.DeskURL, "sitio": w.PG.SiteURL} {
		c, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"desk.publications", "site.log_leaves", "site.log_hashes", "site.log_checkpoints", "audit.leaves"} {
			column := map[string]string{"desk.publications": "number = 9", "site.log_leaves": "index = index + 100", "site.log_hashes": "index = index + 100", "site.log_checkpoints": "note = ''", "audit.leaves": "index = index + 100"}[table]
			for _, sql := range []string{"UPDATE " + table + " SET " + column, "DELETE FROM " + table, "TRUNCATE " + table + " CASCADE"} {
				if _, err := c.Exec(t.Context(), sql); err == nil {
					t.Errorf("%s may: %s", name, sql)
				}
			}
		}
		if _, err := c.Exec(t.Context(), `UPDATE desk.publications SET salt = NULL, parts = NULL`); err == nil {
			t.Errorf("%s may forget who was not erased", name)
		}
		c.Close(t.Context())
	}
}

func TestVerifyFindsEveryAlterationOfTheRegister(t *testing.T) {
	for name, sql := range map[string]string{
		"a leaf altered":               `UPDATE site.log_leaves SET leaf = sha256('x') WHERE index = 1`,
		"a leaf removed":               `DELETE FROM site.log_leaves WHERE index = 1`,
		"the last leaf removed":        `DELETE FROM site.log_leaves WHERE index = 2`,
		"two leaves in another order":  `UPDATE site.log_leaves SET index = CASE index WHEN 0 THEN 1001 ELSE 1000 END WHERE index < 2`,
		"a hash altered":               `UPDATE site.log_hashes SET hash = sha256('x') WHERE index = 2`,
		"a checkpoint of another":      `UPDATE site.log_checkpoints SET note = replace(note, E'\n3\n', E'\n2\n')`,
		"checkpoints removed":          `DELETE FROM site.log_checkpoints`,
		"what was published altered":   `UPDATE desk.publications SET parts = jsonb_set(parts, '{motivo_cargo_publico}', '"otra cosa"') WHERE number = 1`,
		"when it was published":        `UPDATE desk.publications SET at = at - interval '1 day' WHERE number = 1`,
		"a publication removed":        `DELETE FROM desk.publications WHERE number = 1`,
		"a commitment of another text": `UPDATE desk.publications SET commitment = sha256('x') WHERE number = 2`,
		"a leaf said to be of another": `UPDATE audit.leaves SET publication_id = 4 - publication_id + 1000 WHERE index <> 1`,
	} {
		t.Run(name, func(t *testing.T) {
			w, _, r := told(t)
			sequence(t, r)
			if found := verified(t, r); len(found) > 0 {
				t.Fatalf("an intact register has %v", found)
			}
			super(t, w, sql)
			if found := verified(t, r); len(found) == 0 {
				t.Error("nothing was found")
			}
		})
	}
}

// TestARewrittenRegisterIsToldFromOutside rewrites everything, signatures too: only
// a checkpoint that was kept elsewhere tells.
func TestARewrittenRegisterIsToldFromOutside(t *testing.T) {
	w, _, r := told(t)
	sequence(t, r)
	var kept string
	if err := w.Desk.QueryRow(t.Context(), `SELECT note FROM site.log_checkpoints ORDER BY size DESC LIMIT 1`).Scan(&kept); err != nil {
		t.Fatal(err)
	}
	if found := verified(t, r, kept); len(found) > 0 {
		t.Fatalf("an intact register has %v", found)
	}
	for _, table := range []string{"site.log_leaves", "site.log_hashes", "site.log_checkpoints", "audit.leaves"} {
		super(t, w, `DELETE FROM `+table)
	}
	super(t, w, `DELETE FROM desk.publications WHERE number = 0`)
	sequence(t, r)
	if found := verified(t, r); len(found) > 0 {
		t.Fatalf("the rewriting was not whole: %v", found)
	}
	if found := verified(t, r, kept); len(found) == 0 {
		t.Error("nobody can tell a register that was rewritten")
	}
}
