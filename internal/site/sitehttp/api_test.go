package sitehttp_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"

	"conoceles/internal/questionnaire"
	"conoceles/internal/site/sitetest"
)

// contract is the description of the API, as it is served.
func contract(t *testing.T, v *visitor, target string) validator.Validator {
	t.Helper()
	raw, err := io.ReadAll(v.do(http.MethodGet, target).Body)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := libopenapi.NewDocument(raw)
	if err != nil {
		t.Fatal(err)
	}
	c, errs := validator.NewValidator(doc)
	if errs != nil {
		t.Fatal(errs)
	}
	if ok, problems := c.ValidateDocument(); !ok {
		for _, p := range problems {
			t.Errorf("the description is not OpenAPI 3.1: %s: %s", p.Message, p.Reason)
		}
	}
	return c
}

// keeps asks for something and says whether question and answer are as described.
func keeps(t *testing.T, v *visitor, c validator.Validator, target string, status int, asked bool) []byte {
	t.Helper()
	res := v.do(http.MethodGet, target)
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != status {
		t.Errorf("%s: %d, want %d: %.300s", target, res.StatusCode, status, body)
	}
	if got := res.Header.Get("Access-Control-Allow-Origin"); got != "*" {
		t.Errorf("%s: other sites may read it: %q", target, got)
	}
	req := httptest.NewRequest(http.MethodGet, "https://ejemplo.invalid"+target, nil)
	if ok, problems := c.ValidateHttpRequest(req); ok != asked {
		t.Errorf("%s is asked as described: %t, want %t: %v", target, ok, asked, problems)
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	if ok, problems := c.ValidateHttpResponse(req, res); !ok {
		for _, p := range problems {
			t.Errorf("%s is not answered as described: %s: %s", target, p.Message, p.Reason)
			for _, s := range p.SchemaValidationErrors {
				t.Errorf("  %s: %s", s.FieldPath, s.Reason)
			}
		}
	}
	return body
}

func TestTheAPIIsWhatItsDescriptionSays(t *testing.T) {
	w := sitetest.New(t)
	w.Consent(10, questionnaire.Answers{"p01_indigena": {Text: questionnaire.Yes}, "p02_pueblo": {Text: "Náhuatl"}})
	v := visit(t, w)
	c := contract(t, v, "/api/v1/openapi.json")
	for target, status := range map[string]int{
		"/api/v1/": 200, "/api/v1/candidaturas": 200, "/api/v1/candidaturas?pagina=4": 200, "/api/v1/candidaturas?pagina=5": 404,
		"/api/v1/candidaturas?q=ximena&cargo=gubernatura&sexo=mujer&edad=40-49&orden=apellido": 200,
		"/api/v1/candidaturas?q=nadie": 200, "/api/v1/candidaturas?estado=sin-publicar": 200,
		"/api/v1/candidaturas?cargo=x": 422, "/api/v1/candidaturas?q=%00": 422,
		"/api/v1/candidaturas/citlali-prueba-montes": 200, "/api/v1/candidaturas/ximena-d-ejemplo-olmos": 200,
		"/api/v1/candidaturas/persona-lista-2-3-0": 200, "/api/v1/candidaturas/no-existe": 404, "/api/v1/candidaturas/citlali-preba-montes": 301,
		"/api/v1/candidaturas/ernesto-retirado-gil": 410,
		"/api/v1/boletas/148":                       200, "/api/v1/boletas/0148": 200, "/api/v1/boletas/970": 200, "/api/v1/boletas/9999": 404, "/api/v1/boletas/x": 404,
		"/api/v1/catalogos": 200, "/api/v1/estadisticas": 200, "/api/v1/openapi.json": 200,
	} {
		keeps(t, v, c, target, status, true)
	}
	for target, status := range map[string]int{
		"/api/v1/candidaturas?sexo=x": 422, "/api/v1/candidaturas?edad=7": 422, "/api/v1/candidaturas?pagina=0": 422, "/api/v1/candidaturas?estado=x": 422,
	} {
		keeps(t, v, c, target, status, false)
	}
	archive := contract(t, v, "/procesos/archivo-2022/api/v1/openapi.json")
	for _, path := range []string{"/candidaturas", "/candidaturas/martha-archivada-lopez", "/catalogos", "/estadisticas"} {
		keeps(t, v, archive, "/procesos/archivo-2022/api/v1"+path, 200, true)
	}
}

// An answer with a field that is not described must not pass: otherwise the test
// above proves nothing.
func TestTheDescriptionRefusesWhatItDoesNotSay(t *testing.T) {
	v := visit(t, sitetest.New(t))
	c := contract(t, v, "/api/v1/openapi.json")
	req := httptest.NewRequest(http.MethodGet, "https://ejemplo.invalid/api/v1/catalogos", nil)
	for _, body := range []string{`{"proceso":{}}`, `[]`, strings.Replace(string(keeps(t, v, c, "/api/v1/catalogos", 200, true)), `{"proceso"`, `{"de_mas":1,"proceso"`, 1)} {
		res := &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body))}
		if ok, _ := c.ValidateHttpResponse(req, res); ok {
			t.Errorf("the description accepts %.60s", body)
		}
	}
}

// apiCandidacy is what the tests read of a candidacy.
type apiCandidacy struct {
	ID      string `json:"id"`
	Answers map[string]struct {
		State string `json:"estado"`
	} `json:"respuestas"`
	Identity *struct {
		State   string            `json:"estado"`
		Answers map[string]string `json:"respuestas"`
	} `json:"identidad"`
}

// Identity follows in the API the rule of the ficha: read for each who asks, kept
// by nobody, gone with the withdrawal.
func TestIdentityInTheAPIIsThatOfTheFicha(t *testing.T) {
	w := sitetest.New(t)
	v := visit(t, w)
	const target = "/api/v1/candidaturas/citlali-prueba-montes"
	read := func() (apiCandidacy, http.Header) {
		t.Helper()
		res := v.do(http.MethodGet, target, "Accept-Encoding", "gzip")
		var c apiCandidacy
		if err := json.Unmarshal([]byte(unpacked(t, res)), &c); err != nil {
			t.Fatal(err)
		}
		return c, res.Header
	}
	if c, h := read(); c.Identity == nil || c.Identity.State != "sin_responder" || h.Get("ETag") == "" || !strings.HasPrefix(h.Get("Cache-Control"), "public") {
		t.Errorf("unanswered: %+v, %v", c.Identity, h)
	}
	w.Consent(10, questionnaire.Answers{"p01_indigena": {Text: questionnaire.Yes}})
	if c, h := read(); c.Identity == nil || c.Identity.Answers["p01_indigena"] != "si" || h.Get("ETag") != "" || h.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("consented: %+v, %v", c.Identity, h)
	}
	w.Withdraw(10)
	if c, h := read(); c.Identity == nil || c.Identity.State != "respondido" || len(c.Identity.Answers) > 0 || h.Get("ETag") == "" {
		t.Errorf("withdrawn: %+v, %v", c.Identity, h)
	}
	w.Exec(`UPDATE site.mode SET identity_hidden = true`)
	if c, _ := read(); c.Identity != nil {
		t.Errorf("with the switch thrown: %+v", c.Identity)
	}
	for _, list := range []string{"/api/v1/candidaturas", "/api/v1/boletas/149", "/api/v1/estadisticas", "/api/v1/catalogos"} {
		if body := unpacked(t, v.do(http.MethodGet, list)); strings.Contains(body, `"identidad"`) || strings.Contains(body, "p01_indigena") {
			t.Errorf("%s speaks of identity", list)
		}
	}
}

func TestTheAPISaysWhatIsNotThere(t *testing.T) {
	v := visit(t, sitetest.New(t))
	for target, want := range map[string]string{
		"/api/v1/candidaturas?cargo=x":                          `"id":"cargo"`,
		"/api/v1/boletas/9999":                                  "No encontramos la sección 9999",
		"/api/v1/candidaturas/ernesto-retirado-gil":             "Ocupa su lugar Citlali Prueba Montes.",
		"/procesos/eleccion-2030/api/v1/candidaturas":           "La publicación inicia el 1 de abril de 2030.",
		"/procesos/no-existe/api/v1/candidaturas":               `"status":404`,
		"/api/v1/otra-cosa":                                     `"status":404`,
		"/api/v1/candidaturas/citlali-prueba-montes/identidad":  `"status":404`,
		"/api/v1/candidaturas?q=" + strings.Repeat("larga", 50): "hasta 100 caracteres",
	} {
		res := v.do(http.MethodGet, target)
		body := unpacked(t, res)
		if kind := res.Header.Get("Content-Type"); kind != "application/problem+json; charset=utf-8" || !strings.Contains(body, want) {
			t.Errorf("%s: %s %s, want %q", target, kind, body, want)
		}
	}
	v.now = time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	v.Exec(`UPDATE site.processes SET site_until = '2030-12-01'`)
	if res := v.do(http.MethodGet, "/api/v1/catalogos"); res.StatusCode != http.StatusGone {
		t.Errorf("a closed site answers %d, want 410", res.StatusCode)
	}
}

func TestOtherSitesMayReadTheAPIAndNothingElse(t *testing.T) {
	v := visit(t, sitetest.New(t))
	res := v.do(http.MethodOptions, "/api/v1/candidaturas", "Origin", "https://otro.invalid", "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "if-none-match")
	if h := res.Header; res.StatusCode != 204 || h.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(h.Get("Access-Control-Allow-Headers"), "If-None-Match") ||
		strings.Contains(h.Get("Access-Control-Allow-Methods"), "POST") || h.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("preflight: %d %v", res.StatusCode, h)
	}
	if got := v.do(http.MethodGet, "/candidaturas").Header.Get("Access-Control-Allow-Origin"); got != "" {
		t.Errorf("other sites may read pages: %q", got)
	}
	tag := v.do(http.MethodGet, "/api/v1/catalogos", "Accept-Encoding", "br").Header.Get("ETag")
	if res := v.do(http.MethodGet, "/api/v1/catalogos", "If-None-Match", tag, "Accept-Encoding", "br"); tag == "" || res.StatusCode != http.StatusNotModified {
		t.Errorf("who has %s gets %d, want 304", tag, res.StatusCode)
	}
}

func TestTheGuideOfTheAPI(t *testing.T) {
	v := visit(t, sitetest.New(t))
	has(t, v.page("/datos/api", 200), "main", "https://ejemplo.invalid/api/v1", "/boletas/{seccion}", "9913")
	if doc := v.page("/procesos/archivo-2022/datos/api", 200); strings.Contains(text(doc.Find("main")), "9913") {
		t.Error("a process that is no demonstration offers its sandbox")
	}
}
