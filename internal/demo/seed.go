package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/agenda"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/registry"
	"conoceles/internal/desk/review"
	"conoceles/internal/desk/settings"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

// Key is the demonstration's process in addresses.
const Key = "demostracion"

// Password is that of every account of the demonstration. They exist in its
// process alone.
const Password = "conoceles-de-prueba"

// Seeder puts a World into a database.
type Seeder struct {
	Desk     *db.Desk
	Registry *registry.Registry
	Accounts *auth.Store
	Consents *consent.Store
	Identity *capture.Identity
	Reviews  *review.Store
	Seed     uint64
	Size     int  // candidacies, about
	Drill    bool // the process is a drill, and not the demonstration
}

// DrillKey is the key of the process of a drill.
const DrillKey = "simulacro"

func (s Seeder) key() string {
	if s.Drill {
		return DrillKey
	}
	return Key
}

// Account is an account of the demonstration, to be told to whoever starts it.
type Account struct {
	Email string
	What  string // Spanish: whose it is and what it can do
}

// Accounts lists the accounts of the demonstration.
func Accounts() []Account {
	return []Account{
		{"operador@ejemplo.invalid", "captura las candidaturas de Raíz Común"},
		{"validador@ejemplo.invalid", "captura y valida las de Raíz Común"},
		{"candidata@ejemplo.invalid", "captura su propia candidatura, de Raíz Común"},
		{"independiente@ejemplo.invalid", "candidatura independiente: captura y valida su planilla"},
		{"secretaria@ejemplo.invalid", "Secretaría Ejecutiva: listas y actos del registro"},
		{"secretaria2@ejemplo.invalid", "Secretaría Ejecutiva: la segunda persona, que confirma"},
		{"informatica@ejemplo.invalid", "UTSIC: administración"},
		{"verificador@ejemplo.invalid", "Unidad de Transparencia: analista"},
		{"titular@ejemplo.invalid", "Unidad de Transparencia: titular"},
		{"auditoria@ejemplo.invalid", "Comisión: consulta"},
	}
}

// Run seeds the demonstration, unless it is already there. Its calendar is
// relative to today: registered, published and in campaign, with weeks to go.
func (s Seeder) Run(ctx context.Context) error {
	var there bool
	if err := s.Desk.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM desk.processes WHERE key = $1)`, s.key()).Scan(&there); err != nil || there {
		return err
	}
	hashes := s.hashes(ctx)
	process, err := s.createProcess(ctx)
	if err != nil {
		return fmt.Errorf("create the demonstration process: %w", err)
	}
	w, offices, municipalities, err := s.invent(ctx, process)
	if err != nil {
		return err
	}
	if err := s.do(ctx, process, "actores", func(ctx context.Context, tx *db.Tx) error { return insertNominators(ctx, tx, process, w.Nominators) }); err != nil {
		return fmt.Errorf("insert nominators: %w", err)
	}
	if err := s.importList(ctx, w.Files(offices, municipalities)); err != nil {
		return fmt.Errorf("import the invented list: %w", err)
	}
	if err := s.do(ctx, process, "captura", func(ctx context.Context, tx *db.Tx) error { return captureAll(ctx, tx, process, w) }); err != nil {
		return fmt.Errorf("capture: %w", err)
	}
	hashed, err := hashes()
	if err != nil {
		return fmt.Errorf("hash the password of the accounts: %w", err)
	}
	if err := s.accounts(ctx, process, hashed); err != nil {
		return fmt.Errorf("accounts: %w", err)
	}
	if err := s.notices(ctx, process); err != nil {
		return fmt.Errorf("notices: %w", err)
	}
	if err := s.identities(ctx, process); err != nil {
		return err
	}
	if err := s.do(ctx, process, "liberaciones", func(ctx context.Context, tx *db.Tx) error { return s.release(ctx, tx, process) }); err != nil {
		return fmt.Errorf("release the interfaces: %w", err)
	}
	if err := s.do(ctx, process, "agenda", func(ctx context.Context, tx *db.Tx) error {
		return agenda.Demonstrate(ctx, tx, process, s.today().AddDate(0, 0, daysToElection))
	}); err != nil {
		return fmt.Errorf("agenda: %w", err)
	}
	chosen, err := s.sandbox(ctx, process, w)
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	if err := s.startPublication(ctx); err != nil {
		return err
	}
	return s.happen(ctx, chosen)
}

// daysToElection is how far the election of the demonstration is.
const daysToElection = 40

// release opens every interface, as an institute does one by one.
func (s Seeder) release(ctx context.Context, tx *db.Tx, process int64) error {
	for i, one := range []settings.Interface{settings.Access, settings.Capture, settings.AdminReports, settings.UserReports} {
		opens := s.today().AddDate(0, 0, i-24)
		err := settings.Release(ctx, tx, process, settings.NewRelease{
			Interface: one, OpensAt: &opens, Version: "1.0", Acuerdo: fmt.Sprintf("ACUERDO/DEMO/%03d/%d", 10+i, opens.Year()), AcuerdoOn: opens.AddDate(0, 0, -2),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s Seeder) do(ctx context.Context, process int64, what string, fn func(context.Context, *db.Tx) error) error {
	action := db.Action{Kind: "demostracion." + what, Process: process, Object: fmt.Sprintf("proceso %d", process)}
	_, err := s.Desk.Do(ctx, db.System{Name: "sembrar"}, action, func(ctx context.Context, tx *db.Tx) (string, error) { return "", fn(ctx, tx) })
	return err
}

// today is midnight where people are.
func (s Seeder) today() time.Time {
	n := s.Desk.Now().In(election.Zone())
	return time.Date(n.Year(), n.Month(), n.Day(), 0, 0, 0, 0, election.Zone())
}

func (s Seeder) createProcess(ctx context.Context) (id int64, err error) {
	today := s.today()
	electionDay := today.AddDate(0, 0, daysToElection)
	p := registry.NewProcess{
		Name: fmt.Sprintf("Proceso de demostración %d", electionDay.Year()), Key: s.key(), Kind: election.Election, Demo: true, FolioPrefix: "DEMO",
		AgeReference: electionDay, WithPrecincts: true,
		Calendar: election.Calendar{
			CaptureOpens: today.AddDate(0, 0, -20), CampaignsEnd: electionDay.AddDate(0, 0, -3), ElectionDay: electionDay, CaptureDays: 15,
		},
	}
	if s.Drill {
		p.Name, p.Kind = fmt.Sprintf("Simulacro %d", electionDay.Year()), election.Drill
	}
	err = s.do(ctx, 0, "proceso", func(ctx context.Context, tx *db.Tx) error {
		if id, err = s.Registry.CreateProcess(ctx, tx, p); err != nil {
			return err
		}
		// Everybody tries the same accounts at once, and has no application of codes
		// for them. The database allows this of a demonstration alone.
		const open = `UPDATE desk.processes SET second_factor = 'ninguna', max_sessions = 100 WHERE id = $1 AND demo`
		return tx.Exec(ctx, open, id)
	})
	return id, err
}

// invent reads the geography of the process and invents the rest. It also
// returns the names that the list uses for offices and municipalities.
func (s Seeder) invent(ctx context.Context, process int64) (*World, map[string]string, map[string]string, error) {
	offices, municipalities := map[string]string{}, map[string]string{}
	var places []Place
	var districts []int
	read := func(sql string, to []any, each func()) error {
		rows, err := s.Desk.Query(ctx, sql, process)
		if err != nil {
			return err
		}
		_, err = pgx.ForEachRow(rows, to, func() error { each(); return nil })
		return err
	}
	var a, b string
	var n int
	var byParties bool
	if err := read(`SELECT key, ine_label FROM desk.offices WHERE process_id = $1`, []any{&a, &b}, func() { offices[a] = b }); err != nil {
		return nil, nil, nil, err
	}
	if err := read(`SELECT number FROM desk.districts WHERE process_id = $1 ORDER BY number`, []any{&n}, func() { districts = append(districts, n) }); err != nil {
		return nil, nil, nil, err
	}
	err := read(`SELECT code, name, COALESCE(councillors, 0), by_parties FROM desk.municipalities WHERE process_id = $1 ORDER BY code`,
		[]any{&a, &b, &n, &byParties}, func() {
			municipalities[a] = b
			if byParties {
				places = append(places, Place{a, n})
			}
		})
	if err != nil {
		return nil, nil, nil, err
	}
	return New(s.Seed, s.Size, districts, places, s.today().AddDate(0, 0, daysToElection).Year()), offices, municipalities, nil
}

func insertNominators(ctx context.Context, tx *db.Tx, process int64, all []Nominator) error {
	const insert = `
INSERT INTO desk.nominators (process_id, kind, acronym, name, registry_order, emblem) VALUES ($1, $2, $3, $4, $5, $6)`
	const join = `
INSERT INTO desk.nominator_members (nominator_id, party_id)
SELECT c.id, p.id FROM desk.nominators c, desk.nominators p
WHERE c.process_id = $1 AND p.process_id = $1 AND c.acronym = $2 AND p.acronym = $3`
	for i, n := range all {
		if err := tx.Exec(ctx, insert, process, string(n.Kind), n.Acronym, n.Name, i+1, n.Emblem); err != nil {
			return err
		}
	}
	for _, n := range all {
		for _, m := range n.Members {
			if err := tx.Exec(ctx, join, process, n.Acronym, m); err != nil {
				return err
			}
		}
	}
	const deliver = `
INSERT INTO desk.credential_deliveries (nominator_id, received_at, received_by, registered_at)
SELECT id, $2, 'Representación', $2 FROM desk.nominators WHERE process_id = $1 ORDER BY registry_order, id`
	return tx.Exec(ctx, deliver, process, tx.Now())
}

// captureAll writes questionnaires at every stage, as their versions and
// validations would be.
func captureAll(ctx context.Context, tx *db.Tx, process int64, w *World) error {
	ids, err := byFolio(ctx, tx, process)
	if err != nil {
		return err
	}
	hashes, err := insertPortraits(ctx, tx)
	if err != nil {
		return err
	}
	var c captured
	for i := range w.List {
		id, ok := ids[fmt.Sprintf("DEMO-%d", i+1)]
		if !ok {
			return fmt.Errorf("entry %d of the list did not enter", i+1)
		}
		if p := w.Progress(i); p != Untouched {
			answers := w.Answers(i, hashes[i%len(hashes)])
			w.retouch(i, answers)
			c.add(tx.Now(), id, p, answers)
		}
	}
	return c.write(ctx, tx)
}

func byFolio(ctx context.Context, q db.Querier, process int64) (map[string]int64, error) {
	rows, err := q.Query(ctx, `SELECT registry_folio, id FROM desk.candidacies WHERE process_id = $1`, process)
	if err != nil {
		return nil, err
	}
	out := map[string]int64{}
	var folio string
	var id int64
	_, err = pgx.ForEachRow(rows, []any{&folio, &id}, func() error { out[folio] = id; return nil })
	return out, err
}

func insertPortraits(ctx context.Context, tx *db.Tx) ([]string, error) {
	var hashes []string
	for _, p := range Portraits() {
		sum := sha256.Sum256(p.Large)
		hash := hex.EncodeToString(sum[:])
		const q = `INSERT INTO desk.photos (hash, original, large, medium, small, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`
		if err := tx.Exec(ctx, q, hash, p.Original, p.Large, p.Medium, p.Small, tx.Now()); err != nil {
			return nil, err
		}
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

// captured collects rows to write them all at once.
type captured struct {
	versions, validations [][]any
	ids                   []int64
	states                []string
	answered              []int
}

func (c *captured) add(now time.Time, id int64, p Progress, all questionnaire.Answers) {
	q := questionnaire.Curricular()
	if p == Half {
		for _, id := range []questionnaire.ID{questionnaire.Proposal2, questionnaire.Trajectory, questionnaire.Photograph} {
			delete(all, id)
		}
	}
	versions := map[string]int{}
	for _, part := range q.Parts() {
		some := part.Select(all)
		if len(some) == 0 {
			continue
		}
		versions[string(part.ID)] = 1
		c.versions = append(c.versions, []any{id, string(part.ID), 1, json.RawMessage(some.Canonical()), some.Hash(), nil, now})
	}
	state := map[Progress]string{Half: "en_captura", Complete: "completa", Validated: "validada"}[p]
	c.ids, c.states, c.answered = append(c.ids, id), append(c.states, state), append(c.answered, q.Progress(all).Answered())
	if p == Validated {
		c.validations = append(c.validations, []any{id, 1, fmt.Sprintf("ACUSE-DEMO-%06d", id), versions, all.Hash(), nil, "Demostración", now})
	}
}

func (c *captured) write(ctx context.Context, tx *db.Tx) error {
	if _, err := tx.CopyFrom(ctx, "desk", "answer_versions",
		[]string{"candidacy_id", "part", "version", "answers", "hash", "account_id", "at"}, pgx.CopyFromRows(c.versions)); err != nil {
		return err
	}
	if _, err := tx.CopyFrom(ctx, "desk", "validations",
		[]string{"candidacy_id", "number", "folio", "versions", "hash", "account_id", "source", "at"}, pgx.CopyFromRows(c.validations)); err != nil {
		return err
	}
	const q = `
UPDATE desk.candidacies c SET capture = x.state, answered = x.answered, captured_at = $4
FROM unnest($1::bigint[], $2::text[], $3::int[]) AS x(id, state, answered) WHERE c.id = x.id`
	return tx.Exec(ctx, q, c.ids, c.states, c.answered, tx.Now())
}

// importList loads the invented list by the door of every list.
func (s Seeder) importList(ctx context.Context, files [][]byte) error {
	today := s.today()
	for i, csv := range files {
		_, err := s.Registry.ImportCandidacies(ctx, registry.Command("sembrar"), registry.ImportRequest{
			Process: s.key(), Name: fmt.Sprintf("lista-de-demostracion-%d.csv", i+1), Data: csv,
			Acuerdo: fmt.Sprintf("ACUERDO/DEMO/001/%d", today.Year()), ApprovedOn: today.AddDate(0, 0, -19),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// startPublication opens the site by the act of two persons that opens every
// site: one proposes, another confirms.
func (s Seeder) startPublication(ctx context.Context) error {
	proposer, err := actorOf[auth.Proposer](ctx, s, "informatica")
	if err != nil {
		return err
	}
	confirmer, err := actorOf[auth.Proposer](ctx, s, "secretaria")
	if err != nil {
		return err
	}
	today := s.today()
	act, err := s.Registry.ProposeStart(ctx, proposer, "", registry.NewStart{
		StartsAt: today.AddDate(0, 0, -8), Basis: fmt.Sprintf("ACUERDO/DEMO/002/%d", today.Year()), BasisDate: today.AddDate(0, 0, -10),
	})
	if err != nil {
		return fmt.Errorf("propose the publication start: %w", err)
	}
	if err := s.Registry.ConfirmStart(ctx, confirmer, "", act); err != nil {
		return fmt.Errorf("confirm the publication start: %w", err)
	}
	return nil
}

// actorOf returns an account of the demonstration as the actor it is.
func actorOf[A auth.Actor](ctx context.Context, s Seeder, name string) (A, error) {
	var none A
	var id int64
	if err := s.Desk.QueryRow(ctx, `SELECT id FROM desk.accounts WHERE email = $1`, name+"@ejemplo.invalid").Scan(&id); err != nil {
		return none, err
	}
	actor, err := s.Accounts.Actor(ctx, id)
	if err != nil {
		return none, err
	}
	a, ok := actor.(A)
	if !ok {
		return none, fmt.Errorf("%s is %s, another kind of actor", name, actor.Role())
	}
	return a, nil
}
