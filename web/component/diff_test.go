package component

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// draw writes spans with their marks: [-left-], {+entered+}.
func draw(spans []Span, open, end string) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Changed {
			b.WriteString(open + s.Text + end)
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func TestDiffMarksWords(t *testing.T) {
	for _, c := range []struct{ name, before, after, wantBefore, wantAfter string }{
		{"same", "Agua para todas.", "Agua para todas.", "Agua para todas.", "Agua para todas."},
		{"one word", "de 2018 a 2025, con 240", "de 2018 a 2026, con 240", "de 2018 a [-2025-], con 240", "de 2018 a {+2026+}, con 240"},
		{"a sentence left", "Pozos. Son ineptos. Fin.", "Pozos. Fin.", "Pozos. [-Son ineptos. -]Fin.", "Pozos. Fin."},
		{"everything", "Más obra", "Contraloría vecinal", "[-Más obra-]", "{+Contraloría vecinal+}"},
		{"from nothing", "", "Algo", "", "{+Algo+}"},
		{"to nothing", "Algo", "", "[-Algo-]", ""},
		{"accents are letters", "público", "pública", "[-público-]", "{+pública+}"},
		{"blanks between changes", "uno dos tres", "cuatro cinco tres", "[-uno dos-] tres", "{+cuatro cinco+} tres"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := NewChange("", c.before, "", c.after)
			if got := draw(d.Before, "[-", "-]"); got != c.wantBefore {
				t.Errorf("before: got %q, want %q", got, c.wantBefore)
			}
			if got := draw(d.After, "{+", "+}"); got != c.wantAfter {
				t.Errorf("after: got %q, want %q", got, c.wantAfter)
			}
			if got, want := d.Same(), c.before == c.after; got != want {
				t.Errorf("same: got %t, want %t", got, want)
			}
		})
	}
}

// No text is lost nor invented, and what is not marked is the same on both sides.
func TestDiffLosesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	words := []string{"agua", "pozo", " ", "  ", ".", ",", "\n", "y", "en", "año"}
	text := func() string {
		var b strings.Builder
		for range rng.IntN(40) {
			b.WriteString(words[rng.IntN(len(words))])
		}
		return b.String()
	}
	for range 2000 {
		before, after := text(), text()
		d := NewChange("", before, "", after)
		if got := draw(d.Before, "", ""); got != before {
			t.Fatalf("before: got %q, want %q", got, before)
		}
		if got := draw(d.After, "", ""); got != after {
			t.Fatalf("after: got %q, want %q", got, after)
		}
		if a, b := unmarked(d.Before), unmarked(d.After); a != b {
			t.Fatalf("%q and %q: unmarked %q and %q", before, after, a, b)
		}
	}
}

// unmarked is what stays of a side, without blanks: those between changes go
// with them.
func unmarked(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		if !s.Changed {
			b.WriteString(s.Text)
		}
	}
	return strings.Join(strings.Fields(b.String()), "")
}

func TestDiffSaysWhatIsMarked(t *testing.T) {
	var b strings.Builder
	if err := Diff(NewChange("Versión 1", "a <b> 2025,", "Versión 2", "a <b> 2026,")).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`a &lt;b&gt; <del><span class="vo">[se quitó: </span>2025<span class="vo">]</span></del>,`,
		`<ins><span class="vo">[se agregó: </span>2026<span class="vo">]</span></ins>,`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s\ndoes not have %s", b.String(), want)
		}
	}
}

// The longest texts there are, wholly different, share only the blanks.
func TestDiffOfTheLongestTexts(t *testing.T) {
	d := NewChange("", strings.Repeat("ab ", 1666), "", strings.Repeat("cd ", 1666))
	if got := unmarked(d.Before) + unmarked(d.After); got != "" || d.Same() {
		t.Errorf("they share %q", got)
	}
}

func BenchmarkDiffOfTheLongestTexts(b *testing.B) {
	before, after := strings.Repeat("ab ", 1666), strings.Repeat("cd ", 1666)
	for b.Loop() {
		NewChange("", before, "", after)
	}
}
