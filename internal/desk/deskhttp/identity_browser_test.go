package deskhttp_test

import (
	"net/http"
	"testing"

	"conoceles/internal/webtest/browser"
)

// Every page of identity is looked at in a real browser: axe, reflow, tab stops;
// the whole way of a candidate is walked in it too.
func TestIdentityPagesInABrowser(t *testing.T) {
	s := newIdentityStage(t)
	c := s.candidate()
	p := browser.New(t).Page()
	p.Open(s.server.URL + "/prueba/entrar?cuenta=" + s.text(`SELECT id::text FROM desk.accounts WHERE email = 'marisol@ejemplo.mx'`))
	look := func(path string) {
		t.Helper()
		p.Open(s.server.URL + path)
		browser.Check(t, p)
	}
	look(s.path())
	look(s.identityPath("autorizaciones")) // leads to the notice
	p.Click("button", "Continuar a las autorizaciones")
	p.See("Confirma que leíste el aviso")
	browser.Check(t, p)
	s.decide(c, "si", "si", "no")
	look(s.identityPath("autorizaciones"))
	p.Click("button", "Registrar las decisiones")
	p.See("«No» también es una respuesta válida")
	browser.Check(t, p)

	c.get(s.identityPath("discapacidad")).send("Guardar y continuar", "p04_discapacidad", "si").want(http.StatusOK)
	for _, block := range []string{"indigena", "discapacidad", "afromexicana", "diversidad_sexual", "migrante", "general"} {
		look(s.identityPath(block))
	}
	c.get(s.identityPath("indigena")).send("Guardar y continuar", "p01_indigena", "si").want(http.StatusOK)
	c.send("Guardar y continuar", "p03_pueblo", "otro").want(http.StatusUnprocessableEntity)
	look(s.identityPath("indigena"))

	look(s.identityPath("documento"))
	s.attach(c, []byte("nada")).want(http.StatusUnprocessableEntity)
	s.attach(c, signedPage).want(http.StatusOK)
	for _, page := range []string{"documento", "retirar", "reservada", "recibo"} {
		look(s.identityPath(page))
	}
	s.decide(c, "no", "no", "no")
	look(s.identityPath("constancia"))
	look(s.path())
}

// The draft of a sensitive answer saves itself, and is no conflict with the button
// pressed while it is on its way.
func TestTheScriptSavesIdentityDrafts(t *testing.T) {
	s := newIdentityStage(t)
	s.decide(s.candidate(), "si", "no", "no")
	p := browser.New(t).Page()
	p.Open(s.server.URL + "/prueba/entrar?cuenta=" + s.text(`SELECT id::text FROM desk.accounts WHERE email = 'marisol@ejemplo.mx'`))
	p.Open(s.server.URL + s.identityPath("afromexicana"))
	p.Click("radio", "Prefiero no contestar")
	p.See("Borrador guardado a las")
	p.Click("radio", "No")
	p.Click("button", "Guardar y continuar")
	p.See("Diversidad sexual")
	if n := s.ID(`SELECT count(*) FROM sensitive.identity_answers`); n != 1 {
		t.Errorf("%d versions, want 1", n)
	}
}
