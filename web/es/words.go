package es

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// List joins the items with commas and a final "y", or "e" before the sound i:
// "Ana, Luis e Inés".
func List(items ...string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	last := items[len(items)-1]
	and := " y "
	if soundsI(last) {
		and = " e "
	}
	return strings.Join(items[:len(items)-1], ", ") + and + last
}

// soundsI reports whether the word begins with the vowel i: "Inés", "Hidalgo",
// and not "hielo", whose h hides a consonant.
func soundsI(word string) bool {
	w := strings.ToLower(word)
	if strings.HasPrefix(w, "hi") {
		return !strings.HasPrefix(w, "hie") && !strings.HasPrefix(w, "hia")
	}
	return strings.HasPrefix(w, "i") || strings.HasPrefix(w, "í") || strings.HasPrefix(w, "hí")
}

var (
	feminine  = [...]string{"cero", "una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"}
	masculine = [...]string{"cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"}
)

// Word returns a small quantity in letters for feminine nouns ("tres
// candidaturas"), and figures above ten.
func Word(n int) string { return spelled(n, feminine[:]) }

// WordMasculine is Word for masculine nouns and for counting.
func WordMasculine(n int) string { return spelled(n, masculine[:]) }

func spelled(n int, words []string) string {
	if n >= 0 && n < len(words) {
		return words[n]
	}
	return Int(n)
}

// Capital returns s with its first letter in upper case.
func Capital(s string) string { return first(s, unicode.ToUpper) }

// Lower returns s with its first letter in lower case, for a label in mid sentence.
func Lower(s string) string { return first(s, unicode.ToLower) }

func first(s string, change func(rune) rune) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(change(r)) + s[size:]
}

// Candidate returns how a candidate of the registered sex is called. Who is
// neither woman nor man is called what everybody is: a person.
func Candidate(sex string) string {
	switch key(sex) {
	case "mujer":
		return "Candidata"
	case "hombre":
		return "Candidato"
	default:
		return "Persona candidata"
	}
}

// CandidateFor returns the candidacy in words: "Candidata a diputación local".
// The one office that is unique takes its article: "a la gubernatura".
func CandidateFor(sex, office string) string {
	office = Lower(office)
	if office == "gubernatura" {
		office = "la gubernatura"
	}
	return Candidate(sex) + " a " + office
}

// Quality returns the place in the formula, agreeing with Candidate:
// "propietaria", "propietario", "suplente".
func Quality(sex, quality string) string {
	if key(quality) == "propietaria" && key(sex) == "hombre" {
		return "propietario"
	}
	return key(quality)
}

// Age returns "52 años".
func Age(years int) string { return Plural(years, "año", "años") }

// District returns "Distrito 02" with the two digits of the ballot.
func District(number int) string {
	text := Int(number)
	if number < 10 {
		text = "0" + text
	}
	return "Distrito" + nbsp + text
}

// key reduces an enum value to one spelling: "No binario" is "no_binario".
func key(value string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(value)))
}
