package registry

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
)

// Act is an act as it is listed.
type Act struct {
	ID           int64
	Kind         ActKind
	Folio        string // of the candidacy; "" for the start of the publication
	Name         string
	Basis        string
	BasisDate    time.Time
	DocumentName string
	State        string // por_confirmar, confirmado, desechado
	CapturedBy   string
	CapturedByID int64
	CapturedAt   time.Time
	DecidedBy    string
	DecidedAt    *time.Time
	Reason       string
	NewFolio     string // of who entered
	NewName      string
}

const actSQL = `
SELECT a.id, a.kind, COALESCE(c.folio, '') AS folio, COALESCE(concat_ws(' ', p.given_names, NULLIF(p.surnames, '')), '') AS name,
  a.basis, a.basis_date, a.document_name, a.state, cap.name AS captured_by, cap.id AS captured_by_id, a.captured_at,
  COALESCE(dec.name, '') AS decided_by, a.decided_at, a.reason, COALESCE(n.folio, '') AS new_folio,
  COALESCE(concat_ws(' ', np.given_names, NULLIF(np.surnames, '')), '') AS new_name
FROM desk.acts a
JOIN desk.accounts cap ON cap.id = a.captured_by
LEFT JOIN desk.accounts dec ON dec.id = a.decided_by
LEFT JOIN desk.candidacies c ON c.id = a.candidacy_id
LEFT JOIN desk.persons p ON p.id = c.person_id
LEFT JOIN desk.candidacies n ON n.id = a.new_candidacy_id
LEFT JOIN desk.persons np ON np.id = n.person_id`

// Acts returns a page of the acts of the actor's process, newest first, and how
// many there are. state "" is any.
func (r *Registry) Acts(ctx context.Context, s auth.Secretary, state string, page, size int) ([]Act, int, error) {
	var total int
	const count = `SELECT count(*) FROM desk.acts WHERE process_id = $1 AND ($2 = '' OR state = $2)`
	if err := r.desk.QueryRow(ctx, count, s.Process, state).Scan(&total); err != nil {
		return nil, 0, db.Fault(err)
	}
	const where = ` WHERE a.process_id = $1 AND ($2 = '' OR a.state = $2) ORDER BY a.state = 'por_confirmar' DESC, a.id DESC LIMIT $3 OFFSET $4`
	all, err := collect[Act](ctx, r.desk, actSQL+where, s.Process, state, size, (page-1)*size)
	return all, total, err
}

// Act returns an act of the actor's process with the effect it would have if it
// waits to be confirmed. problem says why it could not be confirmed now.
func (r *Registry) Act(ctx context.Context, p auth.Proposer, id int64) (a Act, effect []string, problem error, err error) {
	process := p.Person().Process
	if a, err = r.act(ctx, process, id); err != nil || a.State != "por_confirmar" {
		return a, nil, nil, err
	}
	var raw []byte
	if err := r.desk.QueryRow(ctx, `SELECT payload FROM desk.acts WHERE id = $1`, id).Scan(&raw); err != nil {
		return a, nil, nil, db.Fault(err)
	}
	var load payload
	if err := json.Unmarshal(raw, &load); err != nil {
		return a, nil, nil, err
	}
	if a.Kind == PublicationStart {
		state, err := r.Publication(ctx, p)
		return a, startEffect(*load.StartsAt, state.Approved, r.desk.Now()), nil, err
	}
	s, err := loadSubject(ctx, r.desk, process, a.Folio, r.desk.Now())
	if err != nil {
		return a, nil, nil, db.Fault(err)
	}
	if load.Siglado != 0 {
		if err := r.desk.QueryRow(ctx, `SELECT name FROM desk.nominators WHERE id = $1`, load.Siglado).Scan(&s.siglado); err != nil {
			return a, nil, nil, db.Fault(err)
		}
	}
	return a, s.effect(a.Kind, load, a.BasisDate), s.allows(a.Kind), nil
}

func (r *Registry) act(ctx context.Context, process, id int64) (Act, error) {
	rows, err := r.desk.Query(ctx, actSQL+` WHERE a.process_id = $1 AND a.id = $2`, process, id)
	if err != nil {
		return Act{}, err
	}
	a, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Act])
	return a, db.Fault(err)
}

// ActDocument returns the document of an act of the actor's process, or NotFound.
func (r *Registry) ActDocument(ctx context.Context, p auth.Proposer, id int64) (Document, error) {
	var d Document
	const sql = `SELECT document_name, document FROM desk.acts WHERE id = $1 AND process_id = $2 AND document IS NOT NULL`
	err := r.desk.QueryRow(ctx, sql, id, p.Person().Process).Scan(&d.Name, &d.Bytes)
	return d, db.Fault(err)
}
