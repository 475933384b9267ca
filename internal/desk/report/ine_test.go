package report_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"conoceles/internal/desk/registry"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/desk/report"
	"conoceles/internal/figures"
	"conoceles/web/figure"
)

// shared reads a file of real data; nil, and it says so, where there is none.
func shared(t testing.TB, name string) []byte {
	t.Helper()
	root := os.Getenv("CONOCELES_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared")
	}
	data, err := os.ReadFile(filepath.Join(root, "data", name))
	if err != nil {
		t.Logf("left out: the real data is not at %s", root)
		return nil
	}
	return data
}

// said returns a table as people read it: the cells of each row joined by spaces, by
// the name of the row.
func said(t testing.TB, r figures.Report, id string) map[string]string {
	t.Helper()
	table, ok := r.Table(id)
	if !ok {
		t.Fatalf("there is no table %s", id)
	}
	out := map[string]string{}
	for _, row := range figure.Rows(table, figure.Text) {
		out[row[0]] = strings.ReplaceAll(strings.Join(row[1:], " "), "\u00a0", " ")
	}
	return out
}

func compare(t *testing.T, r figures.Report, id string, want map[string]string) {
	t.Helper()
	got := said(t, r, id)
	for name, w := range want {
		if g := got[name]; !strings.HasPrefix(g+" ", w+" ") {
			t.Errorf("%s, %s: got %q, want %q", id, name, g, w)
		}
	}
}

// TestTheLocalElectionsOf2022 are the tables that were counted by hand from INE's
// file (domain 8.2), from the import of the file to what is read back of the
// documents. Identity is not in that file: see the test of its own.
func TestTheLocalElectionsOf2022(t *testing.T) {
	data := shared(t, "ine-local-2022/candidatos.csv")
	if data == nil {
		return
	}
	o := newOffice(t)
	c, err := registry.DefaultCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	_, err = registry.New(o.Desk, o.Publisher, c).ImportINE(context.Background(), registry.Command("prueba"), registry.ImportRequest{
		Process: "Locales 2022 (INE)", Name: "candidatos.csv", Data: data,
	})
	if err != nil {
		t.Fatal(err)
	}
	o.work(o.ID(`SELECT id FROM desk.processes WHERE key = 'locales-2022-ine'`))
	for _, kind := range []report.Kind{report.Advance, report.Final} {
		f := o.cut(kind, "Final")
		compare(t, f.Report, "T-1", map[string]string{
			"Gubernatura": "27 27 100.0 %", "Diputación de mayoría relativa": "158 135 85.4 %", "Diputación de representación proporcional": "49 39 79.6 %",
			"Presidencia municipal": "245 126 51.4 %", "Total": "479 327 68.3 %",
		})
		compare(t, f.Report, "T-2", map[string]string{
			"MOVIMIENTO CIUDADANO": "84 40 47.6 %", "JUNTOS HACEMOS HISTORIA EN DURANGO": "77 44 57.1 %", "PARTIDO REVOLUCIONARIO INSTITUCIONAL": "60 50 83.3 %",
			"VA POR DURANGO": "55 39 70.9 %", "MORENA": "10 10 100.0 %", "MOVIMIENTO AUTENTICO SOCIAL": "36 35 97.2 %", "PARTIDO ACCIÓN NACIONAL": "30 23 76.7 %",
			"PARTIDO DE LA REVOLUCIÓN DEMOCRÁTICA": "22 11 50.0 %", "CANDIDATURA INDEPENDIENTE": "6 4 66.7 %",
		})
		compare(t, f.Report, "T-3", map[string]string{"Hombre": "203 151 74.4 %", "Mujer": "276 176 63.8 %", "Total": "479 327 68.3 %"})
		compare(t, f.Report, "T-4", map[string]string{"Propietaria": "405 286 70.6 %", "Suplente": "74 41 55.4 %"})
		degrees, status := map[string]string{}, map[string]string{}
		for name, cells := range said(t, f.Report, "T-5") {
			degrees[name] = cells[strings.LastIndex(cells, " ")+1:]
		}
		for name, cells := range said(t, f.Report, "T-5b") {
			status[name] = cells[strings.LastIndex(cells, " ")+1:]
		}
		for name, want := range map[string]string{
			"Licenciatura": "186", "Preparatoria": "54", "Maestría": "38", "Secundaria": "22", "Doctorado": "10", "Técnica": "8", "Primaria": "5",
			"Especialidad": "4", "Sin captura": "152", "Total": "479",
		} {
			if degrees[name] != want {
				t.Errorf("T-5, %s: got %q, want %q", name, degrees[name], want)
			}
		}
		for name, want := range map[string]string{"Título": "114", "Cédula profesional": "71", "Certificado": "69", "Cursando": "46", "Trunco(a)": "27"} {
			if status[name] != want {
				t.Errorf("T-5b, %s: got %q, want %q", name, status[name], want)
			}
		}
		o.readBack(t, f)
	}
}

// readBack opens the files of a cut and looks for the same figures in them.
func (o *office) readBack(t *testing.T, f report.File) {
	t.Helper()
	table, _ := f.Report.Table("T-1")
	var csv bytes.Buffer
	if err := report.WriteCSV(&csv, table); err != nil {
		t.Fatal(err)
	}
	read, err := tabular.Read(&csv)
	if err != nil {
		t.Fatal(err)
	}
	want := "Diputación de mayoría relativa|158|135|85.4"
	if got := strings.Join(read.Rows[1].Cells, "|"); !strings.HasPrefix(got, want) {
		t.Errorf("the CSV says %q, want %q", got, want)
	}
	var book bytes.Buffer
	if err := report.WriteBook(&book, f, f.Report); err != nil {
		t.Fatal(err)
	}
	o.keep(t, string(f.Kind)+".xlsx", book.Bytes())
	x, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	rows, err := x.GetRows("T-1")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[2], "|"); !strings.HasPrefix(got, want) {
		t.Errorf("the workbook says %q, want %q", got, want)
	}
	if kind, err := x.GetCellType("T-1", "B3"); err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
		t.Errorf("the figures of the workbook are words: %v, %v", kind, err)
	}
	paper, err := o.store.Document(context.Background(), f, f.Report)
	if err != nil {
		t.Fatal(err)
	}
	o.keep(t, string(f.Kind)+".pdf", paper)
	again, err := o.store.Document(context.Background(), f, f.Report)
	if err != nil || !bytes.Equal(paper, again) {
		t.Errorf("the document is not the same twice: %v", err)
	}
}

// keep writes a file where somebody can look at it, if they said where.
func (o *office) keep(t *testing.T, name string, content []byte) {
	t.Helper()
	if dir := os.Getenv("CONOCELES_LOOK"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
