package deskhttp_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/deskhttp"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/review"
	"conoceles/internal/election"
	"conoceles/internal/serve"
	"conoceles/web"
	"conoceles/web/layout"
)

// captureStage is a world with two parties served over HTTP. Entering is a
// route of the test, so that passwords are somebody else's matter.
type captureStage struct {
	*desktest.World
	server    *httptest.Server
	party     int64
	candidacy int64
	folio     string
}

func newCaptureStage(t testing.TB) *captureStage {
	t.Helper()
	w := desktest.New(t)
	s := &captureStage{World: w}
	s.party = w.Nominator(election.Party, "HOR")
	s.candidacy = w.Candidacy(s.party, "Marisol", "Inventada Tapia")
	s.folio = s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, s.candidacy)

	accounts, err := auth.NewStore(w.Desk)
	if err != nil {
		t.Fatal(err)
	}
	sessions := auth.NewSessions(w.Desk, accounts, false)
	front := serve.New(serve.Options{Now: w.Now})
	router := front.Router()
	front.Group(router, serve.System).Files(web.Prefix+"*", "static", web.Static())
	desk := router.With(serve.NoStore, front.CrossOrigin(), sessions.Middleware)
	face := &deskhttp.Face{Sessions: sessions, Now: w.Now, Site: func(context.Context) layout.Site { return layout.Site{Name: "Conóceles"} }}
	g := front.Group(desk, serve.Desk)
	(&deskhttp.Capture{Face: face, Store: capture.New(w.Desk, w.Publisher)}).Mount(g)
	(&deskhttp.Review{Face: face, Store: review.New(w.Desk, w.Publisher)}).Mount(g)
	desk.Get("/prueba/entrar", func(_ http.ResponseWriter, r *http.Request) {
		account, _ := strconv.ParseInt(r.URL.Query().Get("cuenta"), 10, 64)
		if err := sessions.Open(r.Context(), account); err != nil {
			t.Error(err)
		}
	})
	router.Get("/favicon.ico", func(http.ResponseWriter, *http.Request) {}) // of the page above, which has no head
	s.server = httptest.NewServer(router)
	t.Cleanup(s.server.Close)
	return s
}

func (s *captureStage) text(sql string, args ...any) string {
	s.T.Helper()
	var out string
	if err := s.Desk.QueryRow(context.Background(), sql, args...).Scan(&out); err != nil {
		s.T.Fatal(err)
	}
	return out
}

func (s *captureStage) path(more ...string) string {
	return "/captura/" + s.folio + strings.Join(append([]string{""}, more...), "/")
}

// captureClient is somebody with a browser without scripts.
type captureClient struct {
	t    testing.TB
	http *http.Client
	base string
	at   string
	code int
	body []byte
	head http.Header
	doc  *goquery.Document
}

// enter lets somebody with a role in.
func (s *captureStage) enter(email, role string, nominator, candidacy int64) *captureClient {
	s.T.Helper()
	account := s.Account(email, role, nominator, candidacy)
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.T.Fatal(err)
	}
	c := &captureClient{t: s.T, base: s.server.URL, http: &http.Client{Jar: jar}}
	c.get("/prueba/entrar?cuenta=" + strconv.FormatInt(account, 10))
	return c
}

func (s *captureStage) operator() *captureClient {
	return s.enter("opera@hor.mx", "operador", s.party, 0)
}

func (s *captureStage) validator() *captureClient {
	return s.enter("valida@hor.mx", "validador", s.party, 0)
}

func (c *captureClient) get(path string) *captureClient {
	c.t.Helper()
	req, err := http.NewRequest(http.MethodGet, c.base+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.do(req)
}

func (c *captureClient) do(req *http.Request) *captureClient {
	c.t.Helper()
	res, err := c.http.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	if c.body, err = io.ReadAll(res.Body); err != nil {
		c.t.Fatal(err)
	}
	c.code, c.head, c.at, c.doc = res.StatusCode, res.Header, res.Request.URL.RequestURI(), nil
	if strings.HasPrefix(c.head.Get("Content-Type"), "text/html") {
		if c.doc, err = goquery.NewDocumentFromReader(bytes.NewReader(c.body)); err != nil {
			c.t.Fatal(err)
		}
	}
	return c
}

// want fails the test unless the answer has that status and says all of that.
func (c *captureClient) want(status int, says ...string) *captureClient {
	c.t.Helper()
	if c.code != status {
		c.t.Fatalf("%s: %d, want %d\n%s", c.at, c.code, status, c.shown())
	}
	for _, text := range says {
		if !strings.Contains(c.shown(), text) {
			c.t.Errorf("%s does not say %q", c.at, text)
		}
	}
	return c
}

// shown is the text of the page, or the body of what is no page.
func (c *captureClient) shown() string {
	if c.doc == nil {
		return string(c.body)
	}
	return strings.Join(strings.Fields(c.doc.Find("title, main, aside.demo").Text()), " ")
}

// form returns what the page's form would send without pressing any button.
func (c *captureClient) form() url.Values {
	c.t.Helper()
	form := url.Values{}
	f := c.doc.Find("main form")
	if f.Length() != 1 {
		c.t.Fatalf("%s has %d forms in its main", c.at, f.Length())
	}
	f.Find("input, textarea").Each(func(_ int, e *goquery.Selection) {
		name := e.AttrOr("name", "")
		switch _, checked := e.Attr("checked"); {
		case name == "" || e.AttrOr("type", "") == "file":
		case goquery.NodeName(e) == "textarea":
			form.Add(name, strings.TrimPrefix(e.Text(), "\n"))
		case e.AttrOr("type", "") == "radio" || e.AttrOr("type", "") == "checkbox":
			if checked {
				form.Add(name, e.AttrOr("value", ""))
			}
		default:
			form.Add(name, e.AttrOr("value", ""))
		}
	})
	return form
}

// send fills the page's form with pairs of names and values, presses a button
// of it and follows where it leads. The button must be there.
func (c *captureClient) send(button string, fields ...string) *captureClient {
	c.t.Helper()
	form := c.form()
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	b := c.doc.Find("main form button").FilterFunction(func(_ int, b *goquery.Selection) bool {
		return strings.Join(strings.Fields(b.Text()), " ") == button
	})
	if b.Length() == 0 {
		c.t.Fatalf("%s has no button %q", c.at, button)
	}
	if name := b.AttrOr("name", ""); name != "" {
		form.Set(name, b.AttrOr("value", ""))
	}
	return c.post(c.doc.Find("main form").AttrOr("action", ""), form)
}

func (c *captureClient) post(path string, form url.Values) *captureClient {
	c.t.Helper()
	req, err := http.NewRequest(http.MethodPost, c.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.do(req)
}

// upload sends the page's form with a file in it.
func (c *captureClient) upload(field, name string, file []byte) *captureClient {
	c.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for n, values := range c.form() {
		for _, v := range values {
			if err := m.WriteField(n, v); err != nil {
				c.t.Fatal(err)
			}
		}
	}
	part, err := m.CreateFormFile(field, name)
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := part.Write(file); err != nil {
		c.t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		c.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, c.base+c.doc.Find("main form").AttrOr("action", ""), &b)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	return c.do(req)
}

// link returns the address of the link with that text.
func (c *captureClient) link(text string) string {
	c.t.Helper()
	a := c.doc.Find("main a").FilterFunction(func(_ int, a *goquery.Selection) bool {
		return strings.HasPrefix(strings.Join(strings.Fields(a.Text()), " "), text)
	})
	if a.Length() == 0 {
		c.t.Fatalf("%s has no link %q", c.at, text)
	}
	return a.First().AttrOr("href", "")
}
