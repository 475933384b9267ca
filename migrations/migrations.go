// Package migrations embeds the numbered pairs that build the database, schema
// by schema: desk (what people typed), sensitive (identity and consents), site
// (what the public may read) and audit (the bitácora).
//
// Roles are not made here: they belong to the cluster, see db.Bootstrap.
package migrations

import "embed"

// FS holds the migration pairs, NNNNNN_name.up.sql and NNNNNN_name.down.sql.
//
//go:embed *.sql
var FS embed.FS
