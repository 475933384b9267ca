package account

import (
	"context"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// Designate asks for an account for somebody who captures or validates for the
// actor's own party, whatever the form says; the systems unit grants it.
func (s *Store) Designate(ctx context.Context, v auth.Validator, key string, n NewPerson) error {
	n = n.tidy()
	if n.Role != (auth.Operator{}).Role() && n.Role != (auth.Validator{}).Role() {
		return fault.InvalidField(RoleField, "Elige la función: captura o responsable")
	}
	var kind string
	const own = `SELECT acronym, kind FROM desk.nominators WHERE id = $1 AND process_id = $2`
	if err := s.desk.QueryRow(ctx, own, v.Nominator, v.Process).Scan(&n.Acronym, &kind); err != nil {
		return db.Fault(err)
	}
	n.Folio = ""
	_, err := s.request(ctx, v, v.Who, key, n)
	return err
}

// OfParty returns the people of the actor's own party, and what was asked for it.
func (s *Store) OfParty(ctx context.Context, v auth.Validator) ([]Person, []Request, error) {
	people, err := many[personRow](ctx, s.desk, personColumns+` WHERE g.process_id = $1 AND g.nominator_id = $3 ORDER BY a.name, a.id`, v.Process, s.desk.Now(), v.Nominator)
	if err != nil {
		return nil, nil, err
	}
	requests, err := many[Request](ctx, s.desk, requestColumns+` WHERE r.process_id = $1 AND r.nominator_id = $2 ORDER BY r.id DESC LIMIT 50`, v.Process, v.Nominator)
	return persons(people), requests, err
}

// SuspendOfParty takes the access of somebody of the actor's own party away at
// once. Somebody of another party, or who is not there, is NotFound.
func (s *Store) SuspendOfParty(ctx context.Context, v auth.Validator, key string, account int64, reason string) error {
	return s.change(ctx, v, key, "cuenta.suspender", account, reason, func(ctx context.Context, tx *db.Tx, t target) error {
		switch {
		case t.nominator == 0 || t.nominator != v.Nominator:
			return fault.New(fault.NotFound, "")
		case account == v.Account:
			return errSelf
		}
		if err := tx.Exec(ctx, `UPDATE desk.accounts SET active = false WHERE id = $1`, account); err != nil {
			return err
		}
		return s.shut(ctx, tx, v.Process, account, "Tu cuenta de Conóceles está suspendida", "La persona responsable de tu partido suspendió tu acceso.")
	})
}
