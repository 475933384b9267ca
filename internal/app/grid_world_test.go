package app_test

import (
	"context"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/demo"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry"
)

// gridWorld is the demonstration with everything that a route may name brought
// about, and people who should reach none of it: those of a rival party, and
// those of an election that is none of theirs, one of each role.
type gridWorld struct {
	*stage
	samples map[string]sample
	people  []*caller // everybody with an account, of whichever process
}

// neighbour is the key of the other process, whose people have its name.
const neighbour = "vecino"

func newGridWorld(t testing.TB) *gridWorld {
	t.Helper()
	pg, cfg := usual.open(t)
	var at atomic.Pointer[time.Time] // who proved who they are stays so, however long it takes to ask everything
	g := &gridWorld{stage: stageAt(t, pg, cfg, func() time.Time {
		if stopped := at.Load(); stopped != nil {
			return *stopped
		}
		return time.Now()
	})}
	defer func() { now := time.Now(); at.Store(&now) }()
	g.samples = plainSamples(g.stage)
	list, err := g.app.Registry.Hold(g.Context(), actorOf[auth.Secretary](g.stage, "secretaria"), registry.ForList, "lista.csv",
		[]byte("CARGO,MUNICIPIO,POSICION,CALIDAD,NOMBRES,APELLIDOS,SEXO,PARTIDO\r\nREGIDURÍA,Ningún Lugar,1,PROPIETARIA,Boceto,Ejemplo Prueba,HOMBRE,NUEVO\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	query := "?" + url.Values{"acuerdo": {"A/1"}, "fecha": {g.app.Now().Format("02/01/2006")}}.Encode()
	act, folio := g.waitingAct(), g.folio("sin_iniciar")
	for pattern, path := range map[string]string{
		"/registro": "/registro", "/registro/candidaturas": "/registro/candidaturas", inRegistry: "/registro/candidaturas/" + folio,
		inRegistry + "/acto/{clase}": "/registro/candidaturas/" + folio + "/acto/renuncia", "/registro/actos": "/registro/actos",
		inActs: "/registro/actos/" + act, inActs + "/documento": "/registro/actos/" + act + "/documento",
		inLists: inLists, inLists + "/plantilla.csv": inLists + "/plantilla.csv", inLists + "/plantilla.xlsx": inLists + "/plantilla.xlsx",
		inLists + "/ine": inLists + "/ine", inLists + "/ine.csv": inLists + "/ine.csv", "/registro/publicacion": "/registro/publicacion",
		inLists + "/{archivo}": inLists + "/" + list + query, inLists + "/{archivo}/errores.csv": inLists + "/" + list + "/errores.csv" + query,
		inFolio + "/validar/confirmar":                           "/captura/" + g.folio("completa") + "/validar/confirmar",
		inFolio + "/curricular/{pagina}/diferencias/{conflicto}": "/captura/" + g.folio("en_captura") + "/curricular/motivo/diferencias/1",
	} {
		g.samples[pattern] = sample{as: "secretaria", paths: []string{path}}
	}
	g.strangers()
	for _, a := range demo.Accounts() {
		name, _, _ := strings.Cut(a.Email, "@")
		g.people = append(g.people, g.enter(t, name))
	}
	for _, role := range append([]string{"rival-operador", "rival-validador", "rival-candidata"}, neighbours()...) {
		g.people = append(g.people, g.enter(t, role))
	}
	return g
}

// waitingAct captures a renuncia that nobody confirmed, with its document.
func (s *stage) waitingAct() string {
	s.Helper()
	_, err := s.app.Registry.Capture(s.Context(), actorOf[auth.Secretary](s, "secretaria"), "", registry.NewAct{
		Kind: registry.Resignation, Folio: s.own(7), Basis: "ACUERDO/DEMO/009", BasisDate: time.Now().AddDate(0, 0, -1),
		Document: &registry.Document{Name: "acuerdo.pdf", Bytes: []byte("%PDF-1.7 acuerdo")},
	})
	if err != nil {
		s.Fatal(err)
	}
	return s.text(`SELECT max(id)::text FROM desk.acts`)
}

// neighbours are the accounts of the other process, one of each role.
func neighbours() []string {
	var out []string
	for _, role := range []string{"operador", "validador", "candidata", "verificador", "titular", "secretaria", "administracion", "auditoria"} {
		out = append(out, neighbour+"-"+role)
	}
	return out
}

// strangers makes the people who should reach nothing of the accounts of the
// demonstration.
func (g *gridWorld) strangers() {
	g.Helper()
	err := g.app.Desk.Upkeep(g.Context(), func(ctx context.Context, tx *db.Tx) error {
		var process, rival, theirs int64
		const party = `SELECT n.process_id, n.id, (SELECT c.id FROM desk.candidacies c WHERE c.nominator_id = n.id ORDER BY c.id LIMIT 1)
FROM desk.nominators n WHERE n.acronym = 'HORIZONTE'`
		if err := tx.QueryRow(ctx, party).Scan(&process, &rival, &theirs); err != nil {
			return err
		}
		if err := g.capturers(ctx, tx, "rival", process, rival, theirs); err != nil {
			return err
		}
		process, rival, theirs, err := otherProcess(ctx, tx)
		if err != nil {
			return err
		}
		if err := g.capturers(ctx, tx, neighbour, process, rival, theirs); err != nil {
			return err
		}
		for _, name := range neighbours()[3:] {
			if err := g.account(ctx, tx, name, auth.NewAccount{Process: process}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		g.Fatal(err)
	}
}

// capturers makes the three accounts of whoever captures.
func (g *gridWorld) capturers(ctx context.Context, tx *db.Tx, who string, process, nominator, candidacy int64) error {
	for name, a := range map[string]auth.NewAccount{
		"-operador": {Nominator: nominator}, "-validador": {Nominator: nominator}, "-candidata": {Candidacy: candidacy},
	} {
		a.Process = process
		if err := g.account(ctx, tx, who+name, a); err != nil {
			return err
		}
	}
	return nil
}

// account makes an account whose role is in its name.
func (g *gridWorld) account(ctx context.Context, tx *db.Tx, name string, a auth.NewAccount) error {
	_, a.Role, _ = strings.Cut(name, "-")
	a.Email, a.Name, a.Password = name+"@ejemplo.invalid", "Persona "+name, demo.Password
	_, err := g.app.Accounts.Create(ctx, tx, a)
	return err
}

// otherProcess makes an election with a party and its only candidacy.
func otherProcess(ctx context.Context, tx *db.Tx) (process, nominator, candidacy int64, err error) {
	for _, step := range []struct {
		to  *int64
		sql string
	}{
		{&process, `
INSERT INTO desk.processes (key, name, kind, demo, folio_prefix, election_day, age_reference, capture_opens_at, campaigns_end_at, second_factor, created_at)
SELECT 'vecino', 'Proceso vecino', kind, true, 'VEC', election_day, age_reference, capture_opens_at, campaigns_end_at, 'ninguna', created_at
FROM desk.processes WHERE key = '` + demo.Key + `' AND $1::bigint + $2::bigint = 0 RETURNING id`},
		{&nominator, `INSERT INTO desk.nominators (process_id, kind, acronym, name, registry_order) VALUES ($1, 'partido', 'VECINO', 'Partido Vecino', $2::bigint - $2::bigint + 1) RETURNING id`},
		{&candidacy, `
WITH place AS (INSERT INTO desk.states (process_id, name) VALUES ($1, 'Vecindad') RETURNING id),
  office AS (INSERT INTO desk.offices (process_id, key, name, ine_label, ambit, ballot_order) VALUES ($1, 'gubernatura', 'Gubernatura', 'GUBERNATURA', 'estado', 1) RETURNING id),
  person AS (INSERT INTO desk.persons (process_id, given_names, surnames, sex, birth_date) VALUES ($1, 'Vera', 'Vecina Ficticia', 'mujer', '1985-03-14') RETURNING id)
INSERT INTO desk.candidacies (process_id, folio, slug, person_id, office_id, state_id, role, nominator_id, approved_on, standing_since, clock_started_at, created_at)
SELECT $1, 'VEC-00001', 'vera-vecina', person.id, office.id, place.id, 'propietaria', $2, current_date, now(), now(), now() FROM place, office, person RETURNING id`},
	} {
		if err = tx.QueryRow(ctx, step.sql, process, nominator).Scan(step.to); err != nil {
			return process, nominator, candidacy, err
		}
	}
	return process, nominator, candidacy, nil
}
