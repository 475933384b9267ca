package account

import (
	"context"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// Entered leaves in the bitácora that somebody entered, and tells them when it was
// from a browser that they had not used. device is the browser in words. Where
// accounts are everybody's, in a demonstration, nobody is told.
func (s *Store) Entered(ctx context.Context, a auth.Actor, from auth.Visitor, device string) error {
	who := a.Person()
	action := db.Action{Kind: "sesion.abrir", Process: who.Process, Object: object(who.Account)}
	_, err := s.desk.Do(ctx, a, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if who.Demo || s.auth.KnownDevice(who.Email, from) {
			return "", nil
		}
		return "", tell(ctx, tx, who.Process, who.Account, "equipo", "Entraste a Conóceles desde otro navegador",
			"El "+es.FullDateTime(tx.Now())+" alguien entró con tu cuenta desde "+device+". Si fuiste tú, no tienes que hacer nada.",
			"Si no fuiste tú, recupera tu acceso ahora: "+s.base+"/recuperar")
	})
	return err
}

// Policy is what a new password of an actor must comply with.
func (s *Store) Policy(ctx context.Context, a auth.Actor) (auth.Policy, error) {
	who := a.Person()
	f, err := s.auth.Factor(ctx, who.Account)
	if err != nil {
		return auth.Policy{}, err
	}
	p := auth.Policy{WithFactor: f.Enrolled || f.Required, Words: []string{who.Name, who.Email, who.ProcessName}}
	switch v := a.(type) {
	case auth.Operator:
		p.Words = append(p.Words, v.NominatorName)
	case auth.Validator:
		p.Words = append(p.Words, v.NominatorName)
	}
	return p, nil
}

// CurrentField is the field of the password that somebody has now.
const CurrentField = "actual"

// ChangePassword changes the actor's own password, who proves the one they have.
// Every session ends, and they are told.
func (s *Store) ChangePassword(ctx context.Context, a auth.Actor, current, password string) error {
	err := s.auth.CheckPassword(ctx, a.AccountID(), current)
	if fault.Is(err, fault.Invalid) {
		return fault.InvalidField(CurrentField, "La contraseña que tienes ahora no coincide")
	}
	if err != nil {
		return err
	}
	policy, err := s.Policy(ctx, a)
	if err != nil {
		return err
	}
	if err := policy.Check(password); err != nil {
		return err
	}
	hash, err := s.auth.Hash(ctx, password)
	if err != nil {
		return err
	}
	return s.own(ctx, a, "cuenta.contrasena", func(ctx context.Context, tx *db.Tx) error {
		if err := s.auth.SetPassword(ctx, tx, a.AccountID(), hash); err != nil {
			return err
		}
		return tell(ctx, tx, a.Person().Process, a.AccountID(), "contrasena", "Tu contraseña de Conóceles cambió",
			"El "+es.FullDateTime(tx.Now())+" cambiaste tu contraseña. Tus sesiones se cerraron.")
	})
}

// Enrol gives the actor the second factor of a seed, proved with a code of it, and
// returns their recovery codes, which nobody can show again.
func (s *Store) Enrol(ctx context.Context, a auth.Actor, seed auth.Seed, code string) (codes []string, err error) {
	err = s.own(ctx, a, "cuenta.segundo_factor", func(ctx context.Context, tx *db.Tx) error {
		if codes, err = s.auth.Enrol(ctx, tx, a.AccountID(), seed, code); err != nil {
			return err
		}
		return tell(ctx, tx, a.Person().Process, a.AccountID(), "factor", "Tu segundo factor de Conóceles cambió",
			"El "+es.FullDateTime(tx.Now())+" activaste una aplicación de códigos para entrar.")
	})
	return codes, err
}

// NewCodes gives the actor new recovery codes in place of those they had.
func (s *Store) NewCodes(ctx context.Context, a auth.Actor) (codes []string, err error) {
	err = s.own(ctx, a, "cuenta.codigos", func(ctx context.Context, tx *db.Tx) error {
		var enrolled bool
		const q = `SELECT EXISTS (SELECT 1 FROM desk.second_factors WHERE account_id = $1)`
		if err := tx.QueryRow(ctx, q, a.AccountID()).Scan(&enrolled); err != nil {
			return err
		}
		if !enrolled {
			return fault.New(fault.Conflict, "Activa primero tu segundo factor.")
		}
		if codes, err = s.auth.NewCodes(ctx, tx, a.AccountID()); err != nil {
			return err
		}
		return tell(ctx, tx, a.Person().Process, a.AccountID(), "factor", "Tus códigos de respaldo de Conóceles cambiaron",
			"El "+es.FullDateTime(tx.Now())+" pediste códigos de respaldo nuevos. Los anteriores ya no sirven.")
	})
	return codes, err
}

// AddPasskey records that the actor added a passkey, which add keeps, and tells
// them.
func (s *Store) AddPasskey(ctx context.Context, a auth.Actor, add func(context.Context, *db.Tx) error) error {
	return s.passkey(ctx, a, "cuenta.llave_nueva", "agregaste una llave de acceso", add)
}

// RemovePasskey is AddPasskey for one that the actor takes away.
func (s *Store) RemovePasskey(ctx context.Context, a auth.Actor, remove func(context.Context, *db.Tx) error) error {
	return s.passkey(ctx, a, "cuenta.llave_quitada", "quitaste una llave de acceso", remove)
}

func (s *Store) passkey(ctx context.Context, a auth.Actor, kind, what string, change func(context.Context, *db.Tx) error) error {
	return s.own(ctx, a, kind, func(ctx context.Context, tx *db.Tx) error {
		if err := change(ctx, tx); err != nil {
			return err
		}
		return tell(ctx, tx, a.Person().Process, a.AccountID(), "factor", "Tus llaves de acceso de Conóceles cambiaron",
			"El "+es.FullDateTime(tx.Now())+" "+what+".")
	})
}

// own does something to the actor's own account. What it returns is shown once,
// so no answer is kept for a repeated form.
func (s *Store) own(ctx context.Context, a auth.Actor, kind string, fn func(context.Context, *db.Tx) error) error {
	action := db.Action{Kind: kind, Process: a.Person().Process, Object: object(a.AccountID())}
	_, err := s.desk.Do(ctx, a, action, func(ctx context.Context, tx *db.Tx) (string, error) { return "", fn(ctx, tx) })
	return err
}
