package registry

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// Purpose says what an uploaded file waits for.
type Purpose string

// The purposes.
const (
	ForList     Purpose = "lista"
	ForDocument Purpose = "documento"
)

// uploadLife is how long a file waits between two steps of a form.
const uploadLife = 2 * time.Hour

// Hold keeps a file between two steps of a form, since a browser cannot send it
// again by itself, and returns the token that the form carries.
func (r *Registry) Hold(ctx context.Context, p auth.Proposer, why Purpose, name string, data []byte) (string, error) {
	token := rand.Text()
	sum := sha256.Sum256(data)
	err := r.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.Exec(ctx, `DELETE FROM desk.uploads WHERE expires_at < $1`, tx.Now()); err != nil {
			return err
		}
		const sql = `
INSERT INTO desk.uploads (token, account_id, purpose, file_name, bytes, hash, at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
		return tx.Exec(ctx, sql, token, p.AccountID(), string(why), name, data, hex.EncodeToString(sum[:]), tx.Now(), tx.Now().Add(uploadLife))
	})
	return token, err
}

// Held returns a file that the same account left for that purpose. One that
// expired, or is somebody else's, is Invalid: it has to be chosen again.
func (r *Registry) Held(ctx context.Context, p auth.Proposer, why Purpose, token string) (name string, data []byte, err error) {
	const sql = `SELECT file_name, bytes FROM desk.uploads WHERE token = $1 AND account_id = $2 AND purpose = $3 AND expires_at > $4`
	err = r.desk.QueryRow(ctx, sql, token, p.AccountID(), string(why), r.desk.Now()).Scan(&name, &data)
	if err = db.Fault(err); fault.Is(err, fault.NotFound) {
		err = fault.InvalidField("archivo", "El archivo ya no está: elígelo otra vez")
	}
	return name, data, err
}

// Release forgets a file that was used.
func (r *Registry) Release(ctx context.Context, p auth.Proposer, token string) error {
	return r.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.Exec(ctx, `DELETE FROM desk.uploads WHERE token = $1 AND account_id = $2`, token, p.AccountID())
	})
}
