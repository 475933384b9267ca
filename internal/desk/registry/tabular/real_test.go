package tabular

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shared opens a file of real data, which is not part of the repository. It
// says so and returns nil where it is absent.
func shared(t *testing.T, name string) *os.File {
	t.Helper()
	dir := os.Getenv("CONOCELES_SHARED")
	if dir == "" {
		dir = "../shared"
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("../../../..", dir)
	}
	f, err := os.Open(filepath.Join(dir, "data", name))
	if os.IsNotExist(err) {
		t.Logf("left out: no real data at %s", filepath.Join(dir, "data", name))
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestRealFilesAreReadWhole(t *testing.T) {
	for _, c := range []struct {
		name, encoding    string
		rows, columns     int
		lost, multiline   int
		lastLine, problem int
	}{
		{"ine-local-2022/candidatos.csv", "UTF-8", 479, 25, 0, -1, 480, 0},
		{"ine-local-2022/identidad-sin-nombres.csv", "UTF-8", 479, 21, 0, -1, 480, 0},
		{"ine-federal-2021/candidatos.latin1.csv", "Windows-1252", 6959, 26, 14, 723, 6960, 14},
		{"morelos/secciones.csv", "UTF-8", 945, 4, 0, 0, 946, 0},
		{"morelos/municipios.csv", "UTF-8", 36, 6, 0, 0, 37, 0},
		{"morelos-2021/presidencias.csv", "UTF-8", 100, 8, 0, 0, 101, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := shared(t, c.name)
			if f == nil {
				return
			}
			table, err := Read(f)
			if err != nil {
				t.Fatal(err)
			}
			lost, multiline := 0, 0
			for _, row := range table.Rows {
				for _, cell := range row.Cells {
					if isLost(cell) {
						lost++
					}
					if strings.Contains(cell, "\n") {
						multiline++
					}
				}
			}
			if table.Encoding != c.encoding || len(table.Rows) != c.rows || len(table.Header) != c.columns {
				t.Errorf("got %s, %d × %d; want %s, %d × %d",
					table.Encoding, len(table.Rows), len(table.Header), c.encoding, c.rows, c.columns)
			}
			if lost != c.lost || (c.multiline >= 0 && multiline != c.multiline) {
				t.Errorf("got %d lost and %d multi-line cells, want %d and %d", lost, multiline, c.lost, c.multiline)
			}
			if last := table.Rows[len(table.Rows)-1].Line; last != c.lastLine {
				t.Errorf("last row: got line %d, want %d", last, c.lastLine)
			}
			if len(table.Problems) != c.problem {
				t.Errorf("got %d problems, want %d: %v", len(table.Problems), c.problem, table.Problems)
			}
			rewritten(t, table)
		})
	}
}
