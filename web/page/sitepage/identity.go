package sitepage

import (
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/web/layout"
)

// identityBlock is the block of the ficha that says of identity what may be said.
const identityBlock questionnaire.ID = "identidad"

// What the block says in place of answers. Each is the same for everybody in the
// same state, whatever the reason.
var identityBlank = map[site.IdentityState]string{
	site.IdentityUnknown:    "Esta sección no está disponible por el momento.",
	site.IdentityAnswered:   "Respondido. No hay respuestas públicas.",
	site.IdentityUnanswered: "Sin responder.",
}

// identityTerms name the details beside the groups: the questions themselves
// refer to one another and cannot be read alone.
var identityTerms = map[questionnaire.ID]string{
	questionnaire.IndigenousPeople:     "Pueblo o comunidad indígena",
	questionnaire.DisabilityDuration:   "La discapacidad con la que vive es",
	questionnaire.DisabilityType:       "Tipo de discapacidad",
	questionnaire.DisabilityDifficulty: "Su discapacidad le dificulta o impide",
	questionnaire.LGBTIdentity:         "Se identifica como",
	questionnaire.Residence:            "País en que reside",
	questionnaire.TimeAbroad:           "Tiempo que ha vivido en el extranjero",
	questionnaire.ReasonAbroad:         "Motivo de la residencia en el extranjero",
	questionnaire.RegularAbroad:        "Emigró con trabajo o estudios en situación regular",
	questionnaire.Income:               "Ingresos mensuales",
	questionnaire.IncomeSource:         "Fuente principal de ingresos",
	questionnaire.BirthPlace:           "Entidad de nacimiento",
}

// identity composes the block: the groups that the person affirms, together, and
// then the details, in the order of the questionnaire.
func (f Frame) identity(i site.Identity) Block {
	b := Block{
		ID: string(identityBlock), Title: "Identidad", Short: "Identidad",
		Lead: "Sólo se muestra lo que cada persona autorizó publicar por escrito.",
		More: &layout.Link{Label: "Qué datos se protegen", Href: f.Path("/privacidad")},
	}
	if i.State != site.IdentityPublic {
		b.Blank = identityBlank[i.State]
		if f.Copy {
			b.Blank = "Esta copia no incluye el cuestionario de identidad. Consúltalo en el sitio."
		}
		return b
	}
	groups := Reply{Label: "Distintivos"}
	var details []Reply
	for _, q := range f.Catalog.Identity.Questions() {
		a, shown := i.Answers[q.ID]
		badge := questionnaire.Badge(q.ID)
		switch {
		case !shown:
		case badge != "":
			groups.Lines = append(groups.Lines, Line{Text: badge})
		default:
			detail := Reply{Label: identityTerms[q.ID]}
			for _, l := range q.Lines(a) {
				detail.Lines = append(detail.Lines, Line{Text: l})
			}
			details = append(details, detail)
		}
	}
	if len(groups.Lines) > 0 {
		b.Answers = append(b.Answers, groups)
	}
	b.Answers = append(b.Answers, details...)
	return b
}
