package site

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

// Institution is who publishes.
type Institution struct {
	Name    string
	Acronym string
	Place   string
	Address string
	Email   string
}

// State is an entidad federativa of the process.
type State struct {
	ID   int64
	Name string
}

// District is a district with its key in addresses: its number, preceded by the
// state where a process has several.
type District struct {
	election.District
	Key   string
	State string // its name where the process has several states, else ""
}

// Municipality is a municipio with its key in addresses: its code, preceded by
// the state where a process has several.
type Municipality struct {
	election.Municipality
	Key   string
	State string // its name where the process has several states, else ""
}

// Nominator is who nominates, in the order of the ballot.
type Nominator struct {
	ID          int64
	Kind        election.NominatorKind
	Acronym     string
	Name        string
	Slug        string
	BallotOrder int
	Members     []string // names of the parties of a coalition or candidatura común
	HasEmblem   bool
}

// Catalog is what a process elects, where, and who nominates. Lists are in the
// order in which a person looks for something in them: offices and nominators as
// the ballot has them, districts by number, municipalities by name.
type Catalog struct {
	Institution    Institution
	States         []State
	Districts      []District
	Municipalities []Municipality
	Offices        []election.Office
	Nominators     []Nominator
	Degrees        []questionnaire.Option // published degrees, in the questionnaire's order
	Actions        []election.AffirmativeAction
	Sexes          []election.Sex
	HasPrecincts   bool
	Curricular     *questionnaire.Questionnaire
	Identity       *questionnaire.Questionnaire

	epoch          int64
	states         map[int64]*State
	districts      map[int64]*District
	municipalities map[int64]*Municipality
	offices        map[int64]*election.Office
	nominators     map[int64]*Nominator
}

// Catalog returns the catalogue of a process as of its epoch. It is read once
// per epoch and shared: nobody may change it.
func (s *Store) Catalog(ctx context.Context, p Process) (*Catalog, error) {
	s.mu.Lock()
	c := s.catalogs[p.ID]
	s.mu.Unlock()
	if c != nil && c.epoch == p.Epoch {
		return c, nil
	}
	c, err := s.loadCatalog(ctx, p)
	if err != nil {
		return nil, db.Fault(fmt.Errorf("read the catalogue of process %s: %w", p.Key, err))
	}
	s.mu.Lock()
	s.catalogs[p.ID] = c
	s.mu.Unlock()
	return c, nil
}

func (s *Store) loadCatalog(ctx context.Context, p Process) (*Catalog, error) {
	c := &Catalog{epoch: p.Epoch}
	var err error
	if c.Curricular, err = s.editions(p.CurricularVersion); err != nil {
		return nil, err
	}
	if c.Identity, err = questionnaire.IdentityEdition(p.IdentityVersion); err != nil {
		return nil, err
	}
	if c.Institution, err = s.institution(ctx); err != nil {
		return nil, err
	}
	if c.States, err = list[State](ctx, s.q, `SELECT id, name FROM site.states WHERE process_id = $1
		ORDER BY name COLLATE "es-MX-x-icu", id`, p.ID); err != nil {
		return nil, err
	}
	if c.Offices, err = list[election.Office](ctx, s.q, `SELECT id, key, name, ine_label, ambit, listed, ballot_order, description
		FROM site.offices WHERE process_id = $1 ORDER BY ballot_order, id`, p.ID); err != nil {
		return nil, err
	}
	if c.Nominators, err = s.nominators(ctx, p.ID); err != nil {
		return nil, err
	}
	if err := s.places(ctx, p.ID, c); err != nil {
		return nil, err
	}
	if err := s.present(ctx, p.ID, c); err != nil {
		return nil, err
	}
	c.index()
	return c, nil
}

// institution reads who publishes; nothing at all when nobody was named yet.
func (s *Store) institution(ctx context.Context) (Institution, error) {
	all, err := list[Institution](ctx, s.q, `SELECT name, acronym, place, address, email FROM site.institution`)
	if err != nil || len(all) == 0 {
		return Institution{}, err
	}
	return all[0], nil
}

func (s *Store) nominators(ctx context.Context, process int64) ([]Nominator, error) {
	const sql = `
SELECT n.id, n.kind, n.acronym, n.name, n.slug, n.ballot_order, n.emblem IS NOT NULL AS has_emblem,
  ARRAY(SELECT COALESCE(m.name, k.acronym) FROM unnest(n.members) WITH ORDINALITY k(acronym, place)
        LEFT JOIN site.nominators m ON m.process_id = n.process_id AND m.acronym = k.acronym ORDER BY k.place) AS members
FROM site.nominators n WHERE n.process_id = $1 ORDER BY n.ballot_order, n.kind <> 'partido', n.name COLLATE "es-MX-x-icu", n.id`
	return list[Nominator](ctx, s.q, sql, process)
}

// places reads districts and municipalities and gives them their keys.
func (s *Store) places(ctx context.Context, process int64, c *Catalog) error {
	names := map[int64]string{}
	if len(c.States) > 1 {
		for _, st := range c.States {
			names[st.ID] = st.Name
		}
	}
	districts, err := list[election.District](ctx, s.q, `
SELECT d.id, d.state_id, d.number, d.seat FROM site.districts d JOIN site.states s ON s.id = d.state_id
WHERE d.process_id = $1 ORDER BY s.name COLLATE "es-MX-x-icu", d.number, d.id`, process)
	if err != nil {
		return err
	}
	for _, d := range districts {
		state := names[d.StateID]
		c.Districts = append(c.Districts, District{d, within(state, strconv.Itoa(d.Number)), state})
	}
	municipalities, err := list[election.Municipality](ctx, s.q, `
SELECT m.id, m.state_id, m.code, m.name, m.by_parties, COALESCE(m.tile_column, 0) AS tile_column,
  COALESCE(m.tile_row, 0) AS tile_row, m.tile_label
FROM site.municipalities m JOIN site.states s ON s.id = m.state_id
WHERE m.process_id = $1 ORDER BY s.name COLLATE "es-MX-x-icu", m.name COLLATE "es-MX-x-icu", m.id`, process)
	if err != nil {
		return err
	}
	for _, m := range municipalities {
		state := names[m.StateID]
		c.Municipalities = append(c.Municipalities, Municipality{m, within(state, Slug(m.Code)), state})
	}
	const precincts = `SELECT EXISTS (SELECT 1 FROM site.precincts WHERE process_id = $1)`
	return s.q.QueryRow(ctx, precincts, process).Scan(&c.HasPrecincts)
}

// within puts the state before a key that is only unique inside it.
func within(state, key string) string {
	if state == "" {
		return key
	}
	return Slug(state) + "-" + key
}

// present reads which degrees, acciones afirmativas and sexes some candidacy
// has: a filter offers nothing that nobody is.
func (s *Store) present(ctx context.Context, process int64, c *Catalog) error {
	type row struct {
		Degrees []string
		Actions []string
		Sexes   []string
	}
	const sql = `
SELECT COALESCE(array_agg(DISTINCT degree) FILTER (WHERE degree <> ''), '{}') AS degrees,
  ARRAY(SELECT DISTINCT a FROM site.candidacies x, unnest(x.affirmative_actions) a WHERE x.process_id = $1) AS actions,
  COALESCE(array_agg(DISTINCT sex), '{}') AS sexes
FROM site.candidacies WHERE process_id = $1`
	all, err := list[row](ctx, s.q, sql, process)
	if err != nil {
		return err
	}
	found := all[0]
	c.Degrees = degrees(c.Curricular, found.Degrees)
	for _, a := range election.AffirmativeActions() {
		if slices.Contains(found.Actions, string(a)) {
			c.Actions = append(c.Actions, a)
		}
	}
	for _, sex := range []election.Sex{election.Woman, election.Man, election.NonBinary} {
		if slices.Contains(found.Sexes, string(sex)) {
			c.Sexes = append(c.Sexes, sex)
		}
	}
	return nil
}

// degrees orders the published degrees as the questionnaire offers them. One
// that it does not offer, kept as its source wrote it, comes last.
func degrees(q *questionnaire.Questionnaire, present []string) []questionnaire.Option {
	question, _ := q.Question(questionnaire.Degree)
	var out []questionnaire.Option
	for _, o := range question.Options {
		if slices.Contains(present, o.Value) {
			out = append(out, o)
		}
	}
	for _, value := range present {
		if _, known := question.Option(value); !known {
			out = append(out, questionnaire.Option{Value: value, Label: value})
		}
	}
	return out
}

func (c *Catalog) index() {
	c.states = byID(c.States, func(s *State) int64 { return s.ID })
	c.districts = byID(c.Districts, func(d *District) int64 { return d.ID })
	c.municipalities = byID(c.Municipalities, func(m *Municipality) int64 { return m.ID })
	c.offices = byID(c.Offices, func(o *election.Office) int64 { return o.ID })
	c.nominators = byID(c.Nominators, func(n *Nominator) int64 { return n.ID })
}

func byID[T any](all []T, id func(*T) int64) map[int64]*T {
	out := make(map[int64]*T, len(all))
	for i := range all {
		out[id(&all[i])] = &all[i]
	}
	return out
}

// list runs a query and collects its rows by name.
func list[T any](ctx context.Context, q db.Querier, sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}
