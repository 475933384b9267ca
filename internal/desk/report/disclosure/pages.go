package disclosure

import (
	"fmt"
	"maps"
	"slices"
)

// suppositions is the most combinations of what pages showed that are tried. With
// more, nothing can be said to be safe.
const suppositions = 64

// leaver is people who left and whose pages an adversary may have kept: those of a
// group, counted in the same cuts and shown at the same.
type leaver struct {
	group     string
	in, shown []bool
	n         int
}

// told is how many said Sí in each cut and group, as classify counts them.
type told []map[string]int

// supposed returns what the pages of those who left may have shown, all of it that
// agrees with what the cuts kept. It is false when there is too much to try.
func supposed(people []Person, kept []Memory) ([]told, bool) {
	leavers, cuts := leaversOf(people)
	if len(leavers) == 0 {
		return []told{nil}, true
	}
	all, few := combinations(leavers, cuts, remembered(leavers, kept))
	if few && len(all) == 0 { // what was kept is of other people: it may be anything
		all, few = combinations(leavers, cuts, nil)
	}
	return all, few
}

func leaversOf(people []Person) ([]leaver, int) {
	found := map[string]*leaver{}
	cuts := 0
	for _, p := range people {
		if p.Shown == nil {
			continue
		}
		cuts = len(p.In)
		key := fmt.Sprint(p.Group, p.In, p.Shown)
		if found[key] == nil {
			found[key] = &leaver{group: p.Group, in: p.In, shown: p.Shown}
		}
		found[key].n++
	}
	var out []leaver
	for _, key := range slices.Sorted(maps.Keys(found)) {
		out = append(out, *found[key])
	}
	return out, cuts
}

// shownAt names the people of a group whose page showed their answers at a cut.
type shownAt struct {
	cut   int
	group string
}

// remembered is how many of those who left said Sí, where a cut kept it: never more
// than they are.
func remembered(leavers []leaver, kept []Memory) map[shownAt]int {
	most, out := map[shownAt]int{}, map[shownAt]int{}
	for _, l := range leavers {
		for t := range l.in {
			if l.in[t] && l.shown[t] {
				most[shownAt{t, l.group}] += l.n
			}
		}
	}
	for at := range most {
		out[at] = 0
	}
	for _, m := range kept {
		at := shownAt{m.Cut, m.Group}
		out[at] = max(0, min(m.Yes, most[at]))
	}
	return out
}

// combinations returns each way in which those who left may have answered, that
// adds up to what is remembered.
func combinations(leavers []leaver, cuts int, remembered map[shownAt]int) ([]told, bool) {
	var out []told
	var choose func(i int, yes []int) bool
	choose = func(i int, yes []int) bool {
		if i == len(leavers) {
			if agree(leavers, yes, remembered) {
				out = append(out, tell(leavers, cuts, yes))
			}
			return len(out) <= suppositions
		}
		for n := range leavers[i].n + 1 {
			if !within(leavers[:i+1], append(yes, n), remembered) {
				break
			}
			if !choose(i+1, append(yes, n)) {
				return false
			}
		}
		return true
	}
	few := choose(0, make([]int, 0, len(leavers)))
	return out, few
}

// within reports whether what was chosen so far is not yet too much.
func within(leavers []leaver, yes []int, remembered map[shownAt]int) bool {
	for at, n := range sums(leavers, yes) {
		if most, ok := remembered[at]; ok && n > most {
			return false
		}
	}
	return true
}

func agree(leavers []leaver, yes []int, remembered map[shownAt]int) bool {
	found := sums(leavers, yes)
	for at, n := range remembered {
		if found[at] != n {
			return false
		}
	}
	return true
}

// sums adds who said Sí by where their page showed it.
func sums(leavers []leaver, yes []int) map[shownAt]int {
	out := map[shownAt]int{}
	for i, l := range leavers {
		for t := range l.in {
			if l.in[t] && l.shown[t] {
				out[shownAt{t, l.group}] += yes[i]
			}
		}
	}
	return out
}

func tell(leavers []leaver, cuts int, yes []int) told {
	out := make(told, cuts)
	for t := range out {
		out[t] = map[string]int{}
	}
	for i, l := range leavers {
		for t, in := range l.in {
			if in {
				out[t][""] += yes[i]
				out[t][l.group] += yes[i]
			}
		}
	}
	return out
}

// add returns both together.
func add(known []map[string]int, more told) []map[string]int {
	if more == nil {
		return known
	}
	out := make([]map[string]int, len(known))
	for t := range known {
		out[t] = maps.Clone(known[t])
		for group, n := range more[t] {
			out[t][group] += n
		}
	}
	return out
}
