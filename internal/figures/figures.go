// Package figures is what a report says: tables of counts that cannot contradict
// themselves. It is pure, standard library only.
//
// A Report is computed once and kept as it is; pages, documents and files are
// drawn from it. A percentage is not a cell: it is a column that names the two
// columns it comes from, so that its n is always beside it and neither can change
// alone. A chart names the column it draws. Check finds out whether totals are the
// sums of their rows and parts the whole of their row; nothing that fails it is
// ever kept or shown.
//
//	rows ──Check──> Report ──Encode──> bytes, with their Hash ──Decode──> the same
//
// A figure that must not be told (security.md 2.6) is a Withheld cell: it has no
// number in it at all.
package figures

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Report is what a report says at one instant.
type Report struct {
	Kind       string    `json:"clase"`
	Title      string    `json:"titulo"`
	Process    string    `json:"proceso"`
	Scope      string    `json:"alcance"` // of whom: the whole process, or a party
	At         time.Time `json:"corte"`
	Definition []string  `json:"definiciones"` // how it was counted, in words
	Tables     []Table   `json:"tablas"`
}

// Kind is what the cells of a column are.
type Kind string

// The kinds. Cells of a Percent are empty: it is Part of Whole.
const (
	Text    Kind = "texto"
	Count   Kind = "numero"
	Percent Kind = "porcentaje"
)

// Column is a column of a table. Part and Whole are the positions of the columns
// that a Percent is of.
type Column struct {
	Title string `json:"titulo"`
	Kind  Kind   `json:"tipo"`
	Part  int    `json:"parte,omitempty"`
	Whole int    `json:"todo,omitempty"`
}

// Cell is a text or a number, as its column says.
type Cell struct {
	Text     string `json:"t,omitempty"`
	N        int    `json:"n,omitempty"`
	Withheld bool   `json:"r,omitempty"`
}

// Row is a row of a table. Its first cell says what it is about.
type Row []Cell

// Table is a table of a report.
type Table struct {
	ID         string   `json:"id"` // «T-1»
	Title      string   `json:"titulo"`
	Population string   `json:"poblacion"` // of whom it is, and how many
	Note       string   `json:"nota,omitempty"`
	Columns    []Column `json:"columnas"`
	Rows       []Row    `json:"renglones"`
	Total      Row      `json:"total,omitempty"` // nil: rows overlap, or are a list
	// Parts are columns that add up, in every row, to the column Whole.
	Parts []int `json:"partes,omitempty"`
	Whole int   `json:"todo,omitempty"`
	Chart int   `json:"grafica,omitempty"` // column that is also drawn; 0 is none
	// Rounded says that numbers were rounded for publishing, and so need not add up.
	Rounded bool `json:"redondeada,omitempty"`
}

// Words returns a cell of text.
func Words(s string) Cell { return Cell{Text: s} }

// Number returns a cell of a count.
func Number(n int) Cell { return Cell{N: n} }

// Encode returns the bytes that are kept of a report, always the same for the
// same report. One that fails Check is an error.
func (r Report) Encode() ([]byte, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	return json.Marshal(r)
}

// Decode returns the report that bytes hold. Whatever fails Check is an error.
func Decode(content []byte) (Report, error) {
	var r Report
	if err := json.Unmarshal(content, &r); err != nil {
		return Report{}, fmt.Errorf("figures: %w", err)
	}
	return r, r.Check()
}

// Hash returns the SHA-256 of bytes, in hexadecimal.
func Hash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// Table returns the table with that id; false when there is none.
func (r Report) Table(id string) (Table, bool) {
	for _, t := range r.Tables {
		if t.ID == id {
			return t, true
		}
	}
	return Table{}, false
}

// Share is a part with its whole.
type Share struct{ Part, Whole int }

// Share returns what a Percent of a row is; false when it must not be told.
func (t Table) Share(row Row, column int) (Share, bool) {
	c := t.Columns[column]
	part, whole := row[c.Part], row[c.Whole]
	return Share{part.N, whole.N}, !part.Withheld && !whole.Withheld
}

// Tenths returns the share in tenths of a hundredth: 854 is 85.4 %. It is rounded
// to the nearest, and never up to 1000 nor down to 0 when somebody lacks or is
// there. It is -1 of nothing.
func (s Share) Tenths() int {
	if s.Whole == 0 {
		return -1
	}
	n := (2000*s.Part + s.Whole) / (2 * s.Whole)
	switch {
	case s.Part < s.Whole && n >= 1000:
		return 999
	case s.Part > 0 && n == 0:
		return 1
	}
	return n
}

// All returns the rows and, last, the total if there is one.
func (t Table) All() []Row {
	if t.Total == nil {
		return t.Rows
	}
	return append(t.Rows[:len(t.Rows):len(t.Rows)], t.Total)
}
