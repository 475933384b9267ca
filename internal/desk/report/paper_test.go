package report

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"conoceles/internal/figures"
)

// longList is a list of many rows.
func longList(rows int) figures.Table {
	t := list("L-1", "Candidaturas vigentes", "Candidatura", "Folio", "Actor político", "Partido que sigla", "Cargo", "Ámbito", "Posición", "Calidad", "Sexo", "Acción afirmativa", "Acuerdo", "Aprobada el")
	for i := range rows {
		t.Rows = append(t.Rows, texts(fmt.Sprintf("Persona Inventada %05d", i), fmt.Sprintf("FIX-%05d", i), "Raíz Común", "No aplica", "Diputación de mayoría relativa", "Distrito 01",
			"Fórmula 1", "Propietaria", "Mujer", "No aplica", "IEP/CEE/100/2027", "2027-03-30"))
	}
	return t
}

func drawn(t testing.TB, rows int) []byte {
	t.Helper()
	p := newPaper(letterhead{Institution: "Instituto"}, "R-8", "huella", true, time.Date(2027, time.April, 6, 9, 0, 0, 0, time.UTC))
	p.page(0, 0)
	p.table(longList(rows))
	content, err := p.pdf.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// A list is whole in its document, however long: twice the rows are twice the pages.
func TestAListIsWholeOnPaper(t *testing.T) {
	pages := func(rows int) int { return bytes.Count(drawn(t, rows), []byte("/Type /Page\n")) }
	some, many := pages(350), pages(700)
	if some < 15 || many < 2*some-3 {
		t.Errorf("350 rows take %d pages, and 700 take %d", some, many)
	}
}

func BenchmarkPaper(b *testing.B) {
	for b.Loop() {
		drawn(b, 5000)
	}
}

// A table of numbers is narrower than one of words of as many columns.
func TestNumbersTakeLessPaper(t *testing.T) {
	numbers := counts("M-1", "", "Clase", "1", "2", "3", "4", "5", "6", "7")
	words := list("L-1", "", "1", "2", "3", "4", "5", "6", "7", "8")
	if got, want := [2]bool{breadth(numbers) > upright, breadth(words) > upright}, [2]bool{false, true}; got != want {
		t.Errorf("lying: got %v, want %v", got, want)
	}
}
