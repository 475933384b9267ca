package archtest_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"conoceles/internal/archtest"
)

// composed are the files whose queries are put together from texts of the program
// and from names that PostgreSQL itself gave, quoted.
var composed = []string{
	"internal/db/bootstrap.go",           // names of roles and of the database
	"internal/db/copy.go",                // names of tables and of sequences, of a backup
	"internal/db/load.go",                // the same
	"internal/site/search.go",            // conditions, of texts with numbered parameters
	"internal/site/records.go",           // the same
	"internal/desk/publish/catalogue.go", // what is copied of each table, of a list of the program
	"internal/app/drill_stage.go",        // whom a rehearsal is about, of a list of the program
}

// The text of a query is written in the program: nothing that somebody typed is ever
// part of one (security.md 2.2). What is handed to PostgreSQL is a constant, texts of
// those, or a parameter of a function all of whose callers give one.
func TestQueriesAreWrittenInTheProgram(t *testing.T) {
	root, _ := tree(t)
	packages := map[string]*sources{}
	err := archtest.Files(root, ".go", func(path string, content []byte) error {
		dir := filepath.ToSlash(filepath.Dir(path))
		if strings.HasSuffix(path, "_test.go") || slices.Contains(composed, path) ||
			slices.ContainsFunc([]string{"internal/db/dbtest", "internal/desk/desktest", "internal/site/sitetest", "internal/rig"}, func(d string) bool { return under(dir, d) }) {
			return nil
		}
		if packages[dir] == nil {
			packages[dir] = &sources{set: token.NewFileSet(), through: map[string][]int{"Query": {1}, "QueryRow": {1}, "Exec": {1}}, constants: map[string]bool{}, fixed: map[string][]ast.Expr{}}
		}
		return packages[dir].add(path, content)
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, p := range packages {
		n, wrong := p.judge()
		seen += n
		for _, where := range wrong {
			t.Errorf("%s: the query is not written in the program", where)
		}
	}
	if seen < 500 {
		t.Errorf("only %d queries were seen: the test looks in the wrong place", seen)
	}
}

// sources are the files of a package.
type sources struct {
	set       *token.FileSet
	files     []*ast.File
	constants map[string]bool
	fixed     map[string][]ast.Expr // variables of the package
	through   map[string][]int      // which arguments of a function become queries, by its name and how many it takes
}

func (s *sources) add(path string, content []byte) error {
	f, err := parser.ParseFile(s.set, path, content, 0)
	if err != nil {
		return err
	}
	s.files = append(s.files, f)
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, spec := range g.Specs {
				for i, name := range spec.(*ast.ValueSpec).Names {
					if values := spec.(*ast.ValueSpec).Values; i < len(values) {
						s.fixed[name.Name] = append(s.fixed[name.Name], values[i])
					}
				}
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if g, ok := n.(*ast.GenDecl); ok && g.Tok == token.CONST {
			for _, spec := range g.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					s.constants[name.Name] = true
				}
			}
		}
		return true
	})
	return nil
}

// judge returns how many queries there are, and where those that are not written.
// A function that passes a parameter on is asked about once its callers are known
// to be asked: until no other is found.
func (s *sources) judge() (seen int, wrong []string) {
	for found := true; found; {
		found, seen, wrong = false, 0, nil
		for _, f := range s.files {
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || fn.Body == nil {
					continue
				}
				ast.Inspect(fn, func(n ast.Node) bool {
					call, ok := n.(*ast.CallExpr)
					if !ok {
						return true
					}
					name := nameOf(call.Fun)
					for _, i := range slices.Concat(s.through[name], s.through[arity(name, len(call.Args))]) {
						if i >= len(call.Args) {
							continue // another function of that name
						}
						seen++
						w := writing{sources: s, fn: fn}
						if !w.written(call.Args[i], 0) {
							wrong = append(wrong, s.set.Position(call.Args[i].Pos()).String())
						}
						for _, p := range w.passed {
							if !slices.Contains(s.through[p.function], p.at) {
								s.through[p.function] = append(s.through[p.function], p.at)
								found = true
							}
						}
					}
					return true
				})
			}
		}
	}
	return seen, wrong
}

func nameOf(fun ast.Expr) string {
	switch f := fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.IndexExpr:
		return nameOf(f.X)
	}
	return ""
}

// arity names a function among those of its name.
func arity(name string, arguments int) string { return fmt.Sprint(name, "/", arguments) }

// place is a parameter of a function.
type place struct {
	function string
	at       int
}

// parameter returns where a name is among the parameters of a function, which takes
// any number of arguments if its last is variadic.
func parameter(function string, of *ast.FuncType, name string) (p place, ok bool) {
	i, at, variadic := 0, -1, false
	for _, field := range of.Params.List {
		_, variadic = field.Type.(*ast.Ellipsis)
		for _, n := range field.Names {
			if n.Name == name {
				at = i
			}
			i++
		}
	}
	if !variadic {
		function = arity(function, i)
	}
	return place{function, at}, at >= 0
}

// writing judges a text inside a function, and tells which parameters are part of it.
type writing struct {
	*sources
	fn     *ast.FuncDecl
	passed []place
}

func (w *writing) written(e ast.Expr, depth int) bool {
	if depth > 40 { // a text that is made of itself
		return false
	}
	each := func(list []ast.Expr) bool {
		return len(list) > 0 && !slices.ContainsFunc(list, func(e ast.Expr) bool { return !w.written(e, depth+1) })
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.ParenExpr:
		return w.written(e.X, depth)
	case *ast.BinaryExpr:
		return each([]ast.Expr{e.X, e.Y})
	case *ast.CompositeLit:
		return each(e.Elts)
	case *ast.KeyValueExpr:
		return w.written(e.Value, depth+1)
	case *ast.IndexExpr: // one of a list of texts
		return w.written(e.X, depth+1)
	case *ast.SelectorExpr: // a constant of another package, or a field for texts of the program
		if x, ok := e.X.(*ast.Ident); ok && x.Obj == nil && ast.IsExported(e.Sel.Name) {
			return true
		}
		return strings.HasSuffix(strings.ToLower(e.Sel.Name), "sql") && w.fields(e.Sel.Name, depth)
	case *ast.CallExpr:
		if name, ok := called(e, "fmt"); ok && name == "Sprintf" {
			return each(e.Args)
		}
		if name := nameOf(e.Fun); name != "string" {
			return each(w.returned(name))
		}
		return each(e.Args)
	case *ast.Ident:
		if p, ok := w.parameter(e.Name); ok {
			w.passed = append(w.passed, p)
			return true
		}
		if given := w.given(e.Name); len(given) > 0 {
			return each(given)
		}
		return w.constants[e.Name] || each(w.fixed[e.Name])
	}
	return false
}

// parameter finds a name among the parameters of the function, and of those that it
// keeps in a variable.
func (w *writing) parameter(name string) (p place, ok bool) {
	if p, ok = parameter(w.fn.Name.Name, w.fn.Type, name); ok {
		return p, true
	}
	ast.Inspect(w.fn, func(n ast.Node) bool {
		if a, is := n.(*ast.AssignStmt); is && len(a.Lhs) == 1 && !ok {
			if lit, is := a.Rhs[0].(*ast.FuncLit); is {
				p, ok = parameter(nameOf(a.Lhs[0]), lit.Type, name)
			}
		}
		return true
	})
	return p, ok
}

// fields reports whether every value that the package gives to a field by its name
// is written.
func (w *writing) fields(name string, depth int) bool {
	ok := true
	for _, f := range w.files {
		ast.Inspect(f, func(n ast.Node) bool {
			if kv, is := n.(*ast.KeyValueExpr); is && nameOf(kv.Key) == name {
				ok = ok && w.written(kv.Value, depth+1)
			}
			return true
		})
	}
	return ok
}

// returned returns what the functions of the package with a name return.
func (w *writing) returned(name string) (out []ast.Expr) {
	for _, f := range w.files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == name && fn.Body != nil {
				ast.Inspect(fn.Body, func(n ast.Node) bool {
					if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) > 0 {
						out = append(out, r.Results[0])
					}
					return true
				})
			}
		}
	}
	return out
}

// given returns everything that a variable of the function takes.
func (w *writing) given(name string) (out []ast.Expr) {
	is := func(e ast.Expr) bool { x, ok := e.(*ast.Ident); return ok && x.Name == name }
	ast.Inspect(w.fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if is(left) && len(n.Lhs) == len(n.Rhs) {
					out = append(out, n.Rhs[i])
				} else if is(left) {
					out = append(out, n.Rhs[0])
				}
			}
		case *ast.RangeStmt:
			if n.Value != nil && is(n.Value) {
				out = append(out, n.X)
			}
		case *ast.ValueSpec:
			for i, left := range n.Names {
				if left.Name == name && i < len(n.Values) {
					out = append(out, n.Values[i])
				}
			}
		}
		return true
	})
	return out
}
