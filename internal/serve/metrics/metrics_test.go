package metrics_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"conoceles/internal/serve"
	"conoceles/internal/serve/metrics"
)

// Routes are counted by their pattern: a path may carry the token of a link, and
// a method is whatever a stranger writes.
func TestMetricsTellPatternsAndNeverPaths(t *testing.T) {
	m := metrics.New()
	m.Pool("sitio", func() (int32, int32, int64) { return 8, 3, 5 })
	front := serve.New(serve.Options{Observe: m.Observe})
	router := front.Router()
	front.Group(router, serve.Public).Get("/retirar/{token}", "show", serve.Anyone, func(w http.ResponseWriter, r *http.Request) error {
		_, err := io.WriteString(w, "hola")
		return err
	})
	for _, r := range []*http.Request{
		httptest.NewRequest(http.MethodGet, "/retirar/SECRETO?q=SECRETO", nil),
		httptest.NewRequest(http.MethodGet, "/SECRETO", nil),
		httptest.NewRequest("SECRETO", "/retirar/SECRETO", nil),
	} {
		router.ServeHTTP(httptest.NewRecorder(), r)
	}
	rec := httptest.NewRecorder()
	m.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	got := rec.Body.String()
	for _, want := range []string{
		`conoceles_peticiones_total{estado="200",metodo="GET",ruta="/retirar/{token}"} 1`, `estado="404",metodo="GET"`, `metodo="otro"`,
		`conoceles_peticion_segundos_count{ruta="/retirar/{token}"} `, `conoceles_conexiones{mitad="sitio"} 8`, `conoceles_conexiones_en_uso{mitad="sitio"} 3`,
		`conoceles_conexiones_esperadas{mitad="sitio"} 5`, "go_goroutines",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("metrics have no %s", want)
		}
	}
	if strings.Contains(got, "SECRETO") {
		t.Errorf("metrics tell what was asked for:\n%s", got)
	}
	rec = httptest.NewRecorder()
	if m.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/debug/pprof/", nil)); rec.Code != http.StatusNotFound {
		t.Errorf("the listener of metrics answers something else: %d", rec.Code)
	}
}
