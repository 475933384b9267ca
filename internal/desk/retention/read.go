package retention

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/consent"
)

// Act is an act as a person reads it.
type Act struct {
	ID              int64
	Kind            Kind
	Folio           string // "" when it is about the whole process
	Request         string // folio of an ARCO request
	EffectiveAt     *time.Time
	Basis           string
	BasisDate       time.Time
	Reason          string
	State           string
	ProposedByID    int64
	ProposedBy      string
	ProposedAt      time.Time
	DecidedBy       string
	DecidedAt       *time.Time
	Discarded       string
	CertificateHash string
}

// Waits reports whether it waits for a decision.
func (a Act) Waits() bool { return a.State == "por_confirmar" }

const actSQL = `
SELECT a.id, a.kind, COALESCE(c.folio, '') AS folio, COALESCE(r.folio, '') AS request, a.effective_at, a.basis, a.basis_date, a.reason, a.state,
  a.proposed_by AS proposed_by_id, p.name AS proposed_by, a.proposed_at, COALESCE(d.name, '') AS decided_by, a.decided_at, a.discarded, a.certificate_hash
FROM desk.retention_acts a JOIN desk.accounts p ON p.id = a.proposed_by LEFT JOIN desk.accounts d ON d.id = a.decided_by
LEFT JOIN desk.candidacies c ON c.id = a.candidacy_id LEFT JOIN sensitive.arco_requests r ON r.id = a.request_id`

// Acts returns the acts of the actor's process: first those that wait.
func (s *Store) Acts(ctx context.Context, r auth.Retainer) ([]Act, error) {
	rows, err := s.desk.Query(ctx, actSQL+` WHERE a.process_id = $1 ORDER BY a.state <> 'por_confirmar', a.id DESC LIMIT 500`, r.Person().Process)
	if err != nil {
		return nil, err
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Act])
	return out, db.Fault(err)
}

// Act returns an act of the actor's process, and why it cannot be done now, if
// it waits and cannot. Any other number is NotFound.
func (s *Store) Act(ctx context.Context, r auth.Retainer, id int64) (a Act, problem, err error) {
	rows, err := s.desk.Query(ctx, actSQL+` WHERE a.process_id = $1 AND a.id = $2`, r.Person().Process, id)
	if err != nil {
		return a, nil, err
	}
	if a, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Act]); err != nil || !a.Waits() {
		return a, nil, db.Fault(err)
	}
	n := NewAct{Kind: a.Kind, Folio: a.Folio, Request: a.Request, Basis: a.Basis, BasisDate: a.BasisDate, Reason: a.Reason}
	if a.EffectiveAt != nil {
		n.EffectiveAt = *a.EffectiveAt
	}
	sub, err := load(ctx, s.desk, r.Person().Process, n)
	if err != nil {
		return a, nil, err
	}
	return a, s.allows(ctx, s.desk, n, sub, s.desk.Now()), nil
}

// Certificate returns the PDF of a confirmed act of the actor's process.
func (s *Store) Certificate(ctx context.Context, r auth.Retainer, id int64) ([]byte, error) {
	var pdf []byte
	const sql = `SELECT certificate FROM desk.retention_acts WHERE process_id = $1 AND id = $2 AND state = 'confirmado'`
	return pdf, db.Fault(s.desk.QueryRow(ctx, sql, r.Person().Process, id).Scan(&pdf))
}

// State is where the data of a process are on their way out.
type State struct {
	Process      string
	IdentityEnds *time.Time // nil: no election day is set
	SiteUntil    *time.Time // nil: the institute set none
	ReportOn     *time.Time
	HasBlockKey  bool
	BlockedAt    *time.Time
	SuppressedAt *time.Time
	Months       int
	Held         consent.Held
}

// MayForget returns from when on the process may be suppressed; zero while there
// is no final report.
func (s State) MayForget() time.Time {
	if s.ReportOn == nil {
		return time.Time{}
	}
	return s.ReportOn.AddDate(0, s.Months, 0)
}

// State returns where the data of the actor's process are.
func (s *Store) State(ctx context.Context, r auth.Retainer) (State, error) {
	return s.stateOf(ctx, r.Person().Process)
}

func (s *Store) stateOf(ctx context.Context, process int64) (State, error) {
	var out State
	const sql = `
SELECT name, COALESCE(identity_until, (election_day + 1)::timestamp AT TIME ZONE 'America/Mexico_City'), site_until, final_report_on,
  block_key IS NOT NULL, blocked_at, suppressed_at, retention_months
FROM desk.processes WHERE id = $1`
	err := s.desk.QueryRow(ctx, sql, process).Scan(&out.Process, &out.IdentityEnds, &out.SiteUntil, &out.ReportOn,
		&out.HasBlockKey, &out.BlockedAt, &out.SuppressedAt, &out.Months)
	if err != nil {
		return out, db.Fault(err)
	}
	out.Held, err = s.vault.Held(ctx, s.desk, process)
	return out, err
}
