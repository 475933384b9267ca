package app_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"conoceles/internal/demo"
	"conoceles/internal/serve"
)

// caller asks the program for things over no network, and keeps its cookies as a
// browser does.
type caller struct {
	testing.TB
	handler http.Handler
	name    string // the account before its @; nobody if empty
	role    serve.Role
	cookies map[string]*http.Cookie
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// call returns a caller that is nobody yet.
func (s *stage) call(t testing.TB) *caller {
	return &caller{TB: t, handler: s.handler, role: serve.Anyone, cookies: map[string]*http.Cookie{}}
}

// enter returns a caller that entered with an account.
func (s *stage) enter(t testing.TB, name string) *caller {
	t.Helper()
	c := s.call(t)
	c.name, c.role = name, s.role(name)
	r := c.post("/entrar", url.Values{"correo": {name + "@ejemplo.invalid"}, "contrasena": {demo.Password}})
	if r.status != http.StatusSeeOther || len(c.cookies) == 0 {
		t.Fatalf("%s does not enter: %d", name, r.status)
	}
	return c
}

// in returns the same caller, reporting to a subtest.
func (c *caller) in(t testing.TB) *caller {
	there := *c
	there.TB = t
	return &there
}

func (c *caller) get(path string) answer { return c.do(c.request(http.MethodGet, path, "")) }

func (c *caller) post(path string, form url.Values) answer {
	r := c.request(http.MethodPost, path, form.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.do(r)
}

// request returns a request as a browser on our own page would send it, for the
// test to spoil.
func (c *caller) request(method, path, body string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Origin", "http://"+r.Host)
	r.Header.Set("Accept", "text/html")
	return r
}

// do sends a request with the cookies of the caller.
func (c *caller) do(r *http.Request) answer {
	for _, cookie := range c.cookies {
		r.AddCookie(cookie)
	}
	rec := httptest.NewRecorder()
	serveOn(c.handler, rec, r)
	for _, cookie := range rec.Result().Cookies() {
		if c.cookies[cookie.Name] = cookie; cookie.MaxAge < 0 {
			delete(c.cookies, cookie.Name)
		}
	}
	body, err := io.ReadAll(rec.Result().Body)
	if err != nil {
		c.Fatal(err)
	}
	return answer{rec.Code, rec.Header(), string(body)}
}
