package sitepage

import (
	"slices"

	"conoceles/web/component"
)

// asked are the questions that people ask most, by the id of their answer.
var asked = []component.Chip{
	{Label: "¿Qué es este sitio?", Href: "#que-es"},
	{Label: "¿Cómo encuentro a quienes puedo votar?", Href: "#encontrar"},
	{Label: "¿Cómo comparo candidaturas?", Href: "#comparar"},
	{Label: "¿Con qué reglas se presentan?", Href: "#reglas"},
	{Label: "¿Qué significa cada aviso?", Href: "#avisos"},
	{Label: "¿Y los datos de identidad?", Href: "#identidad"},
	{Label: "¿Cómo imprimo o comparto?", Href: "#imprimir"},
	{Label: "¿Quién responde por lo que dice una ficha?", Href: "#quien-responde"},
	{Label: "¿Guardan lo que busco?", Href: "#privacidad"},
	{Label: "¿Capturas, revisas o administras?", Href: "#guias"},
	{Label: "Contacto", Href: "#contacto"},
}

// questions are those that make sense in the process, where historical data has no
// identity, and in a copy of the site, which has no guides.
func (f Frame) questions() []component.Chip {
	return slices.DeleteFunc(slices.Clone(asked), func(c component.Chip) bool {
		return c.Href == "#identidad" && !f.Process.AsksIdentity() || c.Href == "#guias" && f.Copy
	})
}

// statementDate is when the declaration of accessibility was last checked against
// the program.
const statementDate = "25 de noviembre de 2026"
