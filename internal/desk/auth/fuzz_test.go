package auth_test

import (
	"net/url"
	"strings"
	"testing"

	"conoceles/internal/desk/auth"
)

// A return never leaves the site, whatever it is (a browser reads \ as /).
func FuzzSafeReturn(f *testing.F) {
	for _, s := range []string{"/captura", "//malo.invalid", "/\\malo.invalid", "https://malo.invalid", "/a\r\nX: b", "", "/%2f/malo.invalid"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := auth.SafeReturn(s, "/")
		if u, err := url.Parse(got); err != nil || u.Host != "" || u.IsAbs() || !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.Contains(got, "\\") {
			t.Errorf("%q leads to %q", s, got)
		}
	})
}

// An address with which somebody enters fits in one header of an e-mail.
func FuzzValidEmail(f *testing.F) {
	for _, s := range []string{"a@b.mx", "a@b", "a b@c.mx", "a@b.mx\r\nBcc: c@d.mx", "<a@b.mx>", "á@b.mx"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if auth.ValidEmail(s) && strings.ContainsAny(s, "\r\n<>, ") {
			t.Errorf("%q is an address", s)
		}
	})
}

// A policy judges any password, and never says what it is.
func FuzzPolicy(f *testing.F) {
	for _, s := range []string{"", "contraseña", strings.Repeat("a", 200), "cuatro gatos bajo el puente", "\xff\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		err := auth.Policy{Words: []string{"conoceles"}}.Check(s)
		if err != nil && len(s) > 20 && strings.Contains(err.Error(), s) {
			t.Errorf("the refusal says the password %q", s)
		}
	})
}
