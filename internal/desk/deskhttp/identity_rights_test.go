package deskhttp_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/consent"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// identityPages are the addresses of the questionnaire and its consents that
// whoever captures may ask for, and those that only a candidate may.
var (
	capturerPages  = []string{"", "autorizaciones", "documento", "formato.pdf", "constancia", "indigena", "general"}
	candidatePages = []string{"retirar", "reservada", "recibo", "recibo.pdf", "recibo.json"}
)

func TestWhoMayOpenTheIdentityQuestionnaire(t *testing.T) {
	s := newIdentityStage(t)
	rival := s.Nominator(election.Party, "RIV")
	other := s.Candidacy(s.party, "Genaro", "Simulado Rojas")
	owner := s.candidate()
	s.decide(owner, "si", "no", "no")
	tests := []struct {
		role                 string
		nominator, candidacy int64
		page, own            int // what the pages of whoever captures answer, and those of the candidate
	}{
		{"candidata", 0, s.candidacy, http.StatusOK, http.StatusOK},
		{"operador", s.party, 0, http.StatusOK, http.StatusForbidden},
		{"validador", s.party, 0, http.StatusOK, http.StatusForbidden},
		{"operador", rival, 0, http.StatusNotFound, http.StatusForbidden},
		{"validador", rival, 0, http.StatusNotFound, http.StatusForbidden},
		{"candidata", 0, other, http.StatusNotFound, http.StatusNotFound},
		{"verificador", 0, 0, http.StatusForbidden, http.StatusForbidden},
		{"titular", 0, 0, http.StatusForbidden, http.StatusForbidden},
		{"secretaria", 0, 0, http.StatusForbidden, http.StatusForbidden},
		{"administracion", 0, 0, http.StatusForbidden, http.StatusForbidden},
		{"auditoria", 0, 0, http.StatusForbidden, http.StatusForbidden},
	}
	for i, tt := range tests {
		c := s.enter(uuid.NewString()+"@ejemplo.mx", tt.role, tt.nominator, tt.candidacy)
		for _, page := range capturerPages {
			if c.get(strings.TrimSuffix(s.identityPath(page), "/")); c.code != tt.page {
				t.Errorf("%d %s: %q answers %d, want %d", i, tt.role, page, c.code, tt.page)
			}
		}
		for _, page := range candidatePages {
			if c.get(s.identityPath(page)); c.code != tt.own {
				t.Errorf("%d %s: %q answers %d, want %d", i, tt.role, page, c.code, tt.own)
			}
		}
	}
}

// Somebody else's folio and one that does not exist are told apart by nothing.
func TestSomebodyElsesIdentityIsNotThere(t *testing.T) {
	s := newIdentityStage(t)
	rival := s.enter("opera@riv.mx", "operador", s.Nominator(election.Party, "RIV"), 0)
	nobody := strings.ReplaceAll(s.identityPath("indigena"), s.folio, "PRU-99999")
	theirs := rival.get(s.identityPath("indigena")).want(http.StatusNotFound).body
	none := rival.get(nobody).want(http.StatusNotFound).body
	if !bytes.Equal(theirs, none) {
		t.Errorf("the pages differ:\n%s\n%s", theirs, none)
	}
	rival.post(s.identityPath("indigena"), url.Values{"guardado_id": {uuid.NewString()}, "p01_indigena": {"si"}}).want(http.StatusNotFound)
	if n := s.ID(`SELECT count(*) FROM sensitive.identity_drafts`); n != 0 {
		t.Error("somebody else's post was kept")
	}
}

func TestReservedCaptureShutsThePartyOutAtOnce(t *testing.T) {
	s := newIdentityStage(t)
	operator, candidate := s.operator(), s.candidate()
	s.decide(operator, "si", "si", "si")
	operator.get(s.identityPath("indigena")).want(http.StatusOK, "Tema 1 de 6")
	form := operator.form()

	candidate.get(s.identityPath("reservada")).want(http.StatusOK).
		send("Elegir captura reservada").want(http.StatusOK, "Elegiste captura reservada")

	for _, page := range capturerPages {
		operator.get(s.identityPath(page)).want(http.StatusNotFound)
	}
	// What was on its screen no longer saves.
	operator.post(s.identityPath("indigena"), withFields(form, "p01_indigena", "si", "accion", "continuar")).want(http.StatusNotFound)
	operator.post(s.identityPath("autorizaciones"), withFields(url.Values{}, "guardado_id", uuid.NewString())).want(http.StatusNotFound)
	if n := s.ID(`SELECT count(*) FROM sensitive.identity_answers`); n != 0 {
		t.Error("the party saved after the reservation")
	}
	operator.get(s.path()).want(http.StatusOK, "captura reservada", "Incompleto")
	if links := operator.doc.Find(`main a[href*="/identidad"]`).Length(); links != 0 {
		t.Errorf("the party has %d links to it", links)
	}

	s.decide(candidate, "si", "si", "si")
	s.answerAll(candidate, "Palabra")
	operator.get(s.path()).want(http.StatusOK, "Completo")

	candidate.get(s.identityPath("reservada")).send("Compartirlo de nuevo con quien captura por mí").want(http.StatusOK)
	operator.get(s.identityPath("documento")).want(http.StatusOK)
}

// The form that reserved the capture, sent again after sharing it.
func TestAReservationSentAgainReservesAgain(t *testing.T) {
	s := newIdentityStage(t)
	operator, candidate := s.operator(), s.candidate()
	candidate.get(s.identityPath("reservada"))
	form := withFields(candidate.form(), "captura", "reservada")
	candidate.post(s.identityPath("reservada"), form).want(http.StatusOK, "Elegiste captura reservada")
	candidate.get(s.identityPath("reservada")).send("Compartirlo de nuevo con quien captura por mí").want(http.StatusOK)
	operator.get(s.identityPath("documento")).want(http.StatusOK)

	candidate.post(s.identityPath("reservada"), form).want(http.StatusOK, "Elegiste captura reservada")
	operator.get(s.identityPath("documento")).want(http.StatusNotFound)
}

func TestTheHeadOfAPlanillaCapturesForItsMembers(t *testing.T) {
	s := newIdentityStage(t)
	planilla := s.Nominator(election.Independent, "IND")
	head := s.Candidacy(planilla, "Irene", "Independiente")
	member := s.Candidacy(planilla, "Marco", "Integrante")
	s.Tx(func(ctx context.Context, tx *db.Tx) error { return s.Publisher.Process(ctx, tx, s.Process) })
	s.candidacy, s.folio = member, s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, member)
	c := s.enter("irene@ejemplo.mx", "candidata", 0, head)
	s.decide(c, "si", "no", "no")
	c.get(s.identityPath("indigena")).want(http.StatusOK, "Tema 1 de 6")
	// Capturing is not deciding for somebody: each withdraws for themself.
	c.get(s.identityPath("retirar")).want(http.StatusNotFound)
	c.get(s.identityPath("reservada")).want(http.StatusNotFound)
	c.post(s.identityPath("retirar"), url.Values{"guardado_id": {uuid.NewString()}}).want(http.StatusNotFound)
	if n := s.ID(`SELECT count(*) FROM sensitive.consent_events WHERE event = 'retira'`); n != 0 {
		t.Error("the head of the planilla withdrew for a member")
	}

	own := s.enter("marco@ejemplo.mx", "candidata", 0, member)
	own.get(s.identityPath("reservada")).send("Elegir captura reservada").want(http.StatusOK)
	c.get(s.identityPath("indigena")).want(http.StatusNotFound)
}

func TestEveryLookAtTheAnswersLeavesAnEntry(t *testing.T) {
	s := newIdentityStage(t)
	c := s.operator()
	s.decide(c, "si", "no", "no")
	entries := func() int64 { return s.ID(`SELECT count(*) FROM audit.entries WHERE kind = 'identidad.leer'`) }
	before := entries()
	c.get(s.path()).want(http.StatusOK)
	c.get(s.identityPath("documento")).want(http.StatusOK)
	c.get(s.identityPath("no-hay")).want(http.StatusNotFound)
	if got := entries(); got != before {
		t.Errorf("pages without answers left %d entries", got-before)
	}
	for range 3 {
		c.get(s.identityPath("general")).want(http.StatusOK)
	}
	if got := entries(); got != before+3 {
		t.Errorf("three looks left %d entries", got-before)
	}
}

// The Head verifies over the answers that there were when the page was opened:
// what was saved meanwhile makes them look again.
func TestAVerificationIsOfTheAnswersThatWereThere(t *testing.T) {
	s := newIdentityStage(t)
	c := s.candidate()
	s.decide(c, "si", "si", "si")
	s.attach(c, signedPage)
	head := auth.Head{Who: auth.Who{Account: s.head(), Process: s.Process}}
	seen, err := s.consents.ToVerify(t.Context(), head, s.folio)
	if err != nil {
		t.Fatal(err)
	}
	s.answerAll(c, "Palabra")
	yes := true
	seen.Processing, seen.Publication, seen.Statistics, seen.SamePerson, seen.Signed = &yes, &yes, &yes, true, true
	if err := s.consents.Verify(t.Context(), head, seen); !fault.Is(err, fault.Conflict) {
		t.Errorf("verifying over answers that nobody had seen: %v, want a conflict", err)
	}
	if n := s.onSite(); n != 0 {
		t.Errorf("%d answers were published by it", n)
	}
	s.verify()
	if s.onSite() == 0 {
		t.Error("looked at again, nothing is published")
	}
}

// A notice whose purposes changed asks again: from its approval on, nothing that
// was consented before is public, and deciding again opens the questionnaire.
func TestANoticeThatAsksAgainEndsEveryConsent(t *testing.T) {
	s := newIdentityStage(t)
	c := s.candidate()
	s.decide(c, "si", "si", "si")
	s.answerAll(c, "Palabra")
	s.attach(c, signedPage)
	s.verify()
	if s.onSite() == 0 {
		t.Fatal("nothing was published")
	}
	s.Tx(func(ctx context.Context, tx *db.Tx) error {
		a := consent.Approval{Acuerdo: "CT/02/2027", On: s.Now(), AsksAgain: true}
		if err := consent.ApproveNotices(ctx, tx, db.System{Name: "prueba"}, s.Process, a); err != nil {
			return err
		}
		return s.Publisher.Process(ctx, tx, s.Process)
	})
	if n := s.onSite(); n != 0 {
		t.Errorf("%d answers stay public under a consent that expired", n)
	}
	if n := s.ID(`SELECT count(*) FROM sensitive.consent_events WHERE event = 'caduca'`); n != 1 {
		t.Errorf("%d expirations in the history, want 1", n)
	}
	s.decide(c, "si", "si", "si")
	c.get(s.identityPath("indigena")).want(http.StatusOK)
}
