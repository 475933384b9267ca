// Package report is what the Comisión, the Consejo and INE receive: reports R-1 to
// R-10, the official statistics with disclosure control, and the qualitative
// analysis (domain 8, security 2.6).
//
// A report is a cut. It is asked for, computed at one instant from one snapshot of
// the database, and kept with its hash, its author and the version of the
// definitions it was counted with; whatever is shown later is drawn from what was
// kept. Another computation is another version:
//
//	Request ──> job ──Work──> cut (PRELIMINAR) ──Approve (acuerdo)──> Propose ──Release──> publish ──> /estadisticas
//	                            └─ narrative, while it is a draft       └─ two persons ─┘
//
// Every question has one definition, here, whatever the report: who counts is fact
// (facts.go), and each measure is a function of it (measures.go). Substituted and
// cancelled candidacies leave the denominators and stay listed.
//
// Of identity a cut keeps aggregated cells, never rows. They count those whose
// verified consent nº 3 is in force; the others are a column, «No autorizó fines
// estadísticos». Whether a questionnaire was answered counts everybody: it is a
// duty, not an answer. What of it may be public goes through disclosure.
//
// are of some days, and not of the candidacies: R-1 is drafted from the
// agenda, with the text that was written there, and R-10 from the counts of the site.
//
// A party sees the reports of its own candidacies, computed when it asks and not
// kept (own.go).
package report

import (
	"context"

	"conoceles/internal/db"
	"conoceles/internal/desk/duty"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/desk/keys"
	"conoceles/internal/desk/publish"
	"conoceles/internal/questionnaire"
)

// Kind is a report of the catalogue.
type Kind string

// The reports (domain 8.1).
const (
	Monthly      Kind = "mensual"
	Advance      Kind = "avance"
	Final        Kind = "final"
	Qualitative  Kind = "cualitativo"
	Groups       Kind = "grupos"
	Breaches     Kind = "incumplimientos"
	Observations Kind = "observaciones"
	Lists        Kind = "candidaturas"
	Affirmative  Kind = "afirmativas"     // names elected by acción afirmativa (INAI RRA 10703/21)
	Consents     Kind = "consentimientos"
	Usage        Kind = "uso"
)

// Definition is what a report is, whatever its cut.
type Definition struct {
	Kind   Kind
	Number string // «R-2»
	Title  string
	When   string // when it is due
	Basis  string // what asks for it
	Reach  Reach
	Fields []Field
	Span   Span
}

// Span is of which days a report is.
type Span int

// The spans.
const (
	OfInstant Span = iota // that of its cut
	OfMonth
	OfDays
)

// Reach is who else may see a report, besides the institute.
type Reach int

// The reaches.
const (
	Internal      Reach = iota // nobody
	OfEachParty                // each party, its own
	OfPublic                   // everybody, once released
	OfPartyAndAll              // both
)

// Public reports whether the report may be released.
func (d Definition) Public() bool { return d.Reach == OfPublic || d.Reach == OfPartyAndAll }

// Own reports whether a party sees its own.
func (d Definition) Own() bool { return d.Reach == OfEachParty || d.Reach == OfPartyAndAll }

// Field is a part of a report that somebody writes.
type Field struct{ ID, Label, Hint string }

// definitionVersion goes up whenever something comes to be counted another way.
const definitionVersion = 1

var (
	presentation = Field{"presentacion", "Presentación", "De qué trata el informe y con qué fundamento se rinde."}
	method       = Field{"metodologia", "Metodología", "Cómo se valoró y quiénes valoraron."}
	findings     = Field{"hallazgos", "Hallazgos", "Lo que muestran las tablas. No nombres a nadie."}
	advances     = Field{"avance", "Avance del mes", "Lo que la tabla no dice. Empieza con el texto que se escribió en la agenda."}
	actions      = Field{"acciones", "Acciones realizadas", "Requerimientos, asesorías, capacitación y lo que se hizo para avanzar."}
	conclusions  = Field{"conclusiones", "Conclusiones", ""}
)

// Catalogue returns the reports, in their order.
func Catalogue() []Definition {
	const final = "Cuatro meses después de la jornada"
	whole := []Field{presentation, findings, actions, conclusions}
	return []Definition{
		{Monthly, "R-1", "Informe mensual de avance en la implementación y operación", "El día 1 de cada mes", "Calendario del INE, actividad 11.3", Internal, []Field{advances, conclusions}, OfMonth},
		{Advance, "R-2", "Informe de avance cuantitativo", "En abril y en mayo", "Lineamientos, art. 15 g)", OfPartyAndAll, whole, OfInstant},
		{Final, "R-3", "Informe final: parte cuantitativa", final, "Lineamientos, art. 15 g)", OfPublic, whole, OfInstant},
		{Qualitative, "R-4", "Informe final: parte cualitativa", final, "Lineamientos, art. 15 g); metodología del INE", Internal, []Field{presentation, method, findings, conclusions}, OfInstant},
		{Groups, "R-5", "Estadística de grupos en situación de discriminación", "Con cada avance y con el informe final", "Lineamientos, art. 1", OfPublic, []Field{presentation, findings, conclusions}, OfInstant},
		{Breaches, "R-6", "Relación de incumplimientos", "Al término de las campañas", "Lineamientos, art. 15 e)", OfEachParty, []Field{presentation, actions}, OfInstant},
		{Observations, "R-7", "Observaciones y correcciones", "Cuando se solicite", "Lineamientos, art. 18", OfEachParty, []Field{presentation}, OfInstant},
		{Lists, "R-8", "Candidaturas y sustituciones", "Al día siguiente de cada aprobación", "Plan Integral, actividades 11.7 a 11.10", OfPartyAndAll, []Field{presentation}, OfInstant},
		{Affirmative, "R-8 bis", "Personas electas por acción afirmativa", "Después de la asignación", "Resoluciones INAI RRA 10703/21 y RRA 11955/21", OfPublic, []Field{presentation}, OfInstant},
		{Consents, "R-9", "Consentimientos", "Cuando se solicite", "Lineamientos, art. 15 j)", Internal, []Field{presentation}, OfInstant},
		{Usage, "R-10", "Uso del sitio", "Cuando se solicite", "Solicitud de la Comisión o del Consejo", Internal, []Field{presentation, findings}, OfDays},
	}
}

// Define returns the definition of a kind; false when there is no such report.
func Define(kind Kind) (Definition, bool) {
	for _, d := range Catalogue() {
		if d.Kind == kind {
			return d, true
		}
	}
	return Definition{}, false
}

// Debts says what is owed of a process now, with the words of the vista.
type Debts interface {
	Breaches(ctx context.Context, q db.Querier, process int64) (duty.Breaches, error)
}

// Attendance says which candidacies have not attended their identity questionnaire.
type Attendance interface {
	Unattended(ctx context.Context, q db.Querier, candidacies ...int64) ([]int64, error)
}

// Store computes and keeps reports. It is safe for concurrent use.
type Store struct {
	desk       *db.Desk
	site       publish.Publisher
	seal       *identity.Store
	attendance Attendance
	debts      Debts
}

// New returns a Store over the desk's pool. ring opens the identity answers that
// are counted; attendance and debts are those of the rest of the desk, so that a
// question has one answer.
func New(desk *db.Desk, site publish.Publisher, ring *keys.Ring, attendance Attendance, debts Debts) *Store {
	return &Store{desk: desk, site: site, seal: identity.New(ring), attendance: attendance, debts: debts}
}

// essays are the parts of the curricular questionnaire that are a text.
var essays = []questionnaire.ID{"historia_profesional", "trayectoria", "motivo_cargo_publico", "propuesta_1", "propuesta_2", "propuesta_genero"}
