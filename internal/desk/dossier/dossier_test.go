package dossier_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"conoceles/internal/desk/dossier"
)

// TestEveryThreatHasTestsThatExist looks for the tests that the list names.
func TestEveryThreatHasTestsThatExist(t *testing.T) {
	written := map[string]bool{}
	name := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err := filepath.WalkDir("../../..", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, found := range name.FindAllStringSubmatch(string(text), -1) {
			written[found[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	threats, err := dossier.Threats()
	if err != nil || len(threats) < 10 {
		t.Fatalf("%d threats (%v)", len(threats), err)
	}
	for _, threat := range threats {
		if threat.Measure == "" || len(threat.Tests) == 0 {
			t.Errorf("%q has no measure, or no test", threat.What)
		}
		for _, test := range threat.Tests {
			if !written[test] {
				t.Errorf("%q names %s, which no file has", threat.What, test)
			}
		}
	}
}
