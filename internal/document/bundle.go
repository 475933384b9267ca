package document

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// File is a file of a bundle. Its name may carry folders.
type File struct {
	Name  string
	Bytes []byte
}

// ManifestName is the file of a bundle that says the SHA-256 of the others, as
// sha256sum -c reads it.
const ManifestName = "MANIFIESTO.sha256"

// Bundle returns a ZIP of files and their manifest. The same files give the same
// bytes.
func Bundle(files []File, at time.Time) ([]byte, error) {
	var manifest strings.Builder
	for _, f := range files {
		fmt.Fprintf(&manifest, "%s  %s\n", Hash(f.Bytes), f.Name)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range append([]File{{ManifestName, []byte(manifest.String())}}, files...) {
		entry, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: at.UTC().Truncate(2 * time.Second)})
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(f.Bytes); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}

// Hash is the SHA-256 of a file, in hexadecimal.
func Hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// FileName is a text as the name of a file: letters, digits and hyphens.
func FileName(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '-'
	}, s)
}
