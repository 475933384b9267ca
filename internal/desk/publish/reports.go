package publish

import (
	"context"

	"conoceles/internal/db"
)

// reportsSQL are the cuts of reports that two persons released, for an open
// process. They do not change: each is there or it is not.
const reportsSQL = `
SELECT x.id, x.process_id, x.kind, x.version, x.label, x.at, x.acuerdo, x.acuerdo_on, (x.released_at AT TIME ZONE 'America/Mexico_City')::date AS released_on,
  x.public_snapshot AS snapshot, x.public_hash AS hash, x.document, x.document_hash
FROM desk.report_cuts x JOIN desk.processes p ON p.id = x.process_id WHERE x.process_id = $1 AND x.released_at IS NOT NULL AND p.published_at IS NOT NULL`

const siteReportsSQL = `
SELECT id, process_id, kind, version, label, at, acuerdo, acuerdo_on, released_on, snapshot, hash, document, document_hash FROM site.report_cuts WHERE process_id = $1`

// Reports brings the public cuts of a process up to date, inside the caller's
// transaction.
func (p Publisher) Reports(ctx context.Context, tx *db.Tx, process int64) error {
	if err := tx.Lock(ctx, "publish"); err != nil {
		return err
	}
	if err := copyReports(ctx, tx, process); err != nil {
		return err
	}
	return record(ctx, tx, process, []change{{kind: catalogueChanged}})
}

func copyReports(ctx context.Context, tx *db.Tx, process int64) error {
	if err := tx.Exec(ctx, `DELETE FROM site.report_cuts WHERE process_id = $1`, process); err != nil {
		return err
	}
	const sql = `
INSERT INTO site.report_cuts (id, process_id, kind, version, label, at, acuerdo, acuerdo_on, released_on, snapshot, hash, document, document_hash) ` + reportsSQL
	return tx.Exec(ctx, sql, process)
}
