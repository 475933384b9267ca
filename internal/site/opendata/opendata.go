// Package opendata writes what the site publishes in the form that INE gave to
// the open data of Conóceles, so that a file of this system and one of INE can
// be read by the same program (domain 9.2).
//
// The 25 columns of INE's local file of 2022 come first, with its names, its
// order and its words: «No proporcionó» for what is missing, «No aplica» for what
// has no sense, upper case for names and places, DISTRITO as "5-TEMIXCO". Four
// columns of ours follow. Columns is the list, and also the data dictionary.
//
// A file imported from INE and written again is the same up to the list in
// Normalisations, and nothing else.
//
// Files are UTF-8 with a byte-order mark, as spreadsheets need, lines end in
// CRLF, and a cell that a spreadsheet would run as a formula is made harmless by
// Neutralise, whose effect Restore undoes.
//
// The same rows are also JSON, one object for each with the columns for names, and
// a workbook of two sheets. A Package describes them all for programs, as
// Frictionless does, with the size and the hash of each.
//
// What people answered of their identity goes in a file of its own, and in the
// second sheet of the workbook, with the answers that a consent in force shows and
// one word for all the rest. It is read for each who asks: a Workbook keeps the
// first sheet, which changes with the epoch, and never the second.
package opendata

import (
	"context"
	"encoding/csv"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"conoceles/internal/site"
)

// The words of INE for what is not there.
const (
	NotProvided = "No proporcionó"
	NotApplies  = "No aplica"
	NoCourses   = "Sin cursos"
	InReview    = "En revisión" // ours: an answer paused by an observation
)

// bom tells spreadsheets that the file is UTF-8.
const bom = "\uFEFF"

// Export is what a file is about.
type Export struct {
	Process site.Process
	Catalog *site.Catalog
	Query   site.Query // which candidacies; its zero value is all
	Cut     time.Time  // instant the data is of
	Profile func(slug string) string

	// WithoutIdentity leaves the identity sheet out of the workbook: a copy of the
	// site that nobody can correct has none.
	WithoutIdentity bool
}

// WriteCSV writes the candidacies that the export asks for, in ballot order. It
// keeps no more than a batch in memory. Nothing was written when the error comes
// from the first batch; after that the file is cut short, and the caller must
// not let it pass for whole.
func WriteCSV(ctx context.Context, w io.Writer, s *site.Store, e Export) error {
	out := newSheet(w, Header())
	err := s.Each(ctx, e.Process, e.Catalog, e.Query, func(p site.Profile) error { return out.row(e.Row(p)) })
	if err != nil {
		return err
	}
	return out.close()
}

// sheet is a file whose header waits for the first row, so that a failure before
// it leaves nothing written.
type sheet struct {
	raw    io.Writer
	csv    *csv.Writer
	header []string
}

func newSheet(w io.Writer, header []string) *sheet {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return &sheet{w, out, header}
}

// begin writes the header, once.
func (s *sheet) begin() error {
	if s.header == nil {
		return nil
	}
	header := s.header
	s.header = nil
	if _, err := io.WriteString(s.raw, bom); err != nil {
		return err
	}
	return s.csv.Write(header)
}

// row writes a row, neutralised.
func (s *sheet) row(cells []string) error {
	if err := s.begin(); err != nil {
		return err
	}
	for i := range cells {
		cells[i] = Neutralise(cells[i])
	}
	return s.csv.Write(cells)
}

// close ends the file, which has at least its header.
func (s *sheet) close() error {
	if err := s.begin(); err != nil {
		return err
	}
	s.csv.Flush()
	return s.csv.Error()
}

// Header returns the names of the columns.
func Header() []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return names
}

// Row returns the cells of a candidacy, in the order of Header, as they read:
// not neutralised.
func (e Export) Row(p site.Profile) []string {
	r := record{Profile: p, export: e, office: e.Catalog.Office(p.OfficeID)}
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = c.value(r)
	}
	return cells
}

// formulaStarts are the characters with which a spreadsheet begins a formula, or
// skips to find one; those of full width too.
const formulaStarts = "=+-@\t\r＝＋－＠"

// Neutralise puts an apostrophe before a cell that a spreadsheet would run, and
// before one that already has such an apostrophe, so that Restore always gives
// back what there was.
func Neutralise(cell string) string {
	if dangerous(cell) {
		return "'" + cell
	}
	return cell
}

// Restore undoes Neutralise.
func Restore(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && dangerous(rest) {
		return rest
	}
	return cell
}

func dangerous(cell string) bool {
	rest := strings.TrimLeft(cell, "'")
	first, size := utf8.DecodeRuneInString(rest)
	return size > 0 && strings.ContainsRune(formulaStarts, first)
}
