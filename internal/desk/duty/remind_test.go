package duty_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/desk/duty"
	"conoceles/internal/election"
)

// morning is eight o'clock of a day of April.
func morning(day int) time.Time { return time.Date(2027, 4, day, 8, 0, 0, 0, election.Zone()) }

// daily does the round at an instant and returns what it told, as «account term
// days candidacies».
func (s *stage) daily(at time.Time) []string {
	s.T.Helper()
	s.SetNow(at)
	before := s.text(`SELECT COALESCE(max(id), 0)::text FROM desk.reminders`)
	if err := s.store.Daily(context.Background()); err != nil {
		s.T.Fatal(err)
	}
	return s.lines(`
SELECT split_part(a.email, '@', 1) || ' ' || r.term || ' ' || r.days_before || ' ' ||
  (SELECT string_agg(p.given_names, '+' ORDER BY c.id) FROM desk.reminder_items i JOIN desk.candidacies c ON c.id = i.candidacy_id JOIN desk.persons p ON p.id = c.person_id WHERE i.reminder_id = r.id)
FROM desk.reminders r JOIN desk.accounts a ON a.id = r.account_id WHERE r.id > $1::bigint AND r.account_id <> $2 ORDER BY 1`, before, s.stranger.Account)
}

func (s *stage) wantDaily(at time.Time, want ...string) {
	s.T.Helper()
	if got := s.daily(at); !slices.Equal(got, want) {
		s.T.Errorf("on %s: %q, want %q", at.Format("2 January 15:04"), got, want)
	}
}

// captureReminders are those of the capture term, whose last day is the 21st.
func captureReminders(days int) []string {
	n := fmt.Sprint(days)
	return []string{
		"blanca captura " + n + " Blanca", "isaura captura " + n + " Isaura", "opera captura " + n + " Blanca+Marisol+Delia", "valida captura " + n + " Blanca+Marisol+Delia",
		"valida validacion " + n + " Delia",
	}
}

func TestTheCaptureTermIsRemindedOnItsDaysOnce(t *testing.T) {
	s := newStage(t)
	s.wantDaily(morning(15))
	s.wantDaily(time.Date(2027, 4, 16, 6, 59, 59, 0, election.Zone())) // people sleep
	s.wantDaily(morning(16), captureReminders(5)...)
	s.wantDaily(morning(16).Add(time.Hour)) // the same day, after a restart
	s.wantDaily(morning(17))
	s.wantDaily(morning(19), captureReminders(2)...)
	s.wantDaily(morning(20), captureReminders(1)...)
	s.wantDaily(morning(21))
	s.wantDaily(morning(22))
	if got, want := s.text(`SELECT count(*)::text FROM desk.outbox WHERE kind LIKE 'recordatorio.%'`), s.text(`SELECT count(*)::text FROM desk.reminders`); got != want {
		t.Errorf("%s messages of %s reminders", got, want)
	}
	const mail = `SELECT subject || '|' || body FROM desk.outbox WHERE recipient = 'valida@hor.mx' AND kind = 'recordatorio.%s' ORDER BY id LIMIT 1`
	for kind, want := range map[string][]string{
		"captura":    {"Quedan 5 días del plazo de captura|", "vence el 21 de abril de 2027, 23:59 h", "Por completar: 2 cuestionarios curriculares y 3 cuestionarios de identidad incompletos."},
		"validacion": {"Quedan 5 días del plazo para validar|", "Completos, falta validarlos: 1 cuestionario curricular."},
	} {
		says := s.text(fmt.Sprintf(mail, kind))
		for _, w := range want {
			if !strings.Contains(says, w) {
				t.Errorf("%s does not say %q: %s", kind, w, says)
			}
		}
		if strings.Contains(says, "PRU-") || strings.Contains(says, "Blanca") {
			t.Errorf("%s names somebody in a mailbox: %s", kind, says)
		}
	}
}

// A program that was down sends the last reminder that it missed, and not those
// before it.
func TestAProgramThatWasDownSendsTheLastItMissed(t *testing.T) {
	s := newStage(t)
	s.wantDaily(morning(18), captureReminders(5)...)
	s.wantDaily(morning(21), captureReminders(1)...)
}

func TestSeveralNodesRemindOnce(t *testing.T) {
	s := newStage(t)
	s.SetNow(morning(16))
	var all sync.WaitGroup
	errs := make(chan error, 8)
	for range 8 {
		all.Go(func() { errs <- s.store.Daily(context.Background()) })
	}
	all.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	if got := s.text(`SELECT count(*)::text FROM desk.outbox WHERE kind LIKE 'recordatorio.%' AND recipient <> 'valida@riv.mx'`); got != "5" {
		t.Errorf("%s messages, want 5", got)
	}
}

// A round that fails leaves nothing, and is done whole the next time.
func TestARoundIsWholeOrNothing(t *testing.T) {
	s := newStage(t)
	s.SetNow(morning(16))
	s.asOwner(`ALTER TABLE desk.outbox ADD CONSTRAINT prueba CHECK (kind <> 'recordatorio.validacion')`)
	if err := s.store.Daily(t.Context()); err == nil {
		t.Fatal("the round did not fail")
	}
	if got := s.text(`SELECT ((SELECT count(*) FROM desk.reminders) + (SELECT count(*) FROM desk.duty_runs) + (SELECT count(*) FROM desk.outbox))::text`); got != "0" {
		t.Errorf("a round that failed left %s rows", got)
	}
	s.asOwner(`ALTER TABLE desk.outbox DROP CONSTRAINT prueba`)
	s.wantDaily(morning(16), captureReminders(5)...)
}

func TestCorrectionsAndRequirementsAreRemindedToo(t *testing.T) {
	s := newStage(t)
	s.afterTerm() // the 22nd
	s.detect()
	e := edition(s.open(duty.ToParty))
	e.Days = 6 // the 28th
	if err := s.store.Propose(t.Context(), s.analyst, e); err != nil {
		t.Fatal(err)
	}
	f := s.open(duty.ToParty)
	if err := s.store.Send(t.Context(), s.head, duty.Picked{ID: f.ID, Version: f.Version}, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	s.Validate(s.half)
	s.Exec(`INSERT INTO desk.corrections (candidacy_id, origin, parts, opened_by, opened_at, due_at) VALUES ($1, 'observacion', '{propuesta_1}', $2, $3, $4)`,
		s.half, s.head.Account, s.Now(), time.Date(2027, 4, 26, 0, 0, 0, 0, election.Zone()))
	s.Exec(`UPDATE desk.candidacies SET capture = 'en_correccion' WHERE id = $1`, s.half)
	s.wantDaily(morning(23), "opera correccion 2 Marisol", "opera requerimiento 5 Blanca+Marisol+Delia", "valida correccion 2 Marisol", "valida requerimiento 5 Blanca+Marisol+Delia")
	s.Exec(`UPDATE desk.candidacies SET standing = 'renuncia' WHERE id = $1`, s.blank)
	s.wantDaily(morning(26), "opera requerimiento 2 Marisol+Delia", "valida requerimiento 2 Marisol+Delia")
	s.Exec(`UPDATE desk.accounts SET active = false WHERE id = $1`, s.operator.Account)
	s.wantDaily(morning(27), "valida requerimiento 1 Marisol+Delia")
	s.endCampaigns(morning(28))
	s.wantDaily(morning(28))
}
