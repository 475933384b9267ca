package tabular

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// WriteCSV writes a table that spreadsheets open well in Spanish: byte order
// mark, CRLF, formulas neutralised. Read gives back the same cells, except
// that line breaks within them are LF.
func WriteCSV(w io.Writer, header []string, rows [][]string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, row := range append([][]string{header}, rows...) {
		if err := out.Write(guarded(row)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func guarded(row []string) []string {
	safe := make([]string, len(row))
	for i, cell := range row {
		safe[i] = Guard(cell)
	}
	return safe
}

// WriteXLSX writes the same as a workbook of one sheet: header in bold and
// always in sight, every cell as text so that zeros to the left stay. It is an
// error, not a cut, if a cell is longer than what Excel keeps.
func WriteXLSX(w io.Writer, sheet string, header []string, rows [][]string) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("naming the sheet: %w", err)
	}
	if err := writeSheet(f, Sheet{Name: sheet, Header: header, Rows: rows}); err != nil {
		return fmt.Errorf("writing the sheet: %w", err)
	}
	return f.Write(w)
}

const textFormat = 49 // «@», ECMA-376, 18.8.30

func writeSheet(f *excelize.File, s Sheet) error {
	text, err := f.NewStyle(&excelize.Style{NumFmt: textFormat})
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	out, err := f.NewStreamWriter(s.Name)
	if err != nil {
		return err
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, name := range s.Header {
		width := float64(max(12, utf8.RuneCountInString(name)+4, s.widest(i)+2))
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
		if err := out.SetColStyle(i+1, i+1, text); err != nil {
			return err
		}
	}
	for i, row := range append([][]string{s.Header}, s.Rows...) {
		style, numeric := text, s.Numeric
		if i == 0 {
			style, numeric = bold, nil
		}
		if err := writeRow(out, i+1, style, row, numeric); err != nil {
			return err
		}
	}
	return out.Flush()
}

// widest is how wide a column of a sheet of figures is, in characters, up to what
// still reads well.
func (s Sheet) widest(column int) int {
	most := 0
	if s.Numeric == nil {
		return 0
	}
	for _, row := range s.Rows[:min(len(s.Rows), 200)] {
		most = max(most, min(utf8.RuneCountInString(row[column]), 60))
	}
	return most
}

func writeRow(out *excelize.StreamWriter, line, style int, row []string, numeric []bool) error {
	cells := make([]any, len(row))
	for i, cell := range guarded(row) {
		if utf8.RuneCountInString(cell) > excelize.TotalCellChars {
			return fmt.Errorf("cell %s%d has more than %d characters", letters(i), line, excelize.TotalCellChars)
		}
		if i < len(numeric) && numeric[i] {
			if n, err := strconv.ParseFloat(row[i], 64); err == nil {
				cells[i] = n
				continue
			}
		}
		cells[i] = excelize.Cell{StyleID: style, Value: cell}
	}
	return out.SetRow(fmt.Sprintf("A%d", line), cells)
}
