package consent

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"conoceles/internal/consentform"
)

// TextVersion names the wording of the declarations in force. To change a word
// is a new version: every declaration records the version and the hash of what
// the person read.
const TextVersion = consentform.TextVersion

// Lead is what the declarations hang from. {instituto} is the institute's
// acronym.
const Lead = consentform.Lead

// Statement is one of the three declarations, with its consequence of saying No.
type Statement struct {
	Number int
	Name   string // of its form field
	Title  string
	Text   string // literal: it follows «Sí» or «No»
	IfYes  string
	IfNo   string
}

// Statements returns the three declarations, with the literal text of the format
// (Lineamientos, arts. 22 to 25).
func Statements() []Statement {
	return []Statement{
		{
			1, "tratamiento", "Tratamiento de tus datos",
			consentform.Processing,
			"Se abre el cuestionario de identidad. En cada pregunta puedes elegir «Prefiero no contestar».",
			"El cuestionario de identidad no se abre y se tiene por atendido. El cuestionario curricular sigue igual.",
		},
		{
			2, "publicacion", "Publicación",
			consentform.Publication,
			"Se publican tus respuestas afirmativas a las preguntas configuradas como públicas, cuando la Unidad de Transparencia verifique tu documento firmado.",
			"Ninguna respuesta de identidad se publica. En el sitio se lee «Respondido. No hay respuestas públicas.»",
		},
		{
			3, "estadistica", "Informes con fines estadísticos",
			consentform.Statistics,
			"Tus respuestas cuentan en los informes, sin tu nombre.",
			"Tus respuestas no cuentan en ninguna tabla.",
		},
	}
}

// TextHash is the SHA-256 of what a person reads when declaring.
func TextHash() string {
	var b strings.Builder
	b.WriteString(Lead)
	for _, s := range Statements() {
		b.WriteString("\n" + s.Text)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:])
}
