package opendata

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Normalisation is one way in which a cell of ours may differ from the cell of
// INE's file that it comes from. A difference that no normalisation explains is
// a loss.
type Normalisation struct {
	Columns []string // nil: every column
	Why     string   // Spanish: what changes and why
	Apply   func(cell string) string
}

// Normalisations lists, in the order in which they apply, everything that
// importing a file of INE and writing it again may change in its 25 columns.
func Normalisations() []Normalisation { return slices.Clone(normalisations) }

var (
	names   = []string{"PARTIDO_COALICION", "ENTIDAD", "MUNICIPIO", "NOMBRE_CANDIDATO"}
	answers = []string{
		"DIRECCION_CASA_CAMPAÑA", "TELEFONO", "CORREO_ELECTRONICO", "PAGINA_WEB", "REDES", "ESCOLARIDAD", "ESTATUS_ESCOLARIDAD", "CURSOS",
		"HISTORIA_PROFESIONAL", "TRAYECTORIA_POLITICA", "MOTIVO_CARGO_PUBLICO", "PROPUESTA_1", "PROPUESTA_2", "PROPUESTA_GENERO",
	}
	oneRow = []string{
		"PARTIDO_COALICION", "ENTIDAD", "DISTRITO LOCAL", "MUNICIPIO", "NOMBRE_CANDIDATO",
		"DIRECCION_CASA_CAMPAÑA", "TELEFONO", "CORREO_ELECTRONICO", "PAGINA_WEB", "REDES", "CURSOS",
	}
)

var normalisations = []Normalisation{
	{nil, "Los fines de línea se escriben de una sola forma.", lineEnds},
	{nil, "Las letras con acento se escriben en su forma compuesta (NFC).", norm.NFC.String},
	{nil, "Desaparecen los caracteres invisibles; la tabulación y el espacio de no separación son espacios.", visible},
	{oneRow, "En los datos de un renglón, varios espacios o saltos de línea seguidos son un espacio, y ninguno precede a una coma.", oneLine},
	{nil, "Desaparecen los espacios al principio y al final.", strings.TrimSpace},
	{nil, "Un dato vacío, o un espacio, se escribe «No proporcionó».", missing},
	{answers, "«No aplica», en una respuesta, se escribe «No proporcionó».", notApplies},
	{names, "Nombres de personas, partidos y lugares se escriben en mayúsculas.", strings.ToUpper},
	{[]string{"TELEFONO"}, "Los teléfonos se escriben sólo con dígitos, separados por coma.", digits},
	{[]string{"REDES"}, "Las redes siguen un mismo orden: Facebook, X, Instagram, YouTube, TikTok y otras.", sortedList},
	{[]string{"ESTATUS_ESCOLARIDAD"}, "«Trunco» y «Trunca» se escriben «Trunco(a)».", unfinished},
}

// Normalise applies every normalisation of a column: a cell of the source and
// the cell we write from it give the same result.
func Normalise(column, cell string) string {
	for _, n := range normalisations {
		if n.Columns == nil || slices.Contains(n.Columns, column) {
			cell = n.Apply(cell)
		}
	}
	return cell
}

func lineEnds(s string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
}

func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\u00a0', r == '\u202f', r == '\u2007':
			return ' '
		case r == '\u00ad', r == '\ufeff', r >= '\u200b' && r <= '\u200f', r >= '\u202a' && r <= '\u202e', r >= '\u2060' && r <= '\u2064':
			return -1
		}
		return r
	}, s)
}

func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.ReplaceAll(s, " ,", ",")
}

func missing(s string) string {
	if s == "" {
		return NotProvided
	}
	return s
}

func notApplies(s string) string {
	if s == NotApplies {
		return NotProvided
	}
	return s
}

func digits(s string) string {
	if s == NotProvided {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == ',' {
			return r
		}
		return -1
	}, s)
}

func sortedList(s string) string {
	all := strings.Split(s, ", ")
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func unfinished(s string) string {
	if s == "Trunco" || s == "Trunca" {
		return "Trunco(a)"
	}
	return s
}
