package deskhttp_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/deskhttp"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/desk/keys"
	"conoceles/internal/desk/notify"
	"conoceles/internal/desk/publish"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
	"conoceles/internal/serve"
	"conoceles/web"
	"conoceles/web/layout"
)

// consentStage is a published process with a candidacy that answered the
// identity questionnaire, and the desk of Transparencia over HTTP.
type consentStage struct {
	*desktest.World
	server    *httptest.Server
	ring      *keys.Ring
	consents  *consent.Store
	face      *deskhttp.Face
	party     int64
	candidacy int64
	folio     string
	operator  auth.Operator
	pages     int // of people who entered
}

func newConsentStage(t testing.TB) *consentStage {
	t.Helper()
	w := desktest.New(t)
	ring, err := keys.Open(filepath.Join(t.TempDir(), "llaves.json"))
	if err != nil {
		t.Fatal(err)
	}
	w.Publisher = publish.New(ring)
	s := &consentStage{World: w, ring: ring, consents: consent.New(w.Desk, w.Publisher, ring, "https://conoceles.mx")}
	s.party = w.Nominator(election.Party, "HOR")
	s.candidacy = w.Candidacy(s.party, "Marisol", "Inventada Tapia")
	w.Exec(`UPDATE desk.persons SET email = 'marisol@ejemplo.invalid'`)
	s.folio = s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, s.candidacy)
	w.Validate(s.candidacy)
	w.Tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := identity.New(ring).Save(ctx, tx, identity.Entry{
			Process: w.Process, Candidacy: s.candidacy, Questionnaire: questionnaire.Identity(), Answers: identityAnswers(),
		})
		return err
	})
	account := w.Account("opera@hor.mx", "operador", s.party, 0)
	s.operator = auth.Operator{Who: auth.Who{Account: account, Process: w.Process}, Nominator: s.party}
	for _, kind := range []string{"integral", "simplificado"} {
		w.Exec(`
INSERT INTO desk.notices (process_id, kind, version, markdown, hash, acuerdo, approved_on, created_at) VALUES ($1, $2, 1, 'Aviso', 'h', 'CT/1', '2027-02-01', $3)`,
			w.Process, kind, w.Now())
		w.Exec(`INSERT INTO desk.notice_acceptances (candidacy_id, notice_id, account_id, at) SELECT $1, max(id), $2, $3 FROM desk.notices`,
			s.candidacy, account, w.Now())
	}
	w.Open()
	s.serve(t)
	return s
}

// identityAnswers are a whole questionnaire, with a «Sí» to publish.
func identityAnswers() questionnaire.Answers {
	a := questionnaire.Answers{}
	for _, q := range questionnaire.Identity().Questions() {
		a[q.ID] = questionnaire.Answer{Text: questionnaire.PreferNot}
	}
	a[questionnaire.Indigenous] = questionnaire.Answer{Text: questionnaire.Yes}
	a[questionnaire.Migrant] = questionnaire.Answer{Text: questionnaire.No}
	return questionnaire.Identity().Settle(a)
}

func (s *consentStage) serve(t testing.TB) {
	accounts, err := auth.NewStore(s.Desk)
	if err != nil {
		t.Fatal(err)
	}
	sessions := auth.NewSessions(s.Desk, accounts, false)
	front := serve.New(serve.Options{Now: s.Now})
	router := front.Router()
	front.Group(router, serve.System).Files(web.Prefix+"*", "static", web.Static())
	router.Get("/favicon.ico", func(http.ResponseWriter, *http.Request) {}) // of the page below, which has no head
	desk := router.With(serve.NoStore, front.CrossOrigin(), sessions.Middleware)
	s.face = &deskhttp.Face{Sessions: sessions, Now: s.Now, Site: func(context.Context) layout.Site { return layout.Site{Name: "Conóceles"} }}
	(&deskhttp.Transparency{Face: s.face, Consents: s.consents, Outbox: notify.Outbox{Desk: s.Desk}}).Mount(front.Group(desk, serve.Desk))
	desk.Get("/prueba/entrar", func(_ http.ResponseWriter, r *http.Request) {
		account, _ := strconv.ParseInt(r.URL.Query().Get("cuenta"), 10, 64)
		if err := sessions.Open(r.Context(), account); err != nil {
			t.Error(err)
		}
	})
	s.server = httptest.NewServer(router)
	t.Cleanup(s.server.Close)
}

func (s *consentStage) text(sql string, args ...any) string {
	s.T.Helper()
	var out string
	if err := s.Desk.QueryRow(context.Background(), sql, args...).Scan(&out); err != nil {
		s.T.Fatal(err)
	}
	return out
}

// enter lets somebody with a role in.
func (s *consentStage) enter(role string) registryClient {
	s.T.Helper()
	s.pages++
	nominator, candidacy := int64(0), int64(0)
	switch role {
	case "operador", "validador":
		nominator = s.party
	case "candidata":
		candidacy = s.candidacy
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.T.Fatal(err)
	}
	c := registryClient{&captureClient{t: s.T, base: s.server.URL, http: &http.Client{Jar: jar}}}
	email := role + strconv.Itoa(s.pages) + "@iep.mx"
	c.get("/prueba/entrar?cuenta=" + strconv.FormatInt(s.Account(email, role, nominator, candidacy), 10))
	return c
}

func yes() *bool { v := true; return &v }

// declare decides Sí three times and delivers the document, as the party does.
func (s *consentStage) declare() {
	s.T.Helper()
	ctx := context.Background()
	last := func() int64 { return s.ID(`SELECT COALESCE(max(id), 0) FROM sensitive.consent_events`) }
	err := s.consents.Declare(ctx, s.operator, consent.Declaration{
		Folio: s.folio, After: last(), Processing: yes(), Publication: yes(), Statistics: yes(),
	})
	if err == nil {
		err = s.consents.Attach(ctx, s.operator, consent.Attachment{Folio: s.folio, After: last(), File: consent.Document{Bytes: signedFormat}})
	}
	if err != nil {
		s.T.Fatal(err)
	}
}

var signedFormat = []byte("%PDF-1.7\n1 0 obj << /Type /Page >> endobj\nformato firmado\n%%EOF\n")

// allMarks is what the Head marks of the document of declare.
var allMarks = []string{"tratamiento", "si", "publicacion", "si", "estadistica", "si", "misma_persona", "si", "firmado", "si"}

func (s *consentStage) path(more ...string) string {
	return "/transparencia/consentimientos/" + s.folio + strings.Join(append([]string{""}, more...), "/")
}

// published counts the identity answers on the site.
func (s *consentStage) published() int64 {
	s.T.Helper()
	return s.ID(`SELECT count(*) FROM site.identity_answers`)
}

func (s *consentStage) entries(kind string) int64 {
	s.T.Helper()
	return s.ID(`SELECT count(*) FROM audit.entries WHERE kind = $1`, kind)
}

func TestTheHeadVerifiesWhatTheDocumentSays(t *testing.T) {
	s := newConsentStage(t)
	s.declare()
	head := s.enter("titular")
	head.get("/transparencia").want(200, "Documentos por verificar1", "Marisol Inventada Tapia")
	head.get(head.link("Marisol Inventada Tapia")).want(200, "Por verificar", "Al correo del registro", "Completo")
	if n := head.doc.Find("input[checked]").Length(); n != 0 {
		t.Fatalf("%d marks come chosen", n)
	}
	const button = "Verificar el documento"
	head.press(button, nil).want(422, "Elige lo que marca el documento en la autorización 1", "Confirma que el documento es de esta persona", "Confirma que el documento está firmado")
	marks := []string{"tratamiento", "si", "publicacion", "no", "estadistica", "si", "misma_persona", "si", "firmado", "si"}
	head.press(button, nil, marks...).want(422, "En la autorización 2 el documento no dice lo que se declaró")
	if s.published() != 0 || s.ID(`SELECT count(*) FROM desk.outbox`) != 0 {
		t.Fatal("a refused verification published or told something")
	}
	head.press(button, nil, "publicacion", "si").want(200, "El documento quedó verificado", "Verificado")
	if s.published() == 0 {
		t.Error("a verified consent publishes nothing")
	}
	if got := s.text(`SELECT recipient || ' ' || channel FROM desk.outbox`); got != "marisol@ejemplo.invalid correo" {
		t.Errorf("the notice goes to %q", got)
	}
	if body := s.text(`SELECT body FROM desk.outbox`); !strings.Contains(body, "https://conoceles.mx/retirar/") || strings.Contains(body, "indígena") {
		t.Errorf("the notice says %q", body)
	}

	head.get(s.path("retirar")).want(200, "Registrar un retiro")
	head.press("Registrar el retiro", nil).want(422, "Escribe la fecha en que se recibió")
	head.press("Registrar el retiro", nil, "recibido", "07/04/2027").want(422, "La fecha aún no llega")
	head.press("Registrar el retiro", nil, "recibido", "05/04/2027").want(200, "El retiro quedó registrado", "Retirado", "No hay autorizaciones vigentes")
	if s.published() != 0 {
		t.Error("withdrawn and still published")
	}
	if d := s.Differences(); len(d) != 0 {
		t.Errorf("the site differs from the desk: %+v", d)
	}
}

func TestWhoDeliveredNeverVerifies(t *testing.T) {
	s := newConsentStage(t)
	head, other := s.enter("titular"), s.enter("titular")
	head.get(s.path("registrar")).want(200, "Registrar un documento recibido")
	head.press("Registrar el documento", nil).want(422, "Elige Sí o No en la autorización 1")
	decided := []string{"tratamiento", "si", "publicacion", "si", "estadistica", "no"}
	head.press("Registrar el documento", nil, decided...).want(422, "Elige cómo llegó")
	head.press("Registrar el documento", []byte("<html>"), "medio", "comparecencia", "recibido", "05/04/2027").want(422, "debe ser PDF, JPG o PNG")
	head.press("Registrar el documento", signedFormat, "firmado_el", "04/04/2027").
		want(200, "El documento quedó registrado", "Por verificar", "En persona", "debe verificarlo otra persona titular")
	if got := s.text(`SELECT kind FROM desk.outbox`); got != "consentimiento.registrado" {
		t.Errorf("the person is told of %q", got)
	}
	verification := url.Values{
		"guardado_id": {uuid.NewString()}, "tratamiento": {"si"}, "publicacion": {"si"}, "estadistica": {"no"}, "misma_persona": {"si"}, "firmado": {"si"},
		"declaracion": {s.text(`SELECT max(id)::text FROM sensitive.consent_events`)}, "documento_visto": {s.text(`SELECT max(id)::text FROM sensitive.consent_documents`)},
		"respuestas_vistas": {"1"}, "verificado": {"si"},
	}
	head.post(s.path("verificar"), verification).want(403, "no lo verifica")
	if s.published() != 0 {
		t.Fatal("whoever registered the document verified it")
	}
	other.post(s.path("verificar"), verification).want(200, "El documento quedó verificado")
	if s.published() == 0 {
		t.Error("another Head could not verify")
	}
}

func TestARejectionSaysWhy(t *testing.T) {
	s := newConsentStage(t)
	s.declare()
	head := s.enter("titular")
	head.get(s.path())
	head.press("Rechazar el documento", nil).want(422, "Escribe qué debe corregirse")
	if a := head.doc.Find(`a[href="#motivo_rechazo"]`); a.Length() == 0 {
		t.Error("the summary does not lead to the reason of this form")
	}
	stale := goquery.CloneDocument(head.doc)
	head.press("Rechazar el documento", nil, "motivo", "Falta la firma").want(200, "Rechazado", "Motivo: Falta la firma")
	head.doc = stale
	head.press("Rechazar el documento", nil, "motivo", "Otra vez", "guardado_id", uuid.NewString()).want(409, "cambió mientras la revisabas")
}

// brokenSite cannot publish.
type brokenSite struct{}

func (brokenSite) Candidacies(context.Context, *db.Tx, int64, ...int64) error {
	return errors.New("the site does not answer")
}

// A verification that is not kept tells nobody and publishes nothing.
func TestTheNoticeLeavesWithTheVerificationOrNotAtAll(t *testing.T) {
	s := newConsentStage(t)
	s.declare()
	account := s.Account("titular@iep.mx", "titular", 0, 0)
	head := auth.Head{Who: auth.Who{Account: account, Process: s.Process}}
	verification, err := s.consents.ToVerify(t.Context(), head, s.folio)
	if err != nil {
		t.Fatal(err)
	}
	verification.Processing, verification.Publication, verification.Statistics, verification.SamePerson, verification.Signed = yes(), yes(), yes(), true, true
	broken := consent.New(s.Desk, brokenSite{}, s.ring, "https://conoceles.mx")
	if err := broken.Verify(context.Background(), head, verification); err == nil {
		t.Fatal("a verification that cannot be published was kept")
	}
	left := func() string {
		return s.text(`SELECT concat_ws(' ', (SELECT count(*) FROM desk.outbox), (SELECT count(*) FROM sensitive.withdrawal_links),
			(SELECT count(*) FROM sensitive.consent_events WHERE event = 'verifica'), (SELECT count(*) FROM audit.entries WHERE kind = 'consentimiento.verificar'))`)
	}
	if got := left(); got != "0 0 0 0" {
		t.Errorf("messages, links, verifications and entries that were left: %s", got)
	}
	if err := s.consents.Verify(context.Background(), head, verification); err != nil {
		t.Fatal(err)
	}
	if got := left(); got != "1 1 1 1" {
		t.Errorf("messages, links, verifications and entries: %s, want one each", got)
	}
}

// The link of a notice withdraws once; any other does nothing.
func TestTheLinkOfANoticeWithdrawsOnce(t *testing.T) {
	s := newConsentStage(t)
	s.declare()
	head := s.enter("titular")
	head.get(s.path())
	head.press("Verificar el documento", nil, allMarks...).want(200)
	_, rest, _ := strings.Cut(s.text(`SELECT body FROM desk.outbox`), "/retirar/")
	token := strings.Fields(rest)[0]
	ctx := context.Background()
	for name, bad := range map[string]string{"mistyped": token[:len(token)-1] + "-", "of nobody": strings.Repeat("A", 43), "empty": ""} {
		if _, err := s.consents.WithdrawByLink(ctx, bad); !fault.Is(err, fault.NotFound) || s.published() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.consents.Linked(ctx, token); err != nil || s.published() == 0 {
		t.Errorf("looking at the link: %v", err)
	}
	if _, err := s.consents.WithdrawByLink(ctx, token); err != nil || s.published() != 0 {
		t.Errorf("the link: %v, %d answers published", err, s.published())
	}
	if _, err := s.consents.WithdrawByLink(ctx, token); !fault.Is(err, fault.NotFound) {
		t.Errorf("the link, again: %v", err)
	}
	head.get(s.path()).want(200, "Retirado", "La persona, sin cuenta, registró el retiro · Por el enlace del aviso")
}
