package disclosure

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var rules = Rules{Residual: 10, Population: 30, Rounding: 5, Range: 5}

// crowd is how many people of a group: those who show nothing, with and without
// the attribute, and those whose page shows that they have it.
type crowd struct {
	group              string
	yes, no, shown, in int // in: which of cuts, as bits; 0 is all of them
}

func people(cuts int, crowds ...crowd) []Person {
	var out []Person
	for _, c := range crowds {
		in := make([]bool, cuts)
		for t := range in {
			in[t] = c.in == 0 || c.in&(1<<t) != 0
		}
		for range c.yes {
			out = append(out, Person{Group: c.group, In: in, Yes: true})
		}
		for range c.no {
			out = append(out, Person{Group: c.group, In: in})
		}
		for range c.shown {
			out = append(out, Person{Group: c.group, In: in, Known: true, Yes: true})
		}
	}
	return out
}

func TestMaximizeFindsTheCorner(t *testing.T) {
	tests := []struct {
		name   string
		aim    []float64
		most   []float64
		limits []limit
		want   float64
	}{
		{"only bounds", []float64{1, 1}, []float64{3, 4}, nil, 7},
		{"a sum", []float64{1, 1}, []float64{3, 4}, []limit{{[]float64{1, 1}, 2, 5}}, 5},
		{"the least of a sum", []float64{-1, -1}, []float64{3, 4}, []limit{{[]float64{1, 1}, 2, 5}}, -2},
		{"what the others force", []float64{-1, 0}, []float64{9, 4}, []limit{{[]float64{1, 1}, 10, 10}}, -6},
		{"two sums", []float64{1, 0, 0}, []float64{9, 9, 9}, []limit{{[]float64{1, 1, 0}, 5, 5}, {[]float64{0, 1, 1}, 8, 8}, {[]float64{0, 0, 1}, 6, 6}}, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := maximize(tt.aim, tt.most, tt.limits); !ok || got < tt.want-1e-6 || got > tt.want+1e-6 {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestTheAttackBreaksWhatIsNotProtected(t *testing.T) {
	all := people(1, crowd{group: "a", yes: 40, no: 100}, crowd{group: "b", yes: 30, no: 90}, crowd{group: "c", yes: 1, no: 40, shown: 3})
	exact := func(group string, n int) Cell { return Cell{Group: group, Printed: true, Value: n, Base: 1} }
	tests := []struct {
		name  string
		cells []Cell
	}{
		{"unsuppressed", []Cell{exact("", 74), exact("a", 40), exact("b", 30), exact("c", 4)}},
		{"primary only: the total gives the one that is hidden", []Cell{exact("", 74), exact("a", 40), exact("b", 30), {Group: "c"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if len(Attack(rules, all, [][]Cell{tt.cells})) == 0 {
				t.Error("the attack found nothing")
			}
		})
	}
	got := Protect(rules, []string{"a", "b", "c"}, all, nil)
	if broken := Attack(rules, all, [][]Cell{got}); len(broken) != 0 {
		t.Errorf("the attack breaks what was protected: %v", broken)
	}
	if !got[0].Printed || got[3].Printed {
		t.Errorf("got %+v, want the figure of everybody and not that of c", got)
	}
}

// Rounded, the only hidden group still is what the others leave of the total.
func TestRoundingAloneIsNotEnough(t *testing.T) {
	all := people(1, crowd{group: "a", yes: 42, no: 100}, crowd{group: "b", yes: 2, no: 40})
	cells := []Cell{{Printed: true, Value: 45, Base: 5}, {Group: "a", Printed: true, Value: 40, Base: 5}, {Group: "b"}}
	if got := Attack(Rules{Residual: 10, Population: 30, Rounding: 5, Range: 10}, all, [][]Cell{cells}); len(got) == 0 {
		t.Error("a range of nine values passed as ten")
	}
}

func TestOneMorePersonIsNotTold(t *testing.T) {
	// 12 rounds to 10 and 13 to 15: with one known to have entered, the figures of
	// both cuts say what they answered.
	before := crowd{group: "a", yes: 12, no: 60}
	now := people(2, before, crowd{group: "a", yes: 1, in: 2})
	first := Protect(rules, []string{"a"}, people(1, before), nil)
	if !first[0].Printed || first[0].Value != 10 {
		t.Fatalf("the first cut printed %+v", first[0])
	}
	if len(Attack(rules, now, [][]Cell{first, {{Printed: true, Value: 15, Base: 5}}})) == 0 {
		t.Error("the attack does not see who entered between two cuts")
	}
	got := Protect(rules, []string{"a"}, now, [][]Cell{first})
	if want := (Cell{Printed: true, Value: 10, Base: 5, Held: true}); got[0] != want {
		t.Errorf("got %+v, want %+v", got[0], want)
	}
}

func TestWhatProtectPrintsIsTheCount(t *testing.T) {
	tests := []struct {
		name string
		of   crowd
		want Cell
	}{
		{"enough in and out", crowd{yes: 41, no: 270}, Cell{Printed: true, Value: 40, Base: 5}},
		{"named people are in the count", crowd{yes: 20, no: 270, shown: 23}, Cell{Printed: true, Value: 45, Base: 5}},
		{"few without a badge", crowd{yes: 9, no: 270, shown: 50}, Cell{}},
		{"nobody without a badge: it would tell that nobody else is", crowd{no: 270, shown: 50}, Cell{}},
		{"nearly everybody", crowd{yes: 270, no: 9}, Cell{}},
		{"a small population", crowd{yes: 14, no: 15}, Cell{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Protect(rules, nil, people(1, tt.of), nil); got[0] != tt.want {
				t.Errorf("got %+v, want %+v", got[0], tt.want)
			}
		})
	}
}

// Whatever people answer and whoever enters and leaves between three cuts, the
// attack on all that was printed finds nothing.
func TestNoSequenceOfCutsIsBroken(t *testing.T) {
	groups := []string{"a", "b", "c"}
	printedSome := 0
	rapid.Check(t, func(t *rapid.T) {
		all := history(rapid.Uint64().Draw(t, "seed"), groups, 3)
		var printed [][]Cell
		for cut := range 3 {
			cells := Protect(rules, groups, until(all, cut+1), printed)
			printed = append(printed, cells)
			if got := Attack(rules, until(all, cut+1), printed); len(got) != 0 {
				t.Fatalf("after cut %d: %v", cut+1, got)
			}
			if cells[0].Printed && !cells[0].Held {
				printedSome++
			}
		}
	})
	if printedSome == 0 {
		t.Error("nothing was ever printed: the property says nothing")
	}
}

// Whoever kept the pages of some who published after a cut and left before the next
// learns nothing from a figure that is printed then.
func TestPagesThatAreGoneTellNothing(t *testing.T) {
	groups := []string{"a", "b"}
	printedSome := 0
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		all := history(seed, groups, 3)
		published := leaving(seed, all, 3)
		var printed [][]Cell
		for cut := range 3 {
			protector, adversary := until(all, cut+1), until(all, cut+1)
			for i, p := range protector {
				if published[i] && !p.now() && slices.Contains(p.In, true) {
					protector[i].Shown = make([]bool, cut+1)
					adversary[i].Known = true
				}
			}
			cells := Protect(rules, groups, protector, printed)
			printed = append(printed, cells)
			if !cells[0].Printed || cells[0].Held {
				continue // nothing new was told
			}
			printedSome++
			if got := Attack(rules, adversary, printed); len(got) != 0 {
				t.Fatalf("after cut %d: %v", cut+1, got)
			}
		}
	})
	if printedSome == 0 {
		t.Error("nothing was ever printed: the property says nothing")
	}
}

// leaving picks a few who show nothing, leave after some cut and do not come back.
func leaving(seed uint64, all []Person, most int) map[int]bool {
	r := rand.New(rand.NewPCG(seed, 2))
	out := map[int]bool{}
	for _, i := range r.Perm(len(all)) {
		p := all[i]
		last := -1
		for t, in := range p.In {
			if in {
				last = t
			}
		}
		if !p.Known && p.In[0] && last < len(p.In)-1 && !slices.Contains(p.In[:last+1], false) && len(out) < most {
			out[i] = true
		}
	}
	return out
}

// Nine of the twelve who said Sí publish after a cut and leave before the next, in
// which others come: the first figure, of ten, now speaks of the three who are left.
func TestWhoPublishedAndLeftIsNotUnknown(t *testing.T) {
	first := Protect(rules, []string{"a"}, people(1, crowd{group: "a", yes: 12, no: 60}), nil)
	stay := []crowd{{group: "a", yes: 3, no: 60, in: 3}, {group: "a", yes: 9, no: 1, in: 2}}
	left := people(2, crowd{group: "a", yes: 9, in: 1})
	with := func(change func(*Person)) []Person {
		out := people(2, stay...)
		for _, p := range left {
			change(&p)
			out = append(out, p)
		}
		return out
	}
	unknown := Protect(rules, []string{"a"}, with(func(*Person) {}), [][]Cell{first})
	if !unknown[0].Printed || unknown[0].Held {
		t.Fatalf("as strangers, they let print %+v", unknown[0])
	}
	adversary := with(func(p *Person) { p.Known = true })
	if len(Attack(rules, adversary, [][]Cell{first, unknown})) == 0 {
		t.Error("whoever kept their pages does not break what was printed as if nobody had seen them")
	}
	shown := with(func(p *Person) { p.Shown = []bool{false, false} })
	if got := Protect(rules, []string{"a"}, shown, [][]Cell{first}); got[0].Printed {
		t.Errorf("got %+v, want nothing", got[0])
	}
	exact := [][]Cell{{{Printed: true, Value: 12, Base: 1}}, {{Printed: true, Value: 12, Base: 1}}}
	hidden := [][]Cell{{{Printed: true, Value: 12, Base: 1}, {Group: "a"}}, {{Printed: true, Value: 12, Base: 1}, {Group: "a"}}}
	for name, cells := range map[string][][]Cell{"unsuppressed": exact, "primary only": hidden} {
		if len(Attack(rules, shown, cells)) == 0 || len(Attack(rules, adversary, cells)) == 0 {
			t.Errorf("%s: the attack found nothing", name)
		}
	}
}

// What the cuts kept of those who left is believed when it can be, and of many who
// left nothing is supposed: nothing is printed.
func TestWhatIsSupposedOfPages(t *testing.T) {
	leave := func(n int, shown ...bool) []Person {
		out := make([]Person, n)
		for i := range out {
			out[i] = Person{Group: "a", In: []bool{true, true, false}, Shown: append(shown, false)}
		}
		return out
	}
	tests := []struct {
		name   string
		people []Person
		kept   []Memory
		want   int // ways; -1 is too many
	}{
		{"nobody left", nil, nil, 1},
		{"shown at both cuts: how many is known", leave(40, true, true), []Memory{{0, "a", 7}, {1, "a", 7}}, 1},
		{"shown after the last: anything", leave(5, false, false), nil, 6},
		{"shown from the second on", leave(5, false, true), []Memory{{1, "a", 2}}, 1},
		{"what was kept is more than they are", leave(5, false, true), []Memory{{1, "a", 9}}, 1},
		{"what was kept contradicts itself", leave(5, true, true), []Memory{{0, "a", 1}, {1, "a", 3}}, 6},
		{"too many", leave(80, false, false), nil, -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, few := supposed(tt.people, tt.kept)
			if n := len(got); few != (tt.want >= 0) || few && n != tt.want {
				t.Errorf("got %d ways, %v; want %d", n, few, tt.want)
			}
		})
	}
}

// history is a population over some cuts, in which most stay and some come and go.
func history(seed uint64, groups []string, cuts int) []Person {
	r := rand.New(rand.NewPCG(seed, 1))
	rate, leave := r.Float64()*r.Float64(), r.Float64()*r.Float64()/2
	var out []Person
	for range 40 + r.IntN(400) {
		p := Person{Group: groups[r.IntN(len(groups))], Yes: r.Float64() < rate, Known: r.Float64() < 0.2}
		in := r.Float64() < 0.7
		for range cuts {
			if r.Float64() < leave {
				in = !in
			}
			p.In = append(p.In, in)
		}
		out = append(out, p)
	}
	return out
}

// until is what was known at a cut.
func until(all []Person, cuts int) []Person {
	var out []Person
	for _, p := range all {
		p.In = p.In[:cuts]
		out = append(out, p)
	}
	return out
}

func BenchmarkProtect(b *testing.B) {
	for _, cuts := range []int{1, 3} {
		b.Run(fmt.Sprintf("%d cuts", cuts), func(b *testing.B) {
			groups := []string{"a", "b", "c", "d", "e", "f"}
			all := history(7, groups, cuts)
			earlier := make([][]Cell, 0, cuts)
			for cut := range cuts - 1 {
				earlier = append(earlier, Protect(rules, groups, until(all, cut+1), earlier))
			}
			for b.Loop() {
				Protect(rules, groups, all, earlier)
			}
		})
	}
}
