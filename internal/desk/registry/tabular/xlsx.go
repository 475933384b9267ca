package tabular

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

func readXLSX(data []byte) (*Table, error) {
	if err := inspect(data); err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxPart,
	})
	if err != nil {
		return nil, refuse("El archivo está dañado o incompleto. %s", saveAs)
	}
	defer f.Close()
	b := book{file: f, table: &Table{Format: XLSX}, formats: map[int]numberFormat{}}
	if err := b.choose(); err != nil {
		return nil, err
	}
	records, err := b.records()
	if err != nil {
		return nil, err
	}
	return b.table, b.table.fill(records)
}

// book reads one sheet of a workbook.
type book struct {
	file     *excelize.File
	table    *Table
	formats  map[int]numberFormat // by style
	date1904 bool
}

// choose takes the first visible sheet and says so when there are more.
func (b *book) choose() error {
	var visible []string
	for _, name := range b.file.GetSheetList() {
		if shown, err := b.file.GetSheetVisible(name); err == nil && shown {
			visible = append(visible, name)
		}
	}
	if len(visible) == 0 {
		return refuse("El archivo no tiene hojas a la vista")
	}
	b.table.Sheet = visible[0]
	if len(visible) > 1 {
		b.table.Problems = append(b.table.Problems, Problem{
			Warning, 0, "",
			fmt.Sprintf("El libro tiene %d hojas; sólo se lee la primera, «%s»", len(visible), visible[0]),
		})
	}
	if props, err := b.file.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		b.date1904 = *props.Date1904
	}
	return nil
}

// records reads every row first, as a stream, and then looks closer at the
// cells that are not text: in the other order the library would build the
// sheet twice.
func (b *book) records() ([]record, error) {
	rows, err := b.file.Rows(b.table.Sheet)
	if err != nil {
		return nil, refuse("El archivo está dañado o incompleto. %s", saveAs)
	}
	defer rows.Close()
	var records []record
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, refuse("El archivo está dañado o incompleto. %s", saveAs)
		}
		if line > maxRows+1 {
			return nil, tooManyRows()
		}
		records = append(records, record{line, cells})
	}
	if rows.Error() != nil {
		return nil, refuse("El archivo está dañado o incompleto. %s", saveAs)
	}
	for _, r := range records {
		for i, cell := range r.cells {
			if r.cells[i], err = b.cell(r.line, i, cell); err != nil {
				return nil, err
			}
		}
	}
	return records, nil
}

// cell gives the text of one cell: what a person sees, for numbers and dates.
// A formula is refused, since its value is whatever the last program computed.
func (b *book) cell(line, column int, raw string) (string, error) {
	reference := letters(column) + strconv.Itoa(line)
	if formula, err := b.file.GetCellFormula(b.table.Sheet, reference); err != nil || formula != "" {
		return "", refuse("La celda %s tiene una fórmula. Copia la hoja y pégala como valores", reference)
	}
	value, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(value, 0) || math.IsNaN(value) {
		return raw, nil
	}
	kind, err := b.file.GetCellType(b.table.Sheet, reference)
	if err != nil {
		return "", refuse("El archivo está dañado o incompleto. %s", saveAs)
	}
	switch kind {
	case excelize.CellTypeUnset, excelize.CellTypeNumber, excelize.CellTypeDate:
		return b.format(reference).text(value, b.date1904), nil
	case excelize.CellTypeBool:
		if value == 0 {
			return "No", nil
		}
		return "Sí", nil
	}
	return raw, nil
}

// numberFormat is what matters of how a number is shown.
type numberFormat struct {
	date  bool
	width int // digits, zeros to the left included: a format such as 00000
}

func (b *book) format(reference string) numberFormat {
	style, err := b.file.GetCellStyle(b.table.Sheet, reference)
	if err != nil {
		return numberFormat{}
	}
	if known, ok := b.formats[style]; ok {
		return known
	}
	var format numberFormat
	if s, err := b.file.GetStyle(style); err == nil && s != nil {
		format.date = isDateFormat(s.NumFmt)
		if s.CustomNumFmt != nil {
			format = customFormat(*s.CustomNumFmt)
		}
	}
	b.formats[style] = format
	return format
}

// isDateFormat knows the formats of dates that have a number instead of a
// pattern (ECMA-376, 18.8.30).
func isDateFormat(id int) bool {
	return 14 <= id && id <= 22 || 27 <= id && id <= 36 || 45 <= id && id <= 47 || 50 <= id && id <= 58
}

// customFormat reads a pattern: one with a day or a year, outside quotes and
// brackets, is of a date.
func customFormat(pattern string) numberFormat {
	if pattern != "" && strings.Trim(pattern, "0") == "" {
		return numberFormat{width: len(pattern)}
	}
	var closing rune
	skip := false
	for _, r := range strings.ToLower(pattern) {
		switch {
		case skip:
			skip = false
		case closing != 0:
			if r == closing {
				closing = 0
			}
		case r == '\\' || r == '_' || r == '*':
			skip = true
		case r == '"':
			closing = '"'
		case r == '[':
			closing = ']'
		case r == 'd' || r == 'y':
			return numberFormat{date: true}
		}
	}
	return numberFormat{}
}

// text writes a number as a person reads it: 2024-06-02, 7771234567, 0.1.
func (n numberFormat) text(value float64, date1904 bool) string {
	if n.date {
		if t, err := excelize.ExcelDateToTime(value, date1904); err == nil {
			return dateText(t)
		}
	}
	if value == math.Trunc(value) && math.Abs(value) < 1e15 {
		return fmt.Sprintf("%0*d", n.width, int64(value))
	}
	// Spreadsheets keep fifteen digits; the rest is binary noise.
	short, err := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 15, 64), 64)
	if err != nil {
		short = value
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}

func dateText(t time.Time) string {
	t = t.Round(time.Second)
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02 15:04")
}
