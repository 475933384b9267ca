package figures

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func columns(kinds ...Kind) []Column {
	var out []Column
	for i, k := range kinds {
		out = append(out, Column{Title: string(rune('A' + i)), Kind: k})
	}
	return out
}

// sound is a table without contradictions.
func sound() Table {
	c := columns(Text, Count, Count, Count, Percent)
	c[4].Part, c[4].Whole = 1, 3
	row := func(label string, a, b int) Row { return Row{Words(label), Number(a), Number(b), Number(a + b), {}} }
	return Table{ID: "T-1", Columns: c, Rows: []Row{row("uno", 1, 2), row("dos", 3, 4)}, Total: row("Total", 4, 6), Parts: []int{1, 2}, Whole: 3, Chart: 4}
}

func TestCheckFindsEachContradiction(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*Table)
		want  string
	}{
		{"nothing", func(*Table) {}, ""},
		{"a total", func(t *Table) { t.Total[1].N++; t.Total[2].N-- }, "add up"},
		{"a part", func(t *Table) { t.Rows[0][1].N++ }, "parts add up"},
		{"a percentage of a text", func(t *Table) { t.Columns[4].Part = 0 }, "no counts"},
		{"a percentage that says something else", func(t *Table) { t.Rows[0][4].N = 7 }, "another kind"},
		{"a chart of a text", func(t *Table) { t.Chart = 9 }, "cannot be drawn"},
		{"a row too short", func(t *Table) { t.Rows[0] = t.Rows[0][:2] }, "cells"},
		{"less than nobody", func(t *Table) { t.Rows[0][1].N = -1 }, "negative"},
		{"a withheld figure that says itself", func(t *Table) { t.Rounded = true; t.Rows[0][1].Withheld = true }, "withheld"},
		{"a figure withheld where nothing is", func(t *Table) { t.Rows[0][1] = Cell{Withheld: true} }, "withheld"},
		{"no first column", func(t *Table) { t.Columns[0].Kind = Count }, "first column"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table := sound()
			tt.spoil(&table)
			err := Report{Tables: []Table{table}}.Check()
			if got := ""; err != nil {
				got = err.Error()
				if tt.want == "" || !strings.Contains(got, tt.want) {
					t.Errorf("got %q, want %q", got, tt.want)
				}
			} else if tt.want != "" {
				t.Errorf("got nothing, want %q", tt.want)
			}
		})
	}
}

func TestPercentagesAreRoundedAndNeverLie(t *testing.T) {
	tests := []struct{ part, whole, want int }{
		{27, 27, 1000},
		{135, 158, 854},
		{39, 49, 796},
		{126, 245, 514},
		{327, 479, 683},
		{326, 479, 681},
		{0, 5, 0},
		{0, 0, -1},
		{9999, 10000, 999},
		{1, 10000, 1},
		{1, 2, 500},
		{2, 3, 667},
	}
	for _, tt := range tests {
		if got := (Share{tt.part, tt.whole}).Tenths(); got != tt.want {
			t.Errorf("%d of %d: got %d, want %d", tt.part, tt.whole, got, tt.want)
		}
	}
}

func TestWhatIsKeptReadsBackTheSame(t *testing.T) {
	r := Report{Kind: "avance", Title: "Avance", Definition: []string{"Como sea."}, Tables: []Table{sound()}}
	first, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(first)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, got); diff != "" {
		t.Error(diff)
	}
	second, _ := got.Encode()
	if !slices.Equal(first, second) || Hash(first) != Hash(second) {
		t.Error("the same report has two forms")
	}
	if _, err := Decode([]byte(strings.Replace(string(first), `"n":4`, `"n":5`, 1))); err == nil {
		t.Error("a changed number was read")
	}
}
