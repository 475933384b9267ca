package deskhttp_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestAHostileDocumentIsRefusedWithAReason(t *testing.T) {
	s := newIdentityStage(t)
	c := s.candidate()
	s.decide(c, "si", "si", "si")
	pdf := func(body string) []byte { return []byte("%PDF-1.7\n" + body + "\n%%EOF\n") }
	padded := func(size int) []byte {
		b := pdf("")
		return append(append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("x"), size-len(b))...), b[len("%PDF-1.7\n"):]...)
	}
	tests := []struct {
		name string
		file []byte
		says string
	}{
		{"nothing", nil, "Elige el documento firmado"},
		{"encrypted", pdf("trailer << /Encrypt 5 0 R >>"), "tiene contraseña"},
		{"10,000 pages", pdf("<< /Type /Pages /Count 10000 >>"), "más de 20 páginas"},
		{"10,000 page objects", pdf(strings.Repeat("<< /Type /Page >> ", 10_000)), "más de 20 páginas"},
		{"10,000 pages on another line", pdf("<< /Type /Pages /Count\n10000 >>"), "más de 20 páginas"},
		{"10,000 page objects on two lines", pdf(strings.Repeat("<< /Type\n/Page >> ", 10_000)), "más de 20 páginas"},
		{"encrypted, spelled by codes", pdf("trailer << /#45ncrypt 5 0 R >>"), "tiene contraseña"},
		{"script, spelled by codes", pdf("<< /S /J#61vaScript /J#53 5 0 R >>"), "tiene programas"},
		{"script, on another line", pdf("<< /JS\n(app.alert(1)) >>"), "tiene programas"},
		{"script", pdf("<< /S /JavaScript /JS (app.alert(1)) >>"), "tiene programas"},
		{"launches", pdf("<< /S /Launch >>"), "tiene programas"},
		{"a file inside", pdf("<< /Type /EmbeddedFile >>"), "tiene programas"},
		{"a form that runs", pdf("<< /XFA 3 0 R >>"), "tiene programas"},
		{"truncated", []byte("%PDF-1.7\n<< /Type /Page >>"), "está incompleto"},
		{"a page that says it is a document", []byte("<html><script>alert(1)</script>%PDF-1.7\n%%EOF"), "debe ser PDF, JPG o PNG"},
		{"a program", []byte("\x7fELF\x02\x01\x01"), "debe ser PDF, JPG o PNG"},
		{"a drawing that runs", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>`), "debe ser PDF, JPG o PNG"},
		{"a broken image", []byte("\x89PNG\r\n\x1a\nnada"), "está dañada"},
		{"a byte too many", padded(8<<20 + 1), "más de 8 MB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s.attach(c, tt.file).want(http.StatusUnprocessableEntity, tt.says)
			if n := s.ID(`SELECT count(*) FROM sensitive.consent_documents`); n != 0 {
				t.Errorf("%d documents were kept", n)
			}
		})
	}
	s.attach(c, padded(8<<20)).want(http.StatusOK, "Recibimos el documento firmado")
	// A page hidden in a document is a document: kept sealed, served to nobody here.
	s.attach(c, pdf("<< /Type /Page >>\n<script>alert('poliglota')</script>")).want(http.StatusOK, "Recibimos el documento firmado")
	s.attach(c, padded(9<<20+1)).want(http.StatusRequestEntityTooLarge)
	if n := s.ID(`SELECT count(*) FROM sensitive.consent_documents WHERE position('poliglota'::bytea IN sealed) > 0`); n != 0 {
		t.Error("a document is kept in the clear")
	}
}

func TestWhatWasNotAskedHasNoEffect(t *testing.T) {
	s := newIdentityStage(t)
	c := s.candidate()
	s.decide(c, "si", "si", "si")
	tests := []struct {
		name, block string
		fields      []string
		status      int
	}{
		{"an option of another question", "indigena", []string{"p01_indigena", "permanente"}, http.StatusUnprocessableEntity},
		{"a question of another topic", "indigena", []string{"p01_indigena", "no", "p04_discapacidad", "si"}, http.StatusUnprocessableEntity},
		{"verificado", "indigena", []string{"p01_indigena", "no", "verificado", "true"}, http.StatusUnprocessableEntity},
		{"a candidacy", "indigena", []string{"p01_indigena", "no", "candidacy_id", "7"}, http.StatusUnprocessableEntity},
		{"words without an option", "indigena", []string{"p01_indigena", "si", "p03_pueblo", "otro"}, http.StatusUnprocessableEntity},
		{"no text", "indigena", []string{"p01_indigena", "si", "p03_pueblo", "otro", "p03_pueblo.otro", "a\x00b"}, http.StatusUnprocessableEntity},
		{"two answers to one question", "afromexicana", []string{"p08_afromexicana", "si", "p08_afromexicana", "no"}, http.StatusUnprocessableEntity},
		{"an answer that does not apply", "indigena", []string{"p01_indigena", "no", "p03_pueblo", "maya"}, http.StatusOK},
		{"an age that is not theirs", "general", []string{"p16_joven", "si"}, http.StatusOK},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c.get(s.identityPath(tt.block)).want(http.StatusOK)
			form := url.Values{"guardado_id": {uuid.NewString()}, "version": c.form()["version"], "accion": {"continuar"}}
			for i := 0; i < len(tt.fields); i += 2 {
				form.Add(tt.fields[i], tt.fields[i+1])
			}
			c.post(s.identityPath(tt.block), form).want(tt.status)
		})
	}
	c.get(s.identityPath("indigena")).want(http.StatusOK)
	if c.doc.Find("[name=p03_pueblo]").Length() != 0 {
		t.Error("a question that does not apply is asked")
	}
	// Born in 1985: neither young nor elder, whatever was posted.
	c.get(s.identityPath("general")).want(http.StatusOK)
	if c.doc.Find("[name=p16_joven][value=si]").Length() != 0 {
		t.Error("the birth date says otherwise, and the form offers Sí")
	}
	if got := chosen(c.doc, "p16_joven"); got != "no" {
		t.Errorf("a Sí that the birth date denies was saved as %q, want no", got)
	}
	if n := s.ID(`SELECT count(*) FROM sensitive.consent_events WHERE event = 'verifica'`); n != 0 {
		t.Error("a form verified a consent")
	}
}

// The form of decisions takes three and nothing else.
func TestADeclarationTakesThreeDecisions(t *testing.T) {
	s := newIdentityStage(t)
	c := s.candidate()
	c.get(s.identityPath()).send("Continuar a las autorizaciones", "leido", "si").want(http.StatusOK)
	for i, fields := range [][]string{
		{"tratamiento", "si", "publicacion", "si"},
		{"tratamiento", "si", "publicacion", "si", "estadistica", "quizá"},
		{"tratamiento", "no", "publicacion", "si", "estadistica", "no"},
	} {
		c.get(s.identityPath("autorizaciones")).send("Registrar las decisiones", fields...).want(http.StatusUnprocessableEntity)
		if n := s.ID(`SELECT count(*) FROM sensitive.consent_events`); n != 0 {
			t.Fatalf("%d: %d events", i, n)
		}
	}
	form := withFields(c.get(s.identityPath("autorizaciones")).form(),
		"tratamiento", "si", "publicacion", "si", "estadistica", "si", "verificado", "true", "document_id", "1", "event", "verifica")
	c.post(s.identityPath("autorizaciones"), form).want(http.StatusOK)
	if got := s.text(`SELECT string_agg(event, ',') FROM sensitive.consent_events`); got != "otorga" {
		t.Errorf("the events are %s", got)
	}
	// The same page again, from another window: it did not see the first.
	c.post(s.identityPath("autorizaciones"), withFields(form, "guardado_id", uuid.NewString(), "version", "0")).want(http.StatusConflict, "Recarga la página")
}

func TestAStaleTopicKeepsBothTexts(t *testing.T) {
	s := newIdentityStage(t)
	ana, eva := s.operator(), s.candidate()
	s.decide(ana, "si", "no", "no")
	eva.get(s.identityPath()).send("Continuar a las autorizaciones", "leido", "si")
	ana.get(s.identityPath("afromexicana")).want(http.StatusOK)
	eva.get(s.identityPath("afromexicana")).want(http.StatusOK)
	ana.send("Guardar y continuar", "p08_afromexicana", "si").want(http.StatusOK)

	eva.send("Guardar y continuar", "p08_afromexicana", "no").want(http.StatusConflict, "Alguien guardó este tema antes que tú")
	chosenBy := func(c *captureClient) string {
		return c.doc.Find("[name=p08_afromexicana][checked]").AttrOr("value", "")
	}
	if got := chosenBy(eva); got != "no" {
		t.Errorf("what was typed shows as %q", got)
	}
	if got := chosenBy(eva.get(s.identityPath("afromexicana")).want(http.StatusOK, "Tienes un texto sin guardar")); got != "si" {
		t.Errorf("what is saved shows as %q", got)
	}
	eva.get(eva.link("Compáralo")).want(http.StatusOK, "Alguien guardó este tema antes que tú")
	eva.send("Guardar y continuar").want(http.StatusOK)
	if got := chosenBy(ana.get(s.identityPath("afromexicana")).want(http.StatusOK)); got != "no" {
		t.Errorf("after choosing, the topic says %q", got)
	}
	if strings.Contains(eva.get(s.identityPath("afromexicana")).shown(), "texto sin guardar") {
		t.Error("the conflict is not over")
	}
}

// The script that saves drafts gets the same rules.
func TestDraftsAreSealedToo(t *testing.T) {
	s := newIdentityStage(t)
	c := s.candidate()
	draft := func(version string) url.Values {
		return url.Values{"guardado_id": {uuid.NewString()}, "version": {version}, "accion": {"borrador"}, "p03_pueblo": {"otro"}, "p03_pueblo.otro": {"CNRY-BORRADOR"}}
	}
	c.post(s.identityPath("indigena"), draft("0")).want(http.StatusUnprocessableEntity, "se abre cuando")
	if n := s.ID(`SELECT count(*) FROM sensitive.identity_drafts`); n != 0 {
		t.Fatal("a draft was kept before nº 1")
	}
	s.decide(c, "si", "no", "no")
	c.post(s.identityPath("indigena"), draft("0")).want(http.StatusOK, `"guardado":true`, `"version":"1"`)
	c.post(s.identityPath("indigena"), draft("1")).want(http.StatusOK, `"version":"2"`)
	c.post(s.identityPath("indigena"), withFields(draft("1"), "p03_pueblo.otro", "otra cosa")).want(http.StatusConflict, "diferencias")
	if n := s.ID(`SELECT count(*) FROM desk.drafts`); n != 0 {
		t.Error("an identity draft is in desk.drafts")
	}
	s.wantNowhere("CNRY-BORRADOR", "")
}

// wantNowhere fails if a text is in any table, in the clear or in hexadecimal,
// except those named; or in the log, or in an address.
func (s *identityStage) wantNowhere(text string, except string) {
	s.T.Helper()
	tables := s.text(`
SELECT string_agg(schemaname || '.' || tablename, ' ' ORDER BY 1) FROM pg_tables
WHERE schemaname IN ('desk', 'audit', 'site', 'sensitive', 'public')`)
	for _, table := range strings.Fields(tables) {
		if strings.Contains(except, table) {
			continue
		}
		sql := fmt.Sprintf(`SELECT count(*) FROM %s t WHERE t::text LIKE '%%' || $1 || '%%' OR t::text LIKE '%%' || encode($1::text::bytea, 'hex') || '%%'`, table)
		if n := s.super(sql, text); n != 0 {
			s.T.Errorf("%s has %q in %d rows", table, text, n)
		}
	}
	if said := s.said.String(); strings.Contains(said, text) || strings.Contains(said, url.QueryEscape(text)) {
		s.T.Errorf("the log or an address has %q", text)
	}
}

// After a whole day, nothing of what was typed is anywhere but in what the
// consent publishes.
func TestNoAnswerStaysAnywhereButSealed(t *testing.T) {
	const canary = "CNRY-7QK2ZB4MD3XW5TRA"
	s := newIdentityStage(t)
	c := s.candidate()
	s.decide(c, "si", "si", "si")
	s.answerAll(c, canary)
	// A refused text, a conflict and a draft have it too.
	c.get(s.identityPath("indigena")).send("Guardar y continuar", "p02_lengua", canary).want(http.StatusUnprocessableEntity)
	c.get(s.identityPath("discapacidad")).send("Guardar y volver a la lista", "p06_disc_tipo.otro", canary+" otra vez").want(http.StatusOK)
	operator := s.operator()
	operator.get(s.identityPath()).send("Continuar a las autorizaciones", "leido", "si")
	operator.get(s.identityPath("migrante")).want(http.StatusOK)
	c.get(s.identityPath("migrante")).send("Guardar y continuar", "p11_migrante", "si").want(http.StatusOK)
	operator.send("Guardar y continuar", "p14_motivo_ext", "otro", "p14_motivo_ext.otro", canary).want(http.StatusConflict)
	s.wantNowhere(canary, "")

	s.attach(c, signedPage)
	s.verify()
	if s.onSite() == 0 {
		t.Fatal("nothing is public: the scan proves nothing")
	}
	s.wantNowhere(canary, "site.identity_answers")
	for _, value := range []string{"prefiero_no_contestar", "discapacidad", "p08_"} {
		if n := s.super(`SELECT count(*) FROM audit.entries t WHERE t::text LIKE '%' || $1 || '%'`, value); n != 0 {
			t.Errorf("the bitácora says %q in %d entries", value, n)
		}
		if n := s.super(`SELECT count(*) FROM desk.submissions t WHERE t::text LIKE '%' || $1 || '%'`, value); n != 0 {
			t.Errorf("the submissions say %q in %d rows", value, n)
		}
	}
}
