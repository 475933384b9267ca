package deskhttp_test

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/pquerna/otp/totp"

	"conoceles/internal/db"
	"conoceles/internal/desk/account"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/deskhttp"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/registry"
	"conoceles/internal/election"
	"conoceles/internal/serve"
	"conoceles/web/layout"
)

const accountPhrase = "cuatro gatos bajo el puente"

// accountStage serves entering and the people over a process that is no
// demonstration: the institute's people need a second factor.
type accountStage struct {
	*desktest.World
	accounts *auth.Store
	server   *httptest.Server
	front    *serve.Front
	party    int64
}

func newAccountStage(t *testing.T) *accountStage {
	w := desktest.New(t)
	accounts, err := auth.NewStore(w.Desk)
	if err != nil {
		t.Fatal(err)
	}
	people := account.New(w.Desk, accounts, "https://conoceles.invalid")
	catalogue, err := registry.DefaultCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	sessions := auth.NewSessions(w.Desk, accounts, false)
	s := &accountStage{World: w, accounts: accounts, front: serve.New(serve.Options{Now: w.Now}), party: w.Nominator(election.Party, "RAIZ")}
	router := s.front.Router()
	group := s.front.Group(router.With(serve.NoStore, s.front.CrossOrigin(), sessions.Middleware), serve.Desk)
	face := &deskhttp.Face{Sessions: sessions, Now: w.Now, Site: func(context.Context) layout.Site { return layout.Site{Name: "Conóceles"} }}
	passkeys, err := auth.NewPasskeys(accounts, "https://conoceles.invalid")
	if err != nil {
		t.Fatal(err)
	}
	(&deskhttp.Session{Face: face, Accounts: accounts, People: people, Passkeys: passkeys}).Mount(group)
	(&deskhttp.People{Face: face, Store: people, Registry: registry.New(w.Desk, w.Publisher, catalogue)}).Mount(group)
	s.server = httptest.NewServer(router)
	t.Cleanup(s.server.Close)
	return s
}

func (s *accountStage) person(email, role string, nominator int64) {
	s.T.Helper()
	s.Tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := s.accounts.Create(ctx, tx, auth.NewAccount{
			Email: email, Name: "Persona Ficticia", Password: accountPhrase, Role: role, Process: s.Process, Nominator: nominator,
		})
		return err
	})
}

// visitor is a browser without scripts.
type visitor struct {
	*accountStage
	client *http.Client
	status int
	at     string
	body   string
	doc    *goquery.Document
}

func (s *accountStage) browser() *visitor {
	jar, _ := cookiejar.New(nil) // fails only for a bad option
	return &visitor{accountStage: s, client: &http.Client{Jar: jar}}
}

func (v *visitor) took(res *http.Response, err error) *visitor {
	v.T.Helper()
	if err != nil {
		v.T.Fatal(err)
	}
	defer res.Body.Close()
	if v.doc, err = goquery.NewDocumentFromReader(res.Body); err != nil {
		v.T.Fatal(err)
	}
	v.status, v.at = res.StatusCode, res.Request.URL.Path
	v.body, _ = v.doc.Html()
	return v
}

func (v *visitor) get(path string) *visitor {
	v.T.Helper()
	return v.took(v.client.Get(v.server.URL + path))
}

func (v *visitor) post(path string, form url.Values) *visitor {
	v.T.Helper()
	return v.took(v.client.PostForm(v.server.URL+path, form))
}

// press sends the form that has a button, filled in.
func (v *visitor) press(button string, fields ...string) *visitor {
	v.T.Helper()
	b := v.doc.Find("main button").FilterFunction(func(_ int, b *goquery.Selection) bool {
		return strings.HasPrefix(strings.Join(strings.Fields(b.Text()), " "), button)
	}).First()
	if b.Length() == 0 {
		v.T.Fatalf("%s (%d) has no button %q:\n%s", v.at, v.status, button, v.doc.Find("main").Text())
	}
	form := b.Closest("form")
	values := fieldsOf(form)
	for i := 0; i < len(fields); i += 2 {
		values.Set(fields[i], fields[i+1])
	}
	return v.post(form.AttrOr("action", ""), values)
}

func (v *visitor) wants(status int, path, text string) *visitor {
	v.T.Helper()
	if v.status != status || v.at != path || !strings.Contains(v.doc.Text(), text) {
		v.T.Errorf("at %s with %d, want %s with %d and %q:\n%.1500s", v.at, v.status, path, status, text, strings.Join(strings.Fields(v.doc.Find("main").Text()), " "))
	}
	return v
}

// code is what the application of somebody shows, of the key on the page.
func (v *visitor) key() string {
	return strings.ReplaceAll(v.doc.Find("main code").First().Text(), " ", "")
}

func (s *accountStage) code(key string) string {
	s.T.Helper()
	code, err := totp.GenerateCode(key, s.Now())
	if err != nil {
		s.T.Fatal(err)
	}
	return code
}

// enrolled enters an Admin for the first time, who activates a second factor.
func (s *accountStage) enrolled(email string) (v *visitor, key string) {
	s.T.Helper()
	v = s.browser().get("/entrar").press("Entrar", "correo", email, "contrasena", accountPhrase)
	v.wants(http.StatusOK, "/entrar/activar", "Activa tu segundo factor")
	key = v.key()
	v.press("Activar", "codigo", s.code(key)).wants(http.StatusOK, "/entrar/activar", "Es la única vez que se muestran")
	s.SetNow(s.Now().Add(time.Minute))
	return v, key
}

func TestTheInstitutesPeopleEnterWithASecondFactor(t *testing.T) {
	s := newAccountStage(t)
	s.person("u@iep.invalid", "administracion", 0)
	v := s.browser().get("/entrar").press("Entrar", "correo", "u@iep.invalid", "contrasena", accountPhrase)
	v.wants(http.StatusOK, "/entrar/activar", "Tu función lo exige")
	if v.doc.Find("svg.qr[role=img][aria-label] path[d]").Length() != 1 {
		t.Error("there is no square code")
	}
	key := v.key()
	if len(key) != 32 {
		t.Fatalf("the key is %q", key)
	}
	v.get("/administracion/personas").wants(http.StatusOK, "/entrar", "Entrar") // nothing is open yet
	v.get("/entrar/activar")
	if v.key() != key {
		t.Error("the key changed under a phone that read it")
	}
	v.press("Activar", "codigo", "000000").wants(http.StatusUnprocessableEntity, "/entrar/activar", "no es el de este momento")
	if v.key() != key {
		t.Error("a wrong code changed the key")
	}
	v.press("Activar", "codigo", s.code(key)).wants(http.StatusOK, "/entrar/activar", "Es la única vez que se muestran")
	codes := v.doc.Find(".columnas code").Map(func(_ int, c *goquery.Selection) string { return c.Text() })
	if len(codes) != 10 {
		t.Fatalf("%d recovery codes, want 10", len(codes))
	}
	v.get("/administracion/personas").wants(http.StatusOK, "/administracion/personas", "Personas")
	if strings.Contains(v.get("/cuenta").body, codes[0]) {
		t.Error("a recovery code is shown twice")
	}

	s.SetNow(s.Now().Add(time.Minute))
	w := s.browser().get("/entrar?regreso=%2Fcuenta").press("Entrar", "correo", "u@iep.invalid", "contrasena", accountPhrase)
	w.wants(http.StatusOK, "/entrar/codigo", "Falta el código")
	w.get("/cuenta").wants(http.StatusOK, "/entrar", "Entrar")
	w.get("/entrar/activar").wants(http.StatusOK, "/entrar", "Entrar") // a password alone replaces no second factor
	w.get("/entrar/codigo?regreso=%2Fcuenta").press("Continuar", "codigo", "123456").wants(http.StatusUnprocessableEntity, "/entrar/codigo", "no es el de este momento")
	w.press("Continuar", "codigo", s.code(key)).wants(http.StatusOK, "/cuenta", "Tu cuenta")
	x := s.browser().get("/entrar").press("Entrar", "correo", "u@iep.invalid", "contrasena", accountPhrase)
	x.press("Continuar", "codigo", codes[2]).wants(http.StatusOK, "/administracion/personas", "Personas")
	y := s.browser().get("/entrar").press("Entrar", "correo", "u@iep.invalid", "contrasena", accountPhrase)
	y.press("Continuar", "codigo", codes[2]).wants(http.StatusUnprocessableEntity, "/entrar/codigo", "no es el de este momento")
}

var linkIn = regexp.MustCompile(`https://conoceles\.invalid(/[\w-]+/[\w-]+)`)

// link is the path of the last link that an address was sent.
func (s *accountStage) link(email string) string {
	s.T.Helper()
	var body string
	if err := s.Desk.QueryRow(context.Background(), `SELECT body FROM desk.outbox WHERE recipient = $1 ORDER BY id DESC LIMIT 1`, email).Scan(&body); err != nil {
		s.T.Fatal(err)
	}
	m := linkIn.FindStringSubmatch(body)
	if m == nil {
		s.T.Fatalf("no link in %q", body)
	}
	return m[1]
}

func TestAnInvitationLeadsIn(t *testing.T) {
	s := newAccountStage(t)
	s.person("u@iep.invalid", "administracion", 0)
	admin, _ := s.enrolled("u@iep.invalid")
	admin.get("/administracion/personas/invitar")
	admin.press("Invitar", "correo", "mal", "nombre", "Olga Ficticia", "funcion", "operador", "actor", "RAIZ")
	admin.wants(http.StatusUnprocessableEntity, "/administracion/personas/invitar", "nombre@ejemplo.mx")
	if got := admin.doc.Find("#nombre").AttrOr("value", ""); got != "Olga Ficticia" {
		t.Errorf("the name is lost: %q", got)
	}
	admin.press("Invitar", "correo", "olga@raiz.invalid")
	if !strings.Contains(admin.doc.Text(), "La invitación salió por correo") {
		t.Fatalf("not invited: %s", admin.doc.Text())
	}
	path := s.link("olga@raiz.invalid")
	if strings.Contains(admin.body, path) || strings.Contains(admin.get(admin.at).body, path) {
		t.Error("the Admin sees the link of somebody else")
	}
	if strings.Contains(admin.body, "type=\"password\"") {
		t.Error("the Admin has where to set somebody else's password")
	}
	v := s.browser().get(path).wants(http.StatusOK, path, "Activa tu cuenta")
	v.press("Activar mi cuenta", "contrasena", accountPhrase, "repetir", "otra", "personal", "si").wants(http.StatusUnprocessableEntity, path, "no son iguales")
	v.press("Activar mi cuenta", "contrasena", accountPhrase, "repetir", accountPhrase).wants(http.StatusUnprocessableEntity, path, "sólo tuya")
	v.press("Activar mi cuenta", "contrasena", "corta", "repetir", "corta", "personal", "si").wants(http.StatusUnprocessableEntity, path, "15 caracteres")
	if strings.Contains(v.body, "corta\"") {
		t.Error("the page repeats the password")
	}
	v.press("Activar mi cuenta", "contrasena", accountPhrase, "repetir", accountPhrase, "personal", "si")
	v.get("/cuenta").wants(http.StatusOK, "/cuenta", "olga@raiz.invalid")
	s.browser().get(path).wants(http.StatusNotFound, path, "Este enlace ya no sirve")
	s.browser().get("/invitacion/inventado").wants(http.StatusNotFound, "/invitacion/inventado", "Este enlace ya no sirve")
}

// Some minutes after entering, a delicate act asks who it is, loses nothing of what
// was sent, and is done once it knows.
func TestADelicateActAsksAgainWhoItIs(t *testing.T) {
	s := newAccountStage(t)
	s.person("u@iep.invalid", "administracion", 0)
	admin, key := s.enrolled("u@iep.invalid")
	s.SetNow(s.Now().Add(5 * time.Minute))
	admin.get("/administracion/personas/invitar")
	admin.press("Invitar", "correo", "olga@raiz.invalid", "nombre", "Olga Ficticia", "funcion", "operador", "actor", "RAIZ")
	admin.wants(http.StatusForbidden, "/administracion/personas/invitar", "Confirma que eres tú")
	if n := s.count(`SELECT count(*) FROM desk.accounts WHERE email = 'olga@raiz.invalid'`); n != 0 {
		t.Fatal("it was done before knowing who it was")
	}
	admin.press("Confirmar y continuar", "confirmacion", "000000").wants(http.StatusUnprocessableEntity, "/administracion/personas/invitar", "no es el de este momento")
	admin.press("Confirmar y continuar", "confirmacion", s.code(key))
	if admin.status != http.StatusOK || s.count(`SELECT count(*) FROM desk.accounts WHERE email = 'olga@raiz.invalid'`) != 1 {
		t.Errorf("once it knew, it was not done: %d %s", admin.status, admin.doc.Find("main").Text())
	}
}

func (s *accountStage) count(sql string, args ...any) (n int) {
	s.T.Helper()
	if err := s.Desk.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		s.T.Fatal(err)
	}
	return n
}

// What somebody was writing when their session ended comes back when they enter.
func TestWhatWasWrittenComesBackAfterEntering(t *testing.T) {
	s := newAccountStage(t)
	s.person("u@iep.invalid", "administracion", 0)
	admin, key := s.enrolled("u@iep.invalid")
	admin.get("/administracion/personas/invitar")
	s.Exec(`UPDATE desk.sessions SET expires_at = now() - interval '20 minutes'`)
	const name = "Olga <b>Ficticia</b> Prueba"
	admin.press("Invitar", "correo", "olga@raiz.invalid", "nombre", name, "funcion", "operador", "actor", "RAIZ")
	admin.wants(http.StatusOK, "/entrar", "Entrar")
	other := s.browser()
	s.person("k@iep.invalid", "secretaria", 0)
	other.get("/entrar").press("Entrar", "correo", "k@iep.invalid", "contrasena", accountPhrase)
	other.press("Activar", "codigo", s.code(other.key()))
	if other.get("/cuenta/rescate"); other.at != "/registro" || strings.Contains(other.body, "Olga") {
		t.Errorf("somebody else is at %s: %s", other.at, other.doc.Text())
	}
	admin.press("Entrar", "correo", "u@iep.invalid", "contrasena", accountPhrase)
	admin.press("Continuar", "codigo", s.code(key)).wants(http.StatusOK, "/cuenta/rescate", name)
	admin.press("Enviar lo que escribí").wants(http.StatusOK, admin.at, "La invitación salió por correo")
	if s.count(`SELECT count(*) FROM desk.accounts WHERE email = 'olga@raiz.invalid' AND name = $1`, name) != 1 {
		t.Error("what was written did not arrive")
	}
	if s.count(`SELECT count(*) FROM desk.rescues`) != 0 {
		t.Error("it is still kept")
	}
	admin.post("/cuenta/rescate?ruta=%2F%2Fmala.invalid", url.Values{"x": {"1"}})
	if admin.status != http.StatusNotFound {
		t.Errorf("leading elsewhere: %d, want 404", admin.status)
	}
}

func TestRecoveringSaysTheSameToEverybodyInTheSameTime(t *testing.T) {
	s := newAccountStage(t)
	s.person("v@raiz.invalid", "validador", s.party)
	var bodies []string
	for _, email := range []string{"v@raiz.invalid", "nadie@raiz.invalid"} {
		start := time.Now()
		v := s.browser().get("/recuperar").press("Enviar el enlace", "correo", email)
		if took := time.Since(start); took < 300*time.Millisecond {
			t.Errorf("%s: answered in %s", email, took)
		}
		bodies = append(bodies, v.body)
	}
	if bodies[0] != bodies[1] {
		t.Error("the answers differ")
	}
	path := s.link("v@raiz.invalid")
	v := s.browser().get(path).wants(http.StatusOK, path, "Elige otra contraseña")
	v.press("Guardar la contraseña", "contrasena", "otra frase larga y distinta", "repetir", "otra frase larga y distinta")
	v.get("/cuenta").wants(http.StatusOK, "/cuenta", "v@raiz.invalid")
	s.browser().get("/recuperar").press("Enviar el enlace", "correo", "mal").wants(http.StatusUnprocessableEntity, "/recuperar", "nombre@ejemplo.mx")
}

func TestChangingThePasswordEndsTheOtherSessions(t *testing.T) {
	s := newAccountStage(t)
	s.person("v@raiz.invalid", "validador", s.party)
	enter := func(password string) *visitor {
		return s.browser().get("/entrar").press("Entrar", "correo", "v@raiz.invalid", "contrasena", password)
	}
	mine, other := enter(accountPhrase), enter(accountPhrase)
	const next = "otra frase larga y distinta"
	mine.get("/cuenta/contrasena").press("Cambiar la contraseña", "actual", "no es", "contrasena", next, "repetir", next)
	mine.wants(http.StatusUnprocessableEntity, "/cuenta/contrasena", "no coincide")
	mine.press("Cambiar la contraseña", "actual", accountPhrase, "contrasena", next, "repetir", next).wants(http.StatusOK, "/cuenta", "Tu contraseña cambió")
	other.get("/cuenta").wants(http.StatusOK, "/entrar", "Entrar")
	third := enter(next)
	mine.get("/cuenta").press("Cerrar todas las demás").wants(http.StatusOK, "/cuenta", "sólo la sesión que usas")
	third.get("/cuenta").wants(http.StatusOK, "/entrar", "Entrar")
}

// Every route of the people, as every role: what is not theirs is refused.
func TestWhoMayUseTheRoutesOfThePeople(t *testing.T) {
	s := newAccountStage(t)
	s.Exec(`UPDATE desk.processes SET demo = true, second_factor = 'ninguna'`) // to enter with a password
	roles := map[string]*visitor{}
	for _, role := range []string{"operador", "validador", "verificador", "titular", "secretaria", "administracion", "auditoria"} {
		nominator := int64(0)
		if role == "operador" || role == "validador" {
			nominator = s.party
		}
		s.person(role+"@iep.invalid", role, nominator)
		roles[role] = s.browser().get("/entrar").press("Entrar", "correo", role+"@iep.invalid", "contrasena", accountPhrase)
	}
	for path, may := range map[string]string{
		"/administracion/personas": "administracion auditoria", "/administracion/personas/invitar": "administracion",
		"/administracion/personas/solicitudes": "administracion secretaria", "/administracion/personas/lista": "administracion",
		"/administracion/personas/lista/plantilla.csv": "administracion", "/captura/personas": "validador",
		"/cuenta": "operador validador verificador titular secretaria administracion auditoria",
	} {
		for role, v := range roles {
			want := http.StatusForbidden
			if strings.Contains(" "+may+" ", " "+role+" ") {
				want = http.StatusOK
			}
			if got := v.get(path).status; got != want {
				t.Errorf("%s at %s: %d, want %d", role, path, got, want)
			}
		}
	}
	for _, path := range []string{"/administracion/personas/999999", "/administracion/personas/999999/acuse.pdf", "/administracion/personas/solicitudes/999999", "/administracion/personas/x"} {
		if got := roles["administracion"].get(path).status; got != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, got)
		}
	}
}
