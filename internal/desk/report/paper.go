package report

import (
	"math"
	"strconv"
	"strings"
	"time"

	"conoceles/internal/document"
	"conoceles/internal/figures"
	"conoceles/web/figure"
)

// Measures of the page, in millimetres: letter size, upright or lying.
const (
	margin     = 18.0
	foot       = 16.0
	cellSize   = 8.0
	cellHeight = 3.9
	cellMargin = 1.1
	// upright is the most columns that fit in an upright page.
	upright = 7
)

// letterhead is who renders a report and of what.
type letterhead struct{ Institution, Address, Process, Unit string }

// paper is a report on the institute's letterhead. The same content gives the same
// bytes. Its accessible version is its page.
type paper struct {
	pdf   document.PDF
	head  letterhead
	draft bool
	seal  string // shown at the foot of every page
}

func newPaper(head letterhead, title, seal string, draft bool, at time.Time) *paper {
	p := &paper{pdf: document.New(title, head.Institution, at), head: head, draft: draft, seal: seal}
	p.pdf.SetMargins(margin, margin, margin)
	p.pdf.SetAutoPageBreak(true, foot+4)
	p.pdf.SetHeaderFunc(p.header)
	p.pdf.SetFooterFunc(p.footer)
	p.pdf.AliasNbPages("")
	return p
}

// width is how wide the text of this page is.
func (p *paper) width() float64 {
	w, _ := p.pdf.GetPageSize()
	return w - 2*margin
}

// bottom is where the text of this page ends.
func (p *paper) bottom() float64 {
	_, h := p.pdf.GetPageSize()
	return h - foot - 4
}

func (p *paper) header() {
	if p.draft {
		p.watermark()
	}
	p.pdf.SetTextColor(0, 0, 0)
	p.pdf.SetXY(margin, 12)
	p.pdf.Write("B", 10, 4.6, p.head.Institution)
	p.pdf.Write("", 8.5, 4.2, p.head.Unit+" · Conóceles · "+p.head.Process)
	p.pdf.SetLineWidth(0.4)
	y := p.pdf.GetY() + 1.2
	p.pdf.Line(margin, y, margin+p.width(), y)
	p.pdf.SetXY(margin, y+4)
}

func (p *paper) watermark() {
	w, h := p.pdf.GetPageSize()
	p.pdf.SetTextColor(241, 235, 229)
	p.pdf.SetFont(document.Face, "B", 74)
	size := p.pdf.GetStringWidth(preliminary)
	p.pdf.TransformBegin()
	p.pdf.TransformRotate(math.Atan2(h, w)*180/math.Pi, w/2, h/2)
	p.pdf.SetXY((w-size)/2, h/2-15)
	p.pdf.CellFormat(size, 30, preliminary, "", 0, "C", false, 0, "")
	p.pdf.TransformEnd()
}

func (p *paper) footer() {
	p.pdf.SetTextColor(0, 0, 0)
	p.pdf.SetY(-foot)
	p.pdf.SetFont(document.Face, "", 7)
	p.pdf.CellFormat(p.width()-28, 3.6, p.head.Address, "", 0, "L", false, 0, "")
	p.pdf.CellFormat(28, 3.6, "Página "+strconv.Itoa(p.pdf.PageNo())+" de {nb}", "", 2, "R", false, 0, "")
	p.pdf.SetX(margin)
	p.pdf.CellFormat(p.width(), 3.6, p.seal, "", 0, "L", false, 0, "")
}

// page begins a page, lying for a wide table, unless this one will do.
func (p *paper) page(columns int, need float64) {
	orientation := "P"
	if columns > upright {
		orientation = "L"
	}
	w, h := p.pdf.GetPageSize()
	lying := w > h
	if p.pdf.PageNo() == 0 || lying != (orientation == "L") || p.pdf.GetY()+need > p.bottom() {
		size := p.pdf.GetPageSizeStr("Letter")
		p.pdf.AddPageFormat(orientation, size)
	}
}

func (p *paper) text(style string, size float64, text string) {
	p.pdf.SetX(margin)
	p.pdf.Write(style, size, size*0.5, text)
}

func (p *paper) paragraphs(text string) {
	for paragraph := range strings.SplitSeq(text, "\n") {
		if paragraph != "" {
			p.text("", 9.5, paragraph)
		}
		p.pdf.Ln(1.2)
	}
}

// table draws a table with its heading, of whom it is and its drawing.
func (p *paper) table(t figures.Table) {
	p.page(breadth(t), 40)
	p.pdf.Ln(3)
	p.text("B", 11, t.ID+". "+t.Title)
	p.text("", 8.5, t.Population)
	if t.Note != "" {
		p.text("", 8.5, t.Note)
	}
	p.pdf.Ln(1.5)
	if len(t.Rows) == 0 {
		p.text("", 9, "No hay ninguno en este corte.")
		return
	}
	header, rows := figure.Header(t), figure.Rows(t, figure.Text)
	widths := p.widths(header, rows)
	p.row(t, widths, header, "B")
	for i, row := range rows {
		style := ""
		if t.Total != nil && i == len(rows)-1 {
			style = "B"
		}
		if p.pdf.GetY()+p.height(widths, row, style) > p.bottom() {
			p.page(breadth(t), math.Inf(1))
			p.row(t, widths, header, "B")
		}
		p.row(t, widths, row, style)
	}
	p.pdf.Ln(2)
	p.bars(figure.Bars(t))
}

// breadth is how many columns of words a table is as wide as: a number takes less.
func breadth(t figures.Table) int {
	words := 0
	for _, c := range t.Columns {
		if c.Kind == figures.Text {
			words++
		}
	}
	return words + 3*(len(t.Columns)-words)/4
}

// widths shares the page among the columns: to each at least its longest word and,
// of the rest, what its texts ask for.
func (p *paper) widths(header []string, rows [][]string) []float64 {
	p.pdf.SetFont(document.Face, "B", cellSize)
	least, more := make([]float64, len(header)), make([]float64, len(header))
	for _, row := range append([][]string{header}, rows...) {
		for i, cell := range row {
			for word := range strings.FieldsSeq(cell) {
				least[i] = max(least[i], min(p.pdf.GetStringWidth(word), 34))
			}
			more[i] = max(more[i], min(p.pdf.GetStringWidth(cell), 70))
		}
	}
	sum, wish := 0.0, 0.0
	for i := range least {
		least[i] += 2*cellMargin + 1.2
		more[i] = max(more[i]+2*cellMargin+1.2-least[i], 0)
		sum, wish = sum+least[i], wish+more[i]
	}
	room := p.width() - sum
	for i := range least {
		switch {
		case room < 0:
			least[i] *= p.width() / sum
		case wish > 0:
			least[i] += more[i] * min(room/wish, 1)
		}
	}
	return least
}

// height is how high the tallest cell of a row is.
func (p *paper) height(widths []float64, cells []string, style string) float64 {
	p.pdf.SetFont(document.Face, style, cellSize)
	most := 1
	for i, c := range cells {
		most = max(most, len(p.pdf.SplitText(c, widths[i]-2*cellMargin+2)))
	}
	return float64(most)*cellHeight + 1.6
}

func (p *paper) row(t figures.Table, widths []float64, cells []string, style string) {
	height := p.height(widths, cells, style)
	x, y := margin, p.pdf.GetY()
	p.pdf.SetLineWidth(0.15)
	for i, c := range cells {
		align := "R"
		if t.Columns[i].Kind == figures.Text {
			align = "L"
		}
		p.pdf.SetFont(document.Face, style, cellSize)
		p.pdf.SetXY(x+cellMargin-1, y+0.8)
		p.pdf.MultiCell(widths[i]-2*cellMargin+2, cellHeight, c, "", align, false)
		x += widths[i]
	}
	p.pdf.SetXY(margin, y+height)
	p.pdf.Line(margin, y+height, x, y+height)
}

// drawnRows is the most bars that a document draws.
const drawnRows = 40

// bars draws a column of the table that was just printed.
func (p *paper) bars(bars []figure.Bar) {
	if len(bars) == 0 || len(bars) > drawnRows {
		return
	}
	const name, figures, line = 62.0, 34.0, 5.2
	full := p.width() - name - figures - 4
	if p.pdf.GetY()+float64(min(len(bars), 6))*line > p.bottom() {
		p.page(p.lying(), math.Inf(1))
	}
	for _, b := range bars {
		if p.pdf.GetY()+line > p.bottom() {
			p.page(p.lying(), math.Inf(1))
		}
		y := p.pdf.GetY()
		p.pdf.SetFont(document.Face, "", 7.5)
		label := b.Label
		if lines := p.pdf.SplitText(label, name-2); len(lines) > 1 {
			label = lines[0] + "…"
		}
		p.pdf.SetXY(margin, y)
		p.pdf.CellFormat(name, line, label, "", 0, "L", false, 0, "")
		p.pdf.SetFillColor(236, 230, 220)
		p.pdf.Rect(margin+name, y+0.8, full, line-1.6, "F")
		p.pdf.SetFillColor(31, 74, 92)
		p.pdf.Rect(margin+name, y+0.8, full*float64(b.Part)/float64(max(b.Total, 1)), line-1.6, "F")
		p.pdf.SetXY(margin+name+full+2, y)
		p.pdf.CellFormat(figures, line, b.Text, "", 0, "L", false, 0, "")
		p.pdf.SetXY(margin, y+line)
	}
	p.pdf.Ln(3)
}

// lying returns a number of columns for which this page will do.
func (p *paper) lying() int {
	if w, h := p.pdf.GetPageSize(); w > h {
		return upright + 1
	}
	return upright
}
