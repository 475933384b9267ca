package capture_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

func questionID(s string) questionnaire.ID { return questionnaire.ID(s) }

func TestTheSecondToSaveLosesNothing(t *testing.T) {
	s := newStage(t)
	ctx := t.Context()
	ana, eva := s.operator, s.validator
	late := s.submission("propuestas", "propuesta_1", "de Eva", "propuesta_2", "igual")
	if _, err := s.store.SaveDraft(ctx, ana, s.submission("propuestas", "propuesta_1", "de Ana", "propuesta_2", "igual")); err != nil {
		t.Fatal(err)
	}

	out, err := s.store.SaveDraft(ctx, eva, late)
	if err != nil || out.Kept || out.Conflict == 0 {
		t.Fatalf("stale save: %+v, error %v", out, err)
	}
	again, err := s.store.SaveDraft(ctx, eva, late)
	if err != nil || again.Conflict != out.Conflict {
		t.Errorf("the same form again: %+v, error %v; want the same conflict", again, err)
	}

	r := s.record()
	page, _ := r.Page("propuestas")
	if got := r.Form(page).Get("propuesta_1"); got != "de Ana" {
		t.Errorf("the page reads %q", got)
	}
	c, err := s.store.Conflict(ctx, eva, r, "propuestas", out.Conflict)
	if err != nil || !cmp.Equal(c.Mine, late.Form) {
		t.Fatalf("the losing text: %v, error %v", c.Mine, err)
	}
	if _, err := s.store.Conflict(ctx, ana, r, "propuestas", out.Conflict); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else's conflict: %v, want not found", err)
	}
	var differ []questionnaire.ID
	for _, q := range s.store.Differ(page, r.Form(page), c.Mine) {
		differ = append(differ, q.ID)
	}
	if want := []questionnaire.ID{"propuesta_1"}; !cmp.Equal(differ, want) {
		t.Errorf("they differ in %v, want %v", differ, want)
	}

	// Eva keeps hers, and the conflict is over.
	chosen := capture.Choose(page, r.Form(page), c.Mine, func(questionnaire.ID) capture.Side { return capture.Mine })
	sub := capture.Submission{Folio: s.folio, Page: "propuestas", Key: uuid.NewString(), Version: r.Draft("propuestas").Version, Form: chosen, Settles: c.ID}
	if out, err = s.store.SaveDraft(ctx, eva, sub); err != nil || !out.Kept {
		t.Fatalf("settle: %+v, error %v", out, err)
	}
	if _, open, err := s.store.OpenConflict(ctx, eva, r, "propuestas"); open || err != nil {
		t.Errorf("still open: %t, error %v", open, err)
	}
	// Ana's text lost the page, and is still in the database.
	if got := s.text(`SELECT saved ->> 'propuesta_1' FROM desk.conflicts WHERE id = $1`, c.ID); got != `["de Ana"]` {
		t.Errorf("Ana's text is kept as %s", got)
	}
}

func TestALateFormWithTheSavedTextIsNoConflict(t *testing.T) {
	s := newStage(t)
	text := long("Quiero servir.")
	button := s.submission("motivo", "motivo_cargo_publico", text) // pressed while the draft is on its way
	if _, err := s.store.SaveDraft(t.Context(), s.operator, s.submission("motivo", "motivo_cargo_publico", text)); err != nil {
		t.Fatal(err)
	}
	out, err := s.store.SaveVersion(t.Context(), s.operator, button)
	if err != nil || !out.Kept || out.Version != 2 || !s.record().Answers.Has("motivo_cargo_publico") {
		t.Errorf("%+v, error %v; want a version", out, err)
	}
}

func TestTheSameFormTwiceHasOneEffect(t *testing.T) {
	s := newStage(t)
	sub := s.submission("motivo", "motivo_cargo_publico", long("Quiero servir."))
	var wg sync.WaitGroup
	outs := make([]capture.Outcome, 8)
	for i := range outs {
		wg.Go(func() {
			out, err := s.store.SaveVersion(context.Background(), s.operator, sub)
			if err != nil {
				t.Error(err)
			}
			outs[i] = out
		})
	}
	wg.Wait()
	for _, out := range outs {
		if !cmp.Equal(out, outs[0]) {
			t.Errorf("answers differ: %+v and %+v", out, outs[0])
		}
	}
	if got := s.text(`SELECT (SELECT count(*) FROM desk.answer_versions) || ' ' || (SELECT sum(version) FROM desk.drafts) || ' ' ||
		(SELECT count(*) FROM audit.entries WHERE kind = 'captura.version')`); got != "1 1 1" {
		t.Errorf("versions, saves and entries: %s; want one of each", got)
	}
	sub.Form = formOf("motivo_cargo_publico", long("Otra cosa."))
	if _, err := s.store.SaveVersion(t.Context(), s.operator, sub); !fault.Is(err, fault.Conflict) {
		t.Errorf("the same key with another text: %v, want conflict", err)
	}
}

// Fifty people write the same page. Every save accepted moves the page by
// exactly one, and every text is somewhere: in the page when its turn came, or in
// the conflict it was answered with.
func TestFiftyEditorsLoseNothing(t *testing.T) {
	s := newStage(t)
	const editors, rounds = 50, 6
	actors := make([]auth.Operator, editors)
	for i := range actors {
		who := s.operator.Who
		who.Account = s.Account(fmt.Sprintf("e%d@hor.mx", i), "operador", s.party, 0)
		actors[i] = auth.Operator{Who: who, Nominator: s.party}
	}
	var mu sync.Mutex
	accepted := map[int]string{} // version -> text
	conflicts := map[int64]string{}
	var wg sync.WaitGroup
	for i, actor := range actors {
		wg.Go(func() {
			for round := range rounds {
				text := fmt.Sprintf("texto %d de %d", round, i)
				version, conflict := s.race(actor, text)
				mu.Lock()
				if other, taken := accepted[version]; taken && conflict == 0 {
					t.Errorf("version %d was given to %q and to %q", version, other, text)
				}
				if conflict != 0 {
					conflicts[conflict] = text
				} else {
					accepted[version] = text
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()

	if len(accepted)+len(conflicts) != editors*rounds {
		t.Errorf("%d accepted and %d in conflict, want %d in all", len(accepted), len(conflicts), editors*rounds)
	}
	for v := 1; v <= len(accepted); v++ {
		if accepted[v] == "" {
			t.Errorf("version %d is missing of %d", v, len(accepted))
		}
	}
	last := s.record().Draft("motivo")
	if last.Version != len(accepted) || last.Form.Get("motivo_cargo_publico") != accepted[last.Version] {
		t.Errorf("the page is at %d with %q, want %d with %q", last.Version, last.Form.Get("motivo_cargo_publico"), len(accepted), accepted[len(accepted)])
	}
	for id, text := range conflicts {
		if got := s.text(`SELECT form #>> '{motivo_cargo_publico,0}' FROM desk.conflicts WHERE id = $1`, id); got != text {
			t.Errorf("conflict %d keeps %q, want %q", id, got, text)
		}
	}
	if len(conflicts) == 0 {
		t.Error("nobody collided: the test proves nothing")
	}
}

// race reads the page and saves it, until the server takes the form one way or
// the other: too many at once is a reason to send it again, with its key.
func (s *stage) race(actor auth.Operator, text string) (version int, conflict int64) {
	ctx := context.Background()
	for {
		r, err := s.store.Record(ctx, actor, s.folio)
		if fault.Is(err, fault.Unavailable) {
			continue
		}
		if err != nil {
			s.T.Error(err)
			return 0, 0
		}
		sub := capture.Submission{Folio: s.folio, Page: "motivo", Key: uuid.NewString(), Version: r.Draft("motivo").Version, Form: formOf("motivo_cargo_publico", text)}
		for {
			out, err := s.store.SaveDraft(ctx, actor, sub)
			if fault.Is(err, fault.Unavailable) {
				continue
			}
			if err != nil {
				s.T.Error(err)
			}
			return out.Version, out.Conflict
		}
	}
}

func TestRowsAreRemovedWithoutAGap(t *testing.T) {
	form := formOf("otra_formacion.0", "uno", "otra_formacion.1", "dos", "otra_formacion.3", "tres", "grado_estudios", "primaria",
		"casa_campana.0.calle", "A", "casa_campana.2.calle", "B", "casa_campana.2.cp", "62000")
	got := capture.RemoveRow("otra_formacion", 1, form)
	got = capture.RemoveRow("casa_campana", 0, got)
	want := formOf("otra_formacion.0", "uno", "otra_formacion.1", "tres", "grado_estudios", "primaria",
		"casa_campana.0.calle", "B", "casa_campana.0.cp", "62000")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := capture.RowsOf("otra_formacion", form); !cmp.Equal(got, []int{0, 1, 3}) {
		t.Errorf("rows = %v", got)
	}
}

func TestDraftsKeepWhatIsTooLong(t *testing.T) {
	s := newStage(t)
	text := strings.Repeat("ñ", 100_000) // far past the ceiling, in the answer's own words
	out, err := s.store.SaveDraft(t.Context(), s.operator, s.submission("motivo", "motivo_cargo_publico", text))
	if err != nil || !out.Kept || s.record().Draft("motivo").Form.Get("motivo_cargo_publico") != text {
		t.Errorf("%+v, error %v; want the whole text", out.Kept, err)
	}
}

// Validating and saving at once end one after the other: what was validated is
// what is there.
func TestValidatingWhileSomebodySaves(t *testing.T) {
	for range 8 {
		s := newStage(t)
		s.complete()
		v := capture.Validation{Folio: s.folio, Key: uuid.NewString(), Content: s.record().Content(), Declared: true}
		sub := s.submission("motivo", "motivo_cargo_publico", long("Cambié de motivo."))
		var validated, saved error
		var wg sync.WaitGroup
		wg.Go(func() { _, validated = s.store.Validate(context.Background(), s.validator, v) })
		wg.Go(func() { _, saved = s.store.SaveVersion(context.Background(), s.operator, sub) })
		wg.Wait()
		if (validated == nil) == (saved == nil) {
			t.Fatalf("validated: %v; saved: %v; want exactly one of them", validated, saved)
		}
		if validated != nil {
			continue
		}
		if got := s.record().Content(); got != v.Content {
			t.Error("what was validated is not what is there")
		}
	}
}
