// Package chart draws figures as SVG on the server: no script, no inline style,
// nothing that a strict policy stops (ux.md 7).
//
// A drawing is an image with a sentence that says what it shows; the figures
// themselves are in the table that its caller puts beside it, made of the same
// values. Text must not shrink on a telephone, so each drawing is made twice, at
// two widths, and the stylesheet shows one of them.
//
// Bars that are a table, the most common figure, are component.BarTable.
package chart

import (
	"math"
	"strconv"

	"conoceles/web/es"
)

// Stack is a row of bars of two parts.
type Stack struct {
	Summary string    // what the drawing shows, for who does not see it
	Series  [2]string // names of the parts
	Rows    []StackRow
}

// StackRow is a bar: how much there is of each part.
type StackRow struct {
	Label  string
	Values [2]int
}

// Line is how a share grows day by day.
type Line struct {
	Summary string
	Points  []Point // at even distances
	Total   int     // what a full share is
}

// Point is a value with its name on the axis.
type Point struct {
	Label string
	Value int
}

// The two widths, in units that are close to pixels.
const (
	wide   = 620
	narrow = 340
)

// drawing is an image in its simplest parts.
type drawing struct {
	width, height int
	boxes         []box
	paths         []path
	words         []words
}

type box struct {
	class               string
	x, y, width, height float64
}

type path struct{ class, d string }

type words struct {
	class, anchor, text string
	x, y                float64
}

func (d drawing) viewBox() string {
	return "0 0 " + strconv.Itoa(d.width) + " " + strconv.Itoa(d.height)
}

// number writes a measure with one decimal at most.
func number(x float64) string { return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64) }

// The classes of the two parts of a bar, and of the words on them.
var (
	parts  = [2]string{"f-t7", "f-a5"}
	onPart = [2]string{"bl b", "b"}
)

// figureRoom is the narrowest box that shows its figure.
const figureRoom = 34

// at draws the bars: their names beside them where there is room, else above.
func (s Stack) at(width int) drawing {
	const thick = 26
	left, step, top := 200.0, 42.0, 0.0
	if width == narrow {
		left, step, top = 0, 56, 20
	}
	d := drawing{width: width, height: int(step)*len(s.Rows) - int(step) + int(top) + thick}
	for i, r := range s.Rows {
		y := top + step*float64(i)
		name := words{text: r.Label, y: y + 18}
		if width == narrow {
			name.y = y - 6
		}
		d.words = append(d.words, name)
		total, x := r.Values[0]+r.Values[1], left
		for k, n := range r.Values {
			if n == 0 {
				continue
			}
			w := (float64(width) - left) * float64(n) / float64(total)
			d.boxes = append(d.boxes, box{parts[k], x, y, w, thick})
			if w >= figureRoom {
				d.words = append(d.words, words{class: onPart[k], text: es.Int(n), x: x + 8, y: y + 18})
			}
			x += w
		}
	}
	return d
}

// at draws the line over a grid of quarters.
func (l Line) at(width int) drawing {
	const top, high, left = 12.0, 180.0, 54.0
	right := float64(width) - 12
	d := drawing{width: width, height: 226}
	for i := range 5 {
		y := top + high*float64(i)/4
		class := "rejilla"
		if i == 4 {
			class = "eje"
		}
		d.paths = append(d.paths, path{class, "M" + number(left) + " " + number(y) + "H" + number(right)})
		d.words = append(d.words, words{class: "gr", anchor: "end", text: es.Percent(4-i, 4), x: left - 6, y: y + 5})
	}
	if len(l.Points) == 0 || l.Total == 0 {
		return d
	}
	x := func(i int) float64 {
		return left + (right-left)*float64(i)/float64(max(len(l.Points)-1, 1))
	}
	line := ""
	for i, p := range l.Points {
		command := "L"
		if i == 0 {
			command = "M"
		}
		line += command + number(x(i)) + " " + number(top+high*(1-float64(p.Value)/float64(l.Total)))
	}
	if len(l.Points) == 1 {
		line += "h8"
	}
	d.paths = append(d.paths, path{"s-t7", line})
	last := len(l.Points) - 1
	d.words = append(d.words, words{class: "gr", anchor: "start", text: l.Points[0].Label, x: left, y: 216})
	if last > 0 {
		d.words = append(d.words, words{class: "gr", anchor: "end", text: l.Points[last].Label, x: right, y: 216})
	}
	return d
}
