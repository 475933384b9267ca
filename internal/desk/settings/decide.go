package settings

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// effects says what carrying out the proposal does, one sentence each.
func (p proposal) effects(ctx context.Context, q db.Querier) ([]string, error) {
	var out []string
	for _, f := range p.changed() {
		if f.Kind == Paragraph {
			out = append(out, "Cambia el texto de «"+f.Label+"».")
			continue
		}
		out = append(out, "Cambia «"+f.Label+"»: de "+quoted(f.Say(p.sub.Values[f.ID]))+" a "+quoted(f.Say(p.values[f.ID]))+".")
	}
	if p.sheet.effect != nil {
		more, err := p.sheet.effect(ctx, q, p.sub, p.values)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	if p.sheet.Reach == Public {
		out = append(out, "El sitio público cambia en el mismo instante en que otra persona lo confirma.")
	}
	if p.sheet.Report == NoReport {
		return out, nil
	}
	days, err := reportDays(ctx, q, p.sub.process, p.sheet.Report)
	what := map[Report]string{Modification: "modificación de un entregable (entregable 10)", Questionnaire: "mejora de los cuestionarios (entregable 12)"}[p.sheet.Report]
	return append(out, "Se informa al INE en "+es.Plural(days, "día", "días")+": "+what+"."), err
}

func quoted(text string) string { return "«" + text + "»" }

// stored is a change as its decision needs it.
type stored struct {
	ID         int64
	Sheet      string
	Ref        string
	Before     []byte
	After      []byte
	Image      []byte
	Reason     string
	Acuerdo    string
	AcuerdoOn  *time.Time
	State      string
	ProposedBy int64
}

// proposal reads a stored change over what there is now. Conflict when what it
// changes is no longer what it was when it was proposed.
func (c stored) proposal(ctx context.Context, q db.Querier, process int64, now time.Time) (proposal, error) {
	sheet, err := sheetOf(c.Sheet)
	if err != nil {
		return proposal{}, err
	}
	p := proposal{sheet: sheet, reason: c.Reason, acuerdo: c.Acuerdo, acuerdoOn: localDay(c.AcuerdoOn), image: c.Image, values: Values{}}
	if p.sub, err = sheet.read(ctx, q, process, c.Ref); err != nil {
		return p, err
	}
	var before, after Values
	for raw, to := range map[*Values][]byte{&before: c.Before, &after: c.After} {
		if err := json.Unmarshal(to, raw); err != nil {
			return p, err
		}
	}
	for id, values := range p.sub.Values {
		p.values[id] = values
	}
	for id := range after {
		if !slices.Equal(p.sub.Values[id], before[id]) {
			return p, fault.New(fault.Conflict, "Los datos cambiaron después de que se propuso. Deséchalo y propón otro sobre los que rigen.")
		}
		p.values[id] = after[id]
	}
	if sheet.check == nil {
		return p, nil
	}
	if wrong := sheet.check(p.sub, p.values, now); len(wrong) > 0 {
		return p, fault.New(fault.Conflict, "Ya no se puede confirmar. "+wrong[0].Message+".")
	}
	return p, nil
}

// localDay is a day of the database, whose midnight is in UTC, where people are.
func localDay(day *time.Time) *time.Time {
	if day == nil {
		return nil
	}
	t := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, election.Zone())
	return &t
}

const ownChange = "Propusiste este cambio: debe confirmarlo otra persona."

// Confirm carries out a change that another person proposed. It is a
// Conflict to whoever proposed it, when it was decided already, and when the data
// are no longer those it changes; NotFound in another process.
func (s *Store) Confirm(ctx context.Context, c auth.Configurer, key string, id int64) error {
	action := decision(c, "parametro.confirmar", key, id, "")
	_, err := s.desk.Do(ctx, c, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		process := c.Person().Process
		if err := lock(ctx, tx, process); err != nil {
			return "", err
		}
		change, err := hold(ctx, tx, process, id)
		if err != nil {
			return "", err
		}
		if change.ProposedBy == c.AccountID() {
			return "", fault.New(fault.Conflict, ownChange)
		}
		p, err := change.proposal(ctx, tx, process, tx.Now())
		if err != nil {
			return "", err
		}
		action.Details["ficha"], action.Details["acuerdo"] = object(p.sub.Place), p.acuerdo
		note(action.Details, p.kept(), p.sub.Values, p.values)
		const sql = `UPDATE desk.setting_changes SET state = 'confirmado', decided_by = $2, decided_at = $3 WHERE id = $1`
		if err := tx.Exec(ctx, sql, id, c.AccountID(), tx.Now()); err != nil {
			return "", err
		}
		return "", s.carryOut(ctx, tx, c, id, p)
	})
	return explain(err)
}

// Discard closes a change without carrying it out, with the reason. Whoever
// proposed it may.
func (s *Store) Discard(ctx context.Context, c auth.Configurer, key string, id int64, reason string) error {
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n < 3 || n > 500 {
		return fault.InvalidField(ReasonField, "Escribe por qué se desecha, de 3 a 500 caracteres")
	}
	_, err := s.desk.Do(ctx, c, decision(c, "parametro.desechar", key, id, reason), func(ctx context.Context, tx *db.Tx) (string, error) {
		if _, err := hold(ctx, tx, c.Person().Process, id); err != nil {
			return "", err
		}
		const sql = `UPDATE desk.setting_changes SET state = 'desechado', decided_by = $2, decided_at = $3, discarded = $4 WHERE id = $1`
		return "", tx.Exec(ctx, sql, id, c.AccountID(), tx.Now(), reason)
	})
	return err
}

// The fields that say how INE was told.
const (
	OficioField   = "oficio"
	ReportOnField = "enviado"
)

// Tell records that INE was told of a change, by which oficio and when. Once.
func (s *Store) Tell(ctx context.Context, a auth.Secretary, key string, id int64, oficio, on string) error {
	var wrong []fault.Field
	oficio = strings.TrimSpace(oficio)
	if n := utf8.RuneCountInString(oficio); n < 3 || n > 120 {
		wrong = append(wrong, fault.Field{ID: OficioField, Message: "Escribe el número del oficio con que se informó"})
	}
	day, ok := parseTime(strings.TrimSpace(on), "2006-01-02", "02/01/2006", "2/1/2006")
	if !ok || day.After(s.desk.Now()) {
		wrong = append(wrong, fault.Field{ID: ReportOnField, Message: "Escribe el día en que se informó, como 14/03/2027; no puede ser futuro"})
	}
	if err := fault.InvalidFields(wrong); err != nil {
		return err
	}
	_, err := s.desk.Do(ctx, a, decision(a, "parametro.informar", key, id, oficio+" "+on), func(ctx context.Context, tx *db.Tx) (string, error) {
		var told bool
		const read = `SELECT reported_on IS NOT NULL FROM desk.setting_changes WHERE id = $1 AND process_id = $2 AND report_due_on IS NOT NULL FOR UPDATE`
		if err := tx.QueryRow(ctx, read, id, a.Process).Scan(&told); err != nil {
			return "", err
		}
		if told {
			return "", fault.New(fault.Conflict, "Este cambio ya se informó.")
		}
		const sql = `UPDATE desk.setting_changes SET reported_on = $2, report_oficio = $3, reported_by = $4 WHERE id = $1`
		return "", tx.Exec(ctx, sql, id, day.Format(time.DateOnly), oficio, a.Account)
	})
	return err
}

func decision(a auth.Actor, kind, key string, id int64, payload string) db.Action {
	return db.Action{
		Kind: kind, Process: a.Person().Process, Object: "cambio " + strconv.FormatInt(id, 10), Key: key, Payload: []byte(payload),
		Details: map[string]string{},
	}
}

const storedSQL = `
SELECT id, sheet, ref, before, after, image, reason, acuerdo, acuerdo_on, state, proposed_by
FROM desk.setting_changes WHERE process_id = $1 AND id = $2`

// hold reads a change of the process that waits for a decision, and holds it.
func hold(ctx context.Context, tx *db.Tx, process, id int64) (stored, error) {
	rows, err := tx.Query(ctx, storedSQL+` FOR UPDATE`, process, id)
	if err != nil {
		return stored{}, err
	}
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[stored])
	if err == nil && c.State != "por_confirmar" {
		err = fault.New(fault.Conflict, "Este cambio ya se decidió: recarga la página para ver cómo.")
	}
	return c, err
}
