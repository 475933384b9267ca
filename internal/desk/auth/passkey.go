package auth

import (
	"context"
	"encoding/json"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/fault"
)

// Passkeys are second factors that a device keeps and proves without a code. They
// are added to an application of codes, never instead of it: whoever loses the
// device still has their codes, and so does a browser that runs no script.
type Passkeys struct {
	store *Store
	base  *url.URL // where people reach the program
}

// The fields of the forms of passkeys.
const (
	PasskeyField     = "llave"  // what the device answered, as JSON
	PasskeyNameField = "nombre" // how its owner calls it
)

const (
	passkeySeal  = "llave-de-acceso"
	mostPasskeys = 5
)

// NewPasskeys returns the passkeys of accounts of a program that people reach at
// an address: no other site can ask for one.
func NewPasskeys(store *Store, address string) (*Passkeys, error) {
	base, err := url.Parse(address)
	return &Passkeys{store: store, base: base}, err
}

// Passkey is a passkey of somebody, as they recognise it.
type Passkey struct {
	ID         int64
	Name       string
	CreatedAt  time.Time
	LastUsedAt *time.Time
}

// Ceremony is what the program asks of the browser, and what it keeps meanwhile.
type Ceremony struct {
	Options string // JSON, for the script
	Kept    []byte // for the session: it is used once
}

var errPasskey = fault.InvalidField(PasskeyField, "No pudimos comprobar tu llave. Inténtalo otra vez o usa el código de tu aplicación")

// relying is who asks for a passkey at a host; nil where none can be: devices know
// sites by name, and a number is none. On the machine itself that is localhost.
func (p *Passkeys) relying(host string) *webauthn.WebAuthn {
	id, origin := p.base.Hostname(), p.base.Scheme+"://"+p.base.Host
	if ip := net.ParseIP(id); id == "localhost" || ip.IsLoopback() {
		if name, _, _ := strings.Cut(host, ":"); name != "localhost" {
			return nil
		}
		id, origin = "localhost", "http://"+host
	} else if ip != nil {
		return nil
	}
	w, err := webauthn.New(&webauthn.Config{RPID: id, RPDisplayName: "Conóceles", RPOrigins: []string{origin}})
	if err != nil {
		return nil
	}
	return w
}

// Available reports whether a browser that reached the program at host may use
// passkeys.
func (p *Passkeys) Available(host string) bool { return p.relying(host) != nil }

// holder is an account as devices know it.
type holder struct {
	handle      []byte
	name        string
	credentials []webauthn.Credential
}

// WebAuthnID returns a name that tells nothing of the account.
func (h holder) WebAuthnID() []byte { return h.handle }

// WebAuthnName returns the address with which the person enters.
func (h holder) WebAuthnName() string { return h.name }

// WebAuthnDisplayName returns the same.
func (h holder) WebAuthnDisplayName() string { return h.name }

// WebAuthnCredentials returns the passkeys of the account.
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.credentials }

// holder reads the passkeys of an account. One that does not open is none.
func (p *Passkeys) holder(ctx context.Context, q db.Querier, a Actor) (holder, error) {
	id := a.AccountID()
	h := holder{handle: p.store.desk.MAC([]byte("llave\x00persona\x00" + strconv.FormatInt(id, 10))), name: a.Person().Email}
	rows, err := q.Query(ctx, `SELECT sealed FROM desk.passkeys WHERE account_id = $1 ORDER BY id`, id)
	if err != nil {
		return h, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	for _, sealed := range all {
		plain, err := p.store.open(passkeySeal, id, sealed)
		if err != nil {
			continue
		}
		var c webauthn.Credential
		if json.Unmarshal(plain, &c) == nil {
			h.credentials = append(h.credentials, c)
		}
	}
	return h, db.Fault(err)
}

// List returns the passkeys of an actor, in the order in which they were added.
func (p *Passkeys) List(ctx context.Context, a Actor) ([]Passkey, error) {
	rows, err := p.store.desk.Query(ctx, `SELECT id, name, created_at, last_used_at FROM desk.passkeys WHERE account_id = $1 ORDER BY id`, a.AccountID())
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Passkey])
	return all, db.Fault(err)
}

// Offer begins to add a passkey.
func (p *Passkeys) Offer(ctx context.Context, host string, a Actor) (Ceremony, error) {
	w := p.relying(host)
	if w == nil {
		return Ceremony{}, fault.New(fault.NotFound, "")
	}
	h, err := p.holder(ctx, p.store.desk, a)
	if err != nil {
		return Ceremony{}, err
	}
	options, session, err := w.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.credentials).CredentialDescriptors()))
	if err != nil {
		return Ceremony{}, err
	}
	return ceremony(options.Response, session)
}

// Ask begins to prove a passkey; a zero Ceremony when the account has none that
// this host may use.
func (p *Passkeys) Ask(ctx context.Context, host string, a Actor) (Ceremony, error) {
	w := p.relying(host)
	if w == nil {
		return Ceremony{}, nil
	}
	h, err := p.holder(ctx, p.store.desk, a)
	if err != nil || len(h.credentials) == 0 {
		return Ceremony{}, err
	}
	options, session, err := w.BeginLogin(h)
	if err != nil {
		return Ceremony{}, err
	}
	return ceremony(options.Response, session)
}

// ceremony writes what is asked of the browser and what is kept.
func ceremony[O protocol.PublicKeyCredentialCreationOptions | protocol.PublicKeyCredentialRequestOptions](options O, session *webauthn.SessionData) (Ceremony, error) {
	text, err := json.Marshal(options)
	if err != nil {
		return Ceremony{}, err
	}
	kept, err := json.Marshal(session)
	return Ceremony{string(text), kept}, err
}

// Add gives the actor the passkey that a device answered with to an Offer. It
// takes an account that has an application of codes.
func (p *Passkeys) Add(ctx context.Context, tx *db.Tx, host string, a Actor, name string, kept []byte, answer string) error {
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n < 1 || n > 60 {
		return fault.InvalidField(PasskeyNameField, "Escribe cómo la llamas, en hasta 60 caracteres: «Mi computadora»")
	}
	var enrolled bool
	var count int
	const read = `
SELECT EXISTS (SELECT 1 FROM desk.second_factors WHERE account_id = $1), (SELECT count(*) FROM desk.passkeys WHERE account_id = $1)
FROM desk.accounts WHERE id = $1 FOR UPDATE`
	if err := tx.QueryRow(ctx, read, a.AccountID()).Scan(&enrolled, &count); err != nil {
		return err
	}
	switch {
	case !enrolled:
		return fault.New(fault.Conflict, "Activa primero tu aplicación de códigos.")
	case count >= mostPasskeys:
		return fault.New(fault.Conflict, "Ya tienes cinco llaves. Quita una antes de agregar otra.")
	}
	h, err := p.holder(ctx, tx, a)
	if err != nil {
		return err
	}
	var session webauthn.SessionData
	w, parsed := p.relying(host), (*protocol.ParsedCredentialCreationData)(nil)
	if w == nil || json.Unmarshal(kept, &session) != nil {
		return errPasskey
	}
	if parsed, err = protocol.ParseCredentialCreationResponseBytes([]byte(answer)); err != nil {
		return errPasskey
	}
	credential, err := w.CreateCredential(h, session, parsed)
	if err != nil {
		return errPasskey
	}
	sealed, err := p.sealed(a, credential)
	if err != nil {
		return err
	}
	const insert = `INSERT INTO desk.passkeys (account_id, name, credential_id, sealed, created_at) VALUES ($1, $2, $3, $4, $5)`
	return tx.Exec(ctx, insert, a.AccountID(), name, credential.ID, sealed, tx.Now())
}

func (p *Passkeys) sealed(a Actor, c *webauthn.Credential) ([]byte, error) {
	plain, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	return p.store.seal(passkeySeal, a.AccountID(), plain)
}

// Check takes what a device answered to Ask. A wrong answer is Invalid, and so is
// one of a device that seems copied: its counter went back.
func (p *Passkeys) Check(ctx context.Context, host string, a Actor, kept []byte, answer string) error {
	var session webauthn.SessionData
	w := p.relying(host)
	if w == nil || json.Unmarshal(kept, &session) != nil {
		return errPasskey
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return errPasskey
	}
	return p.store.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		var id int64 // one answer at a time: each counts from the one before
		if err := tx.QueryRow(ctx, `SELECT id FROM desk.accounts WHERE id = $1 FOR UPDATE`, a.AccountID()).Scan(&id); err != nil {
			return err
		}
		h, err := p.holder(ctx, tx, a)
		if err != nil {
			return err
		}
		credential, err := w.ValidateLogin(h, session, parsed)
		if err != nil || credential.Authenticator.CloneWarning {
			return errPasskey
		}
		sealed, err := p.sealed(a, credential)
		if err != nil {
			return err
		}
		const used = `UPDATE desk.passkeys SET sealed = $3, last_used_at = $4 WHERE account_id = $1 AND credential_id = $2`
		return tx.Exec(ctx, used, a.AccountID(), credential.ID, sealed, tx.Now())
	})
}

// Remove takes a passkey of the actor away; NotFound for one of somebody else.
func (p *Passkeys) Remove(ctx context.Context, tx *db.Tx, a Actor, id int64) error {
	n, err := tx.ExecRows(ctx, `DELETE FROM desk.passkeys WHERE account_id = $1 AND id = $2`, a.AccountID(), id)
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "")
	}
	return err
}
