package tabular

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// workbook makes an XLSX with what fill puts in its only sheet.
func workbook(t testing.TB, fill func(f *excelize.File, sheet string)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f, "Sheet1")
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func set(t testing.TB, f *excelize.File, cell string, value any) {
	t.Helper()
	if err := f.SetCellValue("Sheet1", cell, value); err != nil {
		t.Fatal(err)
	}
}

// styled sets a number shown with a pattern.
func styled(t testing.TB, f *excelize.File, cell string, value any, pattern string) {
	t.Helper()
	set(t, f, cell, value)
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &pattern})
	if err == nil {
		err = f.SetCellStyle("Sheet1", cell, cell, style)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestReadXLSXFaithfully(t *testing.T) {
	data := workbook(t, func(f *excelize.File, _ string) {
		for i, name := range []string{"texto", "entero", "telefono", "decimal", "fecha", "fecha y hora", "ceros", "sí", "como texto"} {
			set(t, f, letters(i)+"2", name)
		}
		set(t, f, "A4", "  dos  blancos\ny una línea ")
		set(t, f, "B4", 236787)
		set(t, f, "C4", 7771234567.0)
		set(t, f, "D4", 0.1+0.2)
		set(t, f, "E4", time.Date(2024, 6, 2, 0, 0, 0, 0, time.UTC))
		styled(t, f, "F4", 45445.5, `[$-80A]dd" de "mmmm\ yyyy`)
		styled(t, f, "G4", 42, "00000")
		set(t, f, "H4", true)
		set(t, f, "I4", "00042")
		set(t, f, "A6", "'=1+1")
		styled(t, f, "B6", 1500.5, `"d" #,##0.00 [Red]`)
	})
	table := read(t, string(data))
	want := "texto|entero|telefono|decimal|fecha|fecha y hora|ceros|sí|como texto / " +
		"4:  dos  blancos\ny una línea |236787|7771234567|0.3|2024-06-02|2024-06-02 12:00|00042|Sí|00042 / " +
		"6:=1+1|1500.5|||||||"
	if got := flat(table); got != want {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	if table.Format != XLSX || table.Sheet != "Sheet1" || len(table.Problems) > 0 {
		t.Errorf("got %s, sheet %q, %v", table.Format, table.Sheet, table.Problems)
	}
}

func TestReadXLSXTakesTheFirstVisibleSheet(t *testing.T) {
	data := workbook(t, func(f *excelize.File, _ string) {
		for _, name := range []string{"Datos", "Otra"} {
			if _, err := f.NewSheet(name); err != nil {
				t.Fatal(err)
			}
			if err := f.SetSheetRow(name, "A1", &[]string{"a"}); err != nil {
				t.Fatal(err)
			}
		}
		f.SetActiveSheet(1)
		if err := f.SetSheetVisible("Sheet1", false); err != nil {
			t.Fatal(err)
		}
	})
	table := read(t, string(data))
	if table.Sheet != "Datos" || len(table.Problems) != 1 || table.Problems[0].Level != Warning {
		t.Errorf("got %q, %v; want Datos and a warning", table.Sheet, table.Problems)
	}
}

func TestXLSXWithFormulaIsRefused(t *testing.T) {
	data := workbook(t, func(f *excelize.File, sheet string) {
		set(t, f, "A1", "a")
		set(t, f, "B2", 7)
		if err := f.SetCellFormula(sheet, "B2", `HYPERLINK("http://otro.mx")`); err != nil {
			t.Fatal(err)
		}
	})
	refused(t, data, "La celda B2 tiene una fórmula")
}

func refused(t *testing.T, data []byte, want string) {
	t.Helper()
	_, err := Read(bytes.NewReader(data))
	refusal, ok := errors.AsType[*Refusal](err)
	if !ok || !strings.Contains(refusal.Reason, want) {
		t.Errorf("got %v, want a refusal that says %q", err, want)
	}
}

// parts are the files of a ZIP; names repeat nothing and need no order.
type parts map[string]string

func (p parts) archive(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, content := range p {
		header := &zip.FileHeader{Name: name, Method: zip.Deflate}
		if strings.HasSuffix(name, "@") {
			header.Name = strings.TrimSuffix(name, "@")
			header.SetMode(fs.ModeSymlink | 0o777)
		}
		f, err := w.CreateHeader(header)
		if err == nil {
			_, err = f.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// minimal are the parts of the least workbook, with some more.
func minimal(more parts) parts {
	all := parts{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"_rels/.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" ` +
			`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
			`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Hoja1" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" ` +
			`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml": sheetOf(`<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>`),
	}
	for name, content := range more {
		all[name] = content
	}
	return all
}

func sheetOf(rows string) string {
	return `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows + `</sheetData></worksheet>`
}

func TestMinimalWorkbookIsRead(t *testing.T) {
	if got := flat(read(t, string(minimal(nil).archive(t)))); got != "a" {
		t.Errorf("got %q, want %q", got, "a")
	}
}

func TestHostileContainersAreRefused(t *testing.T) {
	many := parts{}
	for i := range maxEntries {
		many[fmt.Sprintf("docProps/%d.xml", i)] = "<a/>"
	}
	blank := strings.Repeat(" ", 3<<20)
	wide := ""
	for i := range 8000 {
		wide += fmt.Sprintf(`<row r="%d"><c r="IV%d"/></row>`, i+1, i+1)
	}
	const sheet = "xl/worksheets/sheet1.xml"
	for _, c := range []struct {
		name  string
		parts parts
		want  string
	}{
		{"plain ZIP", parts{"tabla.csv": "a,b"}, "Si es un ZIP"},
		{"Word", parts{"[Content_Types].xml": "<Types/>", "word/document.xml": "<a/>"}, "no es un libro de Excel"},
		{"LibreOffice", parts{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}, ".ods"},
		{"macros", minimal(parts{"xl/vbaProject.bin": "x"}), ".xlsm"},
		{"macros declared", minimal(parts{"[Content_Types].xml": `<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>`}), ".xlsm"},
		{"old macros", minimal(parts{"xl/macrosheets/sheet1.xml": "<a/>"}), ".xlsm"},
		{"links", minimal(parts{"xl/externalLinks/externalLink1.xml": "<a/>"}), "vínculos"},
		{"many entries", minimal(many), "demasiado"},
		{"bomb", minimal(parts{"xl/media/a.bin": blank}), "demasiado"},
		{"large part", minimal(parts{"xl/media/a.bin": strings.Repeat("x", maxPart+1)}), "demasiado"},
		{"out of its folder", minimal(parts{"../a.xml": "<a/>"}), "válido"},
		{"out by the middle", minimal(parts{"xl/../../a.xml": "<a/>"}), "válido"},
		{"absolute", minimal(parts{"/etc/a.xml": "<a/>"}), "válido"},
		{"of Windows", minimal(parts{`xl\..\a.xml`: "<a/>"}), "válido"},
		{"symbolic link", minimal(parts{"xl/a@": "/etc/passwd"}), "válido"},
		{"entities", minimal(parts{sheet: `<!DOCTYPE x [<!ENTITY a "b">]>` + sheetOf("")}), "válido"},
		{"a million rows", minimal(parts{sheet: sheetOf(`<row r="1048576"><c r="A1048576"><v>1</v></c></row>`)}), "20,000"},
		{"rows without number", minimal(parts{sheet: sheetOf(strings.Repeat("<row/>", maxRows+2))}), "20,000"},
		{"the last column", minimal(parts{sheet: sheetOf(`<row r="1"><c r="XFD1"><v>1</v></c></row>`)}), "256 columnas"},
		{"columns of no sheet", minimal(parts{sheet: sheetOf(`<row r="1"><c r="ZZZZZZZZZZZZZZ1"/></row>`)}), "256 columnas"},
		{"row of no sheet", minimal(parts{sheet: sheetOf(`<row r="-1"/>`)}), "20,000"},
		{"a grid of blanks", minimal(parts{sheet: sheetOf(wide)}), "demasiado"},
		{"broken XML", minimal(parts{sheet: "<worksheet><"}), "dañado"},
		{"no sheets", minimal(parts{sheet: "", "xl/_rels/workbook.xml.rels": "<Relationships/>"}), "El archivo"},
		{"NUL escaped", minimal(parts{sheet: sheetOf("")}), "vacío"},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, c.parts.archive(t), c.want) })
	}
}

// A ZIP may say that a part is small. What comes out of it is what counts.
func TestZIPThatLiesIsRefused(t *testing.T) {
	data := minimal(parts{"xl/media/a.bin": strings.Repeat("x", maxPart+1)}).archive(t)
	size := []byte{byte((maxPart + 1) & 0xff), byte((maxPart + 1) >> 8 & 0xff), byte((maxPart + 1) >> 16 & 0xff), byte((maxPart + 1) >> 24)}
	lie := bytes.ReplaceAll(data, size, []byte{16, 0, 0, 0})
	if bytes.Equal(lie, data) {
		t.Fatal("the archive does not state the size")
	}
	refused(t, lie, "El archivo")
}

func TestEscapedControlCharacterIsAProblem(t *testing.T) {
	table := read(t, string(minimal(parts{"xl/worksheets/sheet1.xml": sheetOf(
		`<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>` +
			`<row r="2"><c r="A2" t="inlineStr"><is><t>x_x0000_y</t></is></c></row>`)}).archive(t)))
	if got := table.Rows[0].Cells[0]; got != "x\x00y" || len(table.Problems) != 1 || table.Problems[0].Level != Fatal {
		t.Errorf("got %q and %v, want a NUL and its problem", got, table.Problems)
	}
}

func TestTemplatesReadBack(t *testing.T) {
	header := []string{"NOMBRE", "FOLIO", "TEXTO"}
	rows := [][]string{
		{"Ana Inventada", "00042", "uno\n\ndos, \"tres\"; cuatro"},
		{"=1+1", "'=1", "'hola"},
		{"-x", "@y", "+52"},
		{"Ñandú 😀", "", " con  blancos "},
	}
	want := "NOMBRE|FOLIO|TEXTO"
	for i, row := range rows {
		want += fmt.Sprintf(" / %d:%s", i+2, strings.Join(row, "|"))
	}
	var csv, xlsx bytes.Buffer
	if err := WriteCSV(&csv, header, rows); err != nil {
		t.Fatal(err)
	}
	if err := WriteXLSX(&xlsx, "Candidaturas", header, rows); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(csv.String(), "\ufeffNOMBRE,FOLIO,TEXTO\r\n") || !strings.Contains(csv.String(), "\r\n'=1+1,''=1,'hola\r\n") {
		t.Errorf("got %q", csv.String())
	}
	for name, data := range map[string]string{"CSV": csv.String(), "XLSX": xlsx.String()} {
		table := read(t, data)
		if got := flat(table); got != want || len(table.Problems) > 0 {
			t.Errorf("%s: %v\n got %q\nwant %q", name, table.Problems, got, want)
		}
	}
	if err := WriteXLSX(&xlsx, "A", header, [][]string{{strings.Repeat("a", 40000)}}); err == nil {
		t.Error("a cell was cut in silence")
	}
}

// The library that reads workbooks was not written for hostile ones.
func FuzzSheet(f *testing.F) {
	f.Add(sheetOf(`<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="3"><c r="B3" s="1"><v>45445.5</v></c></row>`))
	f.Add(sheetOf(`<row><c t="s"><v>0</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="d"><v>2024-06-02</v></c></row>`))
	f.Add(sheetOf(`<row r="1"><c r="A1"><f t="shared" si="0" ref="A1:A9">B1</f><v>1</v></c></row>`) + `<mergeCells><mergeCell ref="A1:B2"/></mergeCells>`)
	f.Fuzz(func(t *testing.T, sheet string) {
		_, err := Read(bytes.NewReader(minimal(parts{"xl/worksheets/sheet1.xml": sheet}).archive(t)))
		if _, ok := errors.AsType[*Refusal](err); err != nil && !ok {
			t.Fatalf("got %v, want a refusal", err)
		}
	})
}
