package capture_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"
)

// photograph returns a JPEG with something to see in it.
func photograph(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(i / w * 255 / h)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
