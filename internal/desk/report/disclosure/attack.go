package disclosure

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// Breach is something that an adversary learns from the printed figures.
type Breach struct {
	Cut   int    // of a cell; -1 of people
	Group string // whose
	What  string // for the engineer who reads a failed test
}

// class is people who show nothing and whom no figure tells apart: those of a group
// counted in the same cuts. The adversary's unknown is how many of them have the
// attribute.
type class struct {
	group string
	in    []bool
	n     int
}

// Attack returns what is learnt from the cells of all cuts together, by somebody
// who knows who was counted in each, what every page shows and, as one of those
// counted, their own answer. No breach means that no person has a single possible
// answer and no cell can be told within less than the range of the rules.
func Attack(rules Rules, people []Person, cuts [][]Cell) []Breach {
	classes, known := classify(people, len(cuts))
	if len(classes) == 0 {
		return nil
	}
	limits := constraints(classes, known, cuts)
	var out []Breach
	for i, c := range classes {
		aim := make([]float64, len(classes))
		aim[i] = 1
		low, high := extremes(classes, limits, aim)
		if b, ok := c.breach(low, high); ok {
			out = append(out, b)
		}
	}
	for t, cells := range cuts {
		for _, cell := range cells {
			aim, population := aimOf(classes, t, cell.Group)
			if population == 0 || cell.Held {
				continue
			}
			low, high := extremes(classes, limits, aim)
			if values := high - low + 1; values < min(rules.Range, population+1) {
				out = append(out, Breach{t, cell.Group, fmt.Sprintf("the figure is between %d and %d of %d", low, high, population)})
			}
		}
	}
	return out
}

// breach reports whether the people of a class are told by how many of them may
// have the attribute. One of them, who colludes, knows their own answer.
func (c class) breach(low, high int) (Breach, bool) {
	told := low == high
	if c.n > 1 {
		told = high < 2 || low > c.n-2
	}
	return Breach{-1, c.group, fmt.Sprintf("of %d people, between %d and %d have it", c.n, low, high)}, told
}

// classify puts people together, and counts in each cut and group those whose page
// shows that they have the attribute.
func classify(people []Person, cuts int) ([]class, []map[string]int) {
	known := make([]map[string]int, cuts)
	for t := range known {
		known[t] = map[string]int{}
	}
	found := map[string]*class{}
	for _, p := range people {
		if p.Known {
			for t, in := range p.In {
				if !in || !p.Yes {
					continue
				}
				known[t][""]++
				if p.Group != "" {
					known[t][p.Group]++
				}
			}
			continue
		}
		key := fmt.Sprint(p.Group, p.In)
		if found[key] == nil {
			found[key] = &class{group: p.Group, in: p.In}
		}
		found[key].n++
	}
	var out []class
	for _, key := range slices.Sorted(maps.Keys(found)) {
		out = append(out, *found[key])
	}
	return out, known
}

// constraints is what each printed cell says of how many have the attribute among
// those who show nothing.
func constraints(classes []class, known []map[string]int, cuts [][]Cell) []limit {
	var out []limit
	for t, cells := range cuts {
		for _, cell := range cells {
			if !cell.Printed || cell.Held {
				continue
			}
			sum, _ := aimOf(classes, t, cell.Group)
			shown := cell.Value - known[t][cell.Group]
			out = append(out, limit{sum, float64(shown - cell.Base/2), float64(shown + (cell.Base-1)/2)})
		}
	}
	return out
}

// aimOf returns the sum that a cell is, and over how many people.
func aimOf(classes []class, cut int, group string) (sum []float64, population int) {
	sum = make([]float64, len(classes))
	for i, c := range classes {
		if c.in[cut] && (group == "" || group == c.group) {
			sum[i] = 1
			population += c.n
		}
	}
	return sum, population
}

// extremes returns the fewest and the most that a sum of classes may be.
func extremes(classes []class, limits []limit, aim []float64) (low, high int) {
	most := make([]float64, len(classes))
	negated := make([]float64, len(aim))
	for i, c := range classes {
		most[i], negated[i] = float64(c.n), -aim[i]
	}
	const slack = 1e-6
	return int(math.Ceil(-maximize(negated, most, limits) - slack)), int(math.Floor(maximize(aim, most, limits) + slack))
}
