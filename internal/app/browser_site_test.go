package app_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"conoceles/internal/webtest/browser"
)

// The budgets of what ux.md 4 leaves out of the common one: a comparison has up
// to four questionnaires, and a sheet to print has all that it prints.
var (
	comparisonBudget = browser.Budget{HTML: 40 << 10, CSS: 9 << 10, Page: 76 << 10}
	paperBudget      = browser.Budget{HTML: 96 << 10, CSS: 11 << 10, Page: 150 << 10}
)

// siteSamples returns the samples of comparing, printing, counting and sharing.
func siteSamples(s *stage) map[string]sample {
	one := s.profiles()[0]
	pair := s.comparable(4)
	precinct := s.text(`SELECT number::text FROM desk.precincts ORDER BY number LIMIT 1`)
	single, several := s.municipality(1), s.municipality(2)
	return map[string]sample{
		"/comparar": {
			paths:  []string{compareAddress(pair...), "/comparar", "/comparar?c=" + pair[0], compareAddress(pair[:2]...), compareAddress(pair[:2]...) + "&textos=completos"},
			budget: &comparisonBudget,
		},
		"/candidaturas/{slug}/imprimir":          {paths: []string{one + "/imprimir"}, budget: &paperBudget},
		"/candidaturas/{slug}/tarjeta.jpg":       {paths: []string{one + "/tarjeta.jpg"}, file: true},
		"/candidaturas/{slug}/incrustar":         {paths: []string{one + "/incrustar"}, budget: &paperBudget},
		"/boleta/{seccion}/imprimir":             {paths: []string{"/boleta/" + precinct + "/imprimir", "/boleta/" + precinct + "/imprimir?letra=grande"}, budget: &paperBudget},
		"/boleta/{seccion}/qr.svg":               {paths: []string{"/boleta/" + precinct + "/qr.svg"}, file: true},
		"/boleta/municipio/{municipio}/imprimir": {paths: []string{"/boleta/municipio/" + single + "/imprimir", "/boleta/municipio/" + several + "/imprimir"}, budget: &paperBudget},
		"/estadisticas":                          {paths: []string{"/estadisticas"}},
		"/estadisticas/{figura}.csv":             {paths: each("/estadisticas/", "cargo.csv", "sexo.csv", "identidad.csv"), file: true},
		"/avance":                                {paths: each("/avance", "", "?por=actor", "?por=distrito", "?por=municipio")},
		"/avance/serie.csv":                      {paths: []string{"/avance/serie.csv"}, file: true},
	}
}

// comparable returns slugs of so many people who stand for the same.
func (s *stage) comparable(n int) []string {
	s.Helper()
	slugs := s.text(`
SELECT string_agg(slug, ' ') FROM (SELECT c.slug FROM site.candidacies c JOIN site.offices o ON o.id = c.office_id
  WHERE o.key = 'gubernatura' ORDER BY c.state = 'publicada' DESC, c.ballot_rank LIMIT $1) k`, n)
	return strings.Fields(slugs)
}

// rivals are two who stand for the same and one who does not, for the scripts.
func (s *stage) rivals() map[string]string {
	s.Helper()
	pair := s.comparable(2)
	name := func(slug string) string { return s.text(`SELECT name FROM site.candidacies WHERE slug = $1`, slug) }
	return map[string]string{
		"una": pair[0], "otra": pair[1], "nombre_una": name(pair[0]), "nombre_otra": name(pair[1]),
		"ajena": s.text(`SELECT c.slug FROM site.candidacies c JOIN site.offices o ON o.id = c.office_id WHERE o.key = 'presidencia' ORDER BY c.id LIMIT 1`),
	}
}

// municipality returns one that votes in so many districts.
func (s *stage) municipality(districts int) string {
	s.Helper()
	return s.text(`
SELECT m.code FROM desk.municipalities m JOIN desk.precincts p ON p.municipality_id = m.id GROUP BY m.code
HAVING count(DISTINCT p.district_id) >= $1 ORDER BY count(DISTINCT p.district_id), m.code LIMIT 1`, districts)
}

func compareAddress(slugs ...string) string { return "/comparar?c=" + strings.Join(slugs, "&c=") }

// TestAVoterReadsComparesAndPrintsWithoutScripts is the first job, whole: from the
// number on the credential to two proposals side by side and a sheet of paper.
func TestAVoterReadsComparesAndPrintsWithoutScripts(t *testing.T) {
	s := newStage(t)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	p := browser.New(t).Page()
	p.WithoutScripts()
	precinct := s.text(`SELECT number::text FROM desk.precincts ORDER BY number LIMIT 1`)
	p.Open(server.URL)
	p.Type("Sección electoral", "0"+precinct)
	p.Press("Enter")
	p.See("Tus boletas")
	p.Click("link", "Verlas como tarjetas y comparar : Gubernatura")
	names := strings.Split(s.text(`
SELECT string_agg(c.name, '|' ORDER BY c.ballot_rank) FROM site.candidacies c JOIN site.offices o ON o.id = c.office_id WHERE o.key = 'gubernatura'`), "|")
	for _, name := range names[:2] {
		p.Click("checkbox", "Comparar a "+name)
	}
	p.Click("button", "Comparar las elegidas")
	p.See("Dos candidaturas, las mismas preguntas")
	p.See(names[0])
	browser.Check(t, p)
	p.Click("link", "Quitar a "+names[1])
	p.See("¿Con quién comparas a " + names[0] + "?")
	browser.Check(t, p)
	p.Click("checkbox", names[2]+" "+s.text(`
SELECT n.name FROM site.candidacies c JOIN site.nominators n ON n.id = c.nominator_id WHERE c.name = $1 ORDER BY c.ballot_rank LIMIT 1`, names[2]))
	p.Click("button", "Comparar las elegidas")
	p.See("Dos candidaturas, las mismas preguntas")
	p.Click("link", names[0])
	p.Click("link", "Imprimir")
	p.See("Usa «Imprimir» en el menú de tu navegador")
	p.Click("link", "Volver a la ficha")
	p.See("Comparar con otra candidatura")
}

// What cannot be compared is a page too, that everybody can use.
func TestRefusedComparisonsInABrowser(t *testing.T) {
	s := newStage(t)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	p := browser.New(t).Page()
	p.Open(server.URL)
	alike := s.comparable(4)
	other := s.text(`SELECT c.slug FROM site.candidacies c JOIN site.offices o ON o.id = c.office_id WHERE o.key = 'presidencia' ORDER BY c.id LIMIT 1`)
	for i, slugs := range [][]string{{alike[0], other}, {alike[0], alike[0]}} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			p := p.In(t)
			p.Open(compareAddress(slugs...))
			if got := p.Status(); got != http.StatusUnprocessableEntity {
				t.Errorf("status %d, want 422", got)
			}
			browser.Check(t, p)
		})
	}
}
