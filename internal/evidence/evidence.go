// Package evidence keeps what a run of tests or a drill measured, so that the
// documents of the system print figures that somebody obtained and nobody typed.
//
// A run appends one line of JSON per figure to a file named after it, in the
// directory that CONOCELES_EVIDENCE names; without that variable nothing is kept,
// so tests call it always. The targets of the Makefile set it to build/evidence:
//
//	err := evidence.Put(evidence.Line{
//		Run: "fallas", Case: "F3 Matar PostgreSQL mientras se guarda",
//		Figure: "guardados reconocidos que se perdieron", Got: "0 de 1,204", Goal: "0", Met: true,
//	})
//
// A script may append the same line by itself. The last line of a run, case and
// figure is the one that counts. «make evidence» prints them as a table, and the
// part of tests of «conoceles expediente» reads them too.
package evidence

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Variable is the name, in the environment, of the directory where lines are kept.
const Variable = "CONOCELES_EVIDENCE"

// Line is one figure: what was tried, what was expected and what was obtained.
// All of its texts are read by people, in Spanish.
type Line struct {
	Run    string    `json:"corrida"`  // short, in lower case and without accents: it names the file
	Case   string    `json:"caso"`     // what was tried
	Figure string    `json:"cifra"`    // what was measured
	Goal   string    `json:"esperado"` // "" when it is measured without a goal
	Got    string    `json:"obtenido"`
	Met    bool      `json:"cumple"`
	At     time.Time `json:"instante"` // when; Put writes the present if it is zero
}

var runName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// Check says what a line lacks.
func (l Line) Check() error {
	switch {
	case !runName.MatchString(l.Run):
		return fmt.Errorf("evidence: %q does not name a run", l.Run)
	case l.Case == "" || l.Figure == "" || l.Got == "":
		return fmt.Errorf("evidence: a line of %q says not what was tried, measured and obtained: %+v", l.Run, l)
	}
	return nil
}

// Put keeps a line where the environment says, or nowhere. Several processes may
// write at once.
func Put(l Line) error {
	if err := l.Check(); err != nil {
		return err
	}
	dir := os.Getenv(Variable)
	if dir == "" {
		return nil
	}
	return PutIn(dir, l)
}

// PutIn keeps a line in a directory, which it makes.
func PutIn(dir string, l Line) (err error) {
	if err := l.Check(); err != nil {
		return err
	}
	if l.At.IsZero() {
		l.At = time.Now()
	}
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(dir, l.Run+".jsonl"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.Write(append(text, '\n'))
	return err
}

// Read returns the lines that count of a directory, by run and then in the order
// in which their figures were first written. A directory that is not there has none.
func Read(dir string) ([]Line, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	var out []Line
	for _, name := range files {
		lines, err := readFile(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		out = append(out, lines...)
	}
	return out, nil
}

func readFile(name string) (out []Line, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	at := map[[2]string]int{}
	scanner := bufio.NewScanner(f)
	for n := 1; scanner.Scan(); n++ {
		if strings.TrimSpace(scanner.Text()) == "" {
			continue
		}
		var l Line
		if err := json.Unmarshal(scanner.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", name, n, err)
		}
		if err := l.Check(); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", name, n, err)
		}
		key := [2]string{l.Case, l.Figure}
		if i, ok := at[key]; ok {
			out[i] = l
			continue
		}
		at[key] = len(out)
		out = append(out, l)
	}
	return out, scanner.Err()
}

// Verdict is the word for whether a figure is what was expected.
func (l Line) Verdict() string {
	switch {
	case l.Goal == "":
		return "medido"
	case l.Met:
		return "cumple"
	}
	return "NO CUMPLE"
}

// Markdown is the table of some lines.
func Markdown(lines []Line) string {
	var b strings.Builder
	b.WriteString("| corrida | qué se intentó | cifra | esperado | obtenido | resultado | cuándo (UTC) |\n|---|---|---|---|---|---|---|\n")
	cell := strings.NewReplacer("|", `\|`, "\n", " ")
	for _, l := range lines {
		for _, text := range []string{l.Run, l.Case, l.Figure, l.Goal, l.Got, l.Verdict(), l.At.UTC().Format("2006-01-02 15:04")} {
			b.WriteString("| " + cell.Replace(text) + " ")
		}
		b.WriteString("|\n")
	}
	return b.String()
}
