package account

import (
	"context"
	"strconv"
	"strings"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// Request is an access that somebody asked for and another person grants.
type Request struct {
	ID            int64
	Kind          string // alta, reinicio
	Account       int64  // of a reinicio
	Email         string
	Name          string
	RoleCode      string
	Nominator     string
	Acronym       string
	Until         *time.Time
	Basis         string
	RequestedBy   int64
	RequestedName string
	RequestedAt   time.Time
	State         string // por_confirmar, confirmada, desechada
	DecidedName   string
	DecidedAt     *time.Time
	Reason        string
}

// Reset is the kind of a request that takes a second factor away; Admission, of
// one that gives a role.
const (
	Admission = "alta"
	Reset     = "reinicio"
)

const requestColumns = `
SELECT r.id, r.kind, COALESCE(r.account_id, 0) AS account, r.email, r.name, r.role AS role_code, COALESCE(n.name, '') AS nominator,
  COALESCE(n.acronym, '') AS acronym, r.expires_at AS until, r.basis, r.requested_by, a.name AS requested_name, r.requested_at, r.state,
  COALESCE(d.name, '') AS decided_name, r.decided_at, r.reason
FROM desk.account_requests r JOIN desk.accounts a ON a.id = r.requested_by
LEFT JOIN desk.accounts d ON d.id = r.decided_by LEFT JOIN desk.nominators n ON n.id = r.nominator_id`

// mayDecide is the condition of what an actor may decide: the Secretary stands in
// for a second Admin, and so only where two persons of the institute are needed.
const mayDecide = ` (r.nominator_id IS NULL OR $2 = 'administracion')`

// Requests lists the requests of the actor's process that they may decide or made,
// those that wait first.
func (s *Store) Requests(ctx context.Context, p auth.Proposer) ([]Request, error) {
	const q = requestColumns + `
WHERE r.process_id = $1 AND` + mayDecide + ` ORDER BY r.state = 'por_confirmar' DESC, r.id DESC LIMIT 200`
	return many[Request](ctx, s.desk, q, p.Person().Process, p.Role())
}

// Request returns one of those; NotFound for any other.
func (s *Store) Request(ctx context.Context, p auth.Proposer, id int64) (Request, error) {
	const q = requestColumns + ` WHERE r.process_id = $1 AND` + mayDecide + ` AND r.id = $3`
	return one[Request](ctx, s.desk, q, p.Person().Process, p.Role(), id)
}

// request keeps an access that waits for another person, and returns its number.
func (s *Store) request(ctx context.Context, by db.Actor, who auth.Who, key string, n NewPerson) (int64, error) {
	action := db.Action{
		Kind: "cuenta.solicitar", Process: who.Process, Object: "proceso " + strconv.FormatInt(who.Process, 10), Key: key,
		Payload: n.payload(), Details: map[string]string{"funcion": n.Role},
	}
	done, err := s.desk.Do(ctx, by, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		fields := n.check(tx.Now())
		if n.Basis == "" {
			fields = append(fields, fault.Field{ID: BasisField, Message: "Escribe el oficio o el motivo de la designación"})
		}
		at, missing, err := locate(ctx, tx, who.Process, n)
		if err != nil {
			return "", err
		}
		if err := fault.InvalidFields(append(fields, missing...)); err != nil {
			return "", err
		}
		var has bool
		const granted = `
SELECT EXISTS (SELECT 1 FROM desk.grants g JOIN desk.accounts a ON a.id = g.account_id WHERE a.email = $1 AND g.process_id = $2)`
		if err := tx.QueryRow(ctx, granted, n.Email, who.Process).Scan(&has); err != nil {
			return "", err
		}
		if has {
			return "", fault.New(fault.Conflict, "Ese correo ya tiene una función en este proceso: una persona, una cuenta.")
		}
		var until *time.Time
		if !n.Until.IsZero() {
			until = &n.Until
		}
		var id int64
		const q = `
INSERT INTO desk.account_requests (process_id, kind, email, name, role, nominator_id, expires_at, basis, requested_by, requested_at)
VALUES ($1, 'alta', $2, $3, $4, NULLIF($5, 0), $6, $7, $8, $9) RETURNING id`
		err = tx.QueryRow(ctx, q, who.Process, n.Email, n.Name, n.Role, at.nominator, until, n.Basis, who.Account, tx.Now()).Scan(&id)
		return strconv.FormatInt(id, 10), pending(err)
	})
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(done.Result, 10, 64)
}

// pending gives its message to the rule of one request at a time.
func pending(err error) error {
	if db.Constraint(err) == "account_requests_one_pending" {
		return fault.New(fault.Conflict, "Ya hay una solicitud por confirmar para ese correo.")
	}
	return err
}

// RequestReset asks to take away the second factor of somebody who lost it and
// identified themselves in person (security.md 5): another person confirms it.
func (s *Store) RequestReset(ctx context.Context, a auth.Admin, key string, account int64, basis string) error {
	basis = strings.TrimSpace(basis)
	action := db.Action{Kind: "cuenta.solicitar", Process: a.Process, Object: object(account), Key: key, Payload: []byte(basis), Details: map[string]string{"clase": Reset}}
	_, err := s.desk.Do(ctx, a, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if l := len([]rune(basis)); l < 3 || l > 300 {
			return "", fault.InvalidField(BasisField, "Escribe cómo se identificó la persona, en 300 caracteres o menos")
		}
		if _, err := lockTarget(ctx, tx, a.Process, account); err != nil {
			return "", err
		}
		const q = `
INSERT INTO desk.account_requests (process_id, kind, account_id, email, name, basis, requested_by, requested_at)
SELECT $1, 'reinicio', id, email, name, $3, $4, $5 FROM desk.accounts WHERE id = $2`
		return "", pending(tx.Exec(ctx, q, a.Process, account, basis, a.Account, tx.Now()))
	})
	return err
}

// Confirm grants what another person asked for. It is Forbidden to whoever did,
// and to the person that it is about; a Conflict when it was decided; NotFound in
// another process, and to the Secretary when it is a party's.
func (s *Store) Confirm(ctx context.Context, p auth.Proposer, key string, id int64) error {
	who := p.Person()
	action := s.decision("cuenta.confirmar", p, key, id, "")
	_, err := s.desk.Do(ctx, p, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		r, err := lockRequest(ctx, tx, p, id)
		if err != nil {
			return "", err
		}
		if r.RequestedBy == who.Account || r.Email == who.Email {
			return "", fault.New(fault.Forbidden, "Esto lo debe confirmar otra persona: ni quien lo pidió ni a quien se refiere.")
		}
		account, err := s.carryOut(ctx, tx, who, r)
		if err != nil {
			return "", err
		}
		action.Details["cuenta"], action.Details["clase"], action.Details["funcion"] = strconv.FormatInt(account, 10), r.Kind, r.RoleCode
		const q = `UPDATE desk.account_requests SET state = 'confirmada', decided_by = $2, decided_at = $3 WHERE id = $1`
		return "", tx.Exec(ctx, q, id, who.Account, tx.Now())
	})
	return err
}

// carryOut does what a request asks for, and returns whose account it changed.
func (s *Store) carryOut(ctx context.Context, tx *db.Tx, who auth.Who, r Request) (int64, error) {
	if r.Kind == Reset {
		t, err := lockTarget(ctx, tx, who.Process, r.Account)
		if err != nil {
			return 0, err
		}
		if !t.active {
			return 0, errSuspended
		}
		if err := s.auth.RemoveFactor(ctx, tx, r.Account); err != nil {
			return 0, err
		}
		// Without a password: whoever asked for it in person chooses both again.
		if err := s.auth.SetPassword(ctx, tx, r.Account, ""); err != nil {
			return 0, err
		}
		return r.Account, s.sendInvitation(ctx, tx, who.Process, r.Account, who.Account, t.role)
	}
	n := NewPerson{Email: r.Email, Name: r.Name, Role: r.RoleCode, Acronym: r.Acronym, Basis: r.Basis}
	if r.Until != nil {
		n.Until = *r.Until
	}
	at, missing, err := locate(ctx, tx, who.Process, n)
	if err != nil {
		return 0, err
	}
	if err := fault.InvalidFields(append(n.check(tx.Now()), missing...)); err != nil {
		return 0, err
	}
	return s.admit(ctx, tx, who.Process, who.Account, n, at)
}

// Discard closes a request without granting it, with the reason. Whoever made it
// may.
func (s *Store) Discard(ctx context.Context, p auth.Proposer, key string, id int64, reason string) error {
	reason = strings.TrimSpace(reason)
	if n := len([]rune(reason)); n < 3 || n > 500 {
		return fault.InvalidField(ReasonField, "Escribe el motivo en 500 caracteres o menos")
	}
	_, err := s.desk.Do(ctx, p, s.decision("cuenta.desechar", p, key, id, reason), func(ctx context.Context, tx *db.Tx) (string, error) {
		if _, err := lockRequest(ctx, tx, p, id); err != nil {
			return "", err
		}
		const q = `UPDATE desk.account_requests SET state = 'desechada', decided_by = $2, decided_at = $3, reason = $4 WHERE id = $1`
		return "", tx.Exec(ctx, q, id, p.AccountID(), tx.Now(), reason)
	})
	return err
}

func (s *Store) decision(kind string, p auth.Proposer, key string, id int64, reason string) db.Action {
	return db.Action{
		Kind: kind, Process: p.Person().Process, Object: "solicitud " + strconv.FormatInt(id, 10), Key: key, Payload: []byte(reason),
		Details: map[string]string{},
	}
}

// lockRequest reads and holds a request that waits.
func lockRequest(ctx context.Context, tx *db.Tx, p auth.Proposer, id int64) (Request, error) {
	const q = requestColumns + ` WHERE r.process_id = $1 AND` + mayDecide + ` AND r.id = $3 FOR UPDATE OF r`
	r, err := one[Request](ctx, tx, q, p.Person().Process, p.Role(), id)
	if err == nil && r.State != "por_confirmar" {
		err = fault.New(fault.Conflict, "Esta solicitud ya se decidió: recarga la página para ver cómo.")
	}
	return r, err
}
