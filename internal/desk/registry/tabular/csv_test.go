package tabular

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

func read(t *testing.T, data string) *Table {
	t.Helper()
	table, err := Read(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// flat says a table in one line, for comparing.
func flat(t *Table) string {
	lines := []string{strings.Join(t.Header, "|")}
	for _, row := range t.Rows {
		lines = append(lines, fmt.Sprintf("%d:%s", row.Line, strings.Join(row.Cells, "|")))
	}
	return strings.Join(lines, " / ")
}

func utf16le(s string) string {
	out := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(s)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return string(out)
}

func TestReadCSV(t *testing.T) {
	for _, c := range []struct{ name, data, encoding, want string }{
		{"plain", "a,b\n1,2\n", "UTF-8", "a|b / 2:1|2"},
		{"byte order mark", "\ufeffa,b\r\n1,ñ\r\n", "UTF-8", "a|b / 2:1|ñ"},
		{"windows-1252", "a,b\r\nni\xf1o,\x93s\xed\x94\r\n", "Windows-1252", "a|b / 2:niño|“sí”"},
		{"UTF-16", utf16le("a\tb\r\n1\tñ\r\n"), "UTF-16", "a|b / 2:1|ñ"},
		{"semicolons", "a;b\n1,5;2\n", "UTF-8", "a|b / 2:1,5|2"},
		{"tabs", "a\tb\n1,5\t2;3\n", "UTF-8", "a|b / 2:1,5|2;3"},
		{"separator inside quotes", "\"a;b;c\",d\n1,2\n", "UTF-8", "a;b;c|d / 2:1|2"},
		{"declared separator", "sep=;\na,b;c\n1;2\n", "UTF-8", "a,b|c / 3:1|2"},
		{"line ends of old Macs", "a,b\r1,2\r3,4\r", "UTF-8", "a|b / 2:1|2 / 3:3|4"},
		{"one column", "a\n1\n", "UTF-8", "a / 2:1"},
		{"no last line end", "a,b\n1,2", "UTF-8", "a|b / 2:1|2"},
		{"quotes", "a,b\n\"x \"\"y\"\", z\",2\n", "UTF-8", `a|b / 2:x "y", z|2`},
		{"line breaks in a cell are one row", "a,b\r\n\"1\r\n\r\n2\",x\r\n3,4\r\n", "UTF-8", "a|b / 2:1\n\n2|x / 3:3|4"},
		{"blank lines keep the count", "\n\na,b\n\n1,2\n,\n3,4\n", "UTF-8", "a|b / 5:1|2 / 7:3|4"},
		{"headers are tidied, cells are not", " a\u00a0 b ,c\n  x  y ,z\n", "UTF-8", "a b|c / 2:  x  y |z"},
		{"headers that are blank at the end", "a,b,,\n1,2,,\n", "UTF-8", "a|b / 2:1|2"},
		{"blanks beyond the header", "a,b\n1,2,, \n", "UTF-8", "a|b / 2:1|2"},
		{"neutralised formulas", "a,b\n'=1+1,'hola\n''-x,'\n", "UTF-8", "a|b / 2:=1+1|'hola / 3:'-x|'"},
		{"only a header", "a,b\n", "UTF-8", "a|b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := read(t, c.data)
			if got.Format != CSV || got.Encoding != c.encoding {
				t.Errorf("got %s in %s, want CSV in %s", got.Format, got.Encoding, c.encoding)
			}
			if flat(got) != c.want {
				t.Errorf("got %q, want %q", flat(got), c.want)
			}
			if len(got.Problems) > 0 {
				t.Errorf("got problems %v", got.Problems)
			}
		})
	}
}

func TestProblemsOfCSV(t *testing.T) {
	for _, c := range []struct {
		name, data, want string
		level            Level
	}{
		{"short row", "a,b,c\n1,2\n", "Renglón 2: tiene 2 celdas y el encabezado 3; revisa comillas y separadores", Fatal},
		{"long row", "a,b\n1,2,3\n", "Renglón 2: tiene 3 celdas y el encabezado 2; revisa comillas y separadores", Fatal},
		{"lost text", "a,b\n1,#¿NOMBRE?\n", "Renglón 2, columna b: una hoja de cálculo perdió el texto y dejó un error en su lugar; " +
			"revísalo en tu original", Warning},
		{"control character", "a,b\n1,\x1b[0m\n", "Renglón 2, columna b: contiene caracteres no válidos; bórralos", Fatal},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := read(t, c.data).Problems
			if len(got) != 1 || got[0].String() != c.want || got[0].Level != c.level {
				t.Errorf("got %v, want %q", got, c.want)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"nothing", "", "El archivo está vacío"},
		{"blanks", " , \n\n", "El archivo está vacío"},
		{"open quote", "a,b\n\"1,2\n3,4\n", "comillas sin cerrar o fuera de lugar cerca de la línea 2"},
		{"stray quote", "a,b\n1\"x,2\n", "comillas sin cerrar o fuera de lugar cerca de la línea 2"},
		{"old Excel", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), "(.xls). Abre el archivo y guárdalo como"},
		{"password", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + utf16le("EncryptedPackage"), "contraseña"},
		{"web page", "\ufeff\n<HTML><table>", "página web"},
		{"XML spreadsheet", `<?xml version="1.0"?><Workbook/>`, "página web"},
		{"PDF", "%PDF-1.7", "PDF"},
		{"picture", "\x89PNG\r\n\x1a\n\x00\x00", "no es una tabla"},
		{"NUL", "a,b\n1,\x00\n", "no es una tabla"},
		{"false byte order mark", "\ufeffa\n\xf1\n", "dice ser UTF-8 y no lo es"},
		{"NUL in UTF-16", utf16le("a\x00b\n"), "caracteres no válidos"},
		{"too many columns", strings.Repeat("a,", 300) + "\n", "más de 256 columnas"},
		{"too many rows", "a\n" + strings.Repeat("1\n", maxRows+1), "más de 20,000 renglones"},
		{"too large", strings.Repeat("a", maxBytes+1), "más de 20 MB"},
		{"broken ZIP", "PK\x03\x04 and nothing else", "dañado o incompleto"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.data))
			refusal, ok := errors.AsType[*Refusal](err)
			if !ok || !strings.Contains(refusal.Reason, c.want) {
				t.Errorf("got %v, want a refusal that says %q", err, c.want)
			}
		})
	}
}

func TestGuardRoundTrip(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"hola", "hola"},
		{"=1+1", "'=1+1"},
		{"+52", "'+52"},
		{"-30", "'-30"},
		{"@ana", "'@ana"},
		{"\t=1", "'\t=1"},
		{"\r=1", "'\r=1"},
		{"＝1", "'＝1"},
		{"'=1", "''=1"},
		{"''@", "'''@"},
		{"'hola", "'hola"},
		{"'", "'"},
		{"1=1", "1=1"},
	} {
		got := Guard(c.in)
		if got != c.want {
			t.Errorf("Guard(%q): got %q, want %q", c.in, got, c.want)
		}
		if back := Unguard(got); back != c.in {
			t.Errorf("Unguard(%q): got %q, want %q", got, back, c.in)
		}
	}
}

func TestTidy(t *testing.T) {
	for in, want := range map[string]string{
		" Ana\u00a0\tRuiz \r\n de la  O ": "Ana Ruiz de la O",
		"N\u0303ame\u0301":                "Ñamé",
		"\u200b\ufeff \u2003":             "",
		"a\xffb":                          "ab",
	} {
		if got := Tidy(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "\ufeffa;b\r\n\"x\ny\";'=1\r\n", "a\tb\n\xf1\t\n", utf16le("a\n1\n"), "sep=;\na;b\n", "PK\x03\x04"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := Read(bytes.NewReader(data))
		if err != nil {
			if _, ok := errors.AsType[*Refusal](err); !ok {
				t.Fatalf("got %v, want a refusal", err)
			}
			return
		}
		for i, row := range table.Rows {
			if len(row.Cells) != len(table.Header) || row.Line < 2 || (i > 0 && row.Line <= table.Rows[i-1].Line) {
				t.Fatalf("row %+v does not fit the header %q", row, table.Header)
			}
		}
		rewritten(t, table)
	})
}

// rewritten checks that a table written as CSV reads back the same.
func rewritten(t *testing.T, table *Table) {
	t.Helper()
	var rows [][]string
	for _, row := range table.Rows {
		rows = append(rows, row.Cells)
	}
	fatal := func(p Problem) bool { return p.Level == Fatal }
	if slices.ContainsFunc(table.Problems, fatal) || slices.Contains(table.Header, "") || slices.ContainsFunc(table.Header, isArmed) {
		return // not a table that we would write
	}
	var out bytes.Buffer
	if err := WriteCSV(&out, table.Header, rows); err != nil {
		t.Fatal(err)
	}
	again, err := Read(&out)
	if err != nil {
		t.Fatalf("our own file was refused: %v", err)
	}
	if len(again.Rows) != len(table.Rows) {
		t.Fatalf("got %d rows, want %d", len(again.Rows), len(table.Rows))
	}
	for i, row := range again.Rows {
		for j, cell := range row.Cells {
			if want := strings.ReplaceAll(table.Rows[i].Cells[j], "\r\n", "\n"); strings.ReplaceAll(cell, "\r\n", "\n") != want {
				t.Fatalf("row %d: got %q, want %q", i, cell, want)
			}
		}
	}
}
