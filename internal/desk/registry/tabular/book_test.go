package tabular_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"conoceles/internal/desk/registry/tabular"
)

func TestABookHasItsSheetsAndAlwaysTheSameBytes(t *testing.T) {
	sheets := []tabular.Sheet{
		{Name: "Resumen", Header: []string{"ACTOR", "N"}, Rows: [][]string{{"Partido Horizonte", "0012"}, {"=1+1", "3"}}},
		{Name: "Evidencia", Header: []string{"FOLIO"}, Rows: [][]string{{"PRU-00001"}}},
	}
	var first, second bytes.Buffer
	if err := tabular.WriteBook(&first, sheets...); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2100 * time.Millisecond) // a clock in the file would show: ZIP counts by two seconds
	if err := tabular.WriteBook(&second, sheets...); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same sheets gave other bytes")
	}
	f, err := excelize.OpenReader(&first)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); len(got) != 2 || got[0] != "Resumen" || got[1] != "Evidencia" {
		t.Errorf("sheets: %v", got)
	}
	for cell, want := range map[string]string{"B2": "0012", "A3": "'=1+1"} {
		if got, err := f.GetCellValue("Resumen", cell); err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", cell, got, want, err)
		}
	}
}
