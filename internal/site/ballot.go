package site

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/election"
)

// Ballot is everything that one voter votes for, and everyone on it.
type Ballot struct {
	Municipality Municipality
	District     District
	Contests     []Contest
}

// Contest is one ballot paper. An ayuntamiento is voted whole, so its offices
// share a contest.
type Contest struct {
	Offices []election.Office
	Slates  []Slate // in ballot order
	Persons int
}

// Ambit is the territory of the contest.
func (k Contest) Ambit() election.Ambit { return k.Offices[0].Ambit }

// Slate is what one nominator puts forward in a contest: one fórmula, a list or
// a planilla.
type Slate struct {
	NominatorID int64
	Tickets     []Ticket
}

// Ticket is a fórmula. Either member may be missing.
type Ticket struct {
	OfficeID    int64
	Position    int
	Propietaria *Card
	Suplente    *Card
}

// Precinct returns where the voters of a sección vote. A number that is not in
// the catalogue is NotFound.
func (s *Store) Precinct(ctx context.Context, p Process, c *Catalog, number int) (Municipality, District, error) {
	const sql = `SELECT municipality_id, district_id FROM site.precincts WHERE process_id = $1 AND number = $2`
	var municipality, district int64
	if err := s.q.QueryRow(ctx, sql, p.ID, number).Scan(&municipality, &district); err != nil {
		return Municipality{}, District{}, db.Fault(err)
	}
	return c.Municipality(municipality), c.District(district), nil
}

// DistrictPart is the part of a municipality that votes in a district.
type DistrictPart struct {
	District
	Precincts int
	First     int // lowest and highest sección, to recognise it
	Last      int
}

// DistrictsOf returns the districts in which a municipality votes, by number.
func (s *Store) DistrictsOf(ctx context.Context, p Process, c *Catalog, m Municipality) ([]DistrictPart, error) {
	const sql = `
SELECT x.district_id, count(*)::int, min(x.number), max(x.number) FROM site.precincts x JOIN site.districts d ON d.id = x.district_id
WHERE x.process_id = $1 AND x.municipality_id = $2 GROUP BY x.district_id, d.number ORDER BY d.number`
	rows, err := s.q.Query(ctx, sql, p.ID, m.ID)
	if err != nil {
		return nil, db.Fault(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (DistrictPart, error) {
		var id int64
		var part DistrictPart
		err := row.Scan(&id, &part.Precincts, &part.First, &part.Last)
		part.District = c.District(id)
		return part, err
	})
	return out, db.Fault(err)
}

// Ballot returns the ballot of who votes in a municipality and a district. A
// zero district leaves out what is voted by district.
func (s *Store) Ballot(ctx context.Context, p Process, c *Catalog, m Municipality, d District) (Ballot, error) {
	const sql = `
SELECT ` + cardColumns + `, ` + noExcerpt + `
FROM site.candidacies c JOIN site.offices o ON o.id = c.office_id
WHERE c.process_id = $1 AND CASE o.ambit
  WHEN 'distrito' THEN c.district_id = $2
  WHEN 'municipio' THEN c.municipality_id = $3
  ELSE COALESCE(c.state_id, $4) = $4 END
ORDER BY c.ballot_rank, c.id`
	cards, err := list[Card](ctx, s.q, sql, p.ID, d.ID, m.ID, m.StateID)
	if err != nil {
		return Ballot{}, db.Fault(fmt.Errorf("read a ballot: %w", err))
	}
	return Ballot{Municipality: m, District: d, Contests: contests(c, m, d, cards)}, nil
}

// contests groups cards, in ballot order, into contests, slates and tickets. A
// contest that the voter has and nobody stands for is there, empty.
func contests(c *Catalog, m Municipality, d District, cards []Card) []Contest {
	var out []Contest
	at := map[int64]int{} // by office
	council := -1
	for _, o := range c.Offices {
		switch {
		case o.Ambit == election.InDistrict && d.ID == 0, o.Ambit == election.InMunicipality && !m.ByParties:
			continue
		case o.Ambit == election.InMunicipality && council >= 0:
			out[council].Offices = append(out[council].Offices, o)
			at[o.ID] = council
			continue
		case o.Ambit == election.InMunicipality:
			council = len(out)
		}
		at[o.ID] = len(out)
		out = append(out, Contest{Offices: []election.Office{o}})
	}
	for i := range cards {
		if n, ok := at[cards[i].OfficeID]; ok {
			out[n].place(&cards[i])
		}
	}
	return out
}

// place puts a card in its slate and ticket.
func (k *Contest) place(card *Card) {
	k.Persons++
	slate := -1
	for i := range k.Slates {
		if k.Slates[i].NominatorID == card.NominatorID {
			slate = i
		}
	}
	if slate < 0 {
		slate = len(k.Slates)
		k.Slates = append(k.Slates, Slate{NominatorID: card.NominatorID})
	}
	k.Slates[slate].place(card)
}

// place pairs a card with the other member of its ticket. Two persons on one
// place of a historical file stand in two tickets.
func (s *Slate) place(card *Card) {
	for i := range s.Tickets {
		t := &s.Tickets[i]
		if t.OfficeID != card.OfficeID || t.Position != card.Position {
			continue
		}
		if free := t.seat(card.Role); *free == nil {
			*free = card
			return
		}
	}
	t := Ticket{OfficeID: card.OfficeID, Position: card.Position}
	*t.seat(card.Role) = card
	s.Tickets = append(s.Tickets, t)
}

func (t *Ticket) seat(r election.Role) **Card {
	if r == election.Suplente {
		return &t.Suplente
	}
	return &t.Propietaria
}
