package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"sync"

	"golang.org/x/image/draw"
)

// Portrait is a drawn likeness of nobody, in the sizes the site serves.
type Portrait struct{ Original, Large, Medium, Small []byte }

// portraitKinds is how many different portraits there are.
const portraitKinds = 12

// portrait draws the i-th portrait: head, hair and shoulders as flat shapes.
func portrait(i int) Portrait {
	const size = 384
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	ground := shade(0xef, 0xe5, 0xd5, i%4*6)
	skin := shade(0xd8-uint8(i%5)*22, 0xb0-uint8(i%5)*20, 0x8c-uint8(i%5)*16, 0)
	hair := shade(0x25, 0x23, 0x3b, i%3*30)
	cloth := shade(0x60-uint8(i%6)*8, 0x5d-uint8(i%6)*6, 0x8a-uint8(i%6)*12, 0)
	wide, long := 78.0+float64(i%3)*7, 96.0+float64(i%4)*4
	for y := range size {
		for x := range size {
			dx, dy := float64(x-size/2), float64(y-170)
			c := ground
			switch {
			case inside(dx, float64(y-400), 168, 128):
				c = cloth
			case inside(dx, dy, wide, long) && dy > -long*0.42-12*math.Sin(dx/40+float64(i)):
				c = skin
			case inside(dx, dy+14, wide+16+float64(i%2)*10, long+10+float64(i%3)*14):
				c = hair
			}
			img.SetRGBA(x, y, c)
		}
	}
	return Portrait{encode(img, 384), encode(img, 384), encode(img, 192), encode(img, 96)}
}

func inside(dx, dy, a, b float64) bool { return dx*dx/(a*a)+dy*dy/(b*b) <= 1 }

func shade(r, g, b uint8, darker int) color.RGBA {
	return color.RGBA{r - uint8(min(darker, int(r))), g - uint8(min(darker, int(g))), b - uint8(min(darker, int(b))), 255}
}

func encode(src image.Image, size int) []byte {
	if src.Bounds().Dx() != size {
		dst := image.NewRGBA(image.Rect(0, 0, size, size))
		draw.ApproxBiLinear.Scale(dst, dst.Bounds(), src, src.Bounds(), draw.Src, nil)
		src = dst
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, src, &jpeg.Options{Quality: 80}); err != nil {
		panic(err) // an image that was just drawn
	}
	return b.Bytes()
}

// Portraits returns every portrait.
func Portraits() []Portrait {
	out := make([]Portrait, portraitKinds)
	var all sync.WaitGroup
	for i := range out {
		all.Go(func() { out[i] = portrait(i) })
	}
	all.Wait()
	return out
}
