package app_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"conoceles/internal/config"
	"conoceles/internal/db/dbtest"
	"conoceles/internal/demo"
)

// wiredStage is a stage whose database is at the end of a wire, served over HTTP.
type wiredStage struct {
	*stage
	wire   *dbtest.Wire
	server *httptest.Server
}

func newWiredStage(t testing.TB) *wiredStage {
	t.Helper()
	pg, cfg := usual.open(t)
	wire := dbtest.NewWire(t, pg)
	cfg.DatabaseURL, cfg.SiteDatabaseURL = config.Secret(wire.URL(pg.DeskURL)), config.Secret(wire.URL(pg.SiteURL))
	s := nodeOver(t, stageOver(t, pg, cfg))
	s.wire = wire
	return s
}

// nodeOver serves a stage over HTTP, with no wire.
func nodeOver(t testing.TB, s *stage) *wiredStage {
	t.Helper()
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	return &wiredStage{stage: s, server: server}
}

// mend mends the wire and waits until the pool let go of what was broken.
func (s *wiredStage) mend() {
	s.Helper()
	s.wire.Mend()
	deadline := time.Now().Add(5 * time.Second) // security.md 3.4, F6
	for good := 0; good < 12; good++ {
		if err := errors.Join(s.app.Desk.Ping(context.Background()), s.app.Site.Ping(context.Background())); err != nil {
			good = 0
		}
		if time.Now().After(deadline) {
			s.Fatal("the pools do not recover in five seconds")
		}
	}
}

// client is somebody without scripts, entered unless who is empty.
type client struct {
	testing.TB
	http *http.Client
	base string
}

func (s *wiredStage) enters(who string) *client {
	s.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.Fatal(err)
	}
	c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if who != "" {
		if err := enter(c, s.server.URL, who); err != nil {
			s.Fatal(err)
		}
	}
	return &client{s.TB, c, s.server.URL}
}

// heard is what came back, read whole.
type heard struct {
	status int
	header http.Header
	body   string
	doc    *goquery.Document
}

// ask sends a form, or asks for a page when there is none, with headers in pairs.
func (b *client) ask(path string, form url.Values, headers ...string) heard {
	b.Helper()
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	req, err := http.NewRequest(method, b.base+path, body)
	if err != nil {
		b.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", b.base)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := b.http.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(text))
	if err != nil {
		b.Fatal(err)
	}
	return heard{res.StatusCode, res.Header, string(text), doc}
}

// form returns the fields of a form of the page, and where it is sent.
func (a heard) form(selector string) (path string, fields url.Values) {
	fields = url.Values{}
	f := a.doc.Find(selector).First()
	f.Find("input, textarea").Each(func(_ int, e *goquery.Selection) {
		name, kind := e.AttrOr("name", ""), e.AttrOr("type", "")
		_, checked := e.Attr("checked")
		switch {
		case name == "" || (kind == "radio" || kind == "checkbox") && !checked:
		case goquery.NodeName(e) == "textarea":
			fields.Add(name, strings.ReplaceAll(strings.TrimPrefix(e.Text(), "\n"), "\n", "\r\n"))
		default:
			// A page loses the CR of its lines, and a browser that sends them puts it back.
			fields.Add(name, strings.ReplaceAll(e.AttrOr("value", ""), "\n", "\r\n"))
		}
	})
	return f.AttrOr("action", ""), fields
}

const typedText = "Lo escribí durante una hora, con «comillas», <b>signos</b> y\r\ndos renglones."

// TestASaveWithoutADatabaseGivesTheTextBack cuts the database while somebody
// saves: the page needs nothing of it, carries all that was typed, and sending
// that page again leaves one version with the text.
func TestASaveWithoutADatabaseGivesTheTextBack(t *testing.T) {
	t.Parallel()
	s := newWiredStage(t)
	who := s.enters("operador")
	const openFolio = `SELECT c.folio FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
WHERE c.capture IN ('sin_iniciar', 'en_captura') AND c.standing = 'aprobada' AND n.name = 'Raíz Común' ORDER BY c.id LIMIT 1`
	path := "/captura/" + s.text(openFolio) + "/curricular/historia"
	page := who.ask(path, nil)
	if page.status != http.StatusOK {
		t.Fatalf("%s answers %d", path, page.status)
	}
	_, form := page.form("main form")
	area := page.doc.Find("main form textarea").First().AttrOr("name", "")
	if area == "" {
		t.Fatal("the section has no text")
	}
	form.Set(area, typedText)
	form.Set("accion", "volver")

	for _, down := range []struct {
		name string
		cut  func()
	}{
		{"the session cannot be read", s.wire.Cut},
		{"the reply to the commit is lost and nothing passes any more", func() { s.wire.LoseReplyAndCut("commit\x00") }},
	} {
		before := s.wire.Acted()
		down.cut()
		lost := who.ask(path, form)
		if s.wire.Acted() == before {
			t.Fatalf("%s: the wire did not act", down.name)
		}
		if lost.status != http.StatusServiceUnavailable || lost.header.Get("Retry-After") == "" {
			t.Fatalf("%s: got %d\n%s", down.name, lost.status, lost.body)
		}
		to, kept := lost.form("main form")
		if to != path || kept.Get(area) != typedText || kept.Get("guardado_id") != form.Get("guardado_id") || kept.Encode() != form.Encode() {
			t.Fatalf("%s: the page gives back to %q\n%v\nwant\n%v", down.name, to, kept, form)
		}
		if got := lost.doc.Find("main textarea").Text(); strings.TrimPrefix(got, "\n") != strings.ReplaceAll(typedText, "\r\n", "\n") {
			t.Errorf("%s: it shows %q", down.name, got)
		}
		form = kept
		s.mend()
	}
	for range 2 { // whoever doubts presses twice
		if again := who.ask(path, form); again.status != http.StatusSeeOther {
			t.Fatalf("sent again: %d\n%s", again.status, again.body)
		}
	}
	var drafts, keys int
	err := s.app.Desk.QueryRow(context.Background(), `SELECT (SELECT count(*) FROM desk.drafts WHERE form::text LIKE '%durante una hora%'),
  (SELECT count(*) FROM desk.submissions WHERE key = $1)`, form.Get("guardado_id")).Scan(&drafts, &keys)
	if err != nil || drafts != 1 || keys != 1 {
		t.Errorf("%d drafts and %d submissions (%v), want one of each", drafts, keys, err)
	}
}

// TestEveryFormIsGivenBack cuts the database under forms of every surface.
func TestEveryFormIsGivenBack(t *testing.T) {
	t.Parallel()
	s := newWiredStage(t)
	for _, tt := range []struct{ who, path string }{
		{"operador", "/captura/A-1/identidad/pueblos"},
		{"operador", "/captura/A-1/curricular/historia/diferencias/3"},
		{"verificador", "/transparencia/revision/A-1"},
		{"verificador", "/transparencia/requerimientos/proponer"},
		{"", "/arco"},
	} {
		who := s.enters(tt.who)
		form := url.Values{"texto": {typedText}, "opcion": {"si", "no"}, "guardado_id": {"0193f2a0-0000-7000-8000-000000000001"}}
		s.wire.Cut()
		got := who.ask(tt.path, form)
		_, kept := got.form("main form")
		if got.status == http.StatusNotFound || got.status == http.StatusMethodNotAllowed {
			t.Errorf("%s is no longer a form: mend this test", tt.path)
		} else if got.status != http.StatusServiceUnavailable || kept.Encode() != form.Encode() {
			t.Errorf("%s: %d gives back %v", tt.path, got.status, kept)
		}
		if stranger := who.ask(tt.path, form, "Origin", "https://otro.ejemplo", "Sec-Fetch-Site", "cross-site"); strings.Contains(stranger.body, "durante una hora") {
			t.Errorf("%s shows the words of another site under our name", tt.path)
		}
		s.mend()
	}
	// What proves who somebody is goes back to nobody.
	s.wire.Cut()
	got := s.enters("").ask("/entrar", url.Values{"correo": {"operador@ejemplo.invalid"}, "contrasena": {demo.Password}})
	if got.status != http.StatusServiceUnavailable || strings.Contains(got.body, demo.Password) || strings.Contains(got.body, "Volver a enviar") {
		t.Errorf("/entrar: %d\n%s", got.status, got.body)
	}
}
