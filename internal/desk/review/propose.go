package review

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// Proposal is what an analyst proposes of a candidacy, as it was posted.
type Proposal struct {
	Folio   string
	Key     string
	Content string // File.Content of what was on screen
	Remarks []Remark
}

// OutcomeField is the name, in the form, of the result of a rubro.
func OutcomeField(part questionnaire.ID) string { return "resultado_" + string(part) }

// CausesField is the name of the causes of a rubro.
func CausesField(part questionnaire.ID) string { return "supuestos_" + string(part) }

// NoteField is the name of what must be mended in a rubro.
func NoteField(part questionnaire.ID) string { return "corregir_" + string(part) }

// MaxNote is how long what must be mended may be, in characters.
const MaxNote = 1000

// Propose records a result for every rubro that waits for one, and takes the
// place of a proposal not decided yet. Nothing is public until the Head approves.
//
// Errors: NotFound in another process; Invalid, with the fields, when a rubro has
// no result or an observation no cause or no text; Conflict when somebody else
// has the candidacy, when there is nothing to judge, or when the content is no
// longer the one that was read.
func (s *Store) Propose(ctx context.Context, t auth.Transparency, p Proposal) error {
	return s.do(ctx, t, "revision.proponer", p.Folio, p.Key, p.payload(), func(ctx context.Context, tx *db.Tx, sub *subject) error {
		if err := sub.reviewable(); err != nil {
			return err
		}
		content, err := sub.content(ctx, tx)
		if err != nil {
			return err
		}
		if content != p.Content {
			return fault.New(fault.Conflict, "Llegó otra versión mientras revisabas. Lo que marcaste sigue aquí: compáralo con la nueva antes de registrar.")
		}
		remarks, err := sub.check(p.Remarks)
		if err != nil {
			return err
		}
		if err := claim(ctx, tx, t, sub); err != nil {
			return err
		}
		return propose(ctx, tx, t, sub, content, remarks)
	})
}

// payload is what the form said, for its key.
func (p Proposal) payload() string {
	var b strings.Builder
	b.WriteString(p.Content)
	for _, m := range p.Remarks {
		fmt.Fprintf(&b, "\x00%s\x00%s\x00%s\x00%s", m.Part, m.Outcome, strings.Join(m.Causes, ","), m.Note)
	}
	return b.String()
}

// check returns the results of the rubros that wait for one, or what is missing.
func (s *subject) check(given []Remark) ([]Remark, error) {
	var out []Remark
	var fields []fault.Field
	missing := func(id, message string) { fields = append(fields, fault.Field{ID: id, Message: message}) }
	for _, id := range s.waits() {
		part, _ := s.questionnaire.Part(id)
		m := Remark{Part: id}
		if i := slices.IndexFunc(given, func(m Remark) bool { return m.Part == id }); i >= 0 {
			m = given[i]
		}
		m.Version, m.Note = s.under[id], strings.TrimSpace(m.Note)
		switch m.Outcome {
		case Complies:
			m.Causes, m.Note = nil, ""
		case Observed:
			m.Causes = known(id, m.Causes)
			if len(m.Causes) == 0 {
				missing(CausesField(id), part.Label+": elige al menos un supuesto")
			}
			if n := utf8.RuneCountInString(m.Note); n == 0 {
				missing(NoteField(id), part.Label+": escribe qué debe corregirse")
			} else if n > MaxNote {
				missing(NoteField(id), part.Label+": escribe qué debe corregirse en 1,000 caracteres o menos")
			}
		default:
			missing(OutcomeField(id), part.Label+": elige si se apega o se observa")
		}
		out = append(out, m)
	}
	return out, fault.InvalidFields(fields)
}

// known returns, in order and once, the codes that a rubro admits.
func known(part questionnaire.ID, codes []string) []string {
	var out []string
	for _, c := range Causes(string(part)) {
		if slices.Contains(codes, c.Code) {
			out = append(out, c.Code)
		}
	}
	return out
}

func propose(ctx context.Context, tx *db.Tx, t auth.Transparency, sub *subject, content string, remarks []Remark) error {
	if err := Expire(ctx, tx, sub.ID); err != nil {
		return err
	}
	const insert = `
INSERT INTO desk.reviews (candidacy_id, round, content, proposed_by, proposed_at)
SELECT $1, 1 + count(*), $2, $3, $4 FROM desk.reviews WHERE candidacy_id = $1 AND state = 'aprobada' RETURNING id`
	var id int64
	if err := tx.QueryRow(ctx, insert, sub.ID, content, t.AccountID(), tx.Now()).Scan(&id); err != nil {
		return err
	}
	const remark = `INSERT INTO desk.remarks (review_id, part, version, outcome, causes, note) VALUES ($1, $2, $3, $4, $5, $6)`
	for _, m := range remarks {
		if err := tx.Exec(ctx, remark, id, m.Part, m.Version, string(m.Outcome), append([]string{}, m.Causes...), m.Note); err != nil {
			return err
		}
	}
	return nil
}

// Expire ends the proposal that waits for a decision, if there is one: another
// one takes its place, or the content is about to change.
func Expire(ctx context.Context, tx *db.Tx, candidacy int64) error {
	return tx.Exec(ctx, `UPDATE desk.reviews SET state = 'caduca' WHERE candidacy_id = $1 AND state = 'propuesta'`, candidacy)
}
