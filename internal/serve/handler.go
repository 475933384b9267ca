package serve

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/fault"
)

// HandlerFunc answers a request, or returns why it could not before having
// written anything.
type HandlerFunc func(w http.ResponseWriter, r *http.Request) error

// Handler turns h into an http.Handler of the surface: its error becomes a page.
func (f *Front) Handler(s Surface, h HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: w}
		if err := h(rec, r); err != nil {
			f.fail(rec, r, s, err)
		}
	})
}

// Refuse returns a handler of the surface that always fails with err: what a
// rate limiter or a closed door answers.
func (f *Front) Refuse(s Surface, err error) http.HandlerFunc {
	return f.Handler(s, func(http.ResponseWriter, *http.Request) error { return err }).ServeHTTP
}

// Failed returns what answers a request of the surface that failed outside of any
// handler, as when its session could not be read.
func (f *Front) Failed(s Surface) func(http.ResponseWriter, *http.Request, error) {
	return func(w http.ResponseWriter, r *http.Request, err error) {
		f.fail(&recorder{ResponseWriter: w}, r, s, err)
	}
}

// CrossOrigin refuses requests that change something and come from another site.
func (f *Front) CrossOrigin() func(http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(f.Refuse(Desk, errOrigin))
	return p.Handler
}

// fail logs err once and answers it. Where the answer had begun there is no
// page to show any more: the connection is cut, so that nobody takes half an
// answer for a whole one.
func (f *Front) fail(w *recorder, r *http.Request, s Surface, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // nobody is listening
	}
	status := statusOf(err)
	f.logFailure(r, status, err)
	if w.status != 0 {
		panic(http.ErrAbortHandler)
	}
	f.failurePage(w, r, s, status, err)
}

// logFailure writes what failed: the cause where the program or the machine is
// to blame, only the kind where a person was, because the texts of those errors
// may quote what was typed.
func (f *Front) logFailure(r *http.Request, status int, err error) {
	attrs := []slog.Attr{
		slog.String("peticion", RequestID(r.Context())),
		slog.String("ruta", pattern(r)),
		slog.Int("estado", status),
		slog.String("clase", fault.KindOf(err).String()),
	}
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError {
		level = slog.LevelError
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	f.options.Log.LogAttrs(r.Context(), level, "fallo", attrs...)
}

// pattern returns the route's pattern, never the path: paths carry tokens.
func pattern(r *http.Request) string {
	if c := chi.RouteContext(r.Context()); c != nil {
		return c.RoutePattern()
	}
	return ""
}

func (f *Front) notFound(w http.ResponseWriter, r *http.Request) {
	f.Refuse(f.routes.surfaceOf(r.URL.Path), fault.New(fault.NotFound, ""))(w, r)
}

func (f *Front) notAllowed(w http.ResponseWriter, r *http.Request) {
	if c := chi.RouteContext(r.Context()); c != nil && c.Routes != nil {
		for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
			if c.Routes.Match(chi.NewRouteContext(), m, r.URL.Path) {
				w.Header().Add("Allow", m)
			}
		}
	}
	f.Refuse(f.routes.surfaceOf(r.URL.Path), errMethod)(w, r)
}
