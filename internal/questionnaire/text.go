package questionnaire

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Parser turns what people type into answers. It holds the one thing that the
// standard library lacks, Unicode normalisation, so that this package stays
// pure. It is safe for concurrent use.
type Parser struct{ nfc func(string) string }

// NewParser returns a Parser that composes text with nfc, which must be
// Unicode Normalization Form C. It panics without one: counts would differ
// from those of the browser.
func NewParser(nfc func(string) string) *Parser {
	if nfc == nil {
		panic("questionnaire: a parser needs a normaliser")
	}
	return &Parser{nfc}
}

// maxMarks is how many combining marks in a row are still writing.
const maxMarks = 3

// Text cleans a text of several lines, as it is counted and kept: line ends
// become LF, invisible format characters go, the rest is composed (NFC) and
// trimmed; runs of blanks stay (Lineamientos are silent: see Count).
//
// It reports false when the text held what no text should: invalid UTF-8,
// control characters, towers of combining marks. The text returned is then
// without them, fit to be shown again.
func (p *Parser) Text(s string) (string, bool) {
	valid := utf8.ValidString(s)
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	marks := 0
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			marks++
		} else {
			marks = 0
		}
		switch {
		case r == '\r', r == '\u2028', r == '\u2029':
			return '\n'
		case r == '\n', r == '\t':
			return r
		case isInvisible(r):
			return -1
		case unicode.IsControl(r), marks > maxMarks:
			valid = false
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(p.nfc(s)), valid
}

// Line cleans a text of one line: Text, with line ends and tabs as spaces.
func (p *Parser) Line(s string) (string, bool) {
	s, valid := p.Text(s)
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}, s), valid
}

// isInvisible reports format characters that editors leave behind or that
// reorder what is read around them. Joiners stay: emoji are made with them.
func isInvisible(r rune) bool {
	switch {
	case r == '\u00AD', r == '\u200B', r == '\u200E', r == '\u200F', r == '\u2060', r == '\uFEFF',
		'\u202A' <= r && r <= '\u202E', '\u2066' <= r && r <= '\u2069':
		return true
	}
	return false
}

// isClean reports whether a text could have come out of Text.
func isClean(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '\n' && r != '\t' && (unicode.IsControl(r) || isInvisible(r))
	})
}

// Count is the length of a clean text in characters, spaces included. INE's
// open data shows that the limits are measured so.
func Count(clean string) int { return utf8.RuneCountInString(clean) }

// Limits says the limits of q to whoever writes: «Entre 280 y 1,600
// caracteres, con espacios»; "" when there are none.
func (q Question) Limits() string {
	switch {
	case q.Max == 0:
		return ""
	case q.Min == 0:
		return "Hasta " + characters(q.Max) + ", con espacios"
	}
	return fmt.Sprintf("Entre %s y %s, con espacios", thousands(q.Min), characters(q.Max))
}

// Counter says how far a clean text is from the limits of q, in the words that
// the browser's counter uses too: «204 de 280 caracteres mínimos», «310
// caracteres. Te quedan 1,290», «Te sobran 49».
func (q Question) Counter(clean string) string {
	n := Count(clean)
	switch {
	case q.Max == 0:
		return ""
	case n < q.Min:
		return fmt.Sprintf("%s de %s caracteres mínimos", thousands(n), thousands(q.Min))
	case n > q.Max:
		return plural(n-q.Max, "Te sobra 1", "Te sobran %s")
	}
	return characters(n) + ". " + plural(q.Max-n, "Te queda 1", "Te quedan %s")
}

func characters(n int) string {
	if n == 1 {
		return "1 carácter"
	}
	return thousands(n) + " caracteres"
}

// thousands writes n as people in Mexico do: 1,600.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
