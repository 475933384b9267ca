// Package tabular reads the tables that parties and areas send (CSV and XLSX,
// made with any program, in any encoding) and writes the templates they fill
// in. It is pure: bytes in, a Table out; what the columns mean is for the
// importer.
//
// It distrusts what it reads. A file is recognised by its content, never by
// its name; it is measured before it is opened; and what cannot be read
// faithfully is refused whole, with a Refusal that tells the person how to
// save it again:
//
//	bytes ──recognise──> readCSV  (encoding, separator) ──┐
//	                └──> readXLSX (limits, dates, numbers)┴─> Table ──Match──> Columns
//
// Cells keep the text that the file has, line breaks and double blanks
// included: Columns.Short tidies a name or a place, Columns.Long gives a text
// to be published as it was written. The only thing undone is our own
// neutralisation of formulas (see Guard), so that every file we write reads
// back the same.
package tabular

import (
	"fmt"
	"io"
	"strings"
)

// What a file may measure. Morelos has some three thousand candidacies; INE's
// seven thousand take 2 MB.
const (
	maxBytes   = 20 << 20
	maxRows    = 20_000
	maxColumns = 256
)

// Table is a header and the rows below it.
type Table struct {
	Format   Format
	Encoding string // "UTF-8", "Windows-1252"…; of a CSV
	Sheet    string // name of the sheet that was read; of an XLSX
	Header   []string
	Rows     []Row
	// Problems are what the reader noticed, in the order of the file. The table
	// may be used only if none is Fatal.
	Problems []Problem
}

// Format says what a file turned out to be.
type Format string

// The formats read.
const (
	CSV  Format = "CSV"
	XLSX Format = "XLSX"
)

// Row is one row with something in it, as long as the header.
type Row struct {
	Line  int // the number that a spreadsheet shows beside it, header 1
	Cells []string
}

// Problem is something to say about a table, in Spanish.
type Problem struct {
	Level  Level
	Line   int    // 0 when it concerns the whole file
	Column string // header; "" when it concerns the whole row
	Text   string
}

// Level says what a Problem does to the table.
type Level int

// The levels.
const (
	Fatal   Level = iota // the table must not be used
	Warning              // worth a look
)

// String says the problem with its place: «Renglón 12, columna CARGO: …».
func (p Problem) String() string {
	var place []string
	if p.Line > 0 {
		place = append(place, fmt.Sprintf("renglón %d", p.Line))
	}
	if p.Column != "" {
		place = append(place, "columna "+p.Column)
	}
	if len(place) == 0 {
		return p.Text
	}
	where := strings.Join(place, ", ")
	return strings.ToUpper(where[:1]) + where[1:] + ": " + p.Text
}

// Refusal is why a file was not read, in words for whoever sent it. Any other
// error of this package is of the reader or the writer given to it.
type Refusal struct{ Reason string }

// Error is the reason.
func (r *Refusal) Error() string { return r.Reason }

func refuse(format string, args ...any) error { return &Refusal{fmt.Sprintf(format, args...)} }

// Read reads a CSV or an XLSX. It returns a *Refusal if the file is neither,
// is protected, is larger than what is reasonable or seems made to do harm.
func Read(r io.Reader) (*Table, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading a table: %w", err)
	}
	if len(data) > maxBytes {
		return nil, refuse("El archivo mide más de %d MB; divídelo en varios", maxBytes>>20)
	}
	format, err := recognise(data)
	if err != nil {
		return nil, err
	}
	if format == XLSX {
		return readXLSX(data)
	}
	return readCSV(data)
}

// record is a row as its format gives it, before the header is known.
type record struct {
	line  int
	cells []string
}

func (r record) isBlank() bool {
	for _, cell := range r.cells {
		if Tidy(Unguard(cell)) != "" {
			return false
		}
	}
	return true
}

// fill makes the header from the first record with something in it and the
// rows from the others.
func (t *Table) fill(records []record) error {
	for _, r := range records {
		if r.isBlank() {
			continue
		}
		if t.Header == nil {
			t.Header = header(r.cells)
			continue
		}
		t.add(r)
		if len(t.Rows) > maxRows {
			return tooManyRows()
		}
	}
	if t.Header == nil {
		return refuse("El archivo está vacío")
	}
	if len(t.Header) > maxColumns {
		return tooManyColumns()
	}
	return nil
}

// header drops the blank cells after the last name.
func header(cells []string) []string {
	end := len(cells)
	for end > 0 && Tidy(cells[end-1]) == "" {
		end--
	}
	names := make([]string, end)
	for i := range names {
		names[i] = Tidy(cells[i])
	}
	return names
}

// add fits one record to the header, and tells when it did not fit.
func (t *Table) add(r record) {
	cells := make([]string, len(t.Header))
	copy(cells, r.cells)
	for i, cell := range cells {
		cells[i] = Unguard(cell)
		if isLost(cell) {
			t.Problems = append(t.Problems, Problem{
				Warning, r.line, t.Header[i],
				"una hoja de cálculo perdió el texto y dejó un error en su lugar; revísalo en tu original",
			})
		}
		if strings.ContainsFunc(cell, isControl) {
			t.Problems = append(t.Problems, Problem{Fatal, r.line, t.Header[i], "contiene caracteres no válidos; bórralos"})
		}
	}
	extra := record{cells: r.cells[min(len(r.cells), len(cells)):]}
	if !extra.isBlank() || (t.Format == CSV && len(r.cells) < len(cells)) {
		t.Problems = append(t.Problems, Problem{Fatal, r.line, "", fmt.Sprintf(
			"tiene %d celdas y el encabezado %d; revisa comillas y separadores", len(r.cells), len(cells))})
	}
	t.Rows = append(t.Rows, Row{r.line, cells})
}

func tooManyRows() error {
	return refuse("El archivo tiene más de 20,000 renglones; divídelo, o copia sólo tus datos a un archivo nuevo si los demás están vacíos")
}

func tooManyColumns() error {
	return refuse("El archivo tiene más de %d columnas; copia sólo tus datos a un archivo nuevo", maxColumns)
}
