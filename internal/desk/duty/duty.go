// Package duty is what the Unidad de Transparencia does about questionnaires that
// are owed (Lineamientos, art. 15 b and e): it finds them, requires them, reminds
// of them and, when campaigns end, gives notice of them to the Comisión.
//
// What is owed is one question, asked of all candidacies at once (owed): which
// questionnaire of which candidacy is unanswered, incomplete or not in line with
// article 18, and until when it is in term. Everything else reads its answer:
//
//	Validated, Daily ──> drafts in the tray, one open per addressee
//	Propose (analyst) ─> Send (the Head, another person) ─> letter and annex, frozen
//	                                                     └─> outbox, and /captura
//	Acknowledge        <── the addressee, inside; or the unit, for a signed copy
//	Daily ─────────────> reminders, once for each term, account and day
//	Prepare ───────────> the vista: what is still owed when campaigns are over, with
//	                     its evidence, as PDF, XLSX and a package with its hashes
//
// Three addressees get texts of their own: the party that captures (one letter for
// all its candidacies), the person who stands (about their own), the independent
// (for the planilla they head).
//
// A draft follows what is owed: what is attended before sending leaves it, and an
// empty one is over. Whoever sends sends what they read: a draft that changed
// meanwhile is a Conflict.
//
// Of the identity questionnaire this package knows whether it is complete, and
// nothing else.
//
// Locks are taken in one order, candidacies first and then drafts, as saving and
// validating do.
package duty

import (
	"context"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

// Identity says which candidacies have not attended their identity questionnaire.
type Identity interface {
	Unattended(ctx context.Context, q db.Querier, candidacies ...int64) ([]int64, error)
}

// Store keeps requirements, reminders and vistas. It is safe for concurrent use.
type Store struct {
	desk       *db.Desk
	identity   Identity
	curricular func(edition string) (*questionnaire.Questionnaire, error)
}

// New returns a Store over the desk's pool. curricular gives the editions of the
// curricular questionnaire, to say what is missing of one.
func New(desk *db.Desk, identity Identity, curricular func(edition string) (*questionnaire.Questionnaire, error)) *Store {
	return &Store{desk, identity, curricular}
}

// Questionnaire is one of the two that a candidacy answers.
type Questionnaire string

// The questionnaires.
const (
	Curricular Questionnaire = "curricular"
	Identities Questionnaire = "identidad"
)

// Name returns how people call it.
func (q Questionnaire) Name() string {
	if q == Identities {
		return "Cuestionario de identidad"
	}
	return "Cuestionario curricular"
}

// Kind is what is wrong with a questionnaire.
type Kind string

// The kinds (domain 6.4). Of an identity questionnaire only Incomplete is said.
const (
	Unanswered Kind = "sin_respuesta"
	Incomplete Kind = "incompleto"
	Deviating  Kind = "no_se_apega_art18"
)

// Name returns the kind as a person reads it.
func (k Kind) Name() string {
	switch k {
	case Unanswered:
		return "Sin respuesta"
	case Deviating:
		return "No se apega al artículo 18"
	}
	return "Incompleto"
}

// Rule returns what of the Lineamientos is not met.
func (k Kind) Rule() string {
	if k == Deviating {
		return "Lineamientos, artículo 18"
	}
	return "Lineamientos, artículos 2 y 15, inciso b)"
}

// endOfTerm is the end of the day, where people are, that many natural days later.
func endOfTerm(start time.Time, days int) time.Time {
	d := start.In(election.Zone())
	return time.Date(d.Year(), d.Month(), d.Day()+days+1, 0, 0, 0, 0, election.Zone())
}

// lastMoment is the instant whose date people call the end of a term.
func lastMoment(due time.Time) time.Time { return due.Add(-time.Second) }
