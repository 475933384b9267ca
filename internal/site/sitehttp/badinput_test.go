package sitehttp_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"conoceles/internal/site/sitetest"
)

// long is more than any of us would write.
var long = strings.Repeat("a", 10<<10)

// bad are values that no parameter takes, as an address has them.
var bad = []string{
	"no-existe", "0", "-1", "99999", "99999999999999999999", "1e3", "%00", "%ff%fe", "%C3%28", "%0d%0aX-A:b", "..%2f..%2fetc%2fpasswd",
	"'%20OR%201=1--", "%3Cscript%3E", "%F0%9F%97%B3", "martha-archivada-lopez", "tulum", long,
}

// good is what fills each parameter of a route. One that is not here fails the
// test: whoever adds it says what to put.
var good = map[string][]string{
	"clave": {sitetest.Open, sitetest.Archive, sitetest.Waiting}, "slug": {"citlali-prueba-montes", "ernesto-retirado-gil", "citlali-preba-montes"},
	"seccion": {"148", "0148", "00000148"}, "municipio": {"99001", "99002", "99003"}, "aviso": {"integral"}, "figura": {"cargo", "identidad"},
	"hash": {"f00000000000000000000000000000000000000000000000000000000000096a"}, "id": {"1"},
	"informe": {"no-existe"}, "corte": {"1"}, "tabla": {"no-existe"}, "archivo": {"no-existe"}, "n": {"0"}, "nivel": {"0"}, "hoja": {"0"}, "numero": {"1"},
}

// queries are what any address may come with: each parameter that some page reads
// with each bad value, a page past the end, filters that exclude each other, and
// more of everything than anybody needs.
func queries() []string {
	names := []string{
		"q", "cargo", "distrito", "municipio", "actor", "sexo", "edad", "grado", "accion", "estado", "orden", "vista", "pagina", "c", "agregar", "textos",
		"seccion", "por", "desde", "hasta", "hoja", "tamano", "letra", "limite",
	}
	with := func(value string) string {
		return "?" + strings.Join(names, "="+value+"&") + "=" + value
	}
	out := []string{
		"?", "?&&&=&=1", "?%zz=%zz&%u0041;1=2", "?q=" + long, "?" + long, "?" + strings.Repeat("q=a&", 1000), "?" + strings.Repeat("c=citlali-prueba-montes&", 300),
		"?pagina=2&pagina=3&cargo=gubernatura&cargo=presidencia&q=a&q=%ff&estado=publicado&estado=sin-publicar&seccion=148&seccion=9999", "?pagina=1000000",
		"?cargo=gubernatura&distrito=2&municipio=99001&sexo=mujer&edad=18-29&accion=indigena&estado=sin-publicar", "?distrito=99&municipio=tulum&cargo=regiduria",
	}
	for _, v := range bad {
		if v == long {
			v = v[:600] // of each
		}
		out = append(out, with(v))
	}
	return out
}

var parameter = regexp.MustCompile(`\{(\w+)\}`)

// targets are the addresses of a route with what it takes, and with what it does not.
func targets(t *testing.T, pattern string) (all []string) {
	t.Helper()
	names := parameter.FindAllStringSubmatch(pattern, -1)
	fill := func(which string, value string) string {
		return parameter.ReplaceAllStringFunc(pattern, func(p string) string {
			name := p[1 : len(p)-1]
			switch {
			case name == which:
				return value
			case len(good[name]) == 0:
				t.Fatalf("%s: no value is known for %s: add it to good", pattern, p)
			}
			return good[name][0]
		})
	}
	first := fill("", "")
	for _, q := range queries() {
		all = append(all, first+q)
	}
	for _, n := range names {
		for _, v := range append(good[n[1]], bad...) {
			all = append(all, fill(n[1], v))
		}
	}
	return all
}

// TestNothingThatIsAskedBreaksTheSite asks every public route, pages and API, for
// what it does not have. Whatever is asked, something is answered: never a failure
// of ours, never a page with nothing on it.
func TestNothingThatIsAskedBreaksTheSite(t *testing.T) {
	v := visit(t, sitetest.New(t))
	asked := 0
	for _, route := range v.front.Routes().List() {
		if route.Method != http.MethodGet || strings.HasPrefix(route.Pattern, "/procesos/{clave}/") {
			continue // the same handlers as without it: below
		}
		for _, target := range targets(t, route.Pattern) {
			v.answers(target)
			asked++
		}
	}
	for _, target := range []string{"/candidaturas", "/candidaturas/citlali-prueba-montes", "/boleta/148", "/comparar", "/api/v1/candidaturas", "/api/v1/boletas/148", "/datos/candidaturas.csv"} {
		for _, process := range append([]string{"archivo-2022", "eleccion-2030"}, bad...) {
			v.answers("/procesos/" + process + target)
			asked++
		}
	}
	if asked < 1500 {
		t.Errorf("only %d addresses were asked", asked)
	}
	if strings.Contains(v.log.String(), `"level":"ERROR"`) {
		t.Errorf("something failed:\n%.2000s", v.log)
	}
}

// machinery is what no answer may tell of.
var machinery = regexp.MustCompile(`SQLSTATE|pgx|goroutine \d|\.go:\d|runtime error|SELECT `)

// answers asks for an address, whatever it is, and judges what comes.
func (v *visitor) answers(target string) {
	v.t.Helper()
	res := v.do(http.MethodGet, target)
	body := []byte(unpacked(v.t, res))
	kind, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";")
	switch {
	case res.StatusCode < 200 || res.StatusCode >= 500:
		v.t.Errorf("GET %.90q: status %d", target, res.StatusCode)
		return
	case res.StatusCode/100 == 3:
		if to, err := url.Parse(res.Header.Get("Location")); err != nil || to.Path == "" {
			v.t.Errorf("GET %.90q: it leads to %q", target, res.Header.Get("Location"))
		}
		return
	case len(bytes.TrimSpace(body)) == 0:
		v.t.Errorf("GET %.90q: status %d with nothing", target, res.StatusCode)
	case strings.HasPrefix(target, "/api/") && kind != "application/json" && kind != "application/problem+json":
		v.t.Errorf("GET %.90q: the API answers with %s", target, kind)
	}
	if found := machinery.Find(body); found != nil {
		v.t.Errorf("GET %.90q: the answer says %s", target, found)
	}
	var err error
	switch kind {
	case "text/html":
		if page, _ := goquery.NewDocumentFromReader(bytes.NewReader(body)); text(page.Find("h1")) == "" || page.Find("html[lang=es-MX]").Length() != 1 {
			v.t.Errorf("GET %.90q: status %d with a page that says nothing", target, res.StatusCode)
		}
	case "application/json", "application/problem+json":
		err = json.Unmarshal(body, new(json.RawMessage))
	case "application/atom+xml", "application/xml", "image/svg+xml":
		err = xml.Unmarshal(body, new(struct{ XMLName xml.Name }))
	}
	if err != nil {
		v.t.Errorf("GET %.90q: it cannot be read as %s: %v", target, kind, err)
	}
}

// A sección of nobody is said on the page, on paper, as a code and to programs,
// each in its way; zeros before the number change nothing.
func TestSecciones(t *testing.T) {
	v := visit(t, sitetest.New(t))
	for _, tt := range []struct {
		name, number string
		status       int
	}{
		{"its own", "148", 200},
		{"with zeros", "0148", 200},
		{"with many zeros", "000000000148", 200},
		{"unknown", "149999", 404},
		{"of another process", "9901", 404},
		{"none", "0", 404},
		{"only zeros", "0000", 404},
		{"out of range", "10000", 404},
		{"negative", "-148", 404},
		{"not a number", "148x", 404},
		{"in other digits", "%D9%A1%D9%A4%D9%A8", 404},
	} {
		for _, path := range []string{"/boleta/%s", "/boleta/%s/imprimir", "/boleta/%s/qr.svg", "/api/v1/boletas/%s"} {
			target := strings.Replace(path, "%s", tt.number, 1)
			if got := v.do(http.MethodGet, target).StatusCode; got != tt.status {
				t.Errorf("%s: %s: status %d, want %d", tt.name, target, got, tt.status)
			}
		}
		found := map[int]int{200: http.StatusFound, 404: http.StatusUnprocessableEntity}[tt.status]
		if got := v.do(http.MethodGet, "/boleta?seccion="+tt.number).StatusCode; got != found {
			t.Errorf("%s: typed in the form: status %d, want %d", tt.name, got, found)
		}
	}
	if got := v.do(http.MethodGet, "/procesos/archivo-2022/boleta/148").StatusCode; got != http.StatusNotFound {
		t.Errorf("in a process that does not have it: %d, want 404", got)
	}
}

// An empty list says which filter empties it, with the way out.
func TestAnEmptyListSaysWhichFilterToDrop(t *testing.T) {
	v := visit(t, sitetest.New(t))
	for query, wants := range map[string][]string{
		"?q=zzz":                        {"Revisa cómo escribiste el nombre", "Quita este filtro", "Quitar «zzz»: "},
		"?cargo=gubernatura&distrito=2": {"Quita uno de estos filtros", "Quitar Gubernatura: 3 candidaturas", "Quitar Distrito 02, Cerro Alto: 3 candidaturas"},
		"?cargo=gubernatura&distrito=2&sexo=mujer&municipio=99001": {"Quitar un solo filtro no basta", "Dejar sólo Gubernatura: 3 candidaturas"},
		"?q=zzz&cargo=gubernatura&distrito=2":                      {"Nadie cumple con «zzz».", "Dejar sólo"},
	} {
		doc := v.page("/candidaturas"+query, 200)
		has(t, doc, ".aviso", append(wants, "Ver todas las candidaturas")...)
		doc.Find(".aviso a").Each(func(_ int, a *goquery.Selection) {
			if to, _ := a.Attr("href"); strings.HasPrefix(to, "/candidaturas?") && v.page(to, 200).Find(".fichas li").Length() == 0 {
				t.Errorf("%s: the way out %s finds nobody", query, to)
			}
		})
	}
}
