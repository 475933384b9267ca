package serve

import (
	"maps"
	"net/http"
	"strings"
)

// policy is the content security policy of every page (ux.md 4): nothing inline,
// nothing of others, no frames.
const policy = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// headers sets the security headers before anybody else writes. Their lists are
// made once for every answer: who sets one replaces it in theirs alone.
func headers(https bool) func(http.Handler) http.Handler {
	all := map[string][]string{
		"Content-Security-Policy":      {policy},
		"X-Content-Type-Options":       {"nosniff"},
		"Referrer-Policy":              {"same-origin"},
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Permissions-Policy":           {"camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
	}
	if https {
		all["Strict-Transport-Security"] = []string{"max-age=31536000; includeSubDomains"}
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			maps.Copy(w.Header(), all)
			next.ServeHTTP(w, r)
		})
	}
}

// Embeddable lets other sites show the page in a frame: the embedded card, and
// nothing else.
func Embeddable(w http.ResponseWriter) {
	w.Header().Set("Content-Security-Policy", strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors *", 1))
	Shareable(w)
}

// Shareable lets other sites load the answer: photographs, cards, data, the API.
func Shareable(w http.ResponseWriter) {
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// NoStore is for surfaces whose every answer is private, whatever a handler
// forgets. A handler may still tighten it.
func NoStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
