package es_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"conoceles/web/es"
)

// Every code given to es.Message as a literal, anywhere in the program, has a text.
func TestEveryCodeHasAText(t *testing.T) {
	used := codes(t, "../..")
	if len(used) == 0 {
		t.Fatal("found no call to es.Message: the search is broken")
	}
	for code, where := range used {
		if !es.HasMessage(code) {
			t.Errorf("%s: code %q has no text", where, code)
		}
	}
}

func codes(t *testing.T, root string) map[string]string {
	t.Helper()
	used := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." && path != root {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(source), "es.Message(") {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, source, 0)
		if err != nil {
			return nil // half-written by somebody else: the compiler will say so
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if code, ok := messageCode(n); ok {
				used[code] = fset.Position(n.Pos()).String()
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return used
}

// messageCode returns the first argument of es.Message("…").
func messageCode(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return "", false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Message" {
		return "", false
	}
	if pkg, ok := sel.X.(*ast.Ident); !ok || pkg.Name != "es" {
		return "", false
	}
	lit, ok := call.Args[0].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	code, err := strconv.Unquote(lit.Value)
	return code, err == nil
}

// Every text reads as a sentence of ours: no stray verbs of fmt, no formal
// treatment, no English.
func TestConstraintTextsAreSentences(t *testing.T) {
	raw, err := os.ReadFile("constraints.go")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`(?m)^\t"([a-z_]+)":`).FindAllStringSubmatch(string(raw), -1)
	if len(names) == 0 {
		t.Fatal("found no constraint: the search is broken")
	}
	for _, n := range names {
		text := es.Constraint(n[1])
		if !strings.HasSuffix(text, ".") || strings.Contains(text, "%") {
			t.Errorf("%s: %q is not a sentence", n[1], text)
		}
	}
	if got := es.Constraint("no_existe"); got != "" {
		t.Errorf("unknown constraint: got %q, want none", got)
	}
}
