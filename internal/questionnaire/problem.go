package questionnaire

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Code says what is wrong, for whoever writes texts or counts.
type Code string

// The codes. Missing is the only one that does not make an answer invalid.
const (
	Missing      Code = "falta"          // mandatory and blank
	TooShort     Code = "corta"          // Args.N characters under Args.Limit
	TooLong      Code = "larga"          // Args.N characters over Args.Limit
	BadText      Code = "caracteres"     // invalid UTF-8, NUL, control characters
	BadEmail     Code = "correo"         //
	BadPhone     Code = "telefono"       //
	BadLink      Code = "enlace"         //
	WrongSite    Code = "otro_sitio"     // a link to another site than the one asked
	BadPostal    Code = "cp"             //
	BadPhoto     Code = "fotografia"     // not the hash of a photo
	NotOffered   Code = "opcion"         // an option of another question, or none
	NeedsOther   Code = "otro"           // the option asks for words
	StandsAlone  Code = "sola"           // an option that excludes the others
	TooManyRows  Code = "renglones"      // more than Args.Limit
	BlankColumn  Code = "columna"        // a row without a mandatory column, Args.Name
	RepeatedRow  Code = "renglon_igual"  // the same twice in one answer
	Repeated     Code = "repetida"       // a form name that came twice
	UnknownField Code = "desconocida"    // a form name or answer that nobody asked for
	WrongShape   Code = "forma"          // a stored answer unfit for its question
	NotAskedFor  Code = "no_corresponde" // answered although it does not apply
	Doubt        Code = "duda"           // a warning; Args.Advice says it
)

// Problem is one thing to correct. It never holds what was answered.
type Problem struct {
	ID    ID     // of the question or, for a part that misses any answer, of the part
	Field string // form name of the box to correct
	Label string // of the question
	Code  Code
	Args  Args
}

// Args completes the text of a Problem.
type Args struct {
	N, Limit int
	Name     string // of a column
	Example  string
	Advice   string // official or own words from the definition
}

// Text says what to do, in Spanish, to whoever answers.
func (p Problem) Text() string {
	switch p.Code {
	case Missing, Doubt:
		return p.Args.Advice
	case TooShort:
		return join("Agrega al menos "+characters(p.Args.N), "; ", p.Args.Advice)
	case TooLong:
		return plural(p.Args.N, "Te sobra 1 carácter", "Te sobran %s caracteres")
	case BadText:
		return "El texto contiene caracteres no válidos"
	case BadEmail:
		return "Escribe un correo completo, como nombre@ejemplo.mx"
	case BadPhone:
		return "Escribe los diez dígitos del teléfono, como 777 123 4567"
	case BadLink:
		return join("Escribe la dirección completa, que empieza con https://", "; por ejemplo ", p.Args.Example)
	case WrongSite:
		return join("Escribe la dirección de tu perfil en esta red", "; por ejemplo ", p.Args.Example)
	case BadPostal:
		return "Escribe los cinco dígitos del código postal"
	case BadPhoto:
		return "Vuelve a subir la fotografía"
	}
	return p.structureText()
}

// structureText is Text for what concerns options, rows and the form itself.
func (p Problem) structureText() string {
	switch p.Code {
	case NotOffered:
		return "Elige una de las opciones de la lista"
	case NeedsOther:
		return "Escribe cuál"
	case StandsAlone:
		return "Elige sólo esa opción o quítala: no se combina con otras"
	case TooManyRows:
		return plural(p.Args.Limit, "Deja sólo 1", "Deja %s como máximo")
	case BlankColumn:
		return "Completa este dato: " + lowerFirst(p.Args.Name)
	case RepeatedRow:
		return "Quita este dato: ya está arriba"
	case Repeated:
		return "Esta respuesta llegó dos veces; vuelve a abrir la página e inténtalo de nuevo"
	case UnknownField:
		return "El formulario trae un dato que no corresponde a esta página; vuelve a abrirla e inténtalo de nuevo"
	case WrongShape:
		return "Vuelve a responder: la respuesta guardada no corresponde a esta pregunta"
	case NotAskedFor:
		return "Quita esta respuesta: no corresponde a lo que respondiste antes"
	}
	return "Revisa esta respuesta"
}

// Summary is Text for the list at the top of the page, where the question is
// not in sight: «Propuesta 1: agrega al menos 76 caracteres».
func (p Problem) Summary() string {
	if p.Label == "" {
		return p.Text()
	}
	return strings.TrimSuffix(p.Label, ":") + ": " + lowerFirst(p.Text())
}

// Problems is a list in the order of the page.
type Problems []Problem

// Of returns those of one question or part.
func (ps Problems) Of(id ID) Problems {
	var some Problems
	for _, p := range ps {
		if p.ID == id {
			some = append(some, p)
		}
	}
	return some
}

// At returns the first one of a box of the form; false when it has none.
func (ps Problems) At(field string) (Problem, bool) {
	for _, p := range ps {
		if p.Field == field {
			return p, true
		}
	}
	return Problem{}, false
}

func join(text, link, more string) string {
	if more == "" {
		return text
	}
	return text + link + more
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, thousands(n))
}

func lowerFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[size:]
}
