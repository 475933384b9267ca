package deskpage

import (
	"time"

	"conoceles/web/component"
	"conoceles/web/layout"
)

// Withdrawal is a consent that somebody takes back by the link they were sent.
type Withdrawal struct {
	Meta      layout.Meta
	Name      string
	Office    string
	Place     string
	Nominator string
	Folio     string
	At        time.Time // when it was taken back
}

// facts say whose consent it is.
func (w Withdrawal) facts() []component.Fact {
	facts := []component.Fact{{Term: "Persona candidata", Value: w.Name}, {Term: "Cargo", Value: w.Office}}
	if w.Place != "" {
		facts = append(facts, component.Fact{Term: "Lugar", Value: w.Place})
	}
	return append(facts, component.Fact{Term: "Postula", Value: w.Nominator}, component.Fact{Term: "Folio", Value: w.Folio})
}

// transparency names who withdraws for those who come in person.
func (w Withdrawal) transparency() string {
	if w.Meta.Site.Institute == "" {
		return "la Unidad de Transparencia del Instituto"
	}
	return "la Unidad de Transparencia del " + w.Meta.Site.Institute
}
