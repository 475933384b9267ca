package site

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
)

// batch is how many records Each holds in memory at a time.
const batch = 200

// Each calls fn with every candidacy that q asks for, in ballot order, with its
// answers and without its partner. It stops at fn's first error and returns it.
//
// It reads in batches and holds no connection while fn works, so a slow reader
// keeps nothing from others. A publication meanwhile shows in what is still to
// come.
func (s *Store) Each(ctx context.Context, p Process, c *Catalog, q Query, fn func(Profile) error) error {
	type row struct {
		profileRow
		BallotRank int64
	}
	rank, id := int64(-1), int64(0)
	for {
		w := conditions(p, c, q)
		w.add("(c.ballot_rank, c.id) > (?, ?)", rank, id)
		sql := `SELECT ` + cardColumns + `, ` + noExcerpt + `, c.consecutive, p.answers, COALESCE(p.number, 0) AS number,
  p.published_on, COALESCE(p.source, '') AS source, c.ballot_rank
FROM site.candidacies c LEFT JOIN site.profiles p ON p.candidacy_id = c.id
WHERE ` + w.String() + fmt.Sprintf(` ORDER BY c.ballot_rank, c.id LIMIT %d`, batch)
		some, err := list[row](ctx, s.q, sql, w.args...)
		if err != nil {
			return db.Fault(fmt.Errorf("read the candidacies of process %s: %w", p.Key, err))
		}
		for _, r := range some {
			if err := fn(r.profile()); err != nil {
				return err
			}
			rank, id = r.BallotRank, r.ID
		}
		if len(some) < batch {
			return nil
		}
	}
}

// Slugs returns the slug of every candidacy of a process, in ballot order, for
// the map of the site.
func (s *Store) Slugs(ctx context.Context, p Process) ([]string, error) {
	type row struct{ Slug string }
	const sql = `SELECT slug FROM site.candidacies WHERE process_id = $1 ORDER BY ballot_rank, id LIMIT 49000`
	rows, err := list[row](ctx, s.q, sql, p.ID)
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.Slug
	}
	return out, db.Fault(err)
}

// PrecinctNumbers returns every sección of a process, in order.
func (s *Store) PrecinctNumbers(ctx context.Context, p Process) ([]int, error) {
	rows, err := s.q.Query(ctx, `SELECT number FROM site.precincts WHERE process_id = $1 ORDER BY number`, p.ID)
	if err != nil {
		return nil, db.Fault(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[int])
	return out, db.Fault(err)
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return db.Fault(s.q.QueryRow(ctx, `SELECT 1`).Scan(&one))
}
