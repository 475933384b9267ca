package auth

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/fault"
)

// argonParams are OWASP's: 19 MiB, two passes, one thread.
var argonParams = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Store keeps accounts and checks passwords.
type Store struct {
	desk  *db.Desk
	turns chan struct{} // four attempts at a time: bounds the memory that hashing takes
	dummy string        // hash of nobody's password, so that an unknown account takes as long
}

// NewStore returns a Store over desk.
func NewStore(desk *db.Desk) (*Store, error) {
	dummy, err := argon2id.CreateHash("nadie tiene esta contraseña", argonParams)
	if err != nil {
		return nil, err
	}
	return &Store{desk: desk, turns: make(chan struct{}, 4), dummy: dummy}, nil
}

// errLogin is the one answer to an unknown address, a wrong password and a
// suspended account.
var errLogin = fault.New(fault.Invalid, "El correo o la contraseña no coinciden.")

// Login returns the account of a person who proved the password. Unknown,
// wrong and suspended give the same error after the same work; too many
// failures for one address make everybody who tries it wait, without locking it.
func (s *Store) Login(ctx context.Context, email, password string) (int64, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	key := s.desk.MAC([]byte("correo\x00" + email))
	// A turn lasts until the failure is counted: guesses sent all at once would
	// otherwise all be compared before the first of them counts.
	select {
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	if err := s.waitIsOver(ctx, key); err != nil {
		return 0, err
	}
	var id int64
	var hash string
	var active bool
	err := s.desk.QueryRow(ctx, `SELECT id, password_hash, active FROM desk.accounts WHERE email = $1`, email).Scan(&id, &hash, &active)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, db.Fault(err)
	}
	known := err == nil && active && hash != ""
	if !known {
		hash = s.dummy
	}
	match, err := matches(password, hash)
	if err != nil {
		return 0, err
	}
	if !known || !match {
		return 0, errors.Join(errLogin, s.noteFailure(ctx, key))
	}
	return id, s.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.Exec(ctx, `DELETE FROM desk.login_failures WHERE email_hash = $1`, key)
	})
}

// longestPassword bounds, in bytes, what is hashed.
const longestPassword = 1024

// matches compares a password with a hash.
func matches(password, hash string) (bool, error) {
	if len(password) > longestPassword {
		return false, nil
	}
	return argon2id.ComparePasswordAndHash(password, hash)
}

// Failures before waiting begins, and the longest wait.
const (
	freeFailures = 5
	longestWait  = 15 * time.Minute
)

// waitIsOver returns a TooMany error while an address must wait: twice as long
// after each failure past the fifth.
func (s *Store) waitIsOver(ctx context.Context, key []byte) error {
	var n int
	var last *time.Time
	const q = `SELECT count(*), max(at) FROM desk.login_failures WHERE email_hash = $1 AND at > $2`
	now := s.desk.Now()
	if err := s.desk.QueryRow(ctx, q, key, now.Add(-longestWait)).Scan(&n, &last); err != nil {
		return db.Fault(err)
	}
	if n < freeFailures || last == nil {
		return nil
	}
	wait := time.Duration(math.Pow(2, float64(min(n-freeFailures, 10)))) * time.Second
	if left := last.Add(min(wait, longestWait)).Sub(now); left > 0 {
		return fault.Newf(fault.TooMany, "Hubo varios intentos fallidos con este correo. Espera %s y vuelve a intentarlo.", inWords(left))
	}
	return nil
}

// inWords says a wait in Spanish, rounded up.
func inWords(d time.Duration) string {
	switch minutes := int(math.Ceil(d.Minutes())); {
	case d <= time.Minute:
		return "un minuto"
	default:
		return strings.Join([]string{itoa(minutes), "minutos"}, " ")
	}
}

func (s *Store) noteFailure(ctx context.Context, key []byte) error {
	return s.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.Exec(ctx, `DELETE FROM desk.login_failures WHERE at < $1`, tx.Now().Add(-24*time.Hour)); err != nil {
			return err
		}
		return tx.Exec(ctx, `INSERT INTO desk.login_failures (email_hash, at) VALUES ($1, $2)`, key, tx.Now())
	})
}

// actorRow is an account with its role in a process.
type actorRow struct {
	Account       int64
	Name          string
	Email         string
	Process       int64
	ProcessKey    string
	ProcessName   string
	Demo          bool
	Role          string
	Nominator     int64
	NominatorName string
	Candidacy     int64
	Planilla      int64
}

// Actor returns the actor of an account, as the database says now. An account
// that is suspended or has no role is NotFound. With roles in several processes
// it acts in the newest.
func (s *Store) Actor(ctx context.Context, account int64) (Actor, error) {
	const q = `
SELECT a.id AS account, a.name, a.email, p.id AS process, p.key AS process_key, p.name AS process_name, p.demo, g.role,
  COALESCE(g.nominator_id, 0) AS nominator, COALESCE(n.name, '') AS nominator_name, COALESCE(g.candidacy_id, 0) AS candidacy,
  CASE WHEN cn.kind = 'independiente' THEN cn.id ELSE 0 END AS planilla
FROM desk.accounts a
JOIN desk.grants g ON g.account_id = a.id
JOIN desk.processes p ON p.id = g.process_id
LEFT JOIN desk.nominators n ON n.id = g.nominator_id
LEFT JOIN desk.candidacies c ON c.id = g.candidacy_id
LEFT JOIN desk.nominators cn ON cn.id = c.nominator_id
WHERE a.id = $1 AND a.active
ORDER BY p.created_at DESC, p.id DESC LIMIT 1`
	rows, err := s.desk.Query(ctx, q, account)
	if err != nil {
		return nil, err
	}
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[actorRow])
	if err != nil {
		return nil, db.Fault(err)
	}
	return r.actor()
}

// actor makes the typed actor of a role.
func (r actorRow) actor() (Actor, error) {
	who := Who{Account: r.Account, Name: r.Name, Email: r.Email, Process: r.Process, ProcessKey: r.ProcessKey, ProcessName: r.ProcessName, Demo: r.Demo}
	switch r.Role {
	case roleOperator:
		return Operator{who, r.Nominator, r.NominatorName}, nil
	case roleValidator:
		return Validator{who, r.Nominator, r.NominatorName}, nil
	case roleCandidate:
		return Candidate{who, r.Candidacy, r.Planilla}, nil
	case roleReviewer:
		return Reviewer{who}, nil
	case roleHead:
		return Head{who}, nil
	case roleSecretary:
		return Secretary{who}, nil
	case roleAdmin:
		return Admin{who}, nil
	case roleAuditor:
		return Auditor{who}, nil
	default:
		return nil, fault.Newf(fault.Forbidden, "La función %q no existe.", r.Role)
	}
}

// NewAccount is an account to create with its role.
type NewAccount struct {
	Email     string
	Name      string
	Password  string
	Role      string // one of the eight, as the actors' Role says
	Process   int64
	Nominator int64 // operador, validador
	Candidacy int64 // candidata
}

// check says what is wrong with an account before it is made.
func (n NewAccount) check() error {
	var fields []fault.Field
	wrong := func(id, message string) { fields = append(fields, fault.Field{ID: id, Message: message}) }
	email := strings.TrimSpace(n.Email)
	if a, err := mail.ParseAddress(email); err != nil || a.Address != email || !utf8.ValidString(email) || strings.ContainsRune(email, utf8.RuneError) {
		wrong("correo", "Escribe el correo como nombre@ejemplo.mx")
	}
	if strings.TrimSpace(n.Name) == "" {
		wrong("nombre", "Escribe el nombre de la persona")
	}
	if len(n.Password) > longestPassword {
		wrong("contrasena", fmt.Sprintf("Escribe una contraseña de %d caracteres o menos", longestPassword))
	}
	party := n.Role == roleOperator || n.Role == roleValidator
	switch {
	case party && n.Nominator == 0:
		wrong("actor", "Di para quién captura, con sus siglas")
	case !party && n.Nominator != 0:
		wrong("actor", "Sólo quien captura para un partido lleva actor postulante")
	}
	switch {
	case n.Role == roleCandidate && n.Candidacy == 0:
		wrong("candidatura", "Di cuál es su candidatura, con su folio")
	case n.Role != roleCandidate && n.Candidacy != 0:
		wrong("candidatura", "Sólo una persona candidata lleva candidatura")
	}
	return fault.InvalidFields(fields)
}

// Create makes an account with a role, or gives an existing one (same address)
// that role in the process and that password, which ends its sessions. It returns
// the account's id. What no person could enter with is Invalid.
func (s *Store) Create(ctx context.Context, tx *db.Tx, n NewAccount) (int64, error) {
	if err := n.check(); err != nil {
		return 0, err
	}
	hash, err := argon2id.CreateHash(n.Password, argonParams)
	if err != nil {
		return 0, err
	}
	var id int64
	const account = `
INSERT INTO desk.accounts (email, name, password_hash, created_at) VALUES (lower($1), $2, $3, $4)
ON CONFLICT (email) DO UPDATE SET name = excluded.name, password_hash = excluded.password_hash, active = true
RETURNING id`
	if err := tx.QueryRow(ctx, account, strings.TrimSpace(n.Email), n.Name, hash, tx.Now()).Scan(&id); err != nil {
		return 0, err
	}
	if err := endSessions(ctx, tx, id); err != nil {
		return 0, err
	}
	const grant = `
INSERT INTO desk.grants (account_id, process_id, role, nominator_id, candidacy_id)
VALUES ($1, $2, $3, NULLIF($4, 0), NULLIF($5, 0))
ON CONFLICT (account_id, process_id) DO UPDATE SET role = excluded.role, nominator_id = excluded.nominator_id, candidacy_id = excluded.candidacy_id`
	return id, tx.Exec(ctx, grant, id, n.Process, n.Role, n.Nominator, n.Candidacy)
}

// Deactivate suspends the account of an address and ends its sessions. An address
// without one is NotFound.
func (s *Store) Deactivate(ctx context.Context, tx *db.Tx, email string) error {
	var id int64
	err := tx.QueryRow(ctx, `UPDATE desk.accounts SET active = false WHERE email = lower($1) RETURNING id`, email).Scan(&id)
	if err != nil {
		return err
	}
	return endSessions(ctx, tx, id)
}

// endSessions ends every session of an account.
func endSessions(ctx context.Context, tx *db.Tx, account int64) error {
	return tx.Exec(ctx, endSQL+` WHERE account_id = $1`, account)
}
