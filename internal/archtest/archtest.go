// Package archtest holds the house to its design: who may import whom, which
// modules the program depends on and why, who may write which schema, and the
// golden files of routes, grants and schema that a change must change on purpose.
//
// It has tests only; this file reads the source tree for them.
package archtest

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Module is the path of the program's own module.
const Module = "conoceles"

// Root returns the top of the source tree.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
	}
	return "", fmt.Errorf("archtest: no go.mod above the working directory")
}

// Imports maps each package of the module, by its path below the root, to the
// import paths of its files. Test files are left out: they may look anywhere.
func Imports(root string) (map[string][]string, error) {
	out := map[string][]string{}
	err := Files(root, ".go", func(path string, _ []byte) error {
		if strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, path), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(filepath.Dir(path))
		out[pkg] = append(out[pkg], "")
		for _, spec := range f.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			out[pkg] = append(out[pkg], name)
		}
		return nil
	})
	for pkg, list := range out {
		slices.Sort(list)
		out[pkg] = slices.DeleteFunc(slices.Compact(list), func(s string) bool { return s == "" })
	}
	return out, err
}

// Files calls fn with every file of the tree that has the suffix, hidden
// directories and build output left out.
func Files(root, suffix string, fn func(path string, content []byte) error) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != root && (strings.HasPrefix(name, ".") || name == "bin" || name == "build" || name == "datos" || name == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, suffix) {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		return fn(filepath.ToSlash(rel), content)
	})
}

// Reach returns every package of the module that from imports, directly or not,
// itself included.
func Reach(imports map[string][]string, from string) []string {
	seen := map[string]bool{}
	var walk func(string)
	walk = func(pkg string) {
		if seen[pkg] {
			return
		}
		seen[pkg] = true
		for _, i := range imports[pkg] {
			if rest, ok := strings.CutPrefix(i, Module+"/"); ok {
				walk(rest)
			}
		}
	}
	walk(from)
	var out []string
	for p := range seen {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}
