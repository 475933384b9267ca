package identity

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"net/url"

	"conoceles/internal/questionnaire"
)

// Answers are somebody's identity answers, closed. They live in a closure on
// purpose: fmt calls no method on an unexported field and prints what it holds,
// even through a pointer (with %s and %q), and reflection cannot look into a
// function. It refuses every encoding; Open is the only way in. The zero value
// holds nothing.
type Answers struct{ sealed func() sealed }

type sealed struct {
	purpose Purpose
	version int
	content content
	drafts  map[questionnaire.ID]draft
}

// closed puts what was read out of sight.
func closed(s sealed) Answers { return Answers{func() sealed { return s }} }

// ErrSealed is what every attempt to print into a format gets.
var ErrSealed = errors.New("identity: answers are never encoded")

// Open returns the answers. It fails unless p is the purpose they were loaded
// for: what was read to publish cannot be shown to review.
func (a Answers) Open(p Purpose) (questionnaire.Answers, error) {
	if err := a.allows(p); err != nil {
		return nil, err
	}
	return a.sealed().content.Answers.Clone(), nil
}

// Draft returns the last form posted to a page that is not a version yet, with
// its version; nil and 0 when there is none. Only Capture and Merging read
// drafts.
func (a Answers) Draft(p Purpose, page questionnaire.ID) (url.Values, int, error) {
	if err := a.allows(p); err != nil {
		return nil, 0, err
	}
	d := a.sealed().drafts[page]
	return d.Form, d.Version, nil
}

func (a Answers) allows(p Purpose) error {
	if a.sealed == nil || p == "" || p != a.sealed().purpose {
		return errors.New("identity: answers opened for another purpose than they were loaded for")
	}
	return nil
}

// Version returns which version they are; 0 when nothing was answered yet.
func (a Answers) Version() int {
	if a.sealed == nil {
		return 0
	}
	return a.sealed().version
}

// Edition returns the edition of the questionnaire that was answered; "" when
// nothing was.
func (a Answers) Edition() string {
	if a.sealed == nil {
		return ""
	}
	return a.sealed().content.Edition
}

const hidden = "identidad(oculta)"

// Format prints a fixed word, whatever the verb.
func (a Answers) Format(s fmt.State, _ rune) { fmt.Fprint(s, hidden) }

// LogValue logs a fixed word.
func (a Answers) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalJSON refuses.
func (a Answers) MarshalJSON() ([]byte, error) { return nil, ErrSealed }

// UnmarshalJSON refuses.
func (a *Answers) UnmarshalJSON([]byte) error { return ErrSealed }

// MarshalText refuses; XML and maps' keys go through it too.
func (a Answers) MarshalText() ([]byte, error) { return nil, ErrSealed }

// UnmarshalText refuses.
func (a *Answers) UnmarshalText([]byte) error { return ErrSealed }

// MarshalBinary refuses.
func (a Answers) MarshalBinary() ([]byte, error) { return nil, ErrSealed }

// UnmarshalBinary refuses.
func (a *Answers) UnmarshalBinary([]byte) error { return ErrSealed }

// GobEncode refuses.
func (a Answers) GobEncode() ([]byte, error) { return nil, ErrSealed }

// GobDecode refuses.
func (a *Answers) GobDecode([]byte) error { return ErrSealed }

// Value refuses to be an argument of SQL.
func (a Answers) Value() (driver.Value, error) { return nil, ErrSealed }

// Scan refuses to be a result of SQL.
func (a *Answers) Scan(any) error { return ErrSealed }
