package deskhttp_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"
)

func TestWhatIsReservedIsReadWithAReason(t *testing.T) {
	s := newConsentStage(t)
	s.declare()
	for _, role := range []string{"verificador", "titular"} {
		c := s.enter(role)
		before, read := s.entries("consentimiento.leer_documento"), s.entries("identidad.leer")
		c.get(s.path()).want(200)
		if strings.Contains(string(c.body), "indígena") {
			t.Errorf("%s: the record tells what was answered", role)
		}
		c.press("Descargar el documento", nil).want(422, "Escribe para qué necesitas ver el documento")
		c.press("Abrir con registro de acceso", nil).want(422, "Escribe para qué necesitas ver las respuestas")
		c.press("Abrir con registro de acceso", nil, "motivo", strings.Repeat("á", 301)).want(422, "menos de 300 caracteres")
		if s.entries("consentimiento.leer_documento") != before || s.entries("identidad.leer") != read {
			t.Errorf("%s: an entry says that something was read, and nothing was", role)
		}
		c.press("Abrir con registro de acceso", nil, "motivo", "Queja 12").want(200, "¿Se identifica como una persona indígena", "Esta consulta quedó en la bitácora", "Prefiero no contestar")
		if got := c.head.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: answers are served with Cache-Control %q", role, got)
		}
		c.get(s.path())
		c.press("Descargar el documento", nil, "motivo", "Cotejo").want(200, "formato firmado")
		for header, want := range map[string]string{
			"Content-Type": "application/pdf", "Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff",
			"Cache-Control": "no-store", "Content-Disposition": "attachment; filename*=UTF-8''consentimiento-" + s.folio + ".pdf",
		} {
			if got := c.head.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", role, header, got, want)
			}
		}
		if s.entries("consentimiento.leer_documento") != before+1 || s.entries("identidad.leer") != read+1 {
			t.Errorf("%s: what was read left no entry, or several", role)
		}
	}
	if n := s.ID(`SELECT count(*) FROM audit.entries WHERE details ->> 'motivo' IN ('Queja 12', 'Cotejo') AND details::text NOT LIKE '%indigena%'`); n != 4 {
		t.Errorf("%d entries say why, want 4", n)
	}
}

// permission is who may use a route of Transparencia (security.md 1.3).
type permission struct {
	method, path string
	roles        string
	status       int // for who may
}

func TestWhoMayDoWhatAtTransparencia(t *testing.T) {
	s := newConsentStage(t)
	s.declare()
	s.Exec(`UPDATE desk.persons SET email = ''`)
	const both, head = "verificador titular", "titular"
	record := s.path()
	grid := []permission{
		{"GET", "/transparencia", both, 200},
		{"GET", "/transparencia/consentimientos", both, 200},
		{"GET", record, both, 200},
		{"POST", record + "/documento", both, 422},
		{"POST", record + "/respuestas", both, 422},
		{"GET", record + "/registrar", both, 200},
		{"POST", record + "/registrar", both, 422},
		{"POST", record + "/verificar", head, 409},
		{"POST", record + "/rechazar", head, 422},
		{"GET", record + "/retirar", head, 200},
		{"POST", record + "/retirar", head, 422},
		{"GET", "/transparencia/cartas", both, 200},
		{"POST", "/transparencia/cartas/9999/abrir", both, 404},
		{"POST", "/transparencia/cartas/9999/impresa", both, 404},
		{"GET", "/administracion/salida", "administracion", 404},
	}
	for _, role := range []string{"operador", "validador", "candidata", "verificador", "titular", "secretaria", "administracion", "auditoria"} {
		c := s.enter(role)
		for _, p := range grid {
			want := 403
			if strings.Contains(" "+p.roles+" ", " "+role+" ") {
				want = p.status
			}
			if c.request(p); c.code != want {
				t.Errorf("%s %s as %s: %d, want %d", p.method, p.path, role, c.code, want)
			}
		}
	}
	anonymous := registryClient{&captureClient{t: t, base: s.server.URL, http: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}}}
	for _, p := range grid {
		if anonymous.request(p); anonymous.code != 303 {
			t.Errorf("%s %s as nobody: %d, want 303", p.method, p.path, anonymous.code)
		}
	}
}

func (c registryClient) request(p permission) {
	c.t.Helper()
	if p.method == "GET" {
		c.get(p.path)
		return
	}
	c.post(p.path, url.Values{"guardado_id": {uuid.NewString()}})
}

// Another process's folio and one that never existed get the same bytes.
func TestAnotherProcessIsNotThere(t *testing.T) {
	s := newConsentStage(t)
	s.declare()
	elsewhere := s.ID(`
INSERT INTO desk.processes (key, name, kind, folio_prefix, election_day, age_reference, created_at)
VALUES ('otro', 'Otro proceso', 'simulacro', 'OTR', '2030-06-02', '2030-06-02', '2020-01-01') RETURNING id`)
	head := s.enter("titular")
	s.Exec(`UPDATE desk.grants SET process_id = $1 WHERE role = 'titular'`, elsewhere)
	head.get("/transparencia/consentimientos").want(200, "Ninguna candidatura coincide")
	for _, p := range []permission{
		{method: "GET", path: ""},
		{method: "POST", path: "/documento"},
		{method: "POST", path: "/respuestas"},
		{method: "GET", path: "/registrar"},
		{method: "POST", path: "/registrar"},
		{method: "POST", path: "/verificar"},
		{method: "POST", path: "/rechazar"},
		{method: "GET", path: "/retirar"},
		{method: "POST", path: "/retirar"},
	} {
		filled := url.Values{"guardado_id": {uuid.NewString()}, "motivo": {"Cotejo"}, "recibido": {"05/04/2027"}}
		answer := func(folio string) string {
			path := "/transparencia/consentimientos/" + folio + p.path
			if p.method == "GET" {
				head.get(path)
			} else {
				head.post(path, filled)
			}
			head.want(404)
			return string(head.body)
		}
		if theirs, nobodys := answer(s.folio), answer("PRU-99999"); theirs != nobodys {
			t.Errorf("%s %s tells another process's folio from one that never was", p.method, p.path)
		}
	}
}

func TestTheRegisterIsFilteredSearchedAndOldestFirst(t *testing.T) {
	s := newConsentStage(t)
	for _, name := range []string{"Ana", "Beatriz", "Carla"} {
		id := s.Candidacy(s.party, name, "Ficticia Ríos")
		s.SetNow(s.Now().Add(-time.Minute)) // each later one has waited longer
		s.Exec(`INSERT INTO sensitive.consent_events (candidacy_id, event, medium, processing, publication, statistics, text_hash, document_id, answers_version, role, at)
			SELECT $1, 'otorga', 'documento', true, true, false, 'h', NULL, 0, 'verificador', $2`, id, s.Now())
	}
	c := s.enter("verificador")
	c.get("/transparencia/consentimientos").want(200, "Marisol Inventada Tapia", "Falta el documento", "Sin decidir")
	var names []string
	c.doc.Find("main table tbody th").Each(func(_ int, e *goquery.Selection) { names = append(names, strings.Fields(e.Text())[0]) })
	if got := strings.Join(names, " "); got != "Carla Beatriz Ana Marisol" {
		t.Errorf("order %q", got)
	}
	c.get("/transparencia/consentimientos?etapa=pendiente").want(200, "Ana Ficticia Ríos", "1 Sí · 2 Sí · 3 No", "Por escrito")
	c.get("/transparencia/consentimientos?etapa=sin_decidir&q=tapia+MARISÓL").want(200, "Marisol Inventada Tapia")
	c.get("/transparencia/consentimientos?q=rios+ana").want(200, "Ana Ficticia Ríos")
	if strings.Contains(c.shown(), "Carla") {
		t.Error("the search brings somebody else")
	}
	c.get("/transparencia/consentimientos?q=%25").want(200, "Ninguna candidatura coincide")
	c.get("/transparencia/consentimientos?q=%00").want(422)
	c.get("/transparencia/consentimientos?etapa=x&pagina=99").want(200, "Ninguna candidatura coincide")
}

func TestALetterIsPrintedOnce(t *testing.T) {
	s := newConsentStage(t)
	s.Candidacy(s.party, "Ana", "Ficticia")
	s.Exec(`UPDATE desk.persons SET email = 'comun@hor.invalid'`)
	s.declare()
	head, reviewer := s.enter("titular"), s.enter("verificador")
	head.get(s.path()).want(200, "varias candidaturas comparten el correo")
	head.press("Verificar el documento", nil, allMarks...).want(200)
	reviewer.get("/transparencia").want(200, "Cartas por imprimir1")
	reviewer.get("/transparencia/cartas").want(200, "Marisol Inventada Tapia")
	if strings.Contains(string(reviewer.body), "/retirar/") {
		t.Error("the list of letters shows their links")
	}
	reviewer.press("Abrir la carta para Marisol Inventada Tapia", nil).want(200, "https://conoceles.mx/retirar/", "Marcar como impresa")
	reviewer.press("Marcar como impresa", nil).want(200, "La carta quedó marcada como impresa", "No hay cartas")
	reviewer.get("/transparencia/cartas?estado=impresas").want(200, "Marisol Inventada Tapia")
	if s.entries("carta.abrir") != 1 || s.entries("carta.imprimir") != 1 {
		t.Error("opening or printing a letter left no entry")
	}
}

func TestTheOutboxPageIsOfADemonstrationWithoutServer(t *testing.T) {
	s := newConsentStage(t)
	s.declare()
	head := s.enter("titular")
	head.get(s.path())
	head.press("Verificar el documento", nil, allMarks...).want(200)
	admin := s.enter("administracion")
	admin.get("/administracion/salida").want(404)
	s.face.Unmailed = true
	admin.get("/administracion/salida").want(404)
	s.Exec(`UPDATE desk.processes SET demo = true`)
	admin.get("/administracion/salida").want(200, "Se verificó tu autorización", "/retirar/")
	s.face.Unmailed = false
	admin.get("/administracion/salida").want(404)
}
