package site

import (
	"slices"

	"conoceles/internal/election"
)

// Office returns the office with that id; the zero value when there is none.
func (c *Catalog) Office(id int64) election.Office { return orZero(c.offices[id]) }

// Nominator returns the nominator with that id; the zero value when there is none.
func (c *Catalog) Nominator(id int64) Nominator { return orZero(c.nominators[id]) }

// District returns the district with that id; the zero value when there is none.
func (c *Catalog) District(id int64) District { return orZero(c.districts[id]) }

// Municipality returns the municipality with that id; the zero value when there
// is none.
func (c *Catalog) Municipality(id int64) Municipality { return orZero(c.municipalities[id]) }

// State returns the state with that id; the zero value when there is none.
func (c *Catalog) State(id int64) State { return orZero(c.states[id]) }

// StateOf returns the name of the state of a candidacy, through its place when
// the candidacy itself does not say; where there is one state, that one.
func (c *Catalog) StateOf(k Card) string {
	id := k.StateID
	if id == 0 {
		id = c.District(k.DistrictID).StateID
	}
	if id == 0 {
		id = c.Municipality(k.MunicipalityID).StateID
	}
	if id == 0 && len(c.States) == 1 {
		id = c.States[0].ID
	}
	return c.State(id).Name
}

// ManyStates reports whether places need their state to be told apart.
func (c *Catalog) ManyStates() bool { return len(c.States) > 1 }

// OfficeByKey returns the office with that key in addresses.
func (c *Catalog) OfficeByKey(key string) (election.Office, bool) {
	return first(c.Offices, func(o election.Office) bool { return o.Key == key })
}

// DistrictByKey returns the district with that key in addresses.
func (c *Catalog) DistrictByKey(key string) (District, bool) {
	return first(c.Districts, func(d District) bool { return d.Key == key })
}

// MunicipalityByKey returns the municipality with that key in addresses.
func (c *Catalog) MunicipalityByKey(key string) (Municipality, bool) {
	return first(c.Municipalities, func(m Municipality) bool { return m.Key == key })
}

// NominatorsBySlug returns the nominators with that name in addresses: several
// when their names differ by a stop or an accent.
func (c *Catalog) NominatorsBySlug(slug string) []Nominator {
	var out []Nominator
	for _, n := range c.Nominators {
		if n.Slug == slug {
			out = append(out, n)
		}
	}
	return out
}

func first[T any](all []T, is func(T) bool) (T, bool) {
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], true
	}
	var zero T
	return zero, false
}
