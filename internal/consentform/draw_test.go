package consentform_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"strings"
	"testing"

	"conoceles/internal/consentform"
)

func filled() consentform.Form {
	return consentform.Form{
		Institute: "Instituto Electoral de Prueba", Acronym: "IEP", Process: "Proceso de prueba 2027", Name: "Marisol Inventada Tapia",
		Office: "Diputación local", Place: "Distrito 05", Nominator: "Partido Horizonte", Folio: "PRU-00001",
		Marks: &[3]bool{true, false, true}, Code: "ABCD-EFGH-IJKL", Address: "https://conoceles.example/transparencia/consentimientos/PRU-00001",
		Email: "consentimientos@iep.example", TextVersion: "1",
	}
}

func TestTheFormatIsOnePage(t *testing.T) {
	long := filled()
	long.Name = strings.Repeat("Nombre largo ", 12)
	long.Nominator = strings.Repeat("Coalición de muchos partidos ", 6)
	tests := map[string]consentform.Form{
		"filled": filled(), "blank": {Institute: "Instituto", Acronym: "IEP", Process: "Proceso", Email: "a@iep.example", TextVersion: "1"}, "long names": long,
	}
	for name, form := range tests {
		t.Run(name, func(t *testing.T) {
			b, err := form.PDF()
			if err != nil {
				t.Fatal(err)
			}
			if got := bytes.Count(b, []byte("/Type /Page\n")); got != 1 {
				t.Errorf("%d pages, want 1", got)
			}
			again, err := form.PDF()
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(b, again) {
				t.Error("the same form gave other bytes")
			}
		})
	}
}

// What is declared must be what is printed: the page of another declaration is
// another page.
func TestTheMarksAreThoseDeclared(t *testing.T) {
	drawn := map[string]bool{}
	for i := range 8 {
		form := filled()
		form.Marks = &[3]bool{i&1 != 0, i&2 != 0, i&4 != 0}
		b, err := form.PDF()
		if err != nil {
			t.Fatal(err)
		}
		drawn[content(t, b)] = true
	}
	if len(drawn) != 8 {
		t.Errorf("eight declarations gave %d pages", len(drawn))
	}
}

// content returns the drawing of the page.
func content(t *testing.T, pdf []byte) string {
	t.Helper()
	for rest := pdf; ; {
		i := bytes.Index(rest, []byte("stream\n"))
		if i < 0 {
			t.Fatal("the page has no drawing")
		}
		rest = rest[i+len("stream\n"):]
		r, err := zlib.NewReader(bytes.NewReader(rest))
		if err != nil {
			continue
		}
		text, _ := io.ReadAll(r)
		if bytes.Contains(text, []byte(" re ")) || bytes.Contains(text, []byte(" re\n")) {
			return string(text)
		}
	}
}
