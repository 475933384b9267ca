package duty

import (
	"context"

	"conoceles/internal/db"
)

// Breaches returns what is owed of a process now, as the vista would say it: the
// reports ask here, so that both have one answer.
func (s *Store) Breaches(ctx context.Context, q db.Querier, process int64) (Breaches, error) {
	return s.breaches(ctx, q, process, s.desk.Now())
}
