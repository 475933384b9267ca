package report

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/figures"
	"conoceles/web/es"
)

// Cut is a report that was computed and kept.
type Cut struct {
	ID             int64
	Kind           Kind
	Version        int
	Label          string
	Counted        int // version of the definitions with which it was counted
	At             time.Time
	Hash           string
	PublicHash     string // "" when nothing of it may be public
	CreatedByName  string
	ApprovedByName string
	ApprovedAt     *time.Time
	Acuerdo        string
	AcuerdoOn      *time.Time
	ApprovedHash   string
	DocumentHash   string
	ProposedBy     int64
	ProposedByName string
	ProposedAt     *time.Time
	ReleasedByName string
	ReleasedAt     *time.Time
	FromOn         *time.Time // of a report of some days; nil in the others
	UntilOn        *time.Time
}

// Draft reports whether nobody approved it: whatever shows it says «PRELIMINAR».
func (c Cut) Draft() bool { return c.ApprovedAt == nil }

// Name returns how the cut is called among those of its kind.
func (c Cut) Name() string {
	if c.Label != "" {
		return c.Label + ", versión " + es.Int(c.Version)
	}
	return "versión " + es.Int(c.Version)
}

// cutRow is a Cut with what was kept of it.
type cutRow struct {
	Cut
	snapshot, publicSnapshot string
	internal, public         figures.Report // of a released one
}

const cutSQL = `
SELECT c.id, c.kind, c.version, c.label, c.definition AS counted, c.at, c.hash, c.public_hash, a.name AS created_by_name, COALESCE(b.name, '') AS approved_by_name, c.approved_at,
  c.acuerdo, c.acuerdo_on, c.approved_hash, c.document_hash, COALESCE(c.proposed_by, 0) AS proposed_by, COALESCE(p.name, '') AS proposed_by_name, c.proposed_at,
  COALESCE(r.name, '') AS released_by_name, c.released_at, j.from_on, j.until_on
FROM desk.report_cuts c JOIN desk.report_jobs j ON j.id = c.job_id JOIN desk.accounts a ON a.id = c.created_by LEFT JOIN desk.accounts b ON b.id = c.approved_by
LEFT JOIN desk.accounts p ON p.id = c.proposed_by LEFT JOIN desk.accounts r ON r.id = c.released_by
WHERE c.process_id = $1 `

func cuts(ctx context.Context, q db.Querier, sql string, args ...any) ([]Cut, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, db.Fault(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Cut])
	return out, db.Fault(err)
}

// kept reads the cuts of a kind with what was kept of them, the first first.
func (s *Store) kept(ctx context.Context, q db.Querier, process int64, kind Kind) ([]cutRow, error) {
	found, err := cuts(ctx, q, cutSQL+`AND c.kind = $2 ORDER BY c.version`, process, string(kind))
	if err != nil {
		return nil, err
	}
	out := make([]cutRow, len(found))
	for i, c := range found {
		out[i].Cut = c
		if out[i].snapshot, out[i].publicSnapshot, err = content(ctx, q, c.ID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// content reads what was kept of a cut.
func content(ctx context.Context, q db.Querier, id int64) (snapshot, public string, err error) {
	err = q.QueryRow(ctx, `SELECT snapshot, public_snapshot FROM desk.report_cuts WHERE id = $1`, id).Scan(&snapshot, &public)
	return snapshot, public, db.Fault(err)
}
