package election

// Order on the ballot: a nominator's seniority of registration, a coalition or
// candidatura común at the place of its oldest member, independents last
// (domain 0.3.12).

// independentsAfter is added to the registry order of independents so that they
// follow every party.
const independentsAfter = 100_000

// BallotOrder returns each nominator's place on the ballot, by id. Smaller comes
// first; two nominators may share a place (a party and a coalition it leads).
func BallotOrder(all []Nominator) map[int64]int {
	registry := make(map[int64]int, len(all))
	for _, n := range all {
		registry[n.ID] = n.RegistryOrder
	}
	order := make(map[int64]int, len(all))
	for _, n := range all {
		place := n.RegistryOrder
		if n.Kind == Independent {
			place += independentsAfter
		}
		for i, m := range n.Members {
			if o, ok := registry[m]; ok && (i == 0 || o < place) {
				place = o
			}
		}
		order[n.ID] = place
	}
	return order
}

// Place is where on the ballot a candidacy stands.
type Place struct {
	Office    Office
	Territory int // district number or place of the municipality in its catalogue; 0 for the whole state
	Nominator int // its BallotOrder
	Position  int
	Role      Role
}

// Rank turns a place into one number that sorts as the ballot does: office,
// territory, then position inside a list (everyone's first place before anyone's
// second would mix lists, so lists stay whole): nominator, position, role.
func (p Place) Rank() int64 {
	role := int64(0)
	if p.Role == Suplente {
		role = 1
	}
	return ((int64(p.Office.BallotOrder)*100_000+int64(min(p.Territory, 99_999)))*1_000_000+
		int64(min(p.Nominator, 999_999)))*100_000 +
		int64(min(p.Position, 49_999))*2 + role
}
