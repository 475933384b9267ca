package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"conoceles/internal/app"
	"conoceles/internal/desk/usage"
	"conoceles/internal/site/sitehttp"
)

// Whoever reads the site leaves a number behind and nothing of themselves: not
// their address, browser, search, language nor where they came from, nor which
// ficha they saw. And the number is there after the program ends.
func TestUsageKeepsNothingOfWhoLooks(t *testing.T) {
	t.Parallel()
	pg, cfg := usual.open(t)
	ctx := context.Background()
	a, err := app.Open(ctx, cfg, quiet(), app.Both)
	if err != nil {
		t.Fatal(err)
	}
	_, handler, err := a.Handler(ctx)
	if err != nil {
		t.Fatal(err)
	}
	slug := asUser(t, pg.SuperURL, `SELECT slug FROM site.candidacies ORDER BY id LIMIT 1`)[0]
	for _, path := range []string{"/", "/candidaturas?q=rastro-de-busqueda", "/candidaturas/" + slug, "/candidaturas/" + slug, "/datos/candidaturas.csv"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.RemoteAddr = "203.0.113.77:4321"
		for name, value := range map[string]string{
			"User-Agent": "Mozilla/5.0 rastro-de-navegador", "Referer": "https://rastro-de-origen.invalid/", "Cookie": "rastro=rastro-de-cookie",
			"Accept-Language": "nah-rastro", "Sec-Fetch-Site": "cross-site", "X-Forwarded-For": "203.0.113.78",
		} {
			r.Header.Set(name, value)
		}
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, r)
		if rec.Code != http.StatusOK {
			t.Fatalf("%s: %d", path, rec.Code)
		}
	}
	if err := a.Close(ctx); err != nil {
		t.Fatal(err)
	}
	got := asUser(t, pg.SuperURL, `SELECT class || ' ' || seen || ' ' || arrivals FROM desk.usage_counts ORDER BY class`)
	if want := []string{"busqueda 1 1", "descarga 1 1", "ficha 2 2", "portada 1 1"}; !slices.Equal(got, want) {
		t.Errorf("counted %q, want %q", got, want)
	}
	const tables = `SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('desk', 'site', 'sensitive', 'audit') ORDER BY 1`
	for _, table := range asUser(t, pg.SuperURL, tables) {
		content := strings.Join(asUser(t, pg.SuperURL, fmt.Sprintf(`SELECT t::text FROM %s t`, table)), "\n")
		for _, trace := range []string{"rastro", "203.0.113"} {
			if strings.Contains(content, trace) {
				t.Errorf("%s has %q", table, trace)
			}
		}
		if table == "desk.usage_counts" && strings.Contains(content, slug) {
			t.Error("what is counted says which ficha")
		}
	}
}

// Whatever the public half counts, the desk knows by that name.
func TestEveryClassThatIsCountedHasAName(t *testing.T) {
	t.Parallel()
	for pattern, class := range sitehttp.Classes() {
		if !slices.Contains(usage.Classes(), usage.Class(class)) {
			t.Errorf("%s is counted as %q, which the report does not know", pattern, class)
		}
	}
}
