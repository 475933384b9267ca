package browser

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed probe.js
var probe string

// probed calls one of the functions of the probe.
func probed[T any](p *Page, function string) T {
	p.t.Helper()
	return evaluate[T](p, "("+probe+")."+function)
}

// tall is the height of the screens at which pages are measured.
const tall = 900

// Reflow gives the page a width and returns how it scrolls sideways, if it does:
// with its own text spacing, and with that of WCAG 1.4.12.
func Reflow(p *Page, width int) []string {
	p.t.Helper()
	p.Size(width, tall)
	var found []string
	for _, spaced := range []struct {
		on   bool
		name string
	}{{false, ""}, {true, " with text spacing"}} {
		probed[struct{}](p, fmt.Sprintf("space(%t)", spaced.on))
		got := probed[struct {
			Extra    int      `json:"extra"`
			Culprits []string `json:"culprits"`
		}](p, "overflow()")
		if got.Extra > 0 {
			found = append(found, fmt.Sprintf("at %d pixels%s the page scrolls %d sideways: %s", width, spaced.name, got.Extra, strings.Join(got.Culprits, "; ")))
		}
	}
	probed[struct{}](p, "space(false)")
	return found
}

// walk is TabStops at a size of the screen.
func walk(p *Page, width, height int) []string {
	p.t.Helper()
	p.Size(width, height)
	found := TabStops(p, mostStops)
	for i, wrong := range found {
		found[i] = fmt.Sprintf("at %d by %d pixels: %s", width, height, wrong)
	}
	return found
}

// TabStops walks the page from its beginning with Tab, at most so many stops,
// and returns what is wrong: a stop whose focus has no outline that can be seen,
// or whose centre is outside the screen or covered; a trap; a control that Tab
// does not reach. A page with more stops is judged on the first.
func TabStops(p *Page, most int) []string {
	p.t.Helper()
	probed[struct{}](p, "begin()")
	var found []string
	for n := 1; n <= most; n++ {
		p.stroke("Tab")
		at := probed[struct {
			End     bool   `json:"end"`
			Seen    bool   `json:"seen"`
			Element string `json:"element"`
			Outline string `json:"outline"`
			Cover   string `json:"cover"`
		}](p, "stop()")
		if at.Seen {
			return append(found, fmt.Sprintf("tab stop %d, %s: the focus is trapped", n, at.Element))
		}
		if at.End {
			for _, missed := range probed[[]string](p, "missed()") {
				found = append(found, "Tab does not reach "+missed)
			}
			return found
		}
		for _, wrong := range []string{at.Outline, at.Cover} {
			if wrong != "" {
				found = append(found, fmt.Sprintf("tab stop %d, %s, %s", n, at.Element, wrong))
			}
		}
	}
	return found
}
