package arco

import (
	"time"

	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// StepKind is what happened to a request.
type StepKind string

// The steps.
const (
	Identify StepKind = "acredita"      // who asks showed who they are
	Prevent  StepKind = "previene"      // something is missing, and is asked for once
	Remedy   StepKind = "desahoga"      // it was given
	Lapse    StepKind = "no_presentada" // it was not
	Extend   StepKind = "amplia"        // more time to answer, once
	Answer   StepKind = "responde"
	Fulfil   StepKind = "cumple" // what was granted was done
)

// Name returns the step as a person reads it.
func (k StepKind) Name() string {
	return map[StepKind]string{
		Identify: "Se acreditó la identidad", Prevent: "Se previno a quien solicita", Remedy: "Se atendió la prevención",
		Lapse: "Se tuvo por no presentada", Extend: "Se amplió el plazo", Answer: "Se respondió", Fulfil: "Se hizo efectivo el derecho",
	}[k]
}

// State is where a request is.
type State string

// The states.
const (
	Received   State = "recibida"
	Prevented  State = "prevenida"
	Processing State = "en_tramite"
	Answered   State = "respondida" // granted, and not done yet
	Concluded  State = "concluida"
	Lapsed     State = "no_presentada"
)

// States returns the states, in order.
func States() []State { return []State{Received, Prevented, Processing, Answered, Concluded, Lapsed} }

// Terms are the terms of a process, in working days.
type Terms struct {
	Prevent, Remedy, Answer, Extension, Effect int
}

// Calendar is what counts the terms of a process.
type Calendar struct {
	Terms
	Off election.DaysOff
}

// Moment is a step of a request, by its date.
type Moment struct {
	Kind    StepKind
	On      time.Time // its day
	Outcome Outcome
}

// Standing is where a request is and until when.
type Standing struct {
	State      State
	Identified bool
	Asked      bool // it was prevented: only once
	Extended   bool
	Outcome    Outcome
	PreventBy  time.Time // last day to prevent
	AnswerBy   time.Time // last day to answer; zero while it waits for whoever asked
	Due        time.Time // last day of what is next; zero when nothing is
}

// Open reports whether something remains to be done.
func (s Standing) Open() bool { return s.State != Concluded && s.State != Lapsed }

// Ours reports whether what is next is for the unit to do.
func (s Standing) Ours() bool { return s.Open() && s.State != Prevented }

// Overdue reports whether the term of what is next is over. The last day counts
// whole.
func (s Standing) Overdue(now time.Time) bool {
	return !s.Due.IsZero() && !now.Before(s.Due.AddDate(0, 0, 1))
}

// Follow reads the steps of a request, in order.
func Follow(received time.Time, m Medium, steps []Moment, c Calendar) Standing {
	s := Standing{
		State: Received, Identified: m.identifies(), PreventBy: c.Off.Term(received, c.Prevent), AnswerBy: c.Off.Term(received, c.Answer),
	}
	s.Due = s.PreventBy // by then it is known whether anything is missing
	if s.Identified {
		s.State, s.Due = Processing, s.AnswerBy
	}
	for _, step := range steps {
		s.take(step, c)
	}
	return s
}

func (s *Standing) take(step Moment, c Calendar) {
	switch step.Kind {
	case Identify:
		s.State, s.Identified, s.Due = Processing, true, s.AnswerBy
	case Prevent:
		s.State, s.Asked, s.Due, s.AnswerBy = Prevented, true, c.Off.Term(step.On, c.Remedy), time.Time{}
	case Remedy: // the prevention interrupted the term: it begins again
		s.State, s.Identified, s.AnswerBy = Processing, true, c.Off.Term(step.On, c.Answer)
		s.Due = s.AnswerBy
	case Lapse:
		s.State, s.Due = Lapsed, time.Time{}
	case Extend:
		s.Extended, s.AnswerBy = true, c.Off.Term(s.AnswerBy, c.Extension)
		s.Due = s.AnswerBy
	case Answer:
		s.State, s.Outcome, s.Due = Answered, step.Outcome, c.Off.Term(step.On, c.Effect)
		if step.Outcome == Refused {
			s.State, s.Due = Concluded, time.Time{}
		}
	case Fulfil:
		s.State, s.Due = Concluded, time.Time{}
	}
}

// Next returns the steps that may come now.
func (s Standing) Next(now time.Time) []StepKind {
	var out []StepKind
	for _, k := range []StepKind{Identify, Prevent, Remedy, Lapse, Extend, Answer, Fulfil} {
		if s.Allows(k, now) == nil {
			out = append(out, k)
		}
	}
	return out
}

// Allows returns a Conflict that says why a step cannot come on a day.
func (s Standing) Allows(k StepKind, on time.Time) error {
	no := func(message string) error { return fault.New(fault.Conflict, message) }
	over := func(day time.Time) bool { return !day.IsZero() && !on.Before(day.AddDate(0, 0, 1)) }
	if !s.Open() {
		return no("Esta solicitud ya concluyó.")
	}
	switch k {
	case Identify:
		if s.State != Received {
			return no("La identidad ya está acreditada, o se pidió en la prevención.")
		}
	case Prevent:
		switch {
		case s.State != Received && s.State != Processing:
			return no("Sólo se previene antes de responder.")
		case s.Asked:
			return no("Ya se previno: sólo puede hacerse una vez.")
		case over(s.PreventBy):
			return no("El plazo para prevenir ya venció.")
		}
	case Remedy:
		if s.State != Prevented {
			return no("No hay una prevención por atender.")
		}
		if over(s.Due) {
			return no("El plazo para atender la prevención ya venció.")
		}
	case Lapse:
		if s.State != Prevented || !over(s.Due) {
			return no("Se tiene por no presentada cuando vence el plazo de la prevención sin que se atienda.")
		}
	case Extend:
		switch {
		case s.State != Processing:
			return no("El plazo se amplía mientras la solicitud está en trámite.")
		case s.Extended:
			return no("El plazo ya se amplió: sólo puede hacerse una vez.")
		case over(s.AnswerBy):
			return no("El plazo para responder ya venció: no puede ampliarse.")
		}
	case Answer:
		if s.State != Processing {
			return no("Se responde cuando la identidad está acreditada y una sola vez.")
		}
	case Fulfil:
		if s.State != Answered {
			return no("Se hace efectivo lo que se respondió como procedente.")
		}
	default:
		return no("Ese paso no existe.")
	}
	return nil
}
