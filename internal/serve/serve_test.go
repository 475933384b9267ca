package serve_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/layout"
)

// world is a Front with a router, its log and the two surfaces.
type world struct {
	front        *serve.Front
	handler      http.Handler
	public, desk serve.Group
	log          *bytes.Buffer
}

func newWorld(t *testing.T, change ...func(*serve.Options)) *world {
	t.Helper()
	w := &world{log: &bytes.Buffer{}}
	o := serve.Options{
		Log:   slog.New(slog.NewJSONHandler(w.log, nil)),
		NewID: func() string { return "REF123" },
		PublicFace: func(*http.Request) layout.Meta {
			return layout.Meta{Site: layout.Site{Name: "Conóceles", Place: "Lugar"}}
		},
		DeskFace: func(*http.Request) (layout.Meta, layout.Area) {
			return layout.Meta{Site: layout.Site{Name: "Conóceles"}}, layout.Area{Name: "Captura", Home: "/captura"}
		},
	}
	for _, c := range change {
		c(&o)
	}
	w.front = serve.New(o)
	r := w.front.Router()
	w.handler = r
	w.public = w.front.Group(r, serve.Public)
	w.desk = w.front.Group(r.With(w.front.CrossOrigin(), serve.NoStore), serve.Desk)
	return w
}

func (w *world) do(r *http.Request) *http.Response {
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	return rec.Result()
}

func (w *world) get(path string) *http.Response {
	return w.do(httptest.NewRequest(http.MethodGet, path, nil))
}

func document(t *testing.T, r *http.Response) *goquery.Document {
	t.Helper()
	d, err := goquery.NewDocumentFromReader(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func failing(err error) serve.HandlerFunc {
	return func(http.ResponseWriter, *http.Request) error { return err }
}

func text(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	})
}

func page(s string) serve.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		return serve.Page(w, r, http.StatusOK, text(s))
	}
}

func TestFailuresBecomePages(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		status int
		title  string
		retry  string
		refers bool
	}{
		{"not found", fault.New(fault.NotFound, ""), 404, "No encontramos esta página", "", false},
		{"gone", fault.New(fault.Gone, "La candidatura fue sustituida."), 410, "Esta página se retiró", "", false},
		{"invalid", fault.InvalidField("q", "Escribe menos."), 422, "Hay datos por corregir", "", false},
		{"conflict", fault.New(fault.Conflict, ""), 409, "Alguien guardó cambios antes que tú", "", false},
		{"forbidden", fault.New(fault.Forbidden, ""), 403, "No tienes permiso para ver esta página", "", false},
		{"too many", serve.After(90*time.Second, fault.New(fault.TooMany, "")), 429, "Demasiadas solicitudes en poco tiempo", "90", false},
		{"unavailable", fault.New(fault.Unavailable, ""), 503, "El servicio no está disponible por el momento", "30", true},
		{"deadline", context.DeadlineExceeded, 503, "El servicio no está disponible por el momento", "30", true},
		{"defect", errors.New("canario-secreto"), 500, "Tuvimos un problema", "", true},
	} {
		for _, surface := range []serve.Surface{serve.Public, serve.Desk} {
			t.Run(c.name+" "+string(surface), func(t *testing.T) {
				w := newWorld(t)
				group, private := w.public, false
				if surface == serve.Desk {
					group, private = w.desk, true
				}
				group.Get("/algo", "showSomething", serve.Anyone, failing(c.err))
				res := w.get("/algo")
				d := document(t, res)
				if res.StatusCode != c.status {
					t.Errorf("status %d, want %d", res.StatusCode, c.status)
				}
				if got := d.Find("h1").Text(); got != c.title {
					t.Errorf("title %q, want %q", got, c.title)
				}
				if got := res.Header.Get("Retry-After"); got != c.retry {
					t.Errorf("Retry-After %q, want %q", got, c.retry)
				}
				if got := res.Header.Get("Cache-Control"); got != "no-store" {
					t.Errorf("Cache-Control %q, want no-store", got)
				}
				if got := strings.Contains(d.Text(), "REF123"); got != c.refers {
					t.Errorf("shows the reference: %v, want %v", got, c.refers)
				}
				if got := d.Find(".cabeza--privada").Length() == 1; got != private {
					t.Errorf("private look: %v, want %v", got, private)
				}
				if strings.Contains(d.Text(), "canario") {
					t.Error("the page shows the error's own text")
				}
			})
		}
	}
}

func TestFailurePageSaysWhatTheErrorSaysForPeople(t *testing.T) {
	w := newWorld(t)
	w.public.Get("/algo", "show", serve.Anyone, failing(&fault.Error{
		Kind: fault.Gone, Message: "La candidatura fue sustituida.", Fields: []fault.Field{{ID: "x", Message: "Ve la nueva."}},
	}))
	got := document(t, w.get("/algo")).Find("main").Text()
	for _, want := range []string{"La candidatura fue sustituida.", "Ve la nueva."} {
		if !strings.Contains(got, want) {
			t.Errorf("page lacks %q", want)
		}
	}
}

// What a person typed may be in the text of an error that is their own; only
// failures of ours write it.
func TestOnlyOurFailuresAreLoggedWithTheirText(t *testing.T) {
	w := newWorld(t)
	w.public.Get("/suyo", "a", serve.Anyone, failing(fault.InvalidField("q", "canario-tecleado")))
	w.public.Get("/nuestro/{token}", "b", serve.Anyone, failing(errors.New("la base no responde")))
	w.get("/suyo?q=canario-consulta")
	w.get("/nuestro/canario-ruta")
	log := w.log.String()
	if strings.Contains(log, "canario") {
		t.Errorf("the log has what a person typed: %s", log)
	}
	for _, want := range []string{`"error":"la base no responde"`, `"ruta":"/nuestro/{token}"`, `"peticion":"REF123"`, `"clase":"invalid"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s", want)
		}
	}
	if got := strings.Count(log, `"msg":"fallo"`); got != 2 {
		t.Errorf("%d failures logged, want one each", got)
	}
}

func TestPanicIsAPageAndItsValueIsNotLogged(t *testing.T) {
	w := newWorld(t)
	w.desk.Get("/captura", "show", serve.Anyone, func(http.ResponseWriter, *http.Request) error {
		panic("canario-en-el-panico")
	})
	res := w.get("/captura")
	if res.StatusCode != 500 || document(t, res).Find(".cabeza--privada").Length() != 1 {
		t.Errorf("status %d, want a private 500", res.StatusCode)
	}
	log := w.log.String()
	if strings.Contains(log, "canario") {
		t.Error("the log has the panic's value")
	}
	if !strings.Contains(log, `"tipo":"string"`) || !strings.Contains(log, "TestPanicIsAPage") {
		t.Errorf("the log lacks the type or the stack: %s", log)
	}
}

// Half an answer must not look whole.
func TestFailureAfterTheAnswerBeganCutsTheConnection(t *testing.T) {
	w := newWorld(t)
	w.public.Get("/mitad", "show", serve.Anyone, func(rw http.ResponseWriter, _ *http.Request) error {
		_, _ = io.WriteString(rw, "la mitad")
		_ = http.NewResponseController(rw).Flush()
		return errors.New("se rompió")
	})
	server := httptest.NewServer(w.handler)
	defer server.Close()
	res, err := http.Get(server.URL + "/mitad")
	if err == nil {
		defer res.Body.Close()
		_, err = io.ReadAll(res.Body)
	}
	if err == nil {
		t.Error("the client read a whole answer")
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	w := newWorld(t)
	w.public.Get("/candidaturas", "listCandidacies", serve.Anyone, page("lista"))
	w.desk.Get("/captura", "showBoard", "operadora", page("tablero"))
	for _, c := range []struct {
		method, path string
		status       int
		private      bool
		allow        string
	}{
		{"GET", "/no-existe", 404, false, ""},
		{"GET", "/captura/no-existe", 404, true, ""},
		{"POST", "/candidaturas", 405, false, "GET, HEAD"},
		{"DELETE", "/captura", 405, true, "GET, HEAD"},
		{"GET", "/candidaturas/%00", 404, false, ""},
		{"GET", "/candidaturas/%ff", 404, false, ""},
		{"GET", "//candidaturas", 404, false, ""},
		{"GET", "/candidaturas/../captura", 404, false, ""},
	} {
		res := w.do(httptest.NewRequest(c.method, c.path, nil))
		d := document(t, res)
		if res.StatusCode != c.status {
			t.Errorf("%s %s: status %d, want %d", c.method, c.path, res.StatusCode, c.status)
		}
		if got := d.Find(".cabeza--privada").Length() == 1; got != c.private {
			t.Errorf("%s %s: private look %v, want %v", c.method, c.path, got, c.private)
		}
		if got := strings.Join(res.Header.Values("Allow"), ", "); got != c.allow {
			t.Errorf("%s %s: Allow %q, want %q", c.method, c.path, got, c.allow)
		}
		if lang, _ := d.Find("html").Attr("lang"); lang != "es-MX" {
			t.Errorf("%s %s: language %q", c.method, c.path, lang)
		}
	}
	if search := document(t, w.get("/no-existe")).Find(`form[role=search][action="/candidaturas"]`); search.Length() != 1 {
		t.Error("the 404 offers no search")
	}
}

func TestHeadIsAnsweredLikeGet(t *testing.T) {
	w := newWorld(t)
	w.public.Get("/", "showHome", serve.Anyone, page("portada"))
	server := httptest.NewServer(w.handler)
	defer server.Close()
	res, err := http.Head(server.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("status %d, type %q", res.StatusCode, res.Header.Get("Content-Type"))
	}
}

func TestFailuresAsJSON(t *testing.T) {
	w := newWorld(t)
	w.desk.Get("/captura", "show", "operadora", failing(fault.InvalidField("p1", "Escribe la propuesta.")))
	for _, c := range []struct{ path, accept, kind string }{
		{"/captura", "application/json", "application/json; charset=utf-8"},
		{"/captura", "text/html,application/json", "text/html; charset=utf-8"},
		{"/api/v1/no-existe", "*/*", "application/problem+json; charset=utf-8"},
	} {
		r := httptest.NewRequest(http.MethodGet, c.path, nil)
		r.Header.Set("Accept", c.accept)
		res := w.do(r)
		if got := res.Header.Get("Content-Type"); got != c.kind {
			t.Errorf("%s accepting %s: %q, want %q", c.path, c.accept, got, c.kind)
			continue
		}
		if !strings.HasPrefix(c.kind, "application/json") {
			continue
		}
		var body struct {
			Error  string
			Campos []struct{ ID, Mensaje string }
		}
		if err := json.NewDecoder(res.Body).Decode(&body); err != nil || body.Error == "" {
			t.Errorf("%s: error %v, body %+v", c.path, err, body)
		}
		if c.path == "/captura" && (len(body.Campos) != 1 || body.Campos[0].Mensaje != "Escribe la propuesta.") {
			t.Errorf("fields %+v", body.Campos)
		}
	}
}
