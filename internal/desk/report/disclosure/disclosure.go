// Package disclosure decides which figures of identity may be told in public, and
// attacks its own decision before anybody else can (security.md 2.6).
//
// The population is complete, enumerated and named: whoever authorised it shows
// their answers on their page. So what a figure discloses is what it leaves when
// those are taken away. Protect prints a figure only if enough people who show
// nothing are in it, and enough are out of it; it rounds what it prints; and it
// does not print a new figure when so few people changed since an earlier cut that
// the difference would speak of them. Then Attack, which knows everything an
// adversary could (who was counted in each cut, what every page shows or showed,
// every figure printed before) and reasons with linear programming, looks for a person
// with a single possible answer or a figure that can be guessed. While it finds
// one, another figure is hidden. What cannot be made safe is not told.
//
//	people, earlier cuts ──primary rules──> cells ──Attack──> safe? print : hide one more
//
// It is pure: it holds no name, and answers live only for as long as the call.
package disclosure

import (
	"cmp"
	"slices"
)

// Rules are the thresholds, which are parameters of the process.
type Rules struct {
	Residual   int // fewest people who show nothing, in a figure and out of it
	Population int // fewest people who show nothing, in all
	Rounding   int // base; 1 is none
	Range      int // fewest values that a figure may have for who attacks it
}

// Person is somebody who was counted in some cut, as far as one attribute goes.
// Somebody who answered again between two cuts is two of them.
type Person struct {
	Group string
	In    []bool // in which cuts they were counted, the present one last
	Known bool   // their page shows their answers
	Yes   bool   // they have the attribute; of somebody unknown and not counted now, it is not used
	// Shown is of somebody who left and whose page some day showed their answers: at
	// which cuts it did, in the middle of two of them at none. Whoever kept the page
	// knows what nobody here may read any more.
	Shown []bool
}

// Memory is how many of a group said Sí, of those who left since and whose page
// showed their answers at a cut: what a cut keeps of them.
type Memory struct {
	Cut   int
	Group string
	Yes   int
}

// hidden reports whether nobody else knows what they answered.
func (p Person) hidden() bool { return !p.Known && p.Shown == nil }

// now reports whether they are counted in the present cut.
func (p Person) now() bool { return p.In[len(p.In)-1] }

// Cell is a figure of the attribute: of a group, or of everybody ("").
type Cell struct {
	Group   string
	Printed bool
	Value   int  // as it is printed
	Base    int  // of its rounding; 1 is exact
	Held    bool // it is that of an earlier cut: too few changed since
}

// Round returns n to the nearest multiple of base.
func Round(n, base int) int { return (n + base/2) / base * base }

// Protect returns the cells of the present cut: that of everybody first, then one
// for each group. earlier are the cells printed in each of the cuts before.
func Protect(rules Rules, groups []string, people []Person, earlier [][]Cell, kept ...Memory) []Cell {
	if held := hold(rules, groups, people, earlier); held != nil {
		return held
	}
	cells := primary(rules, groups, people)
	if !cells[0].Printed {
		return nothing(groups)
	}
	for len(Attack(rules, people, append(slices.Clone(earlier), cells), kept...)) > 0 {
		if !hideOne(cells) {
			return nothing(groups)
		}
	}
	return cells
}

// nothing returns the cells when nothing may be told.
func nothing(groups []string) []Cell {
	cells := []Cell{{}}
	for _, g := range groups {
		cells = append(cells, Cell{Group: g})
	}
	return cells
}

// hold returns the cells of the last cut that printed something, when few people
// changed since: a new figure beside the old one would speak of them. It looks at
// who is counted and never at what they answered, so that holding tells nothing.
func hold(rules Rules, groups []string, people []Person, earlier [][]Cell) []Cell {
	for t, cells := range slices.Backward(earlier) {
		if len(cells) == 0 || !cells[0].Printed {
			continue
		}
		changed := 0
		for _, p := range people {
			if p.hidden() && p.now() != p.In[t] {
				changed++
			}
		}
		if changed == 0 || changed >= rules.Residual {
			return nil
		}
		held := nothing(groups)
		for i := range held {
			for _, c := range cells {
				if c.Group == held[i].Group && c.Printed {
					held[i] = Cell{Group: c.Group, Printed: true, Value: c.Value, Base: c.Base, Held: true}
				}
			}
		}
		return held
	}
	return nil
}

// primary applies the thresholds to each cell by itself.
func primary(rules Rules, groups []string, people []Person) []Cell {
	cells := nothing(groups)
	base := max(rules.Rounding, 1)
	for i := range cells {
		hidden, hiddenYes, yes := 0, 0, 0
		for _, p := range people {
			if !p.now() || cells[i].Group != "" && p.Group != cells[i].Group {
				continue
			}
			if p.Yes {
				yes++
			}
			if p.hidden() {
				hidden++
				if p.Yes {
					hiddenYes++
				}
			}
		}
		if hidden >= rules.Population && hiddenYes >= rules.Residual && hidden-hiddenYes >= rules.Residual {
			cells[i].Printed, cells[i].Base, cells[i].Value = true, base, Round(yes, base)
		}
	}
	return cells
}

// hideOne hides the smallest cell of a group that is printed or, with none left,
// that of everybody. It returns false when there was nothing to hide.
func hideOne(cells []Cell) bool {
	smallest := -1
	for i, c := range cells[1:] {
		if c.Printed && (smallest < 0 || cmp.Compare(c.Value, cells[smallest].Value) < 0) {
			smallest = i + 1
		}
	}
	if smallest < 0 {
		if !cells[0].Printed {
			return false
		}
		smallest = 0
	}
	cells[smallest] = Cell{Group: cells[smallest].Group}
	return true
}
