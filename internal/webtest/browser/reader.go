package browser

import (
	_ "embed"
	"fmt"
	"net/http"

	"github.com/chromedp/cdproto/emulation"
)

//go:embed reader.js
var reader string

// asked calls one of the functions of the reader's probe.
func asked(p *Page, function string) []string {
	p.t.Helper()
	return evaluate[[]string](p, "("+reader+")."+function)
}

// zoomed is the screen of 1280 by 1024 of WCAG 1.4.10 seen at 400 %.
var zoomed = struct{ width, height int }{320, 256}

// Reading returns what tires or shuts out whoever reads the page as it is now, of
// what WCAG asks at its highest level and no rule of axe-core sees: small targets
// (2.5.5), justified or tight text (1.4.8), movement (2.3.3), no sign of where in
// the site it is (2.4.8; the first page of a site or of an area needs none).
func Reading(p *Page) []string {
	p.t.Helper()
	placed := p.Status() < http.StatusBadRequest || p.Status() == http.StatusUnprocessableEntity // what is not there is nowhere
	return append(asked(p, "targets()"), asked(p, fmt.Sprintf("reading(%t)", placed))...)
}

// Crowded returns which text of the page, at its present size, is cut or lies over
// another: with its own text spacing, and with that of WCAG 1.4.12. Drawings are
// left out: what they say is said beside them in text.
func Crowded(p *Page) []string {
	p.t.Helper()
	found := asked(p, "crowded()")
	probed[struct{}](p, "space(true)")
	for _, wrong := range asked(p, "crowded()") {
		found = append(found, "with text spacing "+wrong)
	}
	probed[struct{}](p, "space(false)")
	return found
}

// ForcedColors returns what the page loses with the colours of a system of light
// text over black: text that its ground hides, controls that nothing frames.
func ForcedColors(p *Page) []string {
	p.t.Helper()
	p.media(&emulation.MediaFeature{Name: "forced-colors", Value: "active"}, &emulation.MediaFeature{Name: "prefers-color-scheme", Value: "dark"})
	defer p.media()
	return asked(p, "forced()")
}

// media sets what the page is told of whoever looks at it: that movement bothers
// them, and what is given.
func (p *Page) media(features ...*emulation.MediaFeature) {
	p.t.Helper()
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: append([]*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}, features...),
	})
}
