package tabular

import (
	"fmt"
	"strings"
)

// Column is one that an importer understands.
type Column struct {
	Name     string   // official header; also the key in Columns
	Aliases  []string // other headers for the same
	Required bool
}

// Columns say where each known column is in the rows of one table.
type Columns map[string]int

// Match finds the columns by their header, in any order and spelled with or
// without accents, case, blanks and underscores. What is missing or ambiguous
// is Fatal; what nobody asked for is a Warning and will be left out.
func (t *Table) Match(want []Column) (Columns, []Problem) {
	known := map[string]string{}
	for _, column := range want {
		for _, name := range append([]string{column.Name}, column.Aliases...) {
			known[fold(name)] = column.Name
		}
	}
	columns := Columns{}
	var problems []Problem
	for i, name := range t.Header {
		official, ok := known[fold(name)]
		_, twice := columns[official]
		switch {
		case name == "":
			if t.hasCells(i) {
				problems = append(problems, Problem{Fatal, 0, letters(i), "no tiene encabezado y sí datos; escríbelo o quítala"})
			}
		case !ok:
			problems = append(problems, Problem{Warning, 0, name, "no se conoce; sus datos no se usarán"})
		case twice:
			problems = append(problems, Problem{Fatal, 0, name, fmt.Sprintf("repite los datos de «%s»; deja sólo una", official)})
		default:
			columns[official] = i
		}
	}
	for _, column := range want {
		if _, ok := columns[column.Name]; !ok && column.Required {
			problems = append(problems, Problem{Fatal, 0, column.Name, "falta en el archivo; agrégala"})
		}
	}
	return columns, problems
}

func (t *Table) hasCells(column int) bool {
	for _, row := range t.Rows {
		if Tidy(row.Cells[column]) != "" {
			return true
		}
	}
	return false
}

// Has reports whether the table brought that column.
func (c Columns) Has(name string) bool {
	_, ok := c[name]
	return ok
}

// Original is the cell of that column as the file has it; "" without it.
func (c Columns) Original(row Row, name string) string {
	i, ok := c[name]
	if !ok || i >= len(row.Cells) {
		return ""
	}
	return row.Cells[i]
}

// Short is the cell of that column tidied: for names, places and catalogues.
func (c Columns) Short(row Row, name string) string { return Tidy(c.Original(row, name)) }

// Long is the cell of that column without blanks at its ends and otherwise as
// it was written: for texts to be published.
func (c Columns) Long(row Row, name string) string { return strings.TrimSpace(c.Original(row, name)) }

// letters names a column without header as a spreadsheet does: A, B… AA.
func letters(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}
