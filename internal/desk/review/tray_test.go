package review_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/review"
	"conoceles/internal/fault"
)

// proposeOn proposes on another folio of the stage.
func (s *stage) proposeOn(t auth.Transparency, folio string, observed ...string) int64 {
	s.T.Helper()
	ctx := context.Background()
	f, err := s.store.File(ctx, t, folio)
	if err != nil {
		s.T.Fatal(err)
	}
	p := review.Proposal{Folio: folio, Key: uuid.NewString(), Content: f.Content}
	for _, r := range f.Rubros {
		m := review.Remark{Part: r.ID, Outcome: review.Complies}
		for _, o := range observed {
			if o == string(r.ID) {
				m = review.Remark{Part: r.ID, Outcome: review.Observed, Causes: []string{"S5"}, Note: "Quita la mención."}
			}
		}
		p.Remarks = append(p.Remarks, m)
	}
	if err := s.store.Propose(ctx, t, p); err != nil {
		s.T.Fatal(err)
	}
	return s.ID(`SELECT max(id) FROM desk.reviews`)
}

func TestSeveralAreApprovedAtOnce(t *testing.T) {
	s := newStage(t)
	ctx := t.Context()
	more := func(given string) (int64, string) {
		id := s.validated(s.party, given, "Supuesta Nava", "Propuesta de "+given+".")
		s.Publish(id)
		return id, s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, id)
	}
	_, observed := more("Ofelia")
	_, own := more("Petra")
	changed, stale := more("Quirina")
	kept := []int64{s.proposeOn(s.analyst, s.folio), s.proposeOn(s.second, s.other)}
	withRemarks := s.proposeOn(s.analyst, observed, "propuesta_1")
	mine := s.proposeOn(s.head, own)
	dead := s.proposeOn(s.analyst, stale)
	// The text changes under the proposal, as no act of the program can do.
	s.Answer(changed, "propuesta_1", answer("propuesta_1", mended))
	s.Validate(changed)
	s.Publish(changed)

	tray, err := s.store.Tray(ctx, s.head)
	if err != nil {
		t.Fatal(err)
	}
	if len(tray.Entries) != 3 || tray.Own != 1 || tray.Observed != 1 {
		t.Errorf("%d in the tray, %d own, %d observed; want 3, 1, 1", len(tray.Entries), tray.Own, tray.Observed)
	}
	key := uuid.NewString()
	results, err := s.store.ApproveSeveral(ctx, s.head, key, []int64{kept[0], withRemarks, mine, dead, kept[1]})
	if err != nil {
		t.Fatal(err)
	}
	want := []fault.Kind{0, fault.Conflict, fault.Forbidden, fault.Conflict, 0}
	for i, r := range results {
		if r.Err == nil && want[i] != 0 || r.Err != nil && !fault.Is(r.Err, want[i]) {
			t.Errorf("proposal %d: %v, want %v", i, r.Err, want[i])
		}
		if r.Err != nil && r.Said() == "" {
			t.Errorf("proposal %d was refused without a word", i)
		}
	}
	s.wantAxes("validada verificada v1")
	if got := s.text(`SELECT string_agg(state, ' ' ORDER BY id) FROM desk.reviews`); got != "aprobada aprobada propuesta propuesta propuesta" {
		t.Errorf("the proposals are %s", got)
	}
	s.intact()
	// The same form again answers the same, and does nothing twice.
	if again, err := s.store.ApproveSeveral(ctx, s.head, key, []int64{kept[0], kept[1]}); err != nil || again[0].Err != nil || again[1].Err != nil {
		t.Errorf("sent again: %v %v", again, err)
	}
	if got := s.text(`SELECT count(*)::text FROM audit.entries WHERE kind = 'revision.aprobar'`); got != "2" {
		t.Errorf("%s approvals in the bitácora, want 2", got)
	}
}

func TestTheTrayAsksForAChoiceOfItsProcess(t *testing.T) {
	s := newStage(t)
	if _, err := s.store.ApproveSeveral(t.Context(), s.head, uuid.NewString(), nil); len(fault.FieldsOf(err)) != 1 {
		t.Errorf("nothing chosen: %v", err)
	}
	id := s.proposeOn(s.analyst, s.folio)
	elsewhere := auth.Head{Who: auth.Who{Account: s.head.Account, Process: s.Process + 1}}
	if _, err := s.store.ApproveSeveral(t.Context(), elsewhere, uuid.NewString(), []int64{id}); !fault.Is(err, fault.NotFound) {
		t.Errorf("from another process: %v, want NotFound", err)
	}
	s.wantAxes("validada pendiente v1")
}
