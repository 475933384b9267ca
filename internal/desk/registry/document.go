package registry

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	_ "image/jpeg" // the two formats of a scanned page
	_ "image/png"
	"path"
	"strings"
	"unicode"

	"conoceles/internal/fault"
)

// MaxDocument is the most that the document of an act may measure.
const MaxDocument = 8 << 20

// Document is the acuerdo, the sentence or the letter that an act rests on. It
// is kept as it came and only ever given back as a download.
type Document struct {
	Name  string
	Bytes []byte
}

// NewDocument checks a document by its content: a PDF, a JPEG or a PNG of at
// most MaxDocument. The name is only for whoever downloads it.
func NewDocument(name string, data []byte) (*Document, error) {
	if len(data) > MaxDocument {
		return nil, fault.InvalidField("documento", "El documento mide más de 8 MB; escanéalo con menor resolución")
	}
	extension := kindOf(data)
	if extension == "" {
		return nil, fault.InvalidField("documento", "El documento debe ser PDF, JPG o PNG; por su contenido, este no lo es")
	}
	return &Document{safeName(name) + extension, data}, nil
}

// kindOf recognises the content, whatever the file is called.
func kindOf(data []byte) string {
	if bytes.HasPrefix(data, []byte("%PDF-")) {
		return ".pdf"
	}
	_, format, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		return ""
	case format == "jpeg":
		return ".jpg"
	}
	return "." + format
}

// safeName keeps of a file's name what is fit for any disk.
func safeName(name string) string {
	name = path.Base(strings.ReplaceAll(name, "\\", "/"))
	name = strings.TrimSuffix(name, path.Ext(name))
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, name)
	name = strings.Trim(name, "-")
	if name == "" {
		return "documento"
	}
	return string([]rune(name)[:min(80, len([]rune(name)))])
}

func (d *Document) hash() string {
	sum := sha256.Sum256(d.Bytes)
	return hex.EncodeToString(sum[:])
}

// ContentType returns the type of the document, by its name.
func (d *Document) ContentType() string {
	switch path.Ext(d.Name) {
	case ".pdf":
		return "application/pdf"
	case ".png":
		return "image/png"
	}
	return "image/jpeg"
}
