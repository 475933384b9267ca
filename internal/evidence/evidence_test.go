package evidence_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/evidence"
)

// TestTheLastLineOfAFigureCounts writes three lines, one of them twice.
func TestTheLastLineOfAFigureCounts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "evidencia")
	t.Setenv(evidence.Variable, dir)
	at := time.Date(2027, 5, 1, 12, 0, 0, 0, time.UTC)
	lost := evidence.Line{Run: "fallas", Case: "F3", Figure: "perdidos", Goal: "0", Got: "3", At: at}
	again := lost
	again.Got, again.Met = "0", true
	took := evidence.Line{Run: "fallas", Case: "F3", Figure: "tiempo | en volver", Got: "2 s", At: at}
	drill := evidence.Line{Run: "ensayo", Case: "Restaurar", Figure: "diferencias", Goal: "0", Got: "0", Met: true, At: at}
	for _, l := range []evidence.Line{lost, took, again, drill} {
		if err := evidence.Put(l); err != nil {
			t.Fatal(err)
		}
	}
	got, err := evidence.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]evidence.Line{drill, again, took}, got); diff != "" {
		t.Error(diff)
	}
	table := evidence.Markdown(got)
	for _, want := range []string{"| ensayo | Restaurar | diferencias | 0 | 0 | cumple | 2027-05-01 12:00 |\n", `| tiempo \| en volver |  | 2 s | medido |`} {
		if !strings.Contains(table, want) {
			t.Errorf("the table has no %q:\n%s", want, table)
		}
	}
}

func TestWhatIsNotALineIsRefused(t *testing.T) {
	for _, l := range []evidence.Line{
		{Run: "../fallas", Case: "F3", Figure: "perdidos", Got: "0"},
		{Run: "fallas", Figure: "perdidos", Got: "0"},
		{Run: "fallas", Case: "F3", Figure: "perdidos"},
	} {
		if err := evidence.Put(l); err == nil {
			t.Errorf("%+v is kept", l)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x.jsonl"), []byte(`{"corrida":"fallas"}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if lines, err := evidence.Read(dir); err == nil {
		t.Errorf("half a line is read as %+v", lines)
	}
	if lines, err := evidence.Read(filepath.Join(dir, "no-existe")); err != nil || len(lines) != 0 {
		t.Errorf("a directory that is not there: %v, %v", lines, err)
	}
}

func TestNothingIsKeptWithoutADirectory(t *testing.T) {
	t.Setenv(evidence.Variable, "")
	t.Chdir(t.TempDir())
	if err := evidence.Put(evidence.Line{Run: "fallas", Case: "F3", Figure: "perdidos", Got: "0"}); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir("."); err != nil || len(left) != 0 {
		t.Errorf("%v was left (%v)", left, err)
	}
}
