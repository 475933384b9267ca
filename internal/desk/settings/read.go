package settings

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// Read returns a sheet as it is now, for whoever may read it.
func (s *Store) Read(ctx context.Context, r auth.SettingReader, p Place) (Sheet, Subject, error) {
	sheet, err := sheetOf(p.Sheet)
	if err != nil {
		return sheet, Subject{}, err
	}
	sub, err := sheet.read(ctx, s.desk, r.Person().Process, p.Ref)
	return sheet, sub, err
}

// MayChange reports whether the actor may change a sheet.
func MayChange(a auth.Actor, sheet Sheet) bool {
	c, ok := a.(auth.Configurer)
	return ok && may(c, sheet) == nil
}

// Change is a change as it is listed.
type Change struct {
	ID           int64
	Sheet        string
	Ref          string
	Title        string
	Reason       string
	Acuerdo      string
	AcuerdoOn    *time.Time
	TwoPersons   bool
	State        string
	ProposedBy   string
	ProposedByID int64
	ProposedAt   time.Time
	DecidedBy    string
	DecidedAt    *time.Time
	Discarded    string
	DueOn        *time.Time // INE is told by then; nil, it is not
	ReportedOn   *time.Time
	Oficio       string
	HasImage     bool
	Before       Values
	After        Values
}

// Waits reports whether another person has to decide it.
func (c Change) Waits() bool { return c.State == "por_confirmar" }

// Owed reports whether INE has still to be told.
func (c Change) Owed() bool { return c.DueOn != nil && c.ReportedOn == nil }

// Pairs says, field by field, what there was and what there is.
func (c Change) Pairs() []Pair {
	sheet := SheetOf(c.Sheet)
	var out []Pair
	for _, f := range sheet.Fields {
		if _, ok := c.After[f.ID]; ok {
			out = append(out, Pair{f.Label, f.Say(c.Before[f.ID]), f.Say(c.After[f.ID])})
		}
	}
	return out
}

// Pair is a datum before and after a change, in words.
type Pair struct{ Label, Before, After string }

const changeSQL = `
SELECT c.id, c.sheet, c.ref, c.title, c.reason, c.acuerdo, c.acuerdo_on, c.two_persons, c.state, p.name AS proposed_by, p.id AS proposed_by_id,
  c.proposed_at, COALESCE(d.name, '') AS decided_by, c.decided_at, c.discarded, c.report_due_on AS due_on, c.reported_on,
  c.report_oficio AS oficio, c.image IS NOT NULL AS has_image, c.before, c.after
FROM desk.setting_changes c JOIN desk.accounts p ON p.id = c.proposed_by LEFT JOIN desk.accounts d ON d.id = c.decided_by
WHERE c.process_id = $1`

// Filter says which changes are listed. Its zero value is all of them.
type Filter struct {
	Place             // only of this sheet, if it names one
	Show       string // Waiting, Owing or all
	Page, Size int    // from 1
}

// What a list of changes shows.
const (
	Waiting = "por-confirmar"
	Owing   = "por-informar"
)

// Changes returns a page of the register of changes of the actor's process,
// newest first, and how many there are.
func (s *Store) Changes(ctx context.Context, r auth.ChangeReader, f Filter) ([]Change, int, error) {
	const where = `
  AND ($2 = '' OR c.sheet = $2 AND c.ref = $3)
  AND ($4 = '' OR $4 = 'por-confirmar' AND c.state = 'por_confirmar' OR $4 = 'por-informar' AND c.report_due_on IS NOT NULL AND c.reported_on IS NULL)`
	process := r.Person().Process
	var total int
	const count = `SELECT count(*) FROM desk.setting_changes c WHERE c.process_id = $1` + where
	if err := s.desk.QueryRow(ctx, count, process, f.Sheet, f.Ref, f.Show).Scan(&total); err != nil {
		return nil, 0, db.Fault(err)
	}
	out, err := s.collect(ctx, changeSQL+where+` ORDER BY c.id DESC LIMIT $5 OFFSET $6`, process, f.Sheet, f.Ref, f.Show, f.Size, (f.Page-1)*f.Size)
	return out, total, err
}

// Change returns a change of the actor's process with, if it waits, what it would
// do and, in problem, why it could not be done now.
func (s *Store) Change(ctx context.Context, r auth.ChangeReader, id int64) (c Change, effects []string, problem error, err error) {
	process := r.Person().Process
	found, err := s.collect(ctx, changeSQL+` AND c.id = $2`, process, id)
	if err != nil {
		return c, nil, nil, err
	}
	if len(found) == 0 {
		return c, nil, nil, fault.New(fault.NotFound, "")
	}
	if c = found[0]; !c.Waits() {
		return c, nil, nil, nil
	}
	rows, err := s.desk.Query(ctx, storedSQL, process, id)
	if err != nil {
		return c, nil, nil, err
	}
	kept, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[stored])
	if err != nil {
		return c, nil, nil, db.Fault(err)
	}
	p, err := kept.proposal(ctx, s.desk, process, s.desk.Now())
	if fault.Is(err, fault.Conflict) {
		return c, nil, err, nil
	}
	if err != nil {
		return c, nil, nil, err
	}
	effects, err = p.effects(ctx, s.desk)
	return c, effects, nil, err
}

// ChangeImage returns the image that a change of the actor's process proposes.
func (s *Store) ChangeImage(ctx context.Context, r auth.ChangeReader, id int64) ([]byte, error) {
	var image []byte
	const sql = `SELECT image FROM desk.setting_changes WHERE process_id = $1 AND id = $2 AND image IS NOT NULL`
	err := s.desk.QueryRow(ctx, sql, r.Person().Process, id).Scan(&image)
	return image, db.Fault(err)
}

func (s *Store) collect(ctx context.Context, sql string, args ...any) ([]Change, error) {
	rows, err := s.desk.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Change])
	return out, db.Fault(err)
}

// Table returns changes as the header and the rows of a file.
func Table(all []Change) (header []string, rows [][]string) {
	header = []string{
		"NUMERO", "FICHA", "DATO", "ANTES", "DESPUES", "MOTIVO", "ACUERDO", "FECHA_ACUERDO", "ESTADO", "PROPUSO", "FECHA_HORA", "CONFIRMO",
		"INFORMAR_A_MAS_TARDAR", "INFORMADO", "OFICIO",
	}
	day := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.Format(time.DateOnly)
	}
	for _, c := range all {
		for _, p := range c.Pairs() {
			rows = append(rows, []string{
				strconv.FormatInt(c.ID, 10), c.Title, p.Label, p.Before, p.After, c.Reason, c.Acuerdo, day(c.AcuerdoOn), c.State, c.ProposedBy,
				c.ProposedAt.In(election.Zone()).Format("2006-01-02 15:04"), c.DecidedBy, day(c.DueOn), day(c.ReportedOn), c.Oficio,
			})
		}
	}
	return header, rows
}
