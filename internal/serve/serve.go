// Package serve is where the program speaks HTTP.
//
// A handler is a HandlerFunc: it returns an error instead of writing one. Front
// turns that error into a page, once, in Spanish and in the look of the surface
// where it happened, and is the only one that logs it. Pages render to a buffer
// first, so a page that cannot be drawn is a clean failure and never half a page.
//
// Routes are mounted only through a Group, which gives each its deadline, its
// body limit and its place in the route table that `conoceles rutas --json`
// prints. A typical surface:
//
//	front := serve.New(serve.Options{Log: log, HTTPS: true})
//	router := front.Router()
//	public := front.Group(router, serve.Public)
//	public.Get("/candidaturas/{slug}", "showProfile", serve.Anyone, h.showProfile)
//
// What is refused by default: storing (Cache-Control is no-store until a handler
// says otherwise), framing, scripts of others, forms from other sites, bodies
// that are not forms.
package serve

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"conoceles/web/layout"
)

// Surface is which of the program's faces a route belongs to.
type Surface string

// The surfaces.
const (
	Public Surface = "publica"    // no session, no cookie
	Desk   Surface = "escritorio" // behind a login
	System Surface = "sistema"    // for machines: health, assets
)

// Options are what a Front is made of.
type Options struct {
	Log *slog.Logger

	// HTTPS says that people arrive by https, and so HSTS may be sent.
	HTTPS bool

	// Trusted are the prefixes of the proxies whose X-Forwarded-For is believed.
	// Empty: the program faces the network itself.
	Trusted []string

	// PublicFace and DeskFace frame the pages that say what failed. They must
	// not fail nor wait: the database may be what is down. Nil gives a bare frame.
	PublicFace func(*http.Request) layout.Meta
	DeskFace   func(*http.Request) (layout.Meta, layout.Area)

	// Gate turns requests away before their handler, such as all of them during
	// maintenance. always is whether the route said Always. Nil lets everything in.
	// Files and what is for machines have no gate.
	Gate func(r *http.Request, always bool) error

	// Secrets are the fields of forms that no page gives back.
	Secrets []string

	// NewID makes the reference of a request. Nil draws it at random.
	NewID func() string

	// Now is the clock of the request log. Nil is the machine's.
	Now func() time.Time

	// Observe is told of each answer. Nil tells nobody.
	Observe func(Answered)
}

// Answered is what whoever counts is told of an answer: nothing that anybody typed.
type Answered struct {
	Pattern string // of the route; empty when it was none
	Method  string // «otro» when it is none we know
	Status  int
	Took    time.Duration
}

// Front is what every surface shares: the log, the frames of failures and the
// table of routes. It is built once and is safe for concurrent use after that.
type Front struct {
	options Options
	routes  *Routes
}

// New returns a Front with its defaults in place.
func New(o Options) *Front {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.PublicFace == nil {
		o.PublicFace = func(*http.Request) layout.Meta { return bareMeta() }
	}
	if o.DeskFace == nil {
		o.DeskFace = func(*http.Request) (layout.Meta, layout.Area) { return bareMeta(), layout.Area{Home: "/"} }
	}
	if o.NewID == nil {
		o.NewID = randomID
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Observe == nil {
		o.Observe = func(Answered) {}
	}
	return &Front{options: o, routes: &Routes{}}
}

func bareMeta() layout.Meta { return layout.Meta{Site: layout.Site{Name: "Conóceles"}} }

// Routes returns the table of everything that was mounted.
func (f *Front) Routes() *Routes { return f.routes }

// Router returns a router with what every request goes through, outermost
// first: the client's address, a reference and the request log, recovery from
// panics, security headers, refusal of malformed paths, compression.
func (f *Front) Router() *chi.Mux {
	r := chi.NewRouter()
	r.Use(clientAddress(f.options.Trusted), f.logged, f.recovered, headers(f.options.HTTPS), f.wellFormed, compressed)
	r.NotFound(f.notFound)
	r.MethodNotAllowed(f.notAllowed)
	return r
}

// clientAddress believes X-Forwarded-For only from configured proxies.
func clientAddress(trusted []string) func(http.Handler) http.Handler {
	if len(trusted) == 0 {
		return middleware.ClientIPFromRemoteAddr
	}
	return middleware.ClientIPFromXFF(trusted...)
}

// ClientAddr returns the address of who asks, or "" when it cannot be known.
func ClientAddr(r *http.Request) string { return middleware.GetClientIP(r.Context()) }
