package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/fault"
)

// Visitor is where an attempt to enter comes from.
type Visitor struct {
	Address string // of the network; "" when it is not known
	Device  string // what DeviceCookie gave this browser when somebody entered from it
}

// A bucket counts failures of something for a while. Past the free ones each
// makes the next attempt wait twice as long, up to longest. Nothing is ever
// locked: who waits gets a turn, and a stranger's failures do not count against a
// browser from which the person entered before.
type bucket struct {
	key     []byte
	free    int
	window  time.Duration
	longest time.Duration
}

// hardStop is how many failures in a row close an account to browsers that never
// entered it. Recovering the access by e-mail opens it again (NIST SP 800-63B).
const hardStop = 100

// kept is how long failures are kept.
const kept = 24 * time.Hour

func (s *Store) bucket(kind, what string, free int, window, longest time.Duration) bucket {
	return bucket{s.desk.MAC([]byte("cuenta\x00" + kind + "\x00" + what)), free, window, longest}
}

// buckets returns where the failures of an attempt count, and whether it comes
// from a browser of that person.
func (s *Store) buckets(email string, v Visitor) (all []bucket, known bool) {
	if id, ok := s.device(email, v.Device); ok {
		return []bucket{s.bucket("equipo", id, freeFailures, kept, longestWait)}, true
	}
	all = []bucket{
		s.bucket("correo", email, freeFailures, kept, longestWait),
		s.bucket("todos", "", 1000, longestWait, time.Minute),
	}
	if v.Address != "" {
		all = append(all, s.bucket("direccion", v.Address, 20, longestWait, longestWait))
	}
	return all, false
}

// Failures before waiting begins, and the longest wait.
const (
	freeFailures = 5
	longestWait  = 15 * time.Minute
)

// waitIsOver returns a TooMany error while an attempt must wait.
func (s *Store) waitIsOver(ctx context.Context, all []bucket) error {
	now := s.desk.Now()
	for _, b := range all {
		var n int
		var last *time.Time
		const q = `SELECT count(*), max(at) FROM desk.login_failures WHERE email_hash = $1 AND at > $2`
		if err := s.desk.QueryRow(ctx, q, b.key, now.Add(-b.window)).Scan(&n, &last); err != nil {
			return db.Fault(err)
		}
		if n < b.free || last == nil {
			continue
		}
		wait := time.Duration(math.Pow(2, float64(min(n-b.free, 20)))) * time.Second
		if left := last.Add(min(wait, b.longest)).Sub(now); left > 0 {
			return fault.Newf(fault.TooMany, "Hubo varios intentos fallidos. Espera %s y vuelve a intentarlo.", inWords(left))
		}
	}
	return nil
}

// inWords says a wait in Spanish, rounded up.
func inWords(d time.Duration) string {
	if d <= time.Minute {
		return "un minuto"
	}
	return strconv.Itoa(int(math.Ceil(d.Minutes()))) + " minutos"
}

// noteFailure counts a failed attempt, of an account that exists or not, with the
// same statements. When waiting begins it is said in the bitácora, without the
// address: not every failure, or strangers would fill what nobody can delete.
func (s *Store) noteFailure(ctx context.Context, email string, all []bucket) error {
	var n int
	err := s.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.Exec(ctx, `DELETE FROM desk.login_failures WHERE at < $1`, tx.Now().Add(-kept)); err != nil {
			return err
		}
		if err := s.count(ctx, tx, all); err != nil {
			return err
		}
		if err := tx.Exec(ctx, `UPDATE desk.accounts SET failures = failures + 1 WHERE email = $1`, email); err != nil {
			return err
		}
		const q = `SELECT count(*) FROM desk.login_failures WHERE email_hash = $1 AND at > $2`
		return tx.QueryRow(ctx, q, all[0].key, tx.Now().Add(-all[0].window)).Scan(&n)
	})
	if err != nil || n != all[0].free {
		return err
	}
	action := db.Action{Kind: "sesion.intentos", Object: "acceso " + hex.EncodeToString(all[0].key[:6]), Details: map[string]string{"fallidos": strconv.Itoa(n)}}
	_, err = s.desk.Do(ctx, db.System{Name: "acceso"}, action, func(context.Context, *db.Tx) (string, error) { return "", nil })
	return err
}

func (s *Store) count(ctx context.Context, tx *db.Tx, all []bucket) error {
	keys := make([][]byte, len(all))
	for i, b := range all {
		keys[i] = b.key
	}
	return tx.Exec(ctx, `INSERT INTO desk.login_failures (email_hash, at) SELECT k, $2 FROM unnest($1::bytea[]) k`, keys, tx.Now())
}

// forget clears the failures of an address and a browser: not those of the
// network address, which may be of somebody else.
func (s *Store) forget(ctx context.Context, tx *db.Tx, account int64, all []bucket) error {
	const q = `DELETE FROM desk.login_failures WHERE email_hash = $1`
	if err := tx.Exec(ctx, q, all[0].key); err != nil {
		return err
	}
	return tx.Exec(ctx, `UPDATE desk.accounts SET failures = 0 WHERE id = $1 AND failures > 0`, account)
}

// Turn counts an act of a stranger, such as asking for a link, and reports
// whether it is one too many for that address or that e-mail.
func (s *Store) Turn(ctx context.Context, tx *db.Tx, kind, email string, v Visitor) (bool, error) {
	all := []bucket{s.bucket(kind+"/correo", email, 3, time.Hour, 0)}
	if v.Address != "" {
		all = append(all, s.bucket(kind+"/direccion", v.Address, 20, time.Hour, 0))
	}
	for _, b := range all {
		var n int
		const q = `SELECT count(*) FROM desk.login_failures WHERE email_hash = $1 AND at > $2`
		if err := tx.QueryRow(ctx, q, b.key, tx.Now().Add(-b.window)).Scan(&n); err != nil || n >= b.free {
			return false, err
		}
	}
	return true, s.count(ctx, tx, all)
}

// DeviceLife is how long a browser is remembered.
const DeviceLife = 60 * 24 * time.Hour

// DeviceCookie returns what a browser keeps once somebody entered from it: proof
// that this browser knew the password of that address. It opens nothing.
func (s *Store) DeviceCookie(email string) string {
	id := rand.Text()
	return id + "." + s.deviceMark(email, id)
}

func (s *Store) deviceMark(email, id string) string {
	return base64.RawURLEncoding.EncodeToString(s.desk.MAC([]byte("llave\x00equipo\x00" + email + "\x00" + id)))
}

// device returns the browser's id if its cookie is of that address.
func (s *Store) device(email, cookie string) (string, bool) {
	id, mark, ok := strings.Cut(cookie, ".")
	return id, ok && hmac.Equal([]byte(mark), []byte(s.deviceMark(email, id)))
}

// KnownDevice reports whether somebody entered that address's account from this
// browser before.
func (s *Store) KnownDevice(email string, v Visitor) bool {
	_, ok := s.device(normal(email), v.Device)
	return ok
}

// normal is an address as it is kept and compared.
func normal(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// rowOf reads one row of a query into T.
func rowOf[T any](ctx context.Context, q db.Querier, sql string, args ...any) (T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		var none T
		return none, err
	}
	out, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
	return out, db.Fault(err)
}
