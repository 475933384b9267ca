package auth

import (
	"context"
	"errors"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/fault"
)

// Rescue is what somebody sent when their session was already over.
type Rescue struct {
	Path string // where it was sent
	Form url.Values
	At   time.Time
}

// rescuable are the pages whose texts are kept: long ones, that take time to
// write. Never identity, consents or other people's data: those live nowhere but
// in their own places.
var rescuable = regexp.MustCompile(`^/(captura/[^/]+/(curricular|correccion|validar)|transparencia/(revision|requerimientos)|registro|administracion)(/|$)`)

// What the script's way of saving a draft becomes when a person sends it again.
const (
	actionField = "accion"
	autosaved   = "borrador"
	byHand      = "volver"
)

const (
	rescueLife = time.Hour
	rescueSeal = "rescate"
)

// keep keeps the form of a request whose session is over, for its account alone.
// A browser whose cookie is of no session known leaves nothing.
func (s *Sessions) keep(r *http.Request) error {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.Method != http.MethodPost || kind != "application/x-www-form-urlencoded" || !rescuable.MatchString(r.URL.Path) {
		return nil
	}
	cookie, err := r.Cookie(s.manager.Cookie.Name)
	if err != nil {
		return nil
	}
	if err := r.ParseForm(); err != nil || len(r.PostForm) == 0 {
		return nil // its own handler would have refused it
	}
	// A session that somebody ended is emptied; one that only expired is not. Who
	// still has the cookie of the first leaves nothing for its owner to send.
	const owner = `SELECT s.account_id FROM desk.sessions s JOIN desk.accounts a ON a.id = s.account_id AND a.active
WHERE token_hash = $1 AND s.data <> ''`
	var account int64
	err = s.store.desk.QueryRow(r.Context(), owner, tokenHash(cookie.Value)).Scan(&account)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return db.Fault(err)
	}
	form := maps.Clone(r.PostForm)
	// A proof is of the moment in which it was given, and never shown back.
	for _, secret := range []string{ProofField, PasswordField, CodeField} {
		form.Del(secret)
	}
	if form.Get(actionField) == autosaved { // the script's way of saving answers no page
		form.Set(actionField, byHand)
	}
	sealed, err := s.store.seal(rescueSeal, account, []byte(form.Encode()))
	if err != nil {
		return err
	}
	return s.store.desk.Upkeep(r.Context(), func(ctx context.Context, tx *db.Tx) error {
		if err := tx.Exec(ctx, `DELETE FROM desk.rescues WHERE expires_at < $1`, tx.Now()); err != nil {
			return err
		}
		const q = `
INSERT INTO desk.rescues (account_id, path, body, at, expires_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account_id, path) DO UPDATE SET body = excluded.body, at = excluded.at, expires_at = excluded.expires_at`
		return tx.Exec(ctx, q, account, r.URL.RequestURI(), sealed, tx.Now(), tx.Now().Add(rescueLife))
	})
}

// rescueRow is a row of desk.rescues.
type rescueRow struct {
	Path string
	Body []byte
	At   time.Time
}

// Rescued returns the last thing that an actor sent when their session was over,
// within the hour; NotFound when there is none.
func (s *Sessions) Rescued(ctx context.Context, a Actor) (Rescue, error) {
	const q = `SELECT path, body, at FROM desk.rescues WHERE account_id = $1 AND expires_at > $2 ORDER BY at DESC, path LIMIT 1`
	row, err := rowOf[rescueRow](ctx, s.store.desk, q, a.AccountID(), s.store.desk.Now())
	if err != nil {
		return Rescue{}, err
	}
	plain, err := s.store.open(rescueSeal, a.AccountID(), row.Body)
	if err != nil {
		return Rescue{}, err
	}
	form, err := url.ParseQuery(string(plain))
	return Rescue{Path: row.Path, Form: form, At: row.At}, err
}

// Forget forgets what an actor sent to a page: they have it again, or do not
// want it. What is not there is NotFound.
func (s *Sessions) Forget(ctx context.Context, a Actor, path string) error {
	return s.store.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.ExecRows(ctx, `DELETE FROM desk.rescues WHERE account_id = $1 AND path = $2`, a.AccountID(), path)
		if err == nil && n == 0 {
			err = fault.New(fault.NotFound, "")
		}
		return err
	})
}
