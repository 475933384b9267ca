package browser

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// policy is the one that the product sends with every page.
const policy = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// fixture is a small page without defects, but for what a test adds to it.
type fixture struct {
	body, style, script string
	cookie              string
	status              int
}

const soundStyle = `
body { margin: 0; background: #fff; color: #111; font: 18px/1.5 sans-serif }
main, form { padding: 1rem }
a, button, input, select { display: inline-block; min-height: 44px; min-width: 44px; color: #111; font: inherit; max-width: 100% }
:focus-visible { outline: 3px solid #114; outline-offset: 2px }
`

const soundBody = `<h1>Una página</h1><p>Con una <a href="/otra">salida</a> y un botón.</p><button type="button">Sí</button>`

// serve serves the page at every address, with its style and its script.
func serve(t *testing.T, p fixture) string {
	t.Helper()
	if p.body == "" {
		p.body = soundBody
	}
	mux := http.NewServeMux()
	text := func(kind, content string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind+"; charset=utf-8")
			io.WriteString(w, content)
		}
	}
	mux.HandleFunc("/estilo.css", text("text/css", soundStyle+p.style))
	mux.HandleFunc("/guion.js", text("text/javascript", p.script))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if p.cookie != "" {
			http.SetCookie(w, &http.Cookie{Name: p.cookie, Value: "x", Path: "/"})
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if p.status != 0 {
			w.WriteHeader(p.status)
		}
		script := ""
		if p.script != "" {
			script = `<script src="/guion.js" defer></script>`
		}
		fmt.Fprintf(w, `<!doctype html><html lang="es-MX"><head><meta charset="utf-8"><title>Prueba</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/estilo.css">%s</head>
<body><main>%s</main></body></html>`, script, p.body)
	})
	return listen(t, mux)
}

// listen serves the handler under the policy, compressed.
func listen(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || strings.HasSuffix(r.URL.Path, ".woff2") {
			h.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		defer z.Close()
		h.ServeHTTP(zipped{w, z}, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// zipped writes what its answer says, compressed.
type zipped struct {
	http.ResponseWriter
	z io.Writer
}

func (w zipped) Write(b []byte) (int, error) { return w.z.Write(b) }

func (w zipped) WriteHeader(status int) {
	w.Header().Del("Content-Length")
	w.ResponseWriter.WriteHeader(status)
}

// witness is a test that only remembers what it is told.
type witness struct {
	testing.TB
	said []string
}

func (w *witness) Helper() {}

func (w *witness) Errorf(format string, args ...any) {
	w.said = append(w.said, fmt.Sprintf(format, args...))
}

// opened opens a page of the fixture.
func opened(t *testing.T, p fixture) *Page {
	t.Helper()
	tab := New(t).Page()
	tab.Open(serve(t, p))
	return tab
}

// wants fails unless what was said is only about what is wanted; nothing wanted, nothing said.
func wants(t *testing.T, said []string, want string) {
	t.Helper()
	if want == "" && len(said) == 0 {
		return
	}
	if want == "" || len(said) == 0 {
		t.Errorf("got %q, want %q", said, want)
	}
	for _, s := range said {
		if !strings.Contains(s, want) {
			t.Errorf("got %q, want only %q", s, want)
		}
	}
}
