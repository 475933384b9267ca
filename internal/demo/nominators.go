package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"

	"conoceles/internal/election"
)

// invented are the parties of the demonstration: names that no registered party
// bears, and emblems without a colour.
var invented = []struct{ acronym, name string }{
	{"RAIZ", "Raíz Común"},
	{"HORIZONTE", "Partido Horizonte"},
	{"PUENTE", "Puente Ciudadano"},
	{"VEREDA", "Vereda Popular"},
	{"MANANTIAL", "Manantial"},
	{"TELAR", "Telar Democrático"},
}

// nominators invents count parties, a coalition of two of them, and three
// independent planillas.
func nominators(count int) []Nominator {
	var out []Nominator
	for i := range count {
		n := Nominator{Kind: election.Party, Emblem: emblem(i)}
		if i < len(invented) {
			n.Acronym, n.Name = invented[i].acronym, invented[i].name
		} else {
			n.Acronym, n.Name = fmt.Sprintf("PF%03d", i+1), fmt.Sprintf("Partido Ficticio %d", i+1)
		}
		out = append(out, n)
	}
	out = append(out, Nominator{
		Kind: election.Coalition, Acronym: "Caminos Unidos", Name: "Caminos Unidos por el Valle",
		Members: []string{invented[2].acronym, invented[3].acronym}, Emblem: emblem(count),
	})
	for i, name := range []string{"Vecindad Organizada", "Manos a la Obra", "Plaza Abierta"} {
		out = append(out, Nominator{Kind: election.Independent, Acronym: name, Name: "Candidatura independiente «" + name + "»", Emblem: emblem(count + 1 + i)})
	}
	return out
}

const emblemSize = 68

// emblem draws the i-th emblem: a figure of as many petals, ink on white.
func emblem(i int) []byte {
	img := image.NewGray(image.Rect(0, 0, emblemSize, emblemSize))
	petals := float64(3 + i%7)
	twist := float64(i/7) * 0.7
	for y := range emblemSize {
		for x := range emblemSize {
			dx, dy := float64(x)-emblemSize/2+0.5, float64(y)-emblemSize/2+0.5
			r, angle := math.Hypot(dx, dy), math.Atan2(dy, dx)+twist
			edge := 15 + 13*math.Cos(petals*angle)
			shade := uint8(255)
			if r < edge || (r > 30 && r < 32.5) {
				shade = 35
			}
			img.SetGray(x, y, color.Gray{Y: shade})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // an image that was just drawn
	}
	return b.Bytes()
}
