package figure

import (
	"strings"
	"testing"

	"conoceles/internal/figures"
)

// sample is a table with a cell of each kind, and one that must not be told.
func sample() figures.Table {
	return figures.Table{
		ID: "T-1", Title: "Avance", Population: "n = 1,207",
		Columns: []figures.Column{
			{Title: "Cargo", Kind: figures.Text},
			{Title: "Registradas", Kind: figures.Count},
			{Title: "Capturadas", Kind: figures.Count},
			{Title: "%", Kind: figures.Percent, Part: 2, Whole: 1},
		},
		Rows: []figures.Row{
			{figures.Words("Diputación"), figures.Number(1200), figures.Number(1199), {}},
			{figures.Words("Gubernatura"), figures.Number(7), {Withheld: true}, {}},
			{figures.Words("Nadie"), {}, {}, {}},
		},
		Rounded: true, Chart: 3,
	}
}

func TestEveryCellSaysWhatItIs(t *testing.T) {
	table := sample()
	tests := []struct {
		name     string
		row, col int
		text     string
		plain    string
	}{
		{"words", 0, 0, "Diputación", "Diputación"},
		{"a figure", 0, 1, "1,200", "1200"},
		{"a share, never up to 100", 0, 3, "99.9\u00a0%", "99.9"},
		{"a figure that must not be told", 1, 2, Withheld, Withheld},
		{"the share of it", 1, 3, Withheld, Withheld},
		{"the share of nobody", 2, 3, "—", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			row := table.Rows[tt.row]
			if got := Text(table, row, tt.col); got != tt.text {
				t.Errorf("it reads %q, want %q", got, tt.text)
			}
			if got := Plain(table, row, tt.col); got != tt.plain {
				t.Errorf("the file says %q, want %q", got, tt.plain)
			}
		})
	}
}

// A drawing shows what its table says, and nothing of what must not be told.
func TestTheDrawingIsTheTable(t *testing.T) {
	bars := Bars(sample())
	want := []Bar{
		{"Diputación", 1199, 1200, "1,199 de 1,200 · 99.9\u00a0%"},
		{"Gubernatura", 0, 1, Withheld},
		{"Nadie", 0, 1, "0 de 0 · —"},
	}
	for i, w := range want {
		if bars[i] != w {
			t.Errorf("bar %d: got %+v, want %+v", i, bars[i], w)
		}
	}
	counted := sample()
	counted.Chart = 1
	for i, b := range Bars(counted) {
		if b.Part != counted.Rows[i][1].N || b.Total != 1200 || b.Text != Text(counted, counted.Rows[i], 1) {
			t.Errorf("bar %d is not its figure: %+v", i, b)
		}
	}
}

func TestALongTableLeadsToTheRest(t *testing.T) {
	table := sample()
	for range Long {
		table.Rows = append(table.Rows, table.Rows[0])
	}
	draw := func(v View) string {
		var b strings.Builder
		if err := Section(v).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	whole := draw(View{Table: table, Anchor: "a"})
	part := draw(View{Table: table, Anchor: "a", Whole: "/toda"})
	if got := strings.Count(whole, `<th scope="row">`); got != Long+3 {
		t.Errorf("%d rows, want %d", got, Long+3)
	}
	if got := strings.Count(part, `<th scope="row">`); got != Long || !strings.Contains(part, `href="/toda"`) {
		t.Errorf("%d rows, want %d and where the rest is", got, Long)
	}
}

// Many columns of words are told in one, so that nothing slides out of sight.
func TestManyColumnsOfWordsAreTold(t *testing.T) {
	table := figures.Table{ID: "L-1", Title: "Lista"}
	var row figures.Row
	for _, c := range strings.Split("abcdefghij", "") {
		table.Columns = append(table.Columns, figures.Column{Title: strings.ToUpper(c), Kind: figures.Text})
		row = append(row, figures.Words(c))
	}
	table.Rows = []figures.Row{row}
	w := View{Table: table}.work()
	if len(w.Columns) != wide || len(w.Rows[0].Cells) != wide-1 {
		t.Errorf("%d columns and %d cells, want %d and %d", len(w.Columns), len(w.Rows[0].Cells), wide, wide-1)
	}
}
