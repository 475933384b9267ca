package document_test

import (
	"strings"
	"testing"

	"conoceles/internal/document"
)

// A file name names a file, wherever it is put.
func FuzzFileName(f *testing.F) {
	for _, s := range []string{"oficio.pdf", "../../etc/passwd", "a\r\nb", "C:\\x", "", "..", "\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := document.FileName(s); strings.ContainsAny(got, "/\\\r\n\x00\"") {
			t.Errorf("%q gives %q", s, got)
		}
	})
}
