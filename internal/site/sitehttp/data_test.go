package sitehttp_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"testing"

	"conoceles/internal/site/sitetest"
)

func TestTheFileIsCompressedAndSaysItsProcess(t *testing.T) {
	v := visit(t, sitetest.New(t))
	res := v.do(http.MethodGet, "/datos/candidaturas.csv?estado=publicado", "Accept-Encoding", "gzip")
	if got := res.Header.Get("Content-Disposition"); got != `attachment; filename="candidaturas-demostracion-2027.csv"` {
		t.Errorf("Content-Disposition %q", got)
	}
	z, err := gzip.NewReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\uFEFF")))).ReadAll()
	if err != nil || len(rows) != 5 {
		t.Fatalf("%d rows, %v; want a header and 4", len(rows), err)
	}
	if got := rows[1][len(rows[1])-1]; got != "https://ejemplo.invalid/procesos/demostracion-2027/candidaturas/ximena-d-ejemplo-olmos" {
		t.Errorf("URL_PERFIL %q", got)
	}
	has(t, v.page("/datos", 200), "main", "Corte: 6 de abril de 2027, 14:30 h", "exclusiva responsabilidad", "SHA-256")
	has(t, v.page("/datos/diccionario", 200), "main", "PARTIDO_COALICION", "URL_PERFIL", "20. Entidad federativa de nacimiento:")
}

// The files say the same: the rows of the JSON and of the workbook are those of
// the CSV, and the package tells the size and the hash of what is served.
func TestTheFilesOfOpenDataAgree(t *testing.T) {
	v := visit(t, sitetest.New(t))
	read := func(path string) []byte {
		t.Helper()
		res := v.do(http.MethodGet, path)
		raw, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d, %v", path, res.StatusCode, err)
		}
		if got := res.Header.Get("Access-Control-Allow-Origin"); got != "*" {
			t.Errorf("%s: other sites may read it: %q, want *", path, got)
		}
		return raw
	}
	plain := read("/datos/candidaturas.csv")
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(plain, []byte("\uFEFF")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	workbook := read("/datos/candidaturas.xlsx")
	sheets, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	for sheet, want := range map[string]int{"xl/worksheets/sheet1.xml": len(rows), "xl/worksheets/sheet2.xml": 75} {
		f, err := sheets.Open(sheet)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(raw, []byte("<row ")); n != want {
			t.Errorf("%s has %d rows, want %d", sheet, n, want)
		}
	}
	if n := bytes.Count(read("/datos/candidaturas.json"), []byte(`"URL_PERFIL"`)); n != len(rows)-1 {
		t.Errorf("the JSON has %d candidacies, the CSV %d", n, len(rows)-1)
	}
	sum := sha256.Sum256(plain)
	described := read("/datos/datapackage.json")
	for _, want := range []string{hex.EncodeToString(sum[:]), "CC BY 4.0", fmt.Sprintf(`"bytes":%d`, len(plain))} {
		if !bytes.Contains(bytes.ReplaceAll(described, []byte(`": `), []byte(`":`)), []byte(want)) {
			t.Errorf("the package does not say %q", want)
		}
	}
	for path, status := range map[string]int{
		"/datos/cambios.json": 200, "/datos/cambios.json?desde=2027-01-01": 200, "/datos/cambios.atom": 200,
		"/datos/cambios.json?desde=ayer": 422, "/datos/cambios.json?despues=-1": 422,
	} {
		if got := v.do(http.MethodGet, path).StatusCode; got != status {
			t.Errorf("%s: %d, want %d", path, got, status)
		}
	}
}
