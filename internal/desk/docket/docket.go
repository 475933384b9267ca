// Package docket keeps three registers of the Unidad de Transparencia that have
// the same shape: something was asked or happened, somebody answered or acted,
// with an effect and a document.
//
//	Advice     what is asked of the Unidad Técnica de Paridad e Inclusión (art. 15 k)
//	Incidents  security incidents and failures, and what was done about them
//	Unforeseen cases that the Lineamientos do not foresee, and who decided (art. 5)
//
// A Register says in words what each column means in it (its Fields); all three
// share the table. Nothing is deleted nor changed: an entry is amended by another
// version, with the reason, and all of them can be read.
package docket

import (
	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
)

// Store keeps the registers. It is safe for concurrent use.
type Store struct{ desk *db.Desk }

// New returns a Store over the desk's pool.
func New(desk *db.Desk) *Store { return &Store{desk} }

// Kind is one of the registers.
type Kind string

// The registers. Their values are those of the database and of the addresses.
const (
	Advice     Kind = "asesorias"
	Incidents  Kind = "incidentes"
	Unforeseen Kind = "casos"
)

// Kinds returns the registers, in order.
func Kinds() []Kind { return []Kind{Advice, Incidents, Unforeseen} }

// For returns the registers that an actor reads: the systems unit, only that of
// incidents.
func For(r auth.DocketReader) []Kind {
	if _, admin := r.(auth.Admin); admin {
		return []Kind{Incidents}
	}
	return Kinds()
}

// reads reports whether an actor reads a register.
func reads(r auth.DocketReader, k Kind) bool {
	for _, mine := range For(r) {
		if mine == k {
			return true
		}
	}
	return false
}

// FieldKind is how a field is written.
type FieldKind int

// The kinds of field.
const (
	Line FieldKind = iota
	Text
	Day
)

// Field is a column of a register, in the words of that register.
type Field struct {
	ID       string // of the form and of the file
	Label    string
	Hint     string
	Kind     FieldKind
	Required bool
}

// The fields, as the form names them.
const (
	FieldDay         = "fecha"
	FieldSubject     = "asunto"
	FieldNarrative   = "relato"
	FieldCounterpart = "contraparte"
	FieldOutcome     = "respuesta"
	FieldOutcomeDay  = "fecha_respuesta"
	FieldEffect      = "efecto"
	FieldBasis       = "sustento"
	FieldReason      = "motivo"
	FieldDocument    = "documento"
)

// register is what a kind is called.
type register struct {
	title, one, lead string
	fields           []Field
}

var registers = map[Kind]register{
	Advice: {
		"Asesorías", "Asesoría", "Lo que se pregunta a la Unidad Técnica de Paridad e Inclusión para llenar el cuestionario de identidad (art. 15, inciso k), y lo que responde.",
		[]Field{
			{FieldDay, "Fecha de la consulta", "", Day, true},
			{FieldSubject, "Asunto", "En una línea.", Line, true},
			{FieldNarrative, "Qué se pregunta", "Sin datos de ninguna persona.", Text, true},
			{FieldCounterpart, "A quién se pregunta", "", Line, true},
			{FieldOutcome, "Respuesta", "Puedes agregarla después.", Text, false},
			{FieldOutcomeDay, "Fecha de la respuesta", "", Day, false},
			{FieldBasis, "Oficio", "", Line, false},
		},
	},
	Incidents: {
		"Incidentes", "Incidente", "Vulneraciones de seguridad y fallas: qué pasó, a qué afectó, qué se hizo y a quién se avisó.",
		[]Field{
			{FieldDay, "Fecha en que ocurrió", "", Day, true},
			{FieldSubject, "Asunto", "En una línea.", Line, true},
			{FieldNarrative, "Qué ocurrió y por qué", "Sin respuestas ni datos de ninguna persona.", Text, true},
			{FieldEffect, "A qué afectó", "Datos comprometidos y servicios detenidos. Si no hubo, dilo.", Text, true},
			{FieldOutcome, "Medidas", "Lo que se hizo para corregirlo y para que no se repita.", Text, false},
			{FieldOutcomeDay, "Fecha de las medidas", "", Day, false},
			{FieldCounterpart, "A quién se avisó", "Personas titulares, Comité de Transparencia, autoridad.", Line, false},
			{FieldBasis, "Oficio del aviso", "", Line, false},
		},
	},
	Unforeseen: {
		"Casos no previstos", "Caso no previsto", "Lo que los Lineamientos no prevén y quién lo resolvió (art. 5).",
		[]Field{
			{FieldDay, "Fecha en que se planteó", "", Day, true},
			{FieldSubject, "Asunto", "En una línea.", Line, true},
			{FieldNarrative, "Qué se plantea", "", Text, true},
			{FieldCounterpart, "Quién resolvió", "Comisión, Consejo u otra instancia.", Line, false},
			{FieldOutcome, "Qué se resolvió", "Puedes agregarlo después.", Text, false},
			{FieldOutcomeDay, "Fecha de la resolución", "", Day, false},
			{FieldEffect, "Efecto en el sistema", "", Text, false},
			{FieldBasis, "Acuerdo", "", Line, false},
		},
	},
}

// Title returns the name of the register, "" for one that does not exist.
func (k Kind) Title() string { return registers[k].title }

// One returns the name of one entry of it.
func (k Kind) One() string { return registers[k].one }

// Lead says what it is for.
func (k Kind) Lead() string { return registers[k].lead }

// Fields returns its columns, in order.
func (k Kind) Fields() []Field { return registers[k].fields }
