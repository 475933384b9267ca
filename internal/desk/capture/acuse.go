package capture

import (
	"conoceles/internal/document"
	"conoceles/web/es"
)

// NoLegalEffect is what the founding plan says of the questionnaire, word for
// word; the screens of capture and the acuse repeat it.
const NoLegalEffect = "El llenado no tiene efectos respecto a la determinación sobre el registro de las personas candidatas."

// PDF writes the acuse. The same receipt gives the same bytes. Its accessible
// version is the page of the acuse.
func (r Receipt) PDF() ([]byte, error) {
	pdf := document.New("Acuse de validación "+r.AcuseFolio, r.Institute, r.At)
	pdf.SetMargins(25, 25, 25)
	pdf.AddPage()

	pdf.Write("", 10, 5, r.Institute)
	pdf.Write("", 10, 5, "Conóceles · "+r.ProcessName)
	pdf.Ln(8)
	pdf.Write("B", 18, 9, "Acuse de validación")
	pdf.Write("", 11, 6, "Cuestionario curricular")
	pdf.Ln(6)
	for _, f := range r.Facts() {
		pdf.Write("", 9, 5, f.Term)
		pdf.Write("B", 11, 6, f.Value)
		pdf.Ln(2)
	}
	pdf.Ln(2)
	pdf.Write("B", 11, 7, "Rubros validados")
	for _, p := range r.Parts {
		pdf.Write("", 10, 5.5, "•  "+p.Label+", versión "+es.Int(p.Version))
	}
	pdf.Ln(6)
	pdf.Write("", 9, 4.6, NoLegalEffect)

	return pdf.Bytes()
}

// Fact is a line of the acuse.
type Fact struct{ Term, Value string }

// Facts returns what the acuse certifies, in order.
func (r Receipt) Facts() []Fact {
	facts := []Fact{
		{"Folio del acuse", r.AcuseFolio},
		{"Persona candidata", r.Name()},
		{"Candidatura", r.Seat()},
		{"Postula", r.Nominator},
		{"Folio de la candidatura", r.Folio},
		{"Validó", r.By},
		{"Fecha y hora", es.FullDateTime(r.At) + " (hora del centro de México)"},
		{"Huella del contenido (SHA-256)", r.Hash},
	}
	if r.Late {
		facts = append(facts, Fact{"Plazo", "Extemporánea: se validó después del plazo de captura"})
	}
	return facts
}
