package site

import (
	"context"
	"fmt"
	"time"

	"conoceles/internal/db"
)

// ChangeKind is what happened to the site of a candidacy.
type ChangeKind string

// The kinds of change.
const (
	ChangePublished ChangeKind = "publica"
	ChangeEdited    ChangeKind = "cambia"
	ChangeWithdrawn ChangeKind = "retira"
	ChangeCatalogue ChangeKind = "catalogo" // of the process itself, and of nobody in particular
)

// Change is something that was published, changed or withdrawn. What people
// publish of their identity is in none.
type Change struct {
	Epoch       int64 // its number, which only grows
	At          time.Time
	Kind        ChangeKind
	CandidacyID int64  // 0 of the catalogue
	Slug        string // its address today, a tombstone's too; "" when it has none
	Name        string // "" when it is no longer public
}

// ChangesQuery says which changes. Its zero value is all of them, oldest first.
type ChangesQuery struct {
	Since  time.Time // at this instant or later; zero is any
	After  int64     // with a greater number
	Newest bool      // newest first
	Limit  int
}

// Changes returns the changes of a process.
func (s *Store) Changes(ctx context.Context, p Process, q ChangesQuery) ([]Change, error) {
	const sql = `
SELECT x.epoch, x.at, x.kind, COALESCE(x.candidacy_id, 0) AS candidacy_id, COALESCE(c.slug, t.slug, '') AS slug, COALESCE(c.name, '') AS name
FROM site.changes x LEFT JOIN site.candidacies c ON c.id = x.candidacy_id
LEFT JOIN LATERAL (SELECT g.slug FROM site.tombstones g WHERE g.candidacy_id = x.candidacy_id ORDER BY g.slug LIMIT 1) t ON true
WHERE x.process_id = $1 AND x.at >= $2 AND x.epoch > $3
ORDER BY CASE WHEN $4 THEN -x.epoch ELSE x.epoch END LIMIT $5`
	out, err := list[Change](ctx, s.q, sql, p.ID, q.Since, q.After, q.Newest, q.Limit)
	if err != nil {
		return nil, db.Fault(fmt.Errorf("read the changes of process %s: %w", p.Key, err))
	}
	return out, nil
}
