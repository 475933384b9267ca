package app_test

import (
	"context"
	"time"

	"conoceles/internal/demo"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/docket"
)

// docketSamples returns the samples of the registers of the unit, with an
// incident that was amended and has a document.
func docketSamples(s *stage) map[string]sample {
	s.Helper()
	var keeper auth.Reviewer
	const who = `
SELECT a.id, g.process_id FROM desk.accounts a JOIN desk.grants g ON g.account_id = a.id JOIN desk.processes p ON p.id = g.process_id
WHERE a.email = 'verificador@ejemplo.invalid' AND p.key = $1`
	ctx := context.Background()
	if err := s.app.Desk.QueryRow(ctx, who, demo.Key).Scan(&keeper.Account, &keeper.Process); err != nil {
		s.Fatal(err)
	}
	store := docket.New(s.app.Desk)
	said := docket.Content{HappenedOn: time.Now().AddDate(0, 0, -3), Subject: "Corte de energía", Narrative: "Se apagó el servidor.", Effect: "Media hora sin servicio."}
	number, err := store.Save(ctx, keeper, docket.NewVersion{Kind: docket.Incidents, Content: said})
	if err != nil {
		s.Fatal(err)
	}
	said.Outcome, said.OutcomeOn = "Se cambió la batería.", time.Now().AddDate(0, 0, -2)
	if _, err := store.Save(ctx, keeper, docket.NewVersion{
		Kind: docket.Incidents, Number: number, Seen: 1, Content: said, Reason: "Se corrigió.", Document: &docket.Document{Name: "oficio.pdf", Bytes: []byte("%PDF-1.4")},
	}); err != nil {
		s.Fatal(err)
	}
	const home = "/transparencia/registros"
	return map[string]sample{
		home + "/{registro}":                    {as: "auditoria", paths: each(home, "/asesorias", "/incidentes", "/casos")},
		home + "/{registro}/exportar.csv":       {as: "informatica", paths: []string{home + "/incidentes/exportar.csv"}, file: true},
		home + "/{registro}/nuevo":              {as: "verificador", paths: each(home, "/asesorias/nuevo", "/incidentes/nuevo", "/casos/nuevo")},
		home + "/{registro}/{numero}":           {as: "titular", paths: []string{home + "/incidentes/1"}},
		home + "/{registro}/{numero}/documento": {as: "titular", paths: []string{home + "/incidentes/1/documento?version=2"}, file: true},
	}
}
