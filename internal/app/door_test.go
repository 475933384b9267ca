package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"conoceles/internal/app"
	"conoceles/internal/serve"
)

// What is counted is read at an address of its own, and never at that of people;
// it ends with the program.
func TestMetricsAreApart(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	cfg := s.app.Config
	cfg.Addr, cfg.MetricsAddr = "127.0.0.1:0", free(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- app.Run(ctx, cfg, quiet(), app.Both, nil, func(addr string) { ready <- addr }) }()
	public := ""
	select {
	case public = <-ready:
	case err := <-ended:
		t.Fatal(err)
	}
	get := func(address string) (int, string) {
		res, err := http.Get("http://" + address)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(b)
	}
	for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/vars"} {
		if status, _ := get(public + path); status != http.StatusNotFound {
			t.Errorf("%s of people answers %d, want 404", path, status)
		}
	}
	get(public + "/salud/vivo")
	status, body := get(cfg.MetricsAddr + "/metrics")
	for _, want := range []string{`ruta="/salud/vivo"`, `conoceles_conexiones{mitad="escritorio"}`} {
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("status %d without %s", status, want)
		}
	}
	if status, _ := get(cfg.MetricsAddr + "/candidaturas"); status != http.StatusNotFound {
		t.Errorf("the site is served where metrics are: %d", status)
	}
	stop()
	if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if c, err := net.DialTimeout("tcp", cfg.MetricsAddr, time.Second); err == nil {
		c.Close()
		t.Error("the listener of metrics goes on")
	}
}

// free returns an address where nobody listens.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Whoever sends slowly, so as to keep a connection, loses it: before the header is
// whole, or while the body is.
func TestSlowClientsAreCut(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := serve.NewServer("", s.handler, quiet())
	server.ReadHeaderTimeout, server.ReadTimeout = 200*time.Millisecond, 400*time.Millisecond
	address := listening(t, server)
	for name, sent := range map[string]string{
		"header": "GET / HTTP/1.1\r\nHost: x\r\nX-A: ",
		"body":   "POST /entrar HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\ncorreo=",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			start := time.Now()
			if _, err := io.WriteString(c, sent); err != nil {
				t.Fatal(err)
			}
			_ = c.SetReadDeadline(start.Add(10 * time.Second))
			answer, err := io.ReadAll(c)
			if errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 8*time.Second {
				t.Errorf("the connection is kept: %v, %q", err, answer)
			}
		})
	}
}

// listening serves until the test ends.
func listening(t *testing.T, server *http.Server) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return l.Addr().String()
}

// The log tells of a request its route and no value, whoever sends it and wherever
// it puts it; and a failure tells the visitor a reference that the log has.
func TestTheLogHasNoValueOfAForm(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := newStage(t)
	node, err := app.Open(t.Context(), s.app.Config, slog.New(slog.NewJSONHandler(&log, nil)), app.Both)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = node.Close(context.Background()) })
	_, handler, err := node.Handler(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const secret = "Xochiquetzal-secreta"
	c := s.call(t)
	c.handler = handler
	c.post("/entrar", url.Values{"correo": {secret + "@ejemplo.invalid"}, "contrasena": {secret}})
	c.post("/recuperar", url.Values{"correo": {secret}})
	c.get("/candidaturas?q=" + secret)
	c.get("/retirar/" + secret)
	c.get("/" + secret)
	r := c.request(http.MethodGet, "/candidaturas", "")
	r.Header.Set("User-Agent", secret)
	r.Header.Set("X-Forwarded-For", secret)
	c.do(r)
	if !strings.Contains(log.String(), `"ruta":"/retirar/{token}"`) {
		t.Errorf("requests are not logged:\n%s", log.String())
	}
	if strings.Contains(log.String(), secret) {
		t.Errorf("the log tells what was sent:\n%s", log.String())
	}
	operator := s.enter(t, "operador")
	operator.handler = handler
	operator.get("/administracion/personas") // who is refused leaves a trace (ASVS 16.3.2)
	if !strings.Contains(log.String(), `"ruta":"/administracion/personas","estado":403`) {
		t.Errorf("a refusal is not logged:\n%s", log.String())
	}
	node.Site.Close()
	failed := c.get("/candidaturas")
	var reference string
	if _, after, ok := strings.Cut(failed.body, "eferencia"); ok {
		for _, word := range strings.FieldsFunc(after[:min(len(after), 120)], func(r rune) bool { return !('A' <= r && r <= 'Z' || '0' <= r && r <= '9') }) {
			if len(word) == 13 {
				reference = word
			}
		}
	}
	if failed.status < 500 || reference == "" || !strings.Contains(log.String(), fmt.Sprintf("%q", reference)) {
		t.Errorf("status %d with reference %q, which the log must have", failed.status, reference)
	}
	for _, leak := range []string{"SELECT", "pgx", "closed pool", "goroutine", ".go:"} {
		if strings.Contains(failed.body, leak) {
			t.Errorf("the visitor is told %q", leak)
		}
	}
}
