package serve_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"conoceles/internal/serve"
)

// Whatever body comes with whatever type, Form answers or refuses: it never
// panics, and what it says is text passes CheckText or is refused by it.
func FuzzForm(f *testing.F) {
	for _, kind := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "text/plain"} {
		f.Add(kind, "a=b&c=%00")
		f.Add(kind, "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n")
	}
	f.Fuzz(func(t *testing.T, kind, body string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		form, err := serve.Form(r)
		if err == nil {
			_ = serve.CheckText(form)
		}
	})
}
