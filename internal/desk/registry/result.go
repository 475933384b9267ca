package registry

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/fault"
)

// Result is what a file did, or would do, to the registry. Its JSON is what
// «conoceles importar … --json» prints.
type Result struct {
	Import    int64  `json:"-"` // number of the import, once applied
	Process   string `json:"proceso"`
	Simulated bool   `json:"simulacion"`
	Applied   bool   `json:"aplicado"`
	Rows      int    `json:"filas"`
	New       int    `json:"nuevas"`
	Changed   int    `json:"cambiadas"`
	Unchanged int    `json:"sin_cambio"`
	Rejected  int    `json:"rechazadas"`
	Warned    int    `json:"avisos"`

	Entering   []Line   `json:"lista_nuevas"`
	Changes    []Line   `json:"lista_cambiadas"`
	Rejections []Remark `json:"lista_rechazos"`
	Warnings   []Remark `json:"lista_avisos"`

	rejected map[int]bool
}

// Line is a row of the file that enters or changes something.
type Line struct {
	Row  int    `json:"fila"`
	Name string `json:"nombre"`
	What string `json:"que"` // where it stands, or what changes
}

// Remark is something to say about a cell of the file. Row is 0 for the whole
// file, Column "" for the whole row.
type Remark struct {
	Row    int    `json:"fila"`
	Column string `json:"columna"`
	Text   string `json:"motivo"`
}

// String says the remark with its place: «Fila 12, SEXO: …».
func (r Remark) String() string {
	switch {
	case r.Row == 0 && r.Column == "":
		return r.Text
	case r.Row == 0:
		return fmt.Sprintf("Columna %s: %s", r.Column, r.Text)
	case r.Column == "":
		return fmt.Sprintf("Fila %d: %s", r.Row, r.Text)
	}
	return fmt.Sprintf("Fila %d, %s: %s", r.Row, r.Column, r.Text)
}

func newResult(rows int) *Result { return &Result{Rows: rows, rejected: map[int]bool{}} }

// reject notes why a row cannot enter. A row may have several reasons.
func (r *Result) reject(row int, column, format string, args ...any) {
	r.Rejections = append(r.Rejections, Remark{row, column, fmt.Sprintf(format, args...)})
	if !r.rejected[row] {
		r.rejected[row] = true
		r.Rejected++
	}
}

// warn notes a doubt that stops nothing.
func (r *Result) warn(row int, column, format string, args ...any) {
	r.Warnings = append(r.Warnings, Remark{row, column, fmt.Sprintf(format, args...)})
	r.Warned++
}

// refused returns an error when rows were rejected and that was not accepted.
func (r *Result) refused(accepted bool) error {
	if r.Rejected == 0 || accepted {
		return nil
	}
	noun := "filas"
	if r.Rejected == 1 {
		noun = "fila"
	}
	return fault.Newf(fault.Invalid, "No se cargó nada: %d %s con errores. Corrígelas, o acepta cargar sólo las demás.", r.Rejected, noun)
}

// open reads a file into a table and finds its columns. What is wrong with the
// file as a whole is an Invalid error with a field per problem; what is wrong
// with one row is rejected in the result.
func open(data []byte, want []tabular.Column) (*tabular.Table, tabular.Columns, *Result, error) {
	table, err := tabular.Read(strings.NewReader(string(data)))
	if err != nil {
		return nil, nil, nil, unreadable(err)
	}
	columns, problems := table.Match(want)
	result := newResult(len(table.Rows))
	var fatal []fault.Field
	for _, p := range append(problems, table.Problems...) {
		switch {
		case p.Level != tabular.Fatal:
			result.warn(p.Line, p.Column, "%s", p.Text)
		case p.Line > 0:
			result.reject(p.Line, p.Column, "%s", p.Text)
		default:
			fatal = append(fatal, fault.Field{ID: p.Column, Message: p.String()})
		}
	}
	if len(fatal) > 0 {
		return nil, nil, nil, &fault.Error{
			Kind: fault.Invalid, Message: "Las columnas del archivo no son las de la plantilla.", Fields: fatal,
		}
	}
	if len(table.Rows) == 0 {
		return nil, nil, nil, fault.New(fault.Invalid, "El archivo sólo tiene encabezado: no trae ninguna fila.")
	}
	return table, columns, result, nil
}

// unreadable turns tabular's refusal into a failure for whoever sent the file.
func unreadable(err error) error {
	if refusal, ok := asRefusal(err); ok {
		return fault.Wrap(fault.Invalid, refusal.Reason, err)
	}
	return err
}

// clone copies what reading the file found, so that a transaction that runs
// again begins anew.
func (r *Result) clone() *Result {
	c := *r
	c.Entering, c.Changes = nil, nil
	c.Rejections, c.Warnings = slices.Clone(r.Rejections), slices.Clone(r.Warnings)
	c.rejected = maps.Clone(r.rejected)
	return &c
}

// sort puts remarks in the order of the file.
func (r *Result) sort() {
	byRow := func(a, b Remark) int { return a.Row - b.Row }
	slices.SortStableFunc(r.Rejections, byRow)
	slices.SortStableFunc(r.Warnings, byRow)
}
