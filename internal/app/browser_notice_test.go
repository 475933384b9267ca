package app_test

import (
	"context"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/demo"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/duty"
	"conoceles/internal/webtest/browser"
)

const (
	inNotices   = "/transparencia/requerimientos"
	inReceived  = "/captura/requerimientos/{id}"
	inReferrals = "/transparencia/vistas"
)

// noticeSamples returns the samples of requirements, at each of their states, and
// of vistas.
func noticeSamples(s *stage) map[string]sample {
	s.detectAll()
	ids := s.noticeIDs()
	s.sendNotice(ids["requerimiento"])
	s.sendNotice(ids["persona"])
	s.proposeNotice(ids["ajeno"])
	at := func(end string) []string {
		return []string{inNotices + "/" + ids["independiente"] + end, inNotices + "/" + ids["ajeno"] + end, inNotices + "/" + ids["requerimiento"] + end}
	}
	received := "/captura/requerimientos/" + ids["requerimiento"]
	vista := s.referral()
	return map[string]sample{
		inNotices:                         {as: "titular", paths: each(inNotices, "", "?estado=propuesto", "?estado=enviado", "?destinatario=candidata&pagina=2")},
		inNotices + "/textos":             {as: "titular", paths: []string{inNotices + "/textos"}},
		inNotices + "/{id}":               {as: "titular", paths: at("")},
		inNotices + "/{id}/oficio.pdf":    {as: "verificador", paths: at("/oficio.pdf"), file: true},
		inNotices + "/{id}/anexo.xlsx":    {as: "verificador", paths: at("/anexo.xlsx"), file: true},
		inReceived:                        {as: "validador", paths: []string{received}},
		inReceived + "/oficio.pdf":        {as: "validador", paths: []string{received + "/oficio.pdf"}, file: true},
		inReceived + "/anexo.xlsx":        {as: "validador", paths: []string{received + "/anexo.xlsx"}, file: true},
		inReferrals:                       {as: "titular", paths: []string{inReferrals}},
		inReferrals + "/{id}":             {as: "auditoria", paths: []string{vista}},
		inReferrals + "/{id}/vista.pdf":   {as: "auditoria", paths: []string{vista + "/vista.pdf"}, file: true},
		inReferrals + "/{id}/anexo.xlsx":  {as: "auditoria", paths: []string{vista + "/anexo.xlsx"}, file: true},
		inReferrals + "/{id}/paquete.zip": {as: "auditoria", paths: []string{vista + "/paquete.zip"}, file: true},
	}
}

// referral prepares a vista as if campaigns were over, delivers it and returns
// where it is.
func (s *stage) referral() string {
	s.Helper()
	end := s.text(`SELECT campaigns_end_at::text FROM desk.processes WHERE key = $1`, demo.Key)
	move := func(to string) {
		if err := s.set(`UPDATE desk.processes SET campaigns_end_at = $2::text::timestamptz WHERE key = $1`, demo.Key, to); err != nil {
			s.Fatal(err)
		}
	}
	move(s.app.Now().Add(-time.Minute).Format(time.RFC3339))
	defer move(end)
	head, ctx := actorOf[auth.Head](s, "titular"), context.Background()
	id, err := s.duties().Prepare(ctx, head, duty.NewReferral{Key: uuid.NewString(), Oficio: "UT/VISTA/1"})
	if err == nil {
		err = s.duties().Deliver(ctx, head, id, uuid.NewString())
	}
	if err != nil {
		s.Fatal(err)
	}
	return inReferrals + "/" + strconv.FormatInt(id, 10)
}

// TestFromARequirementToItsAcknowledgement is a requirement, whole, in a browser:
// found, proposed, sent, read and acknowledged, at the width of a telephone.
func TestFromARequirementToItsAcknowledgement(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.detectAll()
	id := s.noticeIDs()["requerimiento"]
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	who := &people{t: t, base: server.URL, pages: map[string]*browser.Page{}}

	t.Log("An analyst reads what is missing and proposes the letter.")
	p := who.as("verificador")
	p.Open(inNotices + "/" + id)
	p.See("Cómo se leerá")
	browser.Check(t, p)
	p.Click("button", "Proponer a la persona titular")
	p.See("El requerimiento quedó propuesto")

	t.Log("The Head sends it.")
	p = who.as("titular")
	p.Open(inNotices + "/" + id)
	p.Click("button", "Enviar el requerimiento")
	p.See("El requerimiento se envió")
	browser.Check(t, p)

	t.Log("The party finds it on its first page, reads it and acknowledges it.")
	p = who.as("validador")
	p.Open("/captura")
	p.See("1 oficio espera tu acuse de recibo")
	browser.Check(t, p)
	p.Open("/captura/requerimientos/" + id)
	p.See("Acusar sólo dice que lo recibiste")
	browser.Check(t, p)
	p.Click("button", "Acusar de recibo")
	p.See("Tu acuse de recibo quedó registrado")
	p = who.as("verificador")
	p.Open(inNotices + "/" + id)
	p.See("V. Supuesto, en el sistema")
}
