package deskhttp_test

import (
	"net/http"
	"strings"
	"testing"

	"conoceles/internal/webtest/browser"
)

// Every page of capture is looked at in a real browser: axe, reflow, tab stops.
// The errors and the conflict are reached as a person reaches them.
func TestCapturePagesInABrowser(t *testing.T) {
	s := newCaptureStage(t)
	captureAll(s, s.operator())
	boss := s.validator()
	p := browser.New(t).Page()
	p.Open(s.server.URL + "/prueba/entrar?cuenta=" + s.text(`SELECT id::text FROM desk.accounts WHERE email = 'valida@hor.mx'`))
	look := func(path string) {
		t.Helper()
		p.Open(s.server.URL + path)
		browser.Check(t, p)
	}
	for _, path := range []string{
		"/captura", s.path(), s.path("curricular", "contacto") + "?agregar=casa_campana", s.path("curricular", "formacion"),
		s.path("curricular", "historia"), s.path("foto"), s.path("foto", "encuadre"), s.path("vista-previa"), s.path("validar"),
	} {
		look(path)
	}

	p.Open(s.server.URL + s.path("curricular", "motivo"))
	p.Type("¿Por qué quiere ocupar un cargo público?", "Muy corto")
	p.Click("button", "Guardar y continuar")
	p.See("agrega al menos 271 caracteres")
	browser.Check(t, p)

	boss.get(s.path("curricular", "propuestas"))
	stale := boss.form()
	boss.send("Guardar y volver a la lista", "propuesta_1", longText("La uno de Ana."), "propuesta_2", longText("La dos de Ana.")).want(http.StatusOK)
	stale.Set("propuesta_1", longText("La uno de Eva."))
	stale.Set("accion", "volver")
	boss.post(s.path("curricular", "propuestas"), stale).want(http.StatusConflict)
	look(boss.doc.Find("main form").AttrOr("action", ""))

	boss.get(s.path("curricular", "motivo")).send("Guardar y continuar", "motivo_cargo_publico", longText("Quiero servir.")).want(http.StatusOK)
	boss.get(s.path("curricular", "propuestas")).send("Guardar y continuar").want(http.StatusOK)
	boss.get(s.path("validar")).send("Continuar a confirmar", "declaro", "si").want(http.StatusOK, "Confirma")
	look(boss.at)
	boss.get(boss.at).send("Validar y hacer pública").want(http.StatusOK)
	look(s.path("acuse"))
	look(s.path("curricular", "historia"))
}

// The draft saves itself, and the button pressed while it is on its way is no
// conflict with oneself.
func TestTheScriptSavesWhileOneWrites(t *testing.T) {
	s := newCaptureStage(t)
	s.operator()
	p := browser.New(t).Page()
	p.Open(s.server.URL + "/prueba/entrar?cuenta=" + s.text(`SELECT id::text FROM desk.accounts WHERE email = 'opera@hor.mx'`))
	for _, sentence := range []string{"Quiero servir.", "Quiero que el agua alcance."} {
		p.Open(s.server.URL + s.path("curricular", "motivo"))
		p.Type("¿Por qué quiere ocupar un cargo público?", longText(sentence))
		p.Click("button", "Guardar y continuar") // leaving the field saves the draft at that very moment
		if !strings.HasSuffix(p.URL(), "/curricular/propuestas") {
			t.Fatalf("the button led to %s: %s", p.URL(), p.Text())
		}
	}
	if got := s.text(`SELECT count(*)::text FROM desk.conflicts`); got != "0" {
		t.Errorf("%s conflicts of one person with herself", got)
	}
	if got := s.text(`SELECT count(*)::text FROM desk.answer_versions`); got != "2" {
		t.Errorf("%s versions, want 2", got)
	}
}
