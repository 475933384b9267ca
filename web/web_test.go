package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// The budgets of the first view: an old telephone on a prepaid plan.
func TestAssetsKeepTheirBudget(t *testing.T) {
	for _, c := range []struct {
		name string
		max  int
	}{
		{"conoceles.css", 9 << 10},
		{"app.js", 8 << 10},
		{"llave.js", 3 << 10},
		{"piazzolla.woff2", 27 << 10},
		{"marca.svg", 512},
		{"greca.svg", 512},
	} {
		a, ok := assets[c.name]
		if !ok {
			t.Errorf("%s: not embedded", c.name)
			continue
		}
		got := len(a.gzip)
		if a.gzip == nil {
			got = len(a.plain)
		}
		if got > c.max {
			t.Errorf("%s: %d bytes compressed, want at most %d", c.name, got, c.max)
		}
	}
}

func TestAssetPanicsOnUnknownName(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Asset of an unknown name did not panic")
		}
	}()
	Asset("no-existe.css")
}

// Every url() of the stylesheet must be a fingerprinted file that is served.
func TestStylesheetNamesOnlyServedFiles(t *testing.T) {
	urls := regexp.MustCompile(`url\(([^)]*)\)`).FindAllSubmatch(assets["conoceles.css"].plain, -1)
	if len(urls) < 3 {
		t.Fatalf("found %d urls in the stylesheet, want the font, the greca and the arrow", len(urls))
	}
	for _, u := range urls {
		if got := get(t, Prefix+string(u[1]), nil); got.Code != 200 || got.Header().Get("Cache-Control") != immutable {
			t.Errorf("%s: status %d, Cache-Control %q", u[1], got.Code, got.Header().Get("Cache-Control"))
		}
	}
}

func TestStaticServesTheSmallestForm(t *testing.T) {
	want := assets["conoceles.css"].plain
	for _, c := range []struct{ accept, encoding string }{
		{"", ""},
		{"gzip, deflate, br", "br"},
		{"gzip", "gzip"},
	} {
		w := get(t, Asset("conoceles.css"), http.Header{"Accept-Encoding": {c.accept}})
		if got := w.Header().Get("Content-Encoding"); got != c.encoding {
			t.Errorf("accepting %q: encoding %q, want %q", c.accept, got, c.encoding)
		}
		if got := decode(t, w); !bytes.Equal(got, want) {
			t.Errorf("accepting %q: the body differs from the file", c.accept)
		}
	}
}

func TestStaticRevalidates(t *testing.T) {
	first := get(t, Asset("app.js"), nil)
	second := get(t, Asset("app.js"), http.Header{"If-None-Match": {first.Header().Get("ETag")}})
	if second.Code != http.StatusNotModified || second.Body.Len() != 0 {
		t.Errorf("status %d with %d bytes, want 304 and none", second.Code, second.Body.Len())
	}
}

func TestStaticAnswersOldAndUnknownAddresses(t *testing.T) {
	old := get(t, Prefix+"conoceles.0123456789ab.css", nil)
	if old.Code != 200 || old.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("old hash: status %d, Cache-Control %q", old.Code, old.Header().Get("Cache-Control"))
	}
	for _, p := range []string{"", "no-existe.css", "../web.go", "static/conoceles.css"} {
		if got := get(t, Prefix+p, nil).Code; got != http.StatusNotFound {
			t.Errorf("%q: status %d, want 404", p, got)
		}
	}
}

// The policy forbids styles and scripts inside the drawings too.
func TestDrawingsCarryNoStyleNorScript(t *testing.T) {
	for name, a := range assets {
		if path.Ext(name) == ".svg" && regexp.MustCompile(`style=|<style|<script`).Match(a.plain) {
			t.Errorf("%s has a style or a script", name)
		}
	}
}

// Nothing of a browser's storage: party computers are shared.
func TestScriptKeepsNothing(t *testing.T) {
	for _, script := range []string{"app.js", "llave.js"} {
		for _, word := range []string{"localStorage", "sessionStorage", "indexedDB", "document.cookie", "eval("} {
			if strings.Contains(string(assets[script].plain), word) {
				t.Errorf("%s uses %s", script, word)
			}
		}
	}
}

func get(t *testing.T, target string, h http.Header) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Header = h
	if h == nil {
		r.Header = http.Header{}
	}
	w := httptest.NewRecorder()
	Static().ServeHTTP(w, r)
	return w
}

func decode(t *testing.T, w *httptest.ResponseRecorder) []byte {
	t.Helper()
	var r io.Reader = w.Body
	switch w.Header().Get("Content-Encoding") {
	case "br":
		r = brotli.NewReader(w.Body)
	case "gzip":
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
