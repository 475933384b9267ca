// Package fault names the ways an operation can fail that somebody outside it
// must tell apart: the HTTP layer to choose a status, a command to choose an
// exit code, a form to put a message beside its field.
//
// An error of this package carries two texts. Message and Fields are for the
// person who asked, in Spanish, and hold nothing that person may not know. Err
// is the cause, for the log alone.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind is one of the closed set of failures. Its zero value, Internal, is what
// an error is until somebody says better.
type Kind int

// The kinds of failure.
const (
	Internal    Kind = iota // a defect or a broken machine: 500
	NotFound                // not there, or not yours: the same answer for both
	Gone                    // was there and was withdrawn for good
	Invalid                 // what was sent breaks a rule; Fields say which
	Conflict                // it was right when it was read and no longer is
	Forbidden               // you are known and may not do this
	Unavailable             // not now: closed by the calendar, busy, or down
	TooMany                 // slow down
)

// String returns the kind's name for logs.
func (k Kind) String() string {
	return [...]string{"internal", "not found", "gone", "invalid", "conflict", "forbidden", "unavailable", "too many"}[k]
}

// Field is a message tied to one field of a form or one cell of a file.
type Field struct {
	ID      string // the control's id, or «fila 12, SEXO»
	Message string // Spanish, says what to do
}

// Error is a failure with a kind, a text for people and a cause for the log.
type Error struct {
	Kind    Kind
	Message string
	Fields  []Field
	Err     error
}

// Error returns the text for the log: kind, message, fields and cause.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	if e.Message != "" {
		fmt.Fprintf(&b, ": %s", e.Message)
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.ID, f.Message)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// New returns an error of the kind with a Spanish message for the person who asked.
func New(k Kind, message string) *Error { return &Error{Kind: k, Message: message} }

// Newf is New with a format.
func Newf(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Message: fmt.Sprintf(format, args...)}
}

// Wrap returns an error of the kind whose cause is err.
func Wrap(k Kind, message string, err error) *Error {
	return &Error{Kind: k, Message: message, Err: err}
}

// InvalidField returns an Invalid error about one field.
func InvalidField(id, message string) *Error {
	return &Error{Kind: Invalid, Fields: []Field{{ID: id, Message: message}}}
}

// InvalidFields returns an Invalid error about several fields, or nil when there are none.
func InvalidFields(fields []Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Fields: fields}
}

// KindOf returns the kind of the first *Error in err's chain, or Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is a fault of the kind.
func Is(err error, k Kind) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Kind == k
}

// FieldsOf returns the fields of the first *Error in err's chain.
func FieldsOf(err error) []Field {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Fields
	}
	return nil
}

// MessageOf returns the Spanish message of the first *Error in err's chain, or "".
func MessageOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Message
	}
	return ""
}
