package archtest_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"conoceles/internal/archtest"
)

func tree(t *testing.T) (string, map[string][]string) {
	t.Helper()
	root, err := archtest.Root()
	if err != nil {
		t.Fatal(err)
	}
	imports, err := archtest.Imports(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(imports) < 20 {
		t.Fatalf("only %d packages were read: the test looks in the wrong place", len(imports))
	}
	return root, imports
}

func under(pkg, dir string) bool { return pkg == dir || strings.HasPrefix(pkg, dir+"/") }

func TestThePublicHalfNeverReachesTheDesk(t *testing.T) {
	_, imports := tree(t)
	for pkg := range imports {
		if !under(pkg, "internal/site") && !under(pkg, "web/page/sitepage") {
			continue
		}
		for _, p := range archtest.Reach(imports, pkg) {
			if under(p, "internal/desk") || under(p, "web/page/deskpage") {
				t.Errorf("%s reaches %s", pkg, p)
			}
		}
	}
}

func TestThePureCoreImportsTheStandardLibraryOnly(t *testing.T) {
	_, imports := tree(t)
	for _, pkg := range []string{"internal/questionnaire", "internal/election", "internal/fault"} {
		if imports[pkg] == nil {
			t.Errorf("%s is not there", pkg)
		}
		for _, i := range imports[pkg] {
			if first, _, _ := strings.Cut(i, "/"); strings.Contains(first, ".") || first == archtest.Module {
				t.Errorf("%s imports %s", pkg, i)
			}
		}
	}
}

func TestPagesDrawAndNeverRead(t *testing.T) {
	_, imports := tree(t)
	for pkg, list := range imports {
		if !under(pkg, "web") {
			continue
		}
		for _, i := range list {
			for _, banned := range []string{"jackc/pgx", "alexedwards/scs", "conoceles/internal/db", "/internal/identity", "conoceles/internal/serve"} {
				if strings.Contains(i, banned) {
					t.Errorf("%s imports %s", pkg, i)
				}
			}
			if under(strings.TrimPrefix(i, "conoceles/"), "internal/desk") && pkg != "web/page/deskpage" {
				t.Errorf("%s imports %s: only deskpage reads types of the desk", pkg, i)
			}
		}
	}
}

// whoMay lists, for a module or a package, the only packages that may import it.
var whoMay = []struct {
	imported string
	by       []string
}{
	{"github.com/jackc/pgx/v5", []string{"internal/db", "internal/site", "internal/desk", "internal/demo", "internal/rig"}}, // rig breaks what the others use
	{"github.com/go-chi/chi/v5", []string{"internal/serve", "internal/app", "internal/site/sitehttp", "internal/desk/deskhttp"}},
	{"github.com/alexedwards/scs/v2", []string{"internal/desk/auth"}},
	{"github.com/alexedwards/argon2id", []string{"internal/desk/auth"}},
	{"github.com/pquerna/otp", []string{"internal/desk/auth"}},
	{"github.com/go-webauthn/webauthn", []string{"internal/desk/auth"}},
	{"github.com/wneessen/go-mail", []string{"internal/desk/notify"}},
	{"github.com/xuri/excelize/v2", []string{"internal/desk/registry/tabular"}},
	{"github.com/prometheus/client_golang", []string{"internal/serve/metrics"}},
	{"conoceles/internal/db/embedded", []string{"internal/app", "internal/db/dbtest", "internal/rig"}},
	{"conoceles/internal/db/dbtest", []string{"internal/db/dbtest", "internal/desk/desktest", "internal/site/sitetest"}},
	{"conoceles/internal/desk/desktest", nil},
	{"conoceles/internal/rig", nil},
	{"conoceles/internal/site/sitetest", nil},
}

func TestWhoMayImportWhom(t *testing.T) {
	_, imports := tree(t)
	for _, rule := range whoMay {
		for pkg, list := range imports {
			for _, i := range list {
				if !under(i, rule.imported) {
					continue
				}
				if !slices.ContainsFunc(rule.by, func(dir string) bool { return under(pkg, dir) }) {
					t.Errorf("%s imports %s", pkg, i)
				}
			}
		}
	}
}

func TestTheDeskOverHTTPHasNoHandOnTheSite(t *testing.T) {
	root, _ := tree(t)
	err := archtest.Files(filepath.Join(root, "internal/desk/deskhttp"), ".go", func(path string, content []byte) error {
		if regexp.MustCompile(`\bdb\.(Site|OpenSite)\b`).Match(content) {
			t.Errorf("%s names db.Site", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var writesSite = regexp.MustCompile(`(?i)\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE)\s+(TABLE\s+)?site\.`)

func TestOnlyPublishWritesToTheSite(t *testing.T) {
	root, _ := tree(t)
	err := archtest.Files(root, ".go", func(path string, content []byte) error {
		if !strings.HasSuffix(path, "_test.go") && !strings.HasPrefix(path, "internal/desk/publish/") &&
			!strings.HasPrefix(path, "internal/site/sitetest/") && writesSite.Match(content) {
			t.Errorf("%s writes to schema site", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryPackageTeachesItself(t *testing.T) {
	root, imports := tree(t)
	for pkg := range imports {
		files, err := filepath.Glob(filepath.Join(root, pkg, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(files, func(f string) bool {
			content, err := os.ReadFile(f)
			return err == nil && !strings.HasSuffix(f, "_test.go") && regexp.MustCompile(`(?m)^// (Package|Command) `).Match(content)
		}) {
			t.Errorf("%s has no package comment", pkg)
		}
	}
}

// dependencies are the modules that the program may depend on directly, and why.
// Adding one means adding a line here.
var dependencies = map[string]string{
	"codeberg.org/go-pdf/fpdf":              "acuses and official documents in PDF",
	"filippo.io/age":                        "backups that only their custodians open",
	"github.com/PuerkitoBio/goquery":        "tests read pages",
	"github.com/a-h/templ":                  "templates checked by the compiler",
	"github.com/alecthomas/kong":            "commands",
	"github.com/alexedwards/argon2id":       "password hashes",
	"github.com/alexedwards/scs/v2":         "sessions",
	"github.com/andybalholm/brotli":         "compression",
	"github.com/bep/imagemeta":              "orientation of photographs",
	"github.com/boombuler/barcode":          "the square code of the consent format",
	"github.com/caarlos0/env/v11":           "configuration",
	"github.com/chromedp/cdproto":           "tests drive a browser",
	"github.com/chromedp/chromedp":          "tests drive a browser",
	"github.com/go-chi/chi/v5":              "router",
	"github.com/go-webauthn/webauthn":       "passkeys",
	"github.com/golang-migrate/migrate/v4":  "migrations",
	"github.com/google/go-cmp":              "tests compare",
	"github.com/google/uuid":                "idempotency keys",
	"github.com/jackc/pgx/v5":               "PostgreSQL",
	"github.com/klauspost/compress":         "compression",
	"github.com/maypok86/otter/v2":          "cache of curricular pages",
	"github.com/wneessen/go-mail":           "e-mail",
	"github.com/microcosm-cc/bluemonday":    "notices in Markdown hold only text",
	"github.com/xuri/excelize/v2":           "lists in XLSX",
	"github.com/pquerna/otp":                "codes of the second factor",
	"github.com/tink-crypto/tink-go/v2":     "encryption at rest, with rotation",
	"github.com/yuin/goldmark":              "privacy notices in Markdown",
	"github.com/prometheus/client_golang":   "what is counted, on a listener of its own",
	"golang.org/x/image":                    "scaling of photographs",
	"golang.org/x/mod":                      "the register: Merkle tree, signed checkpoints and proofs; this test reads go.mod",
	"golang.org/x/net":                      "the copy of the site takes links out of pages",
	"golang.org/x/sync":                     "groups of goroutines",
	"golang.org/x/text":                     "Unicode normalisation, encodings, collation",
	"pgregory.net/rapid":                    "property tests",
	"github.com/pb33f/libopenapi":           "tests validate the API against its description (OpenAPI 3.1)",
	"github.com/pb33f/libopenapi-validator": "the same: no other Go validator knows 3.1 whole",
}

func TestEveryDependencyHasAReason(t *testing.T) {
	root, _ := tree(t)
	content, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", content, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range mod.Require {
		if _, ok := dependencies[r.Mod.Path]; !r.Indirect && !ok {
			t.Errorf("%s is a direct dependency without a reason here", r.Mod.Path)
		}
	}
	for path := range dependencies {
		if !slices.ContainsFunc(mod.Require, func(r *modfile.Require) bool { return r.Mod.Path == path && !r.Indirect }) {
			t.Errorf("%s is listed here and is no longer a direct dependency", path)
		}
	}
}

func TestTheTopLevelIsTheAgreedOne(t *testing.T) {
	root, _ := tree(t)
	want := []string{"cmd", "internal", "web", "migrations", "go.mod", "go.sum", "tools.mod", "tools.sum", "Makefile", "README.md", "LICENSE", "bin", "build", "datos"}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(want, e.Name()) {
			t.Errorf("%s does not belong at the top level", e.Name())
		}
	}
}
