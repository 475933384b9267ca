// Package portrait turns the file that somebody uploads into the photograph
// that the site may show.
//
// What arrives is hostile until proven otherwise, so the order matters: the
// first bytes say what it is, DecodeConfig says how big it would be, and only
// then is it decoded, one file at a time in the whole program. What leaves is
// always encoded again: nothing of the original file survives, neither its
// metadata (where it was taken, with which telephone) nor anything hidden after
// the image.
//
//	file ──Develop──> Photo{Original, Large, Medium, Small}
//	Photo.Original ──Frame(Framing)──> Photo, with another crop
//
// The three squares are of the sizes and weights that the pages budget for.
package portrait

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"conoceles/internal/fault"
)

// Limits of what is accepted.
const (
	MaxBytes  = 8 << 20
	maxPixels = 16_000_000
	minSide   = 200
)

// Photo is a photograph in the renditions that are stored, all JPEG without
// metadata.
type Photo struct {
	Original []byte // whole, upright, to frame it again
	Large    []byte // square of 384 pixels
	Medium   []byte // 192
	Small    []byte // 96
}

// Hash identifies the photograph: the SHA-256 of the large rendition.
func (p Photo) Hash() string {
	sum := sha256.Sum256(p.Large)
	return hex.EncodeToString(sum[:])
}

// Studio decodes images one at a time: each may take 64 MB while it is open.
// Make one per program with NewStudio.
type Studio struct{ turn chan struct{} }

// NewStudio returns a Studio ready for its first photograph.
func NewStudio() *Studio { return &Studio{turn: make(chan struct{}, 1)} }

// Develop makes a photograph of an uploaded file, with a centred crop. What
// cannot be one is an Invalid fault whose message says why and what to do.
func (s *Studio) Develop(ctx context.Context, file []byte) (Photo, error) {
	f, err := examine(file)
	if err != nil {
		return Photo{}, err
	}
	return s.inTurn(ctx, func() (Photo, error) {
		img, err := f.decode(file)
		if err != nil {
			return Photo{}, refuse("La imagen está dañada o incompleta. Ábrela para comprobarlo y vuelve a guardarla como JPG.")
		}
		return render(upright(shrink(img, originalSide), orientation(file, f)), Framing{})
	})
}

// Frame makes the photograph again from its own Original, with another crop.
func (s *Studio) Frame(ctx context.Context, original []byte, f Framing) (Photo, error) {
	return s.inTurn(ctx, func() (Photo, error) {
		img, err := jpeg.Decode(bytes.NewReader(original))
		if err != nil {
			return Photo{}, err
		}
		p, err := render(img, f)
		p.Original = original // not encoded twice: it would fade with every change of mind
		return p, err
	})
}

// inTurn waits for the studio to be free, or for whoever asked to give up.
func (s *Studio) inTurn(ctx context.Context, work func() (Photo, error)) (Photo, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
		return work()
	case <-ctx.Done():
		return Photo{}, fault.Wrap(fault.Unavailable,
			"Hay muchas fotografías en espera. Vuelve a intentarlo en un momento.", ctx.Err())
	}
}

// format is one of the two that are accepted.
type format struct {
	config func([]byte) (image.Config, error)
	decode func([]byte) (image.Image, error)
	png    bool
}

var (
	jpegFormat = format{
		config: func(b []byte) (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(b)) },
		decode: func(b []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(b)) },
	}
	pngFormat = format{
		config: func(b []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(b)) },
		decode: func(b []byte) (image.Image, error) { return png.Decode(bytes.NewReader(b)) },
		png:    true,
	}
)

// examine decides from the header alone whether the file may be decoded.
func examine(file []byte) (format, error) {
	if len(file) == 0 {
		return format{}, refuse("Elige el archivo de la fotografía.")
	}
	if len(file) > MaxBytes {
		return format{}, refuse("El archivo pesa más de 8 MB. Guárdalo con menos calidad o menos tamaño y vuelve a subirlo.")
	}
	f, err := recognise(file)
	if err != nil {
		return format{}, err
	}
	cfg, err := f.config(file)
	if err != nil {
		return format{}, refuse("La imagen está dañada o incompleta. Ábrela para comprobarlo y vuelve a guardarla como JPG.")
	}
	switch {
	case cfg.Width < minSide || cfg.Height < minSide:
		return format{}, refuse("La imagen es muy pequeña: necesita al menos 200 pixeles por lado para verse con claridad.")
	case pixels(cfg) > maxPixels:
		return format{}, refuse("La imagen mide más de 16 megapixeles. Redúcela, por ejemplo a 2,000 pixeles por lado, y vuelve a subirla.")
	}
	return f, nil
}

// pixels counts as two those that take twice the memory.
func pixels(cfg image.Config) int64 {
	n := int64(cfg.Width) * int64(cfg.Height)
	switch cfg.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model:
		return 2 * n
	}
	return n
}

// refuse returns the failure that the field of the form shows.
func refuse(message string) error { return fault.InvalidField(Field, message) }

// Field is the name of the form's field that brings the file.
const Field = "foto"
