package archtest_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"conoceles/internal/archtest"
)

// sealed lists who may hold what opens an identity answer (architecture.md 3.4).
// deskhttp is not among them, nor anything of the public half.
var sealed = []struct {
	imported string
	by       []string
}{
	{"conoceles/internal/desk/internal/identity", []string{
		"internal/desk/capture", "internal/desk/consent", "internal/desk/publish", "internal/desk/report", "internal/desk/desktest",
		"internal/desk/canary",
	}},
	{"conoceles/internal/desk/keys", []string{
		"internal/desk/internal/identity", "internal/desk/capture", "internal/desk/consent", "internal/desk/publish",
		"internal/desk/report", "internal/desk/desktest", "internal/desk/canary", "internal/app",
	}},
	{"github.com/tink-crypto/tink-go/v2", []string{"internal/desk/keys"}},
}

func TestWhoMayHoldTheKeys(t *testing.T) {
	_, imports := tree(t)
	for _, rule := range sealed {
		for pkg, list := range imports {
			for _, i := range list {
				if under(i, rule.imported) && !slices.Contains(rule.by, pkg) {
					t.Errorf("%s imports %s", pkg, i)
				}
			}
		}
	}
}

var namesIdentity = regexp.MustCompile(`\bsensitive\.(identity_\w+|candidacy_keys)\b`)

func TestOnlyIdentityNamesItsTables(t *testing.T) {
	root, _ := tree(t)
	err := archtest.Files(root, ".go", func(path string, content []byte) error {
		if !strings.HasSuffix(path, "_test.go") && !under(path, "internal/desk/internal/identity") {
			if found := namesIdentity.Find(content); found != nil {
				t.Errorf("%s names %s", path, found)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
