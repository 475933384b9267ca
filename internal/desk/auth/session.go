package auth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/fault"
)

// How long a session lasts without a request, and at most.
const (
	IdleLimit     = 30 * time.Minute
	staffIdle     = 15 * time.Minute
	absoluteLimit = 8 * time.Hour
)

// What a session holds.
const (
	accountKey = "cuenta"
	idleKey    = "inactividad" // seconds that it lasts without a request
	pendingKey = "pendiente"   // account that proved its password and not its second factor
	sinceKey   = "desde"       // when it did
	seedKey    = "semilla"     // sealed, of a second factor being enrolled
	provenKey  = "probado"     // when the person last proved who they are
	flashKey   = "aviso"
	passkeyKey = "llave" // what was asked of a device
)

// IdleOf returns how long the session of an actor lasts without a request: half
// as long for who works at the institute.
func IdleOf(a Actor) time.Duration {
	if OfInstitute(a.Role()) {
		return staffIdle
	}
	return IdleLimit
}

// Sessions opens, closes and reads the sessions of people.
type Sessions struct {
	manager *scs.SessionManager
	store   *Store
	gate    Gate
}

// Gate says why somebody who entered may not pass yet, nil if they may: an
// interface that the institute has not released.
type Gate func(*http.Request, Actor) error

// Guard puts a gate before every handler of an actor. It is for the start of the
// program, before anybody asks.
func (s *Sessions) Guard(g Gate) { s.gate = g }

// NewSessions returns the sessions kept in desk. With secure, cookies are sent
// over TLS only and belong to this very host.
func NewSessions(desk *db.Desk, store *Store, secure bool) *Sessions {
	m := scs.New()
	m.Store = sessionTable{desk: desk, codec: m.Codec}
	m.Lifetime = absoluteLimit
	m.IdleTimeout = IdleLimit
	m.HashTokenInStore = true
	m.Cookie = scs.SessionCookie{
		Name: "conoceles", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure, Persist: false,
	}
	if secure {
		m.Cookie.Name = "__Host-conoceles"
	}
	return &Sessions{manager: m, store: store}
}

// OnError says who answers a request whose session could not be read or saved,
// and returns the sessions. Until then it is a bare line in English.
func (s *Sessions) OnError(answer func(http.ResponseWriter, *http.Request, error)) *Sessions {
	s.manager.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		answer(w, r, err)
		if first, ok := w.(*single); ok {
			first.over = true
		}
	}
	return s
}

// Middleware loads and saves the session of each request of the desk.
func (s *Sessions) Middleware(next http.Handler) http.Handler {
	load := s.manager.LoadAndSave(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k := &sessionCookie{ResponseWriter: w, name: s.manager.Cookie.Name + "="}
		ctx := context.WithValue(r.Context(), browserKey{}, browserOf(r.UserAgent()))
		load.ServeHTTP(&single{ResponseWriter: k}, r.WithContext(context.WithValue(ctx, cookieKey{}, k)))
		k.tighten() // an answer without a word is written after this
	})
}

// single lets the first answer through and no other: when a session cannot be
// saved, scs answers that it failed and then lets the handler's answer follow.
type single struct {
	http.ResponseWriter
	begun, over bool
}

// WriteHeader begins the answer, once.
func (w *single) WriteHeader(status int) {
	if w.begun {
		w.over = true
		return
	}
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

// Write writes what is of the first answer.
func (w *single) Write(b []byte) (int, error) {
	if w.over {
		return len(b), nil
	}
	w.begun = true
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach what is inside.
func (w *single) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// pendingLife is how long a proved password waits for the second factor.
const pendingLife = 10 * time.Minute

// Begin keeps, under a new token, that an account proved its password; the second
// factor is missing and nothing is open.
func (s *Sessions) Begin(ctx context.Context, account int64) error {
	if err := s.manager.RenewToken(ctx); err != nil {
		return err
	}
	s.manager.Remove(ctx, accountKey)
	s.manager.Put(ctx, pendingKey, account)
	s.manager.Put(ctx, sinceKey, time.Now().Unix())
	return nil
}

// Pending returns the account that Begin kept, 0 when there is none or it has
// waited too long.
func (s *Sessions) Pending(ctx context.Context) int64 {
	if time.Since(time.Unix(s.manager.GetInt64(ctx, sinceKey), 0)) > pendingLife {
		return 0
	}
	return s.manager.GetInt64(ctx, pendingKey)
}

// Open starts a session for an account, under a new token. The oldest ones of the
// account end where its process allows no more.
func (s *Sessions) Open(ctx context.Context, account int64) error {
	a, err := s.store.Actor(ctx, account)
	if err != nil {
		return err
	}
	if err := s.manager.RenewToken(ctx); err != nil {
		return err
	}
	mark(ctx, a)
	for _, key := range []string{pendingKey, sinceKey, seedKey} {
		s.manager.Remove(ctx, key)
	}
	s.manager.Put(ctx, accountKey, account)
	s.manager.Put(ctx, idleKey, int64(IdleOf(a)/time.Second))
	s.manager.Put(ctx, provenKey, s.store.desk.Now().Unix())
	return s.store.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		const last = `UPDATE desk.accounts SET last_login_at = $2 WHERE id = $1`
		if err := tx.Exec(ctx, last, account, tx.Now()); err != nil {
			return err
		}
		const surplus = endSQL + `
WHERE token_hash IN (SELECT token_hash FROM desk.sessions WHERE account_id = $1 AND data <> '' AND expires_at > $3
  ORDER BY seen_at DESC, id DESC OFFSET (SELECT max_sessions - 1 FROM desk.processes WHERE id = $2))`
		return tx.Exec(ctx, surplus, account, a.Person().Process, time.Now())
	})
}

// KeepCeremony keeps what was asked of a device until it answers.
func (s *Sessions) KeepCeremony(ctx context.Context, c Ceremony) {
	s.manager.Put(ctx, passkeyKey, c.Kept)
}

// TakeCeremony returns what was asked of a device, once.
func (s *Sessions) TakeCeremony(ctx context.Context) []byte {
	return s.manager.PopBytes(ctx, passkeyKey)
}

// Renew gives the session of the request another token.
func (s *Sessions) Renew(ctx context.Context) error { return s.manager.RenewToken(ctx) }

// Close ends the session of the request.
func (s *Sessions) Close(ctx context.Context) error { return s.manager.Destroy(ctx) }

// Flash keeps a message for the next page this person sees.
func (s *Sessions) Flash(ctx context.Context, message string) { s.manager.Put(ctx, flashKey, message) }

// TakeFlash returns the message kept for this page, once.
func (s *Sessions) TakeFlash(ctx context.Context) string { return s.manager.PopString(ctx, flashKey) }

// Deadline returns when the session ends by itself if nothing more is asked.
func (s *Sessions) Deadline(ctx context.Context, now time.Time) time.Time {
	absolute := s.manager.Deadline(ctx)
	if idle := now.Add(time.Duration(s.manager.GetInt64(ctx, idleKey)) * time.Second); idle.Before(absolute) {
		return idle
	}
	return absolute
}

// Actor returns who makes the request, or a nil Actor when nobody has entered.
func (s *Sessions) Actor(ctx context.Context) (Actor, error) {
	account := s.manager.GetInt64(ctx, accountKey)
	if account == 0 {
		return nil, nil
	}
	a, err := s.store.Actor(ctx, account)
	if fault.Is(err, fault.NotFound) { // suspended, or left without a role
		return nil, s.manager.Destroy(ctx)
	}
	if err == nil {
		mark(ctx, a)
	}
	return a, err
}

// Handler is a handler whose errors somebody else turns into pages.
type Handler = func(http.ResponseWriter, *http.Request) error

// As returns a handler for actors of type A: one of the eight types or an
// interface that some of them satisfy. Somebody who has not entered is sent to
// do so and comes back; somebody else is told whom to ask. The second result
// names the roles, for the route table.
func As[A Actor](s *Sessions, h func(http.ResponseWriter, *http.Request, A) error) (Handler, []string) {
	return func(w http.ResponseWriter, r *http.Request) error {
		actor, err := s.Actor(r.Context())
		if err != nil {
			return err
		}
		if actor == nil {
			if err := s.keep(r); err != nil {
				return err
			}
			http.Redirect(w, r, "/entrar?regreso="+url.QueryEscape(comeBack(r)), http.StatusSeeOther)
			return nil
		}
		a, ok := actor.(A)
		if !ok {
			return fault.New(fault.Forbidden, "Tu cuenta no tiene esta función. Si la necesitas, pídela al área de informática del Instituto.")
		}
		if s.gate != nil {
			if err := s.gate(r, actor); err != nil {
				return err
			}
		}
		return h(w, r, a)
	}, rolesOf[A]()
}

// comeBack is where somebody returns after entering: the page itself, or the
// page that held the form.
func comeBack(r *http.Request) string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return r.URL.RequestURI()
	}
	return r.URL.Path
}

// SafeReturn returns target when it is a path of this site, and fallback otherwise.
func SafeReturn(target, fallback string) string {
	u, err := url.Parse(target)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(target, "/") ||
		strings.HasPrefix(target, "//") || strings.ContainsAny(target, "\\\r\n\t") {
		return fallback
	}
	return target
}

// sessionTable is scs's store over desk.sessions. The published store for pgx
// ignores the request's context, and cannot list a person's sessions. Expiry is
// by the real clock, because scs sets it so: sessions are of browsers, not of the
// process's calendar.
//
// A session that ended keeps its row for a while, without data: a request that was
// under way when it ended commits it once more, and must find that it is over.
//
// When a session expires was reckoned with the clock of this machine, so the same
// clock says whether it did: that of the database may be another.
type sessionTable struct {
	desk  *db.Desk
	codec scs.Codec
}

// endSQL ends the sessions of a condition; no request lasts ten minutes.
const endSQL = `UPDATE desk.sessions SET data = '', expires_at = greatest(expires_at, now() + interval '10 minutes')`

var _ scs.CtxStore = sessionTable{}

// FindCtx returns the data of a session that has neither expired nor ended.
func (t sessionTable) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data []byte
	const q = `SELECT data FROM desk.sessions WHERE token_hash = $1 AND expires_at > $2 AND data <> ''`
	err := t.desk.QueryRow(ctx, q, token, time.Now()).Scan(&data)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, db.Fault(err)
}

// CommitCtx saves a session, unless it ended meanwhile, and sweeps those that expired.
func (t sessionTable) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, values, err := t.codec.Decode(data)
	if err != nil {
		return err
	}
	account, _ := values[accountKey].(int64)
	if idle, ok := values[idleKey].(int64); ok {
		if limit := time.Now().Add(time.Duration(idle) * time.Second); limit.Before(expiry) {
			expiry = limit
		}
	}
	browser, _ := ctx.Value(browserKey{}).(string)
	return t.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		// An expired session says for a while whose it was: what it sends is theirs.
		if err := tx.Exec(ctx, `DELETE FROM desk.sessions WHERE expires_at < $1`, time.Now().Add(-time.Hour)); err != nil {
			return err
		}
		const q = `
INSERT INTO desk.sessions (token_hash, account_id, data, expires_at, device, opened_at, seen_at) VALUES ($1, NULLIF($2, 0), $3, $4, $5, $6, $6)
ON CONFLICT (token_hash) DO UPDATE
SET account_id = excluded.account_id, data = excluded.data, expires_at = excluded.expires_at, seen_at = excluded.seen_at
WHERE sessions.data <> ''`
		return tx.Exec(ctx, q, token, account, data, expiry, browser, tx.Now())
	})
}

// DeleteCtx ends a session.
func (t sessionTable) DeleteCtx(ctx context.Context, token string) error {
	return t.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.Exec(ctx, endSQL+` WHERE token_hash = $1`, token)
	})
}

// Find, Commit and Delete satisfy scs.Store, which scs asks for and, with a
// CtxStore, does not call.
func (t sessionTable) Find(token string) ([]byte, bool, error) {
	return t.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a request.
func (t sessionTable) Commit(token string, data []byte, expiry time.Time) error {
	return t.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a request.
func (t sessionTable) Delete(token string) error { return t.DeleteCtx(context.Background(), token) }
