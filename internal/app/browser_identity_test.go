package app_test

import (
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/consent"
	"conoceles/internal/questionnaire"
)

const (
	inIdentity = inFolio + "/identidad"
	inConsents = "/transparencia/consentimientos/{folio}"
)

// identitySamples returns the samples of the identity questionnaire, of a party
// that captures it and of a candidate who decided, and of the desk of
// Transparencia.
func identitySamples(s *stage) map[string]sample {
	open, closed, waiting := s.consented("otorga", 0), s.closed(), s.consented("documenta", 0)
	own := decideAlone(s)
	at := func(folio, page string) string { return "/captura/" + folio + "/identidad" + page }
	var blocks []string
	for _, page := range questionnaire.Identity().Pages {
		blocks = append(blocks, at(open, "/"+string(page.ID)))
	}
	return map[string]sample{
		inIdentity:                     {as: "validador", paths: []string{at(open, ""), at(s.folio("en_captura"), "")}},
		inIdentity + "/autorizaciones": {as: "validador", paths: []string{at(open, "/autorizaciones")}},
		inIdentity + "/documento":      {as: "validador", paths: []string{at(open, "/documento")}},
		inIdentity + "/formato.pdf":    {as: "validador", paths: []string{at(open, "/formato.pdf")}, file: true},
		inIdentity + "/constancia":     {as: "validador", paths: []string{at(closed, "/constancia")}},
		inIdentity + "/{bloque}":       {as: "validador", paths: blocks},
		inIdentity + "/retirar":        {as: "candidata", paths: []string{at(own, "/retirar")}},
		inIdentity + "/reservada":      {as: "candidata", paths: []string{at(own, "/reservada")}},
		inIdentity + "/recibo":         {as: "candidata", paths: []string{at(own, "/recibo")}},
		inIdentity + "/recibo.pdf":     {as: "candidata", paths: []string{at(own, "/recibo.pdf")}, file: true},
		inIdentity + "/recibo.json":    {as: "candidata", paths: []string{at(own, "/recibo.json")}, file: true},

		"/transparencia":                 {as: "titular", paths: []string{"/transparencia"}},
		"/transparencia/consentimientos": {as: "verificador", paths: []string{"/transparencia/consentimientos"}},
		inConsents:                       {as: "titular", paths: each("/transparencia/consentimientos/", open, waiting, closed)},
		inConsents + "/registrar":        {as: "verificador", paths: []string{"/transparencia/consentimientos/" + open + "/registrar"}},
		inConsents + "/retirar":          {as: "titular", paths: []string{"/transparencia/consentimientos/" + open + "/retirar"}},
		"/transparencia/cartas":          {as: "verificador", paths: []string{"/transparencia/cartas"}},
		"/administracion/salida":         {as: "informatica", paths: []string{"/administracion/salida"}},
	}
}

// consented returns the n-th folio whose history has that event.
func (s *stage) consented(event string, n int) string {
	s.Helper()
	return s.text(`
SELECT c.folio FROM sensitive.consent_events e JOIN desk.candidacies c ON c.id = e.candidacy_id
WHERE e.event = $1 AND NOT EXISTS (SELECT 1 FROM sensitive.consent_events f WHERE f.candidacy_id = e.candidacy_id AND f.event = 'verifica' AND $1 = 'documenta')
ORDER BY c.id OFFSET $2 LIMIT 1`, event, n)
}

// closed returns a folio whose questionnaire nº 1 = No closed.
func (s *stage) closed() string {
	s.Helper()
	return s.text(`SELECT c.folio FROM sensitive.consent_events e JOIN desk.candidacies c ON c.id = e.candidacy_id WHERE NOT e.processing LIMIT 1`)
}

// decideAlone makes the candidate with an account read the notice and decide, and
// returns their folio.
func decideAlone(s *stage) string {
	s.Helper()
	ctx := s.Context()
	var account int64
	if err := s.app.Desk.QueryRow(ctx, `SELECT id FROM desk.accounts WHERE email = 'candidata@ejemplo.invalid'`).Scan(&account); err != nil {
		s.Fatal(err)
	}
	actor, err := s.app.Accounts.Actor(ctx, account)
	if err != nil {
		s.Fatal(err)
	}
	candidate := actor.(auth.Candidate)
	folio := s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, candidate.Candidacy)
	status, err := s.app.Consents.Status(ctx, candidate, folio)
	if err != nil {
		s.Fatal(err)
	}
	if err := s.app.Consents.AcceptNotice(ctx, candidate, folio, "", status.Notice.ID); err != nil {
		s.Fatal(err)
	}
	yes, no := true, false
	if err := s.app.Consents.Declare(ctx, candidate, consent.Declaration{Folio: folio, Processing: &yes, Publication: &yes, Statistics: &no}); err != nil {
		s.Fatal(err)
	}
	return folio
}
