package rig_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"conoceles/internal/evidence"
	"conoceles/internal/rig"
)

// TestTheReportOfALoadSaysWhatWasNotMet writes a report with a figure that is what
// was expected and one that is not.
func TestTheReportOfALoadSaysWhatWasNotMet(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(evidence.Variable, dir)
	r := rig.NewReport(true)
	s := r.Section("Público <mixto>", "Treinta y dos visitantes.")
	s.Put("errores", "0", "0", true)
	s.Put("rendimiento", "≥ 2,500", "1,000", false)
	if err := r.Save(); err != nil {
		t.Fatal(err)
	}
	for name, wants := range map[string][]string{
		"carga.md":    {"Versión breve", "## Público <mixto>", "| rendimiento | ≥ 2,500 | 1,000 | NO CUMPLE |"},
		"carga.html":  {"Público &lt;mixto&gt;", `<tr class="no"><td>rendimiento</td>`, `<tr class=""><td>errores</td>`},
		"carga.jsonl": {`"cifra":"rendimiento"`},
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s has no %q:\n%s", name, want, text)
			}
		}
	}
}
