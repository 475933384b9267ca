package opendata

import (
	"strconv"
	"strings"

	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/web/es"
)

// Column is a column of the file with what it means, for the data dictionary.
type Column struct {
	Name    string
	Meaning string // Spanish, for whoever reuses the data
	value   func(record) string
}

// Columns returns the columns of the file, in order.
func Columns() []Column { return append([]Column(nil), columns...) }

// record is a candidacy with what its cells need.
type record struct {
	site.Profile
	export Export
	office election.Office
}

var columns = []Column{
	{"PARTIDO_COALICION", "Partido, coalición o candidatura común que postula; las candidaturas independientes dicen CANDIDATURA INDEPENDIENTE.", nominator},
	{"CARGO", "Cargo por el que compite.", func(r record) string { return r.office.INELabel }},
	{"ENTIDAD", "Entidad federativa.", func(r record) string { return orMissing(upper(r.export.Catalog.StateOf(r.Card))) }},
	{"DISTRITO LOCAL", "Número y cabecera del distrito; «No aplica» si el cargo no se elige por distrito.", district},
	{"CIRCUNSCRIPCION", "Circunscripción de las listas de representación proporcional; «No aplica» en los demás cargos.", constituency},
	{"MUNICIPIO", "Municipio; «No aplica» si el cargo no se elige por municipio.", municipality},
	{"NUM_LISTA_O_FORMULA", "Lugar en la lista, cuando el cargo se elige por lista; en los demás cargos, el folio de la candidatura.", place},
	{"NOMBRE_CANDIDATO", "Nombre completo según el registro aprobado.", func(r record) string { return upper(r.Name) }},
	{"TIPO_CANDIDATO", "PROPIETARIA, PROPIETARIO o SUPLENTE.", func(r record) string { return upper(es.Quality(string(r.Sex), string(r.Role))) }},
	{"EDAD", "Años cumplidos en la fecha de referencia del proceso.", age},
	{"SEXO", "Sexo según el registro: MUJER, HOMBRE o NO BINARIO.", func(r record) string { return upper(es.Label(es.Sex, string(r.Sex))) }},
	{"DIRECCION_CASA_CAMPAÑA", "Casas de campaña que la candidatura hizo públicas, separadas por punto y coma.", func(r record) string { return r.lines("casa_campana", "; ") }},
	{"TELEFONO", "Teléfonos que la candidatura hizo públicos, separados por coma.", func(r record) string { return r.texts("telefono_publico", ", ") }},
	{"CORREO_ELECTRONICO", "Correos que la candidatura hizo públicos, separados por coma.", func(r record) string { return r.texts("correo_publico", ", ") }},
	{"PAGINA_WEB", "Página web.", func(r record) string { return r.texts("pagina_web", ", ") }},
	{"REDES", "Direcciones de sus perfiles en redes sociales, separadas por coma.", networks},
	{"ESCOLARIDAD", "Grado máximo de estudios.", func(r record) string { return r.lines(questionnaire.Degree, ", ") }},
	{"ESTATUS_ESCOLARIDAD", "Estatus de esos estudios.", func(r record) string { return r.lines(questionnaire.DegreeStatus, ", ") }},
	{"CURSOS", "Otra formación académica, separada por punto y coma; «Sin cursos» si respondió el cuestionario sin agregar ninguna.", courses},
	{"HISTORIA_PROFESIONAL", "Historia profesional y/o laboral.", essay(questionnaire.WorkHistory)},
	{"TRAYECTORIA_POLITICA", "Trayectoria política y/o participación social.", essay(questionnaire.Trajectory)},
	{"MOTIVO_CARGO_PUBLICO", "¿Por qué quiere ocupar un cargo público?", essay(questionnaire.Motive)},
	{"PROPUESTA_1", "Primera de sus dos principales propuestas.", essay(questionnaire.Proposal1)},
	{"PROPUESTA_2", "Segunda de sus dos principales propuestas.", essay(questionnaire.Proposal2)},
	{"PROPUESTA_GENERO", "Propuesta en materia de género o del grupo en situación de discriminación que representa.", essay(questionnaire.GenderProposal)},

	{"ACCION_AFIRMATIVA", "Acciones afirmativas por las que se le postuló, según el acuerdo de registro, separadas por coma; «No aplica» si ninguna.", actions},
	{"ESTADO_CANDIDATURA", "APROBADA, o ELECTA si resultó electa.", standing},
	{"FECHA_CORTE", "Fecha y hora de los datos, con su diferencia respecto del tiempo universal.", func(r record) string { return es.ISODateTime(r.export.Cut) }},
	{"URL_PERFIL", "Dirección de la ficha pública.", func(r record) string { return r.export.Profile(r.Slug) }},
}

func upper(s string) string { return strings.ToUpper(s) }

func orMissing(s string) string {
	if s == "" {
		return NotProvided
	}
	return s
}

func nominator(r record) string {
	n := r.export.Catalog.Nominator(r.NominatorID)
	if n.Kind == election.Independent {
		return "CANDIDATURA INDEPENDIENTE"
	}
	return upper(n.Name)
}

// district is what the source wrote, else number and seat.
func district(r record) string {
	d := r.export.Catalog.District(r.DistrictID)
	switch {
	case r.office.Ambit == election.InConstituency, r.office.Ambit == election.InState:
		return NotApplies
	case r.DistrictLabel != "":
		return r.DistrictLabel
	case d.ID == 0:
		return NotApplies
	}
	return strconv.Itoa(d.Number) + "-" + upper(d.Seat)
}

func constituency(r record) string {
	switch {
	case r.office.Ambit != election.InConstituency:
		return NotApplies
	case r.DistrictLabel != "":
		return r.DistrictLabel
	}
	return "1"
}

func municipality(r record) string {
	if m := r.export.Catalog.Municipality(r.MunicipalityID); m.ID != 0 {
		return upper(m.Name)
	}
	return NotApplies
}

// place is the position in a list. An archive prints what its source did: a
// folio, whatever the office.
func place(r record) string {
	if r.office.Listed && r.export.Process.Kind != election.Archive {
		return strconv.Itoa(r.Position)
	}
	return r.Folio
}

func age(r record) string {
	if r.Age == 0 {
		return NotProvided
	}
	return strconv.Itoa(r.Age)
}

func actions(r record) string {
	var names []string
	for _, a := range r.AffirmativeActions {
		names = append(names, es.Label(es.Affirmative, string(a)))
	}
	if len(names) == 0 {
		return NotApplies
	}
	return strings.Join(names, ", ")
}

func standing(r record) string {
	if r.Elected {
		return "ELECTA"
	}
	return "APROBADA"
}

// absent returns the words for an answer that is not shown; ok is false when it is.
func (r record) absent(id questionnaire.ID) (words string, ok bool) {
	switch r.Answers[id].State {
	case site.Published:
		return "", false
	case site.UnderReview:
		return InReview, true
	case site.NotApplicable:
		return NotApplies, true
	}
	return NotProvided, true
}

// lines says an answer as a reader would see it: labels for options, an address
// in one line.
func (r record) lines(id questionnaire.ID, separator string) string {
	if words, ok := r.absent(id); ok {
		return words
	}
	q, _ := r.export.Catalog.Curricular.Question(id)
	return strings.Join(q.Lines(r.Answers[id].Value), separator)
}

// texts says an answer as it was typed: a telephone without spaces.
func (r record) texts(id questionnaire.ID, separator string) string {
	if words, ok := r.absent(id); ok {
		return words
	}
	v := r.Answers[id].Value
	if len(v.Texts) == 0 {
		return v.Text
	}
	return strings.Join(v.Texts, separator)
}

func essay(id questionnaire.ID) func(record) string {
	return func(r record) string { return r.texts(id, "\n") }
}

// networkIDs are in the order of INE's file.
var networkIDs = []questionnaire.ID{"facebook", "x_twitter", "instagram", "youtube", "tiktok"}

func networks(r record) string {
	var addresses []string
	review := false
	for _, id := range networkIDs {
		if a := r.Answers[id]; a.State == site.Published {
			addresses = append(addresses, a.Value.Text)
		} else {
			review = review || a.State == site.UnderReview
		}
	}
	if a := r.Answers["otra_red"]; a.State == site.Published {
		for _, row := range a.Value.Rows {
			addresses = append(addresses, row["url"])
		}
	}
	switch {
	case review:
		return InReview
	case len(addresses) == 0:
		return NotProvided
	}
	return strings.Join(addresses, ", ")
}

// courses tells who has none from who answered nothing.
func courses(r record) string {
	words, absent := r.absent(questionnaire.OtherStudies)
	if absent && words == NotProvided && r.Answers[questionnaire.Degree].State == site.Published {
		return NoCourses
	}
	if absent {
		return words
	}
	return r.texts(questionnaire.OtherStudies, "; ")
}
