package capture_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

func (s *stage) deliverer() auth.Head {
	s.T.Helper()
	return auth.Head{Who: auth.Who{Account: s.Account("hilda@iep.mx", "titular", 0, 0), Process: s.Process}}
}

func (s *stage) deliver(h auth.Deliverer, at time.Time, basis string) error {
	return s.store.RegisterDelivery(context.Background(), h, capture.NewDelivery{
		NominatorID: s.party, Key: uuid.NewString(), ReceivedAt: at, ReceivedBy: "Representación de Horizonte", Basis: basis,
	})
}

// undelivered takes every delivery away, as if none had been registered.
func (s *stage) undelivered() {
	s.T.Helper()
	s.party = s.ID(`INSERT INTO desk.nominators (process_id, kind, acronym, name, registry_order) VALUES ($1, 'partido', 'NUEVO', 'Partido nuevo', 9) RETURNING id`, s.Process)
	s.Exec(`UPDATE desk.candidacies SET nominator_id = $2 WHERE id = $1`, s.candidacy, s.party)
	s.operator.Nominator, s.validator.Nominator = s.party, s.party
}

func endOf(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day+1, 0, 0, 0, 0, election.Zone())
}

// plazo_captura_dias runs from the later of the receipt and the approval, and each
// substitution has a clock of its own.
func TestTheClockStartsWithTheLaterOfReceiptAndApproval(t *testing.T) {
	s := newStage(t)
	s.undelivered()
	if r := s.record(); !r.Deadline().IsZero() || r.Late(s.Now().AddDate(0, 1, 0)) || r.ClosureAt(s.Now()) != capture.Open {
		t.Errorf("before the receipt: deadline %v, and capture must be open", r.Deadline())
	}
	d, err := s.store.Dashboard(t.Context(), s.operator, capture.Filter{})
	if err != nil || d.Unstarted != 1 || d.Late != 0 || !d.Deadline.IsZero() {
		t.Errorf("the dashboard says %d without a clock, %d late, %v", d.Unstarted, d.Late, err)
	}
	h := s.deliverer()
	if err := s.deliver(h, desktest.Start.AddDate(0, 0, -5), ""); err != nil {
		t.Fatal(err)
	}
	if got, want := s.record().Deadline(), endOf(2027, 4, 21); !got.Equal(want) { // approved later, on the 6th
		t.Errorf("received before the approval: %v, want %v", got, want)
	}
	s.SetNow(desktest.Start.AddDate(0, 0, 4))
	if err := s.deliver(h, s.Now(), "El acuse dice otra fecha"); err != nil {
		t.Fatal(err)
	}
	if got, want := s.record().Deadline(), endOf(2027, 4, 25); !got.Equal(want) {
		t.Errorf("received after the approval: %v, want %v", got, want)
	}
	s.SetNow(desktest.Start.AddDate(0, 0, 30))
	substitute := s.Candidacy(s.party, "Olga", "Distinta Mar")
	folio := s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, substitute)
	r, err := s.store.Record(t.Context(), s.operator, folio)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.Deadline(), endOf(2027, 5, 21); !got.Equal(want) {
		t.Errorf("of who entered a month later: %v, want %v", got, want)
	}
	if !s.record().Late(s.Now()) || r.Late(s.Now()) {
		t.Error("lateness is of each candidacy, and it was confused")
	}
	s.Exec(`UPDATE desk.processes SET capture_days = 40`)
	if s.record().Late(s.Now()) {
		t.Error("the term is no parameter of the process")
	}
}

func TestWhatADeliveryMustSay(t *testing.T) {
	s := newStage(t)
	s.undelivered()
	h := s.deliverer()
	for _, c := range []struct {
		name   string
		change func(*capture.NewDelivery)
		field  string
	}{
		{"no instant", func(n *capture.NewDelivery) { n.ReceivedAt = time.Time{} }, capture.ReceivedDay},
		{"an instant to come", func(n *capture.NewDelivery) { n.ReceivedAt = s.Now().Add(time.Second) }, capture.ReceivedDay},
		{"nobody", func(n *capture.NewDelivery) { n.ReceivedBy = " " }, capture.ReceivedBy},
	} {
		n := capture.NewDelivery{NominatorID: s.party, Key: uuid.NewString(), ReceivedAt: s.Now(), ReceivedBy: "Alguien"}
		c.change(&n)
		if fields := fault.FieldsOf(s.store.RegisterDelivery(t.Context(), h, n)); len(fields) != 1 || fields[0].ID != c.field {
			t.Errorf("%s: fields %v, want %s", c.name, fields, c.field)
		}
	}
	elsewhere := auth.Head{Who: auth.Who{Account: h.Account, Process: s.Process + 1}}
	if err := s.deliver(elsewhere, s.Now(), ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("of another process: %v, want NotFound", err)
	}
	if err := s.deliver(h, s.Now(), ""); err != nil {
		t.Fatal(err)
	}
	if fields := fault.FieldsOf(s.deliver(h, s.Now(), "")); len(fields) != 1 || fields[0].ID != capture.DeliveryBasis {
		t.Errorf("a second one without a reason: %v", fields)
	}
	s.Tx(func(ctx context.Context, tx *db.Tx) error {
		return capture.StartClock(ctx, tx, s.party, tx.Now(), "Otra persona", "", 0)
	})
	list, err := s.store.Deliveries(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		if d.NominatorID == s.party && (d.ReceivedBy != "Representación de Horizonte" || d.Candidacies != 1) {
			t.Errorf("credentials delivered again moved the clock: %+v", d)
		}
	}
	if n := s.count(`SELECT count(*) FROM desk.credential_deliveries WHERE nominator_id = $1`, s.party); n != 1 {
		t.Errorf("%d deliveries, want 1", n)
	}
}

// What is captured after the term is kept, and says that it is late, in its
// version, in its validation and in its acuse.
func TestLateCaptureIsMarked(t *testing.T) {
	s := newStage(t)
	s.version("motivo", "motivo_cargo_publico", long("Quiero servir."))
	deadline := s.record().Deadline()
	for _, c := range []struct {
		at   time.Time
		text string
		late string
	}{
		{deadline.Add(-time.Second), "Quiero servir a tiempo.", "false"},
		{deadline, "Quiero servir tarde.", "true"},
	} {
		s.SetNow(c.at)
		s.version("motivo", "motivo_cargo_publico", long(c.text))
		if got := s.text(`SELECT late::text FROM desk.answer_versions WHERE part = 'motivo_cargo_publico' ORDER BY version DESC LIMIT 1`); got != c.late {
			t.Errorf("at %s the version is late: %s, want %s", c.at, got, c.late)
		}
	}
	s.complete()
	if _, err := s.store.Validate(t.Context(), s.validator, capture.Validation{Folio: s.folio, Key: uuid.NewString(), Content: s.record().Content(), Declared: true}); err != nil {
		t.Fatal(err)
	}
	receipt, err := s.store.Receipt(t.Context(), s.validator, s.folio)
	if err != nil || !receipt.Late {
		t.Errorf("the acuse says late: %t, %v", receipt.Late, err)
	}
	if !s.record().ValidatedLate {
		t.Error("the record does not say that it was validated late")
	}
}

// An exception by acuerdo opens one candidacy, until its own instant, and no other.
func TestAnExceptionToTheFreeze(t *testing.T) {
	s := newStage(t)
	end := s.record().Calendar.CampaignsEnd
	until := end.AddDate(0, 0, 2)
	act := s.ID(`
INSERT INTO desk.acts (process_id, kind, candidacy_id, basis, basis_date, captured_by, captured_at)
VALUES ($1, 'excepcion', $2, 'IEP/CEE/300/2027', '2027-05-30', $3, $4) RETURNING id`, s.Process, s.candidacy, s.operator.Account, s.Now())
	s.Exec(`INSERT INTO desk.capture_exceptions (act_id, candidacy_id, until_at) VALUES ($1, $2, $3)`, act, s.candidacy, until)
	theirs := s.text(`SELECT folio FROM desk.candidacies WHERE id <> $1`, s.candidacy)
	for _, c := range []struct {
		at   time.Time
		want capture.Closure
	}{
		{end.Add(-time.Second), capture.Open},
		{end, capture.Open},
		{until.Add(-time.Second), capture.Open},
		{until, capture.CampaignsOver},
		{until.Add(time.Second), capture.CampaignsOver},
	} {
		s.SetNow(c.at)
		_, err := s.store.SaveDraft(t.Context(), s.operator, s.submission("motivo", "motivo_cargo_publico", "En "+c.at.String()))
		if (err == nil) != (c.want == capture.Open) || s.record().ClosureAt(c.at) != c.want {
			t.Errorf("at %s: %v, want %q", c.at, err, c.want)
		}
		rival, err := s.store.Record(t.Context(), s.rival, theirs)
		if err != nil {
			t.Fatal(err)
		}
		if open := rival.ClosureAt(c.at) == capture.Open; open != c.at.Before(end) {
			t.Errorf("at %s the other candidacy is open: %t", c.at, open)
		}
	}
	late := s.Candidacy(s.party, "Olga", "Distinta Mar") // by substitution, after the end
	r, err := s.store.Record(t.Context(), s.operator, s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, late))
	if err != nil || !r.Deadline().IsZero() || r.ClosureAt(s.Now()) != capture.CampaignsOver {
		t.Errorf("who enters after the end, without an exception: deadline %v, closure %q, %v", r.Deadline(), r.ClosureAt(s.Now()), err)
	}
}
