package review

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// Terms are the terms of a process, in natural days, and how many corrections a
// candidacy may ask for: parameters that change nothing of what is public, so one
// person is enough.
type Terms struct {
	CaptureDays          int // from the receipt of credentials or the approval
	ReviewDays           int // of the Unidad, from the validation
	RemedyDays           int // of whoever captures, from the observation
	CorrectionReviewDays int // of the Unidad, from the correction
	CorrectionsAllowed   int
}

// TermFields are the names of the terms in the form, in order, and their limits.
var TermFields = []struct {
	ID, Label   string
	Least, Most int
	of          func(*Terms) *int
}{
	{"plazo_captura_dias", "Plazo de captura", 1, 120, func(t *Terms) *int { return &t.CaptureDays }},
	{"plazo_revisar_dias", "Plazo para revisar lo validado", 1, 60, func(t *Terms) *int { return &t.ReviewDays }},
	{"plazo_subsanar_dias", "Plazo para atender una observación", 1, 60, func(t *Terms) *int { return &t.RemedyDays }},
	{"plazo_revisar_correccion_dias", "Plazo para revisar una corrección", 1, 60, func(t *Terms) *int { return &t.CorrectionReviewDays }},
	{"correcciones_por_solicitud", "Correcciones que puede solicitar cada candidatura", 0, 20, func(t *Terms) *int { return &t.CorrectionsAllowed }},
}

// Value returns a term by the place of its field.
func (t Terms) Value(field int) int { return *TermFields[field].of(&t) }

// Version names what the terms were when they were read.
func (t Terms) Version() string {
	var out []string
	for i := range TermFields {
		out = append(out, strconv.Itoa(t.Value(i)))
	}
	return strings.Join(out, "-")
}

// ParseTerms reads the terms of a form; Invalid, with the fields.
func ParseTerms(get func(id string) string) (Terms, error) {
	var t Terms
	var fields []fault.Field
	for _, f := range TermFields {
		n, err := strconv.Atoi(strings.TrimSpace(get(f.ID)))
		if err != nil || n < f.Least || n > f.Most {
			fields = append(fields, fault.Field{ID: f.ID, Message: fmt.Sprintf("%s: escribe un número entero de %d a %d", f.Label, f.Least, f.Most)})
		}
		*f.of(&t) = n
	}
	return t, fault.InvalidFields(fields)
}

// Terms returns the terms of the actor's process.
func (s *Store) Terms(ctx context.Context, a auth.Admin) (Terms, error) {
	return terms(ctx, s.desk, a.Process, "")
}

func terms(ctx context.Context, q db.Querier, process int64, lock string) (Terms, error) {
	const sql = `SELECT capture_days, review_days, remedy_days, correction_review_days, corrections_allowed FROM desk.processes WHERE id = $1`
	rows, err := q.Query(ctx, sql+lock, process)
	if err != nil {
		return Terms{}, db.Fault(err)
	}
	t, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Terms])
	return t, db.Fault(err)
}

// SetTerms changes the terms of the actor's process. Terms that run already are
// counted again with the new days; what was marked as late stays so. Conflict when
// they are no longer those of version.
func (s *Store) SetTerms(ctx context.Context, a auth.Admin, key, version string, t Terms) error {
	action := db.Action{
		Kind: "proceso.plazos", Process: a.Process, Object: "proceso " + strconv.FormatInt(a.Process, 10), Key: key, Payload: []byte(version + " " + t.Version()),
		Details: map[string]string{"antes": version, "ahora": t.Version()},
	}
	_, err := s.desk.Do(ctx, a, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		now, err := terms(ctx, tx, a.Process, " FOR UPDATE")
		if err != nil {
			return "", err
		}
		if now.Version() != version {
			return "", fault.New(fault.Conflict, "Otra persona cambió los plazos mientras los editabas. Recarga la página para ver los que rigen.")
		}
		const sql = `
UPDATE desk.processes SET capture_days = $2, review_days = $3, remedy_days = $4, correction_review_days = $5, corrections_allowed = $6 WHERE id = $1`
		return "", tx.Exec(ctx, sql, a.Process, t.CaptureDays, t.ReviewDays, t.RemedyDays, t.CorrectionReviewDays, t.CorrectionsAllowed)
	})
	return err
}
