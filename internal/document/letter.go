package document

import (
	"strconv"
	"strings"
	"time"

	"conoceles/web/es"
)

// Measures of the page, in millimetres: letter size.
const (
	margin     = 20.0
	pageWidth  = 215.9
	pageHeight = 279.4
	textWidth  = pageWidth - 2*margin
	footHeight = 18.0
)

// Letterhead is who writes: the institute, the area of it that signs, and the
// process that the document is about.
type Letterhead struct {
	Name, Area, Place, Address string
	Process                    string // its name
}

// Letter is an official document on the institute's letterhead: begun with Head,
// ended with Bytes. The same content gives the same bytes.
type Letter struct {
	// Draft, when not empty, is said on every page: what this document still lacks.
	Draft string

	pdf  PDF
	from Letterhead
}

// NewLetter returns a document without pages.
func NewLetter(from Letterhead, title string, at time.Time) *Letter {
	p := &Letter{pdf: New(title, from.Name, at), from: from}
	p.pdf.SetMargins(margin, margin, margin)
	p.pdf.SetAutoPageBreak(true, margin+footHeight-8)
	p.pdf.SetHeaderFunc(p.header)
	p.pdf.SetFooterFunc(p.footer)
	p.pdf.AliasNbPages("")
	return p
}

func (p *Letter) header() {
	p.pdf.SetTextColor(0, 0, 0)
	p.line("B", 10, 5, p.from.Name)
	p.line("", 9, 4.5, p.from.Area+" · Conóceles · "+p.from.Process)
	p.pdf.SetLineWidth(0.4)
	p.pdf.Line(margin, p.pdf.GetY()+1.5, margin+textWidth, p.pdf.GetY()+1.5)
	p.pdf.Ln(6)
	if p.Draft != "" {
		y := p.pdf.GetY()
		p.pdf.SetTextColor(160, 40, 20)
		p.pdf.SetFont("Go", "B", 11)
		p.pdf.SetXY(margin, margin-9)
		p.pdf.CellFormat(textWidth, 6, p.Draft, "", 0, "R", false, 0, "")
		p.pdf.SetTextColor(0, 0, 0)
		p.pdf.SetXY(margin, y)
	}
}

func (p *Letter) footer() {
	p.pdf.SetY(-footHeight)
	p.pdf.SetFont("Go", "", 8)
	p.pdf.CellFormat(textWidth-30, 4, p.from.Address, "", 0, "L", false, 0, "")
	p.pdf.CellFormat(30, 4, "Página "+strconv.Itoa(p.pdf.PageNo())+" de {nb}", "", 0, "R", false, 0, "")
}

// line writes one paragraph from the left margin.
func (p *Letter) line(style string, size, height float64, text string) {
	p.pdf.SetFont("Go", style, size)
	p.pdf.SetX(margin)
	p.pdf.MultiCell(textWidth, height, text, "", "L", false)
}

// Head starts the document: number and date.
func (p *Letter) Head(oficio string, at time.Time) {
	p.pdf.AddPage()
	if oficio != "" {
		p.right("B", "Oficio "+oficio)
	}
	date := es.Date(at)
	if p.from.Place != "" {
		date = p.from.Place + ", a " + date
	}
	p.right("", date)
	p.pdf.Ln(4)
}

func (p *Letter) right(style, text string) {
	p.pdf.SetFont("Go", style, 10)
	p.pdf.SetX(margin)
	p.pdf.MultiCell(textWidth, 5, text, "", "R", false)
}

// Addressed says to whom, and in what quality.
func (p *Letter) Addressed(to, quality string) {
	p.line("B", 11, 5.5, to)
	p.line("", 10, 5, quality)
	p.pdf.Ln(4)
}

// Heading writes the title of what follows.
func (p *Letter) Heading(text string) {
	p.line("B", 12, 6, text)
	p.pdf.Ln(2)
}

// Paragraphs writes a text whose paragraphs an empty line separates.
func (p *Letter) Paragraphs(text string) {
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		p.line("", 10, 5, strings.TrimSpace(paragraph))
		p.pdf.Ln(2.5)
	}
	p.pdf.Ln(1)
}

const (
	rowSize    = 8.5
	rowHeight  = 4.2
	cellMargin = 1.2
)

// bottom is where the text of a page ends.
const bottom = pageHeight - margin - footHeight + 6

// Section is a heading with its table, which begin on the same page. Without rows
// it says that there are none.
func (p *Letter) Section(title string, widths []float64, header []string, rows [][]string) {
	if len(rows) > 0 && p.pdf.GetY()+10+p.height(widths, header)+p.height(widths, rows[0]) > bottom {
		p.pdf.AddPage()
	}
	p.Heading(title)
	if len(rows) == 0 {
		p.Paragraphs("Ninguna.")
	}
	p.Table(widths, header, rows)
}

// Table draws rows that never break between pages, and its header again on each.
func (p *Letter) Table(widths []float64, header []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	p.row(widths, header, "B")
	for _, r := range rows {
		if p.pdf.GetY()+p.height(widths, r) > bottom {
			p.pdf.AddPage()
			p.row(widths, header, "B")
		}
		p.row(widths, r, "")
	}
	p.pdf.Ln(5)
}

// height is how high the tallest cell of a row is.
func (p *Letter) height(widths []float64, cells []string) float64 {
	p.pdf.SetFont("Go", "", rowSize)
	most := 1
	for i, c := range cells {
		most = max(most, len(p.pdf.SplitText(c, widths[i]-2*cellMargin)))
	}
	return float64(most)*rowHeight + 2
}

func (p *Letter) row(widths []float64, cells []string, style string) {
	height := p.height(widths, cells)
	x, y := margin, p.pdf.GetY()
	p.pdf.SetLineWidth(0.15)
	for i, c := range cells {
		p.pdf.SetFont("Go", style, rowSize)
		p.pdf.SetXY(x+cellMargin-1, y+1)
		p.pdf.MultiCell(widths[i]-2*cellMargin+2, rowHeight, c, "", "L", false)
		x += widths[i]
	}
	p.pdf.SetXY(margin, y+height)
	p.pdf.Line(margin, y+height, margin+sum(widths), y+height)
}

func sum(of []float64) float64 {
	total := 0.0
	for _, w := range of {
		total += w
	}
	return total
}

// Signature closes the document: who signs, and in what quality.
func (p *Letter) Signature(name, quality string) {
	const room = 32.0
	if p.pdf.GetY()+room > pageHeight-margin-footHeight {
		p.pdf.AddPage()
	}
	p.line("", 10, 5, "Atentamente")
	p.pdf.Ln(12)
	p.line("B", 10, 5, name)
	p.line("", 10, 5, quality)
}

// Bytes ends the document.
func (p *Letter) Bytes() ([]byte, error) {
	return p.pdf.Bytes()
}
