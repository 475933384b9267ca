package review

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// InTray is a proposal that says that everything keeps to the rules, and so may
// be approved beside others.
type InTray struct {
	Candidacy
	ReviewID  int64
	Round     int
	ByName    string
	At        time.Time
	Rubros    int
	Corrected bool // a correction waits: approving it changes the site
}

// Tray is what a Head may approve at once, and what she may not.
type Tray struct {
	Entries  []InTray
	Own      int // proposed by her: another Head decides
	Observed int // with observations: read one by one
	Now      time.Time
}

// Tray returns the proposals of the actor's process that wait, the oldest first.
func (s *Store) Tray(ctx context.Context, h auth.Head) (Tray, error) {
	out := Tray{Now: s.desk.Now()}
	const observed = `EXISTS (SELECT 1 FROM desk.remarks m WHERE m.review_id = r.id AND m.outcome = 'observar')`
	const counts = `
SELECT count(*) FILTER (WHERE r.proposed_by = $2), count(*) FILTER (WHERE r.proposed_by <> $2 AND ` + observed + `)
FROM desk.reviews r JOIN desk.candidacies c ON c.id = r.candidacy_id
WHERE c.process_id = $1 AND c.standing = 'aprobada' AND r.state = 'propuesta'`
	if err := s.desk.QueryRow(ctx, counts, h.Process, h.Account).Scan(&out.Own, &out.Observed); err != nil {
		return out, db.Fault(err)
	}
	const sql = `SELECT ` + candidacyColumns + `, r.id AS review_id, r.round, a.name AS by_name, r.proposed_at AS at,
  (SELECT count(*) FROM desk.remarks m WHERE m.review_id = r.id) AS rubros,
  EXISTS (SELECT 1 FROM desk.corrections x WHERE x.candidacy_id = c.id AND x.state = 'enviada') AS corrected` + candidacyTables + `
JOIN desk.reviews r ON r.candidacy_id = c.id AND r.state = 'propuesta'
JOIN desk.accounts a ON a.id = r.proposed_by
WHERE c.process_id = $1 AND c.standing = 'aprobada' AND r.proposed_by <> $2 AND NOT ` + observed + `
ORDER BY r.proposed_at, r.id LIMIT 200`
	rows, err := s.desk.Query(ctx, sql, h.Process, h.Account)
	if err != nil {
		return out, db.Fault(err)
	}
	out.Entries, err = pgx.CollectRows(rows, pgx.RowToStructByName[InTray])
	return out, db.Fault(err)
}

// Result is how one of several approvals ended.
type Result struct {
	Review int64
	Folio  string
	Name   string
	Err    error // nil: approved
}

// Said tells the Head why it was not approved, or "".
func (r Result) Said() string { return fault.MessageOf(r.Err) }

// ApproveSeveral approves proposals that say that everything keeps to the rules,
// each in a transaction of its own and with the checks of Approve: one that
// cannot be approved stops no other. One with observations is a Conflict. The
// same key again gives the same results and does nothing twice.
func (s *Store) ApproveSeveral(ctx context.Context, h auth.Head, key string, reviews []int64) ([]Result, error) {
	base, err := uuid.Parse(key)
	if err != nil {
		return nil, fault.New(fault.Invalid, "El formulario está incompleto. Recarga la página y vuelve a intentarlo.")
	}
	if len(reviews) == 0 {
		return nil, fault.InvalidField(ChosenField, "Elige al menos una propuesta")
	}
	var out []Result
	for _, id := range reviews {
		r := Result{Review: id}
		const sql = `
SELECT c.folio, concat_ws(' ', p.given_names, NULLIF(p.surnames, '')) FROM desk.reviews r
JOIN desk.candidacies c ON c.id = r.candidacy_id JOIN desk.persons p ON p.id = c.person_id WHERE r.id = $1 AND c.process_id = $2`
		if err := s.desk.QueryRow(ctx, sql, id, h.Process).Scan(&r.Folio, &r.Name); err != nil {
			return out, db.Fault(err)
		}
		r.Err = s.approveKept(ctx, h, Decision{Folio: r.Folio, Key: uuid.NewSHA1(base, fmt.Append(nil, id)).String(), Review: id})
		switch fault.KindOf(r.Err) {
		case fault.Conflict, fault.Forbidden:
		default:
			if r.Err != nil {
				return out, r.Err
			}
		}
		out = append(out, r)
	}
	return out, nil
}

// ChosenField is the name of the proposals to approve.
const ChosenField = "dictamenes"

// approveKept approves a proposal unless it observes something.
func (s *Store) approveKept(ctx context.Context, h auth.Head, d Decision) error {
	return s.decide(ctx, h, d, func(ctx context.Context, tx *db.Tx) error {
		var observed bool
		const sql = `SELECT EXISTS (SELECT 1 FROM desk.remarks WHERE review_id = $1 AND outcome = 'observar')`
		if err := tx.QueryRow(ctx, sql, d.Review).Scan(&observed); err != nil {
			return err
		}
		if observed {
			return fault.New(fault.Conflict, "Tiene observaciones: ábrela para leer su efecto antes de aprobarla.")
		}
		return nil
	})
}
