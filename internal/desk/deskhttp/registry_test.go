package deskhttp_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/deskhttp"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/registry"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/election"
	"conoceles/internal/serve"
	"conoceles/web/layout"
)

// registryStage is an election made from the institute's catalogue, with the
// registry served over HTTP.
type registryStage struct {
	*desktest.World
	server *httptest.Server
}

func newRegistryStage(t testing.TB) *registryStage {
	t.Helper()
	w := desktest.New(t)
	catalogue, err := registry.DefaultCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	store := registry.New(w.Desk, w.Publisher, catalogue)
	day := time.Date(2027, 6, 6, 0, 0, 0, 0, election.Zone())
	w.Tx(func(ctx context.Context, tx *db.Tx) error {
		w.Process, err = store.CreateProcess(ctx, tx, registry.NewProcess{
			Name: "Elección de prueba", Kind: election.Election, FolioPrefix: "EP", AgeReference: day, WithNominators: true,
			Calendar: election.Calendar{ElectionDay: day},
		})
		return err
	})
	accounts, err := auth.NewStore(w.Desk)
	if err != nil {
		t.Fatal(err)
	}
	sessions := auth.NewSessions(w.Desk, accounts, false)
	front := serve.New(serve.Options{Now: w.Now})
	router := front.Router()
	desk := router.With(serve.NoStore, front.CrossOrigin(), sessions.Middleware)
	face := &deskhttp.Face{Sessions: sessions, Now: w.Now, Site: func(context.Context) layout.Site { return layout.Site{Name: "Conóceles"} }}
	(&deskhttp.Registry{Face: face, Store: store}).Mount(front.Group(desk, serve.Desk))
	desk.Get("/prueba/entrar", func(_ http.ResponseWriter, r *http.Request) {
		account, _ := strconv.ParseInt(r.URL.Query().Get("cuenta"), 10, 64)
		if err := sessions.Open(r.Context(), account); err != nil {
			t.Error(err)
		}
	})
	s := &registryStage{World: w, server: httptest.NewServer(router)}
	t.Cleanup(s.server.Close)
	return s
}

// registryClient is somebody at the registry with a browser without scripts.
type registryClient struct{ *captureClient }

func (s *registryStage) enter(email, role string, nominator int64) registryClient {
	s.T.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.T.Fatal(err)
	}
	c := registryClient{&captureClient{t: s.T, base: s.server.URL, http: &http.Client{Jar: jar}}}
	c.get("/prueba/entrar?cuenta=" + strconv.FormatInt(s.Account(email, role, nominator, 0), 10))
	return c
}

// press fills the form that has the button, with a file if one is named, and
// sends it.
func (c registryClient) press(button string, file []byte, fields ...string) registryClient {
	c.t.Helper()
	b := c.doc.Find("main button").FilterFunction(func(_ int, b *goquery.Selection) bool {
		return strings.Join(strings.Fields(b.Text()), " ") == button
	}).First()
	if b.Length() == 0 {
		c.t.Fatalf("%s has no button %q\n%s", c.at, button, c.shown())
	}
	form := b.Closest("form")
	values := fieldsOf(form)
	for i := 0; i < len(fields); i += 2 {
		values.Set(fields[i], fields[i+1])
	}
	if name := b.AttrOr("name", ""); name != "" {
		values.Set(name, b.AttrOr("value", ""))
	}
	if form.AttrOr("enctype", "") == "" {
		c.post(form.AttrOr("action", ""), values)
		return c
	}
	c.do(c.multipart(form, values, file))
	return c
}

func (c registryClient) multipart(form *goquery.Selection, values url.Values, file []byte) *http.Request {
	c.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, list := range values {
		for _, v := range list {
			_ = m.WriteField(name, v)
		}
	}
	if file != nil {
		part, err := m.CreateFormFile(form.Find("input[type=file]").AttrOr("name", ""), "archivo.pdf")
		if err != nil {
			c.t.Fatal(err)
		}
		_, _ = part.Write(file)
	}
	_ = m.Close()
	req, err := http.NewRequest(http.MethodPost, c.base+form.AttrOr("action", ""), &b)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	return req
}

// fieldsOf are the values a form holds, selects included.
func fieldsOf(form *goquery.Selection) url.Values {
	v := url.Values{}
	form.Find("input, textarea, select").Each(func(_ int, e *goquery.Selection) {
		name, kind := e.AttrOr("name", ""), e.AttrOr("type", "")
		_, checked := e.Attr("checked")
		switch {
		case name == "" || kind == "file":
		case goquery.NodeName(e) == "select":
			v.Add(name, e.Find("option[selected]").AttrOr("value", ""))
		case kind == "radio" || kind == "checkbox":
			if checked {
				v.Add(name, e.AttrOr("value", ""))
			}
		default:
			v.Add(name, e.AttrOr("value", ""))
		}
	})
	return v
}

func csvOf(t testing.TB, lines ...string) []byte {
	t.Helper()
	var rows [][]string
	for _, l := range lines {
		rows = append(rows, strings.Split(l, "|"))
	}
	var b bytes.Buffer
	header := strings.Split("CARGO|MUNICIPIO|CALIDAD|NOMBRES|APELLIDOS|SEXO|PARTIDO", "|")
	if err := tabular.WriteCSV(&b, header, rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	ana = "PRESIDENCIA MUNICIPAL|Ayala|PROPIETARIA|Ana|Prueba Ríos|M|MC"
	eva = "PRESIDENCIA MUNICIPAL|Ayala|SUPLENTE|Eva|Muestra Paz|M|MC"
)

func TestAListIsReviewedBeforeItIsLoaded(t *testing.T) {
	s := newRegistryStage(t)
	c := s.enter("una@instituto.mx", "secretaria", 0)
	c.get("/registro/listas").want(200, "Cargar una lista aprobada")
	c.press("Revisar la lista", nil).want(422, "Elige el archivo de la lista")
	c.press("Revisar la lista", []byte("%PDF-1.4")).want(422, "El archivo es un PDF")
	c.press("Revisar la lista", csvOf(t, ana, eva, "PRESIDENCIA MUNICIPAL|Macondo|PROPIETARIA|Sol|Nadie|M|MC"), "acuerdo", "IEP/1", "fecha_acuerdo", "2027-03-30")
	c.want(200, "Todavía no se carga nada", "1 fila rechazada", "«Macondo» no es un municipio de este proceso", "2 candidaturas nuevas", "Ana Prueba Ríos")
	if n := s.ID(`SELECT count(*) FROM desk.candidacies`); n != 0 {
		t.Fatalf("%d candidacies before confirming", n)
	}
	review := c.at
	c.get(c.link("Descargar los motivos")).want(200, "FILA,COLUMNA,MOTIVO", "4,MUNICIPIO")
	c.get(review)
	c.press("Cargar sólo las filas buenas", nil).want(200, "La lista quedó cargada: 2 candidaturas nuevas")
	if n := s.ID(`SELECT count(*) FROM desk.candidacies WHERE acuerdo = 'IEP/1' AND approved_on = '2027-03-30'`); n != 2 {
		t.Errorf("%d candidacies loaded, want 2", n)
	}
	c.get(review).want(200, "No hay nada que cargar")

	other := s.enter("dos@instituto.mx", "secretaria", 0)
	other.get(review).want(422, "El archivo ya no está")
}

func TestAnActGoesFromOnePersonToAnother(t *testing.T) {
	s := newRegistryStage(t)
	one, two := s.enter("una@instituto.mx", "secretaria", 0), s.enter("dos@instituto.mx", "secretaria", 0)
	one.get("/registro/listas")
	one.press("Revisar la lista", csvOf(t, ana, eva)).press("Cargar la lista", nil).want(200)
	one.get("/registro/candidaturas?q=rios+ana").want(200, "1 candidatura", "Ana Prueba Ríos")
	one.get(one.link("Ana Prueba Ríos")).want(200, "Capturar un acto", "EP-00001")
	one.get(one.link("Sustitución")).want(200, "Persona que entra")

	one.press("Revisar el efecto", []byte("<html>no es un pdf</html>"), "nombres", "Olga").want(422, "El documento debe ser PDF, JPG o PNG")
	one.press("Revisar el efecto", nil).want(422, "Escribe los apellidos", "Escribe el número del acuerdo")
	if got := one.doc.Find("#nombres").AttrOr("value", ""); got != "Olga" {
		t.Errorf("what was typed came back as %q", got)
	}
	one.press("Revisar el efecto", []byte("%PDF-1.7 acuerdo"), "apellidos", "Distinta", "sexo", "mujer", "acuerdo", "IEP/2", "fecha", "31/02/2027").
		want(422, "Escribe la fecha como día, mes y año")
	one.press("Revisar el efecto", nil, "fecha", "2027-04-05").
		want(200, "Entra Olga Distinta a Presidencia municipal, Ayala", "Ana Prueba Ríos sale de la boleta", "Documento: archivo.pdf")
	one.press("Cambiar los datos", nil).want(200, "Persona que entra")
	one.press("Revisar el efecto", nil).press("Capturar el acto", nil).want(200, "Falta que otra persona lo confirme", "debe confirmarlo otra persona")
	if one.doc.Find("button:contains('Confirmar')").Length() > 0 {
		t.Error("whoever captured the act is offered to confirm it")
	}
	act := one.at
	one.post(act+"/confirmar", url.Values{"guardado_id": {"018f0000-0000-7000-8000-000000000001"}}).want(403, "debe confirmarlo otra persona")

	two.get(act).want(200, "Por confirmar", "Entra Olga Distinta")
	two.get(two.link("Descargar archivo.pdf")).want(200, "%PDF-1.7 acuerdo")
	if got := two.head.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("the document is served as %q", got)
	}
	two.get(act)
	two.press("Desechar", nil).want(422, "Escribe el motivo")
	two.press("Confirmar el acto", nil).want(200, "El acto quedó confirmado", "Entró Olga Distinta")
	two.get("/registro/candidaturas/EP-00003").want(200, "Sustituye a Ana Prueba Ríos")
	two.get("/registro/listas/ine").want(200, "Sustitución: entra Olga Distinta (EP-00003)")
	two.get("/registro/listas/ine.csv?fecha="+s.Now().Format(time.DateOnly)).want(200, "Sustitución")
	two.get("/registro").want(200, "Actos recientes", "archivo.pdf")
	two.get("/registro/candidaturas/EP-00001/acto/renuncia")
	two.press("Revisar el efecto", nil, "acuerdo", "IEP/3", "fecha", "2027-04-05").want(409, "ya no está en la boleta")
}

func TestThePublicationIsProposedAndConfirmed(t *testing.T) {
	s := newRegistryStage(t)
	admin, secretary := s.enter("admin@instituto.mx", "administracion", 0), s.enter("una@instituto.mx", "secretaria", 0)
	admin.get("/registro/publicacion").want(200, "aún no tiene fecha de inicio")
	admin.press("Proponer la fecha", nil).want(422, "Escribe el día y la hora", "Escribe la fecha del acuerdo")
	admin.press("Proponer la fecha", nil, "inicio", "20/04/2027", "hora", "9:00", "acuerdo", "IEP/9", "fecha", "01/04/2027").
		want(200, "La fecha quedó propuesta", "20 de abril de 2027, 9:00 h", "debe confirmarlo otra persona")
	secretary.get("/registro/publicacion")
	secretary.press("Confirmar el acto", nil).
		want(200, "El inicio de la publicación quedó confirmado", "La publicación inicia el 20 de abril de 2027")
	admin.get("/registro/candidaturas").want(403)
}

func TestNothingOfTheRegistryIsForOthersAndNothingBreaksIt(t *testing.T) {
	s := newRegistryStage(t)
	party := s.ID(`SELECT id FROM desk.nominators WHERE process_id = $1 AND acronym = 'MC'`, s.Process)
	operator := s.enter("opera@mc.mx", "operador", party)
	secretary := s.enter("una@instituto.mx", "secretaria", 0)
	for _, path := range []string{"/registro", "/registro/candidaturas", "/registro/actos", "/registro/listas", "/registro/publicacion", "/registro/listas/ine.csv"} {
		operator.get(path).want(403)
	}
	for path, status := range map[string]int{
		"/registro/candidaturas/XX-00001":                                 404,
		"/registro/candidaturas/XX-00001/acto/renuncia":                   404,
		"/registro/candidaturas/%27%20OR%201=1":                           404,
		"/registro/actos/0":                                               404,
		"/registro/actos/99999999999999999999":                            404,
		"/registro/actos/1/documento":                                     404,
		"/registro/listas/nada":                                           422,
		"/registro/candidaturas?q=%00":                                    422,
		"/registro/candidaturas?pagina=-1&vigencia=x":                     200,
		"/registro/candidaturas?q=" + strings.Repeat("%F0%9F%8E%89", 500): 200,
		"/registro/listas/ine?fecha=31-02":                                200,
		"/registro/listas/plantilla.csv":                                  200,
		"/registro/listas/plantilla.xlsx":                                 200,
	} {
		if secretary.get(path); secretary.code != status {
			t.Errorf("%s: %d, want %d", path, secretary.code, status)
		}
	}
}
