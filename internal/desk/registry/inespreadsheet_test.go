package registry_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/internal/site/opendata"
)

// A file of ours that somebody opened and saved in a spreadsheet, as Windows-1252
// with semicolons, changes nobody: what that encoding does not have is kept as it
// was, and told cell by cell.
func TestASpreadsheetThatSavesOurFileChangesNobody(t *testing.T) {
	data := shared(t, "ine-local-2022/candidatos.csv")
	if data == nil {
		return
	}
	o := newOffice(t)
	o.ine("Locales 2022 (INE)", withRareCharacters(t, data))
	saved, lost := saveAs1252(t, o.openData("locales-2022-ine"))
	if len(lost) == 0 {
		t.Fatal("every text fits the encoding: the test proves nothing of those that do not")
	}
	again := o.ine("Locales 2022 (INE)", saved)
	if again.New != 0 || again.Changed != 0 || again.Unchanged != 479 {
		t.Errorf("new %d, changed %d, unchanged %d; want 0, 0, 479: %v", again.New, again.Changed, again.Unchanged, again.Changes[:min(5, len(again.Changes))])
	}
	var told []string
	for _, w := range again.Warnings {
		if strings.Contains(w.Text, "Windows-1252") {
			told = append(told, fmt.Sprintf("%d %s", w.Row, w.Column))
		}
	}
	slices.Sort(told)
	if !slices.Equal(told, lost) {
		t.Errorf("warned of %d cells, %d lost something:\n got %q\nwant %q", len(told), len(lost), told, lost)
	}
	o.intact()
}

// What the spreadsheet did not do, somebody may: a text that is corrected in the
// same file changes, though others in its row lost something.
func TestACorrectionInASavedFileIsACorrection(t *testing.T) {
	data := shared(t, "ine-local-2022/candidatos.csv")
	if data == nil {
		return
	}
	o := newOffice(t)
	o.ine("Locales 2022 (INE)", withRareCharacters(t, data))
	saved, _ := saveAs1252(t, o.openData("locales-2022-ine"))
	corrected := bytes.Replace(saved, []byte(";PROPIETARIA;"), []byte(";SUPLENTE;"), 1)
	again := o.ine("Locales 2022 (INE)", corrected)
	if again.Changed != 1 || again.New != 0 {
		t.Errorf("changed %d, new %d; want 1, 0", again.Changed, again.New)
	}
}

// withRareCharacters adds to a few cells what Windows-1252 does not have, as people
// write it today: every text of the file fits.
func withRareCharacters(t *testing.T, file []byte) []byte {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) int { return slices.Index(rows[0], name) }
	rows[1][at("NOMBRE_CANDIDATO")] += " ĊHŌL"
	rows[2][at("DIRECCION_CASA_CAMPAÑA")] = "Calle 1 → local ②"
	for _, i := range []int{1, 3, 5, 8} {
		rows[i][at("PROPUESTA_1")] = "💧 Agua para todas: 1 → 2 → 3. ¿Cuándo? Ya. " + rows[i][at("PROPUESTA_1")] + " ✊🏽"
	}
	var b bytes.Buffer
	b.WriteString("\ufeff")
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// openData returns the file of candidacies of a process.
func (o *office) openData(key string) []byte {
	o.T.Helper()
	store := site.New(o.Site, questionnaire.Edition)
	all, err := store.Processes(o.T.Context())
	if err != nil {
		o.T.Fatal(err)
	}
	p, _ := site.Find(all, key)
	c, err := store.Catalog(o.T.Context(), p)
	if err != nil {
		o.T.Fatal(err)
	}
	var b bytes.Buffer
	e := opendata.Export{Process: p, Catalog: c, Cut: o.Now(), Profile: func(s string) string { return "https://ejemplo.invalid/" + s }}
	if err := opendata.WriteCSV(o.T.Context(), &b, store, e); err != nil {
		o.T.Fatal(err)
	}
	return b.Bytes()
}

// saveAs1252 does what Excel does in Spanish: semicolons, Windows-1252, a question
// mark for each UTF-16 unit that it does not have. lost are the cells with some.
func saveAs1252(t *testing.T, file []byte) (saved []byte, lost []string) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	out.Comma, out.UseCRLF = ';', true
	for i, row := range rows {
		for j, cell := range row {
			var kept strings.Builder
			fits := true
			for _, r := range cell {
				if _, ok := charmap.Windows1252.EncodeRune(r); ok {
					kept.WriteRune(r)
					continue
				}
				fits = false
				kept.WriteString(strings.Repeat("?", utf16.RuneLen(r)))
			}
			row[j] = kept.String()
			if !fits && j < 25 {
				lost = append(lost, fmt.Sprintf("%d %s", i+1, rows[0][j]))
			}
		}
		if err := out.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	out.Flush()
	saved, err = charmap.Windows1252.NewEncoder().Bytes(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(lost)
	return saved, lost
}

// The workbook is a workbook to who did not write it, and says what the CSV says.
func TestTheWorkbookReadsAsTheCSV(t *testing.T) {
	data := shared(t, "ine-local-2022/candidatos.csv")
	if data == nil {
		return
	}
	o := newOffice(t)
	o.ine("Locales 2022 (INE)", withRareCharacters(t, data))
	store := site.New(o.Site, questionnaire.Edition)
	all, err := store.Processes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, _ := site.Find(all, "locales-2022-ine")
	c, err := store.Catalog(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	e := opendata.Export{Process: p, Catalog: c, Cut: o.Now(), Profile: func(s string) string { return "https://ejemplo.invalid/" + s }}
	workbook, err := opendata.MakeWorkbook(t.Context(), store, e)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := workbook.Write(t.Context(), &b, store, e); err != nil {
		t.Fatal(err)
	}
	want, err := tabular.Read(bytes.NewReader(o.openData("locales-2022-ine")))
	if err != nil {
		t.Fatal(err)
	}
	got, err := tabular.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	if got.Format != tabular.XLSX || got.Sheet != "CANDIDATOS" || len(got.Rows) != len(want.Rows) {
		t.Fatalf("%s, sheet %q, %d rows; want XLSX, CANDIDATOS, %d", got.Format, got.Sheet, len(got.Rows), len(want.Rows))
	}
	for i, row := range want.Rows {
		for j, cell := range row.Cells {
			if got.Rows[i].Cells[j] != cell {
				t.Fatalf("row %d, %s: %q, want %q", row.Line, want.Header[j], got.Rows[i].Cells[j], cell)
			}
		}
	}
}
