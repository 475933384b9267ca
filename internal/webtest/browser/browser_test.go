package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

func TestWithoutChromiumSaysWhatToInstall(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/nowhere/chromium", t.TempDir(), plain} {
		_, err := find(path)
		if err == nil {
			t.Fatalf("%s passes for a Chromium", path)
		}
		for _, want := range []string{path, "apt-get install chromium", "CONOCELES_CHROMIUM"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q does not say %q", err, want)
			}
		}
	}
	if got, err := find(""); err != nil || got != debian {
		t.Errorf("by default %q, error %v, want %s", got, err, debian)
	}
}

func TestTheChromiumIsShared(t *testing.T) {
	a, b := New(t), New(t)
	if a.ctx != b.ctx {
		t.Error("two tests got two browsers")
	}
}

// Whoever comes after the last user, or after a Chromium that died, gets a new one.
func TestTheChromiumClosesAfterTheLast(t *testing.T) {
	path, err := find(os.Getenv("CONOCELES_CHROMIUM"))
	if err != nil {
		t.Fatal(err)
	}
	var k keeper
	first, err := k.take(path)
	if err != nil {
		t.Fatal(err)
	}
	k.hold()
	k.give()
	if first.Err() != nil {
		t.Error("it closed while somebody held it")
	}
	k.give()
	if first.Err() == nil || k.close != nil {
		t.Error("it is still open after the last")
	}
	second, err := k.take(path)
	if err != nil {
		t.Fatal(err)
	}
	defer k.give()
	if second == first || second.Err() != nil {
		t.Error("nobody gets a new one")
	}
}

func TestPagesKeepNothingOfOthers(t *testing.T) {
	url := serve(t, fixture{cookie: "sesion"})
	b := New(t)
	one, other := b.Page(), b.Page()
	one.Open(url)
	if got := Weight(one).Cookies; len(got) != 1 || got[0] != "sesion" {
		t.Errorf("cookies %q, want sesion", got)
	}
	other.Open(serve(t, fixture{}))
	if got := Weight(other).Cookies; len(got) != 0 {
		t.Errorf("another page holds the cookies %q", got)
	}
}
