package portrait

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"

	"golang.org/x/image/draw"
)

// EmblemSide is the side of an emblem: the white box of 34 pixels where it is
// shown, four times over for dense screens.
const EmblemSide = 136

// Emblem makes the emblem of a nominator of an uploaded file: whole, centred in a
// white square, so that every party takes the same room. It is refused as a
// photograph is.
func (s *Studio) Emblem(ctx context.Context, file []byte) ([]byte, error) {
	f, err := examine(file)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	_, err = s.inTurn(ctx, func() (Photo, error) {
		img, err := f.decode(file)
		if err != nil {
			return Photo{}, refuse("La imagen está dañada o incompleta. Ábrela para comprobarlo y vuelve a guardarla como PNG.")
		}
		whole := upright(shrink(img, originalSide), orientation(file, f))
		return Photo{}, png.Encode(&out, boxed(whole))
	})
	return out.Bytes(), err
}

// boxed returns the image in the middle of a white square.
func boxed(img image.Image) *image.RGBA {
	box := image.NewRGBA(image.Rect(0, 0, EmblemSide, EmblemSide))
	draw.Draw(box, box.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	long := max(w, h)
	w, h = max(w*EmblemSide/long, 1), max(h*EmblemSide/long, 1)
	at := image.Rect(0, 0, w, h).Add(image.Pt((EmblemSide-w)/2, (EmblemSide-h)/2))
	draw.CatmullRom.Scale(box, at, img, img.Bounds(), draw.Over, nil)
	return box
}
