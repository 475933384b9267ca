package review_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/review"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// The term of three days ends at a midnight, where people are: at that instant it
// is over.
func TestTheQueueByTerm(t *testing.T) {
	s := newStage(t)
	midnight := time.Date(2027, 4, 10, 0, 0, 0, 0, election.Zone())
	for _, c := range []struct {
		now  time.Time
		want review.Term
	}{
		{s.Now(), review.InTerm},
		{midnight.AddDate(0, 0, -1).Add(-time.Second), review.InTerm},
		{midnight.AddDate(0, 0, -1), review.DueToday},
		{midnight.Add(-time.Second), review.DueToday},
		{midnight, review.Overdue},
		{midnight.AddDate(0, 0, 9), review.Overdue},
	} {
		s.SetNow(c.now)
		for _, term := range review.TermFilters() {
			got, q := s.queue(review.Filter{Term: term, Nominator: s.party})
			if (len(got) == 1) != (term == c.want) {
				t.Errorf("at %s, %q lists %v; want it in %q", c.now, term, got, c.want)
			}
			if len(got) == 1 && (!q.Entries[0].DueAt().Equal(midnight) || q.Counts[review.AnyWaiting] != 1) {
				t.Errorf("due %s, %d wait", q.Entries[0].DueAt(), q.Counts[review.AnyWaiting])
			}
		}
	}
	s.judge()
	if got, _ := s.queue(review.Filter{Term: review.Overdue, Stage: review.Everything, Nominator: s.party}); len(got) != 0 {
		t.Errorf("what waits for nothing is overdue: %v", got)
	}
}

func TestTheNeighboursInTheQueue(t *testing.T) {
	s := newStage(t)
	s.SetNow(s.Now().AddDate(0, 0, 1))
	last := s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, s.validated(s.party, "Ofelia", "Supuesta Nava", "Bibliotecas de barrio."))
	beside := func(f review.Filter, folio string) [2]string {
		t.Helper()
		b, err := s.store.Beside(t.Context(), s.analyst, f, folio)
		if err != nil {
			t.Fatal(err)
		}
		var out [2]string
		for i, n := range []*review.Neighbour{b.Previous, b.Next} {
			if n != nil {
				out[i] = n.Folio
			}
		}
		return out
	}
	for _, c := range []struct {
		name   string
		filter review.Filter
		folio  string
		want   [2]string
	}{
		{"the first", review.Filter{}, s.folio, [2]string{"", s.other}},
		{"in the middle", review.Filter{}, s.other, [2]string{s.folio, last}},
		{"the last", review.Filter{}, last, [2]string{s.other, ""}},
		{"of a party", review.Filter{Nominator: s.party}, s.folio, [2]string{"", last}},
		{"out of the queue", review.Filter{Nominator: s.rivals}, s.folio, [2]string{"", s.other}},
		{"of an empty queue", review.Filter{Office: "gubernatura"}, s.folio, [2]string{}},
	} {
		if got := beside(c.filter, c.folio); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	s.judge()
	if got := beside(review.Filter{}, s.folio); got != [2]string{"", s.other} {
		t.Errorf("once decided: %v, want to go on with the first", got)
	}
}

func TestTermsAreParametersOfTheProcess(t *testing.T) {
	s := newStage(t)
	s.Exec(`UPDATE desk.processes SET review_days = 5, remedy_days = 7 WHERE id = $1`, s.Process)
	if got := s.file().DueAt.Format(time.DateOnly); got != "2027-04-12" {
		t.Errorf("the Unidad's term ends on %s, want five days", got)
	}
	s.judge("propuesta_1")
	if got := s.record().Correction.DueAt.In(election.Zone()).Format(time.DateOnly); got != "2027-04-14" {
		t.Errorf("the party's term ends on %s, want seven days", got)
	}
}

func TestAnyTwoVersionsAreCompared(t *testing.T) {
	s := newStage(t)
	s.judge("propuesta_1")
	s.mustWrite("propuestas", "propuesta_1", wrong)
	s.mustWrite("propuestas", "propuesta_1", mended)
	ctx := t.Context()
	v, err := s.store.Versions(ctx, s.analyst, s.folio, "propuesta_1", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if v.Before != 2 || v.After != 3 || v.Was.Text("propuesta_1") != wrong || v.Is.Text("propuesta_1") != mended {
		t.Errorf("by default %d and %d", v.Before, v.After)
	}
	var public []bool
	for _, one := range v.List {
		public = append(public, one.Public != nil)
	}
	if diff := cmp.Diff([]bool{false, false, true}, public); diff != "" {
		t.Error(diff)
	}
	if v, err = s.store.Versions(ctx, s.analyst, s.folio, "propuesta_1", 1, 3); err != nil || v.Was.Text("propuesta_1") == wrong {
		t.Errorf("1 and 3: %v, %q", err, v.Was.Text("propuesta_1"))
	}
	elsewhere := auth.Reviewer{Who: auth.Who{Account: s.analyst.Account, Process: s.Process + 1}}
	for name, ask := range map[string]func() error{
		"a version that there is not": func() error { _, err := s.store.Versions(ctx, s.analyst, s.folio, "propuesta_1", 1, 9); return err },
		"a rubro that there is not":   func() error { _, err := s.store.Versions(ctx, s.analyst, s.folio, "nada", 0, 0); return err },
		"another process":             func() error { _, err := s.store.Versions(ctx, elsewhere, s.folio, "propuesta_1", 0, 0); return err },
	} {
		if err := ask(); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v, want NotFound", name, err)
		}
	}
}

// A request that was not sent is given up: the site, the pages and the chance to
// ask again are as before it.
func TestACorrectionIsCancelled(t *testing.T) {
	s := newStage(t)
	ctx := t.Context()
	_, before := s.onSite("propuesta_1")
	cancel := func() error { return s.capture.CancelCorrection(ctx, s.validator, s.folio, uuid.NewString()) }
	if err := cancel(); !fault.Is(err, fault.Conflict) {
		t.Errorf("with none open: %v", err)
	}
	if err := s.request("propuesta_1"); err != nil {
		t.Fatal(err)
	}
	s.mustWrite("propuestas", "propuesta_1", mended)
	if err := s.capture.CancelCorrection(ctx, s.operator, s.folio, uuid.NewString()); !fault.Is(err, fault.Forbidden) {
		t.Errorf("an operator cancelled: %v", err)
	}
	if err := cancel(); err != nil {
		t.Fatal(err)
	}
	s.wantAxes("validada pendiente v1")
	if _, now := s.onSite("propuesta_1"); now != before {
		t.Errorf("the site says %q", now)
	}
	if got := s.record().Answers.Text("propuesta_1"); got != before {
		t.Errorf("the last version says %q, want what is public", got)
	}
	s.intact()

	if err := s.request("propuesta_1"); err != nil {
		t.Errorf("asking again: %v", err)
	}
	if r := s.record(); len(r.Changed()) != 0 {
		t.Errorf("the restored text counts as a change: %v", r.Changed())
	}
	s.judge("motivo_cargo_publico")
	if err := cancel(); !fault.Is(err, fault.Conflict) {
		t.Errorf("with an observation to attend: %v", err)
	}
	s.mustWrite("motivo", "motivo_cargo_publico", mended)
	if err := s.send(); err != nil {
		t.Fatal(err)
	}
	if err := cancel(); !fault.Is(err, fault.Conflict) {
		t.Errorf("once sent: %v", err)
	}
}

// The end of campaigns closes corrections; giving one up changes nothing public,
// and stays possible. An exception moves the end of what an observation allows.
func TestAfterTheEndOfCampaigns(t *testing.T) {
	s := newStage(t)
	end := s.Now().Add(time.Hour)
	if err := s.request("propuesta_1"); err != nil {
		t.Fatal(err)
	}
	s.mustWrite("propuestas", "propuesta_1", mended)
	s.endCampaigns(end)
	s.SetNow(end.Add(time.Minute))
	if err := s.capture.CancelCorrection(t.Context(), s.validator, s.folio, uuid.NewString()); err != nil {
		t.Errorf("cancelling after the end: %v", err)
	}
	s.wantAxes("validada pendiente v1")

	act := s.ID(`
INSERT INTO desk.acts (process_id, kind, candidacy_id, basis, basis_date, captured_by, captured_at)
VALUES ($1, 'excepcion', $2, 'IEP/CEE/300/2027', '2027-04-05', $3, $4) RETURNING id`, s.Process, s.candidacy, s.head.Account, s.Now())
	until := end.Add(30 * time.Hour)
	s.Exec(`INSERT INTO desk.capture_exceptions (act_id, candidacy_id, until_at) VALUES ($1, $2, $3)`, act, s.candidacy, until)
	s.judge("propuesta_1")
	if due := s.record().Correction.DueAt; !due.Equal(until) {
		t.Errorf("due %s, want the end of the exception", due)
	}
	s.SetNow(until.Add(-time.Second))
	s.mustWrite("propuestas", "propuesta_1", mended)
	if err := s.send(); err != nil {
		t.Errorf("one second before the exception ends: %v", err)
	}
	s.intact()
}

// Writing again, to the letter, what was observed attends nothing.
func TestTheSameTextAgainIsNoCorrection(t *testing.T) {
	s := newStage(t)
	_, observed := s.onSite("propuesta_1")
	s.judge("propuesta_1")
	s.mustWrite("propuestas", "propuesta_1", mended)
	s.mustWrite("propuestas", "propuesta_1", observed)
	if err := s.send(); !fault.Is(err, fault.Conflict) {
		t.Errorf("the observed text was sent as its own correction: %v", err)
	}
}
