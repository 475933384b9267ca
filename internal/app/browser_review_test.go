package app_test

import (
	"context"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/review"
	"conoceles/internal/questionnaire"
	"conoceles/internal/webtest/browser"
)

const inReview = "/transparencia/revision/{folio}"

// reviewSamples returns the samples of the review and of corrections: a candidacy
// nobody reviewed, one proposed, one observed, one verified.
func reviewSamples(s *stage) map[string]sample {
	fresh, proposed, observed, verified := s.own(1), s.own(2), s.own(3), s.own(4)
	s.judge(proposed, false, "propuesta_1")
	s.judge(observed, true, "propuesta_1", "identidad_foto")
	s.judge(verified, true)
	s.judge(s.own(6), false)
	asked := s.own(5)
	boss := actorOf[auth.Validator](s, "validador")
	if err := capture.New(s.app.Desk, s.app.Publisher).RequestCorrection(s.Context(), boss, capture.CorrectionRequest{Folio: asked, Parts: []questionnaire.ID{"propuesta_1"}}); err != nil {
		s.Fatal(err)
	}
	return map[string]sample{
		"/transparencia/revision":        {as: "verificador", paths: []string{"/transparencia/revision", "/transparencia/revision?etapa=todas&pagina=2", "/transparencia/revision?cargo=nadie", "/transparencia/revision?plazo=en_plazo"}},
		"/transparencia/aprobar":         {as: "titular", paths: []string{"/transparencia/aprobar"}},
		"/transparencia/entregas":        {as: "titular", paths: []string{"/transparencia/entregas"}},
		inReview + "/versiones":          {as: "verificador", paths: each("/transparencia/revision/", observed+"/versiones?rubro=propuesta_1", verified+"/versiones")},
		inFolio + "/correccion/cancelar": {as: "validador", paths: each("/captura/", asked+"/correccion/cancelar", observed+"/correccion/cancelar")},
		inReview:                         {as: "titular", paths: each("/transparencia/revision/", fresh, proposed, observed, verified)},
		inReview + "/foto/{hash}.jpg": {
			as: "verificador", paths: []string{"/transparencia/revision/" + fresh + "/foto/" + s.photo(fresh) + ".jpg"}, file: true,
		},
		inFolio + "/correccion": {as: "validador", paths: each("/captura/", observed+"/correccion", verified+"/correccion", s.folio("en_captura")+"/correccion")},
	}
}

// own returns the n-th validated folio of the party that the accounts belong to.
func (s *stage) own(n int) string {
	s.Helper()
	return s.text(`
SELECT c.folio FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
WHERE n.acronym = 'RAIZ' AND c.capture IN ('validada', 'en_correccion') AND c.standing = 'aprobada' ORDER BY c.id OFFSET $1 LIMIT 1`, n)
}

// judge proposes on a candidacy, observing some rubros, and approves if asked.
func (s *stage) judge(folio string, approve bool, observed ...questionnaire.ID) {
	s.Helper()
	ctx, store := s.Context(), review.New(s.app.Desk, s.app.Publisher)
	analyst, head := actorOf[auth.Reviewer](s, "verificador"), actorOf[auth.Head](s, "titular")
	f, err := store.File(ctx, analyst, folio)
	if err != nil {
		s.Fatal(err)
	}
	p := review.Proposal{Folio: folio, Content: f.Content}
	for _, r := range f.Rubros {
		m := review.Remark{Part: r.ID, Outcome: review.Complies}
		for _, o := range observed {
			if o == r.ID {
				m = review.Remark{Part: r.ID, Outcome: review.Observed, Causes: []string{"S5"}, Note: "Quita la mención al partido vecino."}
			}
		}
		p.Remarks = append(p.Remarks, m)
	}
	if err := store.Propose(ctx, analyst, p); err != nil {
		s.Fatal(err)
	}
	if !approve {
		return
	}
	if f, err = store.File(ctx, analyst, folio); err == nil {
		err = store.Approve(ctx, head, review.Decision{Folio: folio, Review: f.Pending.ID})
	}
	if err != nil {
		s.Fatal(err)
	}
}

// actorOf returns an account of the demonstration as the actor it is.
func actorOf[A auth.Actor](s *stage, name string) A {
	s.Helper()
	id, err := strconv.ParseInt(s.text(`SELECT id::text FROM desk.accounts WHERE email = $1`, name+"@ejemplo.invalid"), 10, 64)
	if err != nil {
		s.Fatal(err)
	}
	actor, err := s.app.Accounts.Actor(context.Background(), id)
	if err != nil {
		s.Fatal(err)
	}
	return actor.(A)
}

// TestFromAnObservationToItsCorrection is the second job, whole, in a browser: an
// analyst observes, the Head approves and the rubro leaves the site; the party
// corrects and sends; the correction is approved and a citizen reads it.
func TestFromAnObservationToItsCorrection(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	who := &people{t: t, base: server.URL, pages: map[string]*browser.Page{}}
	folio := s.own(1)
	slug := s.text(`SELECT slug FROM desk.candidacies WHERE folio = $1`, folio)
	public := server.URL + "/candidaturas/" + slug
	citizen := browser.New(t).Page()
	citizen.WithoutScripts()

	t.Log("An analyst judges every rubro, and observes one.")
	p := who.as("verificador")
	p.Open("/transparencia/revision/" + folio)
	p.Click("button", "Tomar la revisión")
	p.See("La revisión quedó a tu nombre")
	for _, part := range questionnaire.Curricular().Parts() {
		switch {
		case part.ID == "propuesta_1":
			p.Click("radio", "Observar en Propuesta 1")
			p.Click("DisclosureTriangle", "Si vas a observar: supuestos y qué debe corregirse en Propuesta 1")
			p.Click("checkbox", "S5 · Alusiones o menciones a otro partido político o candidatura en Propuesta 1")
			p.Type("Qué debe corregirse en Propuesta 1", "Quita la mención al partido vecino.")
		case s.text(`
SELECT EXISTS (SELECT 1 FROM desk.answer_versions a JOIN desk.candidacies c ON c.id = a.candidacy_id WHERE c.folio = $1 AND a.part = $2)::text`, folio, part.ID) == "true":
			p.Click("radio", "Se apega en "+part.Label)
		}
	}
	p.Click("button", "Registrar el dictamen")
	p.See("Tu propuesta espera a la persona titular")
	browser.Check(t, p)

	t.Log("The Head reads the effect and approves: the rubro leaves the site at once.")
	citizen.Open(public)
	citizen.See("Población")
	p = who.as("titular")
	p.Open("/transparencia/revision/" + folio)
	p.See("«Propuesta 1» deja de mostrarse")
	p.Click("button", "Aprobar el dictamen")
	p.See("El dictamen quedó aprobado")
	citizen.Open(public)
	citizen.See("En revisión")

	t.Log("The party reads what was observed, corrects it and sends it.")
	p = who.as("validador")
	p.Open("/captura/" + folio)
	p.See("1 rubro observado")
	p.Open("/captura/" + folio + "/curricular/propuestas")
	p.See("Quita la mención al partido vecino.")
	browser.Check(t, p)
	p.Type("Propuesta 1", "Abrir una biblioteca de ejemplo."+strings.Repeat(" Este texto es de prueba y tiene los caracteres que pide el cuestionario.", 5))
	p.Click("button", "Guardar y continuar")
	p.See("falta enviarla")
	p.Open("/captura/" + folio + "/correccion")
	p.Click("checkbox", declaration)
	p.Click("button", "Enviar la corrección")
	p.See("La corrección se envió")

	t.Log("The correction is read beside the text before, and approved.")
	p = who.as("verificador")
	p.Open("/transparencia/revision/" + folio)
	p.See("Versión 2")
	browser.Check(t, p)
	p.Click("radio", "Se apega en Propuesta 1")
	p.Click("button", "Registrar el dictamen")
	p = who.as("titular")
	p.Open("/transparencia/revision/" + folio)
	p.See("termina su pausa")
	p.Click("button", "Aprobar el dictamen")
	p.See("Todos los rubros están revisados")
	citizen.Open(public)
	citizen.See("Abrir una biblioteca de ejemplo.")
	if d, err := s.app.Publisher.Verify(t.Context(), s.app.Desk); err != nil || len(d) != 0 {
		t.Errorf("after the journey, the site differs: %v %v", d, err)
	}
}
