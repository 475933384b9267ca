package auth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/fault"
)

// browserKey is where the middleware leaves the browser's name for the table.
type browserKey struct{}

// OpenSession is a session of a person, as they recognise it.
type OpenSession struct {
	ID      int64
	Device  string // «Firefox en Android»
	Opened  time.Time
	Seen    time.Time
	Current bool // the one that asks
}

// sessionRow is a row of desk.sessions.
type sessionRow struct {
	ID     int64
	Token  string
	Device string
	Opened time.Time
	Seen   time.Time
}

// List returns the open sessions of an actor, the one that asks first and then
// the most recent.
func (s *Sessions) List(ctx context.Context, a Actor) ([]OpenSession, error) {
	const q = `
SELECT id, token_hash AS token, device, opened_at AS opened, seen_at AS seen FROM desk.sessions
WHERE account_id = $1 AND data <> '' AND expires_at > $3 ORDER BY token_hash = $2 DESC, seen_at DESC, id DESC`
	mine := s.mine(ctx)
	rows, err := s.store.desk.Query(ctx, q, a.AccountID(), mine, time.Now())
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[sessionRow])
	out := make([]OpenSession, len(found))
	for i, r := range found {
		out[i] = OpenSession{ID: r.ID, Device: r.Device, Opened: r.Opened, Seen: r.Seen, Current: r.Token == mine}
	}
	return out, db.Fault(err)
}

// End ends one of the actor's own sessions. One of somebody else, or already over,
// is NotFound.
func (s *Sessions) End(ctx context.Context, a Actor, key string, id int64) error {
	return s.end(ctx, a, key, endSQL+` WHERE id = $2 AND account_id = $1 AND data <> ''`, id)
}

// EndOthers ends every session of the actor but the one that asks.
func (s *Sessions) EndOthers(ctx context.Context, a Actor, key string) error {
	err := s.end(ctx, a, key, endSQL+` WHERE token_hash <> $2 AND account_id = $1 AND data <> ''`, s.mine(ctx))
	if fault.Is(err, fault.NotFound) { // there were none
		return nil
	}
	return err
}

func (s *Sessions) end(ctx context.Context, a Actor, key, sql string, which any) error {
	action := db.Action{Kind: "sesion.cerrar", Process: a.Person().Process, Object: string(owner(a.AccountID())), Key: key}
	_, err := s.store.desk.Do(ctx, a, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		n, err := tx.ExecRows(ctx, sql, a.AccountID(), which)
		if err == nil && n == 0 {
			err = fault.New(fault.NotFound, "")
		}
		return "", err
	})
	return err
}

// mine is the session that asks, as the table names it: scs keeps the hash of the
// token so.
func (s *Sessions) mine(ctx context.Context) string { return tokenHash(s.manager.Token(ctx)) }

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// browserOf says a browser and its system in the few words by which its owner
// knows it. What it does not know it calls a browser.
func browserOf(agent string) string {
	find := func(otherwise string, pairs ...string) string {
		for i := 0; i < len(pairs); i += 2 {
			if strings.Contains(agent, pairs[i]) {
				return pairs[i+1]
			}
		}
		return otherwise
	}
	browser := find("Un navegador", "Edg", "Edge", "OPR", "Opera", "SamsungBrowser", "Samsung Internet", "Firefox", "Firefox", "Chrome", "Chrome", "Safari", "Safari")
	system := find("", "Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "Macintosh", "Mac", "CrOS", "ChromeOS", "Linux", "Linux")
	if system == "" {
		return browser
	}
	return browser + " en " + system
}

// deviceCookie is the name of the cookie by which a browser is known.
func (s *Sessions) deviceCookie() string { return s.manager.Cookie.Name + "-equipo" }

// Visitor returns where a request to enter comes from. address is that of the
// network, which only the front knows whom to believe about.
func (s *Sessions) Visitor(r *http.Request, address string) Visitor {
	v := Visitor{Address: address}
	if c, err := r.Cookie(s.deviceCookie()); err == nil {
		v.Device = c.Value
	}
	return v
}

// Remember leaves in the browser the proof that its person entered from it.
func (s *Sessions) Remember(w http.ResponseWriter, email string) {
	http.SetCookie(w, &http.Cookie{
		Name: s.deviceCookie(), Value: s.store.DeviceCookie(normal(email)), Path: "/", MaxAge: int(DeviceLife / time.Second),
		HttpOnly: true, Secure: s.manager.Cookie.Secure, SameSite: http.SameSiteLaxMode,
	})
}

// Browser returns the browser of a request in words.
func Browser(r *http.Request) string { return browserOf(r.UserAgent()) }

// Factor returns where the actor is with their second factor.
func (s *Sessions) Factor(ctx context.Context, a Actor) (Factor, error) {
	return s.store.Factor(ctx, a.AccountID())
}
