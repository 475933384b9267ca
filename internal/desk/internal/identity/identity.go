// Package identity is the seal on the identity answers: the only code that
// reads or writes them, importable only below internal/desk.
//
// At rest, all the answers of one candidacy and version are one ciphertext,
// padded, so that neither rows nor lengths tell who answered what; it is bound
// to its process, candidacy and version, and moving it elsewhere breaks it. Each
// candidacy has a key of its own, wrapped by the keyset file (desk/keys):
//
//	keyset file ──wraps──> sensitive.candidacy_keys ──opens──> sensitive.identity_answers (append-only)
//	                                                      ├──> sensitive.identity_drafts
//	                                                      └──> documents of consent (desk/consent keeps them)
//
// In memory, answers travel as an Answers, which neither prints, logs nor
// encodes, and opens only for the Purpose it was loaded for. A program that
// acts (a save, a publication) uses Load, within an act that leaves its own
// entry in the bitácora; a person who looks uses Read, which leaves one itself.
//
// Destroy deletes a candidacy's key: that is erasure, also of backups once the
// keys' own backup expires; Purge then deletes what it no longer opens. Block
// takes a key away from the service and leaves it to custodians. Rotate changes
// the keyset under servers that run.
package identity

import (
	"strings"

	"conoceles/internal/desk/keys"
	"conoceles/internal/fault"
)

// Store seals and opens. It keeps no answer and no candidacy's key: each use
// reads them from the database, so that an erasure holds from its commit on.
type Store struct{ ring *keys.Ring }

// New returns a Store that wraps with the keys of ring.
func New(ring *keys.Ring) *Store { return &Store{ring} }

// Purpose is why answers are read. The zero value opens nothing.
type Purpose string

// The purposes. The first three are of a person, who must use Read.
const (
	Capture Purpose = "captura"  // the form, for whoever may fill it
	Review  Purpose = "revision" // staff, who must say why
	Access  Purpose = "acceso"   // the candidate's right to a copy (ARCO)
	Opening Purpose = "apertura" // of what is blocked, by its custodian (OpenBlocked)

	Merging      Purpose = "guardado"     // the page just posted joins the rest
	Publication  Purpose = "publicacion"  // under a consent in force
	Statistics   Purpose = "estadistica"  // of those who gave consent nº 3
	Verification Purpose = "verificacion" // «conoceles verificar»
)

// byAct reports whether the reading belongs to an act that leaves its own
// entry.
func (p Purpose) byAct() bool {
	return p == Merging || p == Publication || p == Statistics || p == Verification
}

func (p Purpose) byPerson() bool { return p == Capture || p == Review || p == Access }

// needsReason reports whether whoever reads must say why.
func (p Purpose) needsReason() bool { return p == Review || p == Access }

// maxReason is how long the reason of a reading may be, in bytes.
const maxReason = 500

func checkReason(p Purpose, reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	switch {
	case p.needsReason() && reason == "":
		return "", fault.InvalidField("motivo", "Escribe el motivo de la consulta.")
	case len(reason) > maxReason:
		return "", fault.InvalidField("motivo", "Escribe el motivo en menos palabras.")
	}
	return reason, nil
}

// errBlocked says that the key of a candidacy is with its custodians.
var errBlocked = fault.New(fault.Gone, "Los datos de identidad de esta candidatura están bloqueados: terminó la finalidad para la que se recabaron.")

// errErased says that the key of a candidacy was destroyed.
var errErased = fault.New(fault.Gone, "Los datos de identidad de esta candidatura se suprimieron.")
