package sitehttp_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/brotli"
	"github.com/go-chi/chi/v5"

	"conoceles/internal/db"
	"conoceles/internal/questionnaire"
	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/internal/site/sitehttp"
	"conoceles/internal/site/sitetest"
	"conoceles/web/layout"
)

// visitor asks the public half over a world.
type visitor struct {
	*sitetest.World
	t       *testing.T
	handler http.Handler
	front   *serve.Front
	router  chi.Router
	log     *bytes.Buffer
	now     time.Time
}

func visit(t *testing.T, w *sitetest.World) *visitor {
	t.Helper()
	return visitWith(t, w, w.Site)
}

// visitWith is visit with another connection to read identity from.
func visitWith(t *testing.T, w *sitetest.World, live db.Querier) *visitor {
	t.Helper()
	v := &visitor{World: w, t: t, log: &bytes.Buffer{}, now: sitetest.Now}
	letterhead := layout.Site{Name: "Conóceles", Tagline: "Candidatas y candidatos", Place: "Ficticia", Institute: "Instituto Electoral Ficticio"}
	v.front = serve.New(serve.Options{
		Log:        slog.New(slog.NewJSONHandler(v.log, nil)),
		PublicFace: func(*http.Request) layout.Meta { return layout.Meta{Site: letterhead} },
	})
	router := v.front.Router()
	sitehttp.New(site.New(w.Site, questionnaire.Edition).WithIdentity(live), sitehttp.Options{
		Log:     slog.New(slog.NewJSONHandler(v.log, nil)),
		Site:    func(context.Context) layout.Site { return letterhead },
		BaseURL: "https://ejemplo.invalid/", Now: func() time.Time { return v.now },
	}).Mount(v.front.Group(router, serve.Public))
	v.handler, v.router = router, router
	return v
}

func (v *visitor) do(method, target string, headers ...string) *http.Response {
	v.t.Helper()
	r := httptest.NewRequest(method, "/", nil)
	path, query, _ := strings.Cut(target, "?")
	u, err := r.URL.Parse(path)
	if err != nil {
		v.t.Fatal(err)
	}
	r.URL, r.RequestURI = u, target
	r.URL.RawQuery = query
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	v.handler.ServeHTTP(rec, r)
	return rec.Result()
}

// page gets an address and reads it as HTML.
func (v *visitor) page(target string, status int) *goquery.Document {
	v.t.Helper()
	res := v.do(http.MethodGet, target)
	if res.StatusCode != status {
		v.t.Fatalf("GET %.80s: status %d, want %d\n%s", target, res.StatusCode, status, v.log)
	}
	doc, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return doc
}

// unpacked is a body whatever its coding.
func unpacked(t *testing.T, res *http.Response) string {
	t.Helper()
	var body io.Reader = res.Body
	switch res.Header.Get("Content-Encoding") {
	case "gzip":
		z, err := gzip.NewReader(body)
		if err != nil {
			t.Fatal(err)
		}
		body = z
	case "br":
		body = brotli.NewReader(body)
	}
	b, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// outer is a page as text.
func outer(t *testing.T, doc *goquery.Document) string {
	t.Helper()
	html, err := goquery.OuterHtml(doc.Selection)
	if err != nil {
		t.Fatal(err)
	}
	return html
}

func text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

func has(t *testing.T, doc *goquery.Document, selector string, wants ...string) {
	t.Helper()
	got := text(doc.Find(selector))
	for _, want := range wants {
		if !strings.Contains(got, want) {
			t.Errorf("%s says %.300q, want %q in it", selector, got, want)
		}
	}
}

// routes are addresses of every kind, each with the status it has while open.
var routes = map[string]int{
	"/": 200, "/candidaturas": 200, "/candidaturas?vista=tabla": 200, "/candidaturas/citlali-prueba-montes": 200,
	"/candidaturas/nadia-hipotetica-vera": 200, "/candidaturas/citlali-preba-montes": 301, "/candidaturas/ernesto-retirado-gil": 410,
	"/candidaturas/nadie": 404, "/boleta": 200, "/boleta?seccion=0148": 302, "/boleta?municipio=99002": 302, "/boleta?seccion=9999": 422,
	"/boleta/148": 200, "/boleta/0150": 200, "/boleta/970": 200, "/boleta/969": 404, "/boleta/x": 404, "/boleta/municipio/99001": 200,
	"/boleta/municipio/99002": 200, "/boleta/municipio/99002?distrito=2": 200, "/boleta/municipio/1": 404, "/datos": 200,
	"/datos/candidaturas.csv": 200, "/datos/identidad.csv": 200, "/privacidad": 200, "/privacidad/integral": 200, "/privacidad/simplificado": 200,
	"/privacidad/otro": 404, "/procesos/archivo-2022/datos/identidad.csv": 404, "/procesos/archivo-2022/privacidad/integral": 404, "/consentimiento/formato.pdf": 200,
	"/procesos/archivo-2022/consentimiento/formato.pdf": 404, "/ayuda": 200, "/accesibilidad": 200, "/procesos": 200, "/procesos/archivo-2022": 200,
	"/procesos/archivo-2022/candidaturas": 200, "/procesos/archivo-2022/candidaturas/martha-archivada-lopez": 200,
	"/procesos/archivo-2022/datos/candidaturas.csv": 200, "/procesos/archivo-2022/boleta": 200, "/procesos/demostracion-2027": 200,
	"/procesos/nada": 404, "/procesos/nada/candidaturas": 404, "/sitemap.xml": 200, "/robots.txt": 200,
	"/fotos/f00000000000000000000000000000000000000000000000000000000000096a.jpg": 200, "/fotos/abc.jpg": 404, "/emblemas/1.png": 200,
	"/emblemas/2.png": 404, "/emblemas/x.png": 404, "/no-existe": 404,
}

func TestEveryRouteAnswersWithoutCookiesAndNeverFails(t *testing.T) {
	v := visit(t, sitetest.New(t))
	for target, want := range routes {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			res := v.do(method, target)
			if res.StatusCode != want {
				t.Errorf("%s %s: status %d, want %d", method, target, res.StatusCode, want)
			}
			if len(res.Cookies()) > 0 {
				t.Errorf("%s %s sets a cookie", method, target)
			}
			cache := res.Header.Get("Cache-Control")
			wantCache := "public, max-age=0"
			if strings.HasSuffix(target, "/identidad.csv") {
				wantCache = "private, no-cache"
			}
			if want == 200 && !strings.HasPrefix(target, "/salud") && cache != wantCache {
				t.Errorf("%s %s: Cache-Control %q", method, target, cache)
			}
		}
	}
}

func TestPagesAreRevalidated(t *testing.T) {
	v := visit(t, sitetest.New(t))
	for _, target := range []string{
		"/", "/candidaturas", "/candidaturas/citlali-prueba-montes", "/boleta/148", "/datos/candidaturas.csv",
		"/fotos/f00000000000000000000000000000000000000000000000000000000000096a.jpg", "/emblemas/1.png",
		"/consentimiento/formato.pdf",
	} {
		tag := v.do(http.MethodGet, target).Header.Get("ETag")
		if tag == "" {
			t.Errorf("%s has no ETag", target)
			continue
		}
		if res := v.do(http.MethodGet, target, "If-None-Match", tag); res.StatusCode != http.StatusNotModified {
			t.Errorf("%s with its tag: status %d, want 304", target, res.StatusCode)
		}
	}
	const photo = "/fotos/f00000000000000000000000000000000000000000000000000000000000096a.jpg"
	tag := v.do(http.MethodGet, photo).Header.Get("ETag")
	v.Exec(`DELETE FROM site.photos`)
	if res := v.do(http.MethodGet, photo, "If-None-Match", tag); res.StatusCode != http.StatusNotFound {
		t.Errorf("a withdrawn photograph with its tag: status %d, want 404", res.StatusCode)
	}
}

func TestBeforeThePublicationEveryRouteSaysWhenItStarts(t *testing.T) {
	w := sitetest.New(t)
	w.Exec(`UPDATE site.processes SET published_at = NULL`)
	v := visit(t, w)
	v.now = time.Date(2027, time.March, 1, 9, 0, 0, 0, time.UTC)
	for target := range routes {
		if strings.Contains(target, "/archivo") || strings.HasPrefix(target, "/salud") || strings.HasPrefix(target, "/fotos") ||
			strings.HasPrefix(target, "/emblemas") || strings.Contains(target, "nada") || strings.Contains(target, "no-existe") ||
			target == "/robots.txt" || target == "/accesibilidad" || target == "/procesos" || strings.HasPrefix(target, "/privacidad") ||
			strings.HasSuffix(target, ".pdf") {
			continue
		}
		status := 200
		if strings.HasSuffix(target, ".csv") || strings.HasSuffix(target, ".xml") {
			status = 404
		}
		has(t, v.page(target, status), "h1", "La publicación inicia el 28 de marzo de 2027")
	}
	has(t, v.page("/procesos/eleccion-2030/candidaturas", 200), "h1", "La publicación inicia el 1 de abril de 2030")
	has(t, v.page("/procesos", 200), "main", "Inicia el 28 de marzo de 2027")

	w.Exec(`UPDATE site.processes SET publication_starts_at = NULL`)
	has(t, v.page("/candidaturas", 200), "h1", "La publicación aún no tiene fecha")
}

func TestWithoutAnyProcessTheSiteSaysSo(t *testing.T) {
	v := visit(t, sitetest.Empty(t))
	has(t, v.page("/", 200), "h1", "La publicación aún no tiene fecha")
	has(t, v.page("/candidaturas/nadie", 200), "h1", "La publicación aún no tiene fecha")
	for _, target := range []string{"/procesos", "/accesibilidad", "/privacidad"} {
		v.page(target, 200)
	}
	v.page("/consentimiento/formato.pdf", 404)
	if n := v.page("/privacidad", 200).Find("main a[href$='.pdf']").Length(); n > 0 {
		t.Error("the format of no process is offered")
	}
}

func TestAfterItsDateTheSiteIsClosed(t *testing.T) {
	w := sitetest.New(t)
	w.Exec(`UPDATE site.processes SET site_until = '2027-04-01 00:00-06' WHERE id = 1`)
	v := visit(t, w)
	has(t, v.page("/procesos/demostracion-2027/candidaturas", 410), "h1", "Este sitio se cerró el 1 de abril de 2027")
	imagesAreNotThere(t, v)
}

func TestBeforeThePublicationNoImageIsThere(t *testing.T) {
	w := sitetest.New(t)
	w.Exec(`UPDATE site.processes SET published_at = NULL WHERE id = 1`)
	imagesAreNotThere(t, visit(t, w))
}

// imagesAreNotThere asks for images of a process that is not open, also as a
// browser that has them asks whether they are still good.
func imagesAreNotThere(t *testing.T, v *visitor) {
	t.Helper()
	const hash = "f00000000000000000000000000000000000000000000000000000000000096a"
	for _, target := range []string{"/fotos/" + hash + ".jpg", "/emblemas/1.png"} {
		if got := v.do(http.MethodGet, target).StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", target, got)
		}
	}
	if got := v.do(http.MethodGet, "/fotos/"+hash+".jpg", "If-None-Match", `"`+hash+`"`).StatusCode; got != http.StatusNotFound {
		t.Errorf("a kept photograph: status %d, want 404", got)
	}
}

func TestHome(t *testing.T) {
	v := visit(t, sitetest.New(t))
	doc := v.page("/", 200)
	has(t, doc, "h1", "Conoce a quienes piden tu voto")
	has(t, doc, ".cargos", "Gubernatura", "3 personas candidatas", "3 fórmulas en 2 distritos", "64 personas en 4 listas", "3 personas en 2 municipios",
		"Presidencia municipal, sindicatura y regiduría. Un municipio elige por sistemas normativos.")
	has(t, doc, ".tb", "2 de 3")
	if n := doc.Find(".mosaico li").Length(); n != 3 {
		t.Errorf("%d tiles, want 3", n)
	}
	has(t, doc, "aside", "Demostración.")
	if n := doc.Find("script, [style]").Length(); n > 0 {
		t.Errorf("%d scripts or styles in the page", n)
	}
	has(t, v.page("/procesos/archivo-2022", 200), "aside", "Locales 2022.", "datos históricos")
}

func TestSearchPage(t *testing.T) {
	v := visit(t, sitetest.New(t))
	doc := v.page("/candidaturas?cargo=diputacion_mr&distrito=2", 200)
	has(t, doc, "h1", "Diputación por distrito, distrito 02")
	has(t, doc, ".entrada", "3 candidaturas registradas", "orden de la boleta")
	has(t, doc, ".chips", "Diputación por distrito", "Distrito 02")
	has(t, doc, ".fichas", "Citlali Prueba Montes", "Reabrir por la tarde", "El partido no la ha capturado.", "Ver ficha de Nadia Hipotética Vera")
	has(t, doc, "fieldset", "Publicado (1)", "Sin publicar (2)")
	if href, _ := doc.Find(".vista a[href*=csv]").Attr("href"); href != "/datos/candidaturas.csv?cargo=diputacion_mr&distrito=2" {
		t.Errorf("the file of the search is %q", href)
	}
	has(t, v.page("/candidaturas?cargo=gubernatura", 200), ".fichas", "En revisión", "La candidatura no proporcionó información.")

	doc = v.page("/candidaturas?q=citlali&cargo=gubernatura", 200)
	has(t, doc, ".aviso", "Ninguna candidatura cumple", "Quitar «citlali»: 3 candidaturas", "Quitar Gubernatura: 1 candidatura")
	has(t, v.page("/candidaturas?pagina=9", 404), ".aviso", "Pediste la página 9 y la última es la 4")
	doc = v.page("/candidaturas?cargo=rey", 422)
	has(t, doc, "title", "Error: ")
	has(t, doc, ".errores", "No reconocemos ese cargo")
	if n := doc.Find("#cargo[aria-invalid=true]").Length(); n != 1 {
		t.Error("the control with the error is not marked")
	}
	has(t, v.page("/candidaturas?vista=tabla&cargo=gubernatura", 200), "table.lista", "Abelardo Ejemplo Ríos", "Maestría")
}

func TestProfilePage(t *testing.T) {
	v := visit(t, sitetest.New(t))
	doc := v.page("/candidaturas/citlali-prueba-montes", 200)
	has(t, doc, "title", "Citlali Prueba Montes, candidata a diputación por distrito — Conóceles Ficticia")
	has(t, doc, "header.perfil", "Candidata a diputación por distrito, distrito 02, propietaria", "«Maestra Citlali»", "52 años",
		"Nadia Hipotética Vera", "Postulación por acción afirmativaPersona indígena", "Elección consecutivaSí")
	has(t, doc, ".nota", "es de su exclusiva responsabilidad", "No constituye propaganda electoral", "Versión 2, publicada el 2 de abril de 2027")
	has(t, doc, "#propuestas", "<script>alert(1)</script>", "La candidatura no proporcionó información")
	has(t, doc, "#contacto", "777 000 0000", "Calle Inexistente, Ext. 0")
	if n := doc.Find("#historia .respuesta").Length(); n != 2 {
		t.Errorf("%d paragraphs, want 2", n)
	}
	if rel, _ := doc.Find("#contacto a[href^=https]").Attr("rel"); rel != "nofollow noopener" {
		t.Errorf("rel of a network is %q", rel)
	}
	if alt, _ := doc.Find(".perfil__foto").Attr("alt"); alt != "Fotografía de Citlali Prueba Montes" {
		t.Errorf("alt is %q", alt)
	}

	doc = v.page("/candidaturas/nadia-hipotetica-vera", 200)
	has(t, doc, ".aviso", "El partido no la ha capturado.")
	has(t, v.page("/candidaturas/ximena-d-ejemplo-olmos", 200), "#propuestas", "En revisión", "Segunda propuesta")
	has(t, v.page("/candidaturas/abelardo-ejemplo-rios", 200), "#formacion", "Sin estudios", "No aplica", "Sin cursos")
	has(t, v.page("/candidaturas/abelardo-ejemplo-rios", 200), "header.perfil", "Juntas y Juntos por Ficticia", "Agua y Territorio y Raíz Común")
	has(t, v.page("/procesos/archivo-2022/candidaturas/martha-archivada-lopez", 200), "main", "Educación media superior", "Trunca",
		"Información validada por Instituto Federal Ficticio.")

	has(t, v.page("/procesos/archivo-2022/candidaturas/pedro-archivado-ruiz", 200), ".aviso", "Así consta en los datos de Instituto Federal Ficticio.")

	doc = v.page("/candidaturas/ernesto-retirado-gil", 410)
	has(t, doc, "main", "Esta candidatura ya no está en la boleta", "se sustituyó", "3 de abril de 2027", "Ocupa su lugar Citlali Prueba Montes")
	has(t, v.page("/candidaturas/alma-retirada-gil", 410), "main", "renunció", "Nadie ocupa su lugar")
	if got := v.do(http.MethodGet, "/procesos/demostracion-2027/candidaturas/citlali-preba-montes").Header.Get("Location"); got != "/procesos/demostracion-2027/candidaturas/citlali-prueba-montes" {
		t.Errorf("an old address leads to %q", got)
	}
	canonical, _ := v.page("/procesos/demostracion-2027/candidaturas/citlali-prueba-montes", 200).Find("link[rel=canonical]").Attr("href")
	if canonical != "https://ejemplo.invalid/candidaturas/citlali-prueba-montes" {
		t.Errorf("canonical is %q", canonical)
	}
}

func TestBallotPages(t *testing.T) {
	v := visit(t, sitetest.New(t))
	doc := v.page("/boleta/0150", 200)
	has(t, doc, ".entrada", "Sección 0150 · Cerro Alto · Distrito 02")
	links := map[string]bool{}
	doc.Find("main a").Each(func(_ int, a *goquery.Selection) { links[a.AttrOr("href", "")] = true })
	for _, slug := range []string{
		"ximena-d-ejemplo-olmos", "tomas-muestra-luna", "citlali-prueba-montes", "nadia-hipotetica-vera",
		"eleuterio-supuesto-cruz", "persona-lista-4-8-1", "hugo-imaginario-paz",
	} {
		if !links["/candidaturas/"+slug] {
			t.Errorf("%s is not on the ballot", slug)
		}
	}
	if links["/candidaturas/jose-angel-de-la-o-nanez"] || links["/candidaturas/renata-demostrada-salgado"] {
		t.Error("the ballot has somebody of another place")
	}
	has(t, v.page("/boleta/970", 200), "main", "Ojo de Agua elige a sus autoridades por sistemas normativos")
	has(t, v.page("/boleta/municipio/99002", 200), "main", "¿Cuál es tu distrito en Cerro Alto?", "Distrito 01, Arroyo Hondo", "2 secciones, entre la 0149 y la 0150")
	has(t, v.page("/boleta/municipio/99002?distrito=1", 200), ".entrada", "Cerro Alto · Distrito 01")
	doc = v.page("/boleta?seccion=9999&municipio=", 422)
	has(t, doc, ".errores", "No encontramos esa sección")
	if got := doc.Find("#seccion").AttrOr("value", ""); got != "9999" {
		t.Errorf("what was typed came back as %q", got)
	}
	has(t, v.page("/boleta?seccion=&municipio=", 422), ".errores", "Escribe los dígitos de tu sección")
	for target, want := range map[string]string{
		"/boleta?seccion=0148": "/boleta/148", "/boleta?municipio=99002": "/boleta/municipio/99002",
	} {
		if got := v.do(http.MethodGet, target).Header.Get("Location"); got != want {
			t.Errorf("%s leads to %q, want %q", target, got, want)
		}
	}
}

func TestADatabaseThatIsDownIsSaid(t *testing.T) {
	w := sitetest.New(t)
	v := visit(t, w)
	w.Down()
	for target, status := range map[string]int{"/": 503, "/candidaturas": 503} {
		if res := v.do(http.MethodGet, target); res.StatusCode != status {
			t.Errorf("GET %s: status %d, want %d", target, res.StatusCode, status)
		}
	}
}

func TestPagesComeFromMemoryUntilSomethingIsPublished(t *testing.T) {
	v := visit(t, sitetest.New(t))
	const target = "/candidaturas/citlali-prueba-montes"
	read := func(coding string) (string, *http.Response) {
		t.Helper()
		res := v.do(http.MethodGet, target, "Accept-Encoding", coding)
		return unpacked(t, res), res
	}
	plain, _ := read("")
	for range 2 { // drawn, then from memory
		for _, coding := range []string{"gzip", "br", "gzip;q=0, br;q=0", "identity"} {
			got, res := read(coding)
			if got != plain {
				t.Errorf("%s: another page", coding)
			}
			if want := strings.Split(coding, ";")[0]; coding == want && want != "identity" && res.Header.Get("Content-Encoding") != want {
				t.Errorf("%s: came as %q", coding, res.Header.Get("Content-Encoding"))
			}
		}
	}
	tag := v.do(http.MethodGet, target, "Accept-Encoding", "br").Header.Get("ETag")
	if res := v.do(http.MethodGet, target, "Accept-Encoding", "gzip", "If-None-Match", tag); res.StatusCode != http.StatusNotModified {
		t.Errorf("with its tag: status %d", res.StatusCode)
	}

	v.Exec(`UPDATE site.profiles SET number = 9 WHERE candidacy_id = 10`)
	if got, _ := read("br"); got != plain {
		t.Error("without a change recorded the page should still come from memory: this test proves nothing")
	}
	v.Exec(`DELETE FROM site.candidacies WHERE id = 10`)
	v.Changed()
	if _, res := read("br"); res.StatusCode != http.StatusNotFound {
		t.Errorf("after the change: status %d, want 404", res.StatusCode)
	}
	before := v.do(http.MethodGet, "/", "Accept-Encoding", "br").Header.Get("ETag")
	v.now = time.Date(2027, time.June, 4, 9, 0, 0, 0, time.UTC) // days of reflection
	if after := v.do(http.MethodGet, "/", "Accept-Encoding", "br").Header.Get("ETag"); after == before {
		t.Error("a page in memory does not follow the hour")
	}
	has(t, v.page("/", 200), "aside", "Periodo de reflexión.")
}

// ux.md 4: the first HTML is at most 14 KB compressed.
func TestPagesAreWithinTheirBudget(t *testing.T) {
	v := visit(t, sitetest.New(t))
	for target, status := range routes {
		res := v.do(http.MethodGet, target, "Accept-Encoding", "gzip")
		if status != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			continue
		}
		if body, _ := io.ReadAll(res.Body); len(body) > 14<<10 {
			t.Errorf("%s weighs %d bytes", target, len(body))
		}
	}
}

// What a page leads to is there: no link of the site's own pages ends in a
// failure.
func TestTheLinksOfEachPageLeadSomewhere(t *testing.T) {
	v := visit(t, sitetest.New(t))
	asked := map[string]int{}
	for _, page := range []string{"/", "/datos", "/datos/diccionario", "/estadisticas", "/avance", "/ayuda", "/accesibilidad", "/candidaturas", "/privacidad"} {
		v.page(page, http.StatusOK).Find("a[href]").Each(func(_ int, a *goquery.Selection) {
			href, _, _ := strings.Cut(a.AttrOr("href", ""), "#")
			if !strings.HasPrefix(href, "/") || deskServes(href) {
				return
			}
			if _, known := asked[href]; !known {
				asked[href] = v.do(http.MethodGet, href).StatusCode
			}
			if got := asked[href]; got >= 400 {
				t.Errorf("%s leads to %s: %d", page, href, got)
			}
		})
	}
	if len(asked) < 20 {
		t.Errorf("only %d links were followed", len(asked))
	}
}

// deskServes reports whether an address is of the half behind the login, which
// these tests do not mount.
func deskServes(href string) bool {
	for _, at := range []string{"/entrar", "/arco", "/retirar", "/ayuda/guias"} {
		if strings.HasPrefix(href, at) {
			return true
		}
	}
	return false
}
