package serve

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
)

// Role is who may use a route, in the words of the permission table.
type Role string

// Anyone needs no account.
const Anyone Role = "publico"

// Route is one line of the table.
type Route struct {
	Method  string  `json:"metodo"`
	Pattern string  `json:"ruta"`
	Role    Role    `json:"papel"`
	Surface Surface `json:"superficie"`
	Name    string  `json:"nombre"`
}

// Routes is everything that was mounted. It is filled while the program starts
// and only read afterwards.
type Routes struct{ list []Route }

// List returns the routes by pattern and method.
func (t *Routes) List() []Route {
	out := slices.Clone(t.list)
	slices.SortFunc(out, func(a, b Route) int {
		return cmp.Or(cmp.Compare(a.Pattern, b.Pattern), cmp.Compare(a.Method, b.Method))
	})
	return out
}

// WriteJSON writes the table as `conoceles rutas --json` prints it.
func (t *Routes) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(t.List())
}

// add panics on a route that is there already: two handlers for one address are
// a mistake that must not start.
func (t *Routes) add(r Route) {
	for _, have := range t.list {
		if have.Method == r.Method && have.Pattern == r.Pattern {
			panic(fmt.Sprintf("serve: %s %s is mounted twice", r.Method, r.Pattern))
		}
	}
	t.list = append(t.list, r)
}

// surfaceOf guesses whose page should say that a path is not there: that of the
// routes that begin alike.
func (t *Routes) surfaceOf(path string) Surface {
	head := firstSegment(path)
	for _, r := range t.list {
		if r.Surface == Desk && firstSegment(r.Pattern) == head {
			return Desk
		}
	}
	return Public
}

func firstSegment(path string) string {
	head, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return head
}

// Group mounts the routes of one surface. Its zero value mounts nothing.
type Group struct {
	front   *Front
	router  chi.Router
	surface Surface
	prefix  string
}

// Group returns the group of the surface on the router, with whatever middleware
// that router has.
func (f *Front) Group(r chi.Router, s Surface) Group {
	return Group{front: f, router: r, surface: s}
}

// Under returns the group under a prefix: the same handlers serve the process in
// force at "/" and any other at "/procesos/{clave}".
func (g Group) Under(prefix string) Group {
	g.prefix += prefix
	return g
}

// Option changes a limit of one route.
type Option func(*limits)

type limits struct {
	body    int64
	upload  time.Duration
	timeout time.Duration
	others  bool
	always  bool
}

// The limits of a route that says nothing. A form of three texts of 5,000
// characters, each sent as three times as many bytes as it may have, fits.
const (
	defaultBody    = 512 << 10
	defaultTimeout = 20 * time.Second
	uploadTime     = 120 * time.Second
)

// MaxBody sets how many bytes a form may bring.
func MaxBody(bytes int64) Option { return func(l *limits) { l.body = bytes } }

// Upload is MaxBody for files, with time for slow connections to send them.
func Upload(bytes int64) Option {
	return func(l *limits) { l.body, l.upload, l.timeout = bytes, uploadTime, uploadTime }
}

// Timeout sets how long the handler may take.
func Timeout(d time.Duration) Option { return func(l *limits) { l.timeout = d } }

// Always keeps an act open where the gate closes those that write: entering,
// leaving, withdrawing a consent.
func Always() Option { return func(l *limits) { l.always = true } }

// ReadByOthers lets programs that browsers run on other sites read the answer,
// with no credentials: for what is public data. It also answers their question
// before asking, which is no route of its own.
func ReadByOthers() Option { return func(l *limits) { l.others = true } }

// Get mounts a page; HEAD is answered too.
func (g Group) Get(pattern, name string, role Role, h HandlerFunc, options ...Option) {
	var l limits
	for _, o := range options {
		o(&l)
	}
	if l.others {
		h = readByOthers(h)
		g.router.Method(http.MethodOptions, g.prefix+pattern, g.handler(preflight, options))
	}
	handler := g.handler(h, options)
	g.record(http.MethodGet, pattern, name, role)
	g.router.Method(http.MethodGet, g.prefix+pattern, handler)
	g.router.Method(http.MethodHead, g.prefix+pattern, handler)
}

// Post mounts an act. What it reads is a form; anything else is refused.
func (g Group) Post(pattern, name string, role Role, h HandlerFunc, options ...Option) {
	g.record(http.MethodPost, pattern, name, role)
	g.router.Method(http.MethodPost, g.prefix+pattern, g.handler(onlyForms(h), options))
}

// Files mounts a handler of the standard library that reads and never fails.
func (g Group) Files(pattern, name string, h http.Handler) {
	g.record(http.MethodGet, pattern, name, Anyone)
	g.router.Method(http.MethodGet, g.prefix+pattern, h)
	g.router.Method(http.MethodHead, g.prefix+pattern, h)
}

func (g Group) record(method, pattern, name string, role Role) {
	g.front.routes.add(Route{Method: method, Pattern: g.prefix + pattern, Role: role, Surface: g.surface, Name: name})
}

// handler applies the limits of the route.
func (g Group) handler(h HandlerFunc, options []Option) http.Handler {
	l := limits{body: defaultBody, timeout: defaultTimeout}
	for _, o := range options {
		o(&l)
	}
	return g.front.Handler(g.surface, func(w http.ResponseWriter, r *http.Request) error {
		if gate := g.front.options.Gate; gate != nil && g.surface != System {
			if err := gate(r, l.always); err != nil {
				return err
			}
		}
		if l.upload > 0 {
			extend(w, l.upload)
		}
		if r.ContentLength > l.body {
			return errTooLarge // before reading any of it
		}
		ctx, cancel := context.WithTimeout(r.Context(), l.timeout)
		defer cancel()
		r = r.WithContext(ctx)
		r.Body = http.MaxBytesReader(w, r.Body, l.body)
		return h(w, r)
	})
}

// extend gives a slow upload more time than the server's own. Where the
// connection cannot be told, the server's limit stays.
func extend(w http.ResponseWriter, d time.Duration) {
	c := http.NewResponseController(w)
	deadline := time.Now().Add(d)
	_ = c.SetReadDeadline(deadline)
	_ = c.SetWriteDeadline(deadline.Add(30 * time.Second))
}
