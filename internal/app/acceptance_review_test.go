package app_test

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/db"
	"conoceles/internal/demo"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry"
)

// departures are the acts after which a candidacy is no longer in force.
var departures = map[string]registry.ActKind{
	"renuncia": registry.Resignation, "fallecimiento": registry.Death, "cancelada": registry.Cancellation, "sustituida": registry.Substitution,
}

// reviewFixture brings about the situations of the review, of its terms and of the
// freeze; ok is false for any other name.
func (s *stage) reviewFixture(name string) (values map[string]string, ok bool, err error) {
	state := map[string]string{
		"completa": "completa", "propuesta": "validada", "verificada": "validada", "observada": "validada",
		"plazo-vencido": "sin_iniciar", "campanas-terminadas": "sin_iniciar", "exceptuada": "sin_iniciar",
	}[name]
	if departures[name] != "" {
		state = "validada"
	}
	if state == "" {
		return nil, false, nil
	}
	values, _, err = s.candidacy(state)
	if err != nil {
		return nil, true, err
	}
	folio := values["folio"]
	switch name {
	case "propuesta":
		s.judge(folio, false)
	case "verificada":
		s.judge(folio, true)
	case "observada":
		s.judge(folio, true, "propuesta_1")
	case "plazo-vencido":
		err = s.set(`UPDATE desk.candidacies SET clock_started_at = clock_started_at - interval '60 days' WHERE folio = $1`, folio)
		if err == nil { // the receipt came before, too
			err = s.set(`
INSERT INTO desk.credential_deliveries (nominator_id, received_at, received_by, registered_at)
SELECT c.nominator_id, now() - interval '60 days', 'Representación', now() FROM desk.candidacies c WHERE c.folio = $1`, folio)
		}
	case "campanas-terminadas":
		err = s.set(`UPDATE desk.processes SET campaigns_end_at = now() - interval '1 minute' WHERE key = $1`, demo.Key)
	case "exceptuada":
		err = s.act(registry.NewAct{Kind: registry.Exception, Folio: folio, Until: time.Now().Add(time.Hour)})
	}
	if kind := departures[name]; kind != "" {
		err = s.act(registry.NewAct{Kind: kind, Folio: folio, Person: registry.Registration{
			GivenNames: "Olga", Surnames: "Distinta Mar", Sex: "mujer", Position: 1,
		}})
	}
	return maps.Clone(values), true, err
}

// set changes a row and brings the site up to date.
func (s *stage) set(sql string, args ...any) error {
	return s.app.Desk.Upkeep(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		if err := tx.Exec(ctx, sql, args...); err != nil {
			return err
		}
		var process int64
		if err := tx.QueryRow(ctx, `SELECT id FROM desk.processes WHERE key = $1`, demo.Key).Scan(&process); err != nil {
			return err
		}
		return s.app.Publisher.Process(ctx, tx, process)
	})
}

// act has one person of the Secretaría capture an act and another confirm it.
func (s *stage) act(a registry.NewAct) error {
	one, two := actorOf[auth.Secretary](s, "secretaria"), actorOf[auth.Secretary](s, "secretaria2")
	a.Basis, a.BasisDate = "IEP/CEE/300/2027", time.Now().AddDate(0, 0, -1)
	id, err := s.app.Registry.Capture(context.Background(), one, uuid.NewString(), a)
	if err != nil {
		return fmt.Errorf("capture %s: %w", a.Kind, err)
	}
	return s.app.Registry.Confirm(context.Background(), two, uuid.NewString(), id)
}
