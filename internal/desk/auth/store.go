package auth

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"unicode/utf8"

	"conoceles/internal/db"
	"conoceles/internal/fault"
)

// Store keeps accounts and checks passwords.
type Store struct {
	desk  *db.Desk
	turns chan struct{} // four attempts at a time: bounds the memory that hashing takes
	dummy string        // hash of nobody's password, so that an unknown account takes as long
}

// NewStore returns a Store over desk.
func NewStore(desk *db.Desk) (*Store, error) {
	s := &Store{desk: desk, turns: make(chan struct{}, 4)}
	var err error
	s.dummy, err = s.hash("nadie tiene esta contraseña")
	return s, err
}

// errLogin is the one answer to an unknown address, a wrong password and a
// suspended account.
var errLogin = fault.New(fault.Invalid, "El correo o la contraseña no coinciden.")

// credentials are what a password is compared with.
type credentials struct {
	ID       int64
	Hash     string
	Active   bool
	Failures int
}

// Login returns the account of a person who proved the password. Unknown,
// wrong and suspended give the same error after the same work; too many
// failures make the next attempt wait, without locking anybody out: a browser
// from which the person entered before has failures of its own.
func (s *Store) Login(ctx context.Context, email, password string, from Visitor) (int64, error) {
	email = normal(email)
	all, trusted := s.buckets(email, from)
	// A turn lasts until the failure is counted: guesses sent all at once would
	// otherwise all be compared before the first of them counts.
	done, err := s.turn(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	if err := s.waitIsOver(ctx, all); err != nil {
		return 0, err
	}
	const q = `SELECT id, password_hash AS hash, active, failures FROM desk.accounts WHERE email = $1`
	c, err := rowOf[credentials](ctx, s.desk, q, email)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return 0, err
	}
	known := err == nil && c.Active && c.Hash != "" && (trusted || c.Failures < hardStop)
	if !known {
		c.Hash = s.dummy
	}
	match, old, err := s.matches(password, c.Hash)
	if err != nil {
		return 0, err
	}
	if !known || !match {
		return 0, errors.Join(errLogin, s.noteFailure(ctx, email, all))
	}
	return c.ID, s.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.forget(ctx, tx, c.ID, all); err != nil || !old {
			return err
		}
		hash, err := s.hash(password)
		if err != nil {
			return err
		}
		return tx.Exec(ctx, `UPDATE desk.accounts SET password_hash = $2 WHERE id = $1`, c.ID, hash)
	})
}

// CheckPassword reports whether it is the password of somebody who already
// entered, and counts a wrong one as a failure to enter: Invalid, or TooMany.
func (s *Store) CheckPassword(ctx context.Context, account int64, password string) error {
	b := []bucket{s.bucket("confirmar", strconv.FormatInt(account, 10), freeFailures, kept, longestWait)}
	done, err := s.turn(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := s.waitIsOver(ctx, b); err != nil {
		return err
	}
	var hash string
	if err := s.desk.QueryRow(ctx, `SELECT password_hash FROM desk.accounts WHERE id = $1 AND active`, account).Scan(&hash); err != nil {
		return db.Fault(err)
	}
	match, _, err := s.matches(password, hash)
	if err != nil {
		return err
	}
	return errors.Join(wrongUnless(match), s.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		if !match {
			return s.count(ctx, tx, b)
		}
		return tx.Exec(ctx, `DELETE FROM desk.login_failures WHERE email_hash = $1`, b[0].key)
	}))
}

func wrongUnless(match bool) error {
	if match {
		return nil
	}
	return fault.InvalidField(ProofField, "La contraseña no coincide: escríbela otra vez")
}

// SetPassword gives an account a password that complies with its policy, and ends
// its sessions and its failures: whoever sets it enters again. The policy is the
// caller's to check, with the words it knows.
func (s *Store) SetPassword(ctx context.Context, tx *db.Tx, account int64, hash string) error {
	if err := tx.Exec(ctx, `UPDATE desk.accounts SET password_hash = $2, failures = 0 WHERE id = $1`, account, hash); err != nil {
		return err
	}
	return endSessions(ctx, tx, account)
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
	StepUp        int
	Role          string
	Nominator     int64
	NominatorName string
	Candidacy     int64
	Planilla      int64
}

// Actor returns the actor of an account, as the database says now. An account
// that is suspended, has no role or whose role expired is NotFound: those of the
// parties expire some days after the end of campaigns, or when the last exception
// that lets them capture ends. With roles in several processes it acts in the
// newest.
func (s *Store) Actor(ctx context.Context, account int64) (Actor, error) {
	const q = `
SELECT a.id AS account, a.name, a.email, p.id AS process, p.key AS process_key, p.name AS process_name, p.demo,
  p.step_up_minutes AS step_up, g.role,
  COALESCE(g.nominator_id, 0) AS nominator, COALESCE(n.name, '') AS nominator_name, COALESCE(g.candidacy_id, 0) AS candidacy,
  CASE WHEN cn.kind = 'independiente' THEN cn.id ELSE 0 END AS planilla
FROM desk.accounts a
JOIN desk.grants g ON g.account_id = a.id
JOIN desk.processes p ON p.id = g.process_id
LEFT JOIN desk.nominators n ON n.id = g.nominator_id
LEFT JOIN desk.candidacies c ON c.id = g.candidacy_id
LEFT JOIN desk.nominators cn ON cn.id = c.nominator_id
WHERE a.id = $1 AND a.active AND (g.expires_at IS NULL OR g.expires_at > $2)
  AND (g.role NOT IN ('operador', 'validador') OR p.campaigns_end_at IS NULL
    OR p.campaigns_end_at + make_interval(days => p.party_access_days) > $2
    OR EXISTS (SELECT 1 FROM desk.capture_exceptions x JOIN desk.candidacies y ON y.id = x.candidacy_id
      JOIN desk.nominators yn ON yn.id = y.nominator_id
      WHERE x.until_at > $2 AND COALESCE(y.siglado_id, yn.representative_id, y.nominator_id) = g.nominator_id))
ORDER BY p.created_at DESC, p.id DESC LIMIT 1`
	r, err := rowOf[actorRow](ctx, s.desk, q, account, s.desk.Now())
	if err != nil {
		return nil, err
	}
	return r.actor()
}

// actor makes the typed actor of a role.
func (r actorRow) actor() (Actor, error) {
	who := Who{Account: r.Account, Name: r.Name, Email: r.Email, Process: r.Process, ProcessKey: r.ProcessKey, ProcessName: r.ProcessName, Demo: r.Demo, StepUpMinutes: r.StepUp}
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
	Hash      string // what Hash returned of the password, to take its place
	Role      string // one of the eight, as the actors' Role says
	Process   int64
	Nominator int64 // operador, validador
	Candidacy int64 // candidata
}

// ValidEmail reports whether it is an address that somebody could enter with.
func ValidEmail(email string) bool {
	a, err := mail.ParseAddress(email)
	return err == nil && a.Address == email && utf8.ValidString(email) && !strings.ContainsRune(email, utf8.RuneError) && len(email) <= 254
}

// check says what is wrong with an account before it is made.
func (n NewAccount) check() error {
	var fields []fault.Field
	wrong := func(id, message string) { fields = append(fields, fault.Field{ID: id, Message: message}) }
	if !ValidEmail(strings.TrimSpace(n.Email)) {
		wrong("correo", "Escribe el correo como nombre@ejemplo.mx")
	}
	if strings.TrimSpace(n.Name) == "" {
		wrong("nombre", "Escribe el nombre de la persona")
	}
	if len(n.Password) > longestBytes {
		wrong(PasswordField, fmt.Sprintf("Escribe una contraseña de %d caracteres o menos", LongestPassword))
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
// the account's id. What no person could enter with is Invalid. It is for commands
// and for the demonstration: people set their own passwords.
func (s *Store) Create(ctx context.Context, tx *db.Tx, n NewAccount) (int64, error) {
	if err := n.check(); err != nil {
		return 0, err
	}
	hash, err := n.Hash, error(nil)
	if hash == "" {
		if hash, err = s.hash(n.Password); err != nil {
			return 0, err
		}
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

// EndSessions ends every session of an account.
func (s *Store) EndSessions(ctx context.Context, tx *db.Tx, account int64) error {
	return endSessions(ctx, tx, account)
}

func endSessions(ctx context.Context, tx *db.Tx, account int64) error {
	return tx.Exec(ctx, endSQL+` WHERE account_id = $1`, account)
}
