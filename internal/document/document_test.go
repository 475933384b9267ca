package document

import (
	"testing"
	"time"
)

// A character that no font of ours has stops no document, wherever it is.
func TestAnEmojiStopsNoDocument(t *testing.T) {
	const typed = "José 😀 𝒜 <b> – «ñ»\n👩‍⚖️"
	pdf := New(typed, typed, time.Unix(0, 0))
	pdf.AddPage()
	pdf.Write("B", 10, 5, typed)
	pdf.CellFormat(50, 5, typed, "", 1, "L", false, 0, "")
	for _, line := range pdf.SplitText(typed, 20) {
		pdf.MultiCell(0, 5, line, "", "L", false)
	}
	if pdf.GetStringWidth(typed) <= 0 {
		t.Error("the text has no width")
	}
	if b, err := pdf.Bytes(); err != nil || len(b) == 0 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}
