package archtest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"conoceles/internal/archtest"
)

// What the program must never do, whoever asks, is looked for in what it is
// written with. The numbers are those of ASVS 5.0.0 (internal/asvs).

// onlyIn lists, for a package that deserves caution, the only ones that may import
// it outside of tests; nobody, if there are none.
var onlyIn = []struct {
	imported, why string
	by            []string
}{
	{"os/exec", "1.2.5: no request starts another program", []string{"internal/db/embedded", "internal/db/dbtest", "internal/rig"}},
	{"unsafe", "1.4.1: memory is managed", []string{"internal/rig"}}, // pulls the plug of a disk

	{"C", "1.4.1: memory is managed", nil},
	{"plugin", "1.3.2: nothing is loaded while it runs", nil},
	{"text/template", "1.3.7: templates are compiled", nil},
	{"html/template", "1.3.7: templates are compiled", nil},
	{"math/rand", "11.5.1: what must not be guessed comes from the system", nil},
	{"math/rand/v2", "11.5.1: what must not be guessed comes from the system", []string{"internal/demo"}},
	{"net/smtp", "13.2.5: mail goes to the server that is configured", nil},
	{"encoding/gob", "1.5.2: nothing that arrives chooses its type", nil},
	{"net/http/httputil", "1.3.6: the server asks nobody", nil},
	{"net/http/pprof", "13.4.2: there is no door for debugging", nil},
	{"expvar", "13.4.2: there is no door for debugging", nil},
}

func TestCautionWithTheStandardLibrary(t *testing.T) {
	_, imports := tree(t)
	for _, rule := range onlyIn {
		for pkg, list := range imports {
			if slices.Contains(list, rule.imported) && !slices.ContainsFunc(rule.by, func(dir string) bool { return under(pkg, dir) }) {
				t.Errorf("%s imports %s (ASVS %s)", pkg, rule.imported, rule.why)
			}
		}
	}
}

// algorithms are the only ones (11.2.1, 11.2.3): AES in GCM, SHA-256, HMAC, Ed25519,
// HPKE with X25519, and the system's randomness. Passwords are argon2id's.
var algorithms = []string{
	"crypto/aes", "crypto/cipher", "crypto/ed25519", "crypto/hmac", "crypto/hpke", "crypto/rand", "crypto/sha256", "crypto/subtle", "crypto/tls", "crypto/x509",
}

func TestOnlyTheseAlgorithms(t *testing.T) {
	root, imports := tree(t)
	for pkg, list := range imports {
		for _, i := range list {
			npm := pkg == "internal/db/embedded" && i == "crypto/sha512" // the hash that a package's own index gives
			if under(i, "crypto") && !slices.Contains(algorithms, i) && !npm || under(i, "golang.org/x/crypto") {
				t.Errorf("%s imports %s", pkg, i)
			}
		}
	}
	everySource(t, root, func(path string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			if name, ok := called(n, "cipher"); ok && !strings.HasPrefix(name, "NewGCM") { // 11.3.1: nothing without its tag
				t.Errorf("%s: cipher.%s; only GCM", path, name)
			}
			return true
		})
	})
}

// A table of somebody's is read in one way, and so is what is packed (1.5.3).
func TestOneReaderOfEachFormat(t *testing.T) {
	root, _ := tree(t)
	readers := map[string][]string{
		"csv":  {"internal/desk/registry/"},                                    // lists, through tabular; the catalogue of secciones, of a command
		"zip":  {"internal/desk/registry/tabular/", "internal/site/opendata/"}, // the latter, what it wrote itself
		"xml":  {"internal/desk/registry/tabular/"},
		"gob":  nil,
		"jpeg": {"internal/desk/capture/portrait/", "internal/site/share/"}, // the latter, what portrait wrote
		"png":  {"internal/desk/capture/portrait/"},
	}
	everySource(t, root, func(path string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			for pkg, may := range readers {
				name, ok := called(n, pkg)
				reads := strings.HasPrefix(name, "NewReader") || strings.HasPrefix(name, "OpenReader") || strings.HasPrefix(name, "Decode") || name == "NewDecoder" || name == "Unmarshal"
				if ok && reads && !slices.ContainsFunc(may, func(dir string) bool { return strings.HasPrefix(path, dir) }) {
					t.Errorf("%s reads with %s.%s", path, pkg, name)
				}
			}
			return true
		})
	})
}

// A pattern is a text of the program: nobody's input becomes one (1.2.9). Those of
// Go take a time that is linear in what they read (1.3.12).
func TestExpressionsAreWrittenInTheProgram(t *testing.T) {
	root, _ := tree(t)
	seen := 0
	everySource(t, root, func(path string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			name, ok := called(n, "regexp")
			if !ok || !strings.Contains(name, "ompile") && !strings.HasPrefix(name, "Match") {
				return true
			}
			seen++
			if !constant(n.(*ast.CallExpr).Args[0]) {
				t.Errorf("%s: the pattern of regexp.%s is not written there", path, name)
			}
			return true
		})
	})
	if seen == 0 {
		t.Error("no expression was seen: the test looks in the wrong place")
	}
}

// asks are the ways of calling another machine.
var asks = regexp.MustCompile(`\bhttp\.(Get\(|Post\(|PostForm|Head\(|DefaultClient|Client\b|NewRequest)|\bnet\.(Dial|DialTimeout|DialTCP|Dialer|Lookup\w+)\b|\btls\.Dial`)

// The server asks nobody for anything but its database and its mail, whose
// libraries are the only ones that dial (1.3.6, 13.2.4, 13.2.5, 15.3.2).
func TestTheServerAsksNobody(t *testing.T) {
	root, _ := tree(t)
	may := []string{
		"internal/webtest/", "internal/db/dbtest/", "internal/rig/", // of tests
		"internal/db/embedded/",                     // brings PostgreSQL, at the first start of a demonstration
		"internal/site/snapshot",                    // asks its own handler, in memory
		"internal/script/", "internal/app/drill.go", // rehearse over the program itself
	}
	err := archtest.Files(root, ".go", func(path string, content []byte) error {
		if strings.HasSuffix(path, "_test.go") || slices.ContainsFunc(may, func(dir string) bool { return strings.HasPrefix(path, dir) }) {
			return nil
		}
		if m := asks.Find(content); m != nil {
			t.Errorf("%s calls %s", path, m)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The log goes to the error output and to nowhere else, which whoever deploys
// gathers (16.2.3).
func TestTheLogGoesToOnePlace(t *testing.T) {
	root, _ := tree(t)
	seen := 0
	everySource(t, root, func(path string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			name, ok := called(n, "slog")
			if !ok || name != "NewJSONHandler" && name != "NewTextHandler" {
				return true
			}
			seen++
			if to, ok := n.(*ast.CallExpr).Args[0].(*ast.SelectorExpr); !ok || to.Sel.Name != "Stderr" {
				t.Errorf("%s: slog.%s writes elsewhere", path, name)
			}
			return true
		})
	})
	if seen == 0 {
		t.Error("nobody makes the log: the test looks in the wrong place")
	}
}

// raw are who writes HTML that a template did not escape: the Markdown of the
// institute, through a list of elements (1.3.1, 1.3.5), and the data of a person
// for search engines, which encoding/json escapes for a script (1.2.3).
var raw = []string{"web/prose/prose.go", "web/page/sitepage/share_templ.go"}

func TestRawHTMLHasTwoAuthors(t *testing.T) {
	root, _ := tree(t)
	everySource(t, root, func(path string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			if name, ok := called(n, "templ"); ok && (name == "Raw" || name == "JSUnsafeFuncCall" || name == "FromGoHTML") && !slices.Contains(raw, path) {
				t.Errorf("%s: templ.%s", path, name)
			}
			return true
		})
	})
}

// unsafeScript is what would make a text of somebody's part of the page or of the
// program, or keep it: HTML, code, merged objects (3.2.2, 3.2.3, 15.3.6).
var unsafeScript = regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|\beval\(|new Function|setTimeout\(["'` + "`" + `]|Object\.assign|__proto__|window\[`)

func TestScriptsWriteTextAndNothingElse(t *testing.T) {
	root, _ := tree(t)
	seen := 0
	err := archtest.Files(filepath.Join(root, "web"), ".js", func(path string, content []byte) error {
		seen++
		if m := unsafeScript.Find(content); m != nil {
			t.Errorf("%s: %s", path, m)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Error("no script was read: the test looks in the wrong place")
	}
}

// everySource gives each file of the program that is not a test.
func everySource(t *testing.T, root string, look func(path string, file *ast.File)) {
	t.Helper()
	err := archtest.Files(root, ".go", func(path string, content []byte) error {
		if strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, content, 0)
		if err == nil {
			look(path, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// called returns the name of the function of a package that a node calls.
func called(n ast.Node, pkg string) (name string, ok bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return "", false
	}
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	x, ok := selector.X.(*ast.Ident)
	return selector.Sel.Name, ok && x.Name == pkg
}

// constant reports whether an expression is a text, or several put together.
func constant(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.BinaryExpr:
		return constant(e.X) && constant(e.Y)
	}
	return false
}
