package portrait

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"

	"github.com/bep/imagemeta"
	"golang.org/x/image/draw"
)

// originalSide is how long the longer side of the stored whole image may be:
// enough to crop a third of it and still fill the large square.
const originalSide = 1600

// Sizes and weights of the squares (ux.md 4).
const (
	LargeSide, LargeBytes   = 384, 45_000
	MediumSide, MediumBytes = 192, 20_000
	SmallSide, SmallBytes   = 96, 8_000
)

// render encodes the whole image and its three squares.
func render(img image.Image, f Framing) (Photo, error) {
	var p Photo
	var err error
	if p.Original, err = encode(img, 90); err != nil {
		return p, err
	}
	square := f.crop(img.Bounds())
	for _, r := range []struct {
		to          *[]byte
		side, bytes int
	}{{&p.Large, LargeSide, LargeBytes}, {&p.Medium, MediumSide, MediumBytes}, {&p.Small, SmallSide, SmallBytes}} {
		small := image.NewRGBA(image.Rect(0, 0, r.side, r.side))
		draw.CatmullRom.Scale(small, small.Bounds(), img, square, draw.Src, nil)
		if *r.to, err = encodeWithin(small, r.bytes); err != nil {
			return p, err
		}
	}
	return p, nil
}

// encodeWithin encodes with the best quality that fits in so many bytes.
func encodeWithin(img image.Image, limit int) ([]byte, error) {
	for quality := 88; quality > 0; quality -= 8 {
		b, err := encode(img, quality)
		if err != nil || len(b) <= limit {
			return b, err
		}
	}
	return nil, errors.New("the square does not fit in its budget at any quality")
}

func encode(img image.Image, quality int) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}

// shrink returns the image on white, with its longer side at most side pixels.
func shrink(img image.Image, side int) *image.RGBA {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if long := max(w, h); long > side {
		w, h = max(w*side/long, 1), max(h*side/long, 1)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(out, out.Bounds(), img, img.Bounds(), draw.Over, nil)
	return out
}

// orientation returns the EXIF orientation of the file, 1 to 8; 1 where it says
// none, or nothing that makes sense.
func orientation(file []byte, f format) int {
	kind := imagemeta.JPEG
	if f.png {
		kind = imagemeta.PNG
	}
	found := 1
	_, err := imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(file), ImageFormat: kind, Sources: imagemeta.EXIF,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool { return t.Tag == "Orientation" },
		HandleTag: func(t imagemeta.TagInfo) error {
			if n, ok := t.Value.(uint16); ok && n >= 1 && n <= 8 {
				found = int(n)
			}
			return imagemeta.ErrStopWalking
		},
	})
	if err != nil {
		return 1 // broken metadata is no reason to refuse a good photograph
	}
	return found
}

// upright undoes the orientation with which the camera stored the image.
func upright(img *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return img
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 { // lying on a side
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch orientation {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			out.SetRGBA(tx, ty, img.RGBAAt(x, y))
		}
	}
	return out
}
