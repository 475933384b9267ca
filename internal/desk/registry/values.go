package registry

import (
	"net/mail"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
)

var textParser = questionnaire.NewParser(norm.NFC.String)

const (
	maxName     = 120
	maxNickname = 80
)

// parseName tidies a name. The reason is "" for a good one.
func parseName(cell string, most int) (name, reason string) {
	clean, ok := textParser.Line(cell)
	name = tabular.Tidy(clean)
	switch {
	case !ok:
		return name, "contiene caracteres no válidos; vuelve a escribirlo"
	case utf8.RuneCountInString(name) > most:
		return name, "tiene más de " + strconv.Itoa(most) + " caracteres"
	case strings.ContainsAny(name, "<>{}[]|\\=;@#$%^*_~\"") || strings.ContainsFunc(name, unicode.IsDigit):
		return name, "tiene signos o números que no son de un nombre"
	case name != "" && !strings.ContainsFunc(name, unicode.IsLetter):
		return name, "no tiene letras"
	}
	return name, ""
}

// parseSex reads the sex of a registration list, or returns "".
func parseSex(cell string) election.Sex {
	switch site.Fold(cell) {
	case "m", "mujer", "f", "femenino":
		return election.Woman
	case "h", "hombre", "masculino":
		return election.Man
	case "nb", "no binario", "no binaria", "no binarie", "x":
		return election.NonBinary
	}
	return ""
}

// parseRole reads the calidad, or returns "".
func parseRole(cell string) election.Role {
	switch site.Fold(cell) {
	case "propietaria", "propietario", "propietarie", "prop", "p", "titular":
		return election.Propietaria
	case "suplente", "sup", "s":
		return election.Suplente
	}
	return ""
}

// parseDate reads a date written aaaa-mm-dd or dd/mm/aaaa.
func parseDate(cell string) (*time.Time, bool) {
	if cell == "" {
		return nil, true
	}
	cell, _, _ = strings.Cut(cell, " ") // a spreadsheet may add an hour
	for _, layout := range []string{time.DateOnly, "02/01/2006", "2/1/2006", "02-01-2006"} {
		if t, err := time.Parse(layout, cell); err == nil {
			return &t, true
		}
	}
	return nil, false
}

// parseYesNo reads a yes or no; nil for a blank.
func parseYesNo(cell string) (*bool, bool) {
	yes, no := true, false
	switch site.Fold(cell) {
	case "", "no aplica", "na":
		return nil, true
	case "si", "s", "x", "1", "verdadero":
		return &yes, true
	case "no", "n", "0", "falso":
		return &no, true
	}
	return nil, false
}

// actionNames are the ways in which lists write each acción afirmativa.
var actionNames = map[string]election.AffirmativeAction{
	"indigena": election.Indigenous, "indigenas": election.Indigenous, "persona indigena": election.Indigenous,
	"discapacidad": election.Disability, "persona con discapacidad": election.Disability, "personas con discapacidad": election.Disability,
	"afromexicana": election.AfroMexican, "afromexicano": election.AfroMexican, "persona afromexicana": election.AfroMexican,
	"afrodescendiente": election.AfroMexican, "afromexicanas": election.AfroMexican, "afrodescendientes": election.AfroMexican,
	"lgbttiq": election.LGBTTTIQ, "lgbtttiq": election.LGBTTTIQ, "lgbtiq": election.LGBTTTIQ, "lgbti": election.LGBTTTIQ,
	"diversidad sexual": election.LGBTTTIQ, "persona lgbttiq": election.LGBTTTIQ, "lgbtttiqa": election.LGBTTTIQ,
	"joven": election.Young, "jovenes": election.Young, "juventud": election.Young, "persona joven": election.Young,
	"mayor": election.Elder, "persona mayor": election.Elder, "personas mayores": election.Elder,
	"adulta mayor": election.Elder, "adulto mayor": election.Elder, "persona adulta mayor": election.Elder,
	"migrante": election.MigrantAbroad, "persona migrante": election.MigrantAbroad, "migrantes": election.MigrantAbroad,
}

// parseActions reads a list of acciones afirmativas separated by commas,
// semicolons, slashes or bars, in the catalogue's order. unknown is the first
// that is not in it.
func parseActions(cell string) (actions []string, unknown string) {
	given := map[election.AffirmativeAction]bool{}
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(",;/|", r) }) {
		folded := site.Fold(part)
		if folded == "" || folded == "no" || folded == "ninguna" || folded == "no aplica" {
			continue
		}
		action, ok := actionNames[folded]
		if !ok {
			return nil, strings.TrimSpace(part)
		}
		given[action] = true
	}
	for _, a := range election.AffirmativeActions() {
		if given[a] {
			actions = append(actions, string(a))
		}
	}
	return actions, ""
}

// parseEmail reads a plain address; "" and false for what is not one.
func parseEmail(cell string) (string, bool) {
	if cell == "" {
		return "", true
	}
	a, err := mail.ParseAddress(cell)
	if err != nil || a.Address != cell || len(cell) > 254 || !strings.Contains(cell[strings.LastIndexByte(cell, '@'):], ".") {
		return "", false
	}
	return cell, true
}

// parsePhone reads ten digits, however they are grouped.
func parsePhone(cell string) (string, bool) {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -().+", r) {
			return -1
		}
		return r
	}, cell)
	if len(digits) == 12 {
		digits = strings.TrimPrefix(digits, "52")
	}
	ok := digits == "" || len(digits) == 10 && strings.Trim(digits, "0123456789") == ""
	return digits, ok
}

// parsePosition reads a place on a list; 1 for a blank.
func parsePosition(cell string) (int, bool) {
	if cell == "" {
		return 1, true
	}
	n, err := strconv.Atoi(cell)
	return n, err == nil && n > 0 && n < 1000
}

// ageProblem says why a date of birth cannot be right, or "".
func ageProblem(birth time.Time, reference *time.Time) string {
	if reference == nil {
		return ""
	}
	switch years := election.AgeOn(birth, *reference); {
	case years < 18:
		return "con esa fecha tendría menos de 18 años el día de la jornada"
	case years > 120:
		return "con esa fecha tendría más de 120 años"
	}
	return ""
}
