package sitehttp_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"conoceles/internal/questionnaire"
	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/internal/site/sitehttp"
	"conoceles/internal/site/sitetest"
	"conoceles/web/layout"
)

// told is everything that the counter is told.
type told []string

// Count remembers what it is told.
func (c *told) Count(process int64, class string, arrived bool) {
	*c = append(*c, fmt.Sprintf("%d %s %v", process, class, arrived))
}

const someBrowser = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"

func TestWhatIsCounted(t *testing.T) {
	w := sitetest.New(t)
	var got told
	front := serve.New(serve.Options{})
	router := front.Router()
	sitehttp.New(site.New(w.Site, questionnaire.Edition).WithIdentity(w.Site), sitehttp.Options{
		Site: func(context.Context) layout.Site { return layout.Site{} }, Now: func() time.Time { return sitetest.Now }, Usage: &got,
	}).Mount(front.Group(router, serve.Public))
	v := &visitor{World: w, t: t, handler: router}
	process := w.Process(site.New(w.Site, questionnaire.Edition), sitetest.Open).ID
	for _, tt := range []struct {
		name, method, path string
		headers            []string
		want               string
	}{
		{"typed in the browser", "GET", "/", []string{"User-Agent", someBrowser, "Sec-Fetch-Site", "none"}, "portada true"},
		{"from a search engine", "GET", "/candidaturas", []string{"User-Agent", someBrowser, "Sec-Fetch-Site", "cross-site"}, "busqueda true"},
		{"from another page of the site", "GET", "/ayuda", []string{"User-Agent", someBrowser, "Sec-Fetch-Site", "same-origin"}, "ayuda false"},
		{"an old browser, from inside", "GET", "/datos", []string{"User-Agent", someBrowser, "Referer", "https://example.com/ayuda"}, "datos false"},
		{"an old browser, from outside", "GET", "/datos", []string{"User-Agent", someBrowser, "Referer", "https://otro.invalid/"}, "datos true"},
		{"a file, with a program", "GET", "/datos/candidaturas.csv", []string{"User-Agent", "curl/8.0"}, "descarga true"},
		{"a program, of the API", "GET", "/api/v1/candidaturas", []string{"User-Agent", "curl/8.0"}, "api false"},
		{"a browser on another site, of the API", "GET", "/procesos/demostracion-2027/api/v1/boletas/148", []string{"User-Agent", someBrowser, "Sec-Fetch-Site", "cross-site"}, "api false"},
		{"what the API does not have", "GET", "/api/v1/boletas/9999", []string{"User-Agent", "curl/8.0"}, ""},
		{"a robot, of the API", "GET", "/api/v1/catalogos", []string{"User-Agent", "SomeBot/1.0"}, ""},
		{"from memory", "GET", "/ayuda", []string{"User-Agent", someBrowser, "Accept-Encoding", "br", "Sec-Fetch-Site", "none"}, "ayuda true"},
		{"a page, with a program", "GET", "/ayuda", []string{"User-Agent", "curl/8.0"}, ""},
		{"a robot that says so", "GET", "/ayuda", []string{"User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1)"}, ""},
		{"a file, by a robot", "GET", "/datos/candidaturas.csv", []string{"User-Agent", "SomeBot/1.0"}, ""},
		{"without a name", "GET", "/ayuda", nil, ""},
		{"asked for beforehand", "GET", "/ayuda", []string{"User-Agent", someBrowser, "Sec-Purpose", "prefetch"}, ""},
		{"only the headers", "HEAD", "/ayuda", []string{"User-Agent", someBrowser}, ""},
		{"what is not there", "GET", "/candidaturas/no-existe", []string{"User-Agent", someBrowser}, ""},
		{"a drawing", "GET", "/boleta/1/qr.svg", []string{"User-Agent", someBrowser}, ""},
		{"for machines", "GET", "/sitemap.xml", []string{"User-Agent", someBrowser}, ""},
	} {
		got = nil
		v.do(tt.method, tt.path, tt.headers...)
		want := told{}
		if tt.want != "" {
			want = told{fmt.Sprintf("%d %s", process, tt.want)}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: counted %q, want %q", tt.name, got, want)
		}
	}
}

// Every route that is counted exists: a new address for a page takes its count
// with it.
func TestEveryCountedRouteIsThere(t *testing.T) {
	v := visit(t, sitetest.New(t))
	there := map[string]bool{}
	for _, r := range v.front.Routes().List() {
		there[r.Pattern] = r.Method == http.MethodGet
	}
	for pattern, class := range sitehttp.Classes() {
		if pattern != "" && !there[pattern] {
			t.Errorf("%s, of class %s, is no route", pattern, class)
		}
	}
}
