package app_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"conoceles/internal/desk/registry"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
)

// locals loads INE's file of the local elections of 2022, and returns its process.
// Where the file is not there it says so and returns false.
func (s *stage) locals() (base string, ok bool) {
	s.Helper()
	root := os.Getenv("CONOCELES_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	data, err := os.ReadFile(filepath.Join(root, "data", "ine-local-2022", "candidatos.csv"))
	if err != nil {
		s.Logf("left out: the real data is not at %s", root)
		return "", false
	}
	_, err = s.app.Registry.ImportINE(context.Background(), registry.Command("prueba"), registry.ImportRequest{Process: "Locales 2022 (INE)", Name: "candidatos.csv", Data: data})
	if err != nil {
		s.Fatal(err)
	}
	return "/procesos/locales-2022-ine", true
}

// document gets a page, and how many bytes of it travel.
func (s *stage) document(path string) (*goquery.Document, int) {
	s.Helper()
	body, travels := s.packed(path)
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	return doc, travels
}

// travels returns how many bytes of a file travel.
func (s *stage) travels(path string) int {
	s.Helper()
	_, travels := s.packed(path)
	return travels
}

// packed gets an address, and how many bytes of it travel: compressed, unless it
// is a font, which already is.
func (s *stage) packed(path string) (body []byte, travels int) {
	s.Helper()
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	if rec.Code != http.StatusOK {
		s.Fatalf("%s: %d", path, rec.Code)
	}
	body = rec.Body.Bytes()
	if strings.HasSuffix(path, ".woff2") {
		return body, len(body)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(body); err != nil {
		s.Fatal(err)
	}
	if err := z.Close(); err != nil {
		s.Fatal(err)
	}
	return body, packed.Len()
}

// TestTheLocalElectionsOf2022InFigures are the tables that were counted by hand
// from INE's file (domain.md 8.2).
func TestTheLocalElectionsOf2022InFigures(t *testing.T) {
	s := newStage(t)
	base, ok := s.locals()
	if !ok {
		return
	}
	doc, _ := s.document(base + "/estadisticas")
	table := func(id string) map[string]string {
		out := map[string]string{}
		doc.Find("#" + id + " .lista tbody tr").Each(func(_ int, tr *goquery.Selection) {
			var cells []string
			tr.Find("td").Each(func(_ int, td *goquery.Selection) { cells = append(cells, strings.TrimSpace(td.Text())) })
			out[strings.TrimSpace(tr.Find("th").Text())] = strings.Join(cells, " ")
		})
		return out
	}
	for _, c := range []struct{ id, row, want string }{
		// Registradas, publicadas, con grado o texto, porcentaje (T-1).
		{"cargo", "Gubernatura", "27 27 27 100 %"},
		{"cargo", "Diputación de mayoría relativa", "158 137 135 85 %"},
		{"cargo", "Diputación de representación proporcional", "49 40 39 80 %"},
		{"cargo", "Presidencia municipal", "245 126 126 51 %"},
		{"cargo", "Total", "479 330 327 68 %"},
		// Propietarias y suplentes (T-4).
		{"calidad", "Propietaria", "405 289 286 71 %"},
		{"calidad", "Suplente", "74 41 41 55 %"},
		// Mujeres, hombres, total (T-3).
		{"sexo", "Total", "276 203 479"},
		{"grado", "Licenciatura", ""},
		{"grado", "Total", "276 203 479"},
	} {
		got := table(c.id)[c.row]
		if c.want != "" && got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.id, c.row, got, c.want)
		}
		if got == "" {
			t.Errorf("%s has no row %s: %v", c.id, c.row, table(c.id))
		}
	}
	drawn := map[string]string{}
	doc.Find("#grado .tb tbody tr, #estatus .tb tbody tr").Each(func(_ int, tr *goquery.Selection) {
		drawn[strings.TrimSpace(tr.Find("th").Text())] = strings.TrimSpace(tr.Find("td").Text())
	})
	// T-5.
	for degree, n := range map[string]int{
		"Licenciatura": 186, "Maestría": 38, "Secundaria": 22, "Doctorado": 10, "Técnica": 8, "Primaria": 5, "Especialidad": 4, "Sin grado publicado": 152,
	} {
		if got := drawn[degree]; !strings.HasPrefix(got, strconv.Itoa(n)+" de 479") {
			t.Errorf("%s: %q, want %d de 479; all: %v", degree, got, n, drawn)
		}
	}
}

// TestEveryFigureOfTheDemonstrationIsItsList compares each group of each table,
// with whatever the demonstration holds, with the search that its link makes.
func TestEveryFigureOfTheDemonstrationIsItsList(t *testing.T) {
	s := newStage(t)
	ctx := t.Context()
	store := site.New(s.app.Site, questionnaire.Edition)
	all, err := store.Processes(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		c, err := store.Catalog(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		counted, err := store.Statistics(ctx, p, c)
		if err != nil {
			t.Fatal(err)
		}
		compared := 0
		for _, d := range site.Dimensions() {
			persons := 0
			for _, g := range counted.By(d) {
				persons += g.Persons
				q, ok := d.Search(g.Value)
				if !ok {
					continue
				}
				r, err := store.Search(ctx, p, c, q)
				if err != nil {
					t.Fatal(err)
				}
				if compared++; r.Total != g.Found || g.Found == g.Persons && r.Published != g.Published {
					t.Errorf("%s, %s=%s: %d and %d published, its list %d and %d", p.Key, d, g.Value, g.Found, g.Published, r.Total, r.Published)
				}
			}
			if persons != counted.Total.Persons && d != site.ByAction {
				t.Errorf("%s by %s adds up to %d of %d", p.Key, d, persons, counted.Total.Persons)
			}
		}
		if compared < 50 {
			t.Errorf("%s: only %d groups were compared with their lists", p.Key, compared)
		}
	}
}
