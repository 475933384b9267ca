package deskhttp_test

import (
	"net/http"
	"testing"
)

// A day of a candidate, from the notice to the withdrawal.
func TestACandidateDecidesAnswersAndTakesItBack(t *testing.T) {
	s := newIdentityStage(t)
	c := s.candidate()
	c.get(s.path()).want(http.StatusOK, "2. Cuestionario de identidad", "Incompleto", "3. Revisar y validar")

	// Nothing opens before the notice, nor before the decisions.
	c.get(s.identityPath("indigena")).want(http.StatusOK, "Aviso de privacidad", "versión 1, aprobada el 15 de febrero de 2027 (CT/01/2027)")
	c.get(s.identityPath("autorizaciones")).want(http.StatusOK, "Paso 1 de 4")
	c.send("Continuar a las autorizaciones").want(http.StatusUnprocessableEntity, "Confirma que leíste el aviso")
	c.send("Continuar a las autorizaciones", "leido", "si").want(http.StatusOK, "Tú decides qué pasa con tus datos")
	if n := c.doc.Find("input[checked]").Length(); n != 0 {
		t.Errorf("%d decisions come chosen", n)
	}
	c.get(s.identityPath("indigena")).want(http.StatusOK, "Tú decides qué pasa con tus datos")

	c.send("Registrar las decisiones", "tratamiento", "si", "estadistica", "no").want(http.StatusUnprocessableEntity, "autorización 2")
	if c.doc.Find("input[name=tratamiento][value=si][checked]").Length() != 1 {
		t.Error("the form forgot what was chosen")
	}
	c.send("Registrar las decisiones", "publicacion", "si").want(http.StatusOK, "Registramos las tres decisiones", "Tema 1 de 6")

	s.answerAll(c, "Pueblo de la prueba")
	c.get(s.path()).want(http.StatusOK, "Completo", "Pendiente")
	if s.onSite() != 0 {
		t.Error("published without a document")
	}

	s.attach(c, signedPage).want(http.StatusOK, "en verificación")
	if s.onSite() != 0 {
		t.Error("published without a verification")
	}
	s.verify()
	published := s.onSite()
	if published == 0 {
		t.Fatal("nothing was published after the verification")
	}
	c.get(s.identityPath("documento")).want(http.StatusOK, "Verificado")
	if c.doc.Find("input[type=file]").Length() != 0 {
		t.Error("a verified document may be replaced")
	}

	// The same answers again change nothing; others take it all off the site.
	c.get(s.identityPath("afromexicana")).want(http.StatusOK, "lo publicado se retira")
	c.send("Guardar y continuar").want(http.StatusOK)
	if got := s.onSite(); got != published {
		t.Errorf("saving the same answers left %d on the site, want %d", got, published)
	}
	c.get(s.identityPath("afromexicana")).send("Guardar y continuar", "p08_afromexicana", "si").want(http.StatusOK)
	if s.onSite() != 0 {
		t.Error("changed answers stay public without a verification")
	}
	s.attach(c, signedPage).want(http.StatusOK)
	s.verify()
	if got := s.onSite(); got != published+1 {
		t.Errorf("%d on the site after verifying the change, want %d", got, published+1)
	}

	c.get(s.identityPath("recibo")).want(http.StatusOK, "Verificado", "SHA-256", "titular de la Unidad de Transparencia")
	c.get(s.identityPath("retirar")).want(http.StatusOK, "dejan de ser públicas en ese momento")
	c.send("Retirar mi consentimiento ahora").want(http.StatusOK, "Retiraste tu consentimiento", "Retirada")
	if s.onSite() != 0 {
		t.Error("published after the withdrawal")
	}
	c.get(s.identityPath("indigena")).want(http.StatusOK, "Tú decides")
	c.get(s.identityPath("recibo")).want(http.StatusOK, "Ninguna vigente", "Se retiró el consentimiento")
	if d := s.Differences(); len(d) > 0 {
		t.Errorf("the site differs from the desk: %v", d)
	}
}

func TestNumberOneNoLeavesAConstancy(t *testing.T) {
	s := newIdentityStage(t)
	c := s.candidate()
	s.decide(c, "no", "no", "no")
	c.want(http.StatusOK, "se tiene por atendido", "Descargar el formato")
	c.get(s.identityPath("indigena")).want(http.StatusOK, "Constancia", "la autorización 1, de tratamiento, es No")
	c.get(s.path()).want(http.StatusOK, "Completo")

	// Posting to the closed questionnaire has no effect.
	c.get(s.path())
	form := withFields(map[string][]string{}, "guardado_id", "7d3f1f0e-6c1b-4d0e-9d55-0d9f0a6f1d01", "version", "0", "p01_indigena", "si")
	c.post(s.identityPath("indigena"), form).want(http.StatusOK, "Constancia", "no se guardó")
	if n := s.ID(`SELECT count(*) FROM sensitive.identity_answers`) + s.ID(`SELECT count(*) FROM sensitive.identity_drafts`); n != 0 {
		t.Errorf("%d rows of answers were made", n)
	}
}

func TestTheFormatSaysWhatWasDeclared(t *testing.T) {
	s := newIdentityStage(t)
	c := s.candidate()
	c.get(s.identityPath("formato.pdf")).want(http.StatusOK, "Aviso de privacidad") // nothing declared yet
	s.decide(c, "si", "no", "si")
	c.get(s.identityPath("formato.pdf")).want(http.StatusOK)
	if got := c.head.Get("Content-Type"); got != "application/pdf" {
		t.Errorf("type %q", got)
	}
	if got := c.head.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q", got)
	}
	for _, file := range []string{"recibo.pdf", "recibo.json"} {
		c.get(s.identityPath(file)).want(http.StatusOK)
		if got := c.head.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control %q", file, got)
		}
	}
	c.want(http.StatusOK, `"publicacion":false`, `"aviso_version":1`, `"medio":"en_linea"`, `"funcion":"candidata"`, `"texto_sha256"`)
}
