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
package opendata

import (
	"context"
	"encoding/csv"
	"io"
	"strings"
	"time"

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
}

// WriteCSV writes the candidacies that the export asks for, in ballot order. It
// keeps no more than a batch in memory. Nothing was written when the error comes
// from the first batch; after that the file is cut short, and the caller must
// not let it pass for whole.
func WriteCSV(ctx context.Context, w io.Writer, s *site.Store, e Export) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	begun := false
	begin := func() error {
		begun = true
		if _, err := io.WriteString(w, bom); err != nil {
			return err
		}
		return out.Write(Header())
	}
	err := s.Each(ctx, e.Process, e.Catalog, e.Query, func(p site.Profile) error {
		if !begun {
			if err := begin(); err != nil {
				return err
			}
		}
		cells := e.Row(p)
		for i := range cells {
			cells[i] = Neutralise(cells[i])
		}
		return out.Write(cells)
	})
	if err != nil {
		return err
	}
	if !begun {
		if err := begin(); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
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
// skips to find one.
const formulaStarts = "=+-@\t\r"

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
	return rest != "" && strings.ContainsRune(formulaStarts, rune(rest[0]))
}
