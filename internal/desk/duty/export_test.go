package duty

import (
	"context"

	"conoceles/internal/db"
)

// Owed shows what is owed to tests, which compare it with what capture says.
func (s *Store) Owed(ctx context.Context, tx *db.Tx, process int64) ([]Owed, error) {
	return s.owed(ctx, tx, process, nil)
}
