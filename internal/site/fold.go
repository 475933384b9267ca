package site

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold reduces a name to what a search compares: lower case, without accents or
// apostrophes, words separated by one space. No word is dropped: «De la O» is a
// surname. The ñ becomes n, as people type it on a foreign keyboard.
func Fold(s string) string {
	var b strings.Builder
	space := false
	for _, r := range strings.ToLower(norm.NFKD.String(strings.ToValidUTF8(s, " "))) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '‘', r == '`', r == '´':
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		default:
			space = true
		}
	}
	return b.String()
}

// Slug is Fold with hyphens: a name for an address.
func Slug(s string) string { return strings.ReplaceAll(Fold(s), " ", "-") }
