package review_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/review"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

var (
	wrong  = long("Agua para todas; Riv nunca lo hizo.")
	mended = long("Agua para todas, con medidores en cada pozo.")
)

func TestAnObservationIsAttendedAndPublished(t *testing.T) {
	s := newStage(t)
	s.wantAxes("validada pendiente v1")
	if f := s.file(); f.Waits() != 8 || len(f.Rubros) != 8 || f.Rubros[0].Before != 0 {
		t.Fatalf("%d of %d rubros wait, want 8 of 8, never reviewed", f.Waits(), len(f.Rubros))
	}
	s.propose(questionnaire.ID("propuesta_1"))
	if state, _ := s.onSite("propuesta_1"); state != "publicada" {
		t.Error("a proposal alone changed the site")
	}
	s.approve()
	s.wantAxes("en_correccion observada v1")
	if state, text := s.onSite("propuesta_1"); state != "en_revision" || text != "" {
		t.Errorf("the observed rubro is %s on the site, with %q", state, text)
	}
	if state, _ := s.onSite("propuesta_2"); state != "publicada" {
		t.Error("a rubro that keeps to the rules left the site")
	}
	s.intact()
	mail := s.text(`SELECT recipient || ': ' || body FROM desk.outbox WHERE kind = 'revision.observacion'`)
	for _, want := range []string{"avisos@hor.mx", "«Propuesta 1»", "9 de abril de 2027"} {
		if !strings.Contains(mail, want) {
			t.Errorf("the e-mail does not say %q: %s", want, mail)
		}
	}

	r := s.record()
	if got := r.Correction.Observations["propuesta_1"]; got.Note != "Quita la mención a otro partido." || !slices.Equal(got.Causes, []string{"S5"}) {
		t.Errorf("the party reads %+v", got)
	}
	if due := r.Correction.DueAt; due == nil || !due.Equal(time.Date(2027, 4, 10, 0, 0, 0, 0, election.Zone())) {
		t.Errorf("due %v, want the end of three days later", due)
	}
	if _, err := s.write("motivo", "motivo_cargo_publico", mended); !closed(err, capture.NotReopened) {
		t.Errorf("a section without remarks was written: %v", err)
	}
	if err := s.send(); !fault.Is(err, fault.Conflict) {
		t.Errorf("sent with nothing corrected: %v", err)
	}
	s.mustWrite("propuestas", "propuesta_1", mended)
	if got := s.record().Answers.Text("propuesta_2"); !strings.HasPrefix(got, "Transporte seguro") {
		t.Errorf("the rubro beside the corrected one now says %q", got)
	}
	if err := s.send(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.write("propuestas", "propuesta_1", wrong); !closed(err, capture.CorrectionSent) {
		t.Errorf("a correction was written after it was sent: %v", err)
	}

	f := s.file()
	if f.Waits() != 1 || f.Rubros[0].ID != "propuesta_1" || f.Rubros[0].Before != 1 || f.Rubros[0].Version != 2 || f.Rubros[0].Previous == nil || !f.Rubros[0].Paused {
		t.Fatalf("what waits: %d, first %+v", f.Waits(), f.Rubros[0])
	}
	s.propose()
	if state, _ := s.onSite("propuesta_1"); state != "en_revision" {
		t.Error("the pause ended before its correction was approved")
	}
	s.approve()
	s.wantAxes("validada verificada v2")
	if state, text := s.onSite("propuesta_1"); state != "publicada" || text != mended {
		t.Errorf("after the approval: %s, %q", state, text)
	}
	s.intact()
	if got := s.text(`SELECT account_id::text FROM desk.validations WHERE candidacy_id = $1 AND number = 2`, s.candidacy); got != strconv.FormatInt(s.validator.Account, 10) {
		t.Errorf("the new validation is of account %s, want who sent it", got)
	}
}

func closed(err error, why capture.Closure) bool {
	c, ok := errors.AsType[*capture.Closed](err)
	return ok && c.Why == why
}

// A second round is like the first one: there is no last word against a party.
func TestRoundsAreCountedAndNeverEnd(t *testing.T) {
	s := newStage(t)
	s.judge("propuesta_1", "motivo_cargo_publico")
	for round := 2; round <= 5; round++ {
		s.mustWrite("propuestas", "propuesta_1", mended+strings.Repeat(" Más.", round))
		if round == 2 {
			if err := s.send(); !fault.Is(err, fault.Conflict) {
				t.Errorf("sent with one of two observations attended: %v", err)
			}
			s.mustWrite("motivo", "motivo_cargo_publico", mended)
		}
		if err := s.send(); err != nil {
			t.Fatal(err)
		}
		s.propose("propuesta_1")
		if got := s.file().Pending.Round; got != round {
			t.Errorf("round %d, want %d", got, round)
		}
		s.approve()
		s.wantAxes("en_correccion observada v2") // the motive was accepted, once
		s.intact()
	}
	if state, _ := s.onSite("motivo_cargo_publico"); state != "publicada" {
		t.Error("the accepted rubro is not public")
	}
	if got := s.record().Correction.Parts; !slices.Equal(got, []questionnaire.ID{"propuesta_1"}) {
		t.Errorf("open: %v, want only what is still observed", got)
	}
}

func TestTheOldTextStaysWhileARequestedCorrectionWaits(t *testing.T) {
	s := newStage(t)
	s.judge()
	s.wantAxes("validada verificada v1")
	if err := s.request("propuesta_1", "no_existe"); err != nil {
		t.Fatal(err)
	}
	s.wantAxes("en_correccion verificada v1")
	_, before := s.onSite("propuesta_1")
	s.mustWrite("propuestas", "propuesta_1", wrong)
	if err := s.send(); err != nil {
		t.Fatal(err)
	}
	s.judge("propuesta_1")
	s.wantAxes("en_correccion verificada v1")
	if state, text := s.onSite("propuesta_1"); state != "publicada" || text != before {
		t.Errorf("the site says %s %q, want the old text", state, text)
	}
	s.mustWrite("propuestas", "propuesta_1", mended)
	if err := s.send(); err != nil {
		t.Fatal(err)
	}
	s.judge()
	s.wantAxes("validada verificada v2")
	if _, text := s.onSite("propuesta_1"); text != mended {
		t.Errorf("the site says %q, want the correction", text)
	}
	s.intact()
	if err := s.request("propuesta_1"); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second request: %v, want Conflict", err)
	}
	s.Exec(`UPDATE desk.processes SET corrections_allowed = 2`)
	if err := s.request("propuesta_1"); err != nil {
		t.Errorf("a second request where two are allowed: %v", err)
	}
}

// Who asks for a correction and is observed meanwhile attends both at once.
func TestAnObservationJoinsTheCorrectionThatIsOpen(t *testing.T) {
	s := newStage(t)
	if err := s.request("motivo_cargo_publico"); err != nil {
		t.Fatal(err)
	}
	s.judge("propuesta_1")
	s.wantAxes("en_correccion observada v1")
	s.mustWrite("motivo", "motivo_cargo_publico", mended)
	s.mustWrite("propuestas", "propuesta_1", mended)
	if err := s.send(); err != nil {
		t.Fatal(err)
	}
	s.judge()
	s.wantAxes("validada verificada v2")
	s.intact()
}

func TestNobodyApprovesTheirOwn(t *testing.T) {
	s := newStage(t)
	ctx := t.Context()
	if err := s.store.Propose(ctx, s.head, s.proposal()); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Approve(ctx, s.head, s.decision()); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a Head approved her own proposal: %v", err)
	}
	own := s.decision()
	own.Reason = "No"
	if err := s.store.Return(ctx, s.head, own); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a Head returned her own proposal: %v", err)
	}
	other := auth.Head{Who: auth.Who{Account: s.Account("otra@iep.mx", "titular", 0, 0), Process: s.Process}}
	if err := s.store.Approve(ctx, other, s.decision()); err != nil {
		t.Errorf("another Head: %v", err)
	}
	s.wantAxes("validada verificada v1")
}

func TestAProposalDiesWithWhatItJudged(t *testing.T) {
	s := newStage(t)
	s.judge("propuesta_1")
	s.mustWrite("propuestas", "propuesta_1", mended)
	if err := s.send(); err != nil {
		t.Fatal(err)
	}
	s.propose()
	stale := s.decision()
	// The text changes under the proposal, as no act of the program can do.
	s.Exec(`UPDATE desk.corrections SET versions = versions || '{"propuesta_1": 1}' WHERE state = 'enviada'`)
	if err := s.store.Approve(t.Context(), s.head, stale); !fault.Is(err, fault.Conflict) {
		t.Errorf("content that nobody judged was approved: %v", err)
	}

	o := newStage(t)
	if err := o.request("propuesta_1"); err != nil {
		t.Fatal(err)
	}
	o.propose()
	stale = o.decision()
	seen := o.proposal()
	o.mustWrite("propuestas", "propuesta_1", mended)
	if err := o.send(); err != nil {
		t.Fatal(err)
	}
	if got, _ := o.queue(review.Filter{Stage: review.Corrected, Nominator: o.party}); len(got) != 1 {
		t.Error("the correction waits behind a proposal that is dead")
	}
	if err := o.store.Approve(t.Context(), o.head, stale); !fault.Is(err, fault.Conflict) {
		t.Errorf("a proposal on the text before the correction was approved: %v", err)
	}
	if err := o.store.Propose(t.Context(), o.analyst, seen); !fault.Is(err, fault.Conflict) {
		t.Errorf("a judgement of the text before the correction was taken: %v", err)
	}
	o.judge()
	o.wantAxes("validada verificada v2")
}

func TestAProposalIsReturnedWithItsReason(t *testing.T) {
	s := newStage(t)
	s.propose("propuesta_1")
	d := s.decision()
	if err := s.store.Return(t.Context(), s.head, d); len(fault.FieldsOf(err)) != 1 {
		t.Errorf("returned without a reason: %v", err)
	}
	d.Reason = "La mención es a su propia coalición."
	if err := s.store.Return(t.Context(), s.head, d); err != nil {
		t.Fatal(err)
	}
	s.wantAxes("validada pendiente v1")
	if f := s.file(); f.Pending != nil || f.Returned == nil || f.Returned.Reason != d.Reason || f.Rubros[6].Proposed == nil {
		t.Errorf("the analyst does not read why: %+v", f.Returned)
	}
	d.Key = uuid.NewString()
	if err := s.store.Approve(t.Context(), s.head, d); !fault.Is(err, fault.Conflict) {
		t.Errorf("a returned proposal was approved: %v", err)
	}
	s.judge()
	s.wantAxes("validada verificada v1")
}

func TestWhatAProposalMustSay(t *testing.T) {
	s := newStage(t)
	for _, c := range []struct {
		name   string
		change func(*review.Remark)
		field  string
	}{
		{"no result", func(m *review.Remark) { m.Outcome = "" }, "resultado_propuesta_1"},
		{"another result", func(m *review.Remark) { m.Outcome = "no_me_gusta" }, "resultado_propuesta_1"},
		{"no cause", func(m *review.Remark) { m.Causes = nil }, "supuestos_propuesta_1"},
		{"a cause that is none", func(m *review.Remark) { m.Causes = []string{"S8"} }, "supuestos_propuesta_1"},
		{"a rule of photographs on a text", func(m *review.Remark) { m.Causes = []string{"F1"} }, "supuestos_propuesta_1"},
		{"nothing to mend", func(m *review.Remark) { m.Note = "  " }, "corregir_propuesta_1"},
		{"too much to mend", func(m *review.Remark) { m.Note = strings.Repeat("a", review.MaxNote+1) }, "corregir_propuesta_1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := s.proposal("propuesta_1")
			i := slices.IndexFunc(p.Remarks, func(m review.Remark) bool { return m.Part == "propuesta_1" })
			c.change(&p.Remarks[i])
			fields := fault.FieldsOf(s.store.Propose(context.Background(), s.analyst, p))
			if len(fields) != 1 || fields[0].ID != c.field {
				t.Errorf("got %v, want the field %s", fields, c.field)
			}
		})
	}
}

func TestOneRevisesAtATime(t *testing.T) {
	s := newStage(t)
	ctx := t.Context()
	if err := s.store.Claim(ctx, s.analyst, s.folio, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Claim(ctx, s.second, s.folio, uuid.NewString()); !fault.Is(err, fault.Conflict) {
		t.Errorf("two have it: %v", err)
	}
	if err := s.store.Propose(ctx, s.second, s.proposal()); !fault.Is(err, fault.Conflict) {
		t.Errorf("proposed by who does not have it: %v", err)
	}
	if err := s.store.Release(ctx, s.second, s.folio, uuid.NewString()); !fault.Is(err, fault.Conflict) {
		t.Errorf("released by who does not have it: %v", err)
	}
	if err := s.store.Release(ctx, s.head, s.folio, uuid.NewString()); err != nil {
		t.Errorf("released by the Head: %v", err)
	}
	if err := s.store.Propose(ctx, s.second, s.proposal()); err != nil {
		t.Errorf("proposed once released: %v", err)
	}
	if got := s.file().Claimant; got == nil || *got != s.second.Account {
		t.Error("proposing does not assign")
	}
}

func TestForbiddenTransitions(t *testing.T) {
	elsewhere := auth.Reviewer{Who: auth.Who{Account: 1, Process: 999}}
	for _, c := range []struct {
		name string
		do   func(*stage) error
		want fault.Kind
	}{
		{"judging in another process", func(s *stage) error {
			p := s.proposal()
			return s.store.Propose(context.Background(), elsewhere, p)
		}, fault.NotFound},
		{"judging twice", func(s *stage) error {
			s.judge()
			return s.store.Propose(context.Background(), s.analyst, s.proposal())
		}, fault.Conflict},
		{"judging who left the ballot", func(s *stage) error {
			p := s.proposal()
			s.Exec(`UPDATE desk.candidacies SET standing = 'renuncia' WHERE id = $1`, s.candidacy)
			s.Publish(s.candidacy)
			return s.store.Propose(context.Background(), s.analyst, p)
		}, fault.Conflict},
		{"approving who left the ballot", func(s *stage) error {
			s.propose("propuesta_1")
			d := s.decision()
			s.Exec(`UPDATE desk.candidacies SET standing = 'sustituida' WHERE id = $1`, s.candidacy)
			s.Publish(s.candidacy)
			return s.store.Approve(context.Background(), s.head, d)
		}, fault.Conflict},
		{"approving nothing", func(s *stage) error { return s.store.Approve(context.Background(), s.head, s.decision()) }, fault.Conflict},
		{"approving twice", func(s *stage) error {
			s.propose("propuesta_1")
			d := s.decision()
			if err := s.store.Approve(context.Background(), s.head, d); err != nil {
				return err
			}
			d.Key = uuid.NewString()
			return s.store.Approve(context.Background(), s.head, d)
		}, fault.Conflict},
		{"asking for a correction before validating", func(s *stage) error {
			s.Exec(`UPDATE desk.candidacies SET capture = 'completa' WHERE id = $1`, s.candidacy)
			return s.request("propuesta_1")
		}, fault.Conflict},
		{"asking for nothing", func(s *stage) error { return s.request() }, fault.Invalid},
		{"asking while observed", func(s *stage) error {
			s.judge("propuesta_1")
			return s.request("propuesta_2")
		}, fault.Conflict},
		{"an operator asking", func(s *stage) error {
			return s.capture.RequestCorrection(context.Background(), s.operator, capture.CorrectionRequest{Folio: s.folio, Parts: []questionnaire.ID{"propuesta_1"}})
		}, fault.Forbidden},
		{"a rival asking", func(s *stage) error {
			rival := auth.Validator{Who: auth.Who{Account: s.validator.Account, Process: s.Process}, Nominator: s.rivals}
			return s.capture.RequestCorrection(context.Background(), rival, capture.CorrectionRequest{Folio: s.folio, Parts: []questionnaire.ID{"propuesta_1"}})
		}, fault.NotFound},
		{"sending what is not open", func(s *stage) error { return s.send() }, fault.Conflict},
		{"validating again while in correction", func(s *stage) error {
			s.judge("propuesta_1")
			s.mustWrite("propuestas", "propuesta_1", mended)
			_, err := s.capture.Validate(context.Background(), s.validator, capture.Validation{Folio: s.folio, Key: uuid.NewString(), Content: s.record().Content(), Declared: true})
			return err
		}, fault.Conflict},
		{"blanking what is mandatory", func(s *stage) error {
			s.judge("propuesta_1")
			s.mustWrite("propuestas", "propuesta_1", "")
			return s.send()
		}, fault.Conflict},
		{"sending without the declaration", func(s *stage) error {
			s.judge("propuesta_1")
			s.mustWrite("propuestas", "propuesta_1", mended)
			return s.capture.SendCorrection(context.Background(), s.validator, capture.CorrectionSubmission{Folio: s.folio, Content: s.record().Content()})
		}, fault.Invalid},
		{"sending another text than was read", func(s *stage) error {
			s.judge("propuesta_1")
			s.mustWrite("propuestas", "propuesta_1", mended)
			return s.capture.SendCorrection(context.Background(), s.validator, capture.CorrectionSubmission{Folio: s.folio, Content: "otro", Declared: true})
		}, fault.Conflict},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t)
			if err := c.do(s); !fault.Is(err, c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
			s.intact()
		})
	}
}

// Corrections close by themselves at the end of campaigns, by the clock of the
// server; the review of what arrived in time goes on.
func TestTheFreeze(t *testing.T) {
	s := newStage(t)
	end := s.Now().AddDate(0, 0, 2)
	s.endCampaigns(end)
	s.judge("propuesta_1", "motivo_cargo_publico")
	if due := s.record().Correction.DueAt; !due.Equal(end) {
		t.Errorf("due %s, want the end of campaigns", due)
	}
	s.SetNow(end.Add(-time.Second))
	s.mustWrite("propuestas", "propuesta_1", mended)
	s.mustWrite("motivo", "motivo_cargo_publico", mended)

	late := newStage(t)
	late.endCampaigns(end)
	late.judge("propuesta_1")
	late.SetNow(end.Add(-time.Second))
	late.mustWrite("propuestas", "propuesta_1", mended)
	for _, at := range []time.Time{end, end.Add(time.Second)} {
		late.SetNow(at)
		if _, err := late.write("propuestas", "propuesta_1", wrong); !closed(err, capture.CampaignsOver) {
			t.Errorf("at %s a correction was saved: %v", at, err)
		}
		if err := late.send(); !closed(err, capture.CampaignsOver) {
			t.Errorf("at %s a correction was sent: %v", at, err)
		}
		if err := late.request("motivo_cargo_publico"); err == nil {
			t.Errorf("at %s a correction was asked for", at)
		}
	}
	if got := late.record().Answers.Text("propuesta_1"); got != mended {
		t.Errorf("the text written in time is now %q", got)
	}

	if err := s.send(); err != nil {
		t.Fatalf("one second before the end: %v", err)
	}
	s.SetNow(end.Add(time.Hour))
	s.judge()
	s.wantAxes("validada verificada v2")
	s.intact()
}
