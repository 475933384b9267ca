package opendata

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
)

// The sheets of the workbook, with INE's names.
const (
	candidaciesSheet = "CANDIDATOS"
	identitySheet    = "CUESTIONARIO IDENTIDAD"
)

// Workbook is an XLSX but for its identity sheet, which is read when it is sent.
type Workbook struct {
	parts        []byte // a ZIP of everything else
	asksIdentity bool   // it has a second sheet
}

// Weight is how many bytes of memory the workbook takes.
func (b *Workbook) Weight() int { return len(b.parts) }

// MakeWorkbook makes the sheet of candidacies. Every cell is text, neutralised as
// in the CSV: saved again as CSV by a spreadsheet it stays harmless.
func MakeWorkbook(ctx context.Context, s *site.Store, e Export) (*Workbook, error) {
	b := &Workbook{asksIdentity: e.Process.AsksIdentity() && !e.WithoutIdentity}
	sheets := []string{candidaciesSheet}
	if b.asksIdentity {
		sheets = append(sheets, identitySheet)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range workbookParts(sheets) {
		w, err := z.Create(part.name)
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(w, part.text); err != nil {
			return nil, err
		}
	}
	err := addSheet(z, 1, Header(), func(row func([]string) error) error {
		return s.Each(ctx, e.Process, e.Catalog, e.Query, func(p site.Profile) error { return row(e.Row(p)) })
	})
	if err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	b.parts = bytes.Clone(out.Bytes())
	return b, nil
}

// Write writes the workbook. The identity sheet is read from the primary now, all
// of it before the first byte leaves: an error from the reading leaves nothing
// written.
func (b *Workbook) Write(ctx context.Context, w io.Writer, s *site.Store, e Export) error {
	kept := []*bytes.Reader{bytes.NewReader(b.parts)}
	if b.asksIdentity {
		sheet, err := identityPart(ctx, s, e)
		if err != nil {
			return err
		}
		kept = append(kept, bytes.NewReader(sheet))
	}
	out := zip.NewWriter(w)
	for _, k := range kept {
		in, err := zip.NewReader(k, k.Size())
		if err != nil {
			return err
		}
		for _, f := range in.File {
			if err := out.Copy(f); err != nil { // as it is: already compressed
				return err
			}
		}
	}
	return out.Close()
}

// identityPart reads the identity sheet into a ZIP of its own.
func identityPart(ctx context.Context, s *site.Store, e Export) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	err := addSheet(z, 2, IdentityHeader(e.Catalog.Identity), func(row func([]string) error) error {
		return s.EachIdentity(ctx, e.Process, e.Catalog, func(k site.Card, answers questionnaire.Answers) error {
			return row(e.identityRow(k, answers))
		})
	})
	if err != nil {
		return nil, err
	}
	err = z.Close() // which writes the directory, before the bytes are taken
	return out.Bytes(), err
}

// addSheet writes a sheet whose rows come from each.
func addSheet(z *zip.Writer, number int, header []string, each func(row func([]string) error) error) error {
	part, err := z.Create("xl/worksheets/sheet" + strconv.Itoa(number) + ".xml")
	if err != nil {
		return err
	}
	w := bufio.NewWriter(part)
	fmt.Fprint(w, xmlHead+`<worksheet xmlns="`+mainNS+`"><sheetViews><sheetView workbookViewId="0">`+
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`+
		`<cols><col min="1" max="`+strconv.Itoa(len(header))+`" width="24" style="1" customWidth="1"/></cols><sheetData>`)
	line := 0
	row := func(cells []string) error {
		line++
		style := "1"
		if line == 1 {
			style = "2"
		}
		return writeCells(w, line, style, cells)
	}
	if err := row(header); err != nil {
		return err
	}
	if err := each(row); err != nil {
		return err
	}
	fmt.Fprint(w, `</sheetData></worksheet>`)
	return w.Flush()
}

func writeCells(w *bufio.Writer, line int, style string, cells []string) error {
	number := strconv.Itoa(line)
	w.WriteString(`<row r="` + number + `">`)
	for i, cell := range cells {
		w.WriteString(`<c r="` + columnName(i) + number + `" s="` + style + `" t="inlineStr"><is><t xml:space="preserve">`)
		w.WriteString(cellText(Neutralise(cell)))
		w.WriteString(`</t></is></c>`)
	}
	_, err := w.WriteString(`</row>`)
	return err
}

// columnName is the name of a column in a reference: A, B… AA.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// longestCell is how many UTF-16 units Excel keeps in a cell, and cutCell what ends
// a longer one.
const (
	longestCell = 32767
	cutCell     = " […] (texto completo en candidaturas.csv)"
)

// escapeLike is a text that Excel would read as an escaped character.
var escapeLike = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")

// cellText writes a text as the content of a cell.
func cellText(s string) string {
	if len(s) > longestCell && len(utf16.Encode([]rune(s))) > longestCell {
		s = cutTo(s, longestCell-len(utf16.Encode([]rune(cutCell)))) + cutCell
	}
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return -1 // no XML holds it
		}
		return r
	}, s)
	s = escapeLike.ReplaceAllStringFunc(s, func(m string) string { return "_x005F" + m })
	return xmlEscaper.Replace(s)
}

// cutTo returns the beginning of s with at most that many UTF-16 units.
func cutTo(s string, units int) string {
	for i, r := range s {
		if units -= utf16.RuneLen(r); units < 0 {
			return s[:i]
		}
	}
	return s
}
