package serve

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"

	"conoceles/internal/fault"
)

// recorder remembers whether and how an answer began.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader records the status.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write counts what is written.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach what is inside.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

type idKey struct{}

// RequestID returns the reference of the request, which finds it in the log.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(idKey{}).(string)
	return id
}

// randomID returns 13 characters that can be read aloud.
func randomID() string { return strings.ToUpper(rand.Text()[:13]) }

// logged gives each request its reference and writes one line when it ends. What
// it writes is fixed: no path, no query, no address, no value of a form.
func (f *Front) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := f.options.Now()
		r = r.WithContext(withSent(context.WithValue(r.Context(), idKey{}, f.options.NewID())))
		rec := &recorder{ResponseWriter: w}
		defer func() {
			took := f.options.Now().Sub(start)
			f.options.Observe(Answered{Pattern: pattern(r), Method: method(r), Status: rec.status, Took: took})
			f.options.Log.LogAttrs(r.Context(), slog.LevelInfo, "peticion",
				slog.String("peticion", RequestID(r.Context())),
				slog.String("metodo", method(r)),
				slog.String("ruta", pattern(r)),
				slog.Int("estado", rec.status),
				slog.Int64("bytes", rec.bytes),
				slog.Float64("ms", float64(took.Microseconds())/1000),
			)
		}()
		next.ServeHTTP(rec, r)
	})
}

// method returns the method if it is one we know: anything else is text that a
// stranger chose.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions, http.MethodConnect, http.MethodTrace:
		return r.Method
	}
	return "otro"
}

// recovered turns a panic into a failure page. The log gets the type and the
// stack, never the value: it may hold what somebody typed.
func (f *Front) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: w}
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler {
				panic(v)
			}
			f.options.Log.LogAttrs(r.Context(), slog.LevelError, "panico",
				slog.String("peticion", RequestID(r.Context())),
				slog.String("ruta", pattern(r)),
				slog.String("tipo", fmt.Sprintf("%T", v)),
				slog.Any("pila", stack()),
			)
			if rec.status != 0 {
				panic(http.ErrAbortHandler)
			}
			rec.Header().Del("Content-Encoding")
			f.failurePage(rec, r, f.routes.surfaceOf(r.URL.Path), http.StatusInternalServerError, nil)
		}()
		next.ServeHTTP(rec, r)
	})
}

// stack returns where the panic happened, without any argument's value.
func stack() []string {
	pc := make([]uintptr, 32)
	frames := runtime.CallersFrames(pc[:runtime.Callers(3, pc)])
	var out []string
	for {
		frame, more := frames.Next()
		out = append(out, fmt.Sprintf("%s:%d", frame.Function, frame.Line))
		if !more {
			return out
		}
	}
}

// wellFormed answers 404 to paths that no address of ours can have: invalid
// UTF-8, NUL and other control characters.
func (f *Front) wellFormed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !utf8.ValidString(r.URL.Path) || strings.ContainsFunc(r.URL.Path, unicode.IsControl) {
			f.Refuse(Public, fault.New(fault.NotFound, ""))(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}
