package duty_test

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"
)

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// keep leaves a file where somebody asked for it, to be looked at.
func keep(t *testing.T, name string, b []byte) {
	t.Helper()
	dir := os.Getenv("CONOCELES_LOOK")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
		t.Fatal(err)
	}
}

var shown = regexp.MustCompile(`(?s)\(((?:\\.|[^\\)])*)\) ?Tj`)

// pdfText returns what the pages of one of our documents show: fpdf writes each
// line of a text in UTF-16.
func pdfText(t *testing.T, pdf []byte) string {
	t.Helper()
	var out strings.Builder
	for rest := pdf; ; {
		i := bytes.Index(rest, []byte("stream\n"))
		if i < 0 {
			break
		}
		rest = rest[i+len("stream\n"):]
		z, err := zlib.NewReader(bytes.NewReader(rest))
		if err != nil {
			continue
		}
		content, _ := io.ReadAll(z)
		for _, m := range shown.FindAllSubmatch(content, -1) {
			out.WriteString(decode(m[1]) + " ")
		}
	}
	if out.Len() == 0 {
		t.Fatal("the document shows no text")
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// decode undoes the escapes of a string of a PDF and reads its UTF-16.
func decode(raw []byte) string {
	var b []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] == '\\' && i+1 < len(raw) {
			i++
			if raw[i] == 'r' {
				b = append(b, '\r')
				continue
			}
		}
		b = append(b, raw[i])
	}
	var units []uint16
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return string(utf16.Decode(units))
}
