package consentform

import (
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/boombuler/barcode/qr"

	"conoceles/internal/document"
)

// Measures of the page, in millimetres.
const (
	margin = 20.0
	width  = 215.9 - 2*margin
	square = 26.0 // side of the square code
)

// epoch dates every page alike, so that the same form gives the same bytes.
var epoch = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

// PDF writes the page. The same form gives the same bytes. What does not fit in
// its place is written smaller, never on a second page.
func (f Form) PDF() ([]byte, error) {
	pdf := document.New(title, f.Institute, epoch)
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddPage()

	p := page{pdf}
	p.text("", 10, 5, f.Institute)
	p.text("B", 15, 8, title)
	p.text("", 10, 5, system+". "+f.Process+".")
	pdf.Ln(4)
	for _, field := range f.fields() {
		p.field(field[0], field[1])
	}
	pdf.Ln(4)
	p.text("", 10, 5, f.lead())
	pdf.Ln(4)
	for i, text := range Texts() {
		yes, no := f.mark(i)
		p.declaration(yes, no, text)
	}
	pdf.Ln(6)
	p.field("Lugar y fecha", "")
	pdf.Ln(16)
	p.signature("Nombre y firma de la persona candidata")
	p.bottom(f)

	return pdf.Bytes()
}

// page writes downwards.
type page struct{ document.PDF }

func (p page) text(style string, size, height float64, text string) {
	p.SetFont("Go", style, size)
	p.MultiCell(0, height, text, "", "L", false)
}

// field is a label and, under it, its value or a line to write on.
func (p page) field(label, value string) {
	p.text("", 8, 4, label)
	if value == "" {
		p.Ln(6)
		p.Line(margin, p.GetY(), margin+width, p.GetY())
		p.Ln(2)
		return
	}
	p.text("B", p.fit(value, 11), 5.5, value)
	p.Ln(1.5)
}

// fit returns the largest size up to size, in points, at which a bold text takes
// one line.
func (p page) fit(text string, size float64) float64 {
	for p.SetFont("Go", "B", size); size > 6 && p.GetStringWidth(text) > width-2; p.SetFont("Go", "B", size) {
		size -= 0.5
	}
	return size
}

// declaration is a pair of boxes and what they are about.
func (p page) declaration(yes, no, text string) {
	const side = 5.0
	y := p.GetY()
	p.box(margin, y, side, yes, "Sí")
	p.box(margin+18, y, side, no, "No")
	first, n := utf8.DecodeRuneInString(text)
	p.SetFont("Go", "", 10)
	p.SetXY(margin+37, y)
	p.MultiCell(width-37, 5, string(unicode.ToLower(first))+text[n:], "", "L", false)
	p.SetY(max(p.GetY(), y+side) + 4)
}

func (p page) box(x, y, side float64, mark, label string) {
	p.Rect(x, y, side, side, "D")
	p.SetFont("Go", "B", 11)
	p.SetXY(x, y)
	p.CellFormat(side, side, mark, "", 0, "CM", false, 0, "")
	p.SetFont("Go", "", 10)
	p.SetXY(x+side+0.5, y)
	p.CellFormat(12, side, label, "", 0, "LM", false, 0, "")
}

func (p page) signature(label string) {
	const line = 100.0
	x := margin + (width-line)/2
	p.Line(x, p.GetY(), x+line, p.GetY())
	p.SetFont("Go", "", 9)
	p.SetXY(x, p.GetY()+1)
	p.CellFormat(line, 5, label, "", 1, "C", false, 0, "")
}

// bottom ties the page to its declaration and says the law and the right to take
// it back.
func (p page) bottom(f Form) {
	const top = 232.0
	p.SetXY(margin, top)
	left := margin
	if f.Address != "" {
		p.code(f.Address, margin, top)
		left += square + 4
	}
	p.SetLeftMargin(left)
	p.SetXY(left, top)
	if f.Code != "" {
		p.text("B", 9, 4.6, "Folio "+f.Folio+" · Código de verificación "+f.Code)
	}
	for _, line := range f.foot() {
		p.text("", 8, 4, line)
	}
}

// code draws what a camera reads, as squares: a drawing has no pixels to blur.
func (p page) code(content string, x, y float64) {
	c, err := qr.Encode(content, qr.M, qr.Auto)
	if err != nil { // too long to draw: the code is also written
		return
	}
	size := c.Bounds().Dx()
	dot := square / float64(size)
	for i := range size {
		for j := range size {
			if r, _, _, _ := c.At(i, j).RGBA(); r == 0 {
				p.Rect(x+float64(i)*dot, y+float64(j)*dot, dot, dot, "F")
			}
		}
	}
}
