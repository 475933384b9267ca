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
// who knows who was counted in each, what every page shows or showed some day and,
// as one of those counted, their own answer. No breach means that no person has a
// single possible answer and no cell can be told within less than the range of the
// rules.
//
// What those who left showed is known to the adversary and not here: the attack is
// made with everything that it may have been, and has to fail each time.
func Attack(rules Rules, people []Person, cuts [][]Cell, kept ...Memory) []Breach {
	classes, known := classify(people, len(cuts))
	if len(classes) == 0 {
		return nil
	}
	pages, few := supposed(people, kept)
	if !few {
		return []Breach{{-1, "", "too many left after showing their answers: what a page showed may be anything"}}
	}
	var out []Breach
	possible := false
	for _, told := range pages {
		limits := constraints(classes, add(known, told), cuts)
		if _, ok := maximize(make([]float64, len(classes)), mostOf(classes), limits); !ok {
			continue // nobody saw that: the figures say otherwise
		}
		possible = true
		if out = append(out, learn(rules, classes, limits, cuts)...); len(out) > 0 {
			return out
		}
	}
	if !possible {
		out = append(out, Breach{-1, "", "the figures are not of these people"})
	}
	return out
}

// learn returns what is learnt by somebody who knows all that pages showed.
func learn(rules Rules, classes []class, limits []limit, cuts [][]Cell) []Breach {
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
		if p.Shown != nil {
			continue
		}
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
	negated := make([]float64, len(aim))
	for i := range aim {
		negated[i] = -aim[i]
	}
	const slack = 1e-6
	most := mostOf(classes)
	least, _ := maximize(negated, most, limits)
	greatest, _ := maximize(aim, most, limits)
	return int(math.Ceil(-least - slack)), int(math.Floor(greatest + slack))
}

// mostOf returns the most that each class may be.
func mostOf(classes []class) []float64 {
	most := make([]float64, len(classes))
	for i, c := range classes {
		most[i] = float64(c.n)
	}
	return most
}
