package site_test

import (
	"testing"

	"conoceles/internal/site"
)

// Folding is idempotent: what is looked for is folded as what is found was.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"Núñez", "DE LA O", "  a  ", "İ", "ß", "\xff", "ﬁ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := site.Fold(s)
		if twice := site.Fold(once); twice != once {
			t.Errorf("%q folds to %q and then to %q", s, once, twice)
		}
	})
}

// A slug goes in an address as it is.
func FuzzSlug(f *testing.F) {
	for _, s := range []string{"Ana Ruiz", "../x", "a/b", "a?b#c", "%2e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range site.Slug(s) {
			if r == '/' || r == '?' || r == '#' || r == '%' || r <= ' ' {
				t.Errorf("%q gives %q", s, site.Slug(s))
			}
		}
	})
}
