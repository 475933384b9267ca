package portrait_test

import (
	"slices"
	"testing"

	"conoceles/internal/desk/capture/portrait"
)

// A framing that is accepted is one of those of the form.
func FuzzParseFraming(f *testing.F) {
	f.Add("centro", "100")
	f.Add("", "1e2")
	f.Add("arriba", "-125")
	f.Fuzz(func(t *testing.T, position, zoom string) {
		if got, ok := portrait.ParseFraming(position, zoom); ok && (!slices.Contains(portrait.Positions(), got.Position) || !slices.Contains(portrait.Zooms(), got.Zoom)) {
			t.Errorf("%q, %q give %+v", position, zoom, got)
		}
	})
}
