package deskhttp_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/deskhttp"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/keys"
	"conoceles/internal/desk/publish"
	"conoceles/internal/election"
	"conoceles/internal/serve"
	"conoceles/web"
	"conoceles/web/layout"
)

// identityStage is a capture stage with approved notices, whose process is
// published and whose candidacy is validated: only consent is missing. It keeps
// the log and every address asked for or led to.
type identityStage struct {
	*captureStage
	consents *consent.Store
	capture  *capture.Identity
	said     *safeBuffer
}

// safeBuffer collects what several requests write.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func newIdentityStage(t testing.TB) *identityStage {
	t.Helper()
	w := desktest.New(t)
	ring, err := keys.Open(filepath.Join(t.TempDir(), "llaves.json"))
	if err != nil {
		t.Fatal(err)
	}
	w.Publisher = publish.New(ring)
	s := &identityStage{captureStage: &captureStage{World: w}, said: &safeBuffer{}}
	s.party = w.Nominator(election.Party, "HOR")
	s.candidacy = w.Candidacy(s.party, "Marisol", "Inventada Tapia")
	s.folio = s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, s.candidacy)
	s.consents = consent.New(w.Desk, w.Publisher, ring, "https://conoceles.example")
	s.capture = capture.NewIdentity(w.Desk, w.Publisher, s.consents, ring)
	w.Tx(func(ctx context.Context, tx *db.Tx) error {
		return consent.ApproveNotices(ctx, tx, db.System{Name: "prueba"}, w.Process, consent.Approval{Acuerdo: "CT/01/2027", On: time.Date(2027, 2, 15, 0, 0, 0, 0, time.UTC)})
	})
	w.Validate(s.candidacy)
	w.Open()
	s.serve()
	return s
}

func (s *identityStage) serve() {
	t := s.T
	accounts, err := auth.NewStore(s.Desk)
	if err != nil {
		t.Fatal(err)
	}
	sessions := auth.NewSessions(s.Desk, accounts, false)
	front := serve.New(serve.Options{Now: s.Now, Log: slog.New(slog.NewJSONHandler(s.said, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	router := front.Router()
	front.Group(router, serve.System).Files(web.Prefix+"*", "static", web.Static())
	desk := router.With(serve.NoStore, front.CrossOrigin(), sessions.Middleware)
	face := &deskhttp.Face{Sessions: sessions, Now: s.Now, Site: func(context.Context) layout.Site { return layout.Site{Name: "Conóceles"} }}
	g := front.Group(desk, serve.Desk)
	identity := &deskhttp.Identity{Face: face, Consents: s.consents, Capture: s.capture}
	(&deskhttp.Capture{Face: face, Store: capture.New(s.Desk, s.Publisher), Identity: identity}).Mount(g)
	identity.Mount(g)
	desk.Get("/prueba/entrar", func(_ http.ResponseWriter, r *http.Request) {
		account, _ := strconv.ParseInt(r.URL.Query().Get("cuenta"), 10, 64)
		if err := sessions.Open(r.Context(), account); err != nil {
			t.Error(err)
		}
	})
	router.Get("/favicon.ico", func(http.ResponseWriter, *http.Request) {})
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		router.ServeHTTP(w, r)
		_, _ = s.said.Write([]byte(r.URL.RequestURI() + "\n" + strings.Join(w.Header().Values("Location"), "\n") + "\n"))
	}))
	t.Cleanup(s.server.Close)
}

// identityPath is an address within the identity questionnaire.
func (s *identityStage) identityPath(more ...string) string {
	return s.path(append([]string{"identidad"}, more...)...)
}

func (s *identityStage) candidate() *captureClient {
	return s.enter("marisol@ejemplo.mx", "candidata", 0, s.candidacy)
}

// decide reads the notice and declares.
func (s *identityStage) decide(c *captureClient, processing, publication, statistics string) {
	s.T.Helper()
	c.get(s.identityPath()).want(http.StatusOK, "Aviso de privacidad")
	if c.doc.Find("main form").Length() > 0 {
		c.send("Continuar a las autorizaciones", "leido", "si")
	}
	c.get(s.identityPath("autorizaciones")).want(http.StatusOK)
	c.send("Registrar las decisiones", "tratamiento", processing, "publicacion", publication, "estadistica", statistics).want(http.StatusOK)
}

// identityBlocks answers the whole questionnaire. Each block is posted as often
// as it asks for more. word is put wherever words may be written.
func (s *identityStage) answerAll(c *captureClient, word string) {
	s.T.Helper()
	posts := []struct {
		block  string
		fields []string
		then   string // where it leads
	}{
		{"indigena", []string{"p01_indigena", "si", "p02_lengua", "no"}, "indigena"},
		{"indigena", []string{"p03_pueblo", "otro", "p03_pueblo.otro", word}, "discapacidad"},
		{"discapacidad", []string{"p04_discapacidad", "si"}, "discapacidad"},
		{"discapacidad", []string{
			"p05_disc_duracion", "permanente", "p06_disc_tipo", "otra", "p06_disc_tipo.otro", word,
			"p07_disc_dificulta", "otra", "p07_disc_dificulta.otro", word,
		}, "afromexicana"},
		{"afromexicana", []string{"p08_afromexicana", "prefiero_no_contestar"}, "diversidad_sexual"},
		{"diversidad_sexual", []string{"p09_lgbt", "no"}, "migrante"},
		{"migrante", []string{"p11_migrante", "no"}, "general"},
		{"general", []string{
			"p18_ingresos", "prefiero_no_contestar", "p19_fuente", "salario", "p20_entidad_nac", "morelos",
		}, "documento"},
	}
	for _, p := range posts {
		c.get(s.identityPath(p.block)).want(http.StatusOK)
		c.send("Guardar y continuar", p.fields...).want(http.StatusOK)
		if want := s.identityPath(p.then); c.at != want {
			s.T.Fatalf("block %s led to %s, want %s", p.block, c.at, want)
		}
	}
}

// attach delivers the signed document.
func (s *identityStage) attach(c *captureClient, file []byte) *captureClient {
	s.T.Helper()
	return c.get(s.identityPath("documento")).want(http.StatusOK).upload("documento", "firmado.pdf", file)
}

var signedPage = []byte("%PDF-1.7\n1 0 obj << /Type /Page >> endobj\nfirmado\n%%EOF\n")

// verify confirms, as the Head, what was declared and delivered.
func (s *identityStage) verify() {
	s.T.Helper()
	head := auth.Head{Who: auth.Who{Account: s.head(), Process: s.Process}}
	sub, err := s.consents.FindForHead(s.T.Context(), head, s.folio)
	if err != nil {
		s.T.Fatal(err)
	}
	_, st, err := s.consents.History(s.T.Context(), sub)
	if err != nil {
		s.T.Fatal(err)
	}
	d := st.Declaration.Decided
	if d == nil {
		s.T.Fatal("there is no declaration to verify")
	}
	v, err := s.consents.ToVerify(s.T.Context(), head, s.folio)
	if err != nil {
		s.T.Fatal(err)
	}
	v.Processing, v.Publication, v.Statistics, v.SamePerson, v.Signed = &d.Processing, &d.Publication, &d.Statistics, true, true
	err = s.consents.Verify(s.T.Context(), head, v)
	if err != nil {
		s.T.Fatal(err)
	}
}

func (s *identityStage) head() int64 {
	s.T.Helper()
	if id := s.ID(`SELECT COALESCE(max(id), 0) FROM desk.accounts WHERE email = 'titular@iep.example'`); id != 0 {
		return id
	}
	return s.Account("titular@iep.example", "titular", 0, 0)
}

// onSite counts what the site holds of the identity of the candidacy.
func (s *identityStage) onSite() int64 {
	s.T.Helper()
	return s.ID(`SELECT count(*) FROM site.identity_answers`)
}

// super counts as the superuser, who sees every table.
func (s *identityStage) super(sql string, args ...any) int64 {
	s.T.Helper()
	conn, err := pgx.Connect(context.Background(), s.PG.SuperURL)
	if err != nil {
		s.T.Fatal(err)
	}
	defer conn.Close(context.Background())
	var n int64
	if err := conn.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		s.T.Fatalf("%s: %v", sql, err)
	}
	return n
}

// withFields sets some fields of a form.
func withFields(form url.Values, fields ...string) url.Values {
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return form
}
