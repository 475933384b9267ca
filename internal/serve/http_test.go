package serve_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"conoceles/internal/fault"
	"conoceles/internal/serve"
)

func TestSecurityHeaders(t *testing.T) {
	want := map[string]string{
		"Content-Security-Policy":      "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
		"Strict-Transport-Security":    "",
	}
	w := newWorld(t)
	w.public.Get("/", "home", serve.Anyone, page("hola"))
	for _, path := range []string{"/", "/no-existe"} {
		res := w.get(path)
		for name, value := range want {
			if got := res.Header.Get(name); got != value {
				t.Errorf("%s: %s is %q, want %q", path, name, got, value)
			}
		}
	}
	secure := newWorld(t, func(o *serve.Options) { o.HTTPS = true })
	if got := secure.get("/").Header.Get("Strict-Transport-Security"); got == "" {
		t.Error("no HSTS over https")
	}
}

func TestEmbeddableAloneMayBeFramed(t *testing.T) {
	w := newWorld(t)
	w.public.Get("/incrustar", "embed", serve.Anyone, func(rw http.ResponseWriter, r *http.Request) error {
		serve.Embeddable(rw)
		return serve.Page(rw, r, 200, text("tarjeta"))
	})
	h := w.get("/incrustar").Header
	if !strings.HasSuffix(h.Get("Content-Security-Policy"), "frame-ancestors *") || h.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("headers %v", h)
	}
}

func TestCachingIsAskedForNeverAssumed(t *testing.T) {
	w := newWorld(t)
	w.public.Get("/nada", "a", serve.Anyone, page("uno"))
	w.public.Get("/publica", "b", serve.Anyone, func(rw http.ResponseWriter, r *http.Request) error {
		serve.CachePublic(rw, time.Minute)
		return serve.Page(rw, r, 200, text("dos"))
	})
	w.public.Get("/identidad", "c", serve.Anyone, func(rw http.ResponseWriter, r *http.Request) error {
		serve.Live(rw)
		return serve.Page(rw, r, 200, text("tres"))
	})
	for _, c := range []struct {
		path, cache, robots string
		tagged              bool
	}{
		{"/nada", "no-store", "", false},
		{"/publica", "public, max-age=60", "", true},
		{"/identidad", "private, no-cache", "noarchive", false},
	} {
		h := w.get(c.path).Header
		if got := h.Get("Cache-Control"); got != c.cache {
			t.Errorf("%s: Cache-Control %q, want %q", c.path, got, c.cache)
		}
		if got := h.Get("X-Robots-Tag"); got != c.robots {
			t.Errorf("%s: X-Robots-Tag %q, want %q", c.path, got, c.robots)
		}
		if got := strings.HasPrefix(h.Get("ETag"), `W/"`); got != c.tagged {
			t.Errorf("%s: weak tag %v, want %v", c.path, got, c.tagged)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/publica", nil)
	r.Header.Set("If-None-Match", `"otro", `+w.get("/publica").Header.Get("ETag"))
	if res := w.do(r); res.StatusCode != http.StatusNotModified || res.ContentLength > 0 {
		t.Errorf("status %d, want 304", res.StatusCode)
	}
}

func TestCompression(t *testing.T) {
	long := strings.Repeat("La misma ficha para todas. ", 200)
	w := newWorld(t)
	w.public.Get("/larga", "a", serve.Anyone, page(long))
	w.public.Get("/corta", "b", serve.Anyone, page("corta"))
	w.public.Get("/foto", "c", serve.Anyone, func(rw http.ResponseWriter, _ *http.Request) error {
		rw.Header().Set("Content-Type", "image/jpeg")
		_, err := io.WriteString(rw, long)
		return err
	})
	for _, c := range []struct{ path, accept, coding string }{
		{"/larga", "gzip, deflate, br", "br"},
		{"/larga", "br;q=0, gzip;q=0.5", "gzip"},
		{"/larga", "identity", ""},
		{"/larga", "", ""},
		{"/corta", "br", ""},
		{"/foto", "br", ""},
	} {
		r := httptest.NewRequest(http.MethodGet, c.path, nil)
		r.Header.Set("Accept-Encoding", c.accept)
		res := w.do(r)
		if got := res.Header.Get("Content-Encoding"); got != c.coding {
			t.Errorf("%s accepting %q: %q, want %q", c.path, c.accept, got, c.coding)
		}
		if got := res.Header.Values("Vary"); len(got) != 1 || got[0] != "Accept-Encoding" {
			t.Errorf("%s accepting %q: Vary %q", c.path, c.accept, got)
		}
		want := long
		if c.path == "/corta" {
			want = "corta"
		}
		if got := plain(t, res); got != want {
			t.Errorf("%s accepting %q: the text changed", c.path, c.accept)
		}
	}
}

func plain(t *testing.T, res *http.Response) string {
	t.Helper()
	var body io.Reader = res.Body
	switch res.Header.Get("Content-Encoding") {
	case "br":
		body = brotli.NewReader(res.Body)
	case "gzip":
		z, err := gzip.NewReader(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		body = z
	}
	b, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFormsFromOtherSitesAreRefused(t *testing.T) {
	w := newWorld(t)
	done := 0
	w.desk.Post("/captura", "save", "operadora", func(rw http.ResponseWriter, r *http.Request) error {
		done++
		return serve.SeeOther(rw, r, "/captura")
	})
	for _, c := range []struct {
		name, header, value string
		status              int
	}{
		{"same site", "Sec-Fetch-Site", "same-origin", 303},
		{"no browser", "", "", 303},
		{"another site", "Sec-Fetch-Site", "cross-site", 403},
		{"another subdomain", "Sec-Fetch-Site", "same-site", 403},
		{"old browser", "Origin", "https://otro.invalid", 403},
		{"null origin", "Origin", "null", 403},
	} {
		r := httptest.NewRequest(http.MethodPost, "/captura", strings.NewReader("a=1"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if c.header != "" {
			r.Header.Set(c.header, c.value)
		}
		res := w.do(r)
		if res.StatusCode != c.status {
			t.Errorf("%s: status %d, want %d", c.name, res.StatusCode, c.status)
		}
		if c.status == 403 && !strings.Contains(document(t, res).Find("h1").Text(), "de dónde viene") {
			t.Errorf("%s: the page does not say why", c.name)
		}
	}
	if done != 2 {
		t.Errorf("saved %d times, want 2", done)
	}
}

func TestForms(t *testing.T) {
	var got url.Values
	w := newWorld(t)
	w.desk.Post("/captura", "save", "operadora", func(rw http.ResponseWriter, r *http.Request) error {
		var err error
		if got, err = serve.Form(r); err != nil {
			return err
		}
		return serve.SeeOther(rw, r, "/captura")
	}, serve.MaxBody(400))
	var files bytes.Buffer
	m := multipart.NewWriter(&files)
	_ = m.WriteField("a", "1")
	_ = m.Close()
	for _, c := range []struct {
		name, kind, body string
		status           int
	}{
		{"plain", "application/x-www-form-urlencoded; charset=utf-8", "a=1", 303},
		{"with files", m.FormDataContentType(), files.String(), 303},
		{"json", "application/json", `{"a":1}`, 415},
		{"no type", "", "a=1", 415},
		{"broken escape", "application/x-www-form-urlencoded", "a=%zz", 400},
		{"no boundary", "multipart/form-data", "a=1", 400},
		{"truncated", m.FormDataContentType(), files.String()[:40], 400},
		{"too long", "application/x-www-form-urlencoded", "a=" + strings.Repeat("x", 399), 413},
	} {
		got = nil
		r := httptest.NewRequest(http.MethodPost, "/captura?b=2", strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.kind)
		if res := w.do(r); res.StatusCode != c.status {
			t.Errorf("%s: status %d, want %d", c.name, res.StatusCode, c.status)
		}
		if c.status == 303 && (got.Get("a") != "1" || got.Has("b")) {
			t.Errorf("%s: fields %v, want only a=1", c.name, got)
		}
	}
}

// A body that lies about its length, or gives none, meets the limit too.
func TestEndlessBodyIsRefused(t *testing.T) {
	w := newWorld(t)
	w.desk.Post("/captura", "save", "operadora", func(_ http.ResponseWriter, r *http.Request) error {
		_, err := serve.Form(r)
		return err
	}, serve.MaxBody(100))
	r := httptest.NewRequest(http.MethodPost, "/captura", io.MultiReader(strings.NewReader("a="), strings.NewReader(strings.Repeat("x", 500))))
	r.ContentLength = -1
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if res := w.do(r); res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d, want 413", res.StatusCode)
	}
}

func TestCheckText(t *testing.T) {
	if err := serve.CheckText(url.Values{"a": {"ñandú"}}); err != nil {
		t.Errorf("good text: %v", err)
	}
	err := serve.CheckText(url.Values{"b": {"\xff"}, "a": {"x\x00"}, "c": {"bien"}})
	fields := fault.FieldsOf(err)
	if !fault.Is(err, fault.Invalid) || len(fields) != 2 || fields[0].ID != "a" || fields[1].ID != "b" {
		t.Errorf("bad text: %v", err)
	}
}

func TestSeeOtherStaysHere(t *testing.T) {
	for _, c := range []struct{ path, want string }{
		{"/captura?x=1", "/captura?x=1"}, {"https://otro.invalid", "/"}, {"//otro.invalid", "/"}, {`/\otro.invalid`, "/"}, {"", "/"},
	} {
		rec := httptest.NewRecorder()
		_ = serve.SeeOther(rec, httptest.NewRequest(http.MethodPost, "/", nil), c.path)
		if got := rec.Header().Get("Location"); got != c.want || rec.Code != 303 {
			t.Errorf("%q: %d to %q, want %q", c.path, rec.Code, got, c.want)
		}
	}
}

func TestRouteTable(t *testing.T) {
	w := newWorld(t)
	w.public.Get("/candidaturas/{slug}", "showProfile", serve.Anyone, page("a"))
	w.public.Under("/procesos/{clave}").Get("/candidaturas/{slug}", "showProfile", serve.Anyone, page("a"))
	w.desk.Post("/captura/{folio}", "saveAnswers", "operadora", page("b"))
	var b strings.Builder
	if err := w.front.Routes().WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	want := []serve.Route{
		{Method: "GET", Pattern: "/candidaturas/{slug}", Role: serve.Anyone, Surface: serve.Public, Name: "showProfile"},
		{Method: "POST", Pattern: "/captura/{folio}", Role: "operadora", Surface: serve.Desk, Name: "saveAnswers"},
		{Method: "GET", Pattern: "/procesos/{clave}/candidaturas/{slug}", Role: serve.Anyone, Surface: serve.Public, Name: "showProfile"},
	}
	got := w.front.Routes().List()
	if len(got) != len(want) {
		t.Fatalf("%d routes, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("route %d is %+v, want %+v", i, got[i], want[i])
		}
	}
	if !strings.Contains(b.String(), `"papel": "operadora"`) {
		t.Errorf("JSON lacks the role: %s", b.String())
	}
	if res := w.get("/procesos/local-2027/candidaturas/ana"); res.StatusCode != 200 {
		t.Errorf("under its process: status %d", res.StatusCode)
	}
	defer func() {
		if recover() == nil {
			t.Error("the same route was mounted twice")
		}
	}()
	w.public.Get("/candidaturas/{slug}", "again", serve.Anyone, page("c"))
}

func TestClientAddress(t *testing.T) {
	for _, c := range []struct {
		name, forwarded, want string
		trusted               []string
	}{
		{"alone, nobody is believed", "203.0.113.9", "192.0.2.1", nil},
		{"behind the proxy", "203.0.113.9", "203.0.113.9", []string{"192.0.2.0/24"}},
		{"forged by the client", "1.2.3.4, 203.0.113.9", "203.0.113.9", []string{"192.0.2.0/24"}},
		{"from elsewhere", "203.0.113.9", "192.0.2.1", []string{"10.0.0.0/8"}},
	} {
		w := newWorld(t, func(o *serve.Options) { o.Trusted = c.trusted })
		var got string
		w.public.Get("/", "home", serve.Anyone, func(_ http.ResponseWriter, r *http.Request) error {
			got = serve.ClientAddr(r)
			return nil
		})
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("X-Forwarded-For", c.forwarded)
		w.do(r)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestHandlerHasADeadline(t *testing.T) {
	w := newWorld(t)
	w.public.Get("/lenta", "slow", serve.Anyone, func(_ http.ResponseWriter, r *http.Request) error {
		<-r.Context().Done()
		return r.Context().Err()
	}, serve.Timeout(10*time.Millisecond))
	if res := w.get("/lenta"); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("status %d, want 503", res.StatusCode)
	}
}

func TestServerDoesNotWaitForSlowClients(t *testing.T) {
	s := serve.NewServer("127.0.0.1:0", http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	for _, c := range []struct {
		name      string
		got, want time.Duration
	}{
		{"header", s.ReadHeaderTimeout, 5 * time.Second},
		{"read", s.ReadTimeout, 30 * time.Second},
		{"write", s.WriteTimeout, 30 * time.Second},
		{"idle", s.IdleTimeout, time.Minute},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.name, c.got, c.want)
		}
	}
	if s.MaxHeaderBytes != 16<<10 {
		t.Errorf("header bytes %d, want 16 KiB", s.MaxHeaderBytes)
	}
}

// Whoever was being answered when the program was asked to stop gets the answer.
func TestRunDrains(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-release
		_, _ = io.WriteString(w, "completa")
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- serve.Run(ctx, serve.NewServer("", handler, slog.New(slog.DiscardHandler)), listener)
	}()
	answer := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + listener.Addr().String())
		if err != nil {
			answer <- err.Error()
			return
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		answer <- string(b)
	}()
	<-entered
	stop()
	close(release)
	if got := <-answer; got != "completa" {
		t.Errorf("the request under way got %q", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("Run returned %v", err)
	}
	if err := serve.Run(context.Background(), serve.NewServer("", handler, slog.New(slog.DiscardHandler)), closed(t)); err == nil || errors.Is(err, http.ErrServerClosed) {
		t.Errorf("a closed listener gave %v, want its error", err)
	}
}

func closed(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	return l
}
