package tabular

import (
	"slices"

	"golang.org/x/text/encoding/charmap"
)

// mostSigns is how many signs a program may write for a character that its
// encoding lacks: Excel writes one for each UTF-16 unit.
const mostSigns = 2

// Lost reports whether read is what text becomes when a program saves it as
// Windows-1252, and how many characters it lost. A text that fits loses nothing:
// whatever differs there, somebody changed.
func Lost(text, read string) (characters int, lost bool) {
	signs := []rune(read)
	at := []int{0} // where in signs what was read of text may end, in order
	for _, r := range text {
		var next []int
		if _, ok := charmap.Windows1252.EncodeRune(r); ok {
			for _, p := range at {
				if p < len(signs) && signs[p] == r {
					next = append(next, p+1)
				}
			}
		} else {
			characters++
			for _, p := range at {
				for more := 0; more <= mostSigns && p+more <= len(signs); more++ {
					next = append(next, p+more)
				}
			}
			slices.Sort(next)
			next = slices.Compact(next)
		}
		at = next
	}
	if characters == 0 || read == text {
		return 0, false
	}
	return characters, slices.Contains(at, len(signs))
}
