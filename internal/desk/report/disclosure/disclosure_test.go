package disclosure

import (
	"fmt"
	"math/rand/v2"
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
			if got := maximize(tt.aim, tt.most, tt.limits); got < tt.want-1e-6 || got > tt.want+1e-6 {
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
