package capture

import (
	"conoceles/internal/election"
	"conoceles/web/es"
)

// Place says what the person stands for and where, as lists show it:
// «Diputación local · Distrito 05», «Regiduría 1 · Jojutla».
func (c Candidacy) Place() string {
	office := c.Office
	if c.Listed {
		office += " " + es.Int(c.Position)
	}
	switch {
	case c.Ambit == election.InDistrict && c.District > 0:
		return office + " · " + es.District(c.District)
	case c.Municipality != "":
		return office + " · " + c.Municipality
	}
	return office
}

// Seat is Place with the calidad, which agrees with the registered sex.
func (c Candidacy) Seat() string {
	return c.Place() + ", " + es.Quality(string(c.Sex), string(c.Role))
}
