// Package webtest runs acceptance scripts against a handler. Package script says
// how a script is written; the files that it attaches are of testdata.
package webtest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"conoceles/internal/script"
)

// Stage is what a script is played on.
type Stage struct {
	Handler http.Handler
	// Fixture brings a named situation about and returns names for what is in it,
	// which the script then writes as ${name}.
	Fixture func(name string) (map[string]string, error)
	// Enter enters as somebody: it gets the client of the script and the server's address.
	Enter func(client *http.Client, base, who string) error
}

// Run plays each script that matches the pattern as a subtest, on a stage of its own.
func Run(t *testing.T, pattern string, stage func(testing.TB) Stage) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no script matches %s (%v)", pattern, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			Play(t, f, stage(t))
		})
	}
}

// Play plays one script and reports each check that fails with its line.
func Play(t testing.TB, text io.Reader, stage Stage) {
	t.Helper()
	server := httptest.NewServer(stage.Handler)
	defer server.Close()
	on := script.Stage{Base: server.URL, Files: os.DirFS("testdata"), Fixture: stage.Fixture, Enter: stage.Enter}
	err := script.Play(text, on, func(l script.Line) {
		if l.Err != nil {
			t.Errorf("line %d: %s: %v", l.N, l.Text, l.Err)
		}
	})
	if err != nil {
		t.Error(err)
	}
}
