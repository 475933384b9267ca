package settings

import (
	"context"
	"slices"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/fault"
)

// Reach is who sees what a sheet changes, and so how many persons change it.
type Reach int

// What only the institute and those who capture see takes one person; what the
// public sees, two.
const (
	Inside Reach = iota
	Public
)

// Report is what INE is told of a change.
type Report int

// Modifications of a deliverable (deliverable 10) and improvements of the
// questionnaires (12) have each their term.
const (
	NoReport Report = iota
	Modification
	Questionnaire
)

// Group is where a sheet is listed.
type Group string

// The groups of sheets.
const (
	Calendar  Group = "Calendario y plazos"
	Publicity Group = "Lo que ve el público"
	Security  Group = "Accesos y conservación"
	Work      Group = "Trabajo del Instituto"
	Releases  Group = "Liberación de las interfaces"
	Catalogue Group = "Catálogos"
)

// Groups returns the groups of the sheets of parameters, in order.
func Groups() []Group { return []Group{Calendar, Publicity, Security, Work} }

// Sheet is a page of data that are changed together.
type Sheet struct {
	Key         string // in addresses
	Title, Lead string
	Group       Group
	Fields      []Field
	Reach       Reach
	Report      Report
	Acuerdo     bool // it takes an acuerdo though nobody else confirms it
	Head        bool // Head may propose it too
	Again       bool // it may be sent though nothing in it changed

	source source
	check  func(sub Subject, v Values, now time.Time) []fault.Field
	effect func(ctx context.Context, q db.Querier, sub Subject, v Values) ([]string, error)
}

// TakesAcuerdo reports whether a change takes the number and date of an acuerdo.
func (s Sheet) TakesAcuerdo() bool { return s.Acuerdo || s.Reach == Public }

// Subject is a sheet as it is now, of one thing.
type Subject struct {
	Place
	process int64
	Name    string // of the thing, where there are several: «Gubernatura»
	Kind    string // of a nominator
	Fields  []Field
	Values  Values
}

// Title names the sheet and the thing.
func (s Subject) title(sheet Sheet) string {
	if s.Name == "" {
		return sheet.Title
	}
	return sheet.Title + ": " + s.Name
}

// source is where the data of a sheet are kept.
type source interface {
	// read fills Name, Values and whatever options depend on the process;
	// NotFound when there is no such thing.
	read(ctx context.Context, q db.Querier, sub *Subject) error
	// write keeps what the change says; v is the whole sheet as it must be.
	write(ctx context.Context, tx *db.Tx, c writing, v Values) error
}

// writing is the change that is written.
type writing struct {
	by        db.Actor
	process   int64
	ref       string
	acuerdo   string
	acuerdoOn time.Time
	image     []byte
	fields    []Field
}

// read returns the sheet as it is now.
func (s Sheet) read(ctx context.Context, q db.Querier, process int64, ref string) (Subject, error) {
	sub := Subject{Place: Place{s.Key, ref}, process: process, Fields: slices.Clone(s.Fields), Values: Values{}}
	err := s.source.read(ctx, q, &sub)
	return sub, db.Fault(err)
}

// field returns the field with that id.
func (s *Subject) field(id string) *Field {
	for i := range s.Fields {
		if s.Fields[i].ID == id {
			return &s.Fields[i]
		}
	}
	return &Field{ID: id, Label: id}
}

// all lists every sheet, in the order in which they are shown.
var all = slices.Concat(parameters, accessParameters, workParameters, releaseSheets, catalogueSheets)

// Sheets returns the sheets of a group, in order.
func Sheets(g Group) []Sheet {
	var out []Sheet
	for _, s := range all {
		if s.Group == g {
			out = append(out, s)
		}
	}
	return out
}

// SheetOf returns the sheet with that key; its zero value when there is none.
func SheetOf(key string) Sheet {
	s, _ := sheetOf(key)
	return s
}
