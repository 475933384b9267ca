package portrait

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
)

// recognise returns the format of a file by its first bytes, whatever its name
// says, or a refusal that names what the file really is.
func recognise(file []byte) (format, error) {
	switch {
	case bytes.HasPrefix(file, []byte("\xFF\xD8\xFF")):
		return jpegFormat, nil
	case bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")):
		return pngFormat, nil
	}
	what := kindOf(file)
	if what == "" {
		return format{}, refuse("El archivo no es una imagen JPG ni PNG. Elige otro o guárdalo como JPG.")
	}
	return format{}, refuse(fmt.Sprintf("El archivo es %s, no una imagen JPG ni PNG. Guárdalo como JPG y vuelve a subirlo.", what))
}

// kindOf names what people upload by mistake, or "".
func kindOf(file []byte) string {
	head := file[:min(len(file), 512)]
	if len(head) > 12 && string(head[4:8]) == "ftyp" {
		switch brand := string(head[8:12]); {
		case strings.HasPrefix(brand, "hei"), strings.HasPrefix(brand, "hev"), brand == "mif1", brand == "msf1":
			return "una foto HEIC de teléfono"
		case brand == "avif", brand == "avis":
			return "una imagen AVIF"
		}
		return "un video"
	}
	lower := bytes.ToLower(bytes.TrimSpace(head))
	switch {
	case bytes.Contains(lower, []byte("<svg")):
		return "un dibujo SVG"
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		return "una imagen TIFF"
	}
	detected := http.DetectContentType(head)
	for prefix, name := range map[string]string{
		"text/html": "una página web", "text/xml": "un archivo XML", "image/gif": "una imagen GIF", "image/webp": "una imagen WebP",
		"image/bmp": "una imagen BMP", "application/pdf": "un PDF", "application/zip": "un archivo comprimido o de Office",
		"text/plain": "un texto", "video/": "un video",
	} {
		if strings.HasPrefix(detected, prefix) {
			return name
		}
	}
	return ""
}
