package review_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"conoceles/internal/desk/review"
)

// queue lists the folios that a filter lets through.
func (s *stage) queue(f review.Filter) ([]string, review.Queue) {
	s.T.Helper()
	f.Size = 10
	q, err := s.store.Queue(s.T.Context(), s.analyst, f)
	if err != nil {
		s.T.Fatal(err)
	}
	out := []string{}
	for _, e := range q.Entries {
		out = append(out, e.Folio)
	}
	return out, q
}

func TestTheQueue(t *testing.T) {
	s := newStage(t)
	s.SetNow(s.Now().AddDate(0, 0, 1))
	third := s.validated(s.party, "Ofelia", "Supuesta Nava", "Bibliotecas de barrio.")
	last := s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, third)
	s.Candidacy(s.rivals, "Nadie", "Aún")
	if err := s.store.Claim(t.Context(), s.analyst, s.folio, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		filter review.Filter
		want   []string
	}{
		{"what waits, the oldest first", review.Filter{}, []string{s.folio, s.other, last}},
		{"of a party", review.Filter{Nominator: s.rivals}, []string{s.other}},
		{"of an office", review.Filter{Office: "diputacion_mr"}, []string{s.folio, s.other, last}},
		{"of an office that there is not", review.Filter{Office: "gubernatura"}, []string{}},
		{"mine", review.Filter{Assigned: review.ByMe}, []string{s.folio}},
		{"nobody's", review.Filter{Assigned: review.ByNobody}, []string{s.other, last}},
		{"to approve", review.Filter{Stage: review.ToApprove}, []string{}},
		{"past the end", review.Filter{Page: 9}, []string{s.folio, s.other, last}},
	} {
		if got, _ := s.queue(c.filter); !cmp.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	_, q := s.queue(review.Filter{Stage: review.Everything})
	want := map[review.Stage]int{"": 3, review.ToReview: 3, review.NotBegun: 1, review.Everything: 4}
	if diff := cmp.Diff(want, q.Counts); diff != "" {
		t.Error(diff)
	}
	if got := q.Entries[0].DueAt(); got.Format("2006-01-02 15:04") != "2027-04-10 00:00" {
		t.Errorf("due %s, want the end of the third day", got)
	}
}

// The stage of a candidacy follows it through a whole round.
func TestTheStagesOfARound(t *testing.T) {
	s := newStage(t)
	stage := func(want review.Stage) {
		t.Helper()
		for _, candidate := range review.Stages() {
			if candidate == review.AnyWaiting || candidate == review.Everything {
				continue
			}
			got, _ := s.queue(review.Filter{Stage: candidate, Nominator: s.party})
			if (len(got) == 1) != (candidate == want) {
				t.Errorf("in %q: %v, want it in %q", candidate, got, want)
			}
		}
	}
	stage(review.ToReview)
	s.propose("propuesta_1")
	stage(review.ToApprove)
	s.approve()
	stage(review.WithParty)
	s.mustWrite("propuestas", "propuesta_1", mended)
	if err := s.send(); err != nil {
		t.Fatal(err)
	}
	stage(review.Corrected)
	s.propose()
	stage(review.ToApprove)
	s.approve()
	stage(review.Verified)
}

func TestTheFileHintsAtCopies(t *testing.T) {
	s := newStage(t)
	theirs := s.file().Answers.Text("propuesta_2")
	copied := s.validated(s.rivals, "Copiona", "Ficticia Luna", "Otra cosa.")
	s.Answer(copied, "propuesta_1", answer("propuesta_1", theirs))
	s.Answer(copied, "propuesta_2", answer("propuesta_2", strings.Replace(theirs, "Marisol", "Partido HOR", 1)))
	s.Validate(copied)
	folio := s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, copied)
	f, err := s.store.File(t.Context(), s.analyst, folio)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range f.Rubros {
		for _, h := range r.Hints {
			text := strings.Join(h.Found, ",")
			for _, a := range h.Alike {
				text += a.Folio + " " + a.Label + " " + strconv.FormatBool(a.Identical) + ";"
			}
			got[string(r.ID)+" "+string(h.Kind)] = text
		}
	}
	for key, want := range map[string]string{
		"propuesta_1 copia":   s.folio + " Propuesta 2 true;",
		"propuesta_1 repite":  folio + " Propuesta 2 false;",
		"propuesta_2 partido": "Partido HOR",
	} {
		if got[key] != want {
			t.Errorf("%s: %q, want %q", key, got[key], want)
		}
	}

	// A text validated after the library was read is found, too; one of who left
	// the ballot is not shown.
	s.Exec(`UPDATE desk.candidacies SET standing = 'renuncia' WHERE id = $1`, copied)
	for _, r := range s.file().Rubros {
		for _, h := range r.Hints {
			if h.Kind == review.HintCopy {
				t.Errorf("%s points at who left: %+v", r.ID, h.Alike)
			}
		}
	}
	s.Exec(`UPDATE desk.candidacies SET standing = 'aprobada' WHERE id = $1`, copied)
	found := false
	for _, r := range s.file().Rubros {
		for _, h := range r.Hints {
			found = found || h.Kind == review.HintCopy && r.ID == "propuesta_2"
		}
	}
	if !found {
		t.Error("the copy is not pointed at from the text that was copied")
	}
}
