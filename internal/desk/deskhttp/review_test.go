package deskhttp_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/questionnaire"
)

// reviewedParts are the rubros that captureAll answers.
var reviewedParts = []string{
	"identidad_foto", "contacto", "formacion", "historia_profesional", "trayectoria", "motivo_cargo_publico", "propuesta_1", "propuesta_2",
}

// newReviewStage is a published process with a validated candidacy.
func newReviewStage(t testing.TB) *captureStage {
	t.Helper()
	s := newCaptureStage(t)
	s.Open()
	captureAll(s, s.operator())
	boss := s.enter("valida2@hor.mx", "validador", s.party, 0)
	boss.get(s.path("validar")).send("Continuar a confirmar", "declaro", "si").send("Validar y hacer pública").want(http.StatusOK, s.folio+"-V1")
	return s
}

func (s *captureStage) staff(email, role string) registryClient {
	s.T.Helper()
	return registryClient{s.enter(email, role, 0, 0)}
}

func (s *captureStage) revision(more ...string) string {
	return "/transparencia/revision/" + s.folio + strings.Join(append([]string{""}, more...), "/")
}

// results fills the form of a proposal: everything keeps to the rules, but for
// the rubros observed.
func results(waiting []string, observed ...string) []string {
	var fields []string
	for _, part := range waiting {
		if slices.Contains(observed, part) {
			fields = append(fields, "resultado_"+part, "observar", "supuestos_"+part, "S5", "corregir_"+part, "Quita «el partido vecino».")
		} else {
			fields = append(fields, "resultado_"+part, "se_apega")
		}
	}
	return fields
}

// From the queue to the site and back, as each person sees it, without scripts.
func TestAnObservationAsEverybodySeesIt(t *testing.T) {
	s := newReviewStage(t)
	analyst, head := s.staff("ana@iep.mx", "verificador"), s.staff("hilda@iep.mx", "titular")
	analyst.get("/transparencia/revision").want(http.StatusOK, "Esperan (1)", "Marisol Inventada Tapia", "Validada", "Pendiente", "Aprobada", "Faltan 3 días", "Sin asignar")
	analyst.get(analyst.link("Marisol")).want(http.StatusOK, "Faltan 8 rubros por dictaminar", "Medidores en cada pozo.", "Para mirar con cuidado", "Dice poco para su extensión")
	analyst.press("Tomar la revisión", nil).want(http.StatusOK, "La revisión quedó a tu nombre", "Asignada: Persona ana@iep.mx")

	const button = "Registrar el dictamen"
	analyst.press(button, nil, results(reviewedParts[1:])...).want(http.StatusUnprocessableEntity, "Fotografía: elige si se apega o se observa")
	if n := analyst.doc.Find("input[checked]").Length(); n != 7 {
		t.Errorf("%d results stay marked after a refusal, want 7", n)
	}
	analyst.press(button, nil, results(reviewedParts, "propuesta_1")...).want(http.StatusOK, "Tu propuesta espera a la persona titular")
	if analyst.doc.Find(`form[action$="/aprobar"]`).Length() != 0 {
		t.Error("an analyst is offered to approve")
	}

	head.get("/transparencia/revision?etapa=por_aprobar").want(http.StatusOK, "Por aprobar (1)", "Persona ana@iep.mx")
	head.get(s.revision()).want(http.StatusOK, "«Propuesta 1» deja de mostrarse: el sitio dirá «En revisión»", "S5 · Alusiones o menciones")
	head.press("Devolver la propuesta", nil).want(http.StatusUnprocessableEntity, "Escribe por qué la devuelves")
	head.press("Aprobar el dictamen", nil).want(http.StatusOK, "El dictamen quedó aprobado", "Espera la corrección de quien captura", "En pausa por observación")

	op := s.enter("opera2@hor.mx", "operador", s.party, 0)
	op.get("/captura").want(http.StatusOK, "En corrección", "Ver la corrección")
	op.get(s.path()).want(http.StatusOK, "1 rubro observado", "Alusiones o menciones a otro partido político o candidatura (S5)",
		"Quita «el partido vecino».", "a más tardar el viernes 9 de abril, 23:59 h", "«Propuesta 1» dice «En revisión» en el sitio")
	op.get(op.link("Propuesta 1")).want(http.StatusOK, "Observación de la Unidad de Transparencia", "Quita «el partido vecino».", "viernes 9 de abril")
	if op.doc.Find("textarea").Length() != 1 {
		t.Errorf("%d texts are open, want the observed one alone", op.doc.Find("textarea").Length())
	}
	op.send("Guardar y continuar", "propuesta_1", longText("Medidores en todos los pozos.")).want(http.StatusOK, "ya la cambiaste; falta enviarla")
	op.get(s.path("curricular", "motivo")).want(http.StatusOK, "no es parte de la corrección")
	op.get(s.path("correccion")).want(http.StatusOK, "Revisar y enviar la corrección", "[se agregó: todos los pozos]", "La envía la persona responsable del partido")

	boss := s.enter("valida3@hor.mx", "validador", s.party, 0)
	boss.get(s.path("correccion")).send("Enviar la corrección").want(http.StatusUnprocessableEntity, "Marca la declaración")
	boss.send("Enviar la corrección", "declaro", "si").want(http.StatusOK, "La corrección se envió", "la Unidad de Transparencia la revisa")
	op.get(s.path("curricular", "propuestas")).want(http.StatusOK, "Sólo lectura", "La corrección se envió")

	analyst.get("/transparencia/revision?etapa=correccion").want(http.StatusOK, "Corrección enviada", "Faltan 2 días")
	analyst.get(s.revision()).want(http.StatusOK, "Versión 1", "Versión 2", "[se quitó: cada pozo]", "Observación previa", "Rubros ya revisados (7)")
	analyst.press(button, nil, results([]string{"propuesta_1"})...).want(http.StatusOK)
	head.get(s.revision()).want(http.StatusOK, "La versión nueva de «Propuesta 1» se publica y termina su pausa")
	head.press("Aprobar el dictamen", nil).want(http.StatusOK, "Verificada", "Todos los rubros están revisados", "aprobó el dictamen")
	op.get(s.path()).want(http.StatusOK, "Enviada: el cuestionario ya se validó", "Acuse de validación")
	boss.get(s.path("acuse")).want(http.StatusOK, s.folio+"-V2")
	if d := s.Differences(); len(d) > 0 {
		t.Errorf("the site differs from the desk: %v", d)
	}
}

func TestACorrectionIsAskedForOnce(t *testing.T) {
	s := newReviewStage(t)
	boss := s.enter("valida3@hor.mx", "validador", s.party, 0)
	boss.get(s.path()).want(http.StatusOK, "Solicitar una corrección")
	op := s.enter("opera2@hor.mx", "operador", s.party, 0)
	op.get(s.path("correccion")).want(http.StatusOK, "La solicita y la envía la persona responsable del partido")
	boss.get(s.path("correccion")).want(http.StatusOK, "Sólo hay una oportunidad")
	boss.send("Abrir la corrección").want(http.StatusUnprocessableEntity, "Elige al menos un rubro")
	boss.send("Abrir la corrección", "rubros", "motivo_cargo_publico").want(http.StatusOK, "Corrección en curso", "el sitio conserva el texto publicado")
	boss.get(s.path("correccion")).want(http.StatusOK, "Todavía no cambia ninguna respuesta")
	boss.get(s.path("foto")).want(http.StatusOK, "no es parte de la corrección")
	boss.get(s.path("curricular", "motivo")).send("Guardar y continuar", "motivo_cargo_publico", longText("Quiero que haya agua.")).want(http.StatusOK, "Corrección en curso")
	boss.get(s.path("correccion")).send("Enviar la corrección", "declaro", "si").want(http.StatusOK, "Corrección enviada")

	analyst, head := s.staff("ana@iep.mx", "verificador"), s.staff("hilda@iep.mx", "titular")
	analyst.get(s.revision())
	analyst.press("Registrar el dictamen", nil, results(reviewedParts)...).want(http.StatusOK)
	head.get(s.revision()).want(http.StatusOK, "La versión nueva de «¿Por qué quiere ocupar un cargo público?» se publica.")
	head.press("Aprobar el dictamen", nil).want(http.StatusOK, "Verificada")
	boss.get(s.path("correccion")).want(http.StatusOK, "Ya se usó la oportunidad")
	form := url.Values{"guardado_id": {uuid.NewString()}, "rubros": {"propuesta_1"}}
	boss.post(s.path("correccion"), form).want(http.StatusConflict, "Ya se usó la oportunidad")
}

// A photograph that is observed is replaced like any other, and only then.
func TestAnObservedPhotograph(t *testing.T) {
	s := newReviewStage(t)
	analyst, head := s.staff("ana@iep.mx", "verificador"), s.staff("hilda@iep.mx", "titular")
	analyst.get(s.revision()).want(http.StatusOK, "F1 · Logotipos de partido")
	picture := analyst.doc.Find("article img").First().AttrOr("src", "")
	analyst.get(picture).want(http.StatusOK)
	if got := analyst.head.Get("Content-Type"); got != "image/jpeg" {
		t.Errorf("the photograph is %s", got)
	}
	fields := append(results(reviewedParts, "identidad_foto"), "supuestos_identidad_foto", "F1")
	analyst.get(s.revision())
	analyst.press("Registrar el dictamen", nil, fields...).want(http.StatusOK, "F1 · Logotipos")
	head.get(s.revision())
	head.press("Aprobar el dictamen", nil).want(http.StatusOK)
	op := s.enter("opera2@hor.mx", "operador", s.party, 0)
	op.get(s.path("foto")).want(http.StatusOK, "Observación de la Unidad de Transparencia", "Elige una fotografía sin logotipos")
	op.upload("foto", "otra.jpg", portraitFile(t, 640, 640)).want(http.StatusOK, "Encuadra la fotografía")
	op.send("Guardar y continuar").want(http.StatusOK, "ya la cambiaste; falta enviarla")
	if n := s.ID(`SELECT count(*) FROM site.photos WHERE candidacy_id = $1`, s.candidacy); n != 0 {
		t.Errorf("%d photographs on the site while it is paused", n)
	}
}

func TestWhoSeesTheReview(t *testing.T) {
	s := newReviewStage(t)
	for _, role := range []string{"secretaria", "administracion", "auditoria"} {
		c := s.staff(role+"@iep.mx", role)
		c.get("/transparencia/revision").want(http.StatusForbidden)
		c.get(s.revision()).want(http.StatusForbidden)
	}
	for _, role := range []string{"operador", "validador"} {
		c := s.enter("x"+role+"@hor.mx", role, s.party, 0)
		c.get(s.revision()).want(http.StatusForbidden)
		c.post(s.revision(), url.Values{}).want(http.StatusForbidden)
	}
	analyst := s.staff("ana@iep.mx", "verificador")
	analyst.get("/transparencia/revision/NO-EXISTE").want(http.StatusNotFound)
	for _, act := range []string{"aprobar", "devolver"} {
		analyst.post(s.revision(act), url.Values{"dictamen": {"1"}, "motivo": {"x"}}).want(http.StatusForbidden)
	}
	hash := s.text(`SELECT answers ->> 'fotografia' FROM desk.answer_versions WHERE part = 'identidad_foto' ORDER BY version DESC LIMIT 1`)
	analyst.get(s.revision("foto", strings.Repeat("0", 64)+".jpg")).want(http.StatusNotFound)
	analyst.get("/transparencia/revision/NO-EXISTE/foto/" + hash + ".jpg").want(http.StatusNotFound)
	rival := s.enter("rival@riv.mx", "validador", s.Nominator("partido", "RIV"), 0)
	rival.get(s.path("correccion")).want(http.StatusNotFound)
	rival.post(s.path("correccion"), url.Values{"rubros": {"motivo_cargo_publico"}}).want(http.StatusNotFound)
	rival.post(s.path("correccion", "enviar"), url.Values{"declaro": {"si"}}).want(http.StatusNotFound)
}

// What is written one second late stays on the screen, with why.
func TestTheFreezeKeepsTheTextOnScreen(t *testing.T) {
	s := newReviewStage(t)
	analyst, head := s.staff("ana@iep.mx", "verificador"), s.staff("hilda@iep.mx", "titular")
	analyst.get(s.revision())
	analyst.press("Registrar el dictamen", nil, results(reviewedParts, "propuesta_1")...).want(http.StatusOK)
	head.get(s.revision())
	head.press("Aprobar el dictamen", nil).want(http.StatusOK)
	end := s.Now().Add(time.Minute)
	s.Exec(`UPDATE desk.processes SET campaigns_end_at = $1`, end)
	op := s.enter("opera2@hor.mx", "operador", s.party, 0)
	op.get(s.path("curricular", "propuestas")).want(http.StatusOK)
	s.SetNow(end)
	late := longText("Un segundo tarde.")
	op.send("Guardar y continuar", "propuesta_1", late).want(http.StatusConflict, "al terminar las campañas", "Lo que escribiste no se guardó", "reloj del servidor")
	if got := strings.TrimSpace(op.doc.Find(`[name="propuesta_1"]`).Text()); got != late {
		t.Errorf("the page shows %q", got)
	}
	op.get(s.path()).want(http.StatusOK, "La captura cerró")
	if got := s.text(`SELECT max(version)::text FROM desk.answer_versions WHERE part = 'propuesta_1'`); got != "1" {
		t.Errorf("version %s was made after the end", got)
	}
}

func TestReviewedPartsAreThoseOfTheQuestionnaire(t *testing.T) {
	var all []string
	for _, p := range questionnaire.Curricular().Parts() {
		all = append(all, string(p.ID))
	}
	for _, p := range reviewedParts {
		if !slices.Contains(all, p) {
			t.Errorf("%s is no rubro", p)
		}
	}
}
