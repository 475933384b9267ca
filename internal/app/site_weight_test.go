package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"conoceles/internal/serve"
)

// What a first visit to a public page may bring, compressed and without
// photographs (ux.md 4), and what a comparison or a history may, which have up to
// four questionnaires.
const (
	lightHTML  = 14 << 10
	heavyHTML  = 40 << 10
	wholeVisit = 50 << 10
)

// TestPagesAreLightWithTheLongestRealTexts weighs every page of the public site
// over the longest texts that people wrote: what the browser would ask for, and
// that no script is among it. Paper has no limit.
func TestPagesAreLightWithTheLongestRealTexts(t *testing.T) {
	s := newStage(t)
	base, ok := s.locals()
	if !ok {
		return
	}
	assets := map[string]int{}
	for pattern, paths := range s.heaviest(base) {
		most := lightHTML
		if strings.HasPrefix(pattern, "/comparar") || strings.HasSuffix(pattern, "/versiones") {
			most = heavyHTML
		}
		for _, path := range paths {
			doc, html := s.document(path)
			total := html
			for _, file := range askedFor(doc) {
				if _, known := assets[file]; !known {
					assets[file] = s.travels(file)
				}
				total += assets[file]
			}
			t.Logf("%6d of HTML, %6d in all: %s", html, total, path)
			if html > most {
				t.Errorf("%s: %d bytes of HTML, more than %d", path, html, most)
			}
			if whole := wholeVisit - lightHTML + most; total > whole {
				t.Errorf("%s: %d bytes in all, more than %d", path, total, whole)
			}
			if n := doc.Find("script:not([type='application/ld+json'])").Length(); n > 0 {
				t.Errorf("%s has %d scripts", path, n)
			}
		}
	}
}

// heaviest returns addresses of every page of the site by its route, over the
// process whose addresses begin with base where the page depends on texts. A route
// that it does not know fails the test.
func (s *stage) heaviest(base string) map[string][]string {
	s.Helper()
	// Of every contest, its four longest questionnaires; of those, the longest four.
	rivals := strings.Fields(s.text(`
WITH top AS (SELECT * FROM (
  SELECT c.slug, length(p.answers::text) AS size, dense_rank() OVER (ORDER BY c.office_id, c.state_id, c.district_id, c.municipality_id, c.district_label) AS contest,
    row_number() OVER (PARTITION BY c.office_id, c.state_id, c.district_id, c.municipality_id, c.district_label ORDER BY length(p.answers::text) DESC) AS place
  FROM site.candidacies c JOIN site.profiles p ON p.candidacy_id = c.id WHERE p.source = 'INE') x WHERE place <= 4)
SELECT string_agg(slug, ' ' ORDER BY size DESC) FROM top WHERE contest =
  (SELECT contest FROM top GROUP BY contest HAVING count(*) = 4 ORDER BY sum(size) DESC LIMIT 1)`))
	if len(rivals) != 4 {
		s.Fatalf("%d to compare, want 4: %q", len(rivals), rivals)
	}
	longest := each(base+"/candidaturas/", strings.Fields(s.text(`
SELECT string_agg(slug, ' ') FROM (SELECT c.slug FROM site.candidacies c JOIN site.profiles p ON p.candidacy_id = c.id
  WHERE p.source = 'INE' ORDER BY length(p.answers::text) DESC LIMIT 5) k`))...)
	var histories, choices []string
	for _, path := range longest {
		histories = append(histories, path+"/versiones")
		choices = append(choices, base+"/comparar?c="+path[strings.LastIndex(path, "/")+1:])
	}
	four := base + "/comparar?c=" + strings.Join(rivals, "&c=")
	known := map[string][]string{
		"":                               {base, "/"},
		"/candidaturas":                  {base + "/candidaturas", base + "/candidaturas?vista=tabla", base + "/candidaturas?q=maria", base + "/candidaturas?q=nadie+se+llama+asi&sexo=mujer"},
		"/candidaturas/{slug}":           longest,
		"/candidaturas/{slug}/versiones": histories,
		"/comparar":                      append(choices, base+"/comparar", four, four+"&textos=completos"),
		"/avance":                        each(base+"/avance", "", "?por=actor", "?por=distrito", "?por=municipio"),
		"/procesos":                      {"/procesos"},
		"/accesibilidad":                 {"/accesibilidad"},
		"/verificacion":                  {"/verificacion"},
	}
	for _, path := range []string{"/estadisticas", "/ayuda", "/datos", "/datos/diccionario", "/datos/api", "/privacidad", "/boleta"} {
		known[path] = []string{base + path}
	}
	// The archive has no secciones and no notices: the demonstration has.
	demonstrated := public(s)
	for _, route := range s.front.Routes().List() {
		pattern := strings.TrimSuffix(strings.TrimPrefix(route.Pattern, elsewhere), "/")
		if _, ok := known[pattern]; ok || route.Method != http.MethodGet || route.Surface != serve.Public {
			continue
		}
		switch sample, ok := demonstrated[pattern]; {
		case strings.HasSuffix(pattern, "/imprimir") || strings.HasSuffix(pattern, "/incrustar"): // paper, and the site of somebody else
		case strings.HasPrefix(pattern, "/estadisticas/informes/"): // nobody's texts: TestEveryRouteInABrowser weighs them
		case ok && !sample.file:
			known[pattern] = sample.paths
		case ok || !s.isPage(pattern):
		default:
			s.Errorf("nobody weighs %s", route.Pattern)
		}
	}
	return known
}

// isPage reports whether a route of the public site is a page of it, and no file,
// answer for programs, nor page of who has a link.
func (s *stage) isPage(pattern string) bool {
	last := pattern[strings.LastIndex(pattern, "/")+1:]
	return !strings.Contains(last, ".") && !strings.HasPrefix(pattern, "/api/") && !strings.HasPrefix(pattern, "/retirar") && !strings.HasPrefix(pattern, "/arco") &&
		!strings.HasPrefix(pattern, "/ayuda/guias") // of who works with the system: TestEveryRouteInABrowser weighs them
}

// askedFor are the files that a browser asks for to draw a page, but for
// photographs.
func askedFor(doc *goquery.Document) []string {
	var out []string
	add := func(selector, attribute string) {
		doc.Find(selector).Each(func(_ int, e *goquery.Selection) { out = append(out, e.AttrOr(attribute, "")) })
	}
	add(`link[rel=stylesheet], link[rel=preload], link[rel=icon]`, "href")
	add(`img[src$=".svg"], script[src]`, "src")
	slices.Sort(out)
	return slices.Compact(out)
}
