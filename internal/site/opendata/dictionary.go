package opendata

import (
	"slices"
	"strconv"
	"strings"

	"conoceles/internal/questionnaire"
)

// Entry is what the dictionary says of a column: its meaning, and of an answer,
// what the questionnaire that asks for it says.
type Entry struct {
	Name    string
	Meaning string
	Answers []Asked // the questions that fill the column; none for the registry's
}

// Asked is a question as the dictionary describes it.
type Asked struct {
	ID        questionnaire.ID
	Label     string
	Kind      questionnaire.Kind
	Rules     string   // how long, how many: "De 50 a 5,000 caracteres"; "" when there is no limit
	Options   []string // what it may be answered with, in official words
	Mandatory bool
	Basis     string
}

// asks are the questions behind each column of candidaturas.csv. A column that is
// not here is of the registry.
var asks = map[string][]questionnaire.ID{
	"DIRECCION_CASA_CAMPAÑA": {"casa_campana"},
	"TELEFONO":               {"telefono_publico"},
	"CORREO_ELECTRONICO":     {"correo_publico"},
	"PAGINA_WEB":             {"pagina_web"},
	"REDES":                  append(slices.Clone(networkIDs), "otra_red"),
	"ESCOLARIDAD":            {questionnaire.Degree},
	"ESTATUS_ESCOLARIDAD":    {questionnaire.DegreeStatus},
	"CURSOS":                 {questionnaire.OtherStudies},
	"HISTORIA_PROFESIONAL":   {questionnaire.WorkHistory},
	"TRAYECTORIA_POLITICA":   {questionnaire.Trajectory},
	"MOTIVO_CARGO_PUBLICO":   {questionnaire.Motive},
	"PROPUESTA_1":            {questionnaire.Proposal1},
	"PROPUESTA_2":            {questionnaire.Proposal2},
	"PROPUESTA_GENERO":       {questionnaire.GenderProposal},
}

// Dictionary describes the columns of candidaturas.csv from the questionnaire of
// the process: a new edition of it is a new dictionary.
func Dictionary(q *questionnaire.Questionnaire) []Entry {
	out := make([]Entry, len(columns))
	for i, c := range columns {
		out[i] = Entry{Name: c.Name, Meaning: c.Meaning}
		for _, id := range asks[c.Name] {
			if question, ok := q.Question(id); ok {
				out[i].Answers = append(out[i].Answers, describe(question))
			}
		}
	}
	return out
}

// IdentityDictionary describes the columns of identidad.csv that are questions.
func IdentityDictionary(q *questionnaire.Questionnaire) []Entry {
	names := Questions(q)
	out := make([]Entry, len(names))
	for i, question := range q.Questions() {
		out[i] = Entry{
			Name: names[i], Answers: []Asked{describe(question)},
			Meaning: "Lo que la persona respondió y autorizó publicar; «" + NotAvailable + "» en todos los demás casos.",
		}
	}
	return out
}

func describe(q questionnaire.Question) Asked {
	a := Asked{ID: q.ID, Label: q.Label, Kind: q.Kind, Rules: limits(q), Mandatory: q.Required != nil, Basis: q.Basis}
	if q.Kind != questionnaire.Country { // two hundred of them
		for _, o := range q.Options {
			a.Options = append(a.Options, o.Label)
		}
	}
	return a
}

// limits says how long an answer may be.
func limits(q questionnaire.Question) string {
	var parts []string
	switch {
	case q.Min > 0 && q.Max > 0:
		parts = append(parts, "de "+thousands(q.Min)+" a "+thousands(q.Max)+" caracteres")
	case q.Max > 0:
		parts = append(parts, "hasta "+thousands(q.Max)+" caracteres")
	}
	if q.MaxRows > 1 {
		parts = append(parts, "hasta "+strconv.Itoa(q.MaxRows)+" respuestas")
	}
	return strings.Join(parts, "; ")
}

func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return strconv.Itoa(n/1000) + "," + strconv.Itoa(1000 + n%1000)[1:]
}
