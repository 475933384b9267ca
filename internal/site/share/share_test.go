package share_test

import (
	"bytes"
	"encoding/xml"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"conoceles/internal/site/share"
)

func TestACardFitsWhateverItSays(t *testing.T) {
	for _, c := range []struct {
		name string
		card share.Card
	}{
		{"short", share.Card{Site: "Conóceles Ejemplo", Name: "Ana Ñáñez", StandsFor: "Candidata a diputación local, distrito 02", Nominator: "Partido Horizonte"}},
		{"a long name", share.Card{Name: strings.Repeat("María de los Ángeles ", 6), StandsFor: strings.Repeat("Presidencia municipal de ejemplo ", 9), Nominator: strings.Repeat("Coalición ", 30), Notice: "Proceso de demostración"}},
		{"one endless word", share.Card{Name: strings.Repeat("A", 300)}},
		{"nothing", share.Card{}},
		{"a photograph that is none", share.Card{Name: "Ana", Photo: []byte("no")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.card.JPEG()
			if err != nil {
				t.Fatal(err)
			}
			if len(got) > share.MostBytes {
				t.Errorf("%d bytes, more than %d", len(got), share.MostBytes)
			}
			size, err := jpeg.DecodeConfig(bytes.NewReader(got))
			if err != nil || size.Width != share.Width || size.Height != share.Height {
				t.Errorf("%v, %d by %d", err, size.Width, size.Height)
			}
			if dir := os.Getenv("CONOCELES_PICTURES"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, "tarjeta-"+c.name+".jpg"), got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			again, _ := c.card.JPEG()
			if !bytes.Equal(got, again) {
				t.Error("the same card gives other bytes")
			}
		})
	}
}

func TestASquareCodeIsADrawing(t *testing.T) {
	code, err := share.QR("https://ejemplo.invalid/procesos/demostracion-2027/boleta/148")
	if err != nil {
		t.Fatal(err)
	}
	if code.Size < 21+2*share.Quiet || !strings.HasPrefix(code.Path, "M4 4h7v1h-7z") {
		t.Errorf("size %d, path %.30q: no corner begins it", code.Size, code.Path)
	}
	var drawing struct {
		Title string `xml:"title"`
	}
	if err := xml.Unmarshal([]byte(code.SVG("Boleta de <Cuautla> & «más»")), &drawing); err != nil || drawing.Title != "Boleta de <Cuautla> & «más»" {
		t.Errorf("title %q, %v", drawing.Title, err)
	}
	if _, err := share.QR(strings.Repeat("x", 5000)); err == nil {
		t.Error("a code of 5,000 bytes")
	}
}
