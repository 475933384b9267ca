// Package agenda keeps what the institute has to deliver, and when: the plan of
// activities of the system with its deliverables, the development stages, the
// releases, what is bought, who is hired and who is trained.
//
// Each Item has a chain of Steps with a latest date: a working meeting, a session
// of the Comisión, one of the Consejo, the dispatch to INE by the Secretaría. What
// is known of an item or of a step is written as another version, with its author
// and its reason, and the last one counts. The state of both follows from dates and
// is never stored.
//
//	plan ──LoadPlan──┐                       ┌─ Documents ─┐
//	event ───Open────┼─> Item ─> Step, Step… ┤             ├─> Letter, Bundle ─> SaveStep(Dispatch)
//	person ─SaveItem─┘                       └─ People     ┘
//
// Deliverables 10, 11 and 12 of the article 11 have no date of their own: an event
// opens them (Open), with terms that are rows of the process. Sweep opens those of
// the events that the rest of the system keeps: a list approved, a substitution, a
// privacy notice, another version of a questionnaire, a parameter. It also tells
// once, by e-mail, of what is overdue. To change something that was already sent opens deliverable 10 in
// the same transaction.
//
// Everybody of the institute reads the agenda. The Comisión and the Consejo record
// their acuerdos in it, and no more. Only the Secretary records a
// dispatch, and only when the steps before it are closed.
package agenda

import (
	"time"

	"conoceles/internal/db"
	"conoceles/internal/election"
)

// Store keeps the agenda. It is safe for concurrent use.
type Store struct{ desk *db.Desk }

// New returns a Store over the desk's pool.
func New(desk *db.Desk) *Store { return &Store{desk} }

// Kind is what an item is. Its values are those of the database and of addresses.
type Kind string

// The kinds.
const (
	Deliverable Kind = "entregable"
	Stage       Kind = "etapa"
	Release     Kind = "interfaz"
	Purchase    Kind = "adquisicion"
	Hiring      Kind = "contratacion"
	Training    Kind = "capacitacion"
)

// Kinds returns the kinds, in order.
func Kinds() []Kind { return []Kind{Deliverable, Stage, Release, Purchase, Hiring, Training} }

var kindTitles = map[Kind]string{
	Deliverable: "Entregable", Stage: "Etapa de desarrollo", Release: "Liberación de interfaz", Purchase: "Adquisición", Hiring: "Contratación",
	Training: "Capacitación",
}

// Title returns the name of the kind, "" for one that does not exist.
func (k Kind) Title() string { return kindTitles[k] }

// StepKind is what a step of a chain is.
type StepKind string

// The steps.
const (
	Meeting   StepKind = "reunion"
	Committee StepKind = "comite"
	Comision  StepKind = "comision"
	Council   StepKind = "consejo"
	Dispatch  StepKind = "remision"
	End       StepKind = "conclusion"
)

var stepWords = map[StepKind]struct{ title, document string }{
	Meeting:   {"Reunión de trabajo", "Minuta"},
	Committee: {"Comité de Transparencia", "Acta"},
	Comision:  {"Sesión de la Comisión", "Acta o acuerdo"},
	Council:   {"Sesión del Consejo", "Acuerdo"},
	Dispatch:  {"Remisión por el SIVOPLE", "Número de oficio"},
	End:       {"Conclusión", "Documento que la acredita"},
}

// Title returns the name of the step, "" for one that does not exist.
func (k StepKind) Title() string { return stepWords[k].title }

// Acuerdo reports whether the step is a session that ends in an acuerdo.
func (k StepKind) Acuerdo() bool { return k == Comision || k == Council }

// Document returns what proves the step.
func (k StepKind) Document() string { return stepWords[k].document }

// chainOf returns the steps of an item that a person adds.
func chainOf(k Kind) []StepKind {
	if k == Deliverable {
		return []StepKind{Meeting, Comision, Council, Dispatch}
	}
	return []StepKind{End}
}

// State is how an item or a step is, on a day.
type State string

// The states.
const (
	Pending State = "pendiente"
	Soon    State = "por_vencer"
	Overdue State = "vencido"
	Done    State = "cumplido"
	Late    State = "extemporaneo" // done after its date
	Waived  State = "no_aplica"
)

// States returns the states by which a list is filtered, in order.
func States() []State { return []State{Overdue, Soon, Pending, Late, Done} }

var stateTitles = map[State]string{
	Pending: "Pendiente", Soon: "Por vencer", Overdue: "Vencido", Done: "Cumplido", Late: "Cumplido fuera de plazo", Waived: "No aplica",
}

// Title returns the state in words, "" for one that does not exist.
func (s State) Title() string { return stateTitles[s] }

// Step is a step of a chain, as its last version says.
type Step struct {
	Position int
	Kind     StepKind
	Version  int
	Due      time.Time // zero: still without date
	Done     time.Time // zero: not yet
	Document string
	Receipt  string // of the SIVOPLE, in a dispatch
	Note     string
	Waived   bool

	id int64
}

// Closed reports whether nothing is left to do in the step.
func (s Step) Closed() bool { return s.Waived || !s.Done.IsZero() }

// StateAt returns how the step is on a day, when what is due within soon days is
// about to be. The day of its date is still in time.
func (s Step) StateAt(today time.Time, soon int) State {
	switch {
	case s.Waived:
		return Waived
	case !s.Done.IsZero() && !s.Due.IsZero() && s.Done.After(s.Due):
		return Late
	case !s.Done.IsZero():
		return Done
	case s.Due.IsZero():
		return Pending
	case s.Due.Before(today):
		return Overdue
	case !s.Due.After(today.AddDate(0, 0, soon)):
		return Soon
	}
	return Pending
}

// Content is what a version of an item says.
type Content struct {
	Activity string // of INE's calendar: «11.3»
	Article  string // number of the deliverable in article 11
	Title    string
	Detail   string
	Area     string
	From     time.Time // zero: still without date
	Until    time.Time
	Event    time.Time // the day of the event that opened it, if one did
}

// Item is a line of the agenda, as its last version says.
type Item struct {
	Number  int
	Kind    Kind
	Version int
	Content
	Steps     []Step
	Documents int
	Opened    bool // by an event of the system
}

// Key is what people call the item by: its activity, or its place in article 11.
func (i Item) Key() string {
	switch {
	case i.Activity != "":
		return i.Activity
	case i.Article != "":
		return "Entregable " + i.Article
	}
	return i.Kind.Title()
}

// Name is the item with its key.
func (i Item) Name() string { return i.Key() + ". " + i.Title }

// StateAt returns how the item is on a day: the worst of its open steps or, with
// none open, whether all were in time.
func (i Item) StateAt(today time.Time, soon int) State {
	has := map[State]bool{}
	for _, s := range i.Steps {
		has[s.StateAt(today, soon)] = true
	}
	for _, s := range []State{Overdue, Soon, Pending, Late, Done} {
		if has[s] {
			return s
		}
	}
	return Waived
}

// Next returns the first step that is open; ok is false when there is none.
func (i Item) Next() (s Step, ok bool) {
	for _, s := range i.Steps {
		if !s.Closed() {
			return s, true
		}
	}
	return Step{}, false
}

// Dispatched returns the dispatch that was made; ok is false when there is none.
func (i Item) Dispatched() (s Step, ok bool) {
	for _, s := range i.Steps {
		if s.Kind == Dispatch && !s.Done.IsZero() {
			return s, true
		}
	}
	return Step{}, false
}

// Today returns the day, as dates of the agenda are: midnight UTC of the day that
// people are in.
func Today(now time.Time) time.Time {
	y, m, d := now.In(election.Zone()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func dateOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
