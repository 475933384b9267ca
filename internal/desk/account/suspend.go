package account

import (
	"context"
	"strings"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// Suspend takes somebody's access away at once: sessions and links end with it.
// Nobody suspends themselves, nor the last Admin who can enter (Forbidden,
// Conflict). Nothing is deleted.
func (s *Store) Suspend(ctx context.Context, a auth.Admin, key string, account int64, reason string) error {
	return s.change(ctx, a, key, "cuenta.suspender", account, reason, func(ctx context.Context, tx *db.Tx, t target) error {
		if err := notTheLast(ctx, tx, a, account, t); err != nil {
			return err
		}
		if err := tx.Exec(ctx, `UPDATE desk.accounts SET active = false WHERE id = $1`, account); err != nil {
			return err
		}
		return s.shut(ctx, tx, a.Process, account, "Tu cuenta de Conóceles está suspendida", "Tu acceso quedó suspendido. Si crees que es un error, comunícate con el Instituto.")
	})
}

// Resume gives a suspended account its access back. Whoever had not activated it
// needs another invitation.
func (s *Store) Resume(ctx context.Context, a auth.Admin, key string, account int64, reason string) error {
	return s.change(ctx, a, key, "cuenta.reactivar", account, reason, func(ctx context.Context, tx *db.Tx, t target) error {
		if t.active {
			return fault.New(fault.Conflict, "La cuenta no está suspendida.")
		}
		if auth.OfInstitute(t.role) && a.Account == account {
			return errSelf
		}
		if err := tx.Exec(ctx, `UPDATE desk.accounts SET active = true, failures = 0 WHERE id = $1`, account); err != nil {
			return err
		}
		return tell(ctx, tx, a.Process, account, "reactivar", "Tu cuenta de Conóceles está activa", "Tu acceso quedó activo otra vez.")
	})
}

// Retire takes a role in the process away; the account stays, for the record of
// what it did. It is how a role changes: this one goes, another is given.
func (s *Store) Retire(ctx context.Context, a auth.Admin, key string, account int64, reason string) error {
	return s.change(ctx, a, key, "cuenta.quitar_funcion", account, reason, func(ctx context.Context, tx *db.Tx, t target) error {
		if err := notTheLast(ctx, tx, a, account, t); err != nil {
			return err
		}
		if err := tx.Exec(ctx, `DELETE FROM desk.grants WHERE account_id = $1 AND process_id = $2`, account, a.Process); err != nil {
			return err
		}
		return s.shut(ctx, tx, a.Process, account, "Tu función en Conóceles terminó", "Ya no tienes una función en este proceso.")
	})
}

// change does something to an account of the actor's process, with a reason.
func (s *Store) change(ctx context.Context, by auth.Actor, key, kind string, account int64, reason string, fn func(context.Context, *db.Tx, target) error) error {
	reason = strings.TrimSpace(reason)
	if n := len([]rune(reason)); n < 3 || n > 500 {
		return fault.InvalidField(ReasonField, "Escribe el motivo en 500 caracteres o menos")
	}
	process := by.Person().Process
	action := db.Action{Kind: kind, Process: process, Object: object(account), Key: key, Payload: []byte(reason), Details: map[string]string{"motivo": reason}}
	_, err := s.desk.Do(ctx, by, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := tx.Lock(ctx, "cuentas"); err != nil { // so that two Admins do not suspend each other at once
			return "", err
		}
		t, err := lockTarget(ctx, tx, process, account)
		if err != nil {
			return "", err
		}
		return "", fn(ctx, tx, t)
	})
	return err
}

var errSelf = fault.New(fault.Forbidden, "Nadie cambia su propio acceso: pídeselo a otra persona.")

// notTheLast refuses to leave the process without anybody who can administer it.
func notTheLast(ctx context.Context, tx *db.Tx, a auth.Admin, account int64, t target) error {
	if a.Account == account {
		return errSelf
	}
	if t.role != a.Role() {
		return nil
	}
	var others bool
	const q = `
SELECT EXISTS (SELECT 1 FROM desk.grants g JOIN desk.accounts x ON x.id = g.account_id AND x.active AND x.password_hash <> ''
  WHERE g.process_id = $1 AND g.role = 'administracion' AND g.account_id <> $2 AND (g.expires_at IS NULL OR g.expires_at > $3))`
	if err := tx.QueryRow(ctx, q, a.Process, account, tx.Now()).Scan(&others); err != nil {
		return err
	}
	if !others {
		return fault.New(fault.Conflict, "Es la última persona que puede administrar el proceso: da antes esa función a otra.")
	}
	return nil
}

// shut ends sessions and links, and tells the person.
func (s *Store) shut(ctx context.Context, tx *db.Tx, process, account int64, subject, text string) error {
	if err := s.auth.EndSessions(ctx, tx, account); err != nil {
		return err
	}
	if err := cancelLinks(ctx, tx, account, ""); err != nil {
		return err
	}
	return tell(ctx, tx, process, account, "acceso", subject, text)
}
