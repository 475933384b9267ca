package site

import (
	"context"

	"conoceles/internal/db"
	"conoceles/internal/election"
)

// Overview is how many candidacies a contest has over the whole process.
type Overview struct {
	Offices   []election.Office // several for ayuntamientos, which are voted whole
	Persons   int
	Published int // persons with a public questionnaire
	Seats     int // fórmulas
	Places    int // districts or municipalities
	Lists     int // nominators
}

// Ambit is the territory of the contest.
func (o Overview) Ambit() election.Ambit { return o.Offices[0].Ambit }

// Overview counts the candidacies of a process by contest, in ballot order.
// Offices for which nobody stands are not in it.
func (s *Store) Overview(ctx context.Context, p Process, c *Catalog) ([]Overview, error) {
	type row struct {
		Contest                                  int64
		Persons, Published, Seats, Places, Lists int
	}
	const sql = `
SELECT CASE WHEN o.ambit = 'municipio' THEN 0 ELSE o.id END AS contest, count(*)::int AS persons,
  (count(*) FILTER (WHERE c.state = 'publicada'))::int AS published,
  count(DISTINCT (c.office_id, c.state_id, c.district_id, c.municipality_id, c.nominator_id, c.position))::int AS seats,
  count(DISTINCT COALESCE(c.district_id, c.municipality_id))::int AS places, count(DISTINCT c.nominator_id)::int AS lists
FROM site.candidacies c JOIN site.offices o ON o.id = c.office_id
WHERE c.process_id = $1 GROUP BY 1`
	rows, err := list[row](ctx, s.q, sql, p.ID)
	if err != nil {
		return nil, db.Fault(err)
	}
	counted := map[int64]row{}
	for _, r := range rows {
		counted[r.Contest] = r
	}
	var out []Overview
	council := -1
	for _, o := range c.Offices {
		contest := o.ID
		if o.Ambit == election.InMunicipality {
			contest = 0
		}
		r, ok := counted[contest]
		switch {
		case !ok:
		case contest == 0 && council >= 0:
			out[council].Offices = append(out[council].Offices, o)
		default:
			if contest == 0 {
				council = len(out)
			}
			out = append(out, Overview{[]election.Office{o}, r.Persons, r.Published, r.Seats, r.Places, r.Lists})
		}
	}
	return out, nil
}
