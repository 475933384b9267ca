package site

import (
	"slices"

	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

// Dimension is something by which candidacies are counted. Those that a search
// can filter by have the name of their parameter, and the values of their groups
// are those of the address: a figure and its list can only agree.
type Dimension string

// The dimensions.
const (
	ByOffice       Dimension = ParamOffice
	ByNominator    Dimension = ParamNominator
	ByDistrict     Dimension = ParamDistrict
	ByMunicipality Dimension = ParamMunicipality
	BySex          Dimension = ParamSex
	ByAge          Dimension = ParamAge
	ByDegree       Dimension = ParamDegree
	ByAction       Dimension = ParamAction // a person may be in several groups, or in none
	ByStatus       Dimension = "estatus"
	ByRole         Dimension = "calidad"
)

// dimension says in which groups a candidacy is, and in which order they go.
type dimension struct {
	name   Dimension
	values func(*Catalog, *fact) []string
	order  func(*Catalog) []string
	also   func(*Catalog, *fact) string // a group whose list has it, though it is counted elsewhere
}

// only is the values of who is in one group.
func only(value func(*Catalog, *fact) string) func(*Catalog, *fact) []string {
	return func(c *Catalog, f *fact) []string { return []string{value(c, f)} }
}

var dimensions = []dimension{
	{
		name:   ByOffice,
		values: only(func(c *Catalog, f *fact) string { return c.Office(f.OfficeID).Key }),
		order:  func(c *Catalog) []string { return keys(c.Offices, func(o election.Office) string { return o.Key }) },
	},
	{
		name:   ByNominator,
		values: only(func(c *Catalog, f *fact) string { return c.Nominator(f.NominatorID).Slug }),
		order:  func(c *Catalog) []string { return keys(c.Nominators, func(n Nominator) string { return n.Slug }) },
		also: func(c *Catalog, f *fact) string {
			if siglado := c.Nominator(f.SigladoID).Slug; siglado != c.Nominator(f.NominatorID).Slug {
				return siglado
			}
			return ""
		},
	},
	{
		name:   ByDistrict,
		values: only(func(c *Catalog, f *fact) string { return c.District(f.DistrictID).Key }),
		order:  func(c *Catalog) []string { return keys(c.Districts, func(d District) string { return d.Key }) },
	},
	{
		name:   ByMunicipality,
		values: only(func(c *Catalog, f *fact) string { return c.Municipality(f.MunicipalityID).Key }),
		order:  func(c *Catalog) []string { return keys(c.Municipalities, func(m Municipality) string { return m.Key }) },
	},
	{
		name:   BySex,
		values: only(func(_ *Catalog, f *fact) string { return string(f.Sex) }),
		order:  func(c *Catalog) []string { return keys(c.Sexes, func(s election.Sex) string { return string(s) }) },
	},
	{
		name:   ByAge,
		values: only(func(_ *Catalog, f *fact) string { return bandOf(f.Age) }),
		order: func(*Catalog) []string {
			return keys(election.AgeBands(), func(b election.AgeBand) string { return b.Key })
		},
	},
	{
		name:   ByDegree,
		values: only(func(_ *Catalog, f *fact) string { return f.Degree }),
		order: func(c *Catalog) []string {
			return keys(c.Degrees, func(o questionnaire.Option) string { return o.Value })
		},
	},
	{
		name:   ByStatus,
		values: only(func(_ *Catalog, f *fact) string { return f.DegreeStatus }),
		order: func(c *Catalog) []string {
			q, _ := c.Curricular.Question(questionnaire.DegreeStatus)
			return keys(q.Options, func(o questionnaire.Option) string { return o.Value })
		},
	},
	{
		name:   ByRole,
		values: only(func(_ *Catalog, f *fact) string { return string(f.Role) }),
		order:  func(*Catalog) []string { return []string{string(election.Propietaria), string(election.Suplente)} },
	},
	{
		name:   ByAction,
		values: func(_ *Catalog, f *fact) []string { return f.AffirmativeActions },
		order: func(c *Catalog) []string {
			return keys(c.Actions, func(a election.AffirmativeAction) string { return string(a) })
		},
	},
}

// Dimensions lists them all.
func Dimensions() []Dimension { return keys(dimensions, func(d dimension) Dimension { return d.name }) }

// Search returns the query that lists the candidacies with that value; false when
// no search tells them apart.
func (d Dimension) Search(value string) (Query, bool) {
	i := slices.IndexFunc(filters, func(f filter) bool { return f.name == string(d) })
	if i < 0 || value == "" {
		return Query{}, false
	}
	var q Query
	*filters[i].field(&q) = value
	return q, true
}

// bandOf is the range of an age; "" of an age that is not known or is in none.
func bandOf(age int) string {
	for _, b := range election.AgeBands() {
		if age >= b.From && (age <= b.To || b.To == 0) {
			return b.Key
		}
	}
	return ""
}

func keys[T any, K any](all []T, key func(T) K) []K {
	out := make([]K, len(all))
	for i, v := range all {
		out[i] = key(v)
	}
	return out
}
