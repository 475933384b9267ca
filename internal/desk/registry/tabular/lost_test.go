package tabular

import "testing"

func TestLost(t *testing.T) {
	for _, c := range []struct {
		name, text, read string
		characters       int
		lost             bool
	}{
		{"fits", "Añ “sí” €", "An “si” €", 0, false},
		{"equal", "1 → 2", "1 → 2", 0, false},
		{"a sign for each", "1 → 2", "1 ? 2", 1, true},
		{"two for what takes two units", "💧 agua", "?? agua", 1, true},
		{"none at all", "agua 💧", "agua ", 1, true},
		{"the best it has", "a − b", "a - b", 1, true},
		{"and something else", "1 → 2", "1 ? 3", 1, false},
		{"many together", "✊🏽✊🏽 ya", "???????? ya", 4, true},
		{"signs of expressions", "(→.*) [x]", "(?.*) [x]", 1, true},
		{"line breaks", "→\nfin", "?\nfin", 1, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, lost := Lost(c.text, c.read)
			if lost != c.lost || n != c.characters {
				t.Errorf("got %d, %t; want %d, %t", n, lost, c.characters, c.lost)
			}
		})
	}
}

func FuzzLost(f *testing.F) {
	f.Add("1 → 2", "1 ? 2")
	f.Fuzz(func(t *testing.T, text, read string) {
		if _, lost := Lost(text, text); lost {
			t.Errorf("%q loses something to itself", text)
		}
		Lost(text, read)
	})
}
