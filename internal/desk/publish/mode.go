package publish

import (
	"context"

	"conoceles/internal/db"
)

// SetIdentityHidden throws the kill switch of the identity layer, or lifts it.
// While it is thrown no page, file or count shows an identity answer, from the
// next request on and on every node: the site reads the switch with the answers
// (security.md 0.2). Nothing is deleted: lifting it shows what consents in force
// then publish.
func SetIdentityHidden(ctx context.Context, tx *db.Tx, hidden bool) error {
	return tx.Exec(ctx, `UPDATE site.mode SET identity_hidden = $1`, hidden)
}

// Operation is how much of the system works.
type Operation string

// The ways of working, as site.mode keeps them.
const (
	Normal      Operation = "normal"
	ReadOnly    Operation = "solo_lectura"
	Maintenance Operation = "mantenimiento"
)

// SetOperation changes how much works, on every node: each looks at it once a
// second.
func SetOperation(ctx context.Context, tx *db.Tx, o Operation) error {
	return tx.Exec(ctx, `UPDATE site.mode SET operation = $1`, o)
}
