package db

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"conoceles/internal/fault"
)

// Desk reads the desk's schemas and writes through Do.
type Desk struct {
	pool *pgxpool.Pool
	now  func() time.Time
	mac  []byte
}

// OpenDesk opens the desk half's pool. now is the clock of every transaction;
// macKey, kept outside the database, digests what people submit, so that a
// digest in the database tells nothing about a low-entropy answer.
func OpenDesk(ctx context.Context, url string, now func() time.Time, macKey []byte) (*Desk, error) {
	if len(macKey) < 32 {
		return nil, fmt.Errorf("the key for digests has %d bytes, it needs 32", len(macKey))
	}
	pool, err := open(ctx, url, deskConns)
	if err != nil {
		return nil, err
	}
	d := &Desk{pool: pool, now: now, mac: macKey}
	var powers bool
	if err := pool.QueryRow(ctx, `SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication
		FROM pg_roles WHERE rolname = current_user`).Scan(&powers); err != nil {
		pool.Close()
		return nil, fmt.Errorf("ask what the desk's role may do: %w", err)
	}
	if powers {
		pool.Close()
		return nil, errors.New("the desk's role has powers over the cluster: refusing to open the desk half")
	}
	return d, nil
}

// Now returns the injected clock's time, in microseconds as PostgreSQL keeps it.
func (d *Desk) Now() time.Time { return d.now().UTC().Truncate(time.Microsecond) }

// Query runs a reading query outside a transaction. It is Unavailable where no
// connection is free in two seconds.
func (d *Desk) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return query(ctx, d.pool, sql, args)
}

// QueryRow runs a query that gives at most one row, outside a transaction.
func (d *Desk) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return queryRow(ctx, d.pool, sql, args)
}

// Ping reports whether the database answers.
func (d *Desk) Ping(ctx context.Context) error { return unavailable(d.pool.Ping(ctx)) }

// Close waits for the pool's connections and closes them.
func (d *Desk) Close() { d.pool.Close() }

// MAC returns the keyed digest of what somebody submitted.
func (d *Desk) MAC(payload []byte) []byte { return Digester(d.mac)(payload) }

// Digester returns the digests of a key, which MAC makes too, for who has the key
// and no database.
func Digester(key []byte) func([]byte) []byte {
	return func(payload []byte) []byte {
		h := hmac.New(sha256.New, key)
		h.Write(payload)
		return h.Sum(nil)
	}
}

// Actor is who acts, for the bitácora. The types that hold permissions live in desk/auth.
type Actor interface {
	AccountID() int64 // 0: the system itself
	Role() string
}

// System is the actor of commands and jobs.
type System struct{ Name string }

// AccountID returns 0: no person's account.
func (System) AccountID() int64 { return 0 }

// Role returns the name the bitácora shows, such as «sistema:importar».
func (s System) Role() string { return "sistema:" + s.Name }

// Action says what is done, for the bitácora and for idempotency.
type Action struct {
	Kind    string            // what: «captura.guardar»
	Process int64             // 0: none in particular, or the one that Tx.Concerns says
	Object  string            // to what: «candidatura 12»
	Key     string            // the form's guardado_id (a UUID); "" when no person submits it
	Payload []byte            // what was submitted, digested beside Key
	Details map[string]string // never an answer's value
}

// Done tells how Do ended: Result is what fn returned, now or, if Replayed, the
// first time this key was submitted.
type Done struct {
	Result   string
	Replayed bool
}

// ErrUnknown is the third outcome: the commit was sent and nobody could say
// whether it took effect. Submitting again with the same key is safe.
var ErrUnknown = fault.New(fault.Unavailable,
	"No pudimos confirmar si se guardó. Tu texto sigue en pantalla; vuelve a pulsar Guardar: no se duplicará.")

// writes is the transaction of Do and Upkeep. Whatever else the desk asks is read
// only, by the server: an act has no other way to be done than one of them.
var writes = pgx.TxOptions{AccessMode: pgx.ReadWrite}

const (
	doAttempts    = 4
	commitTimeout = 5 * time.Second
)

// Do runs fn in a transaction together with its entry in the bitácora and its
// idempotency key: all three are kept, or none. fn may run more than once
// (serialization failures are retried) and must touch only the transaction.
//
// A key already used by this account with the same payload answers what was
// answered then and changes nothing; with another payload it is a Conflict.
// When the reply to COMMIT is lost, Do asks a fresh connection whether the key
// is there; if even that cannot be known it returns ErrUnknown. The commit does
// not stop because the person closed the browser.
func (d *Desk) Do(ctx context.Context, actor Actor, a Action, fn func(context.Context, *Tx) (string, error)) (Done, error) {
	var key uuid.UUID
	if a.Key != "" {
		var err error
		if key, err = uuid.Parse(a.Key); err != nil {
			return Done{}, fault.New(fault.Invalid, "El formulario está incompleto. Recarga la página y vuelve a intentarlo.")
		}
	}
	digest := d.MAC(append([]byte(a.Kind+"\x00"+a.Object+"\x00"), a.Payload...))
	for attempt := 1; ; attempt++ {
		done, err := d.attempt(ctx, actor, a, key, digest, fn)
		if err == nil || !retryable(err) || attempt == doAttempts {
			return done, Fault(err)
		}
	}
}

// attempt is one run of Do.
func (d *Desk) attempt(ctx context.Context, actor Actor, a Action, key uuid.UUID, digest []byte,
	fn func(context.Context, *Tx) (string, error),
) (Done, error) {
	conn, err := acquire(ctx, d.pool)
	if err != nil {
		return Done{}, err
	}
	defer conn.Release()
	raw, err := conn.BeginTx(ctx, writes)
	if err != nil {
		return Done{}, err
	}
	// Rolls back on error and on panic alike; after a commit it does nothing.
	defer func() { _ = raw.Rollback(context.WithoutCancel(ctx)) }()
	tx := &Tx{tx: raw, now: d.Now()}

	if key != uuid.Nil {
		if done, err := claim(ctx, tx, actor, a.Kind, key, digest); err != nil || done.Replayed {
			return done, err
		}
	}
	result, err := fn(ctx, tx)
	if err != nil {
		return Done{}, err
	}
	if key != uuid.Nil {
		const q = `UPDATE desk.submissions SET result = $3 WHERE account_id = $1 AND key = $2`
		if err := tx.Exec(ctx, q, actor.AccountID(), key, result); err != nil {
			return Done{}, err
		}
	}
	if a.Process == 0 {
		a.Process = tx.process
	}
	if err := record(ctx, tx, actor, a); err != nil {
		return Done{}, err
	}
	return d.commit(ctx, raw, actor, key, result)
}

// claim takes the key for this transaction. A concurrent submission of the same
// key waits here until this one ends.
func claim(ctx context.Context, tx *Tx, actor Actor, kind string, key uuid.UUID, digest []byte) (Done, error) {
	const insert = `
INSERT INTO desk.submissions (account_id, key, kind, digest, result, at) VALUES ($1, $2, $3, $4, '', $5)
ON CONFLICT (account_id, key) DO NOTHING`
	n, err := tx.ExecRows(ctx, insert, actor.AccountID(), key, kind, digest, tx.Now())
	if err != nil || n == 1 {
		return Done{}, err
	}
	var before []byte
	var done Done
	const read = `SELECT digest, result FROM desk.submissions WHERE account_id = $1 AND key = $2`
	if err := tx.QueryRow(ctx, read, actor.AccountID(), key).Scan(&before, &done.Result); err != nil {
		return Done{}, err
	}
	if !bytes.Equal(before, digest) {
		return Done{}, fault.New(fault.Conflict, "Este formulario ya se envió con otros datos. Recarga la página para ver lo que se guardó.")
	}
	done.Replayed = true
	return done, nil
}

// record writes the act in the bitácora, inside the act's own transaction.
func record(ctx context.Context, tx *Tx, actor Actor, a Action) error {
	details := a.Details
	if details == nil {
		details = map[string]string{}
	}
	text, err := json.Marshal(details)
	if err != nil {
		return fmt.Errorf("encode the details of %s: %w", a.Kind, err)
	}
	const q = `
INSERT INTO audit.entries (at, process_id, account_id, role, kind, object, details)
VALUES ($1, NULLIF($2, 0), NULLIF($3, 0), $4, $5, $6, $7)`
	return tx.Exec(ctx, q, tx.Now(), a.Process, actor.AccountID(), actor.Role(), a.Kind, a.Object, text)
}

// commit commits whatever happens to the request, and finds out what became of
// it when the reply is lost (security.md 3.3).
func (d *Desk) commit(ctx context.Context, raw pgx.Tx, actor Actor, key uuid.UUID, result string) (Done, error) {
	detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	err := raw.Commit(detached)
	if err == nil {
		return Done{Result: result}, nil
	}
	if isServerError(err) { // the server answered: it did not commit
		return Done{}, err
	}
	if key == uuid.Nil {
		return Done{}, errors.Join(ErrUnknown, err)
	}
	for range 3 {
		var there bool
		const q = `SELECT EXISTS (SELECT 1 FROM desk.submissions WHERE account_id = $1 AND key = $2)`
		ask, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
		askErr := d.pool.QueryRow(ask, q, actor.AccountID(), key).Scan(&there)
		cancel()
		if askErr == nil && there {
			return Done{Result: result}, nil
		}
		if askErr == nil {
			return Done{}, fault.Wrap(fault.Unavailable, "No se guardó. Tu texto sigue en pantalla; vuelve a pulsar Guardar.", err)
		}
	}
	return Done{}, errors.Join(ErrUnknown, err)
}

// Upkeep runs fn in a transaction that leaves no entry in the bitácora: for
// what is nobody's act, such as sessions, login counters and cleaning.
func (d *Desk) Upkeep(ctx context.Context, fn func(context.Context, *Tx) error) error {
	conn, err := acquire(ctx, d.pool)
	if err != nil {
		return err
	}
	defer conn.Release()
	return Fault(pgx.BeginTxFunc(ctx, conn, writes, func(raw pgx.Tx) error {
		return fn(ctx, &Tx{tx: raw, now: d.Now()})
	}))
}
