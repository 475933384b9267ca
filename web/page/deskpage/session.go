package deskpage

import (
	"time"

	"conoceles/web/component"
	"conoceles/web/layout"
)

// Login is the page to enter: what was typed comes back, but the password.
type Login struct {
	Meta   layout.Meta
	Area   layout.Area
	Email  string
	Return string // where to go afterwards
	Errors []component.FieldError
}

func (l Login) emailError() string {
	if len(l.Errors) > 0 {
		return l.Errors[0].Message
	}
	return ""
}

// Account is a person's own account.
type Account struct {
	Meta    layout.Meta
	Area    layout.Area
	Flash   string
	Name    string
	Email   string
	Role    string
	Process string
	Ends    time.Time // of the session, if nothing more is asked
}
