package consent

import (
	"bytes"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"conoceles/web/es"
)

// PDF writes the receipt. Its accessible version is the page of the receipt.
func (r Receipt) PDF() ([]byte, error) {
	pdf := fpdf.New("P", "mm", "Letter", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(r.IssuedAt)
	pdf.SetModificationDate(r.IssuedAt)
	pdf.SetLang("es-MX")
	pdf.SetTitle("Recibo de consentimiento "+r.Folio, true)
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
	write("", 10, 5, "Conóceles · "+r.Process)
	pdf.Ln(6)
	write("B", 18, 9, "Recibo de consentimiento")
	write("", 10, 6, "Expedido el "+es.FullDateTime(r.IssuedAt)+" (hora del centro de México)")
	pdf.Ln(4)
	for _, f := range r.Facts() {
		write("", 9, 4.6, f.Term)
		write("B", 10, 5.4, f.Value)
		pdf.Ln(1.5)
	}
	pdf.Ln(2)
	write("B", 11, 7, "Historia")
	for _, e := range r.Events {
		write("", 10, 5.2, es.FullDateTime(e.At)+". "+e.Text())
	}

	var b bytes.Buffer
	err := pdf.Output(&b)
	return b.Bytes(), err
}
