package app_test

import (
	"context"
	"strconv"

	"conoceles/internal/desk/arco"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/retention"
)

// arcoSamples returns the samples of the requests over personal data and of what
// happens to the data: a request of each stage, an act that waits and one that
// was done.
func arcoSamples(s *stage) map[string]sample {
	s.Helper()
	ctx, store := context.Background(), arco.New(s.app.Desk)
	head, candidate := actorOf[auth.Head](s, "titular"), actorOf[auth.Candidate](s, "candidata")
	ask := arco.NewRequest{Right: arco.Cancellation, Requester: arco.Requester{
		Name: "Persona Ejemplo", Contact: "persona@ejemplo.invalid", Description: "Pido que se borren mis respuestas de identidad.",
	}}
	fresh, err := store.File(ctx, "192.0.2.7", ask)
	if err != nil {
		s.Fatal(err)
	}
	own, err := store.FileOwn(ctx, candidate, ask)
	if err != nil {
		s.Fatal(err)
	}
	if err := store.Record(ctx, head, arco.NewStep{
		Folio: own.Folio, Kind: arco.Answer, Text: "Procede: se suprimirán.", Outcome: arco.Granted, Document: &arco.Document{Name: "oficio.pdf", Bytes: []byte("%PDF-1.4")},
	}); err != nil {
		s.Fatal(err)
	}
	step := s.text(`SELECT max(id)::text FROM sensitive.arco_steps`)
	waiting, done := s.retire(head, s.consented("verifica", 0), false), s.retire(head, s.consented("verifica", 1), true)
	const requests, keeping = "/transparencia/arco", "/transparencia/conservacion"
	return map[string]sample{
		"/arco":                               {paths: []string{"/arco"}},
		"/cuenta/arco":                        {as: "candidata", paths: []string{"/cuenta/arco"}},
		"/consulta/arco":                      {as: "auditoria", paths: []string{"/consulta/arco"}},
		"/administracion/arco":                {as: "informatica", paths: []string{"/administracion/arco"}},
		requests:                              {as: "verificador", paths: []string{requests, requests + "?estado=vencidas", requests + "?estado=recibida&derecho=acceso"}},
		requests + ".csv":                     {as: "verificador", paths: []string{requests + ".csv"}, file: true},
		requests + "/nueva":                   {as: "verificador", paths: []string{requests + "/nueva"}},
		requests + "/{solicitud}":             {as: "titular", paths: each(requests+"/", fresh.Folio, own.Folio)},
		keeping:                               {as: "secretaria", paths: []string{keeping}},
		keeping + "/nuevo":                    {as: "titular", paths: retentionForms(keeping)},
		keeping + "/{id}":                     {as: "secretaria", paths: []string{keeping + "/" + waiting, keeping + "/" + done}},
		keeping + "/{id}/acta.pdf":            {as: "secretaria", paths: []string{keeping + "/" + done + "/acta.pdf"}, file: true},
		"/transparencia/consentimientos.csv":  {as: "verificador", paths: []string{"/transparencia/consentimientos.csv"}, file: true},
		"/transparencia/consentimientos.xlsx": {as: "titular", paths: []string{"/transparencia/consentimientos.xlsx"}, file: true},
		requests + "/{solicitud}/documento/{paso}": {
			as: "verificador", paths: []string{requests + "/" + own.Folio + "/documento/" + step}, file: true,
		},
		"/cuenta/arco/{solicitud}/documento/{paso}": {
			as: "candidata", paths: []string{"/cuenta/arco/" + own.Folio + "/documento/" + step}, file: true,
		},
	}
}

func retentionForms(home string) []string {
	var out []string
	for _, k := range retention.Kinds() {
		out = append(out, home+"/nuevo?clase="+string(k))
	}
	return out
}

// retire proposes to erase the identity data of a folio, and confirms it if
// asked. It returns the number of the act.
func (s *stage) retire(head auth.Head, folio string, confirm bool) string {
	s.Helper()
	ctx := context.Background()
	id, err := s.app.Retention.Propose(ctx, head, "", retention.NewAct{
		Kind: retention.Erase, Folio: folio, Basis: "ACUERDO/CT/01", BasisDate: s.app.Now().AddDate(0, 0, -1), Reason: "Lo pidió su titular",
	})
	if err == nil && confirm {
		err = s.app.Retention.Confirm(ctx, actorOf[auth.Secretary](s, "secretaria"), "", id)
	}
	if err != nil {
		s.Fatal(err)
	}
	return strconv.FormatInt(id, 10)
}
