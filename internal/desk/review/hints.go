package review

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// HintKind says what a hint points at.
type HintKind string

// The kinds of hint. None decides anything.
const (
	HintCopy     HintKind = "copia"
	HintOwnCopy  HintKind = "repite"
	HintParty    HintKind = "partido"
	HintAddress  HintKind = "direccion"
	HintPadding  HintKind = "relleno"
	HintCapitals HintKind = "mayusculas"
)

// Hint points at something that a person should look at.
type Hint struct {
	Kind  HintKind
	Found []string // words of the text
	Alike []AlikeText
	More  int // copies beyond those in Alike
}

// AlikeText is a text of somebody else, or of the same candidacy, that repeats.
type AlikeText struct {
	Folio     string
	Name      string
	Nominator string
	Label     string  // of the question
	Likeness  float64 // 1 when it is identical
	Identical bool
}

// Nominator is who a text may name.
type Nominator struct{ Name, Acronym string }

// TextHints returns what a text says of itself: parties other than its own,
// addresses, padding, capitals.
func TextHints(text string, others []Nominator) []Hint {
	var out []Hint
	add := func(kind HintKind, found []string) {
		if len(found) > 0 {
			out = append(out, Hint{Kind: kind, Found: found})
		}
	}
	add(HintParty, mentions(text, others))
	add(HintAddress, addresses(text))
	if padded(text) {
		out = append(out, Hint{Kind: HintPadding})
	}
	if shouted(text) {
		out = append(out, Hint{Kind: HintCapitals})
	}
	return out
}

// address matches what leads elsewhere: links, sites, e-mails, accounts.
var address = regexp.MustCompile(`(?i)\bhttps?://\S+|\bwww\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:^|\s)@\w{3,}` +
	`|\b[a-z0-9-]+\.(?:com|mx|org|net|info)(?:\.mx)?\b`)

// most is how many findings of one kind are worth reading.
const most = 5

func addresses(text string) []string {
	var out []string
	for _, found := range address.FindAllString(text, most) {
		out = append(out, strings.TrimRight(strings.TrimSpace(found), ".,;:)"))
	}
	return out
}

// word is a word of a text, as written and as compared.
type word struct{ written, folded string }

func split(text string) []word {
	var out []word
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		out = append(out, word{w, fold(w)})
	}
	return out
}

// mentions returns the nominators that a text names: by their name, when it
// begins with a capital, or by their acronym as it is written.
func mentions(text string, others []Nominator) []string {
	words := split(text)
	var out []string
	for _, n := range others {
		if (names(words, n.Name) || names(words, n.Acronym)) && !slices.Contains(out, n.Name) && len(out) < most {
			out = append(out, n.Name)
		}
	}
	return out
}

// names reports whether the words have that name in a row.
func names(words []word, name string) bool {
	wanted := split(name)
	if len(wanted) == 0 || utf8.RuneCountInString(name) < 2 {
		return false
	}
	acronym := len(wanted) == 1 && name == strings.ToUpper(name)
	for i := 0; i+len(wanted) <= len(words); i++ {
		same := true
		for j, w := range wanted {
			same = same && words[i+j].folded == w.folded
		}
		first, _ := utf8.DecodeRuneInString(words[i].written)
		if same && (acronym && words[i].written == name || !acronym && unicode.IsUpper(first)) {
			return true
		}
	}
	return false
}

// padded reports whether a text says little for its length: few distinct words,
// the same character over and over, or blanks that make up its minimum.
func padded(text string) bool {
	words := wordsOf(text)
	distinct := len(slices.Compact(slices.Sorted(slices.Values(words))))
	if len(words) >= 40 && float64(distinct) < 0.3*float64(len(words)) {
		return true
	}
	collapsed := strings.Join(strings.Fields(text), " ")
	if n := utf8.RuneCountInString(text); n > 0 && float64(utf8.RuneCountInString(collapsed)) < 0.8*float64(n) {
		return true
	}
	run, before := 0, rune(-1)
	for _, r := range collapsed {
		if r == before {
			run++
		} else {
			run, before = 1, r
		}
		if run >= 8 {
			return true
		}
	}
	return false
}

// shouted reports whether most of a text is in capitals.
func shouted(text string) bool {
	upper, letters := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
		if unicode.IsUpper(r) {
			upper++
		}
	}
	return letters >= 40 && 10*upper > 6*letters
}
