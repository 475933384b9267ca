// Package auth says who acts behind the login.
//
// There are eight kinds of actor, each a type. A handler declares the one it
// serves as a parameter, As supplies it, and stores take the same type, so that
// a permission is a signature and not a check to remember. Each type carries
// its scope, and stores put it in the WHERE clause. The zero value of every
// actor may do nothing: its scope names process 0, nominator 0 and candidacy 0,
// which do not exist.
//
// The account, its role and its scope are read from the database on every
// request: somebody suspended is out at the next one.
//
// Entering takes a password (password.go: what it must be, how it is kept) and,
// where the process requires it, a code of a second factor (factor.go). Attempts
// are counted (throttle.go) so that guessing is slow and nobody is locked out by
// strangers. A session (session.go) can be listed and ended (devices.go); a
// delicate act asks again who it is (proof.go); and what somebody sends when
// their session is over is kept for them alone (rescue.go):
//
//	Login ──password──> Begin ──CheckCode──> Open ──As──> handler
//	                      └── no second factor ──┘  └──Proven──> delicate act
package auth

// Who is the person behind an actor, in one process.
type Who struct {
	Account     int64
	Name        string
	Email       string
	Process     int64
	ProcessKey  string
	ProcessName string
	Demo        bool // the process is the demonstration

	// StepUpMinutes is how old a proof of who they are may be for a delicate act.
	StepUpMinutes int
}

// AccountID returns the account, for the bitácora.
func (w Who) AccountID() int64 { return w.Account }

// Person returns who acts, whatever the role.
func (w Who) Person() Who { return w }

// Actor is any of the eight types of this package.
type Actor interface {
	AccountID() int64
	Role() string
	Person() Who
}

// Operator captures for the candidacies of one party.
type Operator struct {
	Who
	Nominator     int64
	NominatorName string
}

// Validator is the party's responsible person: everything an Operator may do,
// and validating.
type Validator struct {
	Who
	Nominator     int64
	NominatorName string
}

// Candidate captures their own candidacy. An independent, who has no party,
// also validates, and captures for the whole planilla they head: Nominator is
// then theirs, and 0 otherwise.
type Candidate struct {
	Who
	Candidacy int64
	Nominator int64
}

// Reviewer is an analyst of the Unidad de Transparencia.
type Reviewer struct{ Who }

// Head is the titular of the Unidad de Transparencia.
type Head struct{ Who }

// Secretary acts for the Secretaría Ejecutiva: lists, acts of the registry, dispatches.
type Secretary struct{ Who }

// Admin is the systems unit: people, catalogues, parameters. Never identity.
type Admin struct{ Who }

// Auditor reads: the Comisión, the Consejo, an external auditor.
type Auditor struct{ Who }

// The roles, as the database and the bitácora name them.
const (
	roleOperator  = "operador"
	roleValidator = "validador"
	roleCandidate = "candidata"
	roleReviewer  = "verificador"
	roleHead      = "titular"
	roleSecretary = "secretaria"
	roleAdmin     = "administracion"
	roleAuditor   = "auditoria"
)

// Role returns «operador».
func (Operator) Role() string { return roleOperator }

// Role returns «validador».
func (Validator) Role() string { return roleValidator }

// Role returns «candidata».
func (Candidate) Role() string { return roleCandidate }

// Role returns «verificador».
func (Reviewer) Role() string { return roleReviewer }

// Role returns «titular».
func (Head) Role() string { return roleHead }

// Role returns «secretaria».
func (Secretary) Role() string { return roleSecretary }

// Role returns «administracion».
func (Admin) Role() string { return roleAdmin }

// Role returns «auditoria».
func (Auditor) Role() string { return roleAuditor }

// Scope limits what a capturer reaches: the candidacies of Process that
// Nominator captures, or one Candidacy. Zeroes reach nothing.
type Scope struct {
	Process   int64
	Nominator int64
	Candidacy int64
}

// ScopeSQL is the condition of a Scope over desk.candidacies c joined with its
// nominator n: parameters $1 process, $2 nominator, $3 candidacy. A candidacy of
// a coalition is captured by the party it is siglada to or, with none recorded,
// by the coalition's representative (domain 2.2).
const ScopeSQL = `c.process_id = $1 AND
  (COALESCE(c.siglado_id, n.representative_id, c.nominator_id) = NULLIF($2::bigint, 0) OR c.id = NULLIF($3::bigint, 0))`

// Args returns the parameters of ScopeSQL, followed by more.
func (s Scope) Args(more ...any) []any {
	return append([]any{s.Process, s.Nominator, s.Candidacy}, more...)
}

// Capturer is whoever captures questionnaires: Operator, Validator or Candidate.
type Capturer interface {
	Actor
	Scope() Scope
	// Validates reports whether the actor may validate what is in its scope.
	Validates() bool
}

// Scope returns the party's candidacies.
func (o Operator) Scope() Scope { return Scope{Process: o.Process, Nominator: o.Nominator} }

// Scope returns the party's candidacies.
func (v Validator) Scope() Scope { return Scope{Process: v.Process, Nominator: v.Nominator} }

// Scope returns the candidate's own candidacy, and their planilla when independent.
func (c Candidate) Scope() Scope {
	return Scope{Process: c.Process, Nominator: c.Nominator, Candidacy: c.Candidacy}
}

// Validates returns false: an operator captures, somebody else validates.
func (Operator) Validates() bool { return false }

// Validates returns true.
func (Validator) Validates() bool { return true }

// Validates returns true for independents, who have no party to do it.
func (c Candidate) Validates() bool { return c.Nominator != 0 }

// Proposer is who may propose what another person confirms at the publication
// switch: Secretary or Admin.
type Proposer interface {
	Actor
	proposes()
}

func (Secretary) proposes() {}
func (Admin) proposes()     {}

// Overseer is who may read the accounts: Admin or Auditor.
type Overseer interface {
	Actor
	oversees()
}

func (Admin) oversees()   {}
func (Auditor) oversees() {}

// OfInstitute reports whether a role is of the institute: those that two persons
// give, and that need a second factor.
func OfInstitute(role string) bool {
	switch role {
	case roleReviewer, roleHead, roleSecretary, roleAdmin, roleAuditor:
		return true
	}
	return false
}

// rolesOf returns the roles that satisfy A, in a fixed order.
func rolesOf[A Actor]() []string {
	var out []string
	for _, a := range []Actor{Operator{}, Validator{}, Candidate{}, Reviewer{}, Head{}, Secretary{}, Admin{}, Auditor{}} {
		if _, ok := a.(A); ok {
			out = append(out, a.Role())
		}
	}
	return out
}
