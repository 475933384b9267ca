package review

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
)

// Beside is what goes before and after a candidacy in the queue.
type Beside struct {
	Previous, Next *Neighbour // nil at the ends
}

// Neighbour is a candidacy of the queue.
type Neighbour struct{ Folio, Name string }

// Beside returns the neighbours of a folio in the queue that a filter chooses.
// For one that is no longer in it, Next is the first: what to go on with.
func (s *Store) Beside(ctx context.Context, t auth.Transparency, f Filter, folio string) (Beside, error) {
	const sql = stagesSQL + `, w AS (
  SELECT id, row_number() OVER o AS place, lag(id) OVER o AS before, lead(id) OVER o AS after FROM chosen
  WINDOW o AS (ORDER BY ` + inOrder + `)
), here AS (
  SELECT before, after FROM w WHERE id = (SELECT id FROM desk.candidacies WHERE process_id = $1 AND folio = $11)
  UNION ALL SELECT NULL, id FROM w WHERE place = 1
  LIMIT 1
)
SELECT b.folio, concat_ws(' ', bp.given_names, NULLIF(bp.surnames, '')), a.folio, concat_ws(' ', ap.given_names, NULLIF(ap.surnames, ''))
FROM here
LEFT JOIN desk.candidacies b ON b.id = here.before LEFT JOIN desk.persons bp ON bp.id = b.person_id
LEFT JOIN desk.candidacies a ON a.id = here.after LEFT JOIN desk.persons ap ON ap.id = a.person_id`
	var out Beside
	var before, after *string
	var beforeName, afterName string
	err := s.desk.QueryRow(ctx, sql, append(f.args(t, s.desk.Now()), folio)...).Scan(&before, &beforeName, &after, &afterName)
	if errors.Is(err, pgx.ErrNoRows) {
		return out, nil
	}
	if before != nil {
		out.Previous = &Neighbour{*before, beforeName}
	}
	if after != nil {
		out.Next = &Neighbour{*after, afterName}
	}
	return out, db.Fault(err)
}
