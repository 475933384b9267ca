package tabular

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// What the container of an XLSX may hold. They are measured on what really
// comes out of it, since a ZIP may lie about its sizes, and before any library
// that builds structures from it.
const (
	maxEntries  = 200
	maxUnzipped = 50 << 20
	maxPart     = 16 << 20 // beyond it excelize would write personal data to temporary files
	maxRatio    = 100      // of a part of ratioFrom or more
	ratioFrom   = 1 << 20
	maxGrid     = 1_000_000 // cells, blank ones that a library would fill included
)

// inspect refuses the containers that are not a plain workbook or that are
// made to exhaust whoever opens them.
func inspect(data []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return refuse("El archivo está dañado o incompleto. %s", saveAs)
	}
	if len(archive.File) > maxEntries {
		return tooHeavy()
	}
	names := map[string]bool{}
	total := 0
	for _, f := range archive.File {
		if err := inspectName(f); err != nil {
			return err
		}
		names[strings.ToLower(f.Name)] = true
	}
	if err := inspectKind(names); err != nil {
		return err
	}
	for _, f := range archive.File {
		n, err := inspectPart(f)
		if err != nil {
			return err
		}
		if total += n; total > maxUnzipped {
			return tooHeavy()
		}
	}
	return nil
}

func tooHeavy() error {
	return refuse("El archivo ocupa demasiado al abrirse. Copia sólo tus datos a un archivo nuevo, sin imágenes ni formatos")
}

// inspectName refuses the names that would leave a folder, links and secrets.
func inspectName(f *zip.File) error {
	name := f.Name
	if strings.ContainsAny(name, "\\\x00:") || path.IsAbs(name) || (path.Clean(name) != strings.TrimSuffix(name, "/")) ||
		strings.HasPrefix(name, "../") || !(f.Mode().IsRegular() || f.Mode().IsDir()) {
		return refuse("El archivo no es un libro de Excel válido. %s", saveAs)
	}
	if f.Flags&1 != 0 {
		return refuse("El archivo tiene contraseña. Quítala y guárdalo de nuevo")
	}
	return nil
}

// inspectKind tells a workbook from the other things that are ZIP files.
func inspectKind(names map[string]bool) error {
	switch {
	case names["content.xml"] && names["mimetype"]:
		return refuse("El archivo es de LibreOffice (.ods). %s", saveAs)
	case !names["[content_types].xml"] || !names["xl/workbook.xml"]:
		return refuse("El archivo no es un libro de Excel. Si es un ZIP, ábrelo y envía la tabla que contiene")
	}
	for name := range names {
		switch {
		case path.Base(name) == "vbaproject.bin" || strings.HasPrefix(name, "xl/macrosheets/"):
			return refuse("El archivo tiene macros (.xlsm). Guárdalo como «Libro de Excel (.xlsx)», sin macros")
		case strings.HasPrefix(name, "xl/externallinks/"):
			return refuse("El archivo tiene vínculos a otros libros. Rómpelos en Datos > Editar vínculos, y guárdalo de nuevo")
		}
	}
	return nil
}

// inspectPart unpacks one part to measure it, and looks into those of XML. It
// returns its size.
func inspectPart(f *zip.File) (int, error) {
	r, err := f.Open()
	if err != nil {
		return 0, refuse("El archivo está dañado o incompleto. %s", saveAs)
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, maxPart+1))
	if err != nil {
		return 0, refuse("El archivo está dañado o incompleto. %s", saveAs)
	}
	n := len(content)
	if n > maxPart || (n >= ratioFrom && uint64(n) > maxRatio*f.CompressedSize64) {
		return n, tooHeavy()
	}
	name := strings.ToLower(f.Name)
	if strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels") {
		if bytes.Contains(content, []byte("<!DOCTYPE")) || bytes.Contains(content, []byte("<!ENTITY")) {
			return n, refuse("El archivo no es un libro de Excel válido. %s", saveAs)
		}
		if bytes.Contains(content, []byte("macroEnabled")) {
			return n, refuse("El archivo tiene macros (.xlsm). Guárdalo como «Libro de Excel (.xlsx)», sin macros")
		}
	}
	if strings.HasPrefix(name, "xl/worksheets/") && strings.HasSuffix(name, ".xml") {
		return n, inspectSheet(content)
	}
	return n, nil
}

// inspectSheet bounds the grid of a sheet. One cell named XFD1048576 takes
// fifty bytes, and libraries fill every row and column before it.
func inspectSheet(content []byte) error {
	d := xml.NewDecoder(bytes.NewReader(content))
	row, widest, grid := 0, 0, 0
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refuse("El archivo está dañado o incompleto. %s", saveAs)
		}
		start, ok := token.(xml.StartElement)
		switch {
		case ok && start.Name.Local == "row":
			row++
			if r := attribute(start, "r"); r != "" {
				row = number(r)
			}
			widest = 0
		case ok && start.Name.Local == "c":
			column := widest + 1
			if r := attribute(start, "r"); r != "" {
				column = columnOf(r)
			}
			grid += max(column-widest, 0)
			widest = max(widest, column)
		}
		switch {
		case row > maxRows+1:
			return tooManyRows()
		case widest > maxColumns:
			return tooManyColumns()
		case grid > maxGrid:
			return tooHeavy()
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// number reads a row number; what is not one is beyond every limit.
func number(s string) int {
	var n int
	if _, err := fmt.Sscanf(s, "%d", &n); err != nil || n < 1 {
		return maxRows + 2
	}
	return n
}

// columnOf reads the column of a reference such as AB12; what is not one is
// beyond every limit.
func columnOf(reference string) int {
	n := 0
	for _, r := range strings.TrimRight(reference, "0123456789") {
		if r < 'A' || r > 'Z' || n > maxColumns {
			return maxColumns + 1
		}
		n = n*26 + int(r-'A') + 1
	}
	if n == 0 {
		return maxColumns + 1
	}
	return n
}
