package review

import "slices"

// Cause is a reason to observe a rubro, with what whoever captures reads of it.
type Cause struct {
	Code  string
	Title string // the rule, as the annex says it
	Mend  string // what to do about it
}

// causes are the supuestos of article 18 (domain 6.5).
var causes = []Cause{
	{
		"S1", "Copia íntegra de propuestas de otras candidaturas",
		"Escribe la respuesta con palabras propias de la candidatura.",
	},
	{
		"S2", "Contenidos ofensivos o discriminatorios respecto de otros partidos políticos o candidaturas",
		"Quita lo que ofende o discrimina a otros partidos o candidaturas.",
	},
	{
		"S3", "Lenguaje sexista, ofensivo o discriminatorio",
		"Cambia las expresiones sexistas, ofensivas o discriminatorias.",
	},
	{
		"S4", "Información o imágenes relacionadas con otra candidatura",
		"Deja sólo información de esta candidatura.",
	},
	{
		"S5", "Alusiones o menciones a otro partido político o candidatura",
		"Quita las menciones a otros partidos o candidaturas.",
	},
	{
		"S6", "Contenidos restringidos por la legislación electoral federal y local",
		"Quita lo que la ley electoral restringe; por ejemplo, calumnia o violencia política contra las mujeres en razón de género.",
	},
	{
		"S7", "Lemas o imágenes de campaña",
		"Quita los lemas y las imágenes de campaña.",
	},
}

// photoRules are what a photograph may not be, besides the supuestos.
var photoRules = []Cause{
	{"F1", "Logotipos de partido, coalición o candidatura común", "Elige una fotografía sin logotipos."},
	{"F2", "Imágenes de documentos oficiales o académicos", "Elige una fotografía de la persona, no de un documento."},
	{"F3", "Otras candidaturas o figuras políticas", "Elige una fotografía en la que sólo esté la persona candidata."},
	{"F4", "Imágenes religiosas", "Elige una fotografía sin imágenes religiosas."},
	{"F5", "Fotografía de hace más de tres meses, o en la que no se distingue el rostro", "Elige una fotografía reciente, con el rostro visible y buena luz."},
}

// photoPart is the rubro whose causes include the rules of photographs.
const photoPart = "identidad_foto"

// Causes returns the reasons for which a rubro may be observed, in order.
func Causes(part string) []Cause {
	if part == photoPart {
		return slices.Concat(photoRules, causes)
	}
	return slices.Clone(causes)
}

// CauseOf returns the cause of a code; its zero value when there is none.
func CauseOf(code string) Cause {
	for _, c := range slices.Concat(causes, photoRules) {
		if c.Code == code {
			return c
		}
	}
	return Cause{}
}
