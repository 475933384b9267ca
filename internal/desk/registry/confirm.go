package registry

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// pending is an act as its decision needs it.
type pending struct {
	ID         int64
	Kind       ActKind
	Folio      string
	Payload    payload
	Basis      string
	BasisDate  time.Time
	CapturedBy int64
	State      string
}

// Confirm carries out an act that another person captured, and publishes what
// changes in the same transaction. It is Forbidden to whoever captured it, a
// Conflict when it was decided already or the registry no longer allows it, and
// NotFound in another process.
func (r *Registry) Confirm(ctx context.Context, s auth.Secretary, key string, id int64) error {
	return r.confirm(ctx, s, s.Who, key, id, "")
}

// ConfirmStart is Confirm for the start of the publication, which the systems
// unit may confirm too.
func (r *Registry) ConfirmStart(ctx context.Context, p auth.Proposer, key string, id int64) error {
	return r.confirm(ctx, p, p.Person(), key, id, PublicationStart)
}

// Discard closes an act without carrying it out, with the reason. Whoever
// captured it may.
func (r *Registry) Discard(ctx context.Context, s auth.Secretary, key string, id int64, reason string) error {
	return r.discard(ctx, s, s.Who, key, id, reason, "")
}

// DiscardStart is Discard for the start of the publication.
func (r *Registry) DiscardStart(ctx context.Context, p auth.Proposer, key string, id int64, reason string) error {
	return r.discard(ctx, p, p.Person(), key, id, reason, PublicationStart)
}

func (r *Registry) confirm(ctx context.Context, actor db.Actor, who auth.Who, key string, id int64, only ActKind) error {
	action := decision("acto.confirmar", who, key, id, "")
	_, err := r.desk.Do(ctx, actor, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		a, err := lockAct(ctx, tx, who.Process, id, only)
		if err != nil {
			return "", err
		}
		if a.CapturedBy == who.Account {
			return "", fault.New(fault.Forbidden, ownAct)
		}
		action.Details["clase"], action.Details["acuerdo"], action.Details["folio"] = string(a.Kind), a.Basis, a.Folio
		if a.Payload.Until != nil {
			action.Details["hasta"] = a.Payload.Until.UTC().Format(time.RFC3339)
		}
		entered, err := r.carryOut(ctx, tx, who.Process, a)
		if err != nil {
			return "", err
		}
		const sql = `UPDATE desk.acts SET state = 'confirmado', decided_by = $2, decided_at = $3, new_candidacy_id = NULLIF($4, 0) WHERE id = $1`
		return "", tx.Exec(ctx, sql, id, who.Account, tx.Now(), entered)
	})
	return explain(err)
}

func (r *Registry) discard(ctx context.Context, actor db.Actor, who auth.Who, key string, id int64, reason string, only ActKind) error {
	reason = strings.TrimSpace(reason)
	if n := len([]rune(reason)); n < 3 || n > 500 {
		return fault.InvalidField("motivo", "Escribe el motivo en 500 caracteres o menos")
	}
	_, err := r.desk.Do(ctx, actor, decision("acto.desechar", who, key, id, reason), func(ctx context.Context, tx *db.Tx) (string, error) {
		if _, err := lockAct(ctx, tx, who.Process, id, only); err != nil {
			return "", err
		}
		const sql = `UPDATE desk.acts SET state = 'desechado', decided_by = $2, decided_at = $3, reason = $4 WHERE id = $1`
		return "", tx.Exec(ctx, sql, id, who.Account, tx.Now(), reason)
	})
	return err
}

func decision(kind string, who auth.Who, key string, id int64, reason string) db.Action {
	return db.Action{
		Kind: kind, Process: who.Process, Object: "acto " + strconv.FormatInt(id, 10), Key: key, Payload: []byte(reason),
		Details: map[string]string{},
	}
}

// lockAct reads an act of the process that waits for a decision, and holds it.
func lockAct(ctx context.Context, tx *db.Tx, process, id int64, only ActKind) (pending, error) {
	const sql = `
SELECT a.kind, COALESCE(c.folio, ''), a.payload, a.basis, a.basis_date, a.captured_by, a.state
FROM desk.acts a LEFT JOIN desk.candidacies c ON c.id = a.candidacy_id
WHERE a.id = $1 AND a.process_id = $2 AND ($3 = '' OR a.kind = $3) FOR UPDATE OF a`
	a := pending{ID: id}
	var raw []byte
	if err := tx.QueryRow(ctx, sql, id, process, string(only)).Scan(&a.Kind, &a.Folio, &raw, &a.Basis, &a.BasisDate, &a.CapturedBy, &a.State); err != nil {
		return a, err
	}
	if a.State != "por_confirmar" {
		return a, fault.New(fault.Conflict, "Este acto ya se decidió: recarga la página para ver cómo.")
	}
	return a, json.Unmarshal(raw, &a.Payload)
}

// carryOut does what the act says and publishes it. It returns the candidacy
// that enters, 0 when none does.
func (r *Registry) carryOut(ctx context.Context, tx *db.Tx, process int64, a pending) (int64, error) {
	if err := lock(ctx, tx, strconv.FormatInt(process, 10)); err != nil {
		return 0, err
	}
	if a.Kind == PublicationStart {
		return 0, r.start(ctx, tx, process, *a.Payload.StartsAt)
	}
	s, err := loadSubject(ctx, tx, process, a.Folio, tx.Now())
	if err != nil {
		return 0, err
	}
	if err := s.allows(a.Kind); err != nil {
		return 0, err
	}
	var entered int64
	switch a.Kind {
	case Substitution:
		entered, err = substitute(ctx, tx, process, s, a)
	case Resignation:
		err = retire(ctx, tx, s.ID, election.Resigned)
	case Death:
		err = retire(ctx, tx, s.ID, election.Died)
	case Cancellation:
		err = retire(ctx, tx, s.ID, election.Cancelled)
	case Reinstatement:
		err = tx.Exec(ctx, `UPDATE desk.candidacies SET standing = 'aprobada', standing_since = $2 WHERE id = $1`, s.ID, tx.Now())
	case Correction:
		err = correct(ctx, tx, process, s.candidacy, a.Payload)
	case SigladoChange:
		err = tx.Exec(ctx, `UPDATE desk.candidacies SET siglado_id = $2 WHERE id = $1`, s.ID, a.Payload.Siglado)
	case Exception:
		err = except(ctx, tx, s, a)
	case Elected:
		err = tx.Exec(ctx, `UPDATE desk.candidacies SET elected = true WHERE id = $1`, s.ID)
	}
	if err != nil {
		return 0, err
	}
	ids := []int64{s.ID}
	if entered != 0 {
		ids = append(ids, entered)
	}
	return entered, r.pub.Candidacies(ctx, tx, process, ids...)
}

// retire takes a candidacy off the ballot, and away from whoever captured it alone.
func retire(ctx context.Context, tx *db.Tx, id int64, standing election.Standing) error {
	const sql = `UPDATE desk.candidacies SET standing = $2, standing_since = $3, elected = false WHERE id = $1 AND standing = 'aprobada'`
	if err := tx.Exec(ctx, sql, id, string(standing), tx.Now()); err != nil {
		return err
	}
	return tx.Exec(ctx, `DELETE FROM desk.grants WHERE candidacy_id = $1`, id)
}

// substitute retires who leaves, if still there, and inserts who enters: linked,
// with a folio, an address and a clock of their own, and no answer.
func substitute(ctx context.Context, tx *db.Tx, process int64, s *subject, a pending) (int64, error) {
	if err := retire(ctx, tx, s.ID, election.Replaced); err != nil {
		return 0, err
	}
	c, err := loadProcess(ctx, tx, process)
	if err != nil {
		return 0, err
	}
	p := a.Payload.Person
	e := &entry{
		who: p.person(), office: s.OfficeID, state: s.StateID, district: s.DistrictID, municipality: s.MunicipalityID,
		label: s.DistrictLabel, position: s.Position, role: s.Role, nominator: s.NominatorID, siglado: s.SigladoID,
		consecutive: p.Consecutive, actions: p.Actions, acuerdo: a.Basis, approved: &a.BasisDate, replaces: &s.ID, capture: "sin_iniciar",
	}
	err = insertEntries(ctx, tx, c, []*entry{e})
	return e.id, err
}

// except lets a candidacy be captured after the end of campaigns. What expired
// while it waited to be confirmed is a Conflict.
func except(ctx context.Context, tx *db.Tx, s *subject, a pending) error {
	if !a.Payload.Until.After(tx.Now()) {
		return fault.New(fault.Conflict, "La hora en que terminaba la excepción ya pasó: deséchala y captura otra.")
	}
	const sql = `INSERT INTO desk.capture_exceptions (act_id, candidacy_id, until_at) VALUES ($1, $2, $3)`
	return tx.Exec(ctx, sql, a.ID, s.ID, *a.Payload.Until)
}

// correct applies a correction to the registry.
func correct(ctx context.Context, tx *db.Tx, process int64, c *candidacy, p payload) error {
	name := c.person().full()
	if len(c.correct(*p.Before, *p.Person)) == 0 {
		return nil // a list brought the same in between
	}
	return update(ctx, tx, process, []*candidacy{c}, map[int64]string{c.ID: name})
}
