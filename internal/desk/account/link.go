package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// The kinds of links.
const (
	invitation = "invitacion"
	recovery   = "recuperacion"
)

// RecoveryLife is how long a link to recover an access works.
const RecoveryLife = 30 * time.Minute

// newLink makes a link of an account, in place of the one of its kind that was
// open, and returns its address. Only the hash of its token is kept.
func (s *Store) newLink(ctx context.Context, tx *db.Tx, process, account, madeBy int64, kind string, until time.Time) (string, error) {
	if err := cancelLinks(ctx, tx, account, kind); err != nil {
		return "", err
	}
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails
	token := base64.RawURLEncoding.EncodeToString(random)
	const q = `
INSERT INTO desk.access_links (process_id, account_id, kind, token_hash, made_by, made_at, expires_at)
VALUES ($1, $2, $3, $4, NULLIF($5, 0), $6, $7)`
	path := map[string]string{invitation: "/invitacion/", recovery: "/recuperar/"}[kind]
	return s.base + path + token, tx.Exec(ctx, q, process, account, kind, hashOf(token), madeBy, tx.Now(), until)
}

// cancelLinks ends the open links of an account; kind "" is all of them.
func cancelLinks(ctx context.Context, tx *db.Tx, account int64, kind string) error {
	const q = `
UPDATE desk.access_links SET cancelled_at = $3
WHERE account_id = $1 AND ($2 = '' OR kind = $2) AND used_at IS NULL AND cancelled_at IS NULL`
	return tx.Exec(ctx, q, account, kind, tx.Now())
}

func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// errLink is the one answer to a link that was used, expired, was replaced or
// never existed.
var errLink = fault.New(fault.NotFound, "Este enlace ya no sirve: cada uno se usa una vez y por un tiempo. Si ya elegiste tu contraseña, entra con ella; si no, pide otro enlace en «Recuperar el acceso» o al área de informática del Instituto.")

// Opening is what a link opens.
type Opening struct {
	Account    int64
	Process    int64
	Name       string
	Email      string
	Role       string
	Scope      string // party or candidacy
	Institute  string
	Expires    time.Time
	Enrolled   bool // the account has a second factor
	WithFactor bool // has it, or will have to
}

// openingRow is a link with its person.
type openingRow struct {
	Account   int64
	Process   int64
	Name      string
	Email     string
	Role      string
	Scope     string
	Place     string
	Institute string
	Expires   time.Time
}

// Invitation returns what a link of invitation opens, and changes nothing.
func (s *Store) Invitation(ctx context.Context, token string) (Opening, error) {
	return s.opening(ctx, token, invitation)
}

// Recovery returns what a link of recovery opens, and changes nothing.
func (s *Store) Recovery(ctx context.Context, token string) (Opening, error) {
	return s.opening(ctx, token, recovery)
}

func (s *Store) opening(ctx context.Context, token, kind string) (Opening, error) {
	const q = `
SELECT a.id AS account, l.process_id AS process, a.name, a.email, g.role, COALESCE(n.name, m.name, '') AS scope,
  COALESCE((SELECT place FROM desk.institution), '') AS place, COALESCE((SELECT name || ' ' || acronym FROM desk.institution), '') AS institute,
  l.expires_at AS expires
FROM desk.access_links l
JOIN desk.accounts a ON a.id = l.account_id AND a.active
JOIN desk.grants g ON g.account_id = a.id AND g.process_id = l.process_id
LEFT JOIN desk.nominators n ON n.id = g.nominator_id
LEFT JOIN desk.candidacies c ON c.id = g.candidacy_id
LEFT JOIN desk.nominators m ON m.id = c.nominator_id
WHERE l.token_hash = $1 AND l.kind = $2 AND l.used_at IS NULL AND l.cancelled_at IS NULL AND l.expires_at > $3`
	r, err := one[openingRow](ctx, s.desk, q, hashOf(token), kind, s.desk.Now())
	if fault.Is(err, fault.NotFound) {
		return Opening{}, errLink
	}
	if err != nil {
		return Opening{}, err
	}
	f, err := s.auth.Factor(ctx, r.Account)
	return Opening{
		Account: r.Account, Process: r.Process, Name: r.Name, Email: r.Email, Role: r.Role, Scope: r.Scope,
		Institute: r.Institute + " " + r.Place, Expires: r.Expires, Enrolled: f.Enrolled, WithFactor: f.Enrolled || f.Required,
	}, err
}

// Policy is what the password of this person must comply with.
func (o Opening) Policy() auth.Policy {
	return auth.Policy{WithFactor: o.WithFactor, Words: []string{o.Name, o.Email, o.Scope, o.Institute}}
}

// Activate gives the account of a link its first password, and returns it. The
// link works once: of two requests at the same time, one gets it.
func (s *Store) Activate(ctx context.Context, token, password string) (int64, error) {
	o, err := s.Invitation(ctx, token)
	if err != nil {
		return 0, err
	}
	return o.Account, s.usePassword(ctx, o, token, invitation, password)
}

// Reset gives the account of a link of recovery another password. Whoever has a
// second factor proves it too: a mailbox alone is not enough. Every session ends
// and the person is told.
func (s *Store) Reset(ctx context.Context, token, password, code string) (int64, error) {
	o, err := s.Recovery(ctx, token)
	if err != nil {
		return 0, err
	}
	if err := o.Policy().Check(password); err != nil {
		return 0, err
	}
	if o.Enrolled {
		if err := s.auth.CheckCode(ctx, o.Account, code); err != nil {
			return 0, err
		}
	}
	return o.Account, s.usePassword(ctx, o, token, recovery, password)
}

func (s *Store) usePassword(ctx context.Context, o Opening, token, kind, password string) error {
	if err := o.Policy().Check(password); err != nil {
		return err
	}
	hash, err := s.auth.Hash(ctx, password)
	if err != nil {
		return err
	}
	// No idempotency key: a link that works once needs none, and an answer that is
	// given again would let in whoever repeats the form.
	action := db.Action{Kind: map[string]string{invitation: "cuenta.activar", recovery: "cuenta.recuperar"}[kind], Process: o.Process, Object: object(o.Account)}
	_, err = s.desk.Do(ctx, self{o.Account, o.Role}, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		const use = `
UPDATE desk.access_links SET used_at = $3
WHERE token_hash = $1 AND kind = $2 AND used_at IS NULL AND cancelled_at IS NULL AND expires_at > $3`
		n, err := tx.ExecRows(ctx, use, hashOf(token), kind, tx.Now())
		if err == nil && n == 0 {
			err = errLink
		}
		if err == nil {
			err = s.auth.SetPassword(ctx, tx, o.Account, hash)
		}
		if err != nil || kind == invitation {
			return "", err
		}
		return "", tell(ctx, tx, o.Process, o.Account, "contrasena", "Tu contraseña de Conóceles cambió",
			"El "+es.FullDateTime(tx.Now())+" elegiste otra contraseña con el enlace que te enviamos. Tus sesiones se cerraron.")
	})
	return err
}

// recoverable is an account that may recover its access.
type recoverable struct {
	Account int64
	Process int64
	Role    string
}

// Recover sends a link to whoever has an account with that address. It answers
// the same to every address, the caller in the same time; too many requests send
// nothing and say nothing.
func (s *Store) Recover(ctx context.Context, email string, from auth.Visitor) error {
	email = NewPerson{Email: email}.tidy().Email
	var mayAsk bool
	err := s.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		mayAsk, err = s.auth.Turn(ctx, tx, "recuperar", email, from)
		return err
	})
	if err != nil {
		return err
	}
	const find = `
SELECT a.id AS account, g.process_id AS process, g.role FROM desk.accounts a JOIN desk.grants g ON g.account_id = a.id
JOIN desk.processes p ON p.id = g.process_id
WHERE a.email = $1 AND a.active AND a.password_hash <> '' ORDER BY p.created_at DESC, p.id DESC LIMIT 1`
	r, err := one[recoverable](ctx, s.desk, find, email)
	if fault.Is(err, fault.NotFound) || err == nil && !mayAsk {
		return nil
	}
	if err != nil {
		return err
	}
	action := db.Action{Kind: "cuenta.enlace", Process: r.Process, Object: object(r.Account)}
	_, err = s.desk.Do(ctx, self{r.Account, r.Role}, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		address, err := s.newLink(ctx, tx, r.Process, r.Account, 0, recovery, tx.Now().Add(RecoveryLife))
		if err != nil {
			return "", err
		}
		return "", tell(ctx, tx, r.Process, r.Account, "recuperar", "Recupera tu acceso a Conóceles",
			"Alguien, tal vez tú, pidió recuperar el acceso de este correo. Elige otra contraseña en esta dirección, que sirve una vez y durante 30 minutos:",
			address, "Si no fuiste tú, no hagas nada: tu contraseña sigue siendo la misma.")
	})
	return err
}
