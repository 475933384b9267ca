package app_test

import (
	"cmp"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"conoceles/internal/demo"
	"conoceles/internal/serve"
	"conoceles/internal/webtest/browser"
)

func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }

// people enters each account once, in a page of its own.
type people struct {
	t     *testing.T
	base  string
	pages map[string]*browser.Page
}

// as returns the page of an account, which has entered; nobody's if empty.
func (p *people) as(account string) *browser.Page {
	p.t.Helper()
	if page, ok := p.pages[account]; ok {
		return page
	}
	page := browser.New(p.t).Page()
	page.Open(p.base + "/entrar")
	if account != "" {
		page.Type("Correo electrónico", account+"@ejemplo.invalid")
		page.Type("Contraseña", demo.Password)
		page.Click("button", "Entrar")
		if got := page.URL(); strings.HasSuffix(got, "/entrar") {
			p.t.Fatalf("%s does not enter: %s", account, page.Text())
		}
	}
	p.pages[account] = page
	return page
}

// role returns the role of an account, as the table of routes calls it.
func (s *stage) role(account string) serve.Role {
	s.Helper()
	if account == "" {
		return serve.Anyone
	}
	return serve.Role(s.text(`SELECT g.role FROM desk.grants g JOIN desk.accounts a ON a.id = g.account_id WHERE a.email = $1`, account+"@ejemplo.invalid"))
}

// may reports whether a role is one of those of a route.
func may(role, route serve.Role) bool {
	for r := range strings.FieldsSeq(string(route)) {
		if r == string(role) || r == string(serve.Anyone) {
			return true
		}
	}
	return false
}

// Every page of the program, opened by somebody who may, is one that everybody
// can use (ux.md 10), and a public one costs little and leaves nothing behind.
func TestEveryRouteInABrowser(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	who := &people{t: t, base: server.URL, pages: map[string]*browser.Page{}}
	known := samples(s, who.as)
	byAccount := map[string][]call{}
	for _, route := range s.front.Routes().List() {
		if route.Method != http.MethodGet {
			continue
		}
		sample, ok := known[route.Pattern]
		delete(known, route.Pattern)
		switch {
		case !ok:
			t.Errorf("%s (%s) has no sample: add it to browser_samples_test.go", route.Pattern, route.Name)
		case !may(s.role(sample.as), route.Role):
			t.Errorf("%s: %q may not use it, only %s", route.Pattern, sample.as, route.Role)
		default:
			byAccount[sample.as] = append(byAccount[sample.as], call{sample, route})
		}
	}
	for pattern := range known {
		t.Errorf("%s is no longer a route: take its sample away", pattern)
	}
	for account, visits := range byAccount { // each person looks while the others do
		t.Run(cmp.Or(account, "nadie"), func(t *testing.T) {
			t.Parallel()
			who := &people{t: t, base: server.URL, pages: map[string]*browser.Page{}}
			for _, v := range visits {
				for _, path := range v.paths {
					t.Run(path, func(t *testing.T) {
						if v.file {
							answers(t, who, account, path)
						} else {
							judge(t, who.as(account).In(t), path, v.within(v.route.Surface))
						}
					})
				}
			}
		})
	}
}

// call is a sample of a route.
type call struct {
	sample
	route serve.Route
}

// within returns what a sample may weigh on its surface.
func (s sample) within(surface serve.Surface) browser.Budget {
	switch {
	case s.budget != nil:
		return *s.budget
	case surface == serve.Desk:
		return browser.PrivateBudget
	}
	return browser.PublicBudget
}

// judge opens a page, which must be there, and judges it.
func judge(t *testing.T, p *browser.Page, path string, budget browser.Budget) {
	p.Open(path)
	if got := p.Status(); got != http.StatusOK {
		t.Fatalf("status %d, want 200", got)
	}
	if got := p.URL(); !strings.HasSuffix(got, path) {
		t.Fatalf("it leads to %s", got)
	}
	browser.CheckWeight(t, p, budget)
	browser.Check(t, p)
}

// answers asks for a file with the cookies of somebody.
func answers(t *testing.T, who *people, as, path string) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, who.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if as != "" {
		for name, value := range who.as(as).In(t).Cookies() {
			req.AddCookie(&http.Cookie{Name: name, Value: value})
		}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode/100 != 2 || (len(body) == 0) != (res.StatusCode == http.StatusNoContent) {
		t.Errorf("status %d with %d bytes", res.StatusCode, len(body))
	}
	if kind := res.Header.Get("Content-Type"); strings.HasPrefix(kind, "text/html") {
		t.Error("it is a page: its sample says that it is a file")
	}
}

// What is not there is a page too, on both sides of the door.
func TestFailuresInABrowser(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	who := &people{t: t, base: server.URL, pages: map[string]*browser.Page{}}
	for _, c := range []struct{ as, path string }{{"", "/no-existe"}, {"", "/candidaturas/no-existe"}, {"operador", "/captura/NO-EXISTE"}} {
		t.Run(c.path, func(t *testing.T) {
			p := who.as(c.as).In(t)
			p.Open(c.path)
			if got := p.Status(); got != http.StatusNotFound {
				t.Errorf("status %d, want 404", got)
			}
			browser.Check(t, p)
		})
	}
}

// Capturing needs no script: enter, write, be told what is wrong, keep it.
func TestCaptureWithoutScripts(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	p := browser.New(t).Page()
	p.WithoutScripts()
	p.Open(server.URL + "/captura/" + s.folio("en_captura") + "/curricular/motivo")
	p.Type("Correo electrónico", "operador@ejemplo.invalid")
	p.Type("Contraseña", demo.Password)
	p.Press("Enter")
	const motive = "Quiero servir a mi comunidad."
	p.Type(motiveLabel, motive)
	p.Click("button", "Guardar y continuar")
	if got := p.Status(); got != http.StatusUnprocessableEntity {
		t.Errorf("a text that is too short: status %d, want 422", got)
	}
	browser.Check(t, p)
	p.Type(motiveLabel, motive)
	p.Click("button", "Guardar y volver a la lista")
	p.See("Guardado a las")
}
