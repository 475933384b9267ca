package review_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"

	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/review"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

func answer(id questionnaire.ID, text string) questionnaire.Answers {
	return questionnaire.Answers{id: {Text: text}}
}

// Two reviewers, a Head and a party at once leave one order of events: what is
// approved is what was judged, nobody's act is lost without a word, and the site
// is what the desk says.
func TestTwoReviewersAHeadAndAPartyAtOnce(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	if err := s.request("propuesta_1"); err != nil {
		t.Fatal(err)
	}
	s.mustWrite("propuestas", "propuesta_1", mended)
	one, two := s.proposal("propuesta_2"), s.proposal()
	submission := capture.CorrectionSubmission{Folio: s.folio, Key: uuid.NewString(), Content: s.record().Content(), Declared: true}
	acts := []func() error{
		func() error { return s.store.Propose(ctx, s.analyst, one) },
		func() error { return s.store.Propose(ctx, s.second, two) },
		func() error { return s.capture.SendCorrection(ctx, s.validator, submission) },
		func() error {
			var err error
			for range 20 {
				f, readErr := s.store.File(ctx, s.head, s.folio)
				if readErr != nil {
					return readErr
				}
				if f.Pending != nil {
					err = s.store.Approve(ctx, s.head, review.Decision{Folio: s.folio, Key: uuid.NewString(), Review: f.Pending.ID})
				}
			}
			return err
		},
	}
	var all sync.WaitGroup
	for _, act := range acts {
		all.Go(func() {
			if err := act(); err != nil && !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s.intact()

	const approvedUnread = `
SELECT count(*)::text FROM desk.reviews r JOIN desk.remarks m ON m.review_id = r.id
WHERE r.state = 'aprobada' AND (r.decided_by = r.proposed_by OR m.part = 'propuesta_1' AND m.version = 2
  AND r.proposed_at < (SELECT sent_at FROM desk.corrections WHERE origin = 'solicitud'))`
	if got := s.text(approvedUnread); got != "0" {
		t.Errorf("%s rubros were approved by who proposed, or before they were read", got)
	}
	if got := s.text(`SELECT count(*)::text FROM desk.reviews WHERE state = 'propuesta'`); got != "0" && got != "1" {
		t.Errorf("%s proposals wait at once", got)
	}
	if state := s.text(`SELECT state FROM desk.corrections WHERE origin = 'solicitud'`); state == "abierta" {
		t.Error("the correction that was sent is lost")
	}
}
