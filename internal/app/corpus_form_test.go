package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"conoceles/internal/serve"
)

// formClasses are forms that no page of ours would send.
var formClasses = []class{
	{name: "B13 tampering", least: 100, as: "operador", cases: tamperCases, quiet: true},
	{name: "B14 conditions", least: 40, as: "operador", cases: conditionCases},
	{name: "B15 pollution", least: 20, as: "operador", cases: pollutionCases, quiet: true},
	{name: "B16 keys", least: 6, as: "operador", cases: keyCases},
	{name: "B17 stale", least: 20, as: "operador", cases: staleCases, quiet: true},
	{name: "B18 other sites", least: 120, as: "operador", cases: originCases, quiet: true},
	{name: "B19 sessions", least: 24, cases: sessionCases, quiet: true},
}

var notThere = []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusForbidden}

func tamperCases(k *corpus) []badInput {
	var out []badInput
	options := times(20, "otra", "PRIMARIA", "primarias", "1", "cursado", "si", "null", "doctorado,primaria", "../", "sin_estudios;")
	out = append(out, posts(k.section("formacion"), "grado_estudios", options, badInput{want: refusedText})...)
	out = append(out, posts(k.section("formacion"), "estatus_estudios", options, badInput{want: refusedText})...)
	for _, folio := range k.list(`SELECT c.folio FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id WHERE n.acronym <> 'RAIZ' ORDER BY c.id LIMIT 20`) {
		path := strings.Replace(k.section("motivo"), k.folio, folio, 1)
		out = append(out, badInput{name: "foreign " + folio, want: notThere, send: func(c *caller) answer {
			return fill(c, path, url.Values{"motivo_cargo_publico": {strings.Repeat("texto ajeno ", 40)}})
		}})
	}
	for _, name := range []string{
		"rol", "role", "validado", "estado", "partido_id", "nominator_id", "candidacy_id", "folio", "process_id", "proceso", "admin", "is_admin", "capture", "captura", "review", "standing",
		"person_id", "slug", "published", "publicado", "autor", "author", "at", "hash", "id", "version.0", "__proto__", "constructor", "motivo_cargo_publico[]", "motivo_cargo_publico.0",
		"propuesta_1", "p01_indigena", "consentimiento", "created_at", "answers", "part", "guardado", "cuenta", "account_id", "elected",
	} {
		out = append(out, badInput{name: "field " + name, want: []int{422, 400}, send: func(c *caller) answer {
			return fill(c, k.section("motivo"), url.Values{name: {"validada"}, "motivo_cargo_publico": {"corto"}})
		}})
	}
	return out
}

// conditionCases send what was not asked: it has no effect.
func conditionCases(k *corpus) []badInput {
	var out []badInput
	for i, status := range times(40, "cursando", "trunco", "certificado", "titulo", "cedula") {
		out = append(out, badInput{name: fmt.Sprint(i, " ", status), want: []int{200, 303, 409, 422}, send: func(c *caller) answer {
			r := fill(c, k.section("formacion"), url.Values{"grado_estudios": {"sin_estudios"}, "estatus_estudios": {status}})
			const kept = `SELECT count(*)::text FROM desk.answer_versions v JOIN desk.candidacies c ON c.id = v.candidacy_id
WHERE c.folio = $1 AND v.answers ->> 'grado_estudios' = 'sin_estudios' AND COALESCE(v.answers ->> 'estatus_estudios', '') <> ''`
			if got := k.text(kept, k.folio); got != "0" {
				c.Errorf("%s versions keep the status of studies that nobody has", got)
			}
			return r
		}})
	}
	return append(out, badInput{name: "what is kept", want: []int{200}, send: func(c *caller) answer {
		const kept = `SELECT count(*)::text FROM desk.answer_versions v JOIN desk.candidacies c ON c.id = v.candidacy_id WHERE c.folio = $1 AND v.answers ->> 'grado_estudios' = 'sin_estudios'`
		if got := k.text(kept, k.folio); got == "0" {
			c.Error("nothing was kept: the class proves nothing")
		}
		return c.get(k.section("formacion"))
	}})
}

func pollutionCases(k *corpus) []badInput {
	var out []badInput
	long := strings.Repeat("a", 300)
	for i, values := range []url.Values{
		{"motivo_cargo_publico": {"corto", long}},
		{"motivo_cargo_publico": {"", long}},
		{"motivo_cargo_publico[]": {long}},
		{"motivo_cargo_publico": {"a", "b", "c"}},
		{"accion": {"continuar", "borrador"}, "motivo_cargo_publico": {"corto"}},
		{"version": {"0", "9"}, "motivo_cargo_publico": {"corto"}},
		{"guardado_id": {"a", "b"}, "motivo_cargo_publico": {"corto"}},
		{"motivo_cargo_publico": {"corto"}, "Motivo_Cargo_Publico": {long}},
		{"motivo_cargo_publico.x": {long}},
		{"motivo_cargo_publico;a": {long}},
	} {
		for _, query := range []string{"", "?motivo_cargo_publico=" + long + "&accion=continuar"} {
			out = append(out, badInput{name: fmt.Sprint(i, query != ""), want: []int{422, 409, 400}, send: func(c *caller) answer {
				return fill(c, k.section("motivo")+query, values)
			}})
		}
	}
	return out
}

func keyCases(k *corpus) []badInput {
	var out []badInput
	for i := range 6 {
		out = append(out, badInput{name: fmt.Sprint(i), want: []int{http.StatusConflict}, kept: "Otra cosa con la misma clave", send: func(c *caller) answer {
			key := uuid.Must(uuid.NewV7()).String()
			form := url.Values{"guardado_id": {key}, "motivo_cargo_publico": {fmt.Sprint("Primera cosa ", i)}, "accion": {"volver"}}
			if r := fill(c, k.section("motivo"), form); r.status != http.StatusSeeOther {
				c.Errorf("the first: %d", r.status)
			}
			form.Set("motivo_cargo_publico", "Otra cosa con la misma clave")
			form.Set("version", "0")
			return c.post(k.section("motivo"), form)
		}})
	}
	return out
}

func staleCases(k *corpus) []badInput {
	var out []badInput
	for i := range 20 {
		page, field := "propuestas", "propuesta_1"
		if i%2 == 0 {
			page, field = "trayectoria", "trayectoria_politica"
		}
		mine := fmt.Sprint("Mi texto de antes ", i)
		out = append(out, badInput{name: fmt.Sprint(i), want: []int{http.StatusConflict}, kept: mine, said: "escribi", send: func(c *caller) answer {
			fill(c, k.section(page), url.Values{field: {fmt.Sprint("El texto de otra persona ", i)}, "accion": {"volver"}})
			return fill(c, k.section(page), url.Values{field: {mine}, "accion": {"volver"}, "version": {"0"}})
		}})
	}
	return out
}

// originCases send every act of the desk from another site.
func originCases(k *corpus) []badInput {
	var out []badInput
	for _, route := range k.front.Routes().List() {
		if route.Method != http.MethodPost || route.Surface != serve.Desk {
			continue
		}
		path := strings.NewReplacer("{folio}", k.folio, "{id}", "1", "{pagina}", "motivo", "{bloque}", "pueblos").Replace(route.Pattern)
		for name, spoil := range map[string]func(http.Header){
			"foreign": func(h http.Header) { h.Set("Origin", "https://malo.invalid") },
			"fetch":   func(h http.Header) { h.Del("Origin"); h.Set("Sec-Fetch-Site", "cross-site") },
			"null":    func(h http.Header) { h.Set("Origin", "null") },
		} {
			out = append(out, badInput{name: name + " " + path, want: []int{http.StatusForbidden}, said: "desde este mismo sitio", send: func(c *caller) answer {
				r := c.request(http.MethodPost, path, "motivo=x")
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				spoil(r.Header)
				return c.do(r)
			}})
		}
	}
	return out
}

// sessionCases come with sessions that are nobody's.
func sessionCases(k *corpus) []badInput {
	var out []badInput
	const cookie = "conoceles"
	for _, token := range []string{
		"", "x", strings.Repeat("a", 43), strings.Repeat("A", 4000), "' OR '1'='1", "../../x", "%00", "null", "eyJhbGciOiJub25lIn0.e30.", "0", "=",
		",",
	} {
		out = append(out, badInput{name: "token " + token[:min(20, len(token))], want: []int{http.StatusSeeOther}, send: func(c *caller) answer {
			who := k.call(c)
			who.cookies[cookie] = &http.Cookie{Name: cookie, Value: token}
			return who.get("/captura")
		}})
	}
	for i := range 4 { // a token that differs in one character, at each of four places
		out = append(out, badInput{name: fmt.Sprint("tampered ", i), want: []int{http.StatusSeeOther}, send: func(c *caller) answer {
			who := k.enter(c, "operador")
			b := []byte(who.cookies[cookie].Value)
			b[i*10] ^= 1
			who.cookies = map[string]*http.Cookie{cookie: {Name: cookie, Value: string(b)}}
			return who.get("/captura")
		}})
	}
	for _, path := range []string{"/captura", k.section("motivo"), "/cuenta", "/captura/" + k.folio} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			out = append(out, badInput{name: "after leaving, " + method + " " + path, want: []int{http.StatusSeeOther, http.StatusMethodNotAllowed}, send: func(c *caller) answer {
				who := k.enter(c, "validador")
				stolen := who.cookies[cookie]
				who.post("/salir", nil)
				who.cookies = map[string]*http.Cookie{cookie: stolen}
				r := who.do(who.request(method, path, ""))
				if r.status == http.StatusSeeOther && !strings.HasPrefix(r.header.Get("Location"), "/entrar") {
					c.Errorf("it leads to %s", r.header.Get("Location"))
				}
				return r
			}})
		}
	}
	return out
}
