package deskhttp_test

import (
	"testing"

	"conoceles/internal/webtest/browser"
)

// Every page of Transparencia is looked at in a real browser: axe, reflow, tab
// stops. What answers a POST is reached as a person reaches it.
func TestTransparencyPagesInABrowser(t *testing.T) {
	s := newConsentStage(t)
	s.Exec(`UPDATE desk.persons SET email = ''`) // the notice is then a letter
	s.declare()
	s.enter("titular")
	p := browser.New(t).Page()
	p.Open(s.server.URL + "/prueba/entrar?cuenta=" + s.text(`SELECT id::text FROM desk.accounts WHERE email = 'titular1@iep.mx'`))
	look := func(path string) {
		t.Helper()
		p.Open(s.server.URL + path)
		browser.Check(t, p)
	}
	for _, path := range []string{
		"/transparencia", "/transparencia/consentimientos", "/transparencia/consentimientos?q=nadie", s.path(), s.path("registrar"), s.path("retirar"),
	} {
		look(path)
	}

	p.Open(s.server.URL + s.path("registrar"))
	p.Click("button", "Registrar el documento")
	p.See("Elige Sí o No en la autorización 1")
	browser.Check(t, p)

	p.Open(s.server.URL + s.path())
	p.Click("button", "Abrir con registro de acceso")
	p.See("Escribe para qué necesitas ver las respuestas")
	browser.Check(t, p)
	p.Type("Para qué necesitas ver las respuestas", "Queja 12")
	p.Click("button", "Abrir con registro de acceso")
	p.See("Esta consulta quedó en la bitácora")
	browser.Check(t, p)

	head := s.enter("titular")
	head.get(s.path())
	head.press("Verificar el documento", nil, allMarks...).want(200)
	look(s.path())
	look("/transparencia/cartas")
	p.Click("button", "Abrir la carta para Marisol Inventada Tapia")
	p.See("/retirar/")
	browser.Check(t, p)
}
