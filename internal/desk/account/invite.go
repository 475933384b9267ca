package account

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// Invited tells what came of an invitation.
type Invited struct {
	Account int64 // 0 when it waits for another person
	Request int64 // 0 when nobody else has to confirm it
}

// Invite gives a person a role and sends them a link; a role of the institute
// waits first for another person's confirmation. A person who has an account
// already enters with it.
//
// Errors: Invalid with the fields; Conflict when the person has a role in the
// process, is suspended or is waiting for a confirmation.
func (s *Store) Invite(ctx context.Context, a auth.Admin, key string, n NewPerson) (Invited, error) {
	n = n.tidy()
	if auth.OfInstitute(n.Role) {
		id, err := s.request(ctx, a, a.Who, key, n)
		return Invited{Request: id}, err
	}
	action := db.Action{Kind: "cuenta.invitar", Process: a.Process, Object: "proceso " + strconv.FormatInt(a.Process, 10), Key: key, Payload: n.payload(), Details: map[string]string{}}
	done, err := s.desk.Do(ctx, a, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		fields := n.check(tx.Now())
		at, missing, err := locate(ctx, tx, a.Process, n)
		if err != nil {
			return "", err
		}
		if err := fault.InvalidFields(append(fields, missing...)); err != nil {
			return "", err
		}
		id, err := s.admit(ctx, tx, a.Process, a.Account, n, at)
		action.Details["cuenta"], action.Details["funcion"] = strconv.FormatInt(id, 10), n.Role
		return strconv.FormatInt(id, 10), err
	})
	if err != nil {
		return Invited{}, err
	}
	id, err := strconv.ParseInt(done.Result, 10, 64)
	return Invited{Account: id}, err
}

// admit makes the account if there is none, gives it the role and sends the link,
// or the news to whoever has a password already.
func (s *Store) admit(ctx context.Context, tx *db.Tx, process, by int64, n NewPerson, at place) (int64, error) {
	const insert = `INSERT INTO desk.accounts (email, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (email) DO NOTHING`
	if err := tx.Exec(ctx, insert, n.Email, n.Name, tx.Now()); err != nil {
		return 0, err
	}
	var id int64
	var active, hasPassword bool
	const find = `SELECT id, active, password_hash <> '' FROM desk.accounts WHERE email = $1 FOR UPDATE`
	if err := tx.QueryRow(ctx, find, n.Email).Scan(&id, &active, &hasPassword); err != nil {
		return 0, err
	}
	if !active {
		return 0, fault.New(fault.Conflict, "La cuenta de ese correo está suspendida. Reactívala antes de darle una función.")
	}
	var until *time.Time
	if !n.Until.IsZero() {
		until = &n.Until
	}
	const grant = `
INSERT INTO desk.grants (account_id, process_id, role, nominator_id, candidacy_id, expires_at)
VALUES ($1, $2, $3, NULLIF($4, 0), NULLIF($5, 0), $6) ON CONFLICT DO NOTHING`
	granted, err := tx.ExecRows(ctx, grant, id, process, n.Role, at.nominator, at.candidacy, until)
	if err != nil {
		return 0, err
	}
	if granted == 0 {
		return 0, fault.New(fault.Conflict, "Ese correo ya tiene una función en este proceso: una persona, una cuenta. Si debe cambiar, quítasela primero.")
	}
	if hasPassword {
		return id, tell(ctx, tx, process, id, "funcion", "Tienes una función en Conóceles",
			"Desde ahora participas en Conóceles como «"+RoleName(n.Role)+"».", "Entra con tu contraseña de siempre: "+s.base+"/entrar")
	}
	return id, s.sendInvitation(ctx, tx, process, id, by, n.Role)
}

// sendInvitation makes the link and the message that carries it.
func (s *Store) sendInvitation(ctx context.Context, tx *db.Tx, process, account, by int64, role string) error {
	var hours int
	if err := tx.QueryRow(ctx, `SELECT invitation_hours FROM desk.processes WHERE id = $1`, process).Scan(&hours); err != nil {
		return err
	}
	until := tx.Now().Add(time.Duration(hours) * time.Hour)
	address, err := s.newLink(ctx, tx, process, account, by, invitation, until)
	if err != nil {
		return err
	}
	return tell(ctx, tx, process, account, "invitacion", "Activa tu cuenta de Conóceles",
		"El Instituto te da una cuenta en Conóceles como «"+RoleName(role)+"». Es personal: no se comparte.",
		"Actívala y elige tu contraseña en esta dirección, que sirve una sola vez y hasta el "+es.FullDateTime(until)+":", address)
}

// Reinvite sends another link to somebody who has not activated their account; the
// one before stops working. It is a Conflict for whoever already did.
func (s *Store) Reinvite(ctx context.Context, a auth.Admin, key string, account int64) error {
	action := db.Action{Kind: "cuenta.reinvitar", Process: a.Process, Object: object(account), Key: key}
	_, err := s.desk.Do(ctx, a, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		t, err := lockTarget(ctx, tx, a.Process, account)
		switch {
		case err != nil:
			return "", err
		case !t.active:
			return "", errSuspended
		case t.hasPassword:
			return "", fault.New(fault.Conflict, "Esta persona ya activó su cuenta. Si perdió su contraseña, puede recuperarla por sí misma.")
		}
		return "", s.sendInvitation(ctx, tx, a.Process, account, a.Account, t.role)
	})
	return err
}

var errSuspended = fault.New(fault.Conflict, "La cuenta está suspendida. Reactívala primero.")

// target is an account that somebody acts on.
type target struct {
	role        string
	nominator   int64
	active      bool
	hasPassword bool
}

// lockTarget reads and holds an account with a role in the process, or NotFound.
func lockTarget(ctx context.Context, tx *db.Tx, process, account int64) (t target, err error) {
	const q = `
SELECT g.role, COALESCE(g.nominator_id, 0), a.active, a.password_hash <> ''
FROM desk.accounts a JOIN desk.grants g ON g.account_id = a.id AND g.process_id = $2 WHERE a.id = $1 FOR UPDATE OF a`
	err = tx.QueryRow(ctx, q, account, process).Scan(&t.role, &t.nominator, &t.active, &t.hasPassword)
	if errors.Is(err, pgx.ErrNoRows) {
		err = fault.New(fault.NotFound, "")
	}
	return t, err
}

// one reads the single row of a query.
func one[T any](ctx context.Context, q db.Querier, sql string, args ...any) (T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		var none T
		return none, db.Fault(err)
	}
	out, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
	return out, db.Fault(err)
}

// many reads the rows of a query.
func many[T any](ctx context.Context, q db.Querier, sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, db.Fault(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	return out, db.Fault(err)
}
