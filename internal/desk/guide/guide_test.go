package guide

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"conoceles/internal/archtest"
)

// screen is a route of the table, as its golden file has it.
type screen struct {
	Method  string `json:"metodo"`
	Pattern string `json:"ruta"`
	Role    string `json:"papel"`
}

func golden(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "archtest", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// screens are the routes that are read, and the roles that some of them names.
func screens(t *testing.T) (all []screen, roles []string) {
	t.Helper()
	if err := json.Unmarshal([]byte(golden(t, "routes.json")), &all); err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		roles = append(roles, strings.Fields(s.Role)...)
	}
	slices.Sort(roles)
	roles = slices.DeleteFunc(slices.Compact(roles), func(r string) bool { return r == "publico" })
	all = slices.DeleteFunc(all, func(s screen) bool { return s.Method != "GET" })
	return all, roles
}

// at returns the screen of an address: the most literal pattern that it matches.
func at(all []screen, address string) (screen, bool) {
	address, _, _ = strings.Cut(address, "#")
	address, _, _ = strings.Cut(address, "?")
	for _, s := range all {
		if s.Pattern == address {
			return s, true
		}
	}
	parts := strings.Split(address, "/")
	for _, s := range all {
		pattern := strings.Split(s.Pattern, "/")
		if slices.EqualFunc(parts, pattern, func(p, q string) bool { return p == q || strings.HasPrefix(q, "{") && !strings.HasPrefix(p, "{") }) {
			return s, true
		}
	}
	return screen{}, false
}

func TestAGuideNamesScreensThatItsReadersMayOpen(t *testing.T) {
	all, roles := screens(t)
	check := func(name, source string, readers []string) int {
		links := link.FindAllStringSubmatch(source, -1)
		for _, l := range links {
			if key, ok := strings.CutPrefix(l[2], Home+"/"); ok {
				if _, ok := Find(key); !ok {
					t.Errorf("%s: there is no guide %s", name, l[2])
				}
			}
			s, ok := at(all, l[2])
			if !ok {
				t.Errorf("%s: «%s» leads to %s, which is no screen", name, l[1], l[2])
				continue
			}
			for _, r := range readers {
				if may := strings.Fields(s.Role); !slices.Contains(may, r) && !slices.Contains(may, "publico") {
					t.Errorf("%s: «%s» leads to %s, which %s may not open, only %s", name, l[1], l[2], r, s.Role)
				}
			}
		}
		return len(links)
	}
	for _, g := range All() {
		readers := roles
		if g.Role != "" {
			readers = []string{g.Role}
		}
		if n := check(g.Key, g.source(), readers); n < 5 {
			t.Errorf("%s: only %d screens are named", g.Key, n)
		}
	}
	if n := check("temario", read("temario"), nil); n < 13 {
		t.Errorf("the topics lead to %d guides", n)
	}
}

func TestEveryRoleHasItsGuide(t *testing.T) {
	_, roles := screens(t)
	if len(roles) < 8 {
		t.Fatalf("only %d roles were read: %v", len(roles), roles)
	}
	for _, r := range roles {
		if got := For(r); got.Role != r {
			t.Errorf("%s has no guide", r)
		}
	}
	for _, g := range All() {
		if g.Role != "" && !slices.Contains(roles, g.Role) {
			t.Errorf("%s is for %s, which is no role", g.Key, g.Role)
		}
		if got, ok := Find(g.Key); !ok || got != g {
			t.Errorf("%s is not found", g.Key)
		}
	}
}

var quoted = regexp.MustCompile(`«([^»]+)»`)

func TestAGuideQuotesWhatIsOnAScreen(t *testing.T) {
	words := program(t)
	for _, g := range All() {
		for _, q := range quoted.FindAllStringSubmatch(g.source(), -1) {
			if !strings.Contains(words, q[1]) {
				t.Errorf("%s: no screen says «%s»", g.Key, q[1])
			}
		}
	}
}

// program is the source of everything that people read.
func program(t *testing.T) string {
	t.Helper()
	root, err := archtest.Root()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, dir := range []string{"web", "internal/desk", "internal/questionnaire"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			name := filepath.Base(path)
			if err != nil || d.IsDir() || strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") ||
				filepath.Ext(name) != ".go" && filepath.Ext(name) != ".templ" || strings.Contains(path, "desk/guide") {
				return err
			}
			source, err := os.ReadFile(path)
			b.Write(source)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func TestAGuideSaysTheTermsThatRule(t *testing.T) {
	schema, said := golden(t, "schema.txt"), ""
	for _, g := range All() {
		source := g.source()
		said += source
		for _, n := range named.FindAllString(source, -1) {
			if terms[strings.Trim(n, "[]")].said == "" {
				t.Errorf("%s: %s is no term", g.Key, n)
			}
		}
		if text := g.Text(); strings.Contains(text, "[[") || strings.Contains(text, "{") || !strings.HasPrefix(text, "## ") {
			t.Errorf("%s is not drawn whole", g.Key)
		}
	}
	for name, term := range terms {
		if !strings.Contains(said, "[["+name+"]]") {
			t.Errorf("no guide says %s", name)
		}
		number, _, _ := strings.Cut(term.said, " ")
		if term.column != "" && !strings.Contains(schema, "column "+term.column+" integer NOT NULL DEFAULT "+number+" ") {
			t.Errorf("%s: the schema does not give %s the default %s", name, term.column, number)
		}
	}
}
