package tabular

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Windows1252 is the name of the encoding that Excel writes in Spanish. It holds no
// more than the letters of western Europe: what it does not have comes as question
// marks, and only who knows the text can tell (see Lost).
const Windows1252 = "Windows-1252"

func readCSV(data []byte) (*Table, error) {
	text, name, err := decode(data)
	if err != nil {
		return nil, err
	}
	if !bytes.Contains(text, []byte("\n")) {
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n")) // Mac OS before X
	}
	text, comma, declared := separator(text)
	records, err := csvRecords(text, comma, declared)
	if err != nil {
		return nil, err
	}
	t := &Table{Format: CSV, Encoding: name}
	return t, t.fill(records)
}

// decode gives the text of a CSV in UTF-8 and the encoding that it had: what
// its byte order mark says; else UTF-8 if valid; else Windows-1252, which is
// what Excel writes in Spanish and holds ISO-8859-1. Cleverer guesses guess no
// better.
func decode(data []byte) (text []byte, name string, err error) {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte("\ufeff")):
		text, name = data[3:], "UTF-8"
		if !utf8.Valid(text) {
			return nil, "", refuse("El archivo dice ser UTF-8 y no lo es. %s", saveAs)
		}
	case isUTF16(data):
		from, name = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), "UTF-16"
	case utf8.Valid(data):
		text, name = data, "UTF-8"
	default:
		from, name = charmap.Windows1252, Windows1252
	}
	if from != nil {
		if text, err = from.NewDecoder().Bytes(data); err != nil {
			return nil, "", refuse("El archivo no se puede leer como %s. %s", name, saveAs)
		}
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, "", refuse("El archivo contiene caracteres no válidos. %s", saveAs)
	}
	return text, name, nil
}

// separator finds what divides the cells: the line «sep=;» that Excel obeys,
// else whichever of , ; and tab is most often outside quotes in the first line.
// It returns the text below that line and how many lines it took.
func separator(text []byte) (rest []byte, comma rune, lines int) {
	first, below, _ := bytes.Cut(text, []byte("\n"))
	if s, ok := bytes.CutPrefix(bytes.ToLower(bytes.TrimRight(first, "\r")), []byte("sep=")); ok && len(s) == 1 &&
		bytes.ContainsAny(s, ",;\t") {
		return below, rune(s[0]), 1
	}
	counts := map[rune]int{}
	quoted := false
	for _, r := range string(bytes.TrimLeft(text, "\r\n")) {
		if r == '"' {
			quoted = !quoted
		}
		if r == '\n' && !quoted {
			break
		}
		if !quoted {
			counts[r]++
		}
	}
	comma = ','
	for _, r := range []rune{';', '\t'} {
		if counts[r] > counts[comma] {
			comma = r
		}
	}
	return text, comma, 0
}

// csvRecords reads every record and numbers it as a spreadsheet would: a cell
// with line breaks is one row, a blank line is one too. Line is how many rows
// went before.
func csvRecords(text []byte, comma rune, line int) ([]record, error) {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord = comma, -1
	var records []record
	next := 1 // line of the file where the next record begins, if no blank one comes before
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return records, nil
		}
		if err != nil {
			return nil, refuseQuotes(err)
		}
		begins, _ := r.FieldPos(0)
		line += begins - next + 1
		next = begins + 1
		for _, cell := range cells {
			next += strings.Count(cell, "\n")
		}
		records = append(records, record{line, cells})
		if len(cells) > maxColumns {
			return nil, tooManyColumns()
		}
		if line > 2*maxRows {
			return nil, tooManyRows()
		}
	}
}

// refuseQuotes explains what encoding/csv complained of, which is always
// quotes. Lines are of the text, since the row cannot be told.
func refuseQuotes(err error) error {
	where := ""
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		where = fmt.Sprintf(" cerca de la línea %d", e.StartLine)
	}
	return refuse("El archivo tiene comillas sin cerrar o fuera de lugar%s. %s", where, saveAs)
}
