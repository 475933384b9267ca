package figures_test

import (
	"testing"

	"conoceles/internal/figures"
)

// What Decode accepts, Encode writes, and it is the same.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", "{}", `{"a":1}`, "[", "null", "\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := figures.Decode(content)
		if err != nil {
			return
		}
		if _, err := r.Encode(); err != nil {
			t.Errorf("%q is decoded and cannot be encoded: %v", content, err)
		}
	})
}
