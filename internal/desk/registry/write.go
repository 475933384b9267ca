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
