package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/election"
	"conoceles/internal/site"
)

// entry is a candidacy about to be inserted, with its ids reserved.
type entry struct {
	id, person    int64
	folio         string
	slug          string
	who           person
	ageGiven      *int
	office        int64
	state         *int64
	district      *int64
	municipality  *int64
	label         string
	position      int
	role          string
	nominator     int64
	siglado       *int64
	consecutive   *bool
	actions       []string
	acuerdo       string
	approved      *time.Time
	registryFolio string
	sourceKey     *string
	replaces      *int64
	capture       string
	answered      int
}

func (r *listRow) entry() *entry {
	s := r.seat
	e := &entry{
		who: r.person, office: s.office.id, position: s.position, role: string(s.role), nominator: s.nominator.id,
		consecutive: r.consecutive, actions: r.actions, acuerdo: r.acuerdo, approved: r.approved, registryFolio: r.folio,
		capture: "sin_iniciar",
	}
	e.place(s.state, s.district, s.municipality)
	if r.siglado != nil {
		e.siglado = &r.siglado.id
	}
	return e
}

func (e *entry) place(s *state, d *district, m *municipality) {
	if s != nil {
		e.state = &s.id
	}
	if d != nil {
		e.district = &d.id
	}
	if m != nil {
		e.municipality = &m.id
	}
}

// insertEntries writes candidacies in bulk: it gives them ids, folios and
// addresses, and starts their clocks.
func insertEntries(ctx context.Context, tx *db.Tx, p process, entries []*entry) error {
	if len(entries) == 0 {
		return nil
	}
	if err := reserve(ctx, tx, p, entries); err != nil {
		return err
	}
	names, err := loadSlugs(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	persons, candidacies, slugs := make([][]any, 0, len(entries)), make([][]any, 0, len(entries)), make([][]any, 0, len(entries))
	now := tx.Now()
	for _, e := range entries {
		e.slug = names.take(e.who.full())
		w := e.who
		persons = append(persons, []any{e.person, p.ID, w.Given, w.Surnames, w.Nickname, w.Sex, w.Birth, e.ageGiven, w.Email, w.Phone})
		candidacies = append(candidacies, []any{
			e.id, p.ID, e.folio, e.registryFolio, e.sourceKey, e.slug, e.person, e.office, e.state, e.district, e.municipality, e.label,
			e.position, e.role, e.nominator, e.siglado, e.consecutive, notNil(e.actions), e.acuerdo, e.approved, string(election.Approved),
			now, e.replaces, e.capture, e.answered, now, now,
		})
		slugs = append(slugs, []any{p.ID, e.slug, e.id})
	}
	for _, t := range []struct {
		table   string
		columns []string
		rows    [][]any
	}{
		{"persons", []string{"id", "process_id", "given_names", "surnames", "nickname", "sex", "birth_date", "age_given", "email", "phone"}, persons},
		{"candidacies", []string{
			"id", "process_id", "folio", "registry_folio", "source_key", "slug", "person_id", "office_id", "state_id", "district_id",
			"municipality_id", "district_label", "position", "role", "nominator_id", "siglado_id", "consecutive", "affirmative_actions",
			"acuerdo", "approved_on", "standing", "standing_since", "replaces_id", "capture", "answered", "clock_started_at", "created_at",
		}, candidacies},
		{"slugs", []string{"process_id", "slug", "candidacy_id"}, slugs},
	} {
		if _, err := tx.CopyFrom(ctx, "desk", t.table, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
			return fmt.Errorf("insert %d into %s: %w", len(t.rows), t.table, err)
		}
	}
	return nil
}

// reserve takes ids and folios for the entries.
func reserve(ctx context.Context, tx *db.Tx, p process, entries []*entry) error {
	const ids = `
SELECT nextval('desk.candidacies_id_seq'), nextval('desk.persons_id_seq') FROM generate_series(1, $1)`
	rows, err := tx.Query(ctx, ids, len(entries))
	if err != nil {
		return err
	}
	i := 0
	var candidacy, person int64
	if _, err := pgx.ForEachRow(rows, []any{&candidacy, &person}, func() error {
		entries[i].id, entries[i].person = candidacy, person
		i++
		return nil
	}); err != nil {
		return err
	}
	const folios = `
INSERT INTO desk.folio_counters (process_id, last) VALUES ($1, $2)
ON CONFLICT (process_id) DO UPDATE SET last = folio_counters.last + excluded.last RETURNING last`
	var last int
	if err := tx.QueryRow(ctx, folios, p.ID, len(entries)).Scan(&last); err != nil {
		return err
	}
	for i, e := range entries {
		e.folio = fmt.Sprintf("%s-%05d", p.FolioPrefix, last-len(entries)+1+i)
	}
	return nil
}

// slugBook gives addresses that the process never used. An address used once is
// never another person's.
type slugBook struct{ used map[string]bool }

func loadSlugs(ctx context.Context, q db.Querier, process int64) (slugBook, error) {
	rows, err := q.Query(ctx, `SELECT slug FROM desk.slugs WHERE process_id = $1`, process)
	if err != nil {
		return slugBook{}, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	book := slugBook{make(map[string]bool, len(all))}
	for _, s := range all {
		book.used[s] = true
	}
	return book, err
}

// take returns the address for a name: the second «Ana Ruiz» is ana-ruiz-2.
func (b slugBook) take(name string) string {
	base := site.Slug(name)
	if base == "" {
		base = "candidatura"
	}
	slug := base
	for n := 2; b.used[slug]; n++ {
		slug = base + "-" + strconv.Itoa(n)
	}
	b.used[slug] = true
	return slug
}

// personChange and candidacyChange are rows of an UPDATE in bulk, as JSON.
type personChange struct {
	ID       int64   `json:"id"`
	Given    string  `json:"given"`
	Surnames string  `json:"surnames"`
	Nickname string  `json:"nickname"`
	Sex      string  `json:"sex"`
	Birth    *string `json:"birth"`
	AgeGiven *int    `json:"age_given"`
	Email    string  `json:"email"`
	Phone    string  `json:"phone"`
}

type candidacyChange struct {
	ID            int64    `json:"id"`
	Slug          string   `json:"slug"`
	RegistryFolio string   `json:"registry_folio"`
	Position      int      `json:"position"`
	Siglado       *int64   `json:"siglado"`
	Consecutive   *bool    `json:"consecutive"`
	Actions       []string `json:"actions"`
	Acuerdo       string   `json:"acuerdo"`
	ApprovedOn    *string  `json:"approved_on"`
}

// update writes candidacies whose fields were changed in memory. Whose name
// changed gets another address; the old one will lead to it.
func update(ctx context.Context, tx *db.Tx, process int64, changed []*candidacy, oldNames map[int64]string) error {
	if len(changed) == 0 {
		return nil
	}
	names, err := loadSlugs(ctx, tx, process)
	if err != nil {
		return err
	}
	var persons []personChange
	var candidacies []candidacyChange
	var slugs [][]any
	for _, c := range changed {
		if name := c.person().full(); site.Slug(name) != site.Slug(oldNames[c.ID]) {
			c.Slug = names.take(name)
			slugs = append(slugs, []any{process, c.Slug, c.ID})
		}
		persons = append(persons, personChange{c.PersonID, c.Given, c.Surnames, c.Nickname, c.Sex, dateText(c.Birth), c.AgeGiven, c.Email, c.Phone})
		candidacies = append(candidacies, candidacyChange{
			c.ID, c.Slug, c.RegistryFolio, c.Position, c.SigladoID, c.Consecutive, notNil(c.Actions), c.Acuerdo, dateText(c.ApprovedOn),
		})
	}
	const personsSQL = `
UPDATE desk.persons p SET given_names = x.given, surnames = x.surnames, nickname = x.nickname, sex = x.sex, birth_date = x.birth,
  age_given = x.age_given, email = x.email, phone = x.phone
FROM jsonb_to_recordset($1) AS x(id bigint, given text, surnames text, nickname text, sex text, birth date, age_given int, email text, phone text)
WHERE p.id = x.id`
	if err := tx.Exec(ctx, personsSQL, encode(persons)); err != nil {
		return err
	}
	const candidaciesSQL = `
UPDATE desk.candidacies c SET slug = x.slug, registry_folio = x.registry_folio, position = x.position, siglado_id = x.siglado,
  consecutive = x.consecutive, affirmative_actions = x.actions, acuerdo = x.acuerdo, approved_on = x.approved_on
FROM jsonb_to_recordset($1) AS x(id bigint, slug text, registry_folio text, position int, siglado bigint, consecutive boolean,
  actions text[], acuerdo text, approved_on date)
WHERE c.id = x.id`
	if err := tx.Exec(ctx, candidaciesSQL, encode(candidacies)); err != nil {
		return err
	}
	_, err = tx.CopyFrom(ctx, "desk", "slugs", []string{"process_id", "slug", "candidacy_id"}, pgx.CopyFromRows(slugs))
	return err
}

// apply puts what the row says on the candidacy. Blanks change nothing.
func (e edit) apply() {
	c, p := e.old, e.row.person
	c.Given, c.Surnames, c.Sex = p.Given, p.Surnames, p.Sex
	c.Nickname, c.Email, c.Phone = or(p.Nickname, c.Nickname), or(p.Email, c.Email), or(p.Phone, c.Phone)
	c.Acuerdo = or(e.row.acuerdo, c.Acuerdo)
	if e.row.folio != c.Folio {
		c.RegistryFolio = or(e.row.folio, c.RegistryFolio)
	}
	if p.Birth != nil {
		c.Birth = p.Birth
	}
	if e.row.siglado != nil {
		c.SigladoID = &e.row.siglado.id
	}
	if e.row.consecutive != nil {
		c.Consecutive = e.row.consecutive
	}
	if len(e.row.actions) > 0 {
		c.Actions = e.row.actions
	}
	if e.row.approved != nil {
		c.ApprovedOn = e.row.approved
	}
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

func notNil(s []string) []string { return append([]string{}, s...) }

func dateText(t *time.Time) *string {
	if t == nil {
		return nil
	}
	s := t.Format(time.DateOnly)
	return &s
}

// encode gives the JSON of plain rows.
func encode(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	return text
}
