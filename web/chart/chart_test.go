package chart_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"conoceles/web/chart"
)

func draw(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "style=") || strings.Contains(b.String(), "NaN") || strings.Contains(b.String(), "Inf") {
		t.Errorf("it cannot be drawn: %s", b.String())
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestBarsShareTheWidthAsTheirValuesDo(t *testing.T) {
	doc := draw(t, chart.StackedBars(chart.Stack{
		Summary: "Tres mujeres y un hombre.", Series: [2]string{"Mujeres", "Hombres"},
		Rows: []chart.StackRow{{"Gubernatura", [2]int{3, 1}}, {"Nadie", [2]int{}}, {"Sólo hombres", [2]int{0, 1200}}},
	}))
	for _, c := range []struct{ selector, want string }{{".sw", "420"}, {".sn", "340"}} {
		svg := doc.Find(c.selector)
		if got := svg.AttrOr("aria-label", ""); got != "Tres mujeres y un hombre." {
			t.Errorf("%s says %q", c.selector, got)
		}
		boxes := svg.Find("rect")
		if boxes.Length() != 3 {
			t.Fatalf("%s has %d boxes, want 3: nothing is drawn of nobody", c.selector, boxes.Length())
		}
		if got := boxes.Eq(2).AttrOr("width", ""); got != c.want {
			t.Errorf("%s: the whole bar is %s wide, want %s", c.selector, got, c.want)
		}
		if !strings.Contains(svg.Text(), "1,200") {
			t.Errorf("%s shows no figure on its bar: %s", c.selector, svg.Text())
		}
	}
	if got := doc.Find(".sw rect").Eq(0).AttrOr("width", ""); got != "315" {
		t.Errorf("three of four are %s wide of 420, want 315", got)
	}
}

func TestALineGoesFromItsFirstDayToItsLast(t *testing.T) {
	for _, c := range []struct {
		name string
		line chart.Line
		want string
	}{
		{"nothing", chart.Line{}, ""},
		{"nobody", chart.Line{Points: []chart.Point{{"1 de abril", 0}}}, ""},
		{"a day", chart.Line{Points: []chart.Point{{"1 de abril", 5}}, Total: 5}, "M54 12h8"},
		{"three", chart.Line{Points: []chart.Point{{"1 de abril", 0}, {"2 de abril", 5}, {"3 de abril", 10}}, Total: 10}, "M54 192L331 102L608 12"},
	} {
		doc := draw(t, chart.Lines(c.line))
		if got := doc.Find(".sw .s-t7").AttrOr("d", ""); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if got := doc.Find(".sw path").Length(); got < 5 {
			t.Errorf("%s: %d lines, want the grid at least", c.name, got)
		}
	}
}
