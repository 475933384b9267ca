// Package retention is what happens to identity data once they are no longer
// needed, and what keeps a restored backup from bringing them back (domain 6.7,
// security.md 2.5).
//
//	election day ends ─> identity leaves the site, by itself (package publish)
//	SiteEnd   ─────────> profiles leave it, at the instant of an acuerdo
//	Block     ─────────> after the final report: keys go to their custodians
//	   └─ Opening ─────> one of them is opened, with its reason, by a command
//	Suppress  ─────────> after the retention: keys, versions and documents go
//	Erase     ─────────> the same for one person, who asked for it (ARCO)
//
// Each is an act: one person proposes it, another confirms it, and confirming
// carries it out and writes its certificate in the same transaction.
//
// A withdrawal and an erasure also leave a mark in a file outside the database
// (Log), on disk before anybody is told that it is done. After a restore, Pending
// says how many marks the database does not obey, the server refuses to start,
// and Reapply obeys them.
package retention

import (
	"context"
	"errors"

	"conoceles/internal/db"
	"conoceles/internal/desk/consent"
)

// Site brings the public site up to date with the desk in the transaction of an
// act. publish.Publisher is one.
type Site interface {
	Candidacies(ctx context.Context, tx *db.Tx, process int64, ids ...int64) error
	Process(ctx context.Context, tx *db.Tx, process int64) error
}

// Requests are told that what somebody asked for was done, in the transaction
// that did it. arco.Store is one.
type Requests interface {
	Fulfilled(ctx context.Context, tx *db.Tx, by db.Actor, folio, text string) error
}

// Store keeps the acts of retention. It is safe for concurrent use.
type Store struct {
	desk     *db.Desk
	site     Site
	vault    consent.Vault
	requests Requests
	log      *Log
}

// New returns a Store that erases through the vault, publishes through site,
// tells requests what was done and leaves its marks in log.
func New(desk *db.Desk, site Site, vault consent.Vault, requests Requests, log *Log) *Store {
	return &Store{desk, site, vault, requests, log}
}

// Kind is a class of act.
type Kind string

// The acts, in the order of time.
const (
	SiteEnd  Kind = "fin_publicacion"
	Block    Kind = "bloqueo"
	Opening  Kind = "apertura"
	Suppress Kind = "supresion"
	Erase    Kind = "supresion_persona"
)

// Kinds returns every class, in order.
func Kinds() []Kind { return []Kind{SiteEnd, Block, Opening, Suppress, Erase} }

// Title returns the name of the class, "" for one that does not exist.
func (k Kind) Title() string {
	return map[Kind]string{
		SiteEnd: "Fin de la publicación", Block: "Bloqueo", Opening: "Apertura de datos bloqueados",
		Suppress: "Supresión del proceso", Erase: "Supresión de una persona",
	}[k]
}

// Lead returns a sentence that says what the act does.
func (k Kind) Lead() string {
	return map[Kind]string{
		SiteEnd:  "Desde ese instante el sitio del proceso deja de mostrar perfiles. Los datos siguen en resguardo.",
		Block:    "Cumplida la finalidad, las llaves de los datos de identidad salen del sistema: sólo las abre quien custodia la llave privada.",
		Opening:  "Autoriza que quien custodia la llave privada abra los datos bloqueados de una candidatura, una vez y con motivo.",
		Suppress: "Terminada la conservación, se destruyen las llaves y se borran las respuestas y los documentos de todo el proceso. No tiene vuelta atrás.",
		Erase:    "Se destruye la llave de una candidatura y se borran sus respuestas de identidad y sus documentos. No tiene vuelta atrás.",
	}[k]
}

// ofOne reports whether the act is about one candidacy.
func (k Kind) ofOne() bool { return k == Opening || k == Erase }

// errNoLog is a defect of whoever wired the program: what cannot be remembered
// is not erased.
var errNoLog = errors.New("retention: there is no file of marks")
