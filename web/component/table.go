package component

import "github.com/a-h/templ"

// Column is a column of a Table. Short is its name where rows are stacked.
type Column struct{ Title, Short string }

func (c Column) short() string { return or(c.Short, c.Title) }

// Row is a row of a Table: what it is about, then one cell per remaining column.
type Row struct {
	Title  string
	Href   string
	Note   string
	Cells  []templ.Component // build them with Words, Linked, StateTag, Progress
	Marked bool              // calls for attention
}

// Table is a work list. On narrow screens each row becomes a card that repeats
// the names of the columns; it stays a table for who hears it.
type Table struct {
	Caption string // hidden: the heading above says it
	Columns []Column
	Rows    []Row
	Empty   string // what to say when there are no rows
}

// Bar is a row of Bars: its length is Part of Total.
type Bar struct {
	Label       string
	Href        string // who is counted; "" when no list shows them
	Part, Total int
	Text        string // the figure, as it is read
}

// Bars is a table whose figures are also drawn.
type Bars struct {
	Caption      string // hidden
	Label, Value string // headings of the two columns
	Rows         []Bar
	Copper       bool // second series: another drawing than the first
}

func (b Bars) fill() string {
	if b.Copper {
		return "f-c6"
	}
	return "f-t7"
}

// Figures is a plain table of words and numbers; numeric columns align at the end.
type Figures struct {
	Caption string // hidden
	Head    []string
	Rows    [][]string // the first cell titles the row
	Numeric []bool     // by column
}

func (f Figures) numeric(column int) bool { return column < len(f.Numeric) && f.Numeric[column] }

// WordTable returns a Table whose cells are plain text. The first cell of each
// row says what the row is about.
func WordTable(caption string, columns []string, rows [][]string) Table {
	t := Table{Caption: caption}
	for _, c := range columns {
		t.Columns = append(t.Columns, Column{Title: c})
	}
	for _, cells := range rows {
		r := Row{Title: cells[0]}
		for _, c := range cells[1:] {
			r.Cells = append(r.Cells, Words(c))
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}
