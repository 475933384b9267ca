// Package consent keeps what each person decided about their identity data, and
// is the only source of the key without which nothing of it is published.
//
// A person, or who captures for them, declares three things, Sí or No each, and
// delivers the signed document; the Head of the Unidad de Transparencia, never
// who delivered it, verifies that the document says what was declared. The
// person is told by a channel the party did not type, with a link that
// withdraws. Withdrawing is one step, at any time, and acts in its own
// transaction.
//
//	Declare ──> Attach ──> Verify ──> a Publication, the key of publish
//	   └───────────┴──────────┴────── Withdraw: always wins
//
// The history is append-only (sensitive.consent_events); what is in force is a
// function of all of it (StandingOf), so that a withdrawal never uncovers an
// older consent. Granting is slow on purpose and withdrawing instant
// (security.md 0.12).
package consent

import (
	"context"

	"conoceles/internal/db"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/desk/keys"
)

// Site brings the public site up to date with the desk for some candidacies, in
// the transaction of the act. publish.Publisher is one.
type Site interface {
	Candidacies(ctx context.Context, tx *db.Tx, process int64, ids ...int64) error
}

// Store keeps consents. It is safe for concurrent use.
type Store struct {
	desk  *db.Desk
	site  Site
	seal  *identity.Store
	base  string // address people type, for the links
	marks Marks  // nil keeps none
}

// Marks remember, outside the database, what a restored backup must not bring
// back. Withdrawn is called in the transaction of a withdrawal, which is not
// acknowledged unless it returned nil.
type Marks interface {
	Withdrawn(ctx context.Context, tx *db.Tx, process, candidacy int64) error
}

// WithMarks returns the same Store, whose withdrawals are remembered by m.
func (s *Store) WithMarks(m Marks) *Store {
	c := *s
	c.marks = m
	return &c
}

// New returns a Store that publishes through site, seals documents with the keys
// of ring and writes links under base.
func New(desk *db.Desk, site Site, ring *keys.Ring, base string) *Store {
	return &Store{desk: desk, site: site, seal: identity.New(ring), base: base}
}

// Subject is the candidacy whose consent it is.
type Subject struct {
	ID        int64
	Process   int64
	Folio     string
	Name      string
	Office    string
	Place     string
	Nominator string
	Email     string // of the registration list
	Shared    bool   // several candidacies have that address: it tells nobody in particular
	Reserved  bool   // captura reservada
	Own       bool   // the actor is the candidate themself
}

// CheckKeys fails unless the keyset file has every key that the database needs:
// with the file of another database it is better not to start.
func (s *Store) CheckKeys(ctx context.Context) error { return s.seal.CheckKeys(ctx, s.desk) }
