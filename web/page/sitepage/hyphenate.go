package sitepage

import (
	"strings"
	"unicode/utf8"
)

// softHyphen is where a word may be broken, and is seen only if it is.
const softHyphen = "\u00ad"

// longWord is from how many letters on a word may not fit in a tile.
const longWord = 7

// inseparable are the pairs of consonants that begin a syllable together. The tl
// of Náhuatl names is one of them in Mexico.
const inseparable = " bl br cl cr dr fl fr gl gr pl pr tr tl ch ll rr tz hu "

// hyphenate marks where the long words of a place name may be broken, so that
// browsers without a Spanish dictionary break them where a reader would.
func hyphenate(name string) string {
	words := strings.Split(name, " ")
	for i, w := range words {
		if utf8.RuneCountInString(w) >= longWord {
			words[i] = strings.Join(syllables(w), softHyphen)
		}
	}
	return strings.Join(words, " ")
}

// syllables splits a word before the consonant, or inseparable pair, that
// precedes each vowel after the first. No part has a single letter.
func syllables(word string) []string {
	runes := []rune(word)
	lower := []rune(strings.ToLower(word))
	var out []string
	start := 0
	for i := 1; i < len(runes); i++ {
		if !vowel(lower[i]) || vowel(lower[i-1]) {
			continue
		}
		cut := i - 1
		if cut > 0 && strings.Contains(inseparable, " "+string(lower[cut-1:i])+" ") {
			cut--
		}
		if cut-start >= 2 && len(runes)-cut >= 2 && hasVowel(lower[start:cut]) {
			out = append(out, string(runes[start:cut]))
			start = cut
		}
	}
	return append(out, string(runes[start:]))
}

func vowel(r rune) bool { return strings.ContainsRune("aeiouáéíóúü", r) }

func hasVowel(runes []rune) bool {
	for _, r := range runes {
		if vowel(r) {
			return true
		}
	}
	return false
}
