package sitehttp_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"image/jpeg"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"conoceles/internal/questionnaire"
	"conoceles/internal/site/share"
	"conoceles/internal/site/sitetest"
)

func TestAComparisonPutsTheSameQuestionsSideBySide(t *testing.T) {
	v := visit(t, sitetest.New(t))
	doc := v.page("/comparar?c=eleuterio-supuesto-cruz&c=citlali-prueba-montes&c=citlali-preba-montes&c=nadie", 200)
	has(t, doc, "h1", "Dos candidaturas, las mismas preguntas")
	has(t, doc, ".aviso", "1 candidatura que pediste no está", "Citlali Prueba Montes estaba dos veces")
	var columns []string
	doc.Find(".comparar thead .nomb").Each(func(_ int, s *goquery.Selection) { columns = append(columns, text(s)) })
	if got := strings.Join(columns, ", "); got != "Eleuterio Supuesto Cruz, Citlali Prueba Montes" {
		t.Errorf("columns %q, want the order asked for", got)
	}
	rows := doc.Find(".comparar tbody tr:not(.grupo)")
	rows.Each(func(_ int, tr *goquery.Selection) {
		if n := tr.Find("td").Length(); n != 2 || tr.Find("th[scope=row]").Length() != 1 {
			t.Errorf("%s has %d cells, want one for each", text(tr.Find("th")), n)
		}
		tr.Find("td").Each(func(i int, td *goquery.Selection) {
			if td.AttrOr("data-r", "") != columns[i] || text(td) == "" {
				t.Errorf("%s: cell %d is of %q and says %q", text(tr.Find("th")), i, td.AttrOr("data-r", ""), text(td))
			}
		})
	})
	has(t, doc, ".comparar", "El partido no la ha capturado", "Reabrir por la tarde", "Directora de la Secundaria Imaginaria", "Publicado, versión 2")
	if href := doc.Find(".quita").First().AttrOr("href", ""); href != "/comparar?c=citlali-prueba-montes" {
		t.Errorf("taking the first away leads to %q", href)
	}
	if got, want := doc.Find("link[rel=canonical]").AttrOr("href", ""), "https://ejemplo.invalid/comparar?c=citlali-prueba-montes&c=eleuterio-supuesto-cruz"; got != want {
		t.Errorf("its address is %q, want %q: one for each choice of people, in whatever order", got, want)
	}
}

func TestWhatCannotBeComparedIsExplained(t *testing.T) {
	v := visit(t, sitetest.New(t))
	lists := url.Values{}
	for i := range 5 {
		lists.Add("c", fmt.Sprintf("persona-lista-1-%d-0", i+1))
	}
	for _, c := range []struct {
		name, target string
		status       int
		says         string
		selector     string
		links        int
	}{
		{"nobody", "/comparar", 200, "¿De qué cargo?", ".tareas a", 6},
		{"one", "/comparar?c=citlali-prueba-montes", 200, "¿Con quién comparas a Citlali Prueba Montes?", "input[name=c]", 3},
		{"one more", "/comparar?c=citlali-prueba-montes&c=eleuterio-supuesto-cruz&elegir=si", 200, "Compara candidaturas", "input[checked]", 2},
		{"who left", "/comparar?c=ernesto-retirado-gil", 200, "no está en la boleta", ".tareas a", 6},
		{"A against A", "/comparar?c=citlali-prueba-montes&c=citlali-prueba-montes", 422, "Elegiste dos veces a Citlali Prueba Montes", "input[checked]", 1},
		{"a mix", "/comparar?c=citlali-prueba-montes&c=ximena-d-ejemplo-olmos&c=abelardo-ejemplo-rios", 422, "no compiten entre sí", ".tareas a", 2},
		{"too many", "/comparar?" + lists.Encode(), 422, "más de cuatro", "input[checked]", 5},
		{"a flood", "/comparar?" + strings.Repeat("c=citlali-prueba-montes&", 500), 422, "más de cuatro", "input[checked]", 1},
		{"bytes", "/comparar?c=%ff&c=%00", 200, "Compara candidaturas", ".tareas a", 6},
		{"elsewhere", "/procesos/archivo-2022/comparar?c=martha-archivada-lopez&c=pedro-archivado-ruiz", 422, "no compiten entre sí", ".tareas a", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := v.page(c.target, c.status)
			has(t, doc, "main", c.says)
			if got := doc.Find("main " + c.selector).Length(); got != c.links {
				t.Errorf("%d of %s, want %d", got, c.selector, c.links)
			}
			if wrong := c.status == 422; wrong != strings.HasPrefix(text(doc.Find("title")), "Error: ") || wrong != (doc.Find(".errores a").Length() == 1) {
				t.Errorf("the mistake is not told: %s", text(doc.Find("title, .errores")))
			}
		})
	}
}

// Whatever a citizen types gets a page.
func TestBadInputGetsAPage(t *testing.T) {
	v := visit(t, sitetest.New(t))
	long := strings.Repeat("á", 5000)
	for target, want := range map[string]int{
		"/boleta?seccion=0148": 302, "/boleta?seccion=000148": 302, "/boleta?seccion=99999": 422, "/boleta?seccion=-1": 422, "/boleta?seccion=1.5": 422,
		"/boleta?seccion=" + long: 422, "/boleta?seccion=%ff": 422, "/boleta?seccion=148&seccion=149": 302, "/boleta?municipio=" + long: 422,
		"/boleta/000148": 200, "/boleta/00000": 404, "/boleta/99999999999999999999": 404, "/boleta/148/imprimir?letra=otra": 200, "/boleta/969/imprimir": 404,
		"/boleta/969/qr.svg": 404, "/boleta/municipio/99002/imprimir": 200, "/boleta/municipio/99002/imprimir?distrito=9": 200, "/boleta/municipio/99003/imprimir": 200,
		"/boleta/municipio/%ff/imprimir": 404, "/procesos/archivo-2022/boleta/148": 404,
		"/candidaturas?pagina=99999": 404, "/candidaturas?pagina=-1": 422, "/candidaturas?q=" + long: 422, "/candidaturas?cargo=" + long: 422,
		"/candidaturas?cargo=gubernatura&cargo=regiduria": 200, "/candidaturas?distrito=1&municipio=99002": 200, "/candidaturas?q=%ff%fe": 422,
		"/avance?por=nada": 200, "/avance?por=%ff": 200, "/avance?por=" + long: 200, "/estadisticas?x=" + long: 200, "/estadisticas/nada.csv": 404, "/estadisticas/q.csv": 404,
		"/candidaturas/citlali-preba-montes/imprimir": 301, "/candidaturas/ernesto-retirado-gil/imprimir": 410, "/candidaturas/nadie/tarjeta.jpg": 404,
		"/candidaturas/citlali-preba-montes/tarjeta.jpg": 301, "/candidaturas/nadie/incrustar": 404, "/candidaturas/%00/incrustar": 404,
		"/procesos/eleccion-2030/estadisticas": 200, "/procesos/eleccion-2030/estadisticas/cargo.csv": 404, "/procesos/eleccion-2030/comparar": 200,
		"/procesos/archivo-2022/estadisticas/identidad.csv": 404,
	} {
		for _, coding := range []string{"", "br"} {
			res := v.do(http.MethodGet, target, "Accept-Encoding", coding)
			if body := unpacked(t, res); res.StatusCode != want || want != 302 && want != 301 && !strings.Contains(body, "<h1") && !strings.Contains(body, "PROCESO") {
				t.Errorf("%.90s (%q): status %d, want %d; %d bytes", target, coding, res.StatusCode, want, len(body))
			}
		}
	}
	if v.log.Len() > 0 && strings.Contains(v.log.String(), `"level":"ERROR"`) {
		t.Errorf("something failed: %s", v.log)
	}
}

// A process that is open and has nobody yet is told of in every page.
func TestAProcessWithNobodyHasItsPages(t *testing.T) {
	w := sitetest.New(t)
	w.Exec(`DELETE FROM site.candidacies WHERE process_id = 1`)
	w.Changed()
	v := visit(t, w)
	for _, target := range []string{"/estadisticas", "/avance", "/avance?por=municipio", "/comparar", "/boleta/149/imprimir", "/candidaturas"} {
		doc := v.page(target, 200)
		if body := text(doc.Find("main")); len(body) < 100 || strings.Contains(body, "NaN") {
			t.Errorf("%s says %q", target, body)
		}
	}
}

func TestEachBreakdownHasAnAddressOfItsOwn(t *testing.T) {
	v := visit(t, sitetest.New(t))
	for target, want := range map[string]string{
		"/avance": "/avance", "/avance?por=cargo": "/avance", "/avance?por=nada": "/avance", "/avance?por=municipio&x=1": "/avance?por=municipio",
		"/procesos/archivo-2022/avance?por=actor": "/procesos/archivo-2022/avance?por=actor", "/procesos/demostracion-2027/avance?por=actor": "/avance?por=actor",
	} {
		if got := v.page(target, 200).Find("link[rel=canonical]").AttrOr("href", ""); got != "https://ejemplo.invalid"+want {
			t.Errorf("%s: canonical %q, want %q", target, got, want)
		}
	}
}

func TestFiltersThatExcludeEachOtherAreNamed(t *testing.T) {
	v := visit(t, sitetest.New(t))
	doc := v.page("/candidaturas?cargo=presidencia&distrito=2", 200)
	has(t, doc, ".aviso", "Quita uno de estos filtros", "Quitar Presidencia municipal: 3 candidaturas", "Quitar Distrito 02, Cerro Alto: 2 candidaturas")
	doc = v.page("/candidaturas?cargo=gubernatura&distrito=2&sexo=no_binario&q=zzz", 200)
	has(t, doc, ".aviso", "Nadie cumple con «zzz».", "Dejar sólo Gubernatura: 3 candidaturas", "Dejar sólo No binario: 1 candidatura")
}

// Each figure is its table, its file and its lists.
func TestChartTableAndFileSayTheSame(t *testing.T) {
	v := visit(t, sitetest.New(t))
	for _, base := range []string{"", "/procesos/archivo-2022"} {
		doc := v.page(base+"/estadisticas", 200)
		doc.Find("figure").Each(func(_ int, fig *goquery.Selection) {
			id := fig.AttrOr("id", "")
			if id == "identidad" {
				return
			}
			rows := v.file(fig.Find("p.ir a").AttrOr("href", ""))
			head, rows := rows[0], rows[1:]
			at := func(row []string, name string) string {
				for i, h := range head {
					if h == name {
						return row[i]
					}
				}
				t.Fatalf("%s has no column %s", id, name)
				return ""
			}
			if caption := text(fig.Find("figcaption p")); !strings.Contains(caption, "Corte: ") && base == "" || !strings.ContainsAny(caption, "0123456789") {
				t.Errorf("%s does not say of whom it is, nor of when: %q", id, caption)
			}
			fig.Find(".tb tbody tr").Each(func(i int, tr *goquery.Selection) {
				shown := text(tr.Find("td"))
				part, whole := at(rows[i], "PUBLICADAS"), at(rows[i], "REGISTRADAS")
				if id != "cargo" && id != "actor" {
					part, whole = whole, at(rows[len(rows)-1], "REGISTRADAS")
				}
				if text(tr.Find("th")) != rows[i][0] || !strings.HasPrefix(shown, part+" de "+whole) {
					t.Errorf("%s %s draws %q, its file says %s de %s of %s", base, id, shown, part, whole, rows[i][0])
				}
				if strings.Contains(shown, "%") && !strings.Contains(shown, " de ") {
					t.Errorf("%s: %q says no n", id, shown)
				}
				if href, linked := tr.Find("th a").Attr("href"); linked {
					has(t, v.page(href, 200), ".entrada", at(rows[i], "REGISTRADAS")+" candidatura")
				}
			})
			fig.Find(".lista tbody tr").Each(func(i int, tr *goquery.Selection) {
				if got, want := text(tr.Find("td").Last()), at(rows[i], "REGISTRADAS"); (id == "sexo" || id == "edad" || id == "grado") && got != want {
					t.Errorf("%s, %s: the table says %s, the file %s", id, rows[i][0], got, want)
				}
			})
		})
	}
}

// file gets a table that spreadsheets open.
func (v *visitor) file(target string) [][]string {
	v.t.Helper()
	res := v.do(http.MethodGet, target)
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 || !strings.HasPrefix(string(body), "\ufeff") || !strings.Contains(string(body), "\r\n") {
		v.t.Fatalf("%s: %d %v %.40q", target, res.StatusCode, err, body)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(body), "\ufeff"))).ReadAll()
	if err != nil {
		v.t.Fatal(err)
	}
	return rows
}

func TestProgressAddsUpToWhatIsNotPublished(t *testing.T) {
	v := visit(t, sitetest.New(t))
	for _, by := range []string{"", "actor", "distrito", "municipio"} {
		doc := v.page("/avance?por="+by, 200)
		for i, table := range []string{"#publicados", "#respuestas"} {
			rows := doc.Find(table).Parent().Find(".lista tbody tr")
			sums := map[int]int{}
			rows.Each(func(row int, tr *goquery.Selection) {
				cells, parts := tr.Find("td"), 0
				cells.Each(func(k int, td *goquery.Selection) {
					n, err := strconv.Atoi(strings.ReplaceAll(text(td), ",", ""))
					if err != nil {
						t.Fatal(err)
					}
					if k > 0 {
						parts += n
					}
					if row < rows.Length()-1 {
						sums[k] += n
					} else if sums[k] != n {
						t.Errorf("%s, table %d, column %d: rows add up to %d, the total is %d", by, i, k, sums[k], n)
					}
				})
				if whole := text(cells.First()); strings.ReplaceAll(whole, ",", "") != strconv.Itoa(parts) {
					t.Errorf("%s, %s: the states add up to %d of %s", by, text(tr.Find("th")), parts, whole)
				}
			})
			if rows.Length() < 2 {
				t.Errorf("%s, table %d: %d rows", by, i, rows.Length())
			}
		}
		if strings.Contains(text(doc.Find("main")), "no respondió") {
			t.Errorf("%s: somebody is said not to have answered", by)
		}
	}
	rows := v.file("/avance/serie.csv")
	if len(rows) < 30 || rows[1][0] != "2027-03-28" || rows[1][4] != "2" {
		t.Errorf("%d rows, the first %q", len(rows), rows[1])
	}
}

// Withdrawing takes a person out of the count of the very next request, though the
// page was kept in memory a moment ago.
func TestTheCountOfIdentityIsNeverAKeptOne(t *testing.T) {
	w := sitetest.New(t)
	v := visit(t, w)
	ask := func() (badge, tag string) {
		res := v.do(http.MethodGet, "/estadisticas", "Accept-Encoding", "br")
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(unpacked(t, res)))
		if err != nil {
			t.Fatal(err)
		}
		return text(doc.Find("#identidad .tb tbody td").First()), res.Header.Get("ETag")
	}
	w.Consent(10, questionnaire.Answers{questionnaire.Indigenous: {Text: questionnaire.Yes}})
	first, tag := ask()
	again, same := ask()
	if first != "1 de 74" || again != first || tag != same {
		t.Errorf("%q then %q, tags %s %s", first, again, tag, same)
	}
	w.Withdraw(10)
	if got, _ := ask(); got != "0 de 74" {
		t.Errorf("after the withdrawal, the page says %q", got)
	}
	if res := v.do(http.MethodGet, "/estadisticas", "If-None-Match", tag, "Accept-Encoding", "br"); res.StatusCode != 200 {
		t.Errorf("the page from before the withdrawal is still good: %d", res.StatusCode)
	}
	if rows := v.file("/estadisticas/identidad.csv"); rows[1][2] != "0" {
		t.Errorf("the file still counts: %q", rows[1])
	}
	w.Exec(`UPDATE site.mode SET identity_hidden = true`)
	has(t, v.page("/estadisticas", 200), "#identidad", "no está disponible")
}

// Only the ficha says anything of identity.
func TestIdentityIsOnlyInTheFicha(t *testing.T) {
	w := sitetest.New(t)
	v := visit(t, w)
	const secret = "Náhuatl"
	w.Consent(10, questionnaire.Answers{questionnaire.Indigenous: {Text: questionnaire.Yes}, questionnaire.IndigenousPeople: {Text: "nahuatl"}})
	has(t, v.page("/candidaturas/citlali-prueba-montes", 200), "#identidad", secret)
	for _, target := range []string{
		"/comparar?c=citlali-prueba-montes&c=eleuterio-supuesto-cruz", "/candidaturas/citlali-prueba-montes/imprimir", "/candidaturas/citlali-prueba-montes/incrustar",
		"/boleta/149/imprimir", "/candidaturas/citlali-prueba-montes/tarjeta.jpg", "/estadisticas", "/estadisticas/identidad.csv", "/avance",
	} {
		res := v.do(http.MethodGet, target)
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != 200 {
			t.Fatal(target, res.StatusCode, err)
		}
		if strings.Contains(string(body), secret) || strings.Contains(string(body), "Identidad</h2>") {
			t.Errorf("%s says something of identity", target)
		}
	}
}

func TestTheFichaIsDataForSearchEngines(t *testing.T) {
	w := sitetest.New(t)
	w.Exec(`UPDATE site.candidacies SET nickname = '</script><script>alert(1)</script>' WHERE id = 10`)
	w.Consent(10, questionnaire.Answers{questionnaire.Indigenous: {Text: questionnaire.Yes}})
	v := visit(t, w)
	doc := v.page("/candidaturas/citlali-prueba-montes", 200)
	scripts := doc.Find("script")
	if scripts.Length() != 1 || scripts.AttrOr("type", "") != "application/ld+json" {
		t.Fatalf("%d scripts", scripts.Length())
	}
	var got struct {
		Context     string `json:"@context"`
		Type        string `json:"@type"`
		Name        string
		Nickname    string `json:"alternateName"`
		Description string
		URL         string
		Image       string
		SameAs      []string
		Affiliation struct{ Name string }
	}
	if err := json.Unmarshal([]byte(scripts.Text()), &got); err != nil {
		t.Fatal(err)
	}
	const home = "https://ejemplo.invalid"
	if got.Context != "https://schema.org" || got.Type != "Person" || got.Name != "Citlali Prueba Montes" || got.Nickname != "</script><script>alert(1)</script>" ||
		got.URL != home+"/candidaturas/citlali-prueba-montes" || got.Affiliation.Name != "Raíz Común" || !strings.HasPrefix(got.Image, home+"/fotos/") ||
		len(got.SameAs) != 2 || !strings.HasPrefix(got.Description, "Candidata a diputación") {
		t.Errorf("%+v", got)
	}
	if strings.Contains(strings.ToLower(scripts.Text()), "ind") && strings.Contains(strings.ToLower(scripts.Text()), "indígena") {
		t.Error("the data has identity")
	}
	if got := doc.Find("meta[property='og:image']").AttrOr("content", ""); got != home+"/candidaturas/citlali-prueba-montes/tarjeta.jpg" {
		t.Errorf("og:image %q", got)
	}
	if got := doc.Find("link[rel=canonical]").AttrOr("href", ""); got != home+"/candidaturas/citlali-prueba-montes" {
		t.Errorf("canonical %q", got)
	}
}

func TestTheCardIsAPictureOfTheEpoch(t *testing.T) {
	w := sitetest.New(t)
	v := visit(t, w)
	const card = "/candidaturas/citlali-prueba-montes/tarjeta.jpg"
	res := v.do(http.MethodGet, card)
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 || len(body) > share.MostBytes || res.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Fatalf("%d, %d bytes, %v %v", res.StatusCode, len(body), res.Header, err)
	}
	if size, err := jpeg.DecodeConfig(bytes.NewReader(body)); err != nil || size.Width != share.Width || size.Height != share.Height {
		t.Errorf("%v %+v", err, size)
	}
	tag := res.Header.Get("ETag")
	if res := v.do(http.MethodGet, card, "If-None-Match", tag); res.StatusCode != http.StatusNotModified {
		t.Errorf("the same card is sent again: %d", res.StatusCode)
	}
	w.Exec(`UPDATE site.candidacies SET name = 'Otro Nombre' WHERE id = 10`)
	w.Changed()
	res = v.do(http.MethodGet, card, "If-None-Match", tag)
	changed, _ := io.ReadAll(res.Body)
	if res.StatusCode != 200 || bytes.Equal(changed, body) {
		t.Errorf("after a change the card is the old one (%d)", res.StatusCode)
	}
}

func TestOnlyTheEmbeddedCardMayBeFramed(t *testing.T) {
	v := visit(t, sitetest.New(t))
	for i := range 2 { // drawn, and kept
		for target, framed := range map[string]bool{
			"/candidaturas/citlali-prueba-montes/incrustar": true, "/candidaturas/citlali-prueba-montes": false, "/candidaturas/citlali-prueba-montes/imprimir": false,
			"/comparar": false, "/estadisticas": false,
		} {
			res := v.do(http.MethodGet, target, "Accept-Encoding", "br")
			if got := strings.Contains(res.Header.Get("Content-Security-Policy"), "frame-ancestors *"); got != framed {
				t.Errorf("%d %s: frames %t, want %t", i, target, got, framed)
			}
			if body := unpacked(t, res); framed && (strings.Contains(body, "<script") || !strings.Contains(body, `target="_top"`)) {
				t.Error("the card has a script, or its links stay in the frame")
			}
		}
	}
}

func TestPaperLeadsBackToItsPage(t *testing.T) {
	v := visit(t, sitetest.New(t))
	for _, c := range []struct{ target, back, class, says string }{
		{"/boleta/149/imprimir", "https://ejemplo.invalid/boleta/149", "cuadernillo", "Reabrir por la tarde"},
		{"/boleta/0149/imprimir?letra=grande", "https://ejemplo.invalid/boleta/149", "cuadernillo grande", "Reabrir por la tarde"},
		{"/boleta/municipio/99002/imprimir?distrito=2", "https://ejemplo.invalid/boleta/municipio/99002?distrito=2", "cuadernillo", "Hugo Imaginario Paz"},
		{"/procesos/demostracion-2027/boleta/149/imprimir", "https://ejemplo.invalid/procesos/demostracion-2027/boleta/149", "cuadernillo", "Citlali"},
		{"/candidaturas/citlali-prueba-montes/imprimir", "https://ejemplo.invalid/candidaturas/citlali-prueba-montes", "hoja", "Directora de la Secundaria"},
	} {
		doc := v.page(c.target, 200)
		if got := doc.Find("svg[role=img]").AttrOr("aria-label", ""); got != "Código QR que abre "+c.back {
			t.Errorf("%s: %q", c.target, got)
		}
		if got := doc.Find("body").AttrOr("class", ""); got != c.class {
			t.Errorf("%s: body %q, want %q", c.target, got, c.class)
		}
		has(t, doc, "main", c.says)
		back, err := url.Parse(c.back)
		if err != nil {
			t.Fatal(err)
		}
		v.page(back.RequestURI(), 200)
	}
	res := v.do(http.MethodGet, "/boleta/148/qr.svg")
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
}
