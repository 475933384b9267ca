package app_test

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"conoceles/internal/desk/canary"
	"conoceles/internal/questionnaire"
	"conoceles/internal/serve"
	"conoceles/web/component"
)

// typedNow is what somebody types while the test runs, and only they may see.
const typedNow = "CNRY-TECLEADOAHORAMIS"

// breakDrafts makes PostgreSQL fail with what is being saved in its detail, as it
// does by itself when a row breaks a constraint.
const (
	detail      = "Renglón que no se guardó"
	breakDrafts = `
CREATE OR REPLACE FUNCTION desk.rota() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'Renglón que no se guardó' USING DETAIL = NEW.form::text; END $$;
CREATE TRIGGER rota BEFORE INSERT OR UPDATE ON desk.drafts FOR EACH ROW EXECUTE FUNCTION desk.rota()`
)

// mistakes are how requests go wrong, with a canary in the hands of who asks.
type mistakes struct {
	own, other canary.Person // who asks captures the first and not the second
}

func (w *world) mistakes() (m mistakes) {
	for _, p := range w.plan.People {
		switch {
		case p.Captured && !p.Reserved:
			m.own = p
		case !p.Captured:
			m.other = p
		}
	}
	return m
}

func (m mistakes) block(p canary.Person) string {
	return "/captura/" + p.Folio + "/identidad/diversidad_sexual"
}

// identity is a topic as it is posted, with a canary in its free text, over a
// version.
func (m mistakes) identity(version string) url.Values {
	form := url.Values{}
	for _, page := range questionnaire.Identity().Pages {
		if page.ID == "diversidad_sexual" {
			form = questionnaire.Form(page, questionnaire.Answers{
				questionnaire.LGBT: {Text: questionnaire.Yes}, questionnaire.LGBTIdentity: {Text: "otra", Other: typedNow},
			})
		}
	}
	form.Set(component.VersionField, version)
	form.Set(component.KeyField, uuid.NewString())
	form.Set(component.ActionField, component.ActionContinue)
	return form
}

// late is a topic that somebody else saved meanwhile, with something else.
func (m mistakes) late() url.Values {
	form := m.identity("0")
	form.Set(string(questionnaire.LGBT), questionnaire.PreferNot)
	return form
}

var shownVersion = regexp.MustCompile(`name="` + component.VersionField + `" value="(\d+)"`)

// all makes every mistake but those of the questionnaires that who asks captures.
func (m mistakes) all(v *visitor) map[string]reply {
	invalid := m.identity("0")
	invalid.Set("p10_lgbt_identidad", typedNow)
	huge := url.Values{"p10_lgbt_identidad": {strings.Repeat(typedNow, 40_000)}}
	consent := "/transparencia/consentimientos/" + m.other.Folio
	return map[string]reply{
		"of another":             v.post(m.block(m.other), m.identity("0")),
		"too large":              v.post(m.block(m.own), huge),
		"not a form":             v.ask(http.MethodPost, m.block(m.own), []byte(`{"x":"`+typedNow+`"}`), "application/json"),
		"validate":               v.post("/captura/"+m.own.Folio+"/validar", url.Values{"declaro": {typedNow}}),
		"verify":                 v.post(consent+"/verificar", url.Values{"declaracion": {typedNow}}),
		"a document of another":  v.post(consent+"/documento", url.Values{}),
		"answers without reason": v.post(consent+"/respuestas", url.Values{"motivo": {""}}),
		"withdraw":               v.post("/retirar/"+typedNow, nil),
		"method":                 v.ask(http.MethodDelete, "/candidaturas/"+m.other.Slug, nil, ""),
		"a search":               v.get("/candidaturas?pagina=" + typedNow),
		"a slug":                 v.get("/candidaturas/" + typedNow),
		"a process":              v.get("/procesos/" + typedNow + "/candidaturas"),
		"invalid":                v.post(m.block(m.own), invalid),
	}
}

// broken is what happens to a save when PostgreSQL fails under it.
const broken = "broken"

// checkErrors makes requests go wrong with a canary in their hands: only who sent
// it may have it back, and where the database fails, nobody sees why.
func checkErrors(w *world, c *census) {
	m := w.mistakes()
	for _, v := range w.visitors() {
		for name, r := range m.all(v) {
			checkMistake(w, c, v, name, r)
		}
		if v.role == "operador" {
			motive := url.Values{
				component.VersionField: {"1"}, component.KeyField: {uuid.NewString()}, component.ActionField: {component.ActionReturn},
				"motivo_cargo_publico": {typedNow},
			}
			w.super(breakDrafts)
			checkMistake(w, c, v, broken, v.post("/captura/"+m.own.Folio+"/curricular/motivo", motive))
			w.super(`DROP TRIGGER rota ON desk.drafts`)
		}
		version := "0"
		if shown := shownVersion.FindSubmatch(v.get(m.block(m.own)).body); shown != nil {
			version = string(shown[1])
		}
		saved, late := v.post(m.block(m.own), m.identity(version)), v.post(m.block(m.own), m.late())
		checkMistake(w, c, v, "of its own", saved)
		checkMistake(w, c, v, "of its own, late", late)
		if v.role == "operador" && (saved.status != http.StatusSeeOther || late.status != http.StatusConflict) {
			w.Errorf("%s saves (%d) and saves late (%d): nothing was tried", v.name(), saved.status, late.status)
		}
		if v.account == "" {
			checkMistake(w, c, v, "enter", v.post("/entrar", url.Values{"correo": {typedNow + "@x"}, "contrasena": {typedNow}}))
		}
	}
}

func checkMistake(w *world, c *census, v *visitor, name string, r reply) {
	w.Helper()
	transparency := v.role == "verificador" || v.role == "titular"
	for value, k := range c.in(r.text()) {
		if !publicAt(k, r.path) && !transparency && !entitled(v, serve.Route{Pattern: "/captura/{folio}/identidad/{bloque}"}, c.of[value], k) {
			w.Errorf("%s, %s (%d): the canary %s, %s", v.name(), name, r.status, value, k.Class)
		}
	}
	if v.account == "" && name != "enter" && bytes.Contains(r.text(), []byte(typedNow)) {
		w.Errorf("%s, %s (%d): what was typed comes back", v.name(), name, r.status)
	}
	if bytes.Contains(r.text(), []byte(detail)) {
		w.Errorf("%s, %s (%d): the error of the database is shown", v.name(), name, r.status)
	}
	if (r.status >= 500) != (name == broken) {
		w.Errorf("%s, %s: status %d", v.name(), name, r.status)
	}
}

// checkLogs looks in what the program and PostgreSQL log: nothing of anybody is
// ever there.
func checkLogs(w *world, postgres string) {
	pg, err := os.ReadFile(postgres)
	if err != nil {
		w.Fatal(err)
	}
	for name, b := range map[string][]byte{"program": w.log.Bytes(), "PostgreSQL": pg} {
		if len(b) == 0 {
			w.Errorf("the log of the %s is empty", name)
		}
		for v := range search(b) {
			w.Errorf("the log of the %s has the canary %s", name, v)
		}
	}
}
