// Package share draws what leaves the site to be shown elsewhere: the square
// code that brings a sheet of paper back to its page, and the card that a social
// network shows of a ficha.
//
// Both are made from public values that the caller hands over one by one. A card
// knows a name, what the person stands for, who nominates and a photograph; there
// is nowhere in it to put anything of identity.
package share

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// Quiet is the white frame that readers of square codes need, in modules.
const Quiet = 4

// Code is a square code as a drawing: the path of its black modules in a square
// of Size by Size units, white frame included.
type Code struct {
	Path string
	Size int
}

// QR returns the square code of an address. One that is too long for a code is
// an error.
func QR(address string) (Code, error) {
	code, err := qr.Encode(address, qr.M, qr.Auto)
	if err != nil {
		return Code{}, fmt.Errorf("share: no square code of %d bytes: %w", len(address), err)
	}
	n := code.Bounds().Dx()
	var b strings.Builder
	for y := range n {
		for x := 0; x < n; {
			end := x
			for end < n && dark(code.At(end, y).RGBA()) {
				end++
			}
			if end > x {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+Quiet, y+Quiet, end-x, end-x)
			}
			x = end + 1
		}
	}
	return Code{Path: b.String(), Size: n + 2*Quiet}, nil
}

func dark(r, _, _, _ uint32) bool { return r < 0x8000 }

// SVG returns the code as a file.
func (c Code) SVG(title string) string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" width="%[2]d" height="%[2]d" role="img" shape-rendering="crispEdges">`+
		`<title>%[3]s</title><path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path d="%[4]s"/></svg>`, c.Size, c.Size*8, escape.Replace(title), c.Path)
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;")
