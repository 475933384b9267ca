package consent

import "time"

// Declarations are the three decisions of a person. All three are always
// decided: a form that leaves one open is not a declaration.
type Declarations struct {
	Processing  bool // nº 1: treatment of the data
	Publication bool // nº 2: publication of the sensitive answers
	Statistics  bool // nº 3: statistical reports
}

// Kind is what an event of the history is.
type Kind string

// The events.
const (
	Granted    Kind = "otorga"    // declares, and authorises publication
	Denied     Kind = "niega"     // declares, and does not
	Documented Kind = "documenta" // a signed document for a declaration
	Verified   Kind = "verifica"
	Rejected   Kind = "rechaza"
	Withdrawn  Kind = "retira"
	Expired    Kind = "caduca" // a notice that asks again came into force
)

// Medium is how an event came about.
type Medium string

// The media.
const (
	Online   Medium = "en_linea"
	OnPaper  Medium = "documento"
	InPerson Medium = "comparecencia"
	ByLink   Medium = "enlace"
)

// Event is a row of the history of a candidacy's consent. The history is never
// updated, only followed: what is in force is a function of all of it.
type Event struct {
	ID             int64
	Kind           Kind
	Medium         Medium
	Declaration    int64 // that a document, a verification or a rejection follows
	Decided        *Declarations
	TextVersion    string
	TextHash       string
	Notice         int64
	AnswersVersion int
	Document       int64
	SignedOn       time.Time
	ReceivedOn     time.Time
	Reason         string
	Account        int64
	Role           string
	At             time.Time
}

// Stage is where a consent is.
type Stage string

// The stages.
const (
	Undecided  Stage = "sin_decidir"
	NoDocument Stage = "pendiente"       // declared, no signed document yet
	Waiting    Stage = "en_verificacion" // documented, nobody verified it
	Confirmed  Stage = "verificado"
	Refused    Stage = "rechazado" // by the Head: the document does not say so
	Gone       Stage = "retirado"
)

// Standing is what the history says now.
type Standing struct {
	Stage       Stage
	Declaration Event // the last one; its zero value when there is none
	Document    int64 // the last signed document of that declaration
	Uploader    int64 // who delivered it
	Verified    Event // its verification, when Confirmed
}

// Decided returns the decisions that stand, if any do: those of the last
// declaration, until it is withdrawn or expires. A withdrawal takes back
// publication and statistics and leaves no decision standing, so that no older
// consent is ever uncovered.
func (s Standing) Decided() (Declarations, bool) {
	if s.Declaration.Decided == nil || s.Stage == Gone || s.Stage == Undecided {
		return Declarations{}, false
	}
	return *s.Declaration.Decided, true
}

// Closed reports whether consent nº 1 is No: the questionnaire is not opened and
// counts as attended.
func (s Standing) Closed() bool {
	d, ok := s.Decided()
	return ok && !d.Processing
}

// Publishes reports whether a verified, unwithdrawn, express consent says that
// answers may be published.
func (s Standing) Publishes() bool {
	d, ok := s.Decided()
	return ok && s.Stage == Confirmed && d.Processing && d.Publication && s.Document != 0
}

// StandingOf reads a history in order. It denies by default: an event that
// follows a declaration which is no longer the last one has no effect.
func StandingOf(history []Event) Standing {
	s := Standing{Stage: Undecided}
	for _, e := range history {
		switch e.Kind {
		case Granted, Denied:
			s = Standing{Stage: NoDocument, Declaration: e, Document: e.Document, Uploader: e.Account}
			if e.Document != 0 {
				s.Stage = Waiting
			}
		case Withdrawn:
			s = Standing{Stage: Gone, Declaration: s.Declaration}
		case Expired:
			s = Standing{Stage: Undecided}
		case Documented, Verified, Rejected:
			s = s.follow(e)
		}
	}
	return s
}

// follow applies an event that refers to a declaration.
func (s Standing) follow(e Event) Standing {
	if s.Stage == Gone || s.Stage == Undecided || e.Declaration != s.Declaration.ID {
		return s
	}
	switch e.Kind {
	case Documented:
		s.Stage, s.Document, s.Uploader, s.Verified = Waiting, e.Document, e.Account, Event{}
	case Verified:
		if e.Document != 0 && e.Document == s.Document {
			s.Stage, s.Verified = Confirmed, e
		}
	case Rejected:
		s.Stage, s.Verified = Refused, Event{}
	}
	return s
}
