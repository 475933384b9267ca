package deskhttp_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/desk/desktest"
	"conoceles/internal/questionnaire"
	"conoceles/internal/webtest/browser"
)

const (
	ficha = "/candidaturas/marisol-inventada-tapia"
	file  = "/datos/identidad.csv"
)

// surfaces are the public addresses that may know of a candidacy.
var surfaces = []string{
	ficha, file, "/", "/candidaturas", "/candidaturas?q=marisol", "/candidaturas?vista=tabla", "/datos", "/datos/candidaturas.csv", "/sitemap.xml", "/procesos",
}

// world is what every surface answers.
func (s *withdrawStage) world() map[string]reply {
	out := map[string]reply{}
	for _, path := range surfaces {
		out[path] = s.do(http.MethodGet, path, "Accept-Encoding", "br")
		out[path+" (plain)"] = s.do(http.MethodGet, path)
	}
	return out
}

// answered are the stories that end in «Respondido. No hay respuestas públicas.»
var answered = []struct {
	name string
	tell func(*withdrawStage)
}{
	{"answered and never decided", func(s *withdrawStage) { s.answer(indigenous()) }},
	{"nº 1 is No, nothing answered", func(s *withdrawStage) { s.declare(false, false, false) }},
	{"nº 1 is No, answered before", func(s *withdrawStage) { s.answer(indigenous()); s.declare(false, false, false) }},
	{"nº 2 is No", func(s *withdrawStage) { s.answer(indigenous()); s.declare(true, false, true); s.attach(); s.verify() }},
	{"no document", func(s *withdrawStage) { s.answer(indigenous()); s.declare(true, true, true) }},
	{"pending", func(s *withdrawStage) { s.answer(indigenous()); s.declare(true, true, true); s.attach() }},
	{"rejected", func(s *withdrawStage) {
		s.answer(indigenous())
		s.declare(true, true, true)
		s.attach()
		s.must(s.consents.Reject(context.Background(), s.head, s.folio, "", "Falta la firma", s.declaration()))
	}},
	{"withdrawn by the link", func(s *withdrawStage) { s.answer(indigenous()); s.grant(); s.do(http.MethodPost, s.link()) }},
	{"withdrawn on paper", func(s *withdrawStage) {
		s.answer(indigenous())
		s.grant()
		s.must(s.consents.WithdrawOnPaper(context.Background(), s.head, s.folio, "", desktest.Start, "Por escrito"))
	}},
	{"answers changed after the verification", func(s *withdrawStage) {
		s.answer(silent())
		s.grant()
		s.answer(indigenous())
	}},
	{"nothing affirmative", func(s *withdrawStage) { s.answer(silent()); s.grant() }},
	{"affirmative in what is not public", func(s *withdrawStage) {
		s.answer(affirming(questionnaire.Answers{questionnaire.Income: {Text: "mas_de_112000"}, questionnaire.BirthPlace: {Text: "oaxaca"}}))
		s.grant()
	}},
	{"paused", func(s *withdrawStage) {
		s.Exec(`INSERT INTO desk.withheld_parts (candidacy_id, part, since) VALUES ($1, 'identidad', $2)`, s.candidacy, s.Now())
		s.answer(indigenous())
		s.grant()
	}},
}

// I2: the reasons behind a complete questionnaire without public answers cannot
// be told apart, in any byte of any public surface.
func TestTheReasonsForNoPublicAnswersAreTheSameBytes(t *testing.T) {
	var want map[string]reply
	for _, story := range answered {
		t.Run(story.name, func(t *testing.T) {
			s := newWithdrawStage(t)
			s.world() // every page in memory before anything happens
			story.tell(s)
			got := s.world()
			if page := got[ficha+" (plain)"]; page.Status != http.StatusOK || !strings.Contains(page.Body, "Respondido. No hay respuestas públicas.") {
				t.Fatalf("status %d, and the ficha does not say «Respondido»", page.Status)
			}
			if want == nil {
				want = got
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-%s +got)\n%s", answered[0].name, diff)
			}
			if d := s.Differences(); len(d) != 0 {
				t.Errorf("the site is not what the desk says: %+v", d)
			}
		})
	}
}

// unanswered are the stories that end in «Sin responder.»
var unanswered = []struct {
	name string
	tell func(*withdrawStage)
}{
	{"untouched", func(*withdrawStage) {}},
	{"untouched, authorised and verified", func(s *withdrawStage) { s.grant() }},
	{"half done", func(s *withdrawStage) { s.answer(half()) }},
	{"half done, nº 2 is No", func(s *withdrawStage) { s.answer(half()); s.declare(true, false, true); s.attach(); s.verify() }},
	{"half done, pending", func(s *withdrawStage) { s.answer(half()); s.declare(true, true, true); s.attach() }},
	{"half done, withdrawn by the link", func(s *withdrawStage) { s.answer(half()); s.grant(); s.do(http.MethodPost, s.link()) }},
	{"half done, nothing affirmative yet", func(s *withdrawStage) {
		s.answer(questionnaire.Answers{questionnaire.Indigenous: {Text: questionnaire.No}})
		s.grant()
	}},
}

// half is a questionnaire on its way.
func half() questionnaire.Answers {
	return questionnaire.Answers{questionnaire.Indigenous: {Text: questionnaire.Yes}, questionnaire.IndigenousPeople: {Text: "otro", Other: word}}
}

// How far somebody got cannot be told from having done nothing.
func TestUntouchedAndHalfDoneAreTheSameBytes(t *testing.T) {
	var want map[string]reply
	for _, story := range unanswered {
		t.Run(story.name, func(t *testing.T) {
			s := newWithdrawStage(t)
			s.world()
			story.tell(s)
			got := s.world()
			if page := got[ficha+" (plain)"]; page.Status != http.StatusOK || !strings.Contains(page.Body, "Sin responder.") {
				t.Fatalf("status %d, and the ficha does not say «Sin responder»", page.Status)
			}
			if want == nil {
				want = got
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-%s +got)\n%s", unanswered[0].name, diff)
			}
		})
	}
}

// The control of the two tests above: one more person consents, and the
// difference is that person's surfaces and nothing else.
func TestAConsentInForceChangesItsSurfacesAndNothingElse(t *testing.T) {
	s := newWithdrawStage(t)
	s.answer(indigenous())
	before := s.world()
	s.grant()
	for path, got := range s.world() {
		own := strings.HasPrefix(path, ficha) || strings.HasPrefix(path, file)
		if changed := cmp.Diff(before[path], got) != ""; changed != own {
			t.Errorf("%s: changed %t, want %t", path, changed, own)
		}
	}
	if !s.shows(ficha) || !s.shows(file) {
		t.Error("what was authorised is not shown")
	}
	if got := s.do(http.MethodGet, ficha).Header.Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("Cache-Control %q", got)
	}
	if d := s.Differences(); len(d) != 0 {
		t.Errorf("the site is not what the desk says: %+v", d)
	}
}

func TestOpeningTheLinkActsOnNothing(t *testing.T) {
	s := newWithdrawStage(t)
	s.answer(indigenous())
	s.grant()
	link, events := s.link(), s.last()
	for _, c := range []struct{ method, name, value string }{
		{http.MethodGet, "", ""},
		{http.MethodHead, "", ""},
		{http.MethodGet, "Sec-Purpose", "prefetch;prerender"},
		{http.MethodGet, "User-Agent", "Mail link scanner"},
		{http.MethodOptions, "", ""},
		{http.MethodPut, "", ""},
	} {
		s.do(c.method, link, c.name, c.value)
	}
	if s.last() != events || !s.shows(ficha) {
		t.Fatal("opening the link withdrew")
	}
	page := s.do(http.MethodGet, link)
	for _, want := range []string{"Retirar tu autorización", "Marisol Inventada Tapia", "Partido HOR", s.folio, "Abrir esta página no cambia nada", "Qué sigue igual"} {
		if !strings.Contains(page.Body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, never := range []string{word, strings.TrimPrefix(link, "/retirar/"), "<script"} {
		if strings.Contains(page.Body, never) {
			t.Errorf("the page holds %q", never)
		}
	}
}

func TestTheButtonWithdrawsOnceAndForAll(t *testing.T) {
	s := newWithdrawStage(t)
	s.answer(indigenous())
	s.grant()
	s.SetNow(time.Date(2027, time.June, 5, 20, 0, 0, 0, time.UTC)) // campaigns are over: everything else is frozen
	link := s.link()
	done := s.do(http.MethodPost, link, "Content-Type", "application/x-www-form-urlencoded", "Origin", "null", "Sec-Fetch-Site", "same-origin")
	if done.Status != http.StatusOK || !strings.Contains(done.Body, "Retiramos tu autorización") || !strings.Contains(done.Body, "5 de junio de 2027, 14:00 h") {
		t.Fatalf("status %d\n%s", done.Status, done.Body)
	}
	if s.shows(ficha) || s.shows(file) {
		t.Error("withdrawn, and still shown")
	}
	if got := s.text(`SELECT event || ' ' || medium || ' ' || role FROM sensitive.consent_events ORDER BY id DESC LIMIT 1`); got != "retira enlace persona:enlace" {
		t.Errorf("the history says %q", got)
	}
	if got := s.text(`SELECT count(*)::text FROM audit.entries WHERE kind = 'consentimiento.retirar'`); got != "1" {
		t.Errorf("%s entries in the bitácora, want 1", got)
	}
	events := s.last()
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if res := s.do(method, link); res.Status != http.StatusNotFound {
			t.Errorf("%s of a used link: status %d, want 404", method, res.Status)
		}
	}
	if s.last() != events {
		t.Error("a used link acted again")
	}
}

// A link that withdraws nothing says so in the same bytes, whatever is wrong
// with it, and how else to withdraw.
func TestALinkThatIsNotValid(t *testing.T) {
	s := newWithdrawStage(t)
	s.answer(indigenous())
	s.grant()
	used := s.link()
	s.do(http.MethodPost, used)
	s.grant()
	valid := s.link()
	want := s.do(http.MethodGet, used)
	for _, text := range []string{"Este enlace ya no es válido", "Si ya lo usaste, tu autorización quedó retirada", "en persona o por escrito", "/entrar", "Instituto de Prueba"} {
		if !strings.Contains(want.Body, text) {
			t.Errorf("the page does not say %q", text)
		}
	}
	for name, path := range map[string]string{
		"mistyped":  valid[:len(valid)-1],
		"one more":  valid + "A",
		"invented":  "/retirar/x",
		"very long": "/retirar/" + strings.Repeat("A", 4000),
		"of SQL":    "/retirar/'%20OR%20true--",
		"upper":     "/retirar/" + strings.ToUpper(strings.TrimPrefix(valid, "/retirar/")),
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if diff := cmp.Diff(want, s.do(method, path)); diff != "" {
				t.Errorf("%s, %s (-used +got)\n%s", method, name, diff)
			}
		}
	}
	if !s.shows(ficha) {
		t.Error("a link that is not valid withdrew")
	}
	if res := s.do(http.MethodGet, "/retirar/"); res.Status != http.StatusNotFound {
		t.Errorf("without a token: status %d", res.Status)
	}
}

func TestTheAddressOfTheLinkIsASecret(t *testing.T) {
	s := newWithdrawStage(t)
	s.answer(indigenous())
	s.grant()
	link := s.link()
	token := strings.TrimPrefix(link, "/retirar/")
	check := func(name string, res reply) {
		t.Helper()
		for header, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "Set-Cookie": ""} {
			if got := res.Header.Get(header); got != want {
				t.Errorf("%s: %s %q, want %q", name, header, got, want)
			}
		}
		if !strings.Contains(res.Header.Get("X-Robots-Tag"), "noindex") {
			t.Errorf("%s: search engines may keep it", name)
		}
	}
	check("open", s.do(http.MethodGet, link))
	check("mistyped", s.do(http.MethodGet, link+"A"))
	if res := s.do(http.MethodPost, link, "Content-Type", "application/json"); res.Status != http.StatusOK && res.Status != http.StatusUnsupportedMediaType {
		t.Errorf("a strange body: status %d", res.Status)
	}
	s.do(http.MethodDelete, link)
	check("done", s.do(http.MethodPost, link))
	s.SetNow(s.Now().Add(time.Minute))
	for name, where := range map[string]string{
		"the log":      s.log.String(),
		"the bitácora": s.text(`SELECT string_agg(e::text, ' ') FROM audit.entries e`),
		"the links":    s.text(`SELECT string_agg(l::text, ' ') FROM sensitive.withdrawal_links l`),
	} {
		if strings.Contains(where, token) || strings.Contains(where, token[:20]) {
			t.Errorf("the token is in %s", name)
		}
	}
	if !strings.Contains(s.log.String(), "/retirar/{token}") {
		t.Error("the log does not say the route: this test proves nothing")
	}
}

func TestWithdrawalPagesInABrowser(t *testing.T) {
	s := newWithdrawStage(t)
	s.answer(indigenous())
	s.grant()
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	p := browser.New(t).Page()
	p.WithoutScripts()
	p.Open(server.URL + s.link())
	browser.Check(t, p)
	browser.CheckWeight(t, p, browser.PublicBudget)
	p.Click("button", "Retirar mi autorización")
	p.See("Retiramos tu autorización")
	browser.Check(t, p)
	p.Open(server.URL + s.link())
	p.See("Este enlace ya no es válido")
	p.Console() // a link that is not valid answers 404
	browser.Check(t, p)
	if s.shows(ficha) {
		t.Error("withdrawn in a browser, and still shown")
	}
}
