package tabular

import (
	"bytes"
	"unicode/utf16"
)

// recognise says what a file is by how it begins, and how to convert what it
// is not.
func recognise(data []byte) (Format, error) {
	text := bytes.ToLower(bytes.TrimLeft(data[:min(len(data), 512)], "\ufeff \t\r\n"))
	switch {
	case len(data) == 0:
		return "", refuse("El archivo está vacío")
	case bytes.HasPrefix(data, []byte("PK")):
		return XLSX, nil
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return "", refuseCompound(data)
	case bytes.HasPrefix(data, []byte("%PDF")):
		return "", refuse("El archivo es un PDF. Envía la hoja de cálculo de la que salió, en XLSX o CSV")
	case hasAnyPrefix(text, "<!doctype", "<html", "<head", "<body", "<table", "<?xml", "<meta", "<script"):
		return "", refuse("El archivo es una página web con otro nombre. %s", saveAs)
	case bytes.IndexByte(data, 0) >= 0 && !isUTF16(data):
		return "", refuse("El archivo no es una tabla. Envía un XLSX o un CSV")
	}
	return CSV, nil
}

const saveAs = "Abre el archivo y guárdalo como «Libro de Excel (.xlsx)» o «CSV UTF-8 (delimitado por comas)»"

// refuseCompound tells apart the two things that Office kept in its old
// container: workbooks of before 2007 and workbooks with a password.
func refuseCompound(data []byte) error {
	var name []byte
	for _, unit := range utf16.Encode([]rune("EncryptedPackage")) {
		name = append(name, byte(unit), byte(unit>>8))
	}
	if bytes.Contains(data, name) {
		return refuse("El archivo tiene contraseña. Ábrelo, quítala en Archivo > Información > Proteger libro, y guárdalo de nuevo")
	}
	return refuse("El archivo es de una versión antigua de Excel (.xls). %s", saveAs)
}

func isUTF16(data []byte) bool { return hasAnyPrefix(data, "\xff\xfe", "\xfe\xff") }

func hasAnyPrefix(data []byte, prefixes ...string) bool {
	for _, p := range prefixes {
		if bytes.HasPrefix(data, []byte(p)) {
			return true
		}
	}
	return false
}
