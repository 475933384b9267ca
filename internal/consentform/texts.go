// Package consentform draws the format on which a person gives or denies their
// consent, one page to print and sign: filled in for a candidacy, or blank for
// whoever downloads it from the public site.
//
// It is pure (data in, bytes out) and belongs to neither half of the program, so
// that both draw the same page. The texts are official and literal: the screen
// of the desk, the hash that every declaration records and this page all take
// them from here.
package consentform

import (
	"fmt"
	"strings"
)

// TextVersion names the wording in force. To change a word below is a new version.
const TextVersion = "1"

// Lead is what the declarations hang from. {instituto} is the institute's
// acronym.
const Lead = "Por lo anterior, habiendo leído el aviso de privacidad integral publicado en el portal oficial del {instituto}, a través del " +
	"cual se me entera del uso, tratamiento, transferencia y divulgación de mis datos personales en el Sistema «Candidatas y Candidatos, " +
	"Conóceles», y plenamente enterada(o) de su contenido y alcance legal, manifiesto lo siguiente:"

// The three declarations. Each follows «Sí» or «No» (Lineamientos, arts. 22 to
// 25).
const (
	Processing  = "Autorizo que mis datos personales sean tratados conforme a las finalidades específicas precisadas en el Aviso de Privacidad."
	Publication = "Autorizo la publicación y divulgación de mis datos sensibles capturados en el cuestionario de identidad para integrar el sistema."
	Statistics  = "Autorizo que los datos generados por mi registro sean parte de los informes que se elaboren con fines estadísticos."
)

// Texts returns the three declarations, in order.
func Texts() [3]string { return [3]string{Processing, Publication, Statistics} }

const (
	title  = "Formato para otorgar consentimiento expreso"
	system = "Sistema «Candidatas y Candidatos, Conóceles»"
	basis  = "Fundamento: Lineamientos para el uso del Sistema, Anexo 24.2 del Reglamento de Elecciones, artículos 22, 23, 24 y 25."
	revoke = "Puedes revocar tu consentimiento en cualquier momento, sin costo y sin explicar por qué, ante la Unidad de Transparencia."
)

// Form is what the page says. What is blank is a line to write on.
type Form struct {
	Institute string
	Acronym   string
	Process   string

	Name      string
	Office    string
	Place     string
	Nominator string
	Folio     string

	// Marks are what was declared on screen, in the order of Texts; nil leaves
	// the boxes to be marked by hand.
	Marks *[3]bool
	// Code ties the page to one declaration; Address is what its square code
	// opens. Both are blank where there is no declaration.
	Code    string
	Address string
	// Email is the account that receives the signed page of whoever has no
	// party; "" says nothing of it.
	Email string
	// TextVersion names the wording of the declarations.
	TextVersion string
}

// lead is Lead with the institute in it.
func (f Form) lead() string { return strings.ReplaceAll(Lead, "{instituto}", f.Acronym) }

// mark is the pair of boxes of a declaration.
func (f Form) mark(i int) (yes, no string) {
	switch {
	case f.Marks == nil:
		return "", ""
	case f.Marks[i]:
		return "X", ""
	}
	return "", "X"
}

// fields are the lines about the person, with their labels.
func (f Form) fields() [][2]string {
	return [][2]string{
		{"Nombre de la candidatura", f.Name},
		{"Cargo", f.Office},
		{"Distrito o municipio", f.Place},
		{"Partido, coalición o candidatura independiente", f.Nominator},
	}
}

// foot is what the page ends with.
func (f Form) foot() []string {
	lines := []string{basis, revoke}
	if f.Email != "" {
		lines = append(lines, fmt.Sprintf("Si tu candidatura es independiente, puedes enviar este formato firmado a %s.", f.Email))
	}
	return append(lines, "Texto de las declaraciones, versión "+f.TextVersion+".")
}
