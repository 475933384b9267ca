package site

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"conoceles/internal/db"
)

// maxWords bounds the words of a name search: nobody's name has more.
const maxWords = 8

// Results is one page of a search.
type Results struct {
	Cards []Card
	Total int
	Page  int // from 1
	Pages int // at least 1

	// How many there would be with either state, whatever the state asked for.
	Published, Unpublished int

	// Relief says, when nothing was found, how many there would be without each
	// filter in force; those that would still find nothing are not in it. Alone
	// says, where no single one helps, how many each finds by itself.
	Relief, Alone map[string]int
}

// Past reports whether the page asked for is beyond the last.
func (r Results) Past() bool { return r.Page > r.Pages }

// where collects conditions on site.candidacies c with their arguments.
type where struct {
	sql  []string
	args []any
}

// add adds a condition; each ? in it is the next argument.
func (w *where) add(condition string, args ...any) {
	for _, a := range args {
		w.args = append(w.args, a)
		condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(w.args)), 1)
	}
	w.sql = append(w.sql, condition)
}

func (w *where) String() string { return strings.Join(w.sql, " AND ") }

// conditions returns what q asks of a candidacy of p. Every word of a name must
// appear, in any order; search_text was folded as the words are.
func conditions(p Process, c *Catalog, q Query) *where {
	w := &where{}
	w.add("c.process_id = ?", p.ID)
	for _, word := range words(q.Text) {
		w.add("c.search_text LIKE ?", "%"+word+"%")
	}
	if o, ok := c.OfficeByKey(q.Office); ok {
		w.add("c.office_id = ?", o.ID)
	}
	if d, ok := c.DistrictByKey(q.District); ok {
		w.add("c.district_id = ?", d.ID)
	}
	if m, ok := c.MunicipalityByKey(q.Municipality); ok {
		w.add("c.municipality_id = ?", m.ID)
	}
	if all := c.NominatorsBySlug(q.Nominator); len(all) > 0 {
		ids := make([]int64, len(all))
		for i, n := range all {
			ids[i] = n.ID
		}
		w.add("(c.nominator_id = ANY(?) OR c.siglado_id = ANY(?))", ids, ids)
	}
	if q.Sex != "" {
		w.add("c.sex = ?", q.Sex)
	}
	if band, ok := ageBand(q.Age); ok {
		w.add("c.age >= ?", band.From)
		if band.To > 0 {
			w.add("c.age <= ?", band.To)
		}
	}
	if q.Degree != "" {
		w.add("c.degree = ?", q.Degree)
	}
	if q.Action != "" {
		w.add("c.affirmative_actions @> ARRAY[?::text]", q.Action)
	}
	switch q.State {
	case StatePublished:
		w.add("c.state = 'publicada'")
	case StateUnpublished:
		w.add("c.state <> 'publicada'")
	}
	return w
}

// words splits a name as it was folded. A text of marks alone finds nothing, and
// must not find everything.
func words(text string) []string {
	if text == "" {
		return nil
	}
	all := strings.Fields(Fold(text))
	if len(all) == 0 {
		return []string{"\x01"}
	}
	return all[:min(len(all), maxWords)]
}

// orders are the ways to sort, the ballot's first.
var orders = map[string]string{
	"":             "c.ballot_rank, c.id",
	OrderSurname:   `c.sort_name COLLATE "es-MX-x-icu", c.id`,
	OrderNominator: `n.name COLLATE "es-MX-x-icu", c.ballot_rank, c.id`,
}

// Search returns a page of the candidacies that q asks for. A page past the last
// is not an error: it has no cards, and Past tells.
func (s *Store) Search(ctx context.Context, p Process, c *Catalog, q Query) (Results, error) {
	r := Results{Page: max(q.Page, 1)}
	var err error
	if r.Published, r.Unpublished, err = s.states(ctx, p, c, q); err != nil {
		return Results{}, err
	}
	switch q.State {
	case StatePublished:
		r.Total = r.Published
	case StateUnpublished:
		r.Total = r.Unpublished
	default:
		r.Total = r.Published + r.Unpublished
	}
	r.Pages = max(1, (r.Total+PageSize-1)/PageSize)
	switch {
	case r.Total == 0:
		err = s.relief(ctx, p, c, q, &r)
	case !r.Past():
		r.Cards, err = s.page(ctx, p, c, q, r.Page)
	}
	return r, err
}

// states counts what q finds in either state.
func (s *Store) states(ctx context.Context, p Process, c *Catalog, q Query) (published, unpublished int, err error) {
	w := conditions(p, c, q.Without(ParamState))
	sql := `SELECT count(*) FILTER (WHERE c.state = 'publicada'), count(*) FILTER (WHERE c.state <> 'publicada')
FROM site.candidacies c WHERE ` + w.String()
	err = s.q.QueryRow(ctx, sql, w.args...).Scan(&published, &unpublished)
	return published, unpublished, db.Fault(err)
}

// page reads the cards of one page. The matches are found before they are
// sorted: otherwise the planner, hoping for an early end, walks the whole ballot
// in order looking for a rare name instead of asking the trigram index.
func (s *Store) page(ctx context.Context, p Process, c *Catalog, q Query, page int) ([]Card, error) {
	w := conditions(p, c, q)
	found := "site.candidacies c JOIN site.nominators n ON n.id = c.nominator_id WHERE " + w.String()
	if q.Text != "" {
		found = "(SELECT c.* FROM site.candidacies c WHERE " + w.String() + " OFFSET 0) c JOIN site.nominators n ON n.id = c.nominator_id"
	}
	sql := `SELECT ` + cardColumns + `, ` + excerptColumns + `
FROM (SELECT c.id, row_number() OVER () AS place FROM (
  SELECT c.id FROM ` + found + ` ORDER BY ` + orders[q.Order] + fmt.Sprintf(` LIMIT %d OFFSET %d`, PageSize, (page-1)*PageSize) + `) c) k
JOIN site.candidacies c ON c.id = k.id LEFT JOIN site.profiles p ON p.candidacy_id = c.id ORDER BY k.place`
	cards, err := list[Card](ctx, s.q, sql, w.args...)
	return cards, db.Fault(err)
}

// relief counts what q would find without each of its filters or, when that is
// nothing, with each of them alone.
func (s *Store) relief(ctx context.Context, p Process, c *Catalog, q Query, r *Results) error {
	active := q.Active()
	counts := func(change func(string) Query) (map[string]int, error) {
		out := map[string]int{}
		for _, name := range active {
			n, err := s.found(ctx, p, c, change(name))
			if err != nil {
				return nil, err
			}
			if n > 0 {
				out[name] = n
			}
		}
		return out, nil
	}
	var err error
	if r.Relief, err = counts(q.Without); err != nil || len(r.Relief) > 0 || len(active) < 2 {
		return err
	}
	r.Alone, err = counts(q.Only)
	return err
}

// found is how many candidacies q asks for.
func (s *Store) found(ctx context.Context, p Process, c *Catalog, q Query) (int, error) {
	published, unpublished, err := s.states(ctx, p, c, q)
	switch q.State {
	case StatePublished:
		return published, err
	case StateUnpublished:
		return unpublished, err
	}
	return published + unpublished, err
}
