// Package figure says the tables of a report to people: as text, cell by cell, for
// documents and files, and as HTML with its drawing. What it draws is what the
// table says; a share is always beside its n, and a figure that is withheld says
// so.
package figure

import (
	"slices"
	"strings"

	"conoceles/internal/figures"
	"conoceles/web/component"
	"conoceles/web/es"
)

// Withheld is what stands for a figure that must not be told.
const Withheld = "Se reserva"

// Long is from how many rows on a page shows a table in parts.
const Long = 50

// Tenths returns a share as it is read: "85.4 %", "100.0 %", or "—" of nothing.
func Tenths(s figures.Share) string {
	n := s.Tenths()
	if n < 0 {
		return "—"
	}
	return es.Decimal(float64(n)/10, 1) + "\u00a0%"
}

// Text returns a cell as it is read.
func Text(t figures.Table, row figures.Row, column int) string {
	switch t.Columns[column].Kind {
	case figures.Percent:
		share, told := t.Share(row, column)
		if !told {
			return Withheld
		}
		return Tenths(share)
	case figures.Count:
		if row[column].Withheld {
			return Withheld
		}
		return es.Int(row[column].N)
	}
	return row[column].Text
}

// Plain returns a cell for a file: numbers without separators nor units, so that a
// spreadsheet counts with them.
func Plain(t figures.Table, row figures.Row, column int) string {
	if t.Columns[column].Kind == figures.Text {
		return row[column].Text
	}
	text := Text(t, row, column)
	if text == "—" {
		return ""
	}
	return strings.NewReplacer(",", "", "\u00a0%", "").Replace(text)
}

// Header returns the titles of the columns.
func Header(t figures.Table) []string {
	out := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = c.Title
	}
	return out
}

// Rows returns the cells of all the rows, total included, each as say says it.
func Rows(t figures.Table, say func(figures.Table, figures.Row, int) string) [][]string {
	all := t.All()
	out := make([][]string, len(all))
	for i, row := range all {
		out[i] = make([]string, len(t.Columns))
		for c := range t.Columns {
			out[i][c] = say(t, row, c)
		}
	}
	return out
}

// Listed reports whether a table is a list of words: it has no figures.
func Listed(t figures.Table) bool {
	return !slices.ContainsFunc(t.Columns, func(c figures.Column) bool { return c.Kind != figures.Text })
}

// Bar is a row of a drawing: its length is Part of Total.
type Bar struct {
	Label       string
	Part, Total int
	Text        string
}

// Bars returns what the drawing of a table shows, which is one of its columns; nil
// when it has none. A withheld figure is a row without a bar.
func Bars(t figures.Table) []Bar {
	if t.Chart == 0 {
		return nil
	}
	most := 1
	for _, row := range t.Rows {
		if t.Columns[t.Chart].Kind == figures.Count {
			most = max(most, row[t.Chart].N)
		}
	}
	var out []Bar
	for _, row := range t.Rows {
		b := Bar{Label: label(t, row), Text: Text(t, row, t.Chart), Total: most}
		if t.Columns[t.Chart].Kind == figures.Percent {
			share, told := t.Share(row, t.Chart)
			if b.Total = 1; told {
				b.Part, b.Total = share.Part, max(share.Whole, 1)
				b.Text = es.Of(share.Part, share.Whole) + " · " + b.Text
			}
		} else {
			b.Part = row[t.Chart].N
		}
		out = append(out, b)
	}
	return out
}

// label is what a row is about: its first words, of all the columns of text that
// come before any figure.
func label(t figures.Table, row figures.Row) string {
	var words []string
	for i, c := range t.Columns {
		if c.Kind != figures.Text {
			break
		}
		words = append(words, row[i].Text)
	}
	return strings.Join(words, " · ")
}

// View is a table on a page.
type View struct {
	figures.Table
	Anchor string // id of its heading
	CSV    string // address of its file; "" draws none
	Whole  string // address of the table in parts; "" shows all of it
}

// cut returns the table with the rows that fit in a page.
func (v View) cut() figures.Table {
	t := v.Table
	if v.Whole != "" && len(t.Rows) > Long {
		t.Rows = t.Rows[:Long]
	}
	return t
}

func (v View) partial() bool { return v.Whole != "" && len(v.Rows) > Long }

func (v View) bars() component.Bars {
	b := component.Bars{Caption: v.Columns[v.Chart].Title, Label: v.Columns[0].Title, Value: v.Columns[v.Chart].Title}
	for _, r := range Bars(v.Table) {
		b.Rows = append(b.Rows, component.Bar{Label: r.Label, Part: r.Part, Total: r.Total, Text: r.Text})
	}
	return b
}

// drawn reports whether the drawing helps: it has a few rows, and something to see.
func (v View) drawn() bool { return v.Chart != 0 && len(v.Rows) > 0 && len(v.Rows) <= Long }

// wide is the most columns of words that fit beside each other.
const wide = 7

// broad reports whether the table may not fit: it then slides in its own frame.
func (v View) broad() bool { return len(v.Columns) > wide }

func (v View) work() component.Table {
	t := v.cut()
	header, rows := Header(t), Rows(t, Text)
	if Listed(t) && len(header) > wide {
		for i, row := range rows {
			var more []string
			for c := wide - 1; c < len(row); c++ {
				more = append(more, header[c]+": "+row[c])
			}
			rows[i] = append(row[:wide-1:wide-1], strings.Join(more, ". "))
		}
		header = append(header[:wide-1:wide-1], "Más datos")
	}
	w := component.WordTable(v.Title, header, rows)
	w.Empty = "No hay ninguno en este corte."
	return w
}
