package settings

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// The fields that every sheet has besides its own.
const (
	ReasonField    = "motivo"
	AcuerdoField   = "acuerdo"
	AcuerdoOnField = "acuerdo_fecha"
)

// Draft is what somebody typed in a sheet.
type Draft struct {
	Place
	Version string // of the sheet that was on screen
	Typed   url.Values
	Image   []byte // of an Image field, already recoded
}

// Version names the values of a subject: it changes when any of them does.
func (s Subject) Version() string {
	h := sha256.New()
	for _, f := range s.Fields {
		fmt.Fprintf(h, "%s=%q\n", f.ID, s.Values[f.ID])
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// proposal is a draft that was understood.
type proposal struct {
	sheet     Sheet
	sub       Subject
	values    Values // the whole sheet
	reason    string
	acuerdo   string
	acuerdoOn *time.Time
	image     []byte
}

// may returns NotFound unless the actor may change the sheet: there is no such
// page for them.
func may(c auth.Configurer, sheet Sheet) error {
	if _, head := c.(auth.Head); head && !sheet.Head {
		return fault.New(fault.NotFound, "")
	}
	return nil
}

var errChanged = fault.New(fault.Conflict, "Otra persona cambió estos datos mientras los editabas. Recarga la página para ver los que rigen.")

// understand reads a draft over what there is now. Invalid, with the fields.
func understand(ctx context.Context, q db.Querier, c auth.Configurer, d Draft, now time.Time) (proposal, error) {
	sheet, err := sheetOf(d.Sheet)
	if err != nil {
		return proposal{}, err
	}
	if err := may(c, sheet); err != nil {
		return proposal{}, err
	}
	p := proposal{sheet: sheet, values: Values{}, image: d.Image}
	if p.sub, err = sheet.read(ctx, q, c.Person().Process, d.Ref); err != nil {
		return p, err
	}
	if p.sub.Version() != d.Version {
		return p, errChanged
	}
	var wrong []fault.Field
	for _, f := range p.sub.Fields {
		if f.Kind == Image {
			wrong = append(wrong, p.understandImage(f)...)
			continue
		}
		values, message := f.parse(d.Typed)
		if message != "" {
			wrong = append(wrong, fault.Field{ID: f.ID, Message: message})
		}
		p.values[f.ID] = values
	}
	if len(wrong) == 0 && sheet.check != nil {
		wrong = sheet.check(p.sub, p.values, now)
	}
	wrong = append(wrong, p.understandReason(d.Typed, now)...)
	if len(wrong) == 0 && !sheet.Again && len(p.changed()) == 0 {
		return p, fault.New(fault.Invalid, "No cambiaste ningún dato.")
	}
	return p, fault.InvalidFields(wrong)
}

func (p *proposal) understandImage(f Field) []fault.Field {
	if len(p.image) == 0 {
		return []fault.Field{{ID: f.ID, Message: f.Label + ": elige una imagen JPG o PNG"}}
	}
	sum := sha256.Sum256(p.image)
	p.values[f.ID] = []string{hex.EncodeToString(sum[:])}
	return nil
}

// understandReason reads why, and the acuerdo where the sheet takes one.
func (p *proposal) understandReason(typed url.Values, now time.Time) []fault.Field {
	var wrong []fault.Field
	p.reason = strings.TrimSpace(typed.Get(ReasonField))
	if n := utf8.RuneCountInString(p.reason); n < 3 || n > 500 {
		wrong = append(wrong, fault.Field{ID: ReasonField, Message: "Escribe el motivo del cambio, de 3 a 500 caracteres"})
	}
	if !p.sheet.TakesAcuerdo() {
		return wrong
	}
	p.acuerdo = strings.TrimSpace(typed.Get(AcuerdoField))
	if n := utf8.RuneCountInString(p.acuerdo); n < 3 || n > 120 {
		wrong = append(wrong, fault.Field{ID: AcuerdoField, Message: "Escribe el número del acuerdo u oficio que ordena el cambio"})
	}
	on, ok := parseTime(strings.TrimSpace(typed.Get(AcuerdoOnField)), "2006-01-02", "02/01/2006", "2/1/2006")
	if !ok || on.After(now) {
		return append(wrong, fault.Field{ID: AcuerdoOnField, Message: "Escribe la fecha del acuerdo, como 14/03/2027; no puede ser futura"})
	}
	p.acuerdoOn = &on
	return wrong
}

// changed returns the fields whose values differ.
func (p proposal) changed() []Field {
	var out []Field
	for _, f := range p.sub.Fields {
		if !slices.Equal(p.sub.Values[f.ID], p.values[f.ID]) {
			out = append(out, f)
		}
	}
	return out
}

// kept returns the fields that a change keeps: those that differ, or all of them
// where a sheet is sent again as it was.
func (p proposal) kept() []Field {
	if f := p.changed(); len(f) > 0 {
		return f
	}
	return p.sub.Fields
}

// Preview says, one sentence each, what the draft would do. Errors as in Save.
func (s *Store) Preview(ctx context.Context, c auth.Configurer, d Draft) ([]string, error) {
	p, err := understand(ctx, s.desk, c, d, s.desk.Now())
	if err != nil {
		return nil, err
	}
	return p.effects(ctx, s.desk)
}

// Saved is what became of a draft.
type Saved struct {
	ID    int64
	Waits bool // for another person
}

// Save writes what somebody typed, or keeps it until another person confirms it
// where the public sees the change. Invalid, with the fields; Conflict when the
// sheet is not the one that was on screen or a change of it waits already;
// NotFound for a sheet or a thing that is not there or that the actor may not
// change.
func (s *Store) Save(ctx context.Context, c auth.Configurer, key string, d Draft) (Saved, error) {
	who := c.Person()
	action := db.Action{
		Kind: "parametro.cambiar", Process: who.Process, Object: object(d.Place), Key: key, Payload: d.payload(),
		Details: map[string]string{},
	}
	done, err := s.desk.Do(ctx, c, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := lock(ctx, tx, who.Process); err != nil {
			return "", err
		}
		p, err := understand(ctx, tx, c, d, tx.Now())
		if err != nil {
			return "", err
		}
		note(action.Details, p.kept(), p.sub.Values, p.values)
		return s.keep(ctx, tx, c, p)
	})
	if err != nil {
		return Saved{}, explain(err)
	}
	id, _, _ := strings.Cut(done.Result, " ")
	n, err := strconv.ParseInt(id, 10, 64)
	return Saved{ID: n, Waits: strings.HasSuffix(done.Result, " espera")}, err
}

// explain says a rule of the database that was broken in its own words.
func explain(err error) error {
	if message := es.Constraint(db.Constraint(err)); message != "" {
		return fault.Wrap(fault.Conflict, message, err)
	}
	return err
}

// payload is what was submitted, but for the proof of who they are, which is
// another each time.
func (d Draft) payload() []byte {
	typed := maps.Clone(d.Typed)
	delete(typed, auth.ProofField)
	return append([]byte(d.Version+"\x00"+typed.Encode()+"\x00"), d.Image...)
}

// keep inserts the change and, where nobody else confirms it, carries it out.
func (s *Store) keep(ctx context.Context, tx *db.Tx, c auth.Configurer, p proposal) (string, error) {
	before, after := Values{}, Values{}
	for _, f := range p.kept() {
		before[f.ID], after[f.ID] = notNil(p.sub.Values[f.ID]), notNil(p.values[f.ID])
	}
	raw := make([][]byte, 2)
	for i, v := range []Values{before, after} {
		b, err := json.Marshal(v)
		if err != nil {
			return "", err
		}
		raw[i] = b
	}
	state, two := "confirmado", p.sheet.Reach == Public
	var decidedBy *int64
	var decidedAt *time.Time
	account, now := c.AccountID(), tx.Now()
	if two {
		state = "por_confirmar"
	} else {
		decidedBy, decidedAt = &account, &now
	}
	var id int64
	const insert = `
INSERT INTO desk.setting_changes (process_id, sheet, ref, title, before, after, image, reason, acuerdo, acuerdo_on, two_persons, state,
  proposed_by, proposed_at, decided_by, decided_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING id`
	if err := tx.QueryRow(ctx, insert, p.sub.process, p.sheet.Key, p.sub.Ref, p.sub.title(p.sheet), raw[0], raw[1], p.image, p.reason,
		p.acuerdo, dayOf(p.acuerdoOn), two, state, account, now, decidedBy, decidedAt).Scan(&id); err != nil {
		return "", err
	}
	if two {
		return fmt.Sprintf("%d espera", id), nil
	}
	return strconv.FormatInt(id, 10), s.carryOut(ctx, tx, c, id, p)
}

// carryOut writes a change, copies it to the site where the public sees it, and
// sets by when INE is told.
func (s *Store) carryOut(ctx context.Context, tx *db.Tx, by db.Actor, id int64, p proposal) error {
	w := writing{by: by, process: p.sub.process, ref: p.sub.Ref, acuerdo: p.acuerdo, image: p.image, fields: p.sub.Fields}
	if p.acuerdoOn != nil {
		w.acuerdoOn = *p.acuerdoOn
	}
	if err := p.sheet.source.write(ctx, tx, w, p.values); err != nil {
		return err
	}
	if p.sheet.Reach == Public {
		if err := s.pub.Process(ctx, tx, p.sub.process); err != nil {
			return err
		}
	}
	if p.sheet.Report == NoReport {
		return nil
	}
	days, err := reportDays(ctx, tx, p.sub.process, p.sheet.Report)
	if err != nil {
		return err
	}
	due := tx.Now().In(election.Zone()).AddDate(0, 0, days).Format(time.DateOnly)
	return tx.Exec(ctx, `UPDATE desk.setting_changes SET report_due_on = $2 WHERE id = $1`, id, due)
}

// reportDays is how many days there are to tell INE.
func reportDays(ctx context.Context, q db.Querier, process int64, r Report) (int, error) {
	var modification, questionnaire int
	const sql = `SELECT change_report_days, questionnaire_report_days FROM desk.processes WHERE id = $1`
	if err := q.QueryRow(ctx, sql, process).Scan(&modification, &questionnaire); err != nil {
		return 0, db.Fault(err)
	}
	if r == Questionnaire {
		return questionnaire, nil
	}
	return modification, nil
}

func dayOf(t *time.Time) *string {
	if t == nil {
		return nil
	}
	text := t.In(election.Zone()).Format(time.DateOnly)
	return &text
}

func object(p Place) string { return strings.TrimSpace("ficha " + p.Sheet + " " + p.Ref) }

// note writes in the bitácora what changed: parameters are nobody's data.
func note(details map[string]string, fields []Field, before, after Values) {
	for _, f := range fields {
		if f.Kind == Paragraph {
			details[f.ID] = "cambió"
			continue
		}
		details[f.ID] = f.Say(before[f.ID]) + " → " + f.Say(after[f.ID])
	}
}
