package browser

import (
	_ "embed"
	"fmt"
	"strings"
)

// axeCore is axe-core 4.14.1 as its npm package has it (axe.min.js), unchanged,
// by Deque Systems, Inc., under MPL-2.0: its licences are beside it, in axe/.
//
//go:embed axe/axe.min.js
var axeCore string

// standards are the tags of the rules: WCAG 2.2 at its three levels, and good practice.
const standards = `["wcag2a","wcag2aa","wcag2aaa","wcag21a","wcag21aa","wcag22a","wcag22aa","best-practice"]`

// judge runs axe-core where it already is.
const judge = `axe.run(document, {resultTypes: ["violations"], runOnly: {type: "tag", values: ` + standards + `}})
.then(r => r.violations.map(v => ({
	id: v.id, impact: v.impact || "", help: v.help,
	nodes: v.nodes.map(n => ({selector: n.target.flat().join(" "), html: n.html.slice(0, 240), why: n.failureSummary || ""})),
})))`

// Violation is a rule of accessibility that a page breaks.
type Violation struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []Node `json:"nodes"`
}

// Node is an element that breaks a rule.
type Node struct {
	Selector string `json:"selector"`
	HTML     string `json:"html"`
	Why      string `json:"why"`
}

// String tells the rule and shows the first elements that break it.
func (v Violation) String() string {
	const shown = 3
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes[:min(shown, len(v.Nodes))] {
		fmt.Fprintf(&b, "\n  %s\n    %s\n    %s", n.Selector, n.HTML, strings.ReplaceAll(n.Why, "\n", "\n    "))
	}
	if more := len(v.Nodes) - shown; more > 0 {
		fmt.Fprintf(&b, "\n  and %d more", more)
	}
	return b.String()
}

// Axe returns the rules of axe-core that the page breaks as it is now, at its
// present size.
func Axe(p *Page) []Violation {
	p.t.Helper()
	if p.mute {
		// axe-core needs timers. The page's own scripts were not loaded: they stay out.
		p.scripts(true)
		defer p.scripts(false)
	}
	if !evaluate[bool](p, `typeof axe === "object"`) {
		evaluate[struct{}](p, axeCore)
	}
	return evaluate[[]Violation](p, judge)
}
