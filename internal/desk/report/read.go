package report

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/figures"
	"conoceles/web/figure"
)

func hashOf(content []byte) string { return figures.Hash(content) }

// Text is what somebody wrote for a part of a report.
type Text struct {
	Field
	Body    string
	Version int // 0: nothing was written yet
	By      string
}

// File is a cut with what it says.
type File struct {
	Cut
	Definition Definition
	Report     figures.Report
	Public     *figures.Report // as everybody would read it; nil when nothing may be public
	Internal   bool            // Report is for the Unidad alone, and this reading left an entry
	Texts      []Text
	Others     []Cut // of the same report, the newest first

	process int64
}

// unit reports whether the reader is of the Unidad de Transparencia.
func unit(r auth.Actor) bool {
	_, ok := r.(auth.Transparency)
	return ok
}

// internalSQL lets through what a reader who is not of the Unidad may see: $2.
const internalSQL = `AND ($2 OR c.kind <> 'grupos' OR c.public_snapshot <> '') `

// List returns the cuts of the actor's process, the newest of each report first.
func (s *Store) List(ctx context.Context, r auth.ReportReader) (map[Kind][]Cut, error) {
	found, err := cuts(ctx, s.desk, cutSQL+internalSQL+`ORDER BY c.kind, c.version DESC`, r.Person().Process, unit(r))
	out := map[Kind][]Cut{}
	for _, c := range found {
		out[c.Kind] = append(out[c.Kind], c)
	}
	return out, err
}

// Open returns a cut of the actor's process; NotFound in any other. The internal
// statistics of identity are shown to the Unidad alone, and reading them leaves an
// entry in the bitácora; anybody else gets what may be public of them, and of
// observations and consents how many there are.
//
// What was kept is compared with its hash: if it is not what was computed, nothing
// is shown.
func (s *Store) Open(ctx context.Context, r auth.ReportReader, id int64) (File, error) {
	f, err := s.open(ctx, s.desk, r, id)
	if err != nil || f.Kind != Groups || !unit(r) {
		return f, err
	}
	f.Internal = true
	action := db.Action{Kind: "informe.leer", Process: r.Person().Process, Object: object(id), Details: map[string]string{"clase": string(f.Kind)}}
	_, err = s.desk.Do(ctx, r, action, func(context.Context, *db.Tx) (string, error) { return "", nil })
	return f, err
}

func (s *Store) open(ctx context.Context, q db.Querier, r auth.Actor, id int64) (File, error) {
	process := r.Person().Process
	found, err := cuts(ctx, q, cutSQL+internalSQL+`AND c.id = $3`, process, unit(r), id)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "")
	}
	if err != nil {
		return File{}, err
	}
	f := File{Cut: found[0], process: process}
	f.Definition, _ = Define(f.Kind)
	snapshot, public, err := content(ctx, q, id)
	if err != nil {
		return f, err
	}
	if f.Report, err = intact(snapshot, f.Hash); err != nil {
		return f, err
	}
	if public != "" {
		p, err := intact(public, f.PublicHash)
		if err != nil {
			return f, err
		}
		f.Public = &p
	}
	if (f.Kind == Observations || f.Kind == Consents) && !unit(r) {
		if err := f.countsAlone(); err != nil {
			return f, err
		}
	}
	if f.Kind == Groups && !unit(r) {
		// Not even the hash of the internal tables: their figures could be guessed with it.
		f.Report, f.Hash, f.ApprovedHash = *f.Public, f.PublicHash, ""
	}
	if f.Texts, err = readTexts(ctx, q, f.Definition, id); err != nil {
		return f, err
	}
	f.Others, err = cuts(ctx, q, cutSQL+internalSQL+`AND c.kind = $3 AND c.id <> $4 ORDER BY c.version DESC`, process, unit(r), string(f.Kind), id)
	return f, err
}

// countsAlone leaves in a file the counts of the whole process: of observations and
// of consents, whoever is not of the Unidad reads how many, and neither whose nor of
// which office, which would tell of few (security.md 1.3, 2.3 b).
func (f *File) countsAlone() error {
	var tables []figures.Table
	for _, t := range f.Report.Tables {
		if figure.Listed(t) {
			continue
		}
		if t.ID == stagesTable {
			t.Rows, t.Total = []figures.Row{t.Total}, nil
		}
		tables = append(tables, t)
	}
	f.Report.Tables = tables
	content, err := f.Report.Encode()
	f.Hash, f.ApprovedHash = hashOf(content), ""
	return err
}

// intact reads what was kept, unless it is not what was computed.
func intact(kept, hash string) (figures.Report, error) {
	if hashOf([]byte(kept)) != hash {
		return figures.Report{}, fault.New(fault.Unavailable, "Lo que se guardó de este corte no coincide con su huella. No se muestra: avisa a la unidad de informática.")
	}
	return figures.Decode([]byte(kept))
}

// readTexts reads the narrative of a cut, in the order of its report.
func readTexts(ctx context.Context, q db.Querier, d Definition, id int64) ([]Text, error) {
	const sql = `
SELECT DISTINCT ON (t.field) t.field, t.body, t.version, a.name FROM desk.report_texts t JOIN desk.accounts a ON a.id = t.account_id
WHERE t.cut_id = $1 ORDER BY t.field, t.version DESC`
	rows, err := q.Query(ctx, sql, id)
	if err != nil {
		return nil, db.Fault(err)
	}
	written := map[string]Text{}
	var field string
	var t Text
	_, err = pgx.ForEachRow(rows, []any{&field, &t.Body, &t.Version, &t.By}, func() error {
		written[field] = t
		return nil
	})
	out := make([]Text, len(d.Fields))
	for i, f := range d.Fields {
		out[i] = written[f.ID]
		out[i].Field = f
	}
	return out, db.Fault(err)
}

// seal is the hash of what is approved: the tables and the texts beside them.
func (f File) seal() (string, error) {
	parts := []string{f.Hash, f.PublicHash}
	for _, t := range f.Texts {
		parts = append(parts, t.ID, t.Body)
	}
	text, err := json.Marshal(parts)
	return hashOf(text), err
}

// Comparison is a table of two cuts, side by side.
type Comparison struct {
	Table  figures.Table // of the newer: its title and its columns
	Column int           // that is compared
	Rows   []Compared
}

// Title says which table and which column.
func (c Comparison) Title() string {
	return c.Table.ID + ". " + c.Table.Title + ": " + c.Table.Columns[c.Column].Title
}

// Changed reports whether some row is not the same in both.
func (c Comparison) Changed() bool {
	return slices.ContainsFunc(c.Rows, func(r Compared) bool { return r.New || r.Gone || r.Withheld || r.Before != r.After })
}

// Compared is a row of both cuts. Missing is a row that a cut does not have.
type Compared struct {
	Label         string
	Before, After int
	New, Gone     bool
	Withheld      bool // one of them does not tell it
}

// Compare returns how the counts of two cuts of the same report differ: the first
// is the older. Tables of words are not compared.
func Compare(before, after figures.Report) []Comparison {
	var out []Comparison
	for _, t := range after.Tables {
		old, ok := before.Table(t.ID)
		if !ok {
			continue
		}
		for i, c := range t.Columns {
			j := slices.IndexFunc(old.Columns, func(o figures.Column) bool { return o.Title == c.Title && o.Kind == figures.Count })
			if c.Kind == figures.Count && j > 0 {
				out = append(out, Comparison{t, i, compareRows(old.All(), t.All(), j, i)})
			}
		}
	}
	return out
}

func compareRows(before, after []figures.Row, j, i int) []Compared {
	var out []Compared
	for _, r := range after {
		c := Compared{Label: r[0].Text, After: r[i].N, New: true, Withheld: r[i].Withheld}
		for _, o := range before {
			if o[0].Text == c.Label {
				c.Before, c.New, c.Withheld = o[j].N, false, c.Withheld || o[j].Withheld
			}
		}
		out = append(out, c)
	}
	for _, o := range before {
		if !slices.ContainsFunc(after, func(r figures.Row) bool { return r[0].Text == o[0].Text }) {
			out = append(out, Compared{Label: o[0].Text, Before: o[j].N, Gone: true, Withheld: o[j].Withheld})
		}
	}
	return out
}

// tidy is a text as it is kept.
func tidy(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}
