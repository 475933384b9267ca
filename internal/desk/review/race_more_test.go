package review_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/review"
	"conoceles/internal/fault"
)

// atOnce starts every act at the same time and returns how each ended.
func atOnce(acts ...func() error) []error {
	out := make([]error, len(acts))
	var ready, all sync.WaitGroup
	ready.Add(len(acts))
	for i, act := range acts {
		all.Go(func() {
			ready.Done()
			ready.Wait()
			out[i] = act()
		})
	}
	all.Wait()
	return out
}

// succeeded counts the acts that were done; what was not must be a Conflict.
func (s *stage) succeeded(results []error) (n int) {
	s.T.Helper()
	for _, err := range results {
		switch {
		case err == nil:
			n++
		case !fault.Is(err, fault.Conflict):
			s.T.Errorf("refused as %v, want a Conflict", err)
		}
	}
	return n
}

// Two Heads decide the same proposal, one of them from the tray, while its author
// proposes again: one decision stands.
func TestTwoHeadsDecideAtOnce(t *testing.T) {
	for range 4 {
		s := newStage(t)
		ctx := context.Background()
		other := auth.Head{Who: auth.Who{Account: s.Account("otra@iep.mx", "titular", 0, 0), Process: s.Process}}
		s.propose()
		d, again := s.decision(), s.proposal()
		results := atOnce(
			func() error { return s.store.Approve(ctx, s.head, d) },
			func() error {
				all, err := s.store.ApproveSeveral(ctx, other, uuid.NewString(), []int64{d.Review})
				if err == nil {
					err = all[0].Err
				}
				return err
			},
			func() error {
				back := review.Decision{Folio: s.folio, Key: uuid.NewString(), Review: d.Review, Reason: "Falta leer el último rubro."}
				return s.store.Return(ctx, other, back)
			},
		)
		if n := s.succeeded(results); n != 1 {
			t.Errorf("%d decisions of one proposal: %v", n, results)
		}
		if err := s.store.Propose(ctx, s.analyst, again); err != nil && !fault.Is(err, fault.Conflict) {
			t.Error(err)
		}
		if got := s.text(`SELECT count(*)::text FROM desk.reviews WHERE state IN ('aprobada', 'devuelta')`); got != "1" {
			t.Errorf("%s decisions are kept", got)
		}
		s.intact()
	}
}

// The party sends another text while the Head approves what was judged: either
// order leaves on the site only what somebody judged.
func TestAnApprovalAndACorrectionAtOnce(t *testing.T) {
	for range 4 {
		s := newStage(t)
		ctx := context.Background()
		if err := s.request("propuesta_1"); err != nil {
			t.Fatal(err)
		}
		s.propose()
		s.mustWrite("propuestas", "propuesta_1", mended)
		d := s.decision()
		sent := capture.CorrectionSubmission{Folio: s.folio, Key: uuid.NewString(), Content: s.record().Content(), Declared: true}
		results := atOnce(
			func() error { return s.store.Approve(ctx, s.head, d) },
			func() error { return s.capture.SendCorrection(ctx, s.validator, sent) },
		)
		if results[1] != nil {
			t.Errorf("the correction was lost: %v", results[1])
		}
		s.succeeded(results)
		if _, text := s.onSite("propuesta_1"); text == mended {
			t.Error("the site shows a text that nobody judged")
		}
		if f := s.file(); f.Waits() == 0 || f.Correction == nil || !f.Correction.Sent {
			t.Errorf("the correction does not wait: %d rubros", f.Waits())
		}
		s.intact()
	}
}

// Cancelling and sending the same correction: one of them.
func TestACorrectionIsCancelledOrSent(t *testing.T) {
	for range 4 {
		s := newStage(t)
		ctx := context.Background()
		if err := s.request("propuesta_1"); err != nil {
			t.Fatal(err)
		}
		s.mustWrite("propuestas", "propuesta_1", mended)
		sent := capture.CorrectionSubmission{Folio: s.folio, Key: uuid.NewString(), Content: s.record().Content(), Declared: true}
		results := atOnce(
			func() error { return s.capture.CancelCorrection(ctx, s.validator, s.folio, uuid.NewString()) },
			func() error { return s.capture.SendCorrection(ctx, s.validator, sent) },
		)
		if n := s.succeeded(results); n != 1 {
			t.Errorf("%d of the two were done: %v", n, results)
		}
		want := "en_correccion enviada"
		if results[0] == nil {
			want = "validada resuelta"
		}
		if got := s.text(`SELECT c.capture || ' ' || x.state FROM desk.candidacies c JOIN desk.corrections x ON x.candidacy_id = c.id WHERE c.id = $1`, s.candidacy); got != want {
			t.Errorf("the axes say %q, want %q", got, want)
		}
		s.intact()
	}
}

// Two people score the same text at once, each twice: two scores.
func TestTwoScoreAtOnce(t *testing.T) {
	s := newStage(t)
	s.withRubric()
	ctx := context.Background()
	score := func(who auth.Transparency, points int) func() error {
		g := s.scoring(points, "propuesta_1")
		return func() error { return s.store.Score(ctx, who, g) }
	}
	results := atOnce(score(s.analyst, 1), score(s.second, 0), score(s.analyst, 1), score(s.second, 0))
	if n := s.succeeded(results); n != 4 {
		t.Errorf("%d of 4 were kept: %v", n, results)
	}
	if got := s.text(`SELECT count(*)::text || ' ' || sum(m.points) FROM desk.scores c JOIN desk.score_marks m ON m.score_id = c.id WHERE m.points > 0`); got != "4 4" {
		t.Errorf("marks and points %s, want the analyst's four", got)
	}
}

// Whatever the program does, the database lets nobody decide what they proposed.
func TestTheDatabaseHoldsFourEyes(t *testing.T) {
	s := newStage(t)
	s.propose()
	err := s.Desk.Upkeep(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return tx.Exec(ctx, `UPDATE desk.reviews SET state = 'aprobada', decided_by = proposed_by, decided_at = now()`)
	})
	if db.Constraint(err) != "reviews_two_persons" {
		t.Errorf("the database let it: %v", err)
	}
}

// An approval is whole or it is not: when what it hides cannot be hidden, nobody
// approved anything.
func TestAnApprovalIsOneTransaction(t *testing.T) {
	for _, table := range []string{"desk.withheld_parts", "desk.corrections", "site.profiles"} {
		t.Run(table, func(t *testing.T) {
			s := newStage(t)
			s.propose("propuesta_1")
			s.broken(table)
			if err := s.store.Approve(t.Context(), s.head, s.decision()); err == nil {
				t.Fatal("approved over a table that takes nothing")
			}
			s.wantAxes("validada pendiente v1")
			if got := s.text(`SELECT (SELECT string_agg(state, ' ') FROM desk.reviews) || ' ' || (SELECT count(*) FROM desk.withheld_parts) || ' ' || (SELECT count(*) FROM desk.corrections)`); got != "propuesta 0 0" {
				t.Errorf("left behind: %s", got)
			}
			if state, _ := s.onSite("propuesta_1"); state != "publicada" {
				t.Errorf("the site says %s", state)
			}
		})
	}
}

// broken makes a table refuse every change.
func (s *stage) broken(table string) {
	s.T.Helper()
	conn, err := pgx.Connect(context.Background(), s.PG.SuperURL)
	if err != nil {
		s.T.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), `CREATE TRIGGER broken BEFORE INSERT OR UPDATE ON `+table+` EXECUTE FUNCTION audit.refuse_change()`); err != nil {
		s.T.Fatal(err)
	}
}
