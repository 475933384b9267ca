package portrait

import (
	"image"
	"slices"
	"strconv"
)

// Position says where in the photograph the square is cut.
type Position string

// The positions. The zero value is the centre.
const (
	Centre Position = "centro"
	Top    Position = "arriba"
	Bottom Position = "abajo"
	Left   Position = "izquierda"
	Right  Position = "derecha"
)

// Positions lists them in the order of the form.
func Positions() []Position { return []Position{Centre, Top, Bottom, Left, Right} }

// Zooms lists the magnifications of the form, in percent.
func Zooms() []int { return []int{100, 125, 150} }

// Framing is how the square is cut. Its zero value is the centre, whole.
type Framing struct {
	Position Position
	Zoom     int // percent; 0 is 100
}

// ParseFraming reads what a form says; false when it is none of ours.
func ParseFraming(position, zoom string) (Framing, bool) {
	z, err := strconv.Atoi(zoom)
	f := Framing{Position(position), z}
	return f, err == nil && slices.Contains(Positions(), f.Position) && slices.Contains(Zooms(), z)
}

// crop returns the square of the image that the framing keeps.
func (f Framing) crop(b image.Rectangle) image.Rectangle {
	side := min(b.Dx(), b.Dy())
	if f.Zoom > 100 {
		side = side * 100 / f.Zoom
	}
	x, y := (b.Dx()-side)/2, (b.Dy()-side)/2
	switch f.Position {
	case Top:
		y = 0
	case Bottom:
		y = b.Dy() - side
	case Left:
		x = 0
	case Right:
		x = b.Dx() - side
	}
	return image.Rect(x, y, x+side, y+side).Add(b.Min)
}
