package agenda

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/db"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/fault"
)

// outbox returns what was written to whom, the last last.
func (s *stage) outbox() []string {
	s.T.Helper()
	var out []string
	const sql = `SELECT COALESCE(array_agg(recipient || ': ' || subject || E'\n' || body ORDER BY id), '{}') FROM desk.outbox WHERE kind = 'agenda.vencido'`
	if err := s.Desk.QueryRow(context.Background(), sql).Scan(&out); err != nil {
		s.T.Fatal(err)
	}
	return out
}

func (s *stage) sweep() {
	s.T.Helper()
	if err := s.store.Sweep(context.Background()); err != nil {
		s.T.Fatal(err)
	}
}

// What is overdue is told once to who is in charge, and again if its date is moved
// and passes again.
func TestWhatIsOverdueIsToldOnce(t *testing.T) {
	s := newStage(t)
	s.sweep()
	first := s.outbox()
	if len(first) != 3 {
		t.Fatalf("%d messages, want one for each of three in charge: %q", len(first), first)
	}
	for role, want := range map[string]string{"secretaria": "Remisión por el SIVOPLE", "titular": "Aviso de privacidad", "administracion": "Construcción"} {
		i := slices.IndexFunc(first, func(m string) bool { return strings.HasPrefix(m, role+"@") })
		if i < 0 || !strings.Contains(first[i], want) && !strings.Contains(first[i], "más") {
			t.Errorf("%s was not told of %q: %q", role, want, first)
		}
	}
	s.sweep()
	if again := s.outbox(); len(again) != len(first) {
		t.Errorf("told again: %q", again[len(first):])
	}
	i := s.find("11.12", "Fecha de inicio de publicación")
	n := change(i, 1)
	n.Due, n.Reason = Today(s.Now()).AddDate(0, 0, 1), "Se difiere"
	if err := s.store.SaveStep(context.Background(), s.secretary, n); err != nil {
		t.Fatal(err)
	}
	s.SetNow(s.Now().AddDate(0, 0, 2))
	s.sweep()
	moved := s.outbox()[len(first):]
	if len(moved) == 0 || !strings.Contains(strings.Join(moved, "\n"), "11.12. Fecha de inicio de publicación") {
		t.Errorf("of a date that was moved and passed: %q", moved)
	}
	s.SetNow(time.Date(2027, time.May, 20, 6, 0, 0, 0, s.Now().Location()))
	before := len(s.outbox())
	s.sweep()
	if n := len(s.outbox()); n != before {
		t.Errorf("%d messages while people sleep", n-before)
	}
}

// A new version of a questionnaire opens deliverable 12, whatever door changed it,
// and so does a parameter that is told to INE.
func TestAnotherVersionOfAQuestionnaireIsDeliverableTwelve(t *testing.T) {
	s := newStage(t)
	s.Exec(`UPDATE desk.processes SET identity_version = identity_version WHERE id = $1`, s.Process)
	s.sweep()
	before := s.count("12")
	s.Exec(`UPDATE desk.processes SET identity_version = '2' WHERE id = $1`, s.Process)
	s.Exec(`INSERT INTO desk.setting_changes (process_id, sheet, title, before, after, reason, two_persons, state, proposed_by, proposed_at, decided_by, decided_at, report_due_on)
VALUES ($1, 'identidad', 'Preguntas públicas', '{}', '{}', 'Se agregan', false, 'confirmado', $2, $3, $2, $3, ($3::timestamptz)::date)`, s.Process, s.admin.Account, s.Now())
	for range 2 {
		s.sweep()
	}
	if n := s.count("12"); before != 0 || n != 2 {
		t.Errorf("%d of deliverable 12 before and %d after, want 0 and 2", before, n)
	}
	a, err := s.store.Agenda(context.Background(), s.auditor)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range a.Items {
		if i.Article == "12" && strings.Contains(i.Title, "de identidad, versión 2") {
			if got := i.Steps[len(i.Steps)-1].Due.Sub(i.Event).Hours() / 24; got != 3 {
				t.Errorf("it is sent in %v days, want 3", got)
			}
			return
		}
	}
	t.Error("none is of the version of the questionnaire")
}

// count returns how many deliverables there are of a number of article 11.
func (s *stage) count(article string) int {
	s.T.Helper()
	a, err := s.store.Agenda(context.Background(), s.auditor)
	if err != nil {
		s.T.Fatal(err)
	}
	n := 0
	for _, i := range a.Items {
		if i.Article == article {
			n++
		}
	}
	return n
}

// One node sweeps at a time: while another does, nothing is done here.
func TestOneSweepsAtATime(t *testing.T) {
	s := newStage(t)
	s.Tx(func(ctx context.Context, tx *db.Tx) error {
		if mine, err := tx.TryLock(ctx, "ronda de la agenda"); err != nil || !mine {
			t.Fatalf("%v, %v", mine, err)
		}
		s.sweep()
		return nil
	})
	if told := s.outbox(); len(told) != 0 {
		t.Errorf("two swept at once: %q", told)
	}
	s.sweep()
	if len(s.outbox()) == 0 {
		t.Error("nobody swept afterwards")
	}
}

// The Comisión and the Consejo record their acuerdos, and nothing else.
func TestTheComisionRecordsItsAcuerdosAlone(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	i := s.find("11.12", "Fecha de inicio de publicación")
	acuerdo := -1
	for at, step := range i.Steps {
		n := change(i, step.Position)
		n.Done, n.Document, n.Key = Today(s.Now()), "COM/7/2027", uuid.NewString()
		err := s.store.SaveStep(ctx, s.auditor, n)
		if step.Kind.Acuerdo() {
			acuerdo = at
			if err != nil {
				t.Errorf("%s: %v", step.Kind, err)
			}
			continue
		}
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: got %v, want Forbidden", step.Kind, err)
		}
	}
	if acuerdo < 0 {
		t.Fatal("the line has no session")
	}
	i = s.find("11.12", "Fecha de inicio de publicación")
	for name, edit := range map[string]func(*NewStep){
		"its limit": func(n *NewStep) { n.Due = n.Due.AddDate(0, 0, 1) }, "a note": func(n *NewStep) { n.Note = "Otra" }, "that it does not apply": func(n *NewStep) { n.Waived = true },
	} {
		n := change(i, i.Steps[acuerdo].Position)
		edit(&n)
		if err := s.store.SaveStep(ctx, s.auditor, n); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: got %v, want Forbidden", name, err)
		}
	}
}

// The plan of a demonstration is around its election: what was due is done, but for
// the last thing to send.
func TestADemonstrationHasItsPlan(t *testing.T) {
	w := desktest.New(t)
	s := &stage{World: w, store: New(w.Desk)}
	s.auditor.Process = w.Process
	w.Tx(func(ctx context.Context, tx *db.Tx) error {
		return Demonstrate(ctx, tx, w.Process, w.Now().AddDate(0, 0, 40))
	})
	a, err := s.store.Agenda(context.Background(), s.auditor)
	if err != nil || len(a.Items) != 51 {
		t.Fatalf("%d lines, %v", len(a.Items), err)
	}
	if a.Count(Overdue) == 0 || a.Count(Overdue) > 4 || a.Count(Done) < 20 || a.Count(Soon) == 0 || a.Count(Pending) == 0 {
		t.Errorf("%d overdue, %d done, %d soon, %d pending", a.Count(Overdue), a.Count(Done), a.Count(Soon), a.Count(Pending))
	}
}
