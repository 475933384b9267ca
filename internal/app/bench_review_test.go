package app_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// BenchmarkReview asks for the pages of the review with 5,000 candidacies: each
// should answer within 100 ms, ninety-nine times in a hundred. The first file of
// a process reads every validated text, once, to find copies.
func BenchmarkReview(b *testing.B) {
	s := seed(5_000, time.Now).stage(b)
	cookies := s.cookies("titular")
	folios := s.waiting()
	for _, r := range []request{
		{"cola", func(i int) string { return "/transparencia/revision?pagina=" + strconv.Itoa(1+i%50) }},
		{"cola_todas", func(i int) string { return "/transparencia/revision?etapa=todas&pagina=" + strconv.Itoa(1+i%90) }},
		{"cola_plazo", func(i int) string {
			return "/transparencia/revision?plazo=en_plazo&asignada=sin_asignar&pagina=" + strconv.Itoa(1+i%50)
		}},
		{"dictamen", func(i int) string { return "/transparencia/revision/" + folios[i%len(folios)] }},
		{"versiones", func(i int) string {
			return "/transparencia/revision/" + folios[i%len(folios)] + "/versiones?rubro=propuesta_1"
		}},
		{"bandeja", always("/transparencia/aprobar")},
	} {
		b.Run(r.name, func(b *testing.B) { s.visitAs(b, cookies, r.path) })
	}
}

// cookies enters as an account and returns what its browser keeps.
func (s *stage) cookies(who string) []*http.Cookie {
	s.Helper()
	server := httptest.NewServer(s.handler)
	defer server.Close()
	jar, _ := cookiejar.New(nil) // fails only for a bad option
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if err := enter(client, server.URL, who); err != nil {
		s.Fatal(err)
	}
	base, err := url.Parse(server.URL)
	if err != nil {
		s.Fatal(err)
	}
	return jar.Cookies(base)
}

// waiting returns the folios that wait to be reviewed.
func (s *stage) waiting() []string {
	s.Helper()
	rows, err := s.app.Desk.Query(s.Context(), `SELECT folio FROM desk.candidacies WHERE capture = 'validada' AND standing = 'aprobada' ORDER BY id`)
	if err != nil {
		s.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		s.Fatal(err)
	}
	return out
}

// visitAs asks for paths as somebody and reports the first answer, the median and
// the worst of a hundred.
func (s *stage) visitAs(b *testing.B, cookies []*http.Cookie, path func(int) string) {
	b.Helper()
	var took []time.Duration
	ask := func(i int) {
		req := httptest.NewRequest(http.MethodGet, path(i), nil)
		for _, c := range cookies {
			req.AddCookie(c)
		}
		rec := httptest.NewRecorder()
		start := time.Now()
		s.handler.ServeHTTP(rec, req)
		took = append(took, time.Since(start))
		if rec.Code != http.StatusOK {
			b.Fatalf("%s: %d", path(i), rec.Code)
		}
	}
	ask(0)
	first := took[0]
	took = nil
	for i := 1; b.Loop(); i++ {
		ask(i)
	}
	slices.Sort(took)
	b.ReportMetric(float64(first.Milliseconds()), "primera-ms")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
