package app_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"

	"conoceles/internal/demo"
	"conoceles/internal/questionnaire"
	"conoceles/internal/serve"
)

// visitor asks the program for things, as somebody or as nobody.
type visitor struct {
	w       *world
	account string // before the @; nobody if empty
	role    serve.Role
	cookies []*http.Cookie
}

// reply is everything that an answer says.
type reply struct {
	path   string
	status int
	header http.Header
	body   []byte // with no compression of HTTP left
}

// visitors returns nobody and every account of the demonstration, entered.
func (w *world) visitors() []*visitor {
	w.Helper()
	out := []*visitor{{w: w, role: serve.Anyone}}
	for _, a := range demo.Accounts() {
		name, _, _ := strings.Cut(a.Email, "@")
		v := &visitor{w: w, account: name, role: w.role(name)}
		r := v.post("/entrar", url.Values{"correo": {a.Email}, "contrasena": {demo.Password}})
		if r.status != http.StatusSeeOther || len(v.cookies) == 0 {
			w.Fatalf("%s does not enter: %d", name, r.status)
		}
		out = append(out, v)
	}
	return out
}

func (v *visitor) name() string {
	if v.account == "" {
		return "nadie"
	}
	return v.account
}

func (v *visitor) get(path string) reply { return v.ask(http.MethodGet, path, nil, "") }

func (v *visitor) post(path string, form url.Values) reply {
	return v.ask(http.MethodPost, path, []byte(form.Encode()), "application/x-www-form-urlencoded")
}

func (v *visitor) ask(method, path string, body []byte, kind string) reply {
	req := httptest.NewRequest(method, path, bytes.NewReader(body))
	req.Header.Set("Origin", "http://"+req.Host)
	if v.account == "" {
		req.Header.Set("Accept-Encoding", "br, gzip") // as browsers do: only then are pages kept in memory
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for _, c := range v.cookies {
		req.AddCookie(c)
	}
	rec := httptest.NewRecorder()
	serveOn(v.w.handler, rec, req)
	for _, c := range rec.Result().Cookies() {
		v.cookies = []*http.Cookie{c}
	}
	r := reply{path: path, status: rec.Code, header: rec.Header(), body: rec.Body.Bytes()}
	switch r.header.Get("Content-Encoding") {
	case "br":
		r.body, _ = io.ReadAll(brotli.NewReader(bytes.NewReader(r.body))) // what there is of an answer that was cut
	case "gzip":
		if z, err := gzip.NewReader(bytes.NewReader(r.body)); err == nil {
			r.body, _ = io.ReadAll(z)
		}
	}
	return r
}

// serveOn answers a request. One that was cut half way has what came before.
func serveOn(h http.Handler, rec *httptest.ResponseRecorder, req *http.Request) {
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			panic(p)
		}
	}()
	h.ServeHTTP(rec, req)
}

// text is all that arrived, headers too. What is packed in the body also comes
// in the open.
func (r reply) text() []byte {
	var all bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(r.header)) {
		fmt.Fprintf(&all, "%s: %s\n", name, strings.Join(r.header[name], "\n"))
	}
	for _, layer := range unpack(r.body, 0) {
		all.Write(layer)
		all.WriteByte('\n')
	}
	return all.Bytes()
}

// values returns what each parameter of a route's pattern may be. A parameter
// that is not here fails the test: whoever adds one says what to visit.
func (w *world) values(everybody bool) map[string][]string {
	w.Helper()
	var slugs, folios, captured []string
	for _, p := range w.plan.People {
		slugs, folios = append(slugs, p.Slug), append(folios, p.Folio)
		if p.Captured {
			captured = append(captured, p.Folio)
		}
	}
	if !everybody {
		slugs, folios = slugs[:3], folios[:3]
	}
	folios = slices.Compact(slices.Sorted(slices.Values(append(append(captured, w.samples()...), folios...))))
	query := func(sql string) []string { return w.super(sql) }
	pages := []string{"contacto", "formacion", "historia", "trayectoria", "motivo", "propuestas"}
	var blocks []string
	for _, p := range questionnaire.Identity().Pages {
		blocks = append(blocks, string(p.ID))
	}
	all := map[string][]string{
		"clave": {demo.Key, "no-existe"}, "slug": append(slugs, "no-existe"), "folio": append(folios, "NO-EXISTE"),
		"seccion":   append(query(`SELECT number::text FROM desk.precincts ORDER BY number LIMIT 2`), "0"),
		"municipio": append(query(`SELECT code FROM desk.municipalities WHERE by_parties ORDER BY code LIMIT 3`), "999"),
		"hash":      append(query(`SELECT hash FROM desk.photos ORDER BY hash`), query(`SELECT hash FROM site.photos ORDER BY hash LIMIT 20`)...),
		"id": append(query(`SELECT id::text FROM desk.nominators ORDER BY id`),
			append(query(`SELECT id::text FROM desk.acts ORDER BY id LIMIT 3`),
				query(`SELECT id::text FROM desk.duty_notices WHERE state = 'enviado' ORDER BY id`)...)...),
		"pagina": pages, "bloque": blocks, "conflicto": {"1"}, "aviso": {"integral", "simplificado", "otro"},
		"clase":    {"sustitucion", "renuncia", "correccion", "cambio_siglado"},
		"archivo":  append(query(`SELECT token FROM desk.uploads ORDER BY 1 LIMIT 2`), "no-existe"),
		"token":    append(query(`SELECT COALESCE(max(substring(body from '/retirar/([A-Za-z0-9_-]+)')), 'x') FROM desk.outbox`), "no-existe"),
		"registro": {"asesorias", "incidentes", "casos", "no-existe"}, "numero": {"1", "0"},
		"solicitud": {"ARCO-DEMO-00001", "no-existe"}, "paso": {"1", "0"}, "documento": {"1", "0", "control-de-cambios"}, "mes": {"2024-03", "no-existe"},
		"actor":    append(query(`SELECT id::text FROM desk.nominators WHERE emblem IS NOT NULL ORDER BY id LIMIT 2`), "0"),
		"catalogo": {"cargo", "distrito", "municipio", "no-existe"}, "entrada": {"gubernatura", "no-existe"},
		"ficha":  {"identidad", "publicacion", "rubrica", "liberacion_captura", "no-existe"},
		"figura": {"cargo", "identidad", "accion", "no-existe"},
		"guia":   {"captura", "no-existe"},
		"*":      {"marca.svg"},
	}
	maps.Copy(all, w.reportValues())
	return all
}

// samples are folios at every stage of capture that the operator has.
func (w *world) samples() []string {
	return w.super(`
SELECT min(c.folio) FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
WHERE n.acronym = 'RAIZ' AND c.standing = 'aprobada' GROUP BY c.capture ORDER BY 1`)
}

// fill returns addresses of a pattern: each parameter takes all its values while
// the others keep their first.
func (w *world) fill(pattern string, values map[string][]string) []string {
	w.Helper()
	var names []string
	rest := pattern
	for {
		_, after, ok := strings.Cut(rest, "{")
		if !ok {
			break
		}
		name, tail, _ := strings.Cut(after, "}")
		names, rest = append(names, name), tail
	}
	if strings.HasSuffix(pattern, "*") {
		names = append(names, "*")
	}
	with := func(chosen map[string]string) string {
		path := pattern
		for name, value := range chosen {
			if name == "*" {
				path = strings.TrimSuffix(path, "*") + value
			}
			path = strings.ReplaceAll(path, "{"+name+"}", value)
		}
		return path
	}
	first := map[string]string{}
	for _, name := range names {
		if len(values[name]) == 0 {
			w.Errorf("%s: no value is known for {%s}: add it to values", pattern, name)
			return nil
		}
		first[name] = values[name][0]
	}
	out := []string{with(first)}
	for _, name := range names {
		for _, value := range values[name][1:] {
			chosen := maps.Clone(first)
			chosen[name] = value
			out = append(out, with(chosen))
		}
	}
	return out
}

// queries are addresses with a query, which no pattern says: searches with what
// should not be found, filters, pages, both views.
func (w *world) queries() []string {
	fragment := ""
	for _, c := range w.plan.Canaries() {
		if !c.Visible() {
			fragment = c.Value[len(c.Value)-8:] // a whole one would be echoed
			break
		}
	}
	out := []string{}
	for _, q := range []string{
		"?q=" + fragment, "?q=cnry", "?q=indigena", "?vista=tabla", "?vista=tabla&pagina=2", "?pagina=3", "?estado=publicado", "?accion=indigena",
		"?accion=lgbttiq", "?sexo=mujer", "?orden=nombre", "?identidad=publica", "?p01_indigena=si",
	} {
		out = append(out, "/candidaturas"+q)
	}
	slugs := w.plan.People
	out = append(out, "/comparar?c="+slugs[0].Slug+"&c="+slugs[1].Slug, "/comparar?c="+slugs[2].Slug, "/avance?por=municipio", "/comparar?c=cnry")
	return append(out, "/datos/candidaturas.csv?vista=tabla", "/datos/identidad.csv?p01_indigena=si", "/captura?estado=validada",
		"/captura?q=cnry", "/transparencia/consentimientos?q="+fragment, "/registro/candidaturas?q=cnry", "/no-existe", "/candidaturas/%00", "/captura/x/y/z",
		"/verificacion?hoja=3", "/verificacion/inclusion.json?hoja=3", "/verificacion/consistencia.json?desde=2")
}

// errand is an address, the route it belongs to and who asks.
type errand struct {
	route serve.Route
	path  string
}

// errands returns every address of every GET route.
func (w *world) errands(everybody bool) []errand {
	w.Helper()
	values := w.values(everybody)
	skipped := map[string]bool{} // cards are dear to draw: of one in eight, and of whoever the test is about
	for i, p := range w.plan.People {
		skipped["/candidaturas/"+p.Slug+"/tarjeta.jpg"] = i%8 != 0 && !slices.Contains(w.besides, p.Slug)
	}
	var out []errand
	for _, route := range w.front.Routes().List() {
		if route.Method != http.MethodGet {
			continue
		}
		for _, path := range w.fill(route.Pattern, values) {
			if !skipped[path] {
				out = append(out, errand{route, path})
			}
		}
	}
	for _, path := range w.queries() {
		before, _, _ := strings.Cut(path, "?")
		out = append(out, errand{serve.Route{Pattern: before}, path})
	}
	return out
}
