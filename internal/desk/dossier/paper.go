package dossier

import (
	"conoceles/internal/document"
)

// textWidth is how wide the text of a page is, in millimetres.
const textWidth = 175.9

// PDF returns the document as paper.
func (d Document) PDF() ([]byte, error) {
	p := document.NewLetter(document.Letterhead{
		Name: d.Head.Institution, Area: d.Head.Unit, Address: d.Head.Address, Process: d.Head.Process,
	}, d.Name, d.At)
	p.Head("", d.At)
	p.Heading(d.Name)
	p.Paragraphs(d.Lead())
	for i, b := range d.Blocks {
		switch {
		case b.Heading != "":
			if b.Sub && i+1 < len(d.Blocks) && d.Blocks[i+1].Table != nil {
				continue // the heading of that table
			}
			p.Heading(b.Heading)
		case b.Table != nil && i > 0 && d.Blocks[i-1].Sub:
			p.Section(d.Blocks[i-1].Heading, b.Table.millimetres(), b.Table.Head, b.Table.Rows)
		case b.Table != nil:
			p.Table(b.Table.millimetres(), b.Table.Head, b.Table.Rows)
		case b.Items != nil:
			for _, item := range b.Items {
				p.Paragraphs("• " + item)
			}
		default:
			p.Paragraphs(b.Text)
		}
	}
	return p.Bytes()
}

// Lead says of what the document is evidence, and of what program.
func (d Document) Lead() string {
	return d.Basis + ". Lo escribe el propio programa, versión «" + d.Version + "», a partir de lo que es hoy."
}

// FileName is what its files are called, without their ends.
func (d Document) FileName() string { return string(rune('0'+d.Number)) + "-" + d.Key }

func (t Table) millimetres() []float64 {
	total := 0.0
	for _, w := range t.Widths {
		total += w
	}
	out := make([]float64, len(t.Widths))
	for i, w := range t.Widths {
		out[i] = w * textWidth / total
	}
	return out
}
