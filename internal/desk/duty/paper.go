package duty

import (
	"strconv"
	"strings"
	"time"

	"conoceles/internal/document"
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

// paper is an official document on the institute's letterhead. The same content
// gives the same bytes.
type paper struct {
	pdf   document.PDF
	from  institution
	draft bool // says «PRELIMINAR» on every page
}

func newPaper(from institution, title string, at time.Time) *paper {
	p := &paper{pdf: document.New(title, from.Name, at), from: from}
	p.pdf.SetMargins(margin, margin, margin)
	p.pdf.SetAutoPageBreak(true, margin+footHeight-8)
	p.pdf.SetHeaderFunc(p.header)
	p.pdf.SetFooterFunc(p.footer)
	p.pdf.AliasNbPages("")
	return p
}

func (p *paper) header() {
	p.pdf.SetTextColor(0, 0, 0)
	p.line("B", 10, 5, p.from.Name)
	p.line("", 9, 4.5, "Unidad de Transparencia · Conóceles · "+p.from.Process)
	p.pdf.SetLineWidth(0.4)
	p.pdf.Line(margin, p.pdf.GetY()+1.5, margin+textWidth, p.pdf.GetY()+1.5)
	p.pdf.Ln(6)
	if p.draft {
		y := p.pdf.GetY()
		p.pdf.SetTextColor(160, 40, 20)
		p.pdf.SetFont("Go", "B", 11)
		p.pdf.SetXY(margin, margin-9)
		p.pdf.CellFormat(textWidth, 6, "PRELIMINAR. No se ha enviado.", "", 0, "R", false, 0, "")
		p.pdf.SetTextColor(0, 0, 0)
		p.pdf.SetXY(margin, y)
	}
}

func (p *paper) footer() {
	p.pdf.SetY(-footHeight)
	p.pdf.SetFont("Go", "", 8)
	p.pdf.CellFormat(textWidth-30, 4, p.from.Address, "", 0, "L", false, 0, "")
	p.pdf.CellFormat(30, 4, "Página "+strconv.Itoa(p.pdf.PageNo())+" de {nb}", "", 0, "R", false, 0, "")
}

// line writes one paragraph from the left margin.
func (p *paper) line(style string, size, height float64, text string) {
	p.pdf.SetFont("Go", style, size)
	p.pdf.SetX(margin)
	p.pdf.MultiCell(textWidth, height, text, "", "L", false)
}

// head starts the document: number and date.
func (p *paper) head(oficio string, at time.Time) {
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

func (p *paper) right(style, text string) {
	p.pdf.SetFont("Go", style, 10)
	p.pdf.SetX(margin)
	p.pdf.MultiCell(textWidth, 5, text, "", "R", false)
}

func (p *paper) addressed(to, quality string) {
	p.line("B", 11, 5.5, to)
	p.line("", 10, 5, quality)
	p.pdf.Ln(4)
}

func (p *paper) heading(text string) {
	p.line("B", 12, 6, text)
	p.pdf.Ln(2)
}

func (p *paper) paragraphs(text string) {
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

// section is a heading with its table, which begin on the same page.
func (p *paper) section(title string, widths []float64, header []string, rows [][]string) {
	if len(rows) > 0 && p.pdf.GetY()+10+p.height(widths, header)+p.height(widths, rows[0]) > bottom {
		p.pdf.AddPage()
	}
	p.heading(title)
	if len(rows) == 0 {
		p.paragraphs("Ninguna.")
	}
	p.table(widths, header, rows)
}

// table draws rows that never break between pages, and its header again on each.
func (p *paper) table(widths []float64, header []string, rows [][]string) {
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
func (p *paper) height(widths []float64, cells []string) float64 {
	p.pdf.SetFont("Go", "", rowSize)
	most := 1
	for i, c := range cells {
		most = max(most, len(p.pdf.SplitText(c, widths[i]-2*cellMargin)))
	}
	return float64(most)*rowHeight + 2
}

func (p *paper) row(widths []float64, cells []string, style string) {
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

func (p *paper) signature(name, quality string) {
	const room = 32.0
	if p.pdf.GetY()+room > pageHeight-margin-footHeight {
		p.pdf.AddPage()
	}
	p.line("", 10, 5, "Atentamente")
	p.pdf.Ln(12)
	p.line("B", 10, 5, name)
	p.line("", 10, 5, quality)
}

func (p *paper) bytes() ([]byte, error) {
	return p.pdf.Bytes()
}
