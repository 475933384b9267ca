package share

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"strings"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// The measures that social networks expect, and what they accept.
const (
	Width, Height = 1200, 630
	MostBytes     = 300 << 10
)

// Card is what a card says.
type Card struct {
	Site      string // «Conóceles Morelos»
	Name      string
	StandsFor string
	Nominator string
	Notice    string // of a demonstration, or ""
	Photo     []byte // JPEG; nil draws the neutral figure
}

// The colours of the site.
var (
	paper  = color.RGBA{0xfc, 0xfa, 0xf5, 0xff}
	amate  = color.RGBA{0xef, 0xe5, 0xd5, 0xff}
	tan    = color.RGBA{0xcb, 0xb3, 0x95, 0xff}
	ink    = color.RGBA{0x25, 0x23, 0x3b, 0xff}
	grey   = color.RGBA{0x4f, 0x4b, 0x57, 0xff}
	copper = color.RGBA{0x67, 0x40, 0x24, 0xff}
)

// Measures, in pixels.
const (
	edge   = 56
	photo  = 400
	column = edge + photo + 48
	band   = 84 // of ink, at the foot
)

var (
	regular = parse(goregular.TTF)
	bold    = parse(gobold.TTF)
)

func parse(ttf []byte) *opentype.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic(err) // the font is part of the program
	}
	return f
}

// JPEG draws the card, in at most MostBytes. The same card gives the same bytes.
// A photograph that cannot be read is drawn as a missing one.
func (c Card) JPEG() ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, Width, Height))
	fill(img, img.Bounds(), paper)
	fill(img, image.Rect(0, Height-band, Width, Height), ink)
	c.portrait(img, image.Rect(edge, edge, edge+photo, edge+photo))
	wide := Width - edge - column
	y := edge + 8
	y = text{bold, 62, ink, wide, 4}.draw(img, c.Name, column, y)
	y = text{regular, 34, grey, wide, 3}.draw(img, c.StandsFor, column, y+22)
	text{bold, 34, copper, wide, 2}.draw(img, c.Nominator, column, y+22)
	text{bold, 36, paper, 600, 1}.draw(img, c.Site, edge, Height-band+20)
	text{regular, 28, amate, 620, 1}.draw(img, c.Notice, 600, Height-band+26)
	for quality := 90; ; quality -= 15 {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		if b.Len() <= MostBytes {
			return b.Bytes(), nil
		}
		if quality < 30 {
			return nil, fmt.Errorf("share: a card of %d bytes", b.Len())
		}
	}
}

// portrait draws the photograph in its frame.
func (c Card) portrait(img *image.RGBA, frame image.Rectangle) {
	fill(img, frame.Inset(-3), ink)
	fill(img, frame, amate)
	if p, err := jpeg.Decode(bytes.NewReader(c.Photo)); err == nil {
		draw.CatmullRom.Scale(img, frame, p, p.Bounds(), draw.Src, nil)
		return
	}
	// The neutral figure: a head over shoulders.
	x, y := frame.Min.X+photo/2, frame.Min.Y
	disc(img, frame, x, y+160, 78)
	disc(img, frame, x, y+440, 170)
}

func fill(img *image.RGBA, r image.Rectangle, c color.Color) {
	draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// disc draws the part of a circle that is inside the frame.
func disc(img *image.RGBA, frame image.Rectangle, cx, cy, r int) {
	for y := max(cy-r, frame.Min.Y); y < min(cy+r, frame.Max.Y); y++ {
		for x := max(cx-r, frame.Min.X); x < min(cx+r, frame.Max.X); x++ {
			if (x-cx)*(x-cx)+(y-cy)*(y-cy) < r*r {
				img.SetRGBA(x, y, tan)
			}
		}
	}
}

// text is how a paragraph is written: in lines as wide as width, at most so many.
type text struct {
	font  *opentype.Font
	size  int
	color color.Color
	width int
	lines int
}

// draw writes the paragraph from the top y and returns where it ends. What does
// not fit is written smaller and, at last, cut.
func (t text) draw(img *image.RGBA, words string, x, y int) int {
	for ; ; t.size -= 4 {
		face, err := opentype.NewFace(t.font, &opentype.FaceOptions{Size: float64(t.size), DPI: 72})
		if err != nil {
			return y // a size that no font refuses
		}
		lines := wrap(face, words, t.width)
		if len(lines) > t.lines && t.size > 24 {
			continue
		}
		if len(lines) > t.lines {
			lines = lines[:t.lines]
			lines[t.lines-1] += "…"
		}
		d := font.Drawer{Dst: img, Src: image.NewUniform(t.color), Face: face}
		for _, line := range lines {
			d.Dot = fixed.P(x, y+t.size*9/10)
			d.DrawString(line)
			y += t.size * 6 / 5
		}
		return y
	}
}

// wrap breaks words in lines that are not wider than width; a word that is wider
// than a line is left whole, and asks for a smaller size.
func wrap(face font.Face, words string, width int) []string {
	var lines []string
	for word := range strings.FieldsSeq(words) {
		if n := len(lines); n > 0 && font.MeasureString(face, lines[n-1]+" "+word).Ceil() <= width {
			lines[n-1] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}
