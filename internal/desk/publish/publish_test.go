package publish_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/db"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
)

// story is a world with one party and one candidacy with a motive.
func story(t *testing.T) (*desktest.World, int64) {
	w := desktest.New(t)
	party := w.Nominator(election.Party, "RAIZ")
	c := w.Candidacy(party, "Citlali", "Prueba Montes")
	w.Answer(c, "motivo_cargo_publico", questionnaire.Answers{questionnaire.Motive: {Text: "Para servir"}})
	return w, c
}

// slugs returns what the public half can list.
func slugs(w *desktest.World) map[string]string {
	w.T.Helper()
	rows, err := w.Site.Query(context.Background(), `SELECT slug, state FROM site.candidacies`)
	if err != nil {
		w.T.Fatal(err)
	}
	out := map[string]string{}
	for rows.Next() {
		var slug, state string
		if err := rows.Scan(&slug, &state); err != nil {
			w.T.Fatal(err)
		}
		out[slug] = state
	}
	return out
}

// answers returns the published answers of a candidacy, nil when it has no profile.
func answers(w *desktest.World, id int64) site.Answers {
	w.T.Helper()
	var raw []byte
	if err := w.Site.QueryRow(context.Background(), `SELECT answers FROM site.profiles WHERE candidacy_id = $1`, id).Scan(&raw); err != nil {
		return nil
	}
	var a site.Answers
	if err := json.Unmarshal(raw, &a); err != nil {
		w.T.Fatal(err)
	}
	return a
}

func TestBeforeTheStartNothingIsPublic(t *testing.T) {
	w, c := story(t)
	w.Validate(c)
	w.Publish(c)
	if got := slugs(w); len(got) != 0 {
		t.Errorf("before the publication start the site lists %v", got)
	}
}

func TestFromTheStartEveryApprovedCandidacyIsPublicCapturedOrNot(t *testing.T) {
	w, _ := story(t)
	w.Candidacy(w.Nominator(election.Independent, "IND"), "Ana", "Ejemplo")
	w.Open()

	want := map[string]string{"citlali-prueba-montes": "no_capturada", "ana-ejemplo": "no_respondio"}
	if diff := cmp.Diff(want, slugs(w)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestADraftOrAnUnvalidatedVersionNeverLeaves(t *testing.T) {
	w, c := story(t)
	w.Open()
	if got := answers(w, c); got != nil {
		t.Fatalf("an unvalidated record has a public profile: %d answers", len(got))
	}

	w.Validate(c)
	w.Publish(c)
	if got := answers(w, c).Text(questionnaire.Motive); got != "Para servir" {
		t.Fatalf("the validated motive reads %q", got)
	}

	w.Answer(c, "motivo_cargo_publico", questionnaire.Answers{questionnaire.Motive: {Text: "Otra cosa"}})
	w.Publish(c)
	if got := answers(w, c).Text(questionnaire.Motive); got != "Para servir" {
		t.Errorf("a version after the validation is public: %q", got)
	}
}

func TestTheFiveStatesOfAnAnswer(t *testing.T) {
	w, c := story(t)
	w.Answer(c, "formacion", questionnaire.Answers{questionnaire.Degree: {Text: questionnaire.NoStudies}})
	w.Answer(c, "propuesta_1", questionnaire.Answers{questionnaire.Proposal1: {Text: "Secreta mientras esté en pausa"}})
	w.Validate(c)
	w.Exec(`INSERT INTO desk.withheld_parts (candidacy_id, part, since) VALUES ($1, 'propuesta_1', now())`, c)
	w.Open()

	a := answers(w, c)
	for id, want := range map[questionnaire.ID]site.AnswerState{
		questionnaire.Motive:       site.Published,
		questionnaire.Proposal1:    site.UnderReview,
		questionnaire.Proposal2:    site.NotProvided,
		questionnaire.DegreeStatus: site.NotApplicable,
	} {
		if got := a[id].State; got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
	if !a[questionnaire.Proposal1].Value.IsBlank() {
		t.Error("a paused answer is in the site")
	}
	if _, ok := a[questionnaire.NotificationsTo]; ok {
		t.Error("the private e-mail has a place in the site")
	}

	w.Exec(`UPDATE desk.withheld_parts SET lifted_at = now() WHERE candidacy_id = $1`, c)
	w.Publish(c)
	if got := answers(w, c)[questionnaire.Proposal1].State; got != site.Published {
		t.Errorf("after the pause the proposal is %q", got)
	}
}

func TestWhenTheProcessDemandsVerificationValidationIsNotEnough(t *testing.T) {
	w, c := story(t)
	w.Exec(`UPDATE desk.processes SET publish_requires = 'verificacion_ut'`)
	w.Validate(c)
	w.Open()
	if answers(w, c) != nil {
		t.Fatal("published before the Unidad de Transparencia verified it")
	}
	w.Exec(`UPDATE desk.candidacies SET review = 'verificada' WHERE id = $1`, c)
	w.Publish(c)
	if answers(w, c) == nil {
		t.Error("verified and still not published")
	}
}

func TestASubstitutedCandidacyLeavesATombstoneThatNamesItsSuccessor(t *testing.T) {
	w, c := story(t)
	w.Validate(c)
	w.Open()
	party := w.ID(`SELECT nominator_id FROM desk.candidacies WHERE id = $1`, c)
	w.Exec(`UPDATE desk.candidacies SET standing = 'sustituida', standing_since = $2 WHERE id = $1`, c, w.Now())
	successor := w.Candidacy(party, "Nadia", "Hipotética Vera")
	w.Exec(`UPDATE desk.candidacies SET replaces_id = $2 WHERE id = $1`, successor, c)
	w.Publish(successor) // the act names whom it brings in; who leaves follows

	if got := slugs(w); len(got) != 1 || got["nadia-hipotética-vera"] == "" {
		t.Errorf("the site lists %v", got)
	}
	if answers(w, c) != nil {
		t.Error("the answers of a substituted candidacy are still public")
	}
	var name string
	const q = `SELECT successor_name FROM site.tombstones WHERE slug = 'citlali-prueba-montes'`
	if err := w.Site.QueryRow(t.Context(), q).Scan(&name); err != nil || name != "Nadia Hipotética Vera" {
		t.Errorf("the tombstone names %q, %v", name, err)
	}
}

func TestPublishingAgainChangesNothing(t *testing.T) {
	w, c := story(t)
	w.Validate(c)
	w.Open()
	before := w.ID(`SELECT max(epoch) FROM site.changes`)
	w.Publish(c)
	if after := w.ID(`SELECT max(epoch) FROM site.changes`); after != before {
		t.Errorf("publishing what was published wrote changes %d to %d", before, after)
	}
}

func TestVerifyFindsEachCorruption(t *testing.T) {
	w, c := story(t)
	w.Validate(c)
	other := w.Candidacy(w.ID(`SELECT nominator_id FROM desk.candidacies WHERE id = $1`, c), "Ana", "Ejemplo")
	w.Open()
	if d := w.Differences(); len(d) != 0 {
		t.Fatalf("an intact site differs: %+v", d)
	}
	for name, corruption := range map[string]string{
		"a changed word":        `UPDATE site.profiles SET answers = jsonb_set(answers, '{motivo_cargo_publico,respuesta}', '"Otra cosa"')`,
		"a lost profile":        `DELETE FROM site.profiles`,
		"a changed age":         `UPDATE site.candidacies SET age = 18`,
		"a lost candidacy":      `DELETE FROM site.candidacies WHERE slug = 'ana-ejemplo'`,
		"a renamed party":       `UPDATE site.nominators SET name = 'Otro'`,
		"a moved process":       `UPDATE site.processes SET name = 'Otro'`,
		"a tombstone too many":  `INSERT INTO site.tombstones SELECT process_id, 'x', id, 'renuncia', '2027-04-06', office_id, '', '' FROM site.candidacies WHERE slug = 'ana-ejemplo'`,
		"a precinct too many":   `INSERT INTO site.municipalities SELECT 9, process_id, id, 'x', 'x', true, NULL, NULL, '' FROM site.states`,
		"an acción afirmativa":  `UPDATE site.candidacies SET affirmative_actions = '{indigena}'`,
		"an address of nowhere": `INSERT INTO site.moved SELECT process_id, 'x', id FROM site.candidacies WHERE slug = 'ana-ejemplo'`,
	} {
		t.Run(name, func(t *testing.T) {
			w.Exec(corruption)
			if d := w.Differences(); len(d) == 0 {
				t.Error("not found")
			}
			w.Tx(func(ctx context.Context, tx *db.Tx) error {
				// Tables of the catalogue are mended by row; what no catalogue has is taken out by hand.
				if err := tx.Exec(ctx, `DELETE FROM site.municipalities WHERE id = 9`); err != nil {
					return err
				}
				return w.Publisher.Process(ctx, tx, w.Process)
			})
			if d := w.Differences(); len(d) != 0 {
				t.Fatalf("publishing again did not mend it: %+v", d)
			}
		})
	}
	_ = other
}

func TestOpenDueOpensAtTheInstantOfTheAcuerdoAndClosesAtTheEnd(t *testing.T) {
	w, _ := story(t)
	start := desktest.Start.Add(time.Hour)
	w.Exec(`UPDATE desk.processes SET publication_starts_at = $1, site_until = $2`, start, start.Add(24*time.Hour))

	open := func(at time.Time) int {
		w.SetNow(at)
		if _, err := w.Publisher.OpenDue(t.Context(), w.Desk); err != nil {
			t.Fatal(err)
		}
		return len(slugs(w))
	}
	if n := open(start.Add(-time.Second)); n != 0 {
		t.Errorf("one second before, %d candidacies are public", n)
	}
	if n := open(start); n != 1 {
		t.Errorf("at the start, %d candidacies are public, want 1", n)
	}
	if n := open(start.Add(24*time.Hour - time.Second)); n != 1 {
		t.Errorf("one second before the end, %d, want 1", n)
	}
	if n := open(start.Add(24 * time.Hour)); n != 0 {
		t.Errorf("at the end, %d are still public", n)
	}
}

func TestFormerAddressesLeadToTheProfile(t *testing.T) {
	w, c := story(t)
	w.Exec(`INSERT INTO desk.slugs (process_id, slug, candidacy_id) VALUES ($1, 'citlali-p', $2)`, w.Process, c)
	w.Open()
	var id int64
	if err := w.Site.QueryRow(t.Context(), `SELECT candidacy_id FROM site.moved WHERE slug = 'citlali-p'`).Scan(&id); err != nil || id != c {
		t.Errorf("the former address leads to %d, %v", id, err)
	}
}
