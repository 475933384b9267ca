package docket

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// Version is a version of an entry.
type Version struct {
	Number  int // of the entry
	Version int
	Content
	Reason   string
	Document string // its name; "" when there is none
	Hash     string
	By       string
	At       time.Time
}

// Answered reports whether it has an outcome.
func (v Version) Answered() bool { return v.Outcome != "" }

type versionRow struct {
	Number      int
	Version     int
	HappenedOn  time.Time
	Subject     string
	Narrative   string
	Counterpart string
	Outcome     string
	OutcomeOn   *time.Time
	Effect      string
	Basis       string
	Reason      string
	Document    string
	Hash        string
	Author      string
	At          time.Time
}

func (r versionRow) version() Version {
	v := Version{
		Number: r.Number, Version: r.Version, Reason: r.Reason, Document: r.Document, Hash: r.Hash, By: r.Author, At: r.At,
		Content: Content{
			HappenedOn: r.HappenedOn, Subject: r.Subject, Narrative: r.Narrative, Counterpart: r.Counterpart, Outcome: r.Outcome,
			Effect: r.Effect, Basis: r.Basis,
		},
	}
	if r.OutcomeOn != nil {
		v.OutcomeOn = *r.OutcomeOn
	}
	return v
}

const versionSQL = `
SELECT e.number, v.version, v.happened_on, v.subject, v.narrative, v.counterpart, v.outcome, v.outcome_on, v.effect, v.basis, v.reason,
  v.document_name AS document, v.document_hash AS hash, a.name AS author, v.at
FROM desk.docket_entries e JOIN desk.docket_versions v ON v.entry_id = e.id JOIN desk.accounts a ON a.id = v.account_id
WHERE e.process_id = $1 AND e.kind = $2`

// lastOnly keeps the version that counts of each entry.
const lastOnly = ` AND v.version = (SELECT max(version) FROM desk.docket_versions w WHERE w.entry_id = e.id)`

// Answer is a filter by whether there is an outcome.
type Answer string

// The filters.
const (
	AnyAnswer  Answer = ""
	Unanswered Answer = "pendientes"
	Answered   Answer = "atendidos"
)

// Filter is what to look for in a register.
type Filter struct {
	Kind   Kind
	Text   string
	Answer Answer
	From   time.Time // zero is any
	Until  time.Time // its day included; zero is any
	Page   int
	Size   int // 0 is all
}

// Register returns a page of a register of the actor's process, the newest
// first, and how many the filter lets through. One that the actor does not read
// is NotFound.
func (s *Store) Register(ctx context.Context, r auth.DocketReader, f Filter) ([]Version, int, error) {
	if !reads(r, f.Kind) {
		return nil, 0, fault.New(fault.NotFound, "")
	}
	const chosen = versionSQL + lastOnly + `
  AND ($3 = '' OR position(translate(lower($3), 'áéíóúüñ', 'aeiouun') IN
    translate(lower(concat_ws(' ', v.subject, v.narrative, v.counterpart, v.outcome, v.effect, v.basis)), 'áéíóúüñ', 'aeiouun')) > 0)
  AND ($4 = '' OR (v.outcome <> '') = ($4 = 'atendidos'))
  AND v.happened_on BETWEEN COALESCE($5, '-infinity'::date) AND COALESCE($6, 'infinity'::date)
ORDER BY v.happened_on DESC, e.number DESC`
	rows, err := s.desk.Query(ctx, chosen, r.Person().Process, string(f.Kind), f.Text, string(f.Answer), optional(f.From), optional(f.Until))
	if err != nil {
		return nil, 0, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[versionRow])
	if err != nil {
		return nil, 0, db.Fault(err)
	}
	total := len(found)
	if f.Size > 0 {
		first := min(max(f.Page-1, 0)*f.Size, total)
		found = found[first:min(first+f.Size, total)]
	}
	out := make([]Version, len(found))
	for i, row := range found {
		out[i] = row.version()
	}
	return out, total, nil
}

// Entry returns every version of an entry of the actor's process, the last one
// first. A number that is not there, or in a register that the actor does not
// read, is NotFound.
func (s *Store) Entry(ctx context.Context, r auth.DocketReader, k Kind, number int) ([]Version, error) {
	if !reads(r, k) {
		return nil, fault.New(fault.NotFound, "")
	}
	rows, err := s.desk.Query(ctx, versionSQL+` AND e.number = $3 ORDER BY v.version DESC`, r.Person().Process, string(k), number)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[versionRow])
	if err != nil || len(found) == 0 {
		return nil, orNotFound(db.Fault(err))
	}
	var out []Version
	for _, row := range found {
		out = append(out, row.version())
	}
	return out, nil
}

func orNotFound(err error) error {
	if err == nil {
		return fault.New(fault.NotFound, "")
	}
	return err
}

// Document returns the document of a version.
func (s *Store) Document(ctx context.Context, r auth.DocketReader, k Kind, number, version int) (Document, error) {
	var d Document
	if !reads(r, k) {
		return d, fault.New(fault.NotFound, "")
	}
	const sql = `
SELECT v.document_name, v.document FROM desk.docket_entries e JOIN desk.docket_versions v ON v.entry_id = e.id
WHERE e.process_id = $1 AND e.kind = $2 AND e.number = $3 AND v.version = $4 AND v.document IS NOT NULL`
	err := s.desk.QueryRow(ctx, sql, r.Person().Process, string(k), number, version).Scan(&d.Name, &d.Bytes)
	return d, db.Fault(err)
}

// Table returns a register as a file has it: a header and a row per entry, with
// the words of that register.
func Table(k Kind, versions []Version) (header []string, rows [][]string) {
	header = []string{"NUMERO", "VERSION"}
	for _, f := range k.Fields() {
		header = append(header, f.Label)
	}
	header = append(header, "DOCUMENTO_SHA256", "REGISTRO", "REGISTRADO_EL")
	for _, v := range versions {
		row := []string{strconv.Itoa(v.Number), strconv.Itoa(v.Version)}
		for _, f := range k.Fields() {
			row = append(row, v.Value(f.ID))
		}
		rows = append(rows, append(row, v.Hash, v.By, v.At.UTC().Format(time.RFC3339)))
	}
	return header, rows
}
