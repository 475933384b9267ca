package portrait_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"conoceles/internal/desk/capture/portrait"
	"conoceles/internal/fault"
)

// picture draws a w × h image, red above and blue below.
func picture(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{200, 30, 30, 255}
			if y >= h/2 {
				c = color.RGBA{30, 30, 200, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func asJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withEXIF puts an EXIF segment with an orientation and a place in a JPEG.
func withEXIF(file []byte, orientation uint16) []byte {
	var tiff bytes.Buffer
	put := func(v any) { _ = binary.Write(&tiff, binary.BigEndian, v) }
	entry := func(tag, kind uint16, count, value uint32) { put(tag); put(kind); put(count); put(value) }
	tiff.WriteString("MM\x00*")
	put(uint32(8))
	put(uint16(2))
	entry(0x0112, 3, 1, uint32(orientation)<<16)
	entry(0x8825, 4, 1, 38) // the GPS directory, right after this one
	put(uint32(0))
	put(uint16(1))
	entry(0x001D, 2, 11, 56) // the day it was taken there
	put(uint32(0))
	tiff.WriteString("2027:04:06\x00")
	segment := append([]byte("Exif\x00\x00"), tiff.Bytes()...)
	head := []byte{0xFF, 0xD8, 0xFF, 0xE1, byte((len(segment) + 2) >> 8), byte(len(segment) + 2)}
	return append(append(head, segment...), file[2:]...)
}

// header is the beginning of a square PNG with a depth and a colour type: what a
// decoder needs to take fright, and nothing else.
func header(side uint32, depth, colour byte) []byte {
	var b, ihdr bytes.Buffer
	ihdr.WriteString("IHDR")
	_ = binary.Write(&ihdr, binary.BigEndian, [2]uint32{side, side})
	ihdr.Write([]byte{depth, colour, 0, 0, 0})
	b.WriteString("\x89PNG\r\n\x1a\n")
	_ = binary.Write(&b, binary.BigEndian, uint32(13))
	b.Write(ihdr.Bytes())
	_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(ihdr.Bytes()))
	return b.Bytes()
}

// bomb is the header of a PNG that would take 1.6 GB to decode.
func bomb() []byte { return header(20_000, 8, 6) }

// stretched is a JPEG whose header says another size.
func stretched(file []byte, w, h uint16) []byte {
	out := bytes.Clone(file)
	sof := bytes.Index(out, []byte{0xFF, 0xC0})
	binary.BigEndian.PutUint16(out[sof+5:], h)
	binary.BigEndian.PutUint16(out[sof+7:], w)
	return out
}

func develop(t testing.TB, file []byte) (portrait.Photo, error) {
	t.Helper()
	return portrait.NewStudio().Develop(context.Background(), file)
}

func decode(t testing.TB, file []byte) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestGoodPhotographs(t *testing.T) {
	noise := image.NewRGBA(image.Rect(0, 0, 900, 700))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(random.UintN(256))
	}
	gray := image.NewGray(image.Rect(0, 0, 300, 400))
	for name, file := range map[string][]byte{
		"JPEG":            asJPEG(t, picture(600, 800)),
		"PNG":             asPNG(t, picture(800, 600)),
		"gray PNG":        asPNG(t, gray),
		"16-bit PNG":      asPNG(t, image.NewNRGBA64(image.Rect(0, 0, 400, 400))),
		"smallest":        asJPEG(t, picture(200, 200)),
		"very wide":       asJPEG(t, picture(4000, 200)),
		"12 megapixels":   asJPEG(t, image.NewGray(image.Rect(0, 0, 4000, 3000))),
		"noise":           asJPEG(t, noise),
		"trailing script": append(asJPEG(t, picture(300, 300)), "<script>alert(1)</script>"...),
		"broken metadata": withEXIF(asJPEG(t, picture(300, 300)), 99),
	} {
		p, err := develop(t, file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, r := range []struct {
			file        []byte
			side, bytes int
		}{
			{p.Large, portrait.LargeSide, portrait.LargeBytes},
			{p.Medium, portrait.MediumSide, portrait.MediumBytes},
			{p.Small, portrait.SmallSide, portrait.SmallBytes},
		} {
			if b := decode(t, r.file).Bounds(); b.Dx() != r.side || b.Dy() != r.side {
				t.Errorf("%s: %v, want a square of %d", name, b, r.side)
			}
			if len(r.file) > r.bytes {
				t.Errorf("%s: the square of %d weighs %d, want at most %d", name, r.side, len(r.file), r.bytes)
			}
		}
		if b := decode(t, p.Original).Bounds(); max(b.Dx(), b.Dy()) > 1600 {
			t.Errorf("%s: the whole image measures %v", name, b)
		}
	}
}

func TestRefusalsSayWhy(t *testing.T) {
	good := asJPEG(t, picture(400, 400))
	var anim bytes.Buffer
	if err := gif.Encode(&anim, picture(300, 300), nil); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file []byte
		says string
	}{
		"nothing":         {nil, "Elige el archivo"},
		"HTML as .jpg":    {[]byte("<!DOCTYPE html><html><script>alert(1)</script>"), "página web"},
		"SVG":             {[]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`), "SVG"},
		"GIF":             {anim.Bytes(), "GIF"},
		"HEIC":            {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "HEIC"},
		"video":           {[]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00"), "video"},
		"TIFF":            {[]byte("II*\x00\x08\x00\x00\x00"), "TIFF"},
		"BMP":             {append([]byte("BM"), make([]byte, 60)...), "BMP"},
		"PDF":             {[]byte("%PDF-1.7\n"), "PDF"},
		"text":            {[]byte("hola"), "texto"},
		"bytes":           {[]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}, "no es una imagen"},
		"truncated":       {good[:len(good)/2], "dañada o incompleta"},
		"only a header":   {good[:4], "dañada o incompleta"},
		"truncated PNG":   {asPNG(t, picture(400, 400))[:60], "dañada o incompleta"},
		"bomb":            {bomb(), "16 megapixeles"},
		"huge JPEG":       {stretched(good, 4001, 4000), "16 megapixeles"},
		"huge 16-bit PNG": {header(3000, 16, 2), "16 megapixeles"},
		"tiny":            {asJPEG(t, picture(199, 400)), "muy pequeña"},
		"too heavy":       {append(good, make([]byte, portrait.MaxBytes)...), "8 MB"},
	} {
		_, err := develop(t, c.file)
		fields := fault.FieldsOf(err)
		if !fault.Is(err, fault.Invalid) || len(fields) != 1 || fields[0].ID != portrait.Field {
			t.Errorf("%s: %v, want invalid in the file's field", name, err)
			continue
		}
		if !strings.Contains(fields[0].Message, c.says) {
			t.Errorf("%s: says %q, want it to say %q", name, fields[0].Message, c.says)
		}
	}
}

func TestABombIsNotDecoded(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := develop(t, bomb()); err == nil {
		t.Fatal("the bomb was accepted")
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<20 {
		t.Errorf("refusing it took %d bytes", grown)
	}
}

func TestMetadataIsReadAndThenGone(t *testing.T) {
	// Stored lying down: red above in the file, so red at the right once upright.
	file := withEXIF(asJPEG(t, picture(400, 300)), 6)
	if !bytes.Contains(file, []byte("2027:04:06")) {
		t.Fatal("the test's own file has no metadata to lose")
	}
	p, err := develop(t, file)
	if err != nil {
		t.Fatal(err)
	}
	if b := decode(t, p.Original).Bounds(); b.Dx() != 300 || b.Dy() != 400 {
		t.Errorf("upright it measures %v, want 300 × 400", b)
	}
	large := decode(t, p.Large)
	if r, _, b, _ := large.At(370, 192).RGBA(); r < b {
		t.Error("the right side should be red: it was not turned the right way")
	}
	for name, file := range map[string][]byte{"original": p.Original, "large": p.Large, "medium": p.Medium, "small": p.Small} {
		if bytes.Contains(file, []byte("Exif")) || bytes.Contains(file, []byte("2027:04:06")) {
			t.Errorf("%s keeps metadata", name)
		}
	}
}

// Every orientation brings the same corner to the same place.
func TestOrientations(t *testing.T) {
	want := map[uint16]image.Point{ // where the red half of the file ends up
		1: {192, 10}, 2: {192, 10}, 3: {192, 374}, 4: {192, 374}, 5: {10, 192}, 6: {374, 192}, 7: {374, 192}, 8: {10, 192},
	}
	for orientation, at := range want {
		p, err := develop(t, withEXIF(asJPEG(t, picture(400, 400)), orientation))
		if err != nil {
			t.Fatal(err)
		}
		if r, _, b, _ := decode(t, p.Large).At(at.X, at.Y).RGBA(); r < b {
			t.Errorf("orientation %d: not red at %v", orientation, at)
		}
	}
}

func TestFraming(t *testing.T) {
	p, err := develop(t, asJPEG(t, picture(400, 800)))
	if err != nil {
		t.Fatal(err)
	}
	studio := portrait.NewStudio()
	red := func(position, zoom string) (share float64) {
		f, ok := portrait.ParseFraming(position, zoom)
		if !ok {
			t.Fatalf("%s at %s is no framing", position, zoom)
		}
		framed, err := studio.Frame(t.Context(), p.Original, f)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(framed.Original, p.Original) {
			t.Error("framing changed the whole image")
		}
		img, n := decode(t, framed.Large), 0
		for y := range portrait.LargeSide {
			if r, _, b, _ := img.At(10, y).RGBA(); r > b {
				n++
			}
		}
		return float64(n) / portrait.LargeSide
	}
	for _, c := range []struct {
		position, zoom string
		from, to       float64
	}{
		{"centro", "100", 0.45, 0.55},
		{"arriba", "100", 0.97, 1},
		{"abajo", "100", 0, 0.03},
		{"izquierda", "150", 0.45, 0.55},
		{"arriba", "150", 0.97, 1},
	} {
		if got := red(c.position, c.zoom); got < c.from || got > c.to {
			t.Errorf("%s at %s %%: %.2f red, want %.2f to %.2f", c.position, c.zoom, got, c.from, c.to)
		}
	}
	for _, bad := range [][2]string{{"norte", "100"}, {"centro", "99"}, {"centro", ""}, {"", "100"}, {"centro", "1e2"}} {
		if _, ok := portrait.ParseFraming(bad[0], bad[1]); ok {
			t.Errorf("%q is a framing", bad)
		}
	}
}

func TestOneAtATime(t *testing.T) {
	studio := portrait.NewStudio()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	// With the studio free either may win; what must not be is another failure.
	if _, err := studio.Develop(ctx, asJPEG(t, picture(300, 300))); err != nil && !fault.Is(err, fault.Unavailable) {
		t.Errorf("a person who gave up: %v", err)
	}
}

func FuzzDevelop(f *testing.F) {
	f.Add(asJPEG(f, picture(200, 200)))
	f.Add(withEXIF(asJPEG(f, picture(200, 200)), 6))
	f.Add(asPNG(f, picture(200, 200)))
	f.Add(bomb())
	studio := portrait.NewStudio()
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := studio.Develop(context.Background(), file)
		if err == nil && len(p.Large) > portrait.LargeBytes {
			t.Errorf("%d bytes", len(p.Large))
		}
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%v, want invalid", err)
		}
	})
}
