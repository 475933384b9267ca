package deskhttp_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/deskhttp"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/duty"
	"conoceles/internal/desk/keys"
	"conoceles/internal/desk/publish"
	"conoceles/internal/election"
	"conoceles/internal/serve"
	"conoceles/web/layout"
)

// noticeStage is a process whose capture term is over, with a party that owes one
// candidacy and a rival that owes another.
type noticeStage struct {
	*desktest.World
	server    *httptest.Server
	party     int64
	rivals    int64
	candidacy int64
	store     *duty.Store
	accounts  int
}

func newNoticeStage(t testing.TB) *noticeStage {
	t.Helper()
	w := desktest.New(t)
	ring, err := keys.Open(filepath.Join(t.TempDir(), "llaves.json"))
	if err != nil {
		t.Fatal(err)
	}
	w.Publisher = publish.New(ring)
	consents := consent.New(w.Desk, w.Publisher, ring, "https://conoceles.example")
	s := &noticeStage{World: w, store: duty.New(w.Desk, consents, w.Publisher.Curricular)}
	s.party, s.rivals = w.Nominator(election.Party, "HOR"), w.Nominator(election.Party, "RIV")
	s.candidacy = w.Candidacy(s.party, "Marisol", "Inventada Tapia")
	w.Candidacy(s.rivals, "Genaro", "Simulado Rojas")
	w.SetNow(desktest.Start.AddDate(0, 0, 16))
	accounts, err := auth.NewStore(w.Desk)
	if err != nil {
		t.Fatal(err)
	}
	sessions := auth.NewSessions(w.Desk, accounts, false)
	front := serve.New(serve.Options{Now: w.Now})
	router := front.Router()
	desk := router.With(serve.NoStore, front.CrossOrigin(), sessions.Middleware)
	face := &deskhttp.Face{Sessions: sessions, Now: w.Now, Site: func(context.Context) layout.Site { return layout.Site{Name: "Conóceles"} }}
	g := front.Group(desk, serve.Desk)
	(&deskhttp.Capture{Face: face, Store: capture.New(w.Desk, w.Publisher).WithWatcher(s.store), Notices: s.store}).Mount(g)
	(&deskhttp.Notice{Face: face, Store: s.store}).Mount(g)
	(&deskhttp.Referral{Face: face, Store: s.store}).Mount(g)
	desk.Get("/prueba/entrar", func(_ http.ResponseWriter, r *http.Request) {
		account, _ := strconv.ParseInt(r.URL.Query().Get("cuenta"), 10, 64)
		if err := sessions.Open(r.Context(), account); err != nil {
			t.Error(err)
		}
	})
	s.server = httptest.NewServer(router)
	t.Cleanup(s.server.Close)
	return s
}

// enter lets somebody of a role in: of the party, if the role has one.
func (s *noticeStage) enter(role string) registryClient {
	s.T.Helper()
	s.accounts++
	nominator, candidacy := int64(0), int64(0)
	switch role {
	case "operador", "validador":
		nominator = s.party
	case "candidata":
		candidacy = s.candidacy
	}
	return s.enterAs(role, nominator, candidacy)
}

func (s *noticeStage) enterAs(role string, nominator, candidacy int64) registryClient {
	s.T.Helper()
	s.accounts++
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.T.Fatal(err)
	}
	c := registryClient{&captureClient{t: s.T, base: s.server.URL, http: &http.Client{Jar: jar}}}
	c.get(fmt.Sprintf("/prueba/entrar?cuenta=%d", s.Account(fmt.Sprintf("%s%d@iep.mx", role, s.accounts), role, nominator, candidacy)))
	return c
}

// sent makes a requirement to the party, sent, and returns its number.
func (s *noticeStage) sent() int64 {
	s.T.Helper()
	who := func(email, role string) auth.Who {
		return auth.Who{Account: s.Account(email, role, 0, 0), Name: "Persona " + email, Process: s.Process}
	}
	analyst, head := auth.Reviewer{Who: who("ana@iep.mx", "verificador")}, auth.Head{Who: who("hilda@iep.mx", "titular")}
	ctx := context.Background()
	if err := s.store.Detect(ctx, analyst, uuid.NewString()); err != nil {
		s.T.Fatal(err)
	}
	id := s.ID(`SELECT id FROM desk.duty_notices WHERE nominator_id = $1`, s.party)
	f, err := s.store.Notice(ctx, analyst, id)
	if err == nil {
		err = s.store.Propose(ctx, analyst, duty.Edition{ID: id, Key: uuid.NewString(), Version: f.Version, Subject: f.Subject, Body: f.Body, Days: 3})
	}
	if err == nil {
		if f, err = s.store.Notice(ctx, head, id); err == nil {
			err = s.store.Send(ctx, head, duty.Picked{ID: id, Version: f.Version}, uuid.NewString())
		}
	}
	if err != nil {
		s.T.Fatal(err)
	}
	return id
}

// Art. 15 b, as each person sees it, without scripts.
func TestARequirementAsEverybodySeesIt(t *testing.T) {
	s := newNoticeStage(t)
	analyst, head, boss := s.enter("verificador"), s.enter("titular"), s.enter("validador")
	analyst.get("/transparencia/requerimientos").want(200, "Borradores (0)", "No hay requerimientos en este estado")
	analyst.press("Buscar ahora lo que falta", nil).want(200, "La bandeja dice lo que falta", "Borradores (4)", "Partido HOR", "Partido RIV", "Persona candidata")
	analyst.get("/transparencia/requerimientos?destinatario=partido").want(200, "Borradores (2)")
	analyst.get(analyst.link("Partido HOR")).want(200, "Marisol Inventada Tapia", "Sin respuesta", "De identidad", "Incompleto", "Cómo se leerá", "{destinatario}")
	analyst.press("Guardar el borrador", nil, "texto", "").want(422, "Escribe el texto en 6,000 caracteres o menos")
	if got := analyst.doc.Find("#asunto").AttrOr("value", ""); !strings.HasPrefix(got, "Requerimiento sobre") {
		t.Errorf("after a refusal the subject is %q", got)
	}
	analyst.press("Proponer a la persona titular", nil, "texto", "Estimadas personas de {destinatario}: revisen el anexo, por favor.").want(200,
		"El requerimiento quedó propuesto", "Lo envía la persona titular", "Estimadas personas de Partido HOR")
	boss.get("/captura").want(200)
	if strings.Contains(boss.shown(), "Requerimientos") {
		t.Error("the party sees a proposal")
	}
	head.get("/transparencia/requerimientos?estado=propuesto").want(200, "Por enviar (1)")
	head.get(head.link("Partido HOR")).press("Devolver a borradores", nil).want(422, "Escribe por qué lo devuelves")
	head.press("Enviar el requerimiento", nil).want(200, "El requerimiento se envió", "Acuse de recibo", "Pendiente", "Huellas de los documentos")

	boss.get("/captura").want(200, "1 oficio espera tu acuse de recibo", "IEP/UT/REQ/0001/2027", "Sin acuse")
	boss.get(boss.link("IEP/UT/REQ/0001/2027")).want(200, "Estimadas personas de Partido HOR", "Vence el domingo 25 de abril, 23:59 h", "Pendiente")
	boss.press("Acusar de recibo", nil).want(200, "Tu acuse de recibo quedó registrado", "en el sistema")
	letter := boss.get(boss.at + "/oficio.pdf")
	if letter.code != 200 || !strings.HasPrefix(string(letter.body), "%PDF-") || !strings.HasPrefix(letter.head.Get("Content-Disposition"), "attachment") {
		t.Errorf("the letter: %d, %s", letter.code, letter.head.Get("Content-Disposition"))
	}
	head.get("/transparencia/requerimientos?estado=enviado").want(200, "Enviados (1)", "22 de abril, 9:00 h", "Faltan 1 de 1")
}

func (c *captureClient) press(button string, file []byte, fields ...string) registryClient {
	c.t.Helper()
	return registryClient{c}.press(button, file, fields...)
}

func TestSeveralRequirementsAtOnceFromTheTray(t *testing.T) {
	s := newNoticeStage(t)
	analyst, head := s.enter("verificador"), s.enter("titular")
	analyst.get("/transparencia/requerimientos").press("Buscar ahora lo que falta", nil)
	analyst.press("Proponer los elegidos", nil).want(422, "Elige al menos un requerimiento")
	pick := func(c registryClient) []string {
		var out []string
		for _, n := range c.doc.Find(`input[name="requerimientos"]`).Nodes {
			for _, a := range n.Attr {
				if a.Key == "value" {
					out = append(out, a.Val)
				}
			}
		}
		return out
	}
	form := func(c registryClient) url.Values {
		return url.Values{"guardado_id": {uuid.NewString()}, "requerimientos": pick(c)}
	}
	analyst.post("/transparencia/requerimientos/proponer", form(analyst)).want(200, "4 requerimientos quedaron propuestos")
	head.get("/transparencia/requerimientos?estado=propuesto").want(200, "Por enviar (4)")
	stale := form(head)
	s.Exec(`UPDATE desk.duty_notices SET version = version + 1 WHERE nominator_id = $1`, s.rivals)
	head.post("/transparencia/requerimientos/enviar", stale).want(409, "Resultado", "Hecho", "cambió mientras lo veías")
	if got := s.ID(`SELECT count(*) FROM desk.duty_notices WHERE state = 'enviado'`); got != 3 {
		t.Errorf("%d were sent, want 3", got)
	}
}

func TestTheTextsAreEditedByTheHead(t *testing.T) {
	s := newNoticeStage(t)
	head := s.enter("titular")
	head.get("/transparencia/requerimientos/textos").want(200, "{destinatario}", "Recordatorios", "Personas candidatas")
	texts := []string{"texto_partido", "Para {destinatario}.", "texto_candidata", "Lee el anexo.", "texto_independiente", "Lee el anexo."}
	head.press("Guardar los textos y los plazos", nil, append(texts, "recordatorio_dias", "cinco")...).want(422, "Hay 1 respuesta por corregir", "Recordatorios: escribe de uno a diez números")
	if got := head.doc.Find("#texto_partido").Text(); strings.TrimSpace(got) != "Para {destinatario}." {
		t.Errorf("after a refusal the text is %q", got)
	}
	head.press("Guardar los textos y los plazos", nil, append(texts, "recordatorio_dias", "7, 3")...).want(200, "quedaron cambiados")
	if got := head.doc.Find("#recordatorio_dias").AttrOr("value", ""); got != "7, 3" {
		t.Errorf("reminders: %q", got)
	}
}

// Art. 15 e, as each person sees it.
func TestAVistaAsEverybodySeesIt(t *testing.T) {
	s := newNoticeStage(t)
	s.sent()
	head, analyst, comision := s.enter("titular"), s.enter("verificador"), s.enter("auditoria")
	head.get("/transparencia/vistas").want(200, "Las campañas terminan el 2 de junio de 2027", "Antes no se puede dar vista")
	head.post("/transparencia/vistas", url.Values{"guardado_id": {uuid.NewString()}, "oficio": {"UT/1"}}).want(409, "La vista se da al término de las campañas")
	end := s.Now().Add(time.Hour)
	s.Exec(`UPDATE desk.processes SET campaigns_end_at = $1`, end)
	s.SetNow(end)
	analyst.get("/transparencia/vistas").want(200, "Candidaturas con incumplimientos", "Partido RIV", "La prepara la persona titular")
	comision.get("/transparencia/vistas").want(200, "No hay vistas")
	head.get("/transparencia/vistas").press("Preparar la vista", nil).want(422, "Escribe el número de oficio")
	head.press("Preparar la vista", nil, "oficio", "UT/VISTA/1", "nota", "Se adjuntan los requerimientos.").want(200, "quedó preparada y congelada", "Preparada, sin entregar")
	path := head.at
	comision.get(path).want(404)
	head.press("Entregar a la Comisión", nil).want(200, "se entregó a la Comisión")
	comision.get("/transparencia/vistas").want(200, "Entregada, sin acuse")
	comision.get(path).want(200, "UT/VISTA/1", "SHA-256 del paquete")
	for file, magic := range map[string]string{"vista.pdf": "%PDF-", "anexo.xlsx": "PK", "paquete.zip": "PK"} {
		if comision.get(path + "/" + file); comision.code != 200 || !strings.HasPrefix(string(comision.body), magic) {
			t.Errorf("%s: %d", file, comision.code)
		}
	}
	comision.get(path).press("Acusar de recibo", nil).want(200, "El acuse de la Comisión quedó registrado")
	comision.press("Registrar el informe", nil, "fecha", "hoy").want(422, "Escribe la fecha como día, mes y año", "Escribe el acuerdo o la sesión")
	comision.press("Registrar el informe", nil, "fecha", s.Now().Format("02/01/2006"), "acuerdo", "IEP/CEE/200/2027").want(200, "Informada al Consejo", "IEP/CEE/200/2027")
	head.get("/transparencia/requerimientos").want(200, "Las campañas terminaron")
}

func TestWhoMayDoWhatWithRequirementsAndVistas(t *testing.T) {
	s := newNoticeStage(t)
	tray := "/transparencia/requerimientos"
	one := fmt.Sprint(tray, "/", s.sent())
	received := strings.Replace(one, "/transparencia", "/captura", 1)
	end := s.Now().Add(time.Hour)
	s.Exec(`UPDATE desk.processes SET campaigns_end_at = $1`, end)
	s.SetNow(end)
	head := s.enter("titular")
	head.get("/transparencia/vistas").press("Preparar la vista", nil, "oficio", "UT/1").want(200)
	vista := head.at
	head.press("Entregar a la Comisión", nil).want(200)
	const both, party, witnesses = "verificador titular", "operador validador", "verificador titular auditoria"
	grid := []permission{
		{"GET", tray, both, 200},
		{"POST", tray + "/buscar", both, 200},
		{"POST", tray + "/proponer", both, 422},
		{"POST", tray + "/enviar", "titular", 422},
		{"GET", tray + "/textos", "titular", 200},
		{"POST", tray + "/textos", "titular", 422},
		{"GET", one, both, 200},
		{"POST", one, both, 422},
		{"POST", one + "/enviar", "titular", 409},
		{"POST", one + "/devolver", "titular", 422},
		{"POST", one + "/acuse", both, 422},
		{"GET", one + "/oficio.pdf", both, 200},
		{"GET", one + "/anexo.xlsx", both, 200},
		{"GET", received, party, 200},
		{"GET", received + "/oficio.pdf", party, 200},
		{"GET", received + "/anexo.xlsx", party, 200},
		{"POST", received + "/acuse", party, 200},
		{"GET", "/transparencia/vistas", witnesses, 200},
		{"POST", "/transparencia/vistas", "titular", 422},
		{"GET", vista, witnesses, 200},
		{"GET", vista + "/vista.pdf", witnesses, 200},
		{"GET", vista + "/anexo.xlsx", witnesses, 200},
		{"GET", vista + "/paquete.zip", witnesses, 200},
		{"POST", vista + "/entregar", "titular", 409},
		{"POST", vista + "/informe", "auditoria", 409},
		{"POST", vista + "/acuse", "auditoria", 200},
	}
	for _, role := range []string{"verificador", "titular", "secretaria", "administracion", "candidata", "auditoria", "operador", "validador"} {
		c := s.enter(role)
		for _, p := range grid {
			want := 403
			switch {
			case strings.Contains(" "+p.roles+" ", " "+role+" "):
				want = p.status
			case role == "candidata" && p.roles == party:
				want = 404 // the route is theirs, the party's requirement is not
			}
			if c.request(p); c.code != want {
				t.Errorf("%s %s as %s: %d, want %d", p.method, p.path, role, c.code, want)
			}
		}
	}
	rival := s.enterAs("validador", s.rivals, 0)
	for _, p := range grid {
		if p.roles != party {
			continue
		}
		rival.request(p)
		theirs, code := string(rival.body), rival.code
		rival.request(permission{method: p.method, path: strings.Replace(p.path, received, "/captura/requerimientos/99999", 1)})
		if code != 404 || rival.code != 404 || theirs != string(rival.body) {
			t.Errorf("%s %s tells another party's requirement (%d) from one that never was (%d)", p.method, p.path, code, rival.code)
		}
	}
}
