package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"conoceles/internal/fault"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// httpError is a failure of the conversation itself, which no other layer knows.
type httpError int

// Error returns the status's English name, for the log.
func (e httpError) Error() string { return http.StatusText(int(e)) }

// errOrigin is a form sent from another site.
var errOrigin = errors.New("cross-origin request refused")

const (
	errBadRequest  = httpError(http.StatusBadRequest)
	errMethod      = httpError(http.StatusMethodNotAllowed)
	errTooLarge    = httpError(http.StatusRequestEntityTooLarge)
	errContentType = httpError(http.StatusUnsupportedMediaType)
)

// retry is an error that passes, and when.
type retry struct {
	error
	after time.Duration
}

// Unwrap returns the error that passes.
func (e retry) Unwrap() error { return e.error }

// After says when it makes sense to ask again; it goes with kinds Unavailable
// and TooMany, whose pages and headers tell the person how long to wait.
func After(wait time.Duration, err error) error { return retry{err, wait} }

// instead is an error with a page of its own.
type instead struct {
	error
	page templ.Component
}

// Unwrap returns what failed.
func (e instead) Unwrap() error { return e.error }

// Instead says which page to show for an error, in place of the usual one: the
// form with everything that was typed, when it could not be saved. The error is
// logged and gives the status as any other.
func Instead(page templ.Component, err error) error { return instead{err, page} }

// notDone is an error of a request that nobody began to attend.
type notDone struct{ error }

// Unwrap returns why.
func (e notDone) Unwrap() error { return e.error }

// NotDone says that nothing of what was sent was done, so that the page that gives
// it back raises no doubt.
func NotDone(err error) error { return notDone{err} }

// statusOf returns the HTTP status of an error.
func statusOf(err error) int {
	var h httpError
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &h):
		return int(h)
	case errors.Is(err, errOrigin):
		return http.StatusForbidden
	case errors.As(err, &tooLong):
		return http.StatusRequestEntityTooLarge
	}
	switch fault.KindOf(err) {
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Gone:
		return http.StatusGone
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Conflict:
		return http.StatusConflict
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// waitOf returns how long to wait before asking again.
func waitOf(status int, err error) time.Duration {
	if r, ok := errors.AsType[retry](err); ok {
		return r.after
	}
	if status == http.StatusTooManyRequests {
		return time.Minute
	}
	return 30 * time.Second
}

// failurePage answers with the page, or the JSON, of a failure.
func (f *Front) failurePage(w http.ResponseWriter, r *http.Request, s Surface, status int, err error) {
	h := w.Header()
	for _, name := range []string{"Content-Disposition", "Content-Length", "ETag", "Last-Modified"} {
		h.Del(name) // of the answer that was going to be
	}
	h.Set("Cache-Control", "no-store")
	if status == http.StatusRequestEntityTooLarge {
		h.Set("Connection", "close") // do not wait for the rest of it
	}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		seconds := (waitOf(status, err) + time.Second - 1) / time.Second
		h.Set("Retry-After", strconv.Itoa(int(seconds)))
	}
	failure := describe(r, status, err)
	if strings.Contains(r.URL.Path, "/api/") {
		_ = sendProblem(w, r, status, failure, err)
		return
	}
	if wantsJSON(r) {
		_ = JSON(w, r, status, failureJSON{Error: failure.Text, Fields: fieldsJSON(err), Reference: failure.Reference})
		return
	}
	if status >= http.StatusInternalServerError {
		failure.Kept = f.giveBack(w, r)
		_, failure.Kept.Refused = errors.AsType[notDone](err)
	}
	page := f.failureComponent(r, s, status, failure)
	if own, ok := errors.AsType[instead](err); ok {
		page = own.page
	}
	var b bytes.Buffer
	if page.Render(context.WithoutCancel(r.Context()), &b) != nil {
		b.Reset()
		b.WriteString(lastResort)
	}
	h.Set("Content-Type", htmlType)
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// failureComponent frames a failure in the look of its surface.
func (f *Front) failureComponent(r *http.Request, s Surface, status int, failure layout.Failure) templ.Component {
	if s == Desk {
		meta, area := f.options.DeskFace(r)
		meta.Title = failure.Title
		failure.Back = layout.Link{Label: "Volver al inicio", Href: area.Home}
		return layout.PrivateFailure(meta, area, failure)
	}
	meta := f.options.PublicFace(r)
	meta.Title, meta.NoIndex = failure.Title, true
	failure.Back = layout.Link{Label: "Ir al inicio", Href: meta.Path("/")}
	if status == http.StatusNotFound || status == http.StatusGone {
		failure.Search = meta.Path("/candidaturas")
	}
	return layout.PublicFailure(meta, failure)
}

// lastResort is the page for when not even the page of a failure can be drawn.
const lastResort = `<!DOCTYPE html><html lang="es-MX"><title>Conóceles</title><h1>Tuvimos un problema</h1><p>Vuelve a intentarlo en unos minutos.</p></html>`

// describe puts a failure in words. What the error says for people wins over our
// general text. Only failures of ours carry a reference: the rest must be the
// same bytes for everybody, so that "not yours" and "not there" cannot be told
// apart.
func describe(r *http.Request, status int, err error) layout.Failure {
	title, text := words(status, es.Duration(waitOf(status, err)))
	if errors.Is(err, errOrigin) {
		title, text = es.Message("fallo.origen.titulo"), es.Message("fallo.origen")
	}
	if said := fault.MessageOf(err); said != "" {
		text = said
	}
	f := layout.Failure{Title: title, Text: text}
	for _, field := range fault.FieldsOf(err) {
		f.Details = append(f.Details, field.Message)
	}
	if status >= http.StatusInternalServerError {
		f.Reference = RequestID(r.Context())
	}
	return f
}

// words returns the title and the text of a status.
func words(status int, wait string) (title, text string) {
	switch status {
	case http.StatusBadRequest:
		return es.Message("fallo.400.titulo"), es.Message("fallo.400")
	case http.StatusForbidden:
		return es.Message("fallo.403.titulo"), es.Message("fallo.403")
	case http.StatusNotFound:
		return es.Message("fallo.404.titulo"), es.Message("fallo.404")
	case http.StatusMethodNotAllowed:
		return es.Message("fallo.405.titulo"), es.Message("fallo.405")
	case http.StatusConflict:
		return es.Message("fallo.409.titulo"), es.Message("fallo.409")
	case http.StatusGone:
		return es.Message("fallo.410.titulo"), es.Message("fallo.410")
	case http.StatusRequestEntityTooLarge:
		return es.Message("fallo.413.titulo"), es.Message("fallo.413")
	case http.StatusUnsupportedMediaType:
		return es.Message("fallo.415.titulo"), es.Message("fallo.415")
	case http.StatusUnprocessableEntity:
		return es.Message("fallo.422.titulo"), es.Message("fallo.422")
	case http.StatusTooManyRequests:
		return es.Message("fallo.429.titulo"), es.Message("fallo.429", wait)
	case http.StatusServiceUnavailable:
		return es.Message("fallo.503.titulo"), es.Message("fallo.503", wait)
	}
	return es.Message("fallo.500.titulo"), es.Message("fallo.500")
}

// failureJSON is a failure for programs.
type failureJSON struct {
	Error     string      `json:"error"`
	Fields    []fieldJSON `json:"campos,omitempty"`
	Reference string      `json:"referencia,omitempty"`
}

type fieldJSON struct {
	ID      string `json:"id"`
	Message string `json:"mensaje"`
}

func fieldsJSON(err error) []fieldJSON {
	var out []fieldJSON
	for _, f := range fault.FieldsOf(err) {
		out = append(out, fieldJSON(f))
	}
	return out
}

// problem is a failure of the API (RFC 9457).
type problem struct {
	Type      string      `json:"type"`
	Title     string      `json:"title"`
	Status    int         `json:"status"`
	Detail    string      `json:"detail"`
	Fields    []fieldJSON `json:"errores,omitempty"`
	Reference string      `json:"referencia,omitempty"`
}

func sendProblem(w http.ResponseWriter, r *http.Request, status int, f layout.Failure, err error) error {
	b, encodeErr := json.Marshal(problem{"about:blank", f.Title, status, f.Text, fieldsJSON(err), f.Reference})
	if encodeErr != nil {
		return encodeErr
	}
	return write(w, r, status, "application/problem+json; charset=utf-8", append(b, '\n'))
}

// wantsJSON reports whether who asks is a program that said so.
func wantsJSON(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	if strings.Contains(accept, "text/html") {
		return false
	}
	return strings.Contains(accept, "application/json")
}
