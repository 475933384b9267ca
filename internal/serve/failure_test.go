package serve_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"conoceles/internal/fault"
	"conoceles/internal/serve"
)

func TestAnErrorMayBringAPageOfItsOwn(t *testing.T) {
	var log bytes.Buffer
	front := serve.New(serve.Options{Log: slog.New(slog.NewJSONHandler(&log, nil))})
	form := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<textarea>lo que escribió</textarea>")
		return err
	})
	h := front.Handler(serve.Desk, func(http.ResponseWriter, *http.Request) error {
		return serve.Instead(form, fault.Wrap(fault.Unavailable, "No se guardó.", errors.New("connection refused")))
	})
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/captura", nil))
	if rec.Code != http.StatusServiceUnavailable || !strings.Contains(rec.Body.String(), "lo que escribió") || rec.Header().Get("Retry-After") == "" {
		t.Errorf("got %d %v %s", rec.Code, rec.Header(), rec.Body)
	}
	if !strings.Contains(log.String(), "connection refused") {
		t.Errorf("the cause is not logged: %s", log.String())
	}
}
