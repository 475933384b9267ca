package review_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/review"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

func (s *stage) withRubric() {
	s.T.Helper()
	s.Tx(func(ctx context.Context, tx *db.Tx) error { return review.AddDefaultRubric(ctx, tx, s.Process) })
}

func (s *stage) fileFor(t auth.Transparency) review.File {
	s.T.Helper()
	f, err := s.store.File(context.Background(), t, s.folio)
	if err != nil {
		s.T.Fatal(err)
	}
	return f
}

// scoring gives the same points to every variable of some rubros.
func (s *stage) scoring(points int, parts ...questionnaire.ID) review.Scoring {
	s.T.Helper()
	f := s.file()
	g := review.Scoring{Folio: s.folio, Key: uuid.NewString(), Content: f.Content, Marks: map[int64]int{}}
	for _, r := range f.Rubros {
		for _, part := range parts {
			for _, v := range r.Variables {
				if r.ID == part {
					g.Marks[v.ID] = points
				}
			}
		}
	}
	return g
}

// Two people score the same text without seeing each other, and what each gave
// stays with that text when another comes.
func TestTextsAreScoredByEachPersonApart(t *testing.T) {
	s := newStage(t)
	s.withRubric()
	ctx := t.Context()
	if f := s.file(); f.Score.Level() != review.Unscored {
		t.Errorf("nobody scored, and the file says %q", f.Score.Level())
	}
	if err := s.store.Score(ctx, s.analyst, s.scoring(1, "propuesta_1", "trayectoria")); err != nil {
		t.Fatal(err)
	}
	if got := s.fileFor(s.analyst).Score; got.Points != 7 || got.Most != 7 || got.Level() != review.HighScore {
		t.Errorf("the analyst gave %d of %d, level %q", got.Points, got.Most, got.Level())
	}
	if got := s.fileFor(s.second).Score; len(got.Marks) != 0 {
		t.Errorf("the second person sees what the first one gave: %v", got.Marks)
	}
	if err := s.store.Score(ctx, s.second, s.scoring(0, "propuesta_1")); err != nil {
		t.Fatal(err)
	}
	again := s.scoring(0, "trayectoria")
	for id := range again.Marks {
		again.Marks[id] = 1
		break
	}
	if err := s.store.Score(ctx, s.analyst, again); err != nil {
		t.Fatal(err)
	}
	if got := s.fileFor(s.analyst).Score; got.Points != 5 || got.Most != 7 || got.Level() != review.MiddleScore {
		t.Errorf("changed to %d of %d, level %q", got.Points, got.Most, got.Level())
	}
	s.wantAxes("validada pendiente v1")
	s.intact()

	s.judge("propuesta_1")
	s.mustWrite("propuestas", "propuesta_1", mended)
	stale := s.scoring(1, "propuesta_1")
	if err := s.send(); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Score(ctx, s.analyst, stale); !fault.Is(err, fault.Conflict) {
		t.Errorf("a score of the text before was taken for the new one: %v", err)
	}
	if got := s.fileFor(s.analyst).Score; got.Most != 3 {
		t.Errorf("the new text carries %d points of the old one", got.Most-3)
	}
	if err := s.store.Score(ctx, s.analyst, s.scoring(0, "propuesta_1")); err != nil {
		t.Fatal(err)
	}
	if got := s.text(`SELECT count(*)::text || ' ' || count(DISTINCT content) FROM desk.scores WHERE part = 'propuesta_1'`); got != "3 2" {
		t.Errorf("%s scores and texts, want one per person and text: 3 2", got)
	}
}

func TestWhatAScoreMustSay(t *testing.T) {
	s := newStage(t)
	s.withRubric()
	one := func(g review.Scoring) int64 {
		for id := range g.Marks {
			return id
		}
		return 0
	}
	half := s.scoring(1, "propuesta_1")
	missing := one(half)
	delete(half.Marks, missing)
	beyond := s.scoring(1, "propuesta_1")
	wrong := one(beyond)
	beyond.Marks[wrong] = 7
	elsewhere := s.scoring(1, "propuesta_1")
	elsewhere.Folio = "NO-EXISTE"
	for _, c := range []struct {
		name  string
		given review.Scoring
		kind  fault.Kind
		field string
	}{
		{"nothing", s.scoring(1), fault.Invalid, ""},
		{"half of a rubro", half, fault.Invalid, review.MarkField(missing)},
		{"a level that there is not", beyond, fault.Invalid, review.MarkField(wrong)},
		{"a folio that there is not", elsewhere, fault.NotFound, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := s.store.Score(context.Background(), s.analyst, c.given)
			if !fault.Is(err, c.kind) {
				t.Fatalf("got %v, want %s", err, c.kind)
			}
			if fields := fault.FieldsOf(err); c.field != "" && (len(fields) != 1 || fields[0].ID != c.field) {
				t.Errorf("fields %v, want %s", fields, c.field)
			}
		})
	}
	if got := s.text(`SELECT count(*)::text FROM desk.scores`); got != "0" {
		t.Errorf("%s scores were kept", got)
	}
}
