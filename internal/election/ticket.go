package election

// Candidacy is a person in a position with a role, as far as the contest needs
// to know: who is paired with whom and in which order.
type Candidacy struct {
	ID             int64
	OfficeID       int64
	DistrictID     int64 // 0 when the office is not voted by district
	MunicipalityID int64
	NominatorID    int64
	Position       int
	Role           Role
	Sex            Sex
}

// Seat is what a ticket stands for: both of its members share it.
type Seat struct {
	OfficeID       int64
	DistrictID     int64
	MunicipalityID int64
	NominatorID    int64
	Position       int
}

// Seat returns the seat the candidacy stands for.
func (c Candidacy) Seat() Seat {
	return Seat{c.OfficeID, c.DistrictID, c.MunicipalityID, c.NominatorID, c.Position}
}

// Ticket is a fórmula: who holds the office and who stands in for them. Either
// may be missing from a list.
type Ticket struct {
	Seat        Seat
	Propietaria *Candidacy
	Suplente    *Candidacy
}

// MixedSexes reports whether the ticket pairs persons of different sex. The
// system warns and never blocks: registration is not its power.
func (t Ticket) MixedSexes() bool {
	return t.Propietaria != nil && t.Suplente != nil && t.Propietaria.Sex != t.Suplente.Sex
}

// Tickets pairs candidacies by seat, in the order in which seats first appear.
func Tickets(all []Candidacy) []Ticket {
	at := map[Seat]int{}
	var out []Ticket
	for i := range all {
		c := &all[i]
		n, ok := at[c.Seat()]
		if !ok {
			n = len(out)
			at[c.Seat()] = n
			out = append(out, Ticket{Seat: c.Seat()})
		}
		if c.Role == Suplente {
			out[n].Suplente = c
		} else {
			out[n].Propietaria = c
		}
	}
	return out
}

// Slate is a planilla or a list: the tickets of one nominator that are voted
// together, those of one municipality's ayuntamiento or of one list.
type Slate struct {
	NominatorID    int64
	MunicipalityID int64
	DistrictID     int64
	Tickets        []Ticket
}

// Slates groups tickets by nominator and territory, in the order in which they
// first appear.
func Slates(tickets []Ticket) []Slate {
	type key struct{ nominator, municipality, district int64 }
	at := map[key]int{}
	var out []Slate
	for _, t := range tickets {
		k := key{t.Seat.NominatorID, t.Seat.MunicipalityID, t.Seat.DistrictID}
		n, ok := at[k]
		if !ok {
			n = len(out)
			at[k] = n
			out = append(out, Slate{NominatorID: k.nominator, MunicipalityID: k.municipality, DistrictID: k.district})
		}
		out[n].Tickets = append(out[n].Tickets, t)
	}
	return out
}
