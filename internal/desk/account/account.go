// Package account is the people: who may enter, as what, and how they come to.
//
// Nobody sets somebody else's password. An Admin invites a person, who gets a
// link by e-mail that works once and for some hours, and chooses a password; the
// link itself is kept nowhere, only its hash. The printed receipt of the
// invitation, signed by the person and registered here, starts the capture clock
// of the party or of the independent (domain 6.2).
//
//	party's people, candidates   Invite ───────────────────────┐
//	people of the institute      Invite ─> request ─> Confirm ─┼─> link ─> Activate
//	who captures for a party     Designate ─> request ─> Confirm┘
//	a whole list                 Bulk (CSV, all or nothing)
//	lost password                Recover ─> link ─> Reset
//	lost second factor           RequestReset ─> Confirm ─> link ─> Activate
//
// Roles of the institute are given by two persons, and a request is never
// confirmed by whoever made it: the database refuses it. There is no deletion: a
// person is suspended, loses a role, or their role expires. Everything is in the
// bitácora, without passwords, links or codes.
package account

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/notify"
	"conoceles/internal/fault"
)

// Store keeps the people.
type Store struct {
	desk *db.Desk
	auth *auth.Store
	base string
}

// New returns a Store; base is the address that people type, for the links.
func New(desk *db.Desk, accounts *auth.Store, base string) *Store {
	return &Store{desk: desk, auth: accounts, base: base}
}

// The fields of the forms about people.
const (
	EmailField     = "correo"
	NameField      = "nombre"
	RoleField      = "funcion"
	NominatorField = "actor"
	FolioField     = "candidatura"
	UntilField     = "hasta"
	BasisField     = "sustento"
	ReasonField    = "motivo"
	ReceivedField  = "recibido"
)

// roles says each role to people, in the order in which it is offered.
var roles = []struct{ role, name string }{
	{auth.Operator{}.Role(), "Captura de un partido"},
	{auth.Validator{}.Role(), "Responsable de un partido"},
	{auth.Candidate{}.Role(), "Persona candidata"},
	{auth.Reviewer{}.Role(), "Analista de Transparencia"},
	{auth.Head{}.Role(), "Titular de Transparencia"},
	{auth.Secretary{}.Role(), "Secretaría Ejecutiva"},
	{auth.Admin{}.Role(), "Informática"},
	{auth.Auditor{}.Role(), "Consulta: Comisión, Consejo, auditoría"},
}

// Roles returns the roles, in order.
func Roles() []string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = r.role
	}
	return out
}

// RoleName returns how people call a role.
func RoleName(role string) string {
	for _, r := range roles {
		if r.role == role {
			return r.name
		}
	}
	return role
}

// NewPerson is somebody to invite.
type NewPerson struct {
	Email   string
	Name    string
	Role    string
	Acronym string    // of the nominator: operador, validador
	Folio   string    // of the candidacy: candidata
	Until   time.Time // when the role ends; zero: when the process says
	Basis   string    // oficio or reason: roles of the institute, and designations
}

// tidy takes away blanks at the ends and the case of the address.
func (n NewPerson) tidy() NewPerson {
	n.Email, n.Name = strings.ToLower(strings.TrimSpace(n.Email)), strings.Join(strings.Fields(n.Name), " ")
	n.Acronym, n.Folio, n.Basis = strings.TrimSpace(n.Acronym), strings.TrimSpace(n.Folio), strings.TrimSpace(n.Basis)
	return n
}

// payload is what the idempotency key is bound to.
func (n NewPerson) payload() []byte {
	return []byte(strings.Join([]string{n.Email, n.Name, n.Role, n.Acronym, n.Folio, n.Until.UTC().Format(time.RFC3339), n.Basis}, "\x00"))
}

// check returns what is wrong with a person, before asking the registry.
func (n NewPerson) check(now time.Time) []fault.Field {
	var fields []fault.Field
	wrong := func(id, message string) { fields = append(fields, fault.Field{ID: id, Message: message}) }
	if !auth.ValidEmail(n.Email) {
		wrong(EmailField, "Escribe el correo como nombre@ejemplo.mx")
	}
	if l := len([]rune(n.Name)); l < 3 || l > 200 {
		wrong(NameField, "Escribe el nombre completo de la persona, en 200 caracteres o menos")
	}
	if RoleName(n.Role) == n.Role {
		wrong(RoleField, "Elige la función")
	}
	ofParty, candidate := n.Role == auth.Operator{}.Role() || n.Role == auth.Validator{}.Role(), n.Role == auth.Candidate{}.Role()
	switch {
	case ofParty && n.Acronym == "":
		wrong(NominatorField, "Elige para quién captura")
	case !ofParty && n.Acronym != "":
		wrong(NominatorField, "Sólo quien captura para un partido lleva actor postulante: déjalo vacío")
	}
	switch {
	case candidate && n.Folio == "":
		wrong(FolioField, "Escribe el folio de su candidatura")
	case !candidate && n.Folio != "":
		wrong(FolioField, "Sólo una persona candidata lleva candidatura: déjalo vacío")
	}
	if !n.Until.IsZero() && !n.Until.After(now) {
		wrong(UntilField, "La vigencia debe terminar después de hoy")
	}
	if len([]rune(n.Basis)) > 300 {
		wrong(BasisField, "Escribe el oficio o el motivo en 300 caracteres o menos")
	}
	return fields
}

// place is where a role reaches.
type place struct{ nominator, candidacy int64 }

// locate finds the nominator and the candidacy of a person in the process.
func locate(ctx context.Context, q db.Querier, process int64, n NewPerson) (place, []fault.Field, error) {
	var p place
	var fields []fault.Field
	find := func(to *int64, field, message, sql, what string) error {
		if what == "" {
			return nil
		}
		err := q.QueryRow(ctx, sql, process, what).Scan(to)
		if errors.Is(err, pgx.ErrNoRows) {
			fields = append(fields, fault.Field{ID: field, Message: message})
			return nil
		}
		return err
	}
	const nominator = `SELECT id FROM desk.nominators WHERE process_id = $1 AND acronym = $2 AND kind <> 'independiente'`
	const candidacy = `
SELECT c.id FROM desk.candidacies c WHERE c.process_id = $1 AND c.folio = $2 AND c.standing = 'aprobada'
  AND NOT EXISTS (SELECT 1 FROM desk.grants g WHERE g.candidacy_id = c.id)`
	return p, fields, errors.Join(
		find(&p.nominator, NominatorField, "Ese actor postulante no está en el proceso", nominator, n.Acronym),
		find(&p.candidacy, FolioField, "No hay una candidatura en la boleta con ese folio, o ya tiene una cuenta", candidacy, n.Folio))
}

// self is a person who acts on their own account before having entered.
type self struct {
	id   int64
	role string
}

// AccountID returns the account.
func (s self) AccountID() int64 { return s.id }

// Role returns the role.
func (s self) Role() string { return s.role }

// object is how the bitácora names an account.
func object(account int64) string { return "cuenta " + strconv.FormatInt(account, 10) }

// tell leaves an e-mail for the person of an account.
func tell(ctx context.Context, tx *db.Tx, process, account int64, kind, subject string, paragraphs ...string) error {
	var email string
	if err := tx.QueryRow(ctx, `SELECT email FROM desk.accounts WHERE id = $1`, account).Scan(&email); err != nil {
		return err
	}
	const sign = "Si no reconoces esto, comunícate de inmediato con el Instituto."
	return notify.Put(ctx, tx, notify.Message{
		Process: process, Kind: "cuenta." + kind, Channel: notify.Mail, Recipient: email, Subject: subject,
		Body: strings.Join(append(paragraphs, sign), "\n\n"),
	})
}
