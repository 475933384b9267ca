package registry

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
)

// Summary is what waits at the registry.
type Summary struct {
	InForce     int
	OffBallot   int
	PendingActs int
	Imports     []Import
	Acts        []Act // the last ones
	Publication Publication
}

// Import is a list that was loaded.
type Import struct {
	ID         int64
	FileName   string
	Acuerdo    string
	ApprovedOn *time.Time
	Rows       int
	New        int
	Changed    int
	Rejected   int
	By         string // name; "" for a command
	At         time.Time
}

// Summary returns what waits at the registry of the actor's process.
func (r *Registry) Summary(ctx context.Context, s auth.Secretary) (Summary, error) {
	const sql = `
SELECT count(*) FILTER (WHERE standing = 'aprobada'), count(*) FILTER (WHERE standing <> 'aprobada'),
  (SELECT count(*) FROM desk.acts WHERE process_id = $1 AND state = 'por_confirmar')
FROM desk.candidacies WHERE process_id = $1`
	var out Summary
	err := r.desk.QueryRow(ctx, sql, s.Process).Scan(&out.InForce, &out.OffBallot, &out.PendingActs)
	if err != nil {
		return out, db.Fault(err)
	}
	if out.Imports, err = r.Imports(ctx, s, 5); err != nil {
		return out, err
	}
	if out.Acts, _, err = r.Acts(ctx, s, "", 1, 5); err != nil {
		return out, err
	}
	out.Publication, err = r.Publication(ctx, s)
	return out, err
}

// Imports returns the last lists loaded into the actor's process, newest first.
func (r *Registry) Imports(ctx context.Context, s auth.Secretary, limit int) ([]Import, error) {
	const sql = `
SELECT i.id, i.file_name, i.acuerdo, i.approved_on, i.rows_read AS rows, i.rows_new AS new, i.rows_changed AS changed,
  i.rows_rejected AS rejected, COALESCE(a.name, '') AS by, i.at
FROM desk.imports i LEFT JOIN desk.accounts a ON a.id = i.account_id
WHERE i.process_id = $1 ORDER BY i.id DESC LIMIT $2`
	return collect[Import](ctx, r.desk, sql, s.Process, limit)
}

// Entry is a candidacy on a list of the registry.
type Entry struct {
	Folio      string
	Name       string
	Sex        string
	Role       string
	Office     string
	Place      string
	Listed     bool
	Position   int
	Nominator  string
	Standing   string
	Capture    string
	PendingAct int64 // 0 when none waits
}

// Filter is what to look for among candidacies.
type Filter struct {
	Text     string // name or folio
	Standing string
	Page     int // from 1
	Size     int
}

const entrySQL = `
SELECT c.folio, concat_ws(' ', p.given_names, NULLIF(p.surnames, '')) AS name, p.sex, c.role, o.name AS office,
  COALESCE(m.name, 'Distrito ' || d.number || COALESCE(', ' || NULLIF(d.seat, ''), ''), s.name, '') AS place,
  o.listed, c.position, n.acronym AS nominator, c.standing, c.capture,
  COALESCE((SELECT a.id FROM desk.acts a WHERE a.candidacy_id = c.id AND a.state = 'por_confirmar'), 0) AS pending_act
FROM desk.candidacies c
JOIN desk.persons p ON p.id = c.person_id
JOIN desk.offices o ON o.id = c.office_id
JOIN desk.nominators n ON n.id = c.nominator_id
LEFT JOIN desk.municipalities m ON m.id = c.municipality_id
LEFT JOIN desk.districts d ON d.id = c.district_id
LEFT JOIN desk.states s ON s.id = c.state_id`

// folded is Fold in SQL, near enough to find a name: lower case, no accents.
const folded = `translate(lower(concat_ws(' ', p.given_names, p.surnames, p.nickname)), 'áéíóúüñ''’', 'aeiouun')`

// Candidacies returns a page of the candidacies of the actor's process that the
// filter lets through, in the order of the ballot, and how many there are.
func (r *Registry) Candidacies(ctx context.Context, s auth.Secretary, f Filter) ([]Entry, int, error) {
	const where = `
WHERE c.process_id = $1 AND ($2 = '' OR c.standing = $2)
  AND ($3 = '' OR c.folio = upper($3) OR c.registry_folio = $3 OR ` + folded + ` LIKE ALL ($4))`
	args := []any{s.Process, f.Standing, f.Text, patterns(f.Text)}
	var total int
	const count = `SELECT count(*) FROM desk.candidacies c JOIN desk.persons p ON p.id = c.person_id` + where
	if err := r.desk.QueryRow(ctx, count, args...).Scan(&total); err != nil {
		return nil, 0, db.Fault(err)
	}
	sql := entrySQL + where + `
ORDER BY o.ballot_order, d.number, m.code, n.registry_order, c.position, c.role, c.id LIMIT $5 OFFSET $6`
	all, err := collect[Entry](ctx, r.desk, sql, append(args, f.Size, (f.Page-1)*f.Size)...)
	return all, total, err
}

// patterns are what a name must contain: every word of the text.
func patterns(text string) []string {
	out := []string{}
	for _, w := range words(text) {
		out = append(out, "%"+w+"%")
	}
	return out
}

// Candidacy is a candidacy with all that the registry says of it.
type Candidacy struct {
	Entry
	Registration
	ID             int64
	RegistryFolio  string
	Siglado        string
	NominatorName  string
	Acuerdo        string
	ApprovedOn     *time.Time
	StandingSince  time.Time
	Elected        bool
	ReplacesFolio  string // of who left the place to it
	ReplacesName   string
	SuccessorFolio string
	SuccessorName  string
	Members        []Nominator // parties that may siglar it; nil unless of a coalition
	Acts           []Act
}

// Nominator is a party as a choice.
type Nominator struct{ Acronym, Name string }

// Candidacy returns one of the actor's process, or NotFound.
func (r *Registry) Candidacy(ctx context.Context, s auth.Secretary, folio string) (Candidacy, error) {
	subject, err := loadSubject(ctx, r.desk, s.Process, folio, r.desk.Now())
	if err != nil {
		return Candidacy{}, db.Fault(err)
	}
	out := Candidacy{
		Registration: subject.registration(), ID: subject.ID, RegistryFolio: subject.RegistryFolio, Acuerdo: subject.Acuerdo,
		ApprovedOn: subject.ApprovedOn, NominatorName: subject.Nominator, Elected: subject.Elected, SuccessorName: subject.Successor,
	}
	rows, err := r.desk.Query(ctx, entrySQL+` WHERE c.id = $1`, subject.ID)
	if err != nil {
		return out, err
	}
	if out.Entry, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Entry]); err != nil {
		return out, db.Fault(err)
	}
	const more = `
SELECT COALESCE((SELECT name FROM desk.nominators WHERE id = c.siglado_id), ''), c.standing_since,
  COALESCE(o.folio, ''), COALESCE(concat_ws(' ', op.given_names, NULLIF(op.surnames, '')), ''), COALESCE(n.folio, '')
FROM desk.candidacies c
LEFT JOIN desk.candidacies o ON o.id = c.replaces_id
LEFT JOIN desk.persons op ON op.id = o.person_id
LEFT JOIN desk.candidacies n ON n.replaces_id = c.id
WHERE c.id = $1`
	err = r.desk.QueryRow(ctx, more, subject.ID).Scan(&out.Siglado, &out.StandingSince, &out.ReplacesFolio, &out.ReplacesName, &out.SuccessorFolio)
	if err != nil {
		return out, db.Fault(err)
	}
	const members = `SELECT acronym, name FROM desk.nominators WHERE id = ANY($1) ORDER BY registry_order, id`
	if out.Members, err = collect[Nominator](ctx, r.desk, members, subject.Members); err != nil {
		return out, err
	}
	out.Acts, err = collect[Act](ctx, r.desk, actSQL+` WHERE a.process_id = $1 AND a.candidacy_id = $2 ORDER BY a.id DESC`, s.Process, subject.ID)
	return out, err
}

// collect runs a query into structs by name.
func collect[T any](ctx context.Context, q db.Querier, sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, db.Fault(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	return out, db.Fault(err)
}
