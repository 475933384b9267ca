package duty_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/db"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/duty"
	"conoceles/internal/desk/review"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// What is owed once the capture term is over, each addressee with its own.
var owedAfterTerm = []string{
	"partido borrador: Blanca curricular sin_respuesta, Blanca identidad incompleto, Marisol curricular incompleto, Marisol identidad incompleto, " +
		"Delia curricular incompleto, Delia identidad incompleto",
	"independiente borrador: Isaura curricular sin_respuesta, Isaura identidad incompleto",
	"candidata borrador: Blanca curricular sin_respuesta, Blanca identidad incompleto",
}

func TestNothingIsRequiredWhileInTerm(t *testing.T) {
	s := newStage(t)
	s.detect()
	s.wantDrafts()
	last := desktest.Start.AddDate(0, 0, 16).Truncate(24 * time.Hour).Add(6*time.Hour - time.Second) // 23:59:59 in the zone of people
	s.SetNow(last)
	s.detect()
	s.wantDrafts()
	s.SetNow(last.Add(time.Second))
	s.detect()
	s.wantDrafts(owedAfterTerm...)
	s.Exec(`UPDATE desk.duty_items SET missing = ''`) // detecting again puts it right and makes no other draft
	s.detect()
	s.wantDrafts(owedAfterTerm...)
	for _, c := range []struct {
		candidacy int64
		want      string
	}{
		{s.blank, "Todas las respuestas obligatorias"},
		{s.ready, "Falta validarlo"},
		{s.half, "Fotografía; Medios de contacto públicos; Historia profesional y/o laboral; Trayectoria política y/o participación social en organizaciones ciudadanas o de la sociedad civil; ¿Por qué quiere ocupar un cargo público?; Propuesta 2"},
	} {
		if got := s.text(`SELECT DISTINCT missing FROM desk.duty_items WHERE candidacy_id = $1 AND questionnaire = 'curricular'`, c.candidacy); got != c.want {
			t.Errorf("missing: %q, want %q", got, c.want)
		}
	}
}

func TestSomeDaysBeforeTheTermIfTheProcessSaysSo(t *testing.T) {
	s := newStage(t)
	s.Exec(`UPDATE desk.processes SET notice_early_days = 2`)
	s.SetNow(desktest.Start.AddDate(0, 0, 13))
	s.detect()
	s.wantDrafts()
	s.SetNow(desktest.Start.AddDate(0, 0, 14))
	s.detect()
	s.wantDrafts(owedAfterTerm...)
}

// The database and the program must say the same of when a term ends.
func TestTheTermIsThatOfCapture(t *testing.T) {
	s := newStage(t)
	for name, change := range map[string]string{
		"as it is":                 `SELECT 1`,
		"fewer days":               `UPDATE desk.processes SET capture_days = 3`,
		"credentials came late":    `UPDATE desk.candidacies SET clock_started_at = clock_started_at - interval '30 days'`,
		"campaigns end before":     `UPDATE desk.processes SET campaigns_end_at = now() - interval '1 day' + (campaigns_end_at - now())`,
		"campaigns end in a week":  `UPDATE desk.processes SET campaigns_end_at = '2027-04-13 06:00Z'`,
		"entered after campaigns":  `UPDATE desk.processes SET campaigns_end_at = '2027-04-01 06:00Z'`,
		"nothing is known of ends": `UPDATE desk.processes SET campaigns_end_at = NULL`,
	} {
		t.Run(name, func(t *testing.T) {
			s.Exec(change)
			d, err := s.capture.Dashboard(t.Context(), s.validator, capture.Filter{})
			if err != nil {
				t.Fatal(err)
			}
			s.Tx(func(ctx context.Context, tx *db.Tx) error {
				owed, err := s.store.Owed(ctx, tx, s.Process)
				if err != nil {
					return err
				}
				compared := 0
				for _, o := range owed {
					for _, c := range d.Candidacies {
						if c.ID != o.Candidacy {
							continue
						}
						compared++
						if got := o.Deadline; (got == nil) != c.Deadline().IsZero() || got != nil && !got.Equal(c.Deadline()) {
							t.Errorf("%s: the term ends %v, capture says %v", o.Name, got, c.Deadline())
						}
					}
				}
				if compared == 0 {
					t.Error("nothing was compared")
				}
				return nil
			})
		})
	}
}

func TestADraftFollowsWhatIsOwed(t *testing.T) {
	s := newStage(t)
	s.afterTerm()
	s.detect()
	f := s.open(duty.ToParty)

	t.Log("A validation takes its questionnaire out of the drafts, in its transaction.")
	r, err := s.capture.Record(t.Context(), s.validator, s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, s.ready))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.capture.Validate(t.Context(), s.validator, capture.Validation{Folio: r.Folio, Key: uuid.NewString(), Content: r.Content(), Declared: true}); err != nil {
		t.Fatal(err)
	}
	now := "partido borrador: Blanca curricular sin_respuesta, Blanca identidad incompleto, Marisol curricular incompleto, Marisol identidad incompleto, Delia identidad incompleto"
	s.wantDrafts(now, owedAfterTerm[1], owedAfterTerm[2])
	if err := s.store.Save(t.Context(), s.analyst, edition(f)); !fault.Is(err, fault.Conflict) {
		t.Errorf("saved over a draft that changed: %v", err)
	}

	t.Log("Who no longer stands owes nothing, and a draft with nothing left is over.")
	s.Exec(`UPDATE desk.candidacies SET standing = 'renuncia' WHERE id = ANY($1)`, []int64{s.blank, s.independent})
	s.detect()
	s.wantDrafts("partido borrador: Marisol curricular incompleto, Marisol identidad incompleto, Delia identidad incompleto")
	if got := s.text(`SELECT string_agg(addressee, ' ' ORDER BY addressee) FROM desk.duty_notices WHERE state = 'sin_efecto'`); got != "candidata independiente" {
		t.Errorf("over: %s", got)
	}
}

func TestAnObservationIsRequiredAtOnceAndUntilItsCorrectionIsSent(t *testing.T) {
	s := newStage(t)
	s.Validate(s.ready)
	s.Exec(`UPDATE desk.candidacies SET standing = 'renuncia' WHERE id <> $1`, s.ready)
	folio := s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, s.ready)
	file, err := s.review.File(t.Context(), s.analyst, folio)
	if err != nil {
		t.Fatal(err)
	}
	p := review.Proposal{Folio: folio, Key: uuid.NewString(), Content: file.Content}
	for _, r := range file.Rubros {
		m := review.Remark{Part: r.ID, Outcome: review.Complies}
		if r.ID == "propuesta_1" {
			m = review.Remark{Part: r.ID, Outcome: review.Observed, Causes: []string{"S5"}, Note: "Quita la mención a otro partido."}
		}
		p.Remarks = append(p.Remarks, m)
	}
	if err := s.review.Propose(t.Context(), s.analyst, p); err != nil {
		t.Fatal(err)
	}
	if file, err = s.review.File(t.Context(), s.analyst, folio); err == nil {
		err = s.review.Approve(t.Context(), s.head, review.Decision{Folio: folio, Key: uuid.NewString(), Review: file.Pending.ID})
	}
	if err != nil {
		t.Fatal(err)
	}
	s.wantDrafts("partido borrador: Delia curricular no_se_apega_art18, Delia identidad incompleto")
	if got := s.text(`SELECT DISTINCT missing FROM desk.duty_items WHERE questionnaire = 'curricular'`); got != "Propuesta 1 (S5)" {
		t.Errorf("missing: %q", got)
	}

	s.Answer(s.ready, "propuesta_1", questionnaire.Answers{questionnaire.Proposal1: {Text: longText}})
	r, err := s.capture.Record(t.Context(), s.validator, folio)
	if err != nil {
		t.Fatal(err)
	}
	err = s.capture.SendCorrection(t.Context(), s.validator, capture.CorrectionSubmission{Folio: folio, Key: uuid.NewString(), Content: r.Content(), Declared: true})
	if err != nil {
		t.Fatal(err)
	}
	s.wantDrafts("partido borrador: Delia identidad incompleto")
}

// Identity is complete or incomplete: nobody can write more of it, not even by
// mistake.
func TestOfIdentityNothingElseFits(t *testing.T) {
	s := newStage(t)
	s.afterTerm()
	s.detect()
	for _, change := range []string{`kind = 'sin_respuesta'`, `missing = 'p01_indigena'`} {
		err := s.Desk.Upkeep(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return tx.Exec(ctx, `UPDATE desk.duty_items SET `+change+` WHERE questionnaire = 'identidad'`)
		})
		if got := db.Constraint(err); got != "duty_items_identity" {
			t.Errorf("%s: %v", change, err)
		}
	}
}

// Rounds of several nodes and validations at once leave one draft per addressee.
func TestSeveralAtOnceMakeOneDraftEach(t *testing.T) {
	s := newStage(t)
	s.afterTerm()
	var all sync.WaitGroup
	errs := make(chan error, 40)
	for range 6 {
		all.Go(func() { errs <- s.store.Daily(context.Background()) })
		all.Go(func() { errs <- s.store.Detect(context.Background(), s.analyst, uuid.NewString()) })
	}
	for _, c := range []int64{s.blank, s.half, s.ready, s.rival} {
		all.Go(func() {
			_, err := s.Desk.Do(context.Background(), s.validator, db.Action{Kind: "prueba", Process: s.Process, Object: "x"}, func(ctx context.Context, tx *db.Tx) (string, error) {
				var id int64
				if err := tx.QueryRow(ctx, `SELECT id FROM desk.candidacies WHERE id = $1 FOR UPDATE`, c).Scan(&id); err != nil {
					return "", err
				}
				return "", s.store.Validated(ctx, tx, s.Process, c)
			})
			errs <- err
		})
	}
	all.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	s.wantDrafts(owedAfterTerm...)
	if got := s.text(`SELECT count(*)::text FROM desk.duty_runs`); got != "1" {
		t.Errorf("%s rounds in a day, want 1", got)
	}
	if got := s.text(`SELECT count(*)::text FROM audit.entries WHERE kind = 'requerimiento.ronda'`); got != "1" {
		t.Errorf("%s rounds in the bitácora, want 1", got)
	}
}
