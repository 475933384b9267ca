package app_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"conoceles/internal/app"
)

// live returns the ficha of somebody who shows identity.
func (s *stage) live() string {
	s.Helper()
	for n := 0; ; n++ {
		if folio := s.consented("verifica", n); s.lives(folio) {
			return "/candidaturas/" + s.text(`SELECT slug FROM desk.candidacies WHERE folio = $1`, folio)
		}
	}
}

// warm draws every page into memory, as the program does in the background.
func (s *stage) warm() {
	s.Helper()
	for range 2 { // seen twice the same, and then drawn
		if err := s.app.Warm(context.Background()); err != nil {
			s.Fatal(err)
		}
	}
}

// TestTheSiteWithoutADatabase cuts the database (security.md 3.2, L8): curricular
// pages go on from memory with the cut in sight, identity is hidden, health tells
// the truth, and everything is back by itself.
func TestTheSiteWithoutADatabase(t *testing.T) {
	t.Parallel()
	s := newWiredStage(t)
	who := s.enters("")
	live := s.live()
	s.warm()
	healthy := who.ask("/salud/listo", nil)
	if healthy.status != http.StatusOK || !strings.HasPrefix(healthy.body, "listo, versión ") {
		t.Fatalf("healthy: %d %s", healthy.status, healthy.body)
	}
	const noIdentity = "Esta sección no está disponible por el momento." // in place of any answer
	if got := who.ask(live, nil); !strings.HasPrefix(got.header.Get("Cache-Control"), "private") || strings.Contains(got.body, noIdentity) {
		t.Fatalf("%s is to show identity", live)
	}
	paths := append(s.profiles(), "/", "/candidaturas", "/candidaturas?pagina=2", "/boleta", "/avance", "/ayuda")
	const band = "Información al corte de las"
	const document = "/api/v1/catalogos"
	drawn := who.ask(document, nil).body

	for _, fault := range []struct {
		name string
		make func()
	}{
		{"cut", s.wire.Cut},
		{"slow", func() { s.wire.Slow(4 * time.Second) }},
	} {
		before := s.wire.Acted()
		fault.make()
		served, start := 0, time.Now()
		for _, path := range paths {
			got := who.ask(path, nil)
			if got.status != http.StatusOK || !strings.Contains(got.body, band) {
				continue
			}
			served++
			if got.header.Get("Cache-Control") != "no-store" || got.doc.Find("main h1").Length() != 1 {
				t.Errorf("%s, %s: kept as %q, with %d headings", fault.name, path, got.header.Get("Cache-Control"), got.doc.Find("main h1").Length())
			}
		}
		took := time.Since(start)
		if s.wire.Acted() == before {
			t.Fatalf("%s: the wire did not act", fault.name)
		}
		t.Logf("%s: %d of %d pages from memory, %s each", fault.name, served, len(paths), took/time.Duration(len(paths)))
		if served*100 < len(paths)*95 { // G10
			t.Errorf("%s: only %d of %d pages are served", fault.name, served, len(paths))
		}
		if got := who.ask(live, nil); got.status != http.StatusOK || !strings.Contains(got.body, noIdentity) {
			t.Errorf("%s: the ficha that showed identity answers %d, %q", fault.name, got.status, got.header.Get("Cache-Control"))
		}
		if got := who.ask(document, nil); got.status != http.StatusOK || got.body != drawn || got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: the document answers %d, kept as %q: %.100s", fault.name, got.status, got.header.Get("Cache-Control"), got.body)
		}
		if got := who.ask("/candidaturas?q=nadie+lo+pidio", nil); got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, "ya estaban listas") {
			t.Errorf("%s: a page that nobody drew: %d", fault.name, got.status)
		}
		if got := who.ask("/salud/listo", nil); got.status != http.StatusOK || !strings.HasPrefix(got.body, "degradado, ") || !strings.Contains(got.body, "\nsitio: de memoria, al corte de ") || !strings.Contains(got.body, "escritorio: sin base de datos") {
			t.Errorf("%s: health says %d %q", fault.name, got.status, got.body)
		}
		s.mend()
		time.Sleep(1100 * time.Millisecond) // it is asked again a second later
		if got := who.ask(live, nil); strings.Contains(got.body, band) || !strings.HasPrefix(got.header.Get("Cache-Control"), "private") {
			t.Errorf("%s mended: %d, %q", fault.name, got.status, got.header.Get("Cache-Control"))
		}
	}
}

// TestWithNothingInMemoryHealthSaysSo is the control of the one above.
func TestWithNothingInMemoryHealthSaysSo(t *testing.T) {
	t.Parallel()
	s := newWiredStage(t)
	s.wire.Cut()
	who := s.enters("")
	if got := who.ask("/salud/listo", nil); got.status != http.StatusServiceUnavailable || !strings.HasPrefix(got.body, "no listo, ") {
		t.Errorf("health says %d %q", got.status, got.body)
	}
	if got := who.ask("/salud/vivo", nil); got.status != http.StatusOK {
		t.Errorf("alive says %d", got.status)
	}
	if got := who.ask("/candidaturas", nil); got.status != http.StatusServiceUnavailable {
		t.Errorf("a page answers %d", got.status)
	}
}

// TestTheModesOnEveryNode changes the mode while two nodes serve the same
// database: both obey within two seconds, each mode closes what it says and
// nothing else, and what somebody was typing comes back to them.
func TestTheModesOnEveryNode(t *testing.T) {
	t.Parallel()
	pg, cfg := usual.open(t)
	nodes := []*wiredStage{nodeOver(t, stageOver(t, pg, cfg)), nodeOver(t, stageOver(t, pg, cfg))}
	s := nodes[0].stage
	live := s.live()
	folio := s.text(`SELECT c.folio FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
WHERE c.capture IN ('sin_iniciar', 'en_captura') AND c.standing = 'aprobada' AND n.name = 'Raíz Común' ORDER BY c.id LIMIT 1`)
	section := "/captura/" + folio + "/curricular/historia"
	const atMost = 2 * time.Second

	for _, tt := range []struct {
		mode                            app.Mode
		public, shows, reads, saves, in int // status of the site, 1 if identity is seen, status of the desk, of a save, of entering
	}{
		{app.ModeWithoutIdentity, 200, 0, 200, 303, 303},
		{app.ModeReadOnly, 200, 1, 200, 503, 303},
		{app.ModeMaintenance, 503, 0, 503, 503, 503},
		{app.ModeNormal, 200, 1, 200, 303, 303},
	} {
		if err := s.app.SetMode(context.Background(), app.ModeNormal); err != nil {
			t.Fatal(err)
		}
		for _, n := range nodes { // and as soon as they see it, they are open again
			for deadline := time.Now().Add(atMost); n.enters("").ask("/entrar", nil).status != http.StatusOK; time.Sleep(50 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("a node does not come back in two seconds")
				}
			}
		}
		var people []*client
		var forms []url.Values
		for _, n := range nodes {
			who := n.enters("operador")
			page := who.ask(section, nil)
			_, form := page.form("main form")
			form.Set("historia_profesional", typedText)
			form.Set("accion", "volver")
			people, forms = append(people, who), append(forms, form)
		}
		if err := s.app.SetMode(context.Background(), tt.mode); err != nil {
			t.Fatal(err)
		}
		time.Sleep(atMost)
		for i, n := range nodes {
			public := n.enters("").ask(live, nil)
			shows := 0
			if strings.HasPrefix(public.header.Get("Cache-Control"), "private") {
				shows = 1
			}
			reads, saves := people[i].ask(section, nil), people[i].ask(section, forms[i])
			if public.status != tt.public || shows != tt.shows || reads.status != tt.reads || saves.status != tt.saves {
				t.Errorf("%s, node %d: site %d, identity %d, desk %d, save %d; want %+v", tt.mode, i, public.status, shows, reads.status, saves.status, tt)
			}
			if tt.saves == http.StatusServiceUnavailable {
				if _, kept := saves.form("main form"); kept.Get("historia_profesional") != typedText || !strings.Contains(saves.body, "No se guardó.") || saves.header.Get("Retry-After") == "" {
					t.Errorf("%s, node %d: the text does not come back: %v", tt.mode, i, kept)
				}
			}
			if tt.mode == app.ModeReadOnly && !strings.Contains(reads.body, "Captura en pausa.") {
				t.Errorf("node %d: the desk does not say that capture is closed", i)
			}
			in := n.enters("").ask("/entrar", url.Values{"correo": {"operador@ejemplo.invalid"}, "contrasena": {"conoceles-de-prueba"}})
			if in.status != tt.in {
				t.Errorf("%s, node %d: entering answers %d, want %d", tt.mode, i, in.status, tt.in)
			}
			health := n.enters("").ask("/salud/listo", nil)
			if wants := tt.mode == app.ModeReadOnly || tt.mode == app.ModeMaintenance; health.status != http.StatusOK || wants != strings.HasPrefix(health.body, "degradado, ") {
				t.Errorf("%s, node %d: health says %d %q", tt.mode, i, health.status, health.body)
			}
			if got := n.enters("").ask("/static/", nil); got.status == http.StatusServiceUnavailable {
				t.Errorf("%s: the stylesheet is closed too", tt.mode)
			}
		}
	}
}

// TestWithdrawingStaysOpenInReadOnly is the exception: hiding never waits.
func TestWithdrawingStaysOpenInReadOnly(t *testing.T) {
	t.Parallel()
	s := nodeOver(t, newStage(t))
	if err := s.app.SetMode(context.Background(), app.ModeReadOnly); err != nil {
		t.Fatal(err)
	}
	for path, always := range map[string]bool{
		"/retirar/ninguno": true, "/captura/DEMO-00001/identidad/retirar": true, "/transparencia/consentimientos/DEMO-00001/retirar": true,
		"/salir": true, "/arco": false, "/captura/DEMO-00001/identidad/pueblos": false, "/transparencia/consentimientos/DEMO-00001/verificar": false,
	} {
		got := s.enters("").ask(path, url.Values{"texto": {"x"}})
		if closed := got.status == http.StatusServiceUnavailable; closed == always {
			t.Errorf("POST %s answers %d", path, got.status)
		}
	}
}
