package deskhttp_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/desktest"
)

// longText is a sentence repeated past every floor.
func longText(sentence string) string {
	return strings.TrimSpace(strings.Repeat(sentence+" ", 400/len(sentence)+1))
}

func portraitFile(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{uint8(90 + x*60/w), uint8(80 + y*60/h), 110, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// captureAll answers everything, page after page, as «Guardar y continuar» leads.
func captureAll(s *captureStage, c *captureClient) {
	c.get(s.path("foto")).want(http.StatusOK, "Fotografía")
	c.upload("foto", "yo.jpg", portraitFile(s.T, 600, 800)).want(http.StatusOK, "Encuadra la fotografía", "Guardamos la fotografía")
	c.send("Ver cómo queda", "posicion", "arriba", "zoom", "125").want(http.StatusOK, "Encuadra")
	c.send("Guardar y continuar").want(http.StatusOK, "Medios de contacto públicos")
	c.send("Guardar y continuar", "facebook", "facebook.com/marisol", "telefono_publico.0", "(777) 123 4567").want(http.StatusOK, "Formación académica")
	c.send("Guardar y continuar", "grado_estudios", "licenciatura", "estatus_estudios", "titulo", "otra_formacion.0", "Contabilidad").want(http.StatusOK, "Historia profesional")
	c.send("Guardar y continuar", "historia_profesional", longText("Llevé las cuentas del mercado.")).want(http.StatusOK, "Trayectoria")
	c.send("Guardar y continuar", "trayectoria_politica", longText("Coordiné el comité de agua.")).want(http.StatusOK, "¿Por qué quiere")
	c.send("Guardar y continuar", "motivo_cargo_publico", longText("Quiero que el agua alcance.")).want(http.StatusOK, "Propuestas")
	c.send("Guardar y continuar", "propuesta_1", longText("Medidores en cada pozo."), "propuesta_2", longText("Transporte de noche.")).want(http.StatusOK, "9 de 9")
}

// A party's day, with no script at all: from an empty list to an acuse.
func TestAPartysDay(t *testing.T) {
	s := newCaptureStage(t)
	s.Open()
	op := s.operator()
	op.get("/captura").want(http.StatusOK, "Candidaturas de Partido HOR", "Marisol Inventada Tapia", "Sin iniciar", "0 de 9",
		"no tiene efectos respecto a la determinación sobre el registro de las personas candidatas")
	op.get(op.link("Marisol")).want(http.StatusOK, "Marisol Inventada Tapia", "El plazo vence el miércoles 21 de abril", "No disponible aún")

	captureAll(s, op)
	op.get("/captura?estado=completa").want(http.StatusOK, "Completa, falta validar", "9 de 9")
	op.get(s.path("vista-previa")).want(http.StatusOK, "Vista previa: aún no es pública", "Medidores en cada pozo.", "777 123 4567")
	op.get(s.path("validar")).want(http.StatusOK, "Falta validar", "La candidatura no proporcionó información")
	if op.doc.Find("main form").Length() != 0 {
		t.Error("an operator is offered to validate")
	}

	boss := s.validator()
	boss.get(s.path("validar")).send("Continuar a confirmar").want(http.StatusUnprocessableEntity, "Error:", "Marca la declaración")
	boss.send("Continuar a confirmar", "declaro", "si").want(http.StatusOK, "será pública", "Será público en cuanto confirmes")
	boss.send("Validar y hacer pública").want(http.StatusOK, "Acuse de validación", s.folio+"-V1")
	boss.get(boss.link("Descargar")).want(http.StatusOK)
	if got := boss.head.Get("Content-Disposition"); !strings.Contains(got, "acuse-"+s.folio+"-V1.pdf") || !bytes.HasPrefix(boss.body, []byte("%PDF-")) {
		t.Errorf("the acuse downloads as %q, %.8q", got, boss.body)
	}

	var state string
	if err := s.Site.QueryRow(t.Context(), `SELECT state FROM site.candidacies WHERE id = $1`, s.candidacy).Scan(&state); err != nil || state != "publicada" {
		t.Errorf("on the site: %q, error %v", state, err)
	}
	op.get(s.path("curricular", "motivo")).want(http.StatusOK, "Enviada: el cuestionario ya se validó", "Quiero que el agua alcance.")
	if op.doc.Find("textarea").Length() != 0 {
		t.Error("a validated page can still be typed in")
	}
	op.get("/captura").want(http.StatusOK, "Validada", "Ver acuse")
}

func TestACandidateWithAnAccountCapturesAndDoesNotValidate(t *testing.T) {
	s := newCaptureStage(t)
	c := s.enter("marisol@ejemplo.mx", "candidata", 0, s.candidacy)
	c.get("/captura").want(http.StatusOK, "Tu candidatura", "Marisol Inventada Tapia")
	captureAll(s, c)
	c.get(s.path("validar")).want(http.StatusOK, "Falta validar")
	form := url.Values{"guardado_id": {uuid.NewString()}, "version": {"x"}, "declaro": {"si"}}
	c.post(s.path("validar", "confirmar"), form).want(http.StatusForbidden)
}

func TestAnIndependentDoesItAllAlone(t *testing.T) {
	s := newCaptureStage(t)
	s.Exec(`UPDATE desk.nominators SET kind = 'independiente' WHERE id = $1`, s.party)
	c := s.enter("marisol@ejemplo.mx", "candidata", 0, s.candidacy)
	captureAll(s, c)
	c.get(s.path("validar")).send("Continuar a confirmar", "declaro", "si").send("Validar y hacer pública").want(http.StatusOK, s.folio+"-V1")
}

func TestNotYoursAndNotThereAreTheSameBytes(t *testing.T) {
	s := newCaptureStage(t)
	rival := s.enter("opera@riv.mx", "operador", s.Nominator("partido", "RIV"), 0)
	captureAll(s, s.operator())
	hash := s.text(`SELECT answers ->> 'fotografia' FROM desk.answer_versions WHERE part = 'identidad_foto' ORDER BY version DESC LIMIT 1`)
	for _, tail := range []string{
		"", "/curricular/motivo", "/foto", "/foto/encuadre", "/foto/encuadre/vista.jpg", "/foto/" + hash + ".jpg",
		"/vista-previa", "/validar", "/validar/confirmar", "/acuse", "/acuse.pdf", "/curricular/motivo/diferencias/1",
	} {
		mine := rival.get("/captura/" + s.folio + tail).want(http.StatusNotFound).body
		absent := rival.get("/captura/PRU-99999" + tail).want(http.StatusNotFound).body
		if diff := cmp.Diff(string(absent), string(mine)); diff != "" {
			t.Errorf("%s tells them apart:\n%s", tail, diff)
		}
	}
	form := url.Values{"guardado_id": {uuid.NewString()}, "version": {"0"}, "accion": {"volver"}, "motivo_cargo_publico": {"ajeno"}}
	for _, path := range []string{"/captura/" + s.folio, "/captura/PRU-99999"} {
		rival.post(path+"/curricular/motivo", form).want(http.StatusNotFound)
		rival.post(path+"/validar/confirmar", form).want(http.StatusNotFound)
	}
}

func TestWhatIsTypedIsNeverLost(t *testing.T) {
	s := newCaptureStage(t)
	c := s.operator()
	kept := func(name, want string) {
		t.Helper()
		if got := strings.TrimSpace(c.doc.Find(`[name="` + name + `"]`).Text()); got != want {
			t.Errorf("%s: the page shows %q, want %q", c.at, got, want)
		}
	}
	motive := s.path("curricular", "motivo")

	c.get(motive).send("Guardar y volver a la lista", "motivo_cargo_publico", "A medias").want(http.StatusOK, "Guardado a las", "Tiene texto por revisar")
	c.get(motive).want(http.StatusOK, "Borrador guardado hoy")
	kept("motivo_cargo_publico", "A medias")

	// Invalid: 422, the summary first, the text there, and saved as a draft.
	c.send("Guardar y continuar", "motivo_cargo_publico", "Muy corto").want(http.StatusUnprocessableEntity, "Error:", "agrega al menos 271 caracteres")
	kept("motivo_cargo_publico", "Muy corto")
	if c.doc.Find("main .errores a").AttrOr("href", "") != "#motivo_cargo_publico" || c.doc.Find("#motivo_cargo_publico[aria-invalid=true]").Length() != 1 {
		t.Error("the summary does not lead to the field, or the field does not say it is invalid")
	}
	c.send("Guardar y continuar", "motivo_cargo_publico", strings.Repeat("á", 2549)).want(http.StatusUnprocessableEntity, "te sobran 49 caracteres")
	kept("motivo_cargo_publico", strings.Repeat("á", 2549))

	// Not text: refused whole, and given back without what was wrong.
	c.send("Guardar y volver a la lista", "motivo_cargo_publico", "Con nulo\x00 y byte \xff").want(http.StatusUnprocessableEntity, "caracteres no válidos")
	kept("motivo_cargo_publico", "Con nulo y byte")
	c.send("Guardar y volver a la lista").want(http.StatusOK, "Guardado a las")

	// A form without its key, and one with a field that the page does not have.
	form := c.get(motive).form()
	form.Set("motivo_cargo_publico", "Sin llave")
	form.Del("guardado_id")
	c.post(motive, form).want(http.StatusUnprocessableEntity, "Tu texto sigue aquí")
	kept("motivo_cargo_publico", "Sin llave")
	form.Set("guardado_id", "no-es-una-llave")
	c.post(motive, form).want(http.StatusUnprocessableEntity, "Tu texto sigue aquí")
	kept("motivo_cargo_publico", "Sin llave")
	form.Set("guardado_id", uuid.NewString())
	form.Set("partido_id", "7")
	c.post(motive, form).want(http.StatusUnprocessableEntity, "no corresponde a esta página")
	kept("motivo_cargo_publico", "Sin llave")

	// Closed at the minute: refused, on screen to be copied, nothing saved.
	c.get(motive)
	before := s.text(`SELECT version || ' ' || form::text FROM desk.drafts WHERE page = 'motivo'`)
	s.SetNow(desktest.Start.AddDate(0, 2, -4))
	// The session of that morning is over by then: the clock moved for everybody.
	c = s.enter("otra@hor.mx", "operador", s.party, 0)
	late := url.Values{"guardado_id": {uuid.NewString()}, "version": {"9"}, "accion": {"continuar"}, "motivo_cargo_publico": {"Llegué tarde"}}
	c.post(motive, late).want(http.StatusConflict, "La captura cerró", "reloj del servidor", "no se guardó")
	kept("motivo_cargo_publico", "Llegué tarde")
	if got := s.text(`SELECT version || ' ' || form::text FROM desk.drafts WHERE page = 'motivo'`); got != before {
		t.Error("something was saved after the close")
	}
	c.get(motive).want(http.StatusOK, "Sólo lectura", "La captura cerró")
}

func TestDraftsSaveThemselves(t *testing.T) {
	s := newCaptureStage(t)
	c := s.operator()
	motive := s.path("curricular", "motivo")
	draft := func(version, text string) map[string]any {
		t.Helper()
		c.post(motive, url.Values{"guardado_id": {uuid.NewString()}, "version": {version}, "accion": {"borrador"}, "motivo_cargo_publico": {text}})
		var reply map[string]any
		if err := json.Unmarshal(c.body, &reply); err != nil {
			t.Fatalf("%s: %v", c.body, err)
		}
		return reply
	}
	if diff := cmp.Diff(map[string]any{"guardado": true, "guardado_en": "9:00", "version": "1"}, draft("0", "Quiero")); diff != "" || c.code != http.StatusOK {
		t.Errorf("%d %s", c.code, diff)
	}
	reply := draft("0", "Otra cosa")
	if c.code != http.StatusConflict || reply["version"] != "1" || !strings.Contains(reply["error"].(string), "guardó cambios a las 9:00") {
		t.Errorf("stale: %d %v", c.code, reply)
	}
	c.get(reply["diferencias"].(string)).want(http.StatusOK, "Dos personas escribieron", "Quiero", "Otra cosa")
	c.get(motive).want(http.StatusOK, "Tienes un texto sin guardar")
	if reply = draft("1", "a\x00b"); c.code != http.StatusUnprocessableEntity || !strings.Contains(reply["error"].(string), "caracteres no válidos") {
		t.Errorf("not text: %d %v", c.code, reply)
	}
	s.Exec(`UPDATE desk.candidacies SET capture = 'validada' WHERE id = $1`, s.candidacy)
	if reply = draft("1", "Tarde"); c.code != http.StatusUnprocessableEntity || !strings.Contains(reply["error"].(string), "Enviada") {
		t.Errorf("closed: %d %v", c.code, reply)
	}
}

func TestTwoPeopleWriteTheSamePage(t *testing.T) {
	s := newCaptureStage(t)
	ana, eva := s.operator(), s.validator()
	page := s.path("curricular", "propuestas")
	eva.get(page)
	ana.get(page).send("Guardar y volver a la lista", "propuesta_1", "La uno de Ana", "propuesta_2", "La dos de Ana").want(http.StatusOK)

	eva.send("Guardar y continuar", "propuesta_1", "La uno de Eva", "propuesta_2", "La dos de Eva").
		want(http.StatusConflict, "Dos personas escribieron en «Propuestas»", "La uno de Ana", "La uno de Eva", "Persona opera@hor.mx guardó hoy")
	eva.send("Guardar lo elegido", "elige.propuesta_1", "mia").want(http.StatusUnprocessableEntity, "elige uno de los dos textos")
	eva.send("Guardar lo elegido", "elige.propuesta_2", "guardada").want(http.StatusOK, "Guardamos lo que elegiste", "La uno de Eva", "La dos de Ana")
	eva.get(page)
	if strings.Contains(eva.shown(), "Tienes un texto sin guardar") {
		t.Error("the conflict is still open")
	}
}

func TestTheSameFormSentTwice(t *testing.T) {
	s := newCaptureStage(t)
	c := s.operator()
	form := c.get(s.path("curricular", "motivo")).form()
	form.Set("motivo_cargo_publico", longText("Quiero servir."))
	form.Set("accion", "continuar")
	for range 2 {
		c.post(s.path("curricular", "motivo"), form).want(http.StatusOK, "Propuestas")
	}
	if got := s.text(`SELECT count(*) || ' ' || (SELECT version FROM desk.drafts) FROM desk.answer_versions`); got != "1 1" {
		t.Errorf("versions and saves: %s, want one of each", got)
	}
	// Back in the browser, changed and sent with the old key: nothing is lost.
	form.Set("motivo_cargo_publico", "Volví atrás y cambié")
	c.post(s.path("curricular", "motivo"), form).want(http.StatusConflict, "Volví atrás y cambié", "Quiero servir.")
}

func TestRowsWithoutScript(t *testing.T) {
	s := newCaptureStage(t)
	c := s.operator()
	c.get(s.path("curricular", "formacion")).send("Agregar otro curso", "grado_estudios", "primaria", "otra_formacion.0", "Uno").want(http.StatusOK)
	c.send("Agregar otro curso", "otra_formacion.1", "Dos").want(http.StatusOK)
	c.send("Quitar curso 1", "otra_formacion.2", "Tres").want(http.StatusOK)
	var got []string
	for _, name := range []string{"otra_formacion.0", "otra_formacion.1", "otra_formacion.2"} {
		got = append(got, c.doc.Find(`[name="`+name+`"]`).AttrOr("value", "(no está)"))
	}
	if want := []string{"Dos", "Tres", "(no está)"}; !cmp.Equal(got, want) {
		t.Errorf("rows %q, want %q", got, want)
	}
	if c.doc.Find("[name=grado_estudios][checked]").AttrOr("value", "") != "primaria" {
		t.Error("what was chosen elsewhere in the page was lost")
	}
	c.get(s.path("curricular", "contacto")).send("Agregar casa de campaña", "facebook", "https://facebook.com/m").want(http.StatusOK, "Casa de campaña 1")
	c.send("Guardar y continuar", "casa_campana.0.calle", "Hidalgo").want(http.StatusUnprocessableEntity, "completa este dato: colonia")
}

func TestPhotographs(t *testing.T) {
	s := newCaptureStage(t)
	c := s.operator()
	photo := s.path("foto")
	for name, file := range map[string]struct {
		bytes []byte
		says  string
	}{
		"html.jpg":   {[]byte("<!DOCTYPE html><script>alert(1)</script>"), "página web"},
		"dibujo.svg": {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "SVG"},
		"corta.jpg":  {portraitFile(t, 400, 400)[:500], "dañada o incompleta"},
		"nada.jpg":   {nil, "Elige el archivo"},
		"../../x":    {[]byte("GIF89a"), "GIF"},
	} {
		c.get(photo).upload("foto", name, file.bytes).want(http.StatusUnprocessableEntity, "Error:", file.says)
	}
	c.get(photo).upload("foto", "enorme.jpg", make([]byte, 10<<20)).want(http.StatusRequestEntityTooLarge)
	c.get(photo)
	stale := c.form().Get("version")
	c.upload("foto", "yo.jpg", portraitFile(t, 500, 500)).want(http.StatusOK, "Encuadra")
	src := c.doc.Find("main img").AttrOr("src", "")
	if c.get(src).want(http.StatusOK); c.head.Get("Content-Type") != "image/jpeg" || c.head.Get("Cache-Control") != "no-store" {
		t.Errorf("the photograph comes as %v", c.head)
	}
	// Another candidacy of the same party has not that photograph.
	s.Candidacy(s.party, "Otra", "Persona")
	other := s.text(`SELECT folio FROM desk.candidacies WHERE id <> $1 ORDER BY id DESC LIMIT 1`, s.candidacy)
	c.get(strings.Replace(src, s.folio, other, 1)).want(http.StatusNotFound)
	// Somebody else's upload, started before this one.
	c.get(photo)
	c.doc.Find("[name=version]").SetAttr("value", stale)
	c.upload("foto", "otra.jpg", portraitFile(t, 300, 500)).want(http.StatusConflict, "Alguien cambió la fotografía")
	c.get(s.path("foto", "encuadre")).post(s.path("foto", "encuadre"), url.Values{"posicion": {"norte"}, "zoom": {"100"}}).want(http.StatusUnprocessableEntity)
}

func TestValidatingAnswersThatChanged(t *testing.T) {
	s := newCaptureStage(t)
	captureAll(s, s.operator())
	boss := s.validator()
	boss.get(s.path("validar")).send("Continuar a confirmar", "declaro", "si").want(http.StatusOK, "Confirma la validación")
	form := boss.form()
	boss.get(s.path("curricular", "motivo")).send("Guardar y continuar", "motivo_cargo_publico", longText("Cambié de idea.")).want(http.StatusOK)
	boss.post(s.path("validar", "confirmar"), form).want(http.StatusConflict, "Las respuestas cambiaron desde que las revisaste")
	boss.get(s.path("validar")).send("Continuar a confirmar", "declaro", "si").send("Validar y hacer pública").want(http.StatusOK, "Acuse")
}

func TestTheDashboardPagesAndFilters(t *testing.T) {
	s := newCaptureStage(t)
	for range capture.PageSize {
		s.Candidacy(s.party, "Persona", "Ficticia "+uuid.NewString()[:8])
	}
	c := s.operator()
	rows := func() int { return c.doc.Find("tbody tr").Length() }
	if c.get("/captura").want(http.StatusOK, "Todas (26)"); rows() != capture.PageSize {
		t.Errorf("%d rows on the first page", rows())
	}
	for _, query := range []string{"pagina=2", "pagina=99", "pagina=2&estado=inventado"} {
		if c.get("/captura?" + query).want(http.StatusOK); rows() != 1 {
			t.Errorf("%s: %d rows, want the last one", query, rows())
		}
	}
	c.get("/captura?estado=validada").want(http.StatusOK, "No hay candidaturas en este estado")
	for _, query := range []string{"pagina=-1", "pagina=%FF", "estado=%00", "pagina=999999999999999999999"} {
		c.get("/captura?" + query).want(http.StatusOK)
	}
	s.SetNow(desktest.Start.Add(20 * 24 * time.Hour))
	s.enter("tarde@hor.mx", "operador", s.party, 0).get("/captura").want(http.StatusOK, "Vencido", "26 de 26", "extemporáne")
}

func TestPathsThatNameNothing(t *testing.T) {
	s := newCaptureStage(t)
	c := s.operator()
	for _, path := range []string{
		"/captura/%00", "/captura/%FF", s.path("curricular", "identidad"), s.path("curricular", "motivo", "diferencias", "9"),
		s.path("curricular", "motivo", "diferencias", "x"), s.path("foto", strings.Repeat("a", 64)+".jpg"), s.path("acuse"), "/captura/" + strings.Repeat("x", 3000),
	} {
		if c.get(path); c.code != http.StatusNotFound && c.code != http.StatusBadRequest {
			t.Errorf("%.60s: %d", path, c.code)
		}
	}
}
