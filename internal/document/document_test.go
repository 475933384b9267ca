package document

import (
	"archive/zip"
	"bytes"
	"io"
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

// Whoever receives a bundle checks each file against its manifest, and the same
// files give the same bytes.
func TestABundleSaysTheHashOfEachFile(t *testing.T) {
	files := []File{{"oficio.pdf", []byte("%PDF-1.4")}, {"anexos/lista.csv", []byte("A,B\r\n")}}
	b, err := Bundle(files, time.Unix(1_700_000_001, 0))
	if err != nil {
		t.Fatal(err)
	}
	again, err := Bundle(files, time.Unix(1_700_000_001, 0))
	if err != nil || !bytes.Equal(b, again) {
		t.Errorf("the same files give other bytes (%v)", err)
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	manifest := ""
	for i, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			manifest = string(data)
			if f.Name != ManifestName {
				t.Errorf("the first file is %s", f.Name)
			}
			continue
		}
		if line := Hash(data) + "  " + f.Name + "\n"; !bytes.Contains([]byte(manifest), []byte(line)) {
			t.Errorf("the manifest does not say %q:\n%s", line, manifest)
		}
	}
	if len(z.File) != len(files)+1 {
		t.Errorf("%d files, want %d", len(z.File), len(files)+1)
	}
}
