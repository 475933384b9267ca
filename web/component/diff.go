package component

import (
	"context"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/a-h/templ"
)

// Span is a run of text that is in both versions, or only in one.
type Span struct {
	Text    string
	Changed bool
}

// Change is a text in two versions, word by word. Build it with NewChange.
type Change struct {
	BeforeTitle, AfterTitle string
	Before, After           []Span
}

// NewChange compares two versions of a text and says what left the first and
// what entered the second. Words that moved count as both.
func NewChange(beforeTitle, before, afterTitle, after string) Change {
	a, b := diff(tokens(before), tokens(after))
	return Change{BeforeTitle: beforeTitle, AfterTitle: afterTitle, Before: a, After: b}
}

// Same reports whether the two versions say the same.
func (c Change) Same() bool {
	changed := func(s Span) bool { return s.Changed }
	return !slices.ContainsFunc(c.Before, changed) && !slices.ContainsFunc(c.After, changed)
}

// tokens cuts a text in words, blanks and signs: joined, they are the text.
func tokens(text string) []string {
	kind := func(r rune) int {
		switch {
		case unicode.IsSpace(r):
			return 0
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			return 1
		}
		return 2
	}
	var out []string
	start, last := 0, -1
	for i, r := range text {
		if k := kind(r); k != last {
			if i > start {
				out = append(out, text[start:i])
			}
			start, last = i, k
		}
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

// diff marks the tokens that the longest common subsequence leaves out.
func diff(a, b []string) (before, after []Span) {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	keepA, keepB := common(a[head:len(a)-tail], b[head:len(b)-tail])
	return spans(a, head, keepA), spans(b, head, keepB)
}

// common returns which tokens of each side belong to their longest common
// subsequence. Texts have at most 5,000 characters, so the table is small.
func common(a, b []string) (keepA, keepB []bool) {
	keepA, keepB = make([]bool, len(a)), make([]bool, len(b))
	width := len(b) + 1
	length := make([]uint16, (len(a)+1)*width) // of the best from (i, j) on
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i*width+j] = length[(i+1)*width+j+1] + 1
			} else {
				length[i*width+j] = max(length[(i+1)*width+j], length[i*width+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			keepA[i], keepB[j] = true, true
			i, j = i+1, j+1
		case length[(i+1)*width+j] >= length[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return keepA, keepB
}

// spans joins tokens that are alike in their mark. keep speaks of those from head
// on; what it does not reach is kept. A blank between two changes belongs to them:
// islands of one space are hard to read.
func spans(tokens []string, head int, keep []bool) []Span {
	changed := func(i int) bool { return i >= head && i < head+len(keep) && !keep[i-head] }
	var out []Span
	for i, t := range tokens {
		mark := changed(i) || strings.TrimSpace(t) == "" && i > 0 && changed(i-1) && changed(i+1)
		if n := len(out); n > 0 && out[n-1].Changed == mark {
			out[n-1].Text += t
			continue
		}
		out = append(out, Span{t, mark})
	}
	return out
}

// marked writes the spans without a blank of its own between them, which would
// part words from their signs. Changed ones go in the element, which says its
// word to who hears it.
func marked(spans []Span, element, word string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		for _, s := range spans {
			text := templ.EscapeString(s.Text)
			if s.Changed {
				text = "<" + element + `><span class="vo">` + word + "</span>" + text + `<span class="vo">]</span></` + element + ">"
			}
			b.WriteString(text)
		}
		_, err := io.WriteString(w, b.String())
		return err
	})
}
