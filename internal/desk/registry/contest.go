package registry

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/site"
)

// contest is what a process elects, where, and who nominates, as a list names
// them. Plans add to it what they find missing; a thing with id 0 is not in the
// database yet.
type contest struct {
	process        process
	offices        []*office
	states         []*state
	districts      []*district
	municipalities []*municipality
	nominators     []*nominator

	folds map[string]string // of names already folded: every row asks for the same ones
}

// fold is site.Fold, remembered.
func (c *contest) fold(name string) string {
	folded, ok := c.folds[name]
	if !ok {
		folded = site.Fold(name)
		c.folds[name] = folded
	}
	return folded
}

type process struct {
	ID           int64
	Key          string
	Name         string
	Kind         string
	FolioPrefix  string
	AgeReference *time.Time
}

type office struct {
	id int64
	election.Office
	hasSubstitute bool
	synonyms      []string
}

type state struct {
	id   int64
	name string
}

type district struct {
	id     int64
	state  *state
	number int
	seat   string
}

type municipality struct {
	id          int64
	state       *state
	code, name  string
	councillors int
	byParties   bool
}

type nominator struct {
	id            int64
	kind          election.NominatorKind
	acronym, name string
	order         int
	members       []*nominator
	toVerify      bool
	grew          bool // got members that the database does not have
}

// loadContest reads the contest of a process.
func loadContest(ctx context.Context, q db.Querier, processID int64) (*contest, error) {
	c := &contest{folds: map[string]string{}}
	var err error
	if c.process, err = loadProcess(ctx, q, processID); err != nil {
		return nil, err
	}
	for _, part := range []func(context.Context, db.Querier) error{c.loadOffices, c.loadPlaces, c.loadNominators} {
		if err := part(ctx, q); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// loadProcess reads the process alone.
func loadProcess(ctx context.Context, q db.Querier, id int64) (process, error) {
	const sql = `
SELECT id, key, name, kind, folio_prefix, COALESCE(age_reference, election_day) AS age_reference FROM desk.processes WHERE id = $1`
	rows, err := q.Query(ctx, sql, id)
	if err != nil {
		return process{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[process])
}

func (c *contest) loadOffices(ctx context.Context, q db.Querier) error {
	const sql = `
SELECT id, key, name, ine_label, ambit, listed, has_substitute, ballot_order, synonyms
FROM desk.offices WHERE process_id = $1 ORDER BY ballot_order, id`
	rows, err := q.Query(ctx, sql, c.process.ID)
	if err != nil {
		return err
	}
	var o office
	var ambit string
	_, err = pgx.ForEachRow(rows, []any{&o.id, &o.Key, &o.Name, &o.INELabel, &ambit, &o.Listed, &o.hasSubstitute, &o.BallotOrder, &o.synonyms}, func() error {
		one := o
		one.Ambit, one.synonyms = election.Ambit(ambit), slices.Clone(o.synonyms)
		c.offices = append(c.offices, &one)
		return nil
	})
	return err
}

func (c *contest) loadPlaces(ctx context.Context, q db.Querier) error {
	rows, err := q.Query(ctx, `SELECT id, name FROM desk.states WHERE process_id = $1 ORDER BY id`, c.process.ID)
	if err != nil {
		return err
	}
	var s state
	states := map[int64]*state{}
	if _, err = pgx.ForEachRow(rows, []any{&s.id, &s.name}, func() error {
		one := s
		c.states, states[s.id] = append(c.states, &one), &one
		return nil
	}); err != nil {
		return err
	}
	rows, err = q.Query(ctx, `SELECT id, state_id, number, seat FROM desk.districts WHERE process_id = $1 ORDER BY id`, c.process.ID)
	if err != nil {
		return err
	}
	var d district
	var in int64
	if _, err = pgx.ForEachRow(rows, []any{&d.id, &in, &d.number, &d.seat}, func() error {
		one := d
		one.state = states[in]
		c.districts = append(c.districts, &one)
		return nil
	}); err != nil {
		return err
	}
	rows, err = q.Query(ctx, `SELECT id, state_id, code, name, COALESCE(councillors, 0), by_parties
		FROM desk.municipalities WHERE process_id = $1 ORDER BY id`, c.process.ID)
	if err != nil {
		return err
	}
	var m municipality
	_, err = pgx.ForEachRow(rows, []any{&m.id, &in, &m.code, &m.name, &m.councillors, &m.byParties}, func() error {
		one := m
		one.state = states[in]
		c.municipalities = append(c.municipalities, &one)
		return nil
	})
	return err
}

func (c *contest) loadNominators(ctx context.Context, q db.Querier) error {
	const sql = `
SELECT id, kind, acronym, name, registry_order, ARRAY(SELECT party_id FROM desk.nominator_members m WHERE m.nominator_id = n.id ORDER BY party_id)
FROM desk.nominators n WHERE process_id = $1 ORDER BY registry_order, id`
	rows, err := q.Query(ctx, sql, c.process.ID)
	if err != nil {
		return err
	}
	var n nominator
	var members []int64
	byID, memberIDs := map[int64]*nominator{}, map[*nominator][]int64{}
	if _, err = pgx.ForEachRow(rows, []any{&n.id, &n.kind, &n.acronym, &n.name, &n.order, &members}, func() error {
		one := n
		c.nominators, byID[n.id], memberIDs[&one] = append(c.nominators, &one), &one, slices.Clone(members)
		return nil
	}); err != nil {
		return err
	}
	for n, ids := range memberIDs {
		for _, id := range ids {
			n.members = append(n.members, byID[id])
		}
	}
	return nil
}

// office returns the office that a list calls text, by key, name or synonym.
func (c *contest) office(text string) *office {
	folded := c.fold(text)
	for _, o := range c.offices {
		for _, name := range append([]string{o.Key, o.Name, o.INELabel}, o.synonyms...) {
			if c.fold(name) == folded {
				return o
			}
		}
	}
	return nil
}

// state returns the state with that name; the only one there is for "".
func (c *contest) state(text string) *state {
	if text == "" && len(c.states) == 1 {
		return c.states[0]
	}
	for _, s := range c.states {
		if text != "" && c.fold(s.name) == c.fold(text) {
			return s
		}
	}
	return nil
}

// district returns the district of the state that text numbers: «5», «05»,
// «Distrito 5», «5-TEMIXCO».
func (c *contest) district(s *state, text string) *district {
	number, _, ok := districtNumber(text)
	if !ok {
		return nil
	}
	for _, d := range c.districts {
		if d.state == s && d.number == number {
			return d
		}
	}
	return nil
}

// districtNumber reads the number of a district and what follows it, its seat.
func districtNumber(text string) (number int, seat string, ok bool) {
	start := strings.IndexFunc(text, unicode.IsDigit)
	if start < 0 {
		return 0, "", false
	}
	rest := text[start:]
	end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsDigit(r) })
	if end < 0 {
		end = len(rest)
	}
	number, err := strconv.Atoi(rest[:end])
	return number, strings.Trim(rest[end:], " -–—.,:"), err == nil && number > 0 && number < 1000
}

// municipality returns the municipio that text names: its code, its name, or
// the beginning of a name when only one begins so («Jonacatepec»).
func (c *contest) municipality(s *state, text string) *municipality {
	folded := c.fold(text)
	var begins []*municipality
	for _, m := range c.municipalities {
		name := c.fold(m.name)
		switch {
		case m.state != s || folded == "":
		case name == folded || m.code == text:
			return m
		case strings.HasPrefix(name, folded+" "):
			begins = append(begins, m)
		}
	}
	if len(begins) == 1 {
		return begins[0]
	}
	return nil
}

// placeName says a territory to a person.
func (o *office) placeName(d *district, m *municipality, s *state) string {
	switch {
	case m != nil:
		return m.name
	case d != nil && d.seat != "":
		return "distrito " + strconv.Itoa(d.number) + ", " + d.seat
	case d != nil:
		return "distrito " + strconv.Itoa(d.number)
	case s != nil:
		return s.name
	}
	return ""
}

// mustBeThere turns a process that is not there into an error for a person.
func mustBeThere(id int64, name string) error {
	if id == 0 {
		return fault.Newf(fault.Invalid, "No existe el proceso «%s».", name)
	}
	return nil
}
