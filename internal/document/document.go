// Package document is the paper that the program prints, and the ZIP in which
// several papers travel with their hashes: letter-size PDF pages
// in the two faces of the institute's documents, dated by whoever asks so that
// the same content gives the same bytes.
//
// It is fpdf with what all of them share, and with one guard: the library fails,
// for the whole document, on a character that its fonts cannot number. Names and
// texts are typed by people, and no letter stops because somebody wrote an emoji
// in one: such a character is printed as the replacement sign.
package document

import (
	"bytes"
	"strings"
	"time"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// Face is the name of the faces, for SetFont: regular with style "", bold with "B".
const Face = "Go"

// PDF is a document being written. What writes text is written here again, over
// the library's own, to print only what it can.
type PDF struct{ *fpdf.Fpdf }

// New returns a document without pages, in letter size, measured in millimetres.
func New(title, author string, at time.Time) PDF {
	pdf := fpdf.New("P", "mm", "Letter", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(at)
	pdf.SetModificationDate(at)
	pdf.SetLang("es-MX")
	pdf.SetTitle(printable(title), true)
	pdf.SetAuthor(printable(author), true)
	pdf.AddUTF8FontFromBytes(Face, "", goregular.TTF)
	pdf.AddUTF8FontFromBytes(Face, "B", gobold.TTF)
	return PDF{pdf}
}

// Bytes ends the document.
func (p PDF) Bytes() ([]byte, error) {
	var b bytes.Buffer
	err := p.Output(&b)
	return b.Bytes(), err
}

// Write writes a paragraph of a style and size, in points, across the page.
func (p PDF) Write(style string, size, height float64, text string) {
	p.SetFont(Face, style, size)
	p.MultiCell(0, height, text, "", "L", false)
}

// MultiCell writes a paragraph.
func (p PDF) MultiCell(w, h float64, text, border, align string, fill bool) {
	p.Fpdf.MultiCell(w, h, printable(text), border, align, fill)
}

// CellFormat writes a line.
func (p PDF) CellFormat(w, h float64, text, border string, ln int, align string, fill bool, link int, address string) {
	p.Fpdf.CellFormat(w, h, printable(text), border, ln, align, fill, link, address)
}

// SplitText cuts a text in the lines of a width.
func (p PDF) SplitText(text string, w float64) []string { return p.Fpdf.SplitText(printable(text), w) }

// GetStringWidth returns how wide a text is in the font that is set.
func (p PDF) GetStringWidth(text string) float64 { return p.Fpdf.GetStringWidth(printable(text)) }

// lastPrintable is the last character that the library can number.
const lastPrintable = '\uFFFF'

func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r > lastPrintable {
			return utf8.RuneError
		}
		return r
	}, text)
}
