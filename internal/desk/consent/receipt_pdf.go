package consent

import (
	"conoceles/internal/document"
	"conoceles/web/es"
)

// PDF writes the receipt. Its accessible version is the page of the receipt.
func (r Receipt) PDF() ([]byte, error) {
	pdf := document.New("Recibo de consentimiento "+r.Folio, r.Institute, r.IssuedAt)
	pdf.SetMargins(25, 25, 25)
	pdf.AddPage()

	pdf.Write("", 10, 5, r.Institute)
	pdf.Write("", 10, 5, "Conóceles · "+r.Process)
	pdf.Ln(6)
	pdf.Write("B", 18, 9, "Recibo de consentimiento")
	pdf.Write("", 10, 6, "Expedido el "+es.FullDateTime(r.IssuedAt)+" (hora del centro de México)")
	pdf.Ln(4)
	for _, f := range r.Facts() {
		pdf.Write("", 9, 4.6, f.Term)
		pdf.Write("B", 10, 5.4, f.Value)
		pdf.Ln(1.5)
	}
	pdf.Ln(2)
	pdf.Write("B", 11, 7, "Historia")
	for _, e := range r.Events {
		pdf.Write("", 10, 5.2, es.FullDateTime(e.At)+". "+e.Text())
	}

	return pdf.Bytes()
}
