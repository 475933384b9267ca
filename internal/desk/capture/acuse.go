package capture

import (
	"bytes"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"conoceles/web/es"
)

// NoLegalEffect is what the founding plan says of the questionnaire, word for
// word; the screens of capture and the acuse repeat it.
const NoLegalEffect = "El llenado no tiene efectos respecto a la determinación sobre el registro de las personas candidatas."

// PDF writes the acuse. The same receipt gives the same bytes. Its accessible
// version is the page of the acuse.
func (r Receipt) PDF() ([]byte, error) {
	pdf := fpdf.New("P", "mm", "Letter", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(r.At)
	pdf.SetModificationDate(r.At)
	pdf.SetLang("es-MX")
	pdf.SetTitle("Acuse de validación "+r.AcuseFolio, true)
	pdf.SetAuthor(r.Institute, true)
	pdf.AddUTF8FontFromBytes("Go", "", goregular.TTF)
	pdf.AddUTF8FontFromBytes("Go", "B", gobold.TTF)
	pdf.SetMargins(25, 25, 25)
	pdf.AddPage()

	write := func(style string, size, height float64, text string) {
		pdf.SetFont("Go", style, size)
		pdf.MultiCell(0, height, text, "", "L", false)
	}
	write("", 10, 5, r.Institute)
	write("", 10, 5, "Conóceles · "+r.ProcessName)
	pdf.Ln(8)
	write("B", 18, 9, "Acuse de validación")
	write("", 11, 6, "Cuestionario curricular")
	pdf.Ln(6)
	for _, f := range r.Facts() {
		write("", 9, 5, f.Term)
		write("B", 11, 6, f.Value)
		pdf.Ln(2)
	}
	pdf.Ln(2)
	write("B", 11, 7, "Rubros validados")
	for _, p := range r.Parts {
		write("", 10, 5.5, "•  "+p.Label+", versión "+es.Int(p.Version))
	}
	pdf.Ln(6)
	write("", 9, 4.6, NoLegalEffect)

	var b bytes.Buffer
	err := pdf.Output(&b)
	return b.Bytes(), err
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
