package component

import (
	"strconv"

	"github.com/a-h/templ"
)

// Task is one topic of a list of tasks. Without Href it cannot be done yet, and
// Note says why.
type Task struct {
	ID    string // unique in the page
	Label string
	Href  string
	Note  string
	Tag   Tag
}

// SummaryItem is an answer to be checked before it is sent.
type SummaryItem struct {
	Term   string
	Values []string // one paragraph each; none means it was left blank
	Blank  string   // what the public will read in a blank: never an empty space
	Href   string   // where to change it; "" when it cannot be changed
	Hidden string   // completes "Cambiar": "trayectoria laboral"
}

// Outcome is how what the person did ended.
type Outcome int

// The outcomes.
const (
	Done Outcome = iota
	Failed
)

// Notice is a framed message with a heading, and children for its body.
type Notice struct {
	ID    string // of the heading
	Title string
}

// Flash is the answer to what the person just did, shown once.
type Flash struct {
	Outcome Outcome
	Text    string
}

func (f Flash) role() string {
	if f.Outcome == Failed {
		return "alert"
	}
	return "status"
}

// Event is an entry of a history, newest first.
type Event struct {
	When     string // "Hoy, 13:52"
	Datetime string // machine form
	Text     string
}

// KPI is a figure of a headline.
type KPI struct{ Figure, Label string }

// Tile is a municipality in the mosaic: all are the same size, none is a shape.
// Column and Row start at 1 and are data of the catalogue.
type Tile struct {
	Name         string // may carry soft hyphens
	Abbreviation string
	Column, Row  int

	Href    string // links, on the home page
	Current bool

	Figure string // figures, on statistics: "62"
	Unit   string // hidden: "por ciento"
	Step   int    // 0 hatched (no ballot here), 1 lightest to 4 darkest
	Absent string // hidden, when Step is 0: "elige por sistemas normativos"
}

// The mosaic's frame: positions outside it have no class and would fall
// anywhere, so they are left to the order of the document.
const (
	tileColumns = 7
	tileRows    = 6
)

func (t Tile) place() string {
	if t.Column < 1 || t.Column > tileColumns || t.Row < 1 || t.Row > tileRows {
		return ""
	}
	return "c" + strconv.Itoa(t.Column) + " r" + strconv.Itoa(t.Row)
}

func (t Tile) shade() string { return "m" + strconv.Itoa(min(max(t.Step, 0), 4)) }

// RowList is a list of which the person adds and removes entries. Both are submit
// buttons that draw the page again, so they need no script. Read them with
// ParseAdd and ParseRemove.
type RowList struct {
	ID     string // name of the list: "otra_formacion"
	Legend string
	Hint   string
	Error  string
	Add    string // "Agregar otro curso"; "" when there is no room for more
	Rows   []RowEntry
}

// RowEntry is one entry of a RowList.
type RowEntry struct {
	Name    string          // completes "Quitar": "curso 2"
	Control templ.Component // its fields
}
