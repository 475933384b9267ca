package site

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/fault"
)

// Version is something that happened to the page of a candidacy: published,
// changed or withdrawn, with what may be read of it today.
type Version struct {
	Place   int // in the history, from 1
	Kind    ChangeKind
	Number  int // of the questionnaire; 0: not public then
	At      time.Time
	Opening Opening
	Index   int64 // of its leaf; -1 until it has one, which takes seconds
}

// Answers returns the answers that can be read, and which parts cannot.
func (v Version) Answers() (Answers, []string, error) {
	out := Answers{}
	var hidden []string
	for _, part := range v.Opening.Parts {
		switch {
		case part.Part == SheetPart:
		case part.Hidden != nil:
			hidden = append(hidden, part.Part)
		default:
			var some Answers
			if err := json.Unmarshal([]byte(part.Content), &some); err != nil {
				return nil, nil, fmt.Errorf("read part %s of a version: %w", part.Part, err)
			}
			for id, a := range some {
				out[id] = a
			}
		}
	}
	return out, hidden, nil
}

type versionRow struct {
	Place   int
	Kind    ChangeKind
	Number  int
	At      time.Time
	Opening string
	Index   int64
}

// Versions returns the public history of whoever has that slug today, oldest
// first. A slug that is nobody's is NotFound.
func (s *Store) Versions(ctx context.Context, p Process, slug string) ([]Version, error) {
	slug, ok := clean(slug)
	if !ok || slug == "" {
		return nil, fault.New(fault.NotFound, "")
	}
	const sql = `
SELECT v.place, v.kind, v.number, v.at, v.opening, COALESCE(l.index, -1) AS index
FROM site.candidacies c JOIN site.versions v ON v.candidacy_id = c.id LEFT JOIN site.log_leaves l ON l.leaf = v.commitment
WHERE c.process_id = $1 AND c.slug = $2 ORDER BY v.place`
	rows, err := list[versionRow](ctx, s.q, sql, p.ID, slug)
	if err != nil {
		return nil, db.Fault(fmt.Errorf("read the history of a candidacy: %w", err))
	}
	if len(rows) == 0 {
		return nil, fault.New(fault.NotFound, "")
	}
	out := make([]Version, len(rows))
	for i, r := range rows {
		out[i] = Version{Place: r.Place, Kind: r.Kind, Number: r.Number, At: r.At, Index: r.Index}
		if err := json.Unmarshal([]byte(r.Opening), &out[i].Opening); err != nil {
			return nil, fmt.Errorf("read version %d of a candidacy: %w", r.Place, err)
		}
	}
	return out, nil
}
