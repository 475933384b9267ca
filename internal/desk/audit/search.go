package audit

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/web/es"
)

// Store reads the bitácora for people.
type Store struct{ Desk *db.Desk }

// Entry is an entry as a person reads it.
type Entry struct {
	ID      int64 // 0 for whom its number would tell how much they may not see
	At      time.Time
	Who     string // a name, or the system's
	Role    string
	Kind    string
	Object  string
	Details map[string]string
}

// Told says the details in one line, in order.
func (e Entry) Told() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(e.Details)) {
		parts = append(parts, strings.ReplaceAll(name, "_", " ")+": "+e.Details[name])
	}
	return strings.Join(parts, "; ")
}

// Filter is what to look for. Its zero value is everything.
type Filter struct {
	Who    string // part of a name, an address or a role
	What   string // part of a kind
	Object string // part of what it was done to
	From   time.Time
	Until  time.Time // zero is any; up to this instant
	Page   int
	Size   int
}

// Most is how many entries an export has.
const Most = 50000

// open are the families of acts that tell nothing of what somebody consented,
// answered of their identity or asked about their data. Whoever is not the Head of
// the unit reads these alone, and a family that is not here is not read: how many
// of the others there are would tell, too.
var open = []string{
	"acto", "agenda", "bitacora", "cambios", "captura", "catalogo", "cuenta", "demostracion", "inhabiles", "ine", "lista", "llaves", "modo",
	"parametro", "parametros", "proceso", "publicacion", "registro", "requerimiento", "respaldo", "revision", "secciones", "sesion", "vista",
}

// sight is what somebody reads: parameters of scopeSQL.
type sight struct {
	all       bool  // every family
	nominator int64 // the acts of its people, and those over its candidacies
	candidacy int64 // the acts of its person, and those over it
	account   int64
	wide      bool // not limited to either
}

func sightOf(r auth.AuditReader) sight {
	s := sight{account: r.AccountID()}
	switch v := r.(type) {
	case auth.Head:
		s.all, s.wide = true, true
	case auth.Admin, auth.Auditor:
		s.wide = true
	case auth.Validator:
		s.nominator = v.Nominator
	case auth.Candidate:
		s.candidacy = v.Candidacy
	}
	return s
}

// scopeSQL is what of the entries e somebody of the process $1 reads: $2 every
// family, $3 the open ones, $4 whether all of the process and what is of none, $5 a
// nominator, $6 a candidacy, $7 their account. What they did themselves they always
// read, a party what its people did, and a candidate whatever was done to what is
// theirs.
const scopeSQL = `(e.process_id = $1 AND e.account_id = $7
  OR e.process_id = $1 AND e.object = 'candidatura ' || NULLIF($6::bigint, 0)
  OR e.process_id = $1 AND EXISTS (SELECT 1 FROM desk.grants g WHERE g.account_id = e.account_id AND g.process_id = $1 AND g.nominator_id = NULLIF($5::bigint, 0))
  OR ($2 OR split_part(e.kind, '.', 1) = ANY($3)) AND ($4 AND (e.process_id = $1 OR e.process_id IS NULL AND $1 <> 0)
    OR e.process_id = $1 AND e.object IN (SELECT 'candidatura ' || c.id FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
      WHERE c.process_id = $1 AND COALESCE(c.siglado_id, n.representative_id, c.nominator_id) = NULLIF($5::bigint, 0))))`

const searchSQL = `
FROM audit.entries e LEFT JOIN desk.accounts a ON a.id = e.account_id
WHERE ` + scopeSQL + `
  AND ($8 = '' OR strpos(translate(lower(concat_ws(' ', a.name, a.email, e.role)), 'áéíóúüñ', 'aeiouun'), translate(lower($8), 'áéíóúüñ', 'aeiouun')) > 0)
  AND ($9 = '' OR strpos(e.kind, lower($9)) > 0)
  AND ($10 = '' OR strpos(lower(e.object || ' ' || COALESCE((SELECT c.folio FROM desk.candidacies c WHERE e.object = 'candidatura ' || c.id), '')), lower($10)) > 0)
  AND e.at >= COALESCE($11, '-infinity'::timestamptz) AND e.at < COALESCE($12, 'infinity'::timestamptz)`

const countSQL = `SELECT count(*)` + searchSQL

const pageSQL = `SELECT e.id, e.at, COALESCE(a.name, '') AS who, e.role, e.kind, e.object, e.details,
  COALESCE((SELECT c.folio FROM desk.candidacies c WHERE e.object = 'candidatura ' || c.id), '') AS folio` + searchSQL + ` ORDER BY e.at DESC, e.id DESC LIMIT $13 OFFSET $14`

type entryRow struct {
	ID      int64
	At      time.Time
	Who     string
	Role    string
	Kind    string
	Object  string
	Details map[string]string
	Folio   string
}

// Search returns a page of what the actor may read of the bitácora of their
// process, the newest first, and how many the filter lets through.
func (s *Store) Search(ctx context.Context, r auth.AuditReader, f Filter) ([]Entry, int, error) {
	see := sightOf(r)
	args := []any{
		r.Person().Process, see.all, open, see.wide, see.nominator, see.candidacy, see.account, f.Who, f.What, f.Object, instant(f.From), instant(f.Until),
	}
	var total int
	if err := s.Desk.QueryRow(ctx, countSQL, args...).Scan(&total); err != nil {
		return nil, 0, db.Fault(fmt.Errorf("count the bitácora: %w", err))
	}
	rows, err := s.Desk.Query(ctx, pageSQL, append(args, f.Size, max(f.Page-1, 0)*f.Size)...)
	if err != nil {
		return nil, 0, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[entryRow])
	if err != nil {
		return nil, 0, db.Fault(fmt.Errorf("read the bitácora: %w", err))
	}
	out := make([]Entry, len(found))
	for i, row := range found {
		out[i] = row.entry(see)
	}
	return out, total, nil
}

// entry is the row for whoever has that sight. A party and a candidate know the
// people of the institute by their function.
func (r entryRow) entry(see sight) Entry {
	e := Entry{At: r.At, Who: r.Who, Role: r.Role, Kind: r.Kind, Object: r.Object, Details: r.Details}
	if see.all {
		e.ID = r.ID
	}
	if !see.wide && auth.OfInstitute(r.Role) {
		e.Who = ""
	}
	if r.Folio != "" {
		e.Object = "candidatura " + r.Folio
	}
	return e
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Export returns what the filter lets through, up to Most, as a table, and leaves
// its own entry: who takes the bitácora away is in it.
func (s *Store) Export(ctx context.Context, r auth.AuditReader, f Filter) (header []string, rows [][]string, err error) {
	who := r.Person()
	details := map[string]string{"quien": f.Who, "que": f.What, "objeto": f.Object}
	action := db.Action{Kind: "bitacora.exportar", Process: who.Process, Object: "proceso " + strconv.FormatInt(who.Process, 10), Details: details}
	if _, err := s.Desk.Do(ctx, r, action, func(context.Context, *db.Tx) (string, error) { return "", nil }); err != nil {
		return nil, nil, err
	}
	f.Page, f.Size = 1, Most
	entries, _, err := s.Search(ctx, r, f)
	header = []string{"FECHA", "QUIEN", "FUNCION", "QUE", "CLASE", "OBJETO", "DATOS"}
	for _, e := range entries {
		rows = append(rows, []string{e.At.UTC().Format(time.RFC3339Nano), e.Who, e.Role, es.Act(e.Kind), e.Kind, e.Object, e.Told()})
	}
	return header, rows, err
}

// State is what of the chain a person of the institute is told.
type State struct {
	Leaves int64     // of the public register
	Sealed time.Time // the last hour that was sealed; zero is none
}

// State returns the state of the chain. How many entries there are is not in it.
func (s *Store) State(ctx context.Context) (State, error) {
	var st State
	var at *time.Time
	err := s.Desk.QueryRow(ctx, `SELECT (SELECT count(*) FROM site.log_leaves), (SELECT max(at) FROM audit.seals)`).Scan(&st.Leaves, &at)
	if at != nil {
		st.Sealed = *at
	}
	return st, db.Fault(err)
}
