package publish_test

import (
	"context"
	"testing"
	"time"

	"conoceles/internal/desk/desktest"
)

// since returns the day on which a questionnaire became public.
func since(w *desktest.World, id int64) string {
	w.T.Helper()
	var day time.Time
	if err := w.Site.QueryRow(context.Background(), `SELECT first_published_on FROM site.profiles WHERE candidacy_id = $1`, id).Scan(&day); err != nil {
		w.T.Fatal(err)
	}
	return day.Format(time.DateOnly)
}

func TestAQuestionnaireIsPublicSinceTheLastOfWhatItWaitedFor(t *testing.T) {
	for _, c := range []struct {
		name string
		tell func(*desktest.World, int64)
		want string
	}{
		{"validated, then the site opens", func(w *desktest.World, id int64) {
			w.Validate(id)
			w.SetNow(desktest.Start.AddDate(0, 0, 2))
			w.Open()
		}, "2027-04-08"},
		{"the site opens, then it is validated late at night", func(w *desktest.World, id int64) {
			w.Open()
			w.SetNow(time.Date(2027, time.April, 9, 23, 59, 0, 0, desktest.Start.Location()))
			w.Validate(id)
			w.Publish(id)
		}, "2027-04-09"},
		{"a correction does not move it", func(w *desktest.World, id int64) {
			w.Validate(id)
			w.Open()
			w.SetNow(desktest.Start.AddDate(0, 0, 5))
			w.Validate(id)
			w.Publish(id)
		}, "2027-04-06"},
		{"where it waits for a verification", func(w *desktest.World, id int64) {
			w.Exec(`UPDATE desk.processes SET publish_requires = 'verificacion_ut'`)
			w.Validate(id)
			w.Open()
			one, two := w.Account("analista@iep.example", "verificador", 0, 0), w.Account("titular@iep.example", "titular", 0, 0)
			w.Exec(`INSERT INTO desk.reviews (candidacy_id, round, content, state, proposed_by, proposed_at, decided_by, decided_at)
VALUES ($1, 1, 'x', 'aprobada', $2, $4, $3, $4)`, id, one, two, desktest.Start.AddDate(0, 0, 3))
			w.Exec(`UPDATE desk.candidacies SET review = 'verificada' WHERE id = $1`, id)
			w.Publish(id)
		}, "2027-04-09"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, id := story(t)
			c.tell(w, id)
			if got := since(w, id); got != c.want {
				t.Errorf("public since %s, want %s", got, c.want)
			}
			if d := w.Differences(); len(d) != 0 {
				t.Errorf("the site differs: %+v", d)
			}
		})
	}
}
