package site_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/internal/site/sitetest"
)

// explain is a reader that also keeps the plan of each query.
type explain struct {
	t     *testing.T
	conn  *pgx.Conn
	plans []string
}

func (e *explain) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	rows, err := e.conn.Query(ctx, "EXPLAIN "+sql, args...)
	if err != nil {
		e.t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		e.t.Fatal(err)
	}
	e.plans = append(e.plans, strings.Join(lines, "\n"))
	return e.conn.Query(ctx, sql, args...)
}

func (e *explain) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return e.conn.QueryRow(ctx, sql, args...)
}

// errStop ends a reading after its first record.
var errStop = errors.New("enough")

// TestTheHotQueriesWalkNoWholeTable looks at plans over 20,000 candidacies, not
// at times.
func TestTheHotQueriesWalkNoWholeTable(t *testing.T) {
	w := sitetest.New(t)
	w.Exec(`
INSERT INTO site.candidacies (id, process_id, slug, folio, name, sort_name, search_text, nickname, sex, office_id, state_id, district_label,
  position, role, nominator_id, affirmative_actions, elected, ballot_rank, state, degree, photo_small, photo_medium, photo_large)
SELECT 10000 + g, 1, 'persona-' || g, '', 'Persona', 'Persona', md5(g::text) || ' ' || md5((g * 7)::text), '', 'mujer', 6, 1, '', 1,
  'propietaria', 1, '{}', false, 10000 + g, 'no_capturada', '', '', '', '' FROM generate_series(1, 20000) g`)
	w.Exec(`INSERT INTO site.profiles (candidacy_id, answers, number, published_on, first_published_on, source) SELECT id, '{}', 1, now(), now(), '' FROM site.candidacies WHERE id > 10000`)
	w.Exec(`VACUUM (ANALYZE) site.candidacies, site.profiles`) // also empties the index's list of pending entries
	conn, err := pgx.Connect(t.Context(), w.PG.SiteURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	e := &explain{t: t, conn: conn}
	s := site.New(e, questionnaire.Edition).WithIdentity(e)
	p := w.Process(s, sitetest.Open)
	c, err := s.Catalog(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}

	tests := []struct {
		name, index string
		run         func() error
	}{
		{"a rare name asks the trigrams", "candidacies_search", func() error {
			_, err := s.Search(t.Context(), p, c, site.Query{Text: "citlali montes"})
			return err
		}},
		{"the first page follows the ballot", "candidacies_ballot", func() error {
			_, err := s.Search(t.Context(), p, c, site.Query{})
			return err
		}},
		{"a profile is found by its address", "candidacies_slug_unique", func() error {
			_, err := s.Lookup(t.Context(), p, "citlali-prueba-montes")
			return err
		}},
		{"and so is its identity", "candidacies_slug_unique", func() error {
			_, err := s.Identity(t.Context(), p, c, "citlali-prueba-montes")
			return err
		}},
		{"the identity file follows the ballot", "candidacies_ballot", func() error {
			return s.EachIdentity(t.Context(), p, c, func(site.Card, questionnaire.Answers) error { return errStop })
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e.plans = nil
			if err := tt.run(); err != nil && !errors.Is(err, errStop) {
				t.Fatal(err)
			}
			plan := e.plans[0]
			if !strings.Contains(plan, tt.index) || strings.Contains(plan, "Seq Scan on candidacies") {
				t.Errorf("the plan does not use %s:\n%s", tt.index, plan)
			}
		})
	}
}
