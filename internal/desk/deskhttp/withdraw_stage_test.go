package deskhttp_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/deskhttp"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/desk/keys"
	"conoceles/internal/desk/publish"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/internal/site/sitehttp"
	"conoceles/web"
	"conoceles/web/layout"
)

// withdrawStage is a published process with one validated candidacy, whose public
// site and link that withdraws are served over HTTP. Every stage is alike: what
// two of them answer differs only where what happened in them must show.
type withdrawStage struct {
	*desktest.World
	consents  *consent.Store
	seal      *identity.Store
	operator  auth.Operator
	head      auth.Head
	candidacy int64
	folio     string
	handler   http.Handler
	log       bytes.Buffer
	version   int // of the answers
}

func newWithdrawStage(t testing.TB) *withdrawStage {
	t.Helper()
	w := desktest.New(t)
	ring, err := keys.Open(filepath.Join(t.TempDir(), "llaves.json"))
	if err != nil {
		t.Fatal(err)
	}
	w.Publisher = publish.New(ring)
	s := &withdrawStage{World: w, seal: identity.New(ring), consents: consent.New(w.Desk, w.Publisher, ring, "https://conoceles.example")}
	party := w.Nominator(election.Party, "HOR")
	s.candidacy = w.Candidacy(party, "Marisol", "Inventada Tapia")
	w.Exec(`UPDATE desk.persons SET email = 'marisol@ejemplo.invalid'`)
	s.folio = s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, s.candidacy)
	s.operator = auth.Operator{Who: auth.Who{Account: w.Account("opera@hor.mx", "operador", party, 0), Process: w.Process}, Nominator: party}
	s.head = auth.Head{Who: auth.Who{Account: w.Account("titular@ejemplo.mx", "titular", 0, 0), Process: w.Process}}
	for _, kind := range []string{"integral", "simplificado"} {
		w.Exec(`
INSERT INTO desk.notices (process_id, kind, version, markdown, hash, acuerdo, approved_on, created_at) VALUES ($1, $2, 1, 'Aviso', 'h', 'CT/1', '2027-02-01', $3)`,
			w.Process, kind, w.Now())
		w.Exec(`INSERT INTO desk.notice_acceptances (candidacy_id, notice_id, account_id, at) SELECT $1, max(id), $2, $3 FROM desk.notices`,
			s.candidacy, s.operator.Account, w.Now())
	}
	w.Answer(s.candidacy, "motivo_cargo_publico", questionnaire.Answers{questionnaire.Motive: {Text: "Para servir"}})
	w.Validate(s.candidacy)
	w.Open()
	s.SetNow(desktest.Start.Add(time.Hour)) // acts come after the publication
	s.serve()
	return s
}

func (s *withdrawStage) serve() {
	front := serve.New(serve.Options{Now: s.Now, Log: slog.New(slog.NewJSONHandler(&s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	router := front.Router()
	letterhead := func(context.Context) layout.Site {
		return layout.Site{Name: "Conóceles", Institute: "Instituto de Prueba"}
	}
	front.Group(router, serve.System).Files(web.Prefix+"*", "static", web.Static())
	public := front.Group(router, serve.Public)
	sitehttp.New(site.New(s.Site, questionnaire.Edition).WithIdentity(s.Site), sitehttp.Options{Site: letterhead, Now: s.Now, BaseURL: "https://conoceles.example"}).
		Mount(public)
	(&deskhttp.Withdrawal{Face: &deskhttp.Face{Site: letterhead, Now: s.Now}, Consents: s.consents}).Mount(public)
	s.handler = router
}

func (s *withdrawStage) text(sql string, args ...any) string {
	s.T.Helper()
	var out string
	if err := s.Desk.QueryRow(context.Background(), sql, args...).Scan(&out); err != nil {
		s.T.Fatal(err)
	}
	return out
}

// must fails the test unless an act went well.
func (s *withdrawStage) must(err error) {
	s.T.Helper()
	if err != nil {
		s.T.Fatal(err)
	}
}

// silent is a whole questionnaire that affirms nothing public.
func silent() questionnaire.Answers {
	a := questionnaire.Answers{}
	for _, q := range questionnaire.Identity().Questions() {
		a[q.ID] = questionnaire.Answer{Text: questionnaire.No}
		if _, ok := q.Option(questionnaire.No); !ok {
			a[q.ID] = questionnaire.Answer{Text: questionnaire.PreferNot}
		}
	}
	return questionnaire.Identity().Settle(a)
}

// affirming is silent with some answers in place of others.
func affirming(some questionnaire.Answers) questionnaire.Answers {
	a := silent()
	maps.Copy(a, some)
	return a
}

// word is what a person answers in these tests that nothing else says.
const word = "CNRY-4ZQ7W2XK9TB3M6HD"

// indigenous affirms what is public by default.
func indigenous() questionnaire.Answers {
	return affirming(questionnaire.Answers{
		questionnaire.Indigenous: {Text: questionnaire.Yes}, questionnaire.IndigenousPeople: {Text: "otro", Other: word},
	})
}

// answer saves a version of the answers.
func (s *withdrawStage) answer(a questionnaire.Answers) {
	s.T.Helper()
	s.Tx(func(ctx context.Context, tx *db.Tx) error {
		version, err := s.seal.Save(ctx, tx, identity.Entry{
			Process: s.Process, Candidacy: s.candidacy, Questionnaire: questionnaire.Identity(), Answers: a, Base: s.version, Account: s.operator.Account,
		})
		s.version = version
		return err
	})
	s.Publish(s.candidacy)
}

// last is the last event of the candidacy's consent.
func (s *withdrawStage) last() int64 {
	return s.ID(`SELECT COALESCE(max(id), 0) FROM sensitive.consent_events WHERE candidacy_id = $1`, s.candidacy)
}

func (s *withdrawStage) declare(processing, publication, statistics bool) {
	s.T.Helper()
	s.must(s.consents.Declare(context.Background(), s.operator, consent.Declaration{
		Folio: s.folio, After: s.last(), Processing: &processing, Publication: &publication, Statistics: &statistics,
	}))
}

func (s *withdrawStage) attach() {
	s.T.Helper()
	s.must(s.consents.Attach(context.Background(), s.operator, consent.Attachment{
		Folio: s.folio, After: s.last(), File: consent.Document{Bytes: []byte("%PDF-1.4\nfirmado\n%%EOF\n")},
	}))
}

func (s *withdrawStage) declaration() int64 {
	return s.ID(`SELECT max(id) FROM sensitive.consent_events WHERE candidacy_id = $1 AND event IN ('otorga', 'niega')`, s.candidacy)
}

// verify confirms the document of the last declaration.
func (s *withdrawStage) verify() {
	s.T.Helper()
	decided := [3]bool{}
	const read = `SELECT processing, publication, statistics FROM sensitive.consent_events WHERE id = $1`
	s.must(s.Desk.QueryRow(context.Background(), read, s.declaration()).Scan(&decided[0], &decided[1], &decided[2]))
	v, err := s.consents.ToVerify(context.Background(), s.head, s.folio)
	s.must(err)
	v.Processing, v.Publication, v.Statistics, v.SamePerson, v.Signed = &decided[0], &decided[1], &decided[2], true, true
	s.must(s.consents.Verify(context.Background(), s.head, v))
}

// grant takes a consent all the way.
func (s *withdrawStage) grant() {
	s.T.Helper()
	s.declare(true, true, true)
	s.attach()
	s.verify()
}

var tokenInBody = regexp.MustCompile(`https://conoceles\.example(/retirar/[\w-]+)`)

// link is the address in the last message to the person.
func (s *withdrawStage) link() string {
	s.T.Helper()
	found := tokenInBody.FindStringSubmatch(s.text(`SELECT body FROM desk.outbox ORDER BY id DESC LIMIT 1`))
	if found == nil {
		s.T.Fatal("the last message has no link")
	}
	return found[1]
}

// reply is an answer as it left.
type reply struct {
	Status int
	Header http.Header
	Body   string
}

func (s *withdrawStage) do(method, path string, headers ...string) reply {
	s.T.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, r)
	res := rec.Result()
	body, err := io.ReadAll(res.Body)
	s.must(err)
	return reply{res.StatusCode, res.Header, string(body)}
}

// shows reports whether an address shows what the person answered.
func (s *withdrawStage) shows(path string) bool {
	return strings.Contains(s.do(http.MethodGet, path).Body, word)
}
