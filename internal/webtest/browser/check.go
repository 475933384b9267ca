package browser

import (
	"fmt"
	"strings"
	"testing"
)

// The sizes at which every page is judged (ux.md 11), and how many stops of the
// keyboard are walked.
var (
	axeWidths    = []int{320, 360, 1280}
	reflowWidths = []int{320, 360, 1280, 1920}
)

const (
	mostStops = 140
	wide      = 1280
)

// Check judges the open page and fails the test, naming the page, for each
// thing that is wrong: errors in the console, rules of accessibility, scrolling
// sideways, text that is cut or covered, stops of the keyboard (on a wide screen,
// and on one at 400 %), small targets, the colours of the system. It leaves the
// page at 1280 pixels.
func Check(t testing.TB, p *Page) {
	t.Helper()
	for _, wrong := range append(shutsOut(p), problems(p)...) {
		t.Errorf("%s: %s", path(p.log.address()), wrong)
	}
}

// shutsOut are the problems of whoever sees the page in their own way.
func shutsOut(p *Page) []string {
	p.t.Helper()
	var found []string
	for _, width := range []int{axeWidths[0], wide} {
		p.Size(width, tall)
		for _, wrong := range append(Crowded(p), Reading(p)...) {
			found = append(found, fmt.Sprintf("at %d pixels: %s", width, wrong))
		}
	}
	for _, wrong := range ForcedColors(p) {
		found = append(found, "with the colours of the system: "+wrong)
	}
	return found
}

// problems are those of ux.md 11.

func problems(p *Page) []string {
	p.t.Helper()
	var found []string
	for _, width := range axeWidths {
		p.Size(width, tall)
		for _, v := range Axe(p) {
			found = append(found, fmt.Sprintf("at %d pixels: %s", width, v))
		}
	}
	for _, width := range reflowWidths {
		found = append(found, Reflow(p, width)...)
	}
	found = append(found, walk(p, zoomed.width, zoomed.height)...)
	found = append(found, walk(p, wide, tall)...)
	for _, line := range p.Console() {
		found = append(found, "console: "+line)
	}
	return found
}

// Budget is the most that a first visit to a page may bring, in bytes as they
// travel. Zero allows none.
type Budget struct {
	HTML, CSS, Script int64
	// Page is everything but photographs.
	Page int64
	// Cookies is how many the page may leave.
	Cookies int
}

// The budgets of ux.md 4. A public page has no script and no cookie; a private
// one has its session, and during login what carries the person to it.
var (
	PublicBudget  = Budget{HTML: 14 << 10, CSS: 9 << 10, Page: 50 << 10}
	PrivateBudget = Budget{HTML: 14 << 10, CSS: 9 << 10, Script: 8 << 10, Page: 50 << 10, Cookies: 2}
)

// CheckWeight fails the test, naming the page, for each part of the budget that
// the open page exceeds.
func CheckWeight(t testing.TB, p *Page, b Budget) {
	t.Helper()
	for _, wrong := range b.exceeded(Weight(p)) {
		t.Errorf("%s: %s", path(p.log.address()), wrong)
	}
}

// exceeded says what a load brings beyond the budget.
func (b Budget) exceeded(l Load) []string {
	var found []string
	for _, part := range []struct {
		name      string
		got, most int64
	}{
		{"HTML", l.Of("Document"), b.HTML},
		{"CSS", l.Of("Stylesheet"), b.CSS},
		{"scripts", l.Of("Script"), b.Script},
		{"the page without photographs", l.WithoutPhotos(), b.Page},
	} {
		if part.got > part.most {
			found = append(found, fmt.Sprintf("%s: %d bytes, more than %d", part.name, part.got, part.most))
		}
	}
	if len(l.Cookies) > b.Cookies {
		found = append(found, fmt.Sprintf("%d cookies, more than %d: %s", len(l.Cookies), b.Cookies, strings.Join(l.Cookies, ", ")))
	}
	return found
}
