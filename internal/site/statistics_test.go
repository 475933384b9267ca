package site_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/internal/site/sitetest"
)

// counted are the statistics of a process of the world.
func counted(t *testing.T, w *sitetest.World, key string) (*site.Store, site.Process, *site.Catalog, *site.Statistics) {
	t.Helper()
	s := site.New(w.Site, questionnaire.Edition).WithIdentity(w.Site)
	p := w.Process(s, key)
	c, err := s.Catalog(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	statistics, err := s.Statistics(t.Context(), p, c)
	if err != nil {
		t.Fatal(err)
	}
	return s, p, c, statistics
}

func TestTheWholeIsWhatTheWorldHolds(t *testing.T) {
	w := sitetest.New(t)
	_, _, _, got := counted(t, w, sitetest.Open)
	// 10 candidacies by name and 64 of lists; four are published. Of the 9 answers
	// that each of those owes, what world.sql says; the rest owe all 9.
	want := site.Tally{
		Persons: 74, Published: 4, Captured: 4, Complete: 1, NotCaptured: 69, NotProvided: 1,
		Women: 36, Men: 37, NonBinary: 1,
		Answers: site.AnswerTally{Published: 17, UnderReview: 1, NotCaptured: 69 * 9, NotProvided: 9 + 17, NotApplicable: 1},
	}
	if diff := cmp.Diff(want, got.Total); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(got.Due) != 9 {
		t.Errorf("%d mandatory answers, want 9: %q", len(got.Due), got.Due)
	}
	if due := got.Total.Answers.Due(); due != 74*9 {
		t.Errorf("%d answers due, want %d", due, 74*9)
	}
}

// Every table of every process adds up, and every group that a search can find is
// exactly what the search finds.
func TestEveryTableAddsUpAndIsItsList(t *testing.T) {
	w := sitetest.New(t)
	for _, key := range []string{sitetest.Open, sitetest.Archive} {
		s, p, c, got := counted(t, w, key)
		for _, d := range site.Dimensions() {
			var sum site.Tally
			for _, g := range got.By(d) {
				add(&sum, g.Tally)
				if parts := g.Published + g.NotCaptured + g.NotProvided; parts != g.Persons {
					t.Errorf("%s, %s=%q: %d parts of %d", key, d, g.Value, parts, g.Persons)
				}
				if g.Women+g.Men+g.NonBinary != g.Persons || g.Answers.Due() != len(got.Due)*g.Persons {
					t.Errorf("%s, %s=%q does not add up: %+v", key, d, g.Value, g.Tally)
				}
				agrees(t, s, p, c, d, g)
			}
			if diff := cmp.Diff(got.Total, sum); diff != "" && d != site.ByAction {
				t.Errorf("%s by %s does not add up to the total (-want +got)\n%s", key, d, diff)
			}
		}
	}
}

// agrees compares a group with the list that a search gives.
func agrees(t *testing.T, s *site.Store, p site.Process, c *site.Catalog, d site.Dimension, g site.Group) {
	t.Helper()
	q, ok := d.Search(g.Value)
	if !ok {
		return
	}
	r, err := s.Search(t.Context(), p, c, q)
	if err != nil {
		t.Fatal(err)
	}
	if r.Total != g.Found || g.Found == g.Persons && r.Published != g.Published {
		t.Errorf("%s=%s counts %d with %d published; its list has %d with %d", d, g.Value, g.Found, g.Published, r.Total, r.Published)
	}
}

func add(sum *site.Tally, t site.Tally) {
	for _, n := range []struct {
		to   *int
		from int
	}{
		{&sum.Persons, t.Persons},
		{&sum.Published, t.Published},
		{&sum.Captured, t.Captured},
		{&sum.Complete, t.Complete},
		{&sum.NotCaptured, t.NotCaptured},
		{&sum.NotProvided, t.NotProvided},
		{&sum.Women, t.Women},
		{&sum.Men, t.Men},
		{&sum.NonBinary, t.NonBinary},
		{&sum.Answers.Published, t.Answers.Published},
		{&sum.Answers.UnderReview, t.Answers.UnderReview},
		{&sum.Answers.NotCaptured, t.Answers.NotCaptured},
		{&sum.Answers.NotProvided, t.Answers.NotProvided},
		{&sum.Answers.NotApplicable, t.Answers.NotApplicable},
	} {
		*n.to += n.from
	}
}

// A party's list counts who a coalition registered under its name; its row does not.
func TestAPartyRowCountsWhomItNominatesAndItsListWhomItSigla(t *testing.T) {
	_, _, _, got := counted(t, sitetest.New(t), sitetest.Open)
	i := slices.IndexFunc(got.By(site.ByNominator), func(g site.Group) bool { return g.Value == "at" })
	if g := got.By(site.ByNominator)[i]; g.Persons != 18 || g.Found != 19 {
		t.Errorf("Agua y Territorio counts %d and lists %d, want 18 and 19", g.Persons, g.Found)
	}
}

// Domain 0.3.7: what only the party can capture is owed by the party.
func TestACandidacyInTheHandsOfItsPartyOwesNothing(t *testing.T) {
	w := sitetest.New(t)
	_, _, _, got := counted(t, w, sitetest.Open)
	for _, g := range got.By(site.ByNominator) {
		if g.Value != "ind-muestra" && g.NotProvided != 0 {
			t.Errorf("%s: %d candidacies read «no respondió» before their party validated", g.Value, g.NotProvided)
		}
		if g.Value == "ind-muestra" && (g.NotProvided != 1 || g.NotCaptured != 0 || g.Answers.NotProvided != 9) {
			t.Errorf("an independent owes its own answers: %+v", g.Tally)
		}
	}
}

func TestTheSeriesGrowsFromThePublicationToTheCut(t *testing.T) {
	_, _, _, got := counted(t, sitetest.New(t), sitetest.Open)
	days := got.Days()
	at := map[string]int{}
	for i, d := range days {
		at[d.On.Format(time.DateOnly)] = d.Published
		if i > 0 && d.Published < days[i-1].Published {
			t.Errorf("the series falls on %s", d.On)
		}
	}
	want := map[string]int{"2027-03-28": 2, "2027-03-29": 3, "2027-03-31": 3, "2027-04-01": 4, "2027-04-06": 4}
	for day, n := range want {
		if at[day] != n {
			t.Errorf("%s: %d published, want %d", day, at[day], n)
		}
	}
	if len(days) != 10 {
		t.Errorf("%d days, want 10: from 28 March to 6 April", len(days))
	}
	for _, d := range []site.Dimension{site.ByOffice, site.ByNominator, site.ByDistrict, site.ByMunicipality} {
		last := 0
		for _, g := range got.By(d) {
			series := got.DaysOf(g)
			last += series[len(series)-1].Published
		}
		if last != got.Total.Published {
			t.Errorf("the last day by %s adds up to %d, want %d", d, last, got.Total.Published)
		}
	}
	if _, _, _, archive := counted(t, sitetest.New(t), sitetest.Archive); len(archive.Days()) != 0 {
		t.Error("an archive has a daily series: that of its import")
	}
}

func TestStatisticsAreCountedOncePerEpoch(t *testing.T) {
	w := sitetest.New(t)
	s, p, c, first := counted(t, w, sitetest.Open)
	w.Exec(`UPDATE site.candidacies SET sex = 'hombre' WHERE id = 1`)
	if again, err := s.Statistics(t.Context(), p, c); err != nil || again != first {
		t.Errorf("the same epoch was counted again (%v)", err)
	}
	w.Changed()
	p = w.Process(s, sitetest.Open)
	if now, err := s.Statistics(t.Context(), p, c); err != nil || now.Total.Women != first.Total.Women-1 {
		t.Errorf("after a change, %d women (%v), want %d", now.Total.Women, err, first.Total.Women-1)
	}
}

func TestIdentityIsCountedNowAndOnlyWhatIsPublic(t *testing.T) {
	w := sitetest.New(t)
	s, p, c, _ := counted(t, w, sitetest.Open)
	w.Exec(`UPDATE site.candidacies SET identity_state = 'respondido' WHERE id IN (1, 2)`)
	read := func() site.IdentityCounts {
		t.Helper()
		got, err := s.IdentityCounts(context.Background(), p, c)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	badge := func(n site.IdentityCounts, id questionnaire.ID) int {
		for _, b := range n.Badges {
			if b.Question == id {
				return b.Persons
			}
		}
		return -1
	}
	w.Consent(10, questionnaire.Answers{questionnaire.Indigenous: {Text: questionnaire.Yes}, questionnaire.IndigenousPeople: {Text: "nahuatl"}})
	w.Consent(13, questionnaire.Answers{questionnaire.Indigenous: {Text: questionnaire.Yes}})
	got := read()
	if got.Public != 2 || got.Answered != 2 || got.Unanswered != 70 || got.Total() != 74 {
		t.Errorf("states %+v", got)
	}
	if n := badge(got, questionnaire.Indigenous); n != 2 {
		t.Errorf("%d badges of indígena, want 2", n)
	}
	if n := badge(got, questionnaire.IndigenousPeople); n != -1 {
		t.Error("a detail is counted")
	}
	w.Withdraw(13)
	if n := badge(read(), questionnaire.Indigenous); n != 1 {
		t.Errorf("after a withdrawal, %d, want 1", n)
	}
	w.Exec(`UPDATE site.mode SET identity_hidden = true`)
	if got := read(); got.Known || got.Public != 0 {
		t.Errorf("with the kill switch thrown, %+v", got)
	}
	if _, err := site.New(w.Site, questionnaire.Edition).IdentityCounts(t.Context(), p, c); err == nil {
		t.Error("identity was counted where a withdrawal may not have arrived")
	}
}
