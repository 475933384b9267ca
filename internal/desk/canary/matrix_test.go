package canary

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/questionnaire"
)

func TestTheMatrixHasEveryRowOnce(t *testing.T) {
	seen := map[Cell]int{}
	for _, c := range Matrix() {
		seen[c]++
	}
	if got, want := len(seen), 4*8*5; got != want || len(Matrix()) != want {
		t.Errorf("got %d rows in %d, want %d", got, len(Matrix()), want)
	}
}

// Whatever the worlds differ in is nothing that the public may know.
func TestTheWorldsAreAlikeToThePublic(t *testing.T) {
	a, b := arrange(A), arrange(B)
	if len(a) != len(b) {
		t.Fatalf("%d candidacies and %d", len(a), len(b))
	}
	moved, consents := 0, map[[2]Consenting]bool{}
	for i := range a {
		if a[i].State() != b[i].State() || a[i].Record != b[i].Record {
			t.Errorf("candidacy %d: %+v in one world and %+v in the other", i, a[i], b[i])
		}
		if a[i].State() == Public && a[i] != b[i] {
			t.Errorf("candidacy %d is public and moved: %+v, %+v", i, a[i], b[i])
		}
		if a[i] != b[i] {
			moved++
		}
		consents[[2]Consenting{a[i].Consent, b[i].Consent}] = true
	}
	if moved < 100 || len(consents) < 10 {
		t.Errorf("%d candidacies differ, in %d pairs of reasons: the worlds are too alike", moved, len(consents))
	}
}

func TestWhatIsPublicIsTheSameInBothWorldsAndNothingElseIs(t *testing.T) {
	q := questionnaire.Identity()
	var public []questionnaire.ID
	for _, id := range publicQuestions() {
		public = append(public, questionnaire.ID(id))
	}
	for _, c := range []Cell{{Answered, Verified, Validated}, {Half, Verified, Validated}, {Answered, Pending, Validated}, {Half, Pending, Validated}, {Nothing, Verified, Validated}} {
		of := func(v Variant) questionnaire.Answers {
			s := &seeding{World: World{Process: "p", Seed: 7, Variant: v}}
			return s.answers(&row{Person: Person{Cell: c, State: c.State(), Folio: "F-1", Slug: "s"}}, 0)
		}
		a, b := of(A), of(B)
		for v, all := range map[Variant]questionnaire.Answers{A: a, B: b} {
			if problems := q.Check(q.Settle(all)); len(problems) > 0 {
				t.Errorf("%+v in world %s: %v", c, v, problems)
			}
			complete := q.Progress(q.Settle(all)).Applicable().State() == questionnaire.Complete
			if want := c.Answers != Half; complete != want {
				t.Errorf("%+v in world %s: complete is %t", c, v, complete)
			}
		}
		if a.Hash() == b.Hash() {
			t.Errorf("%+v: the same answers in both worlds", c)
		}
		pa, pb := q.Publishable(a, public), q.Publishable(b, public)
		if c.State() == Public {
			if diff := cmp.Diff(pa, pb); diff != "" || len(pa) == 0 {
				t.Errorf("%+v: what is public differs, or there is nothing\n%s", c, diff)
			}
		} else if c.Answers == Nothing && len(pa)+len(pb) > 0 {
			t.Errorf("%+v: something affirmative: %v %v", c, pa, pb)
		}
	}
}
