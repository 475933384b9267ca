package tabular

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Tidy is a short text as it should have been typed: composed (NFC), every
// run of blanks of any sort (tabs, line breaks, non-breaking spaces) as one
// space, none at the ends.
func Tidy(cell string) string {
	return strings.Join(strings.Fields(norm.NFC.String(strings.ToValidUTF8(invisible.Replace(cell), ""))), " ")
}

var invisible = strings.NewReplacer("\ufeff", "", "\u200b", "", "\u00ad", "")

// fold is what two spellings of one header share: letters and digits, without
// case, accents or the tilde of Ñ.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFD.String(s))
}

// dangerous are the first characters that make a spreadsheet take text for a
// formula, full-width ones included.
const dangerous = "=+-@\t\r＝＋－＠"

// Guard writes a cell so that no spreadsheet runs it: an apostrophe before a
// dangerous first character. One that already has apostrophes there gets
// another, so that Unguard gives back every text.
func Guard(cell string) string {
	if isArmed(cell) {
		return "'" + cell
	}
	return cell
}

// Unguard undoes Guard, once.
func Unguard(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && isArmed(rest) {
		return rest
	}
	return cell
}

func isArmed(cell string) bool {
	rest := strings.TrimLeft(cell, "'")
	return rest != "" && strings.ContainsAny(string([]rune(rest)[:1]), dangerous)
}

// isControl reports the characters that no text has and no database keeps.
func isControl(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}

// isLost reports the errors that a spreadsheet leaves where it took a text for
// a formula, in Spanish and in English.
func isLost(cell string) bool {
	switch strings.ToUpper(strings.TrimSpace(cell)) {
	case "#¿NOMBRE?", "#NAME?", "#¡REF!", "#REF!", "#¡VALOR!", "#VALUE!", "#¡NUM!", "#NUM!", "#N/D", "#N/A",
		"#¡DIV/0!", "#DIV/0!", "#¡NULO!", "#NULL!":
		return true
	}
	return false
}
