package tabular

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// mostSigns is how many signs a program may write for a character that its
// encoding lacks: Excel writes one for each UTF-16 unit.
const mostSigns = 2

// Lost reports whether read is what text becomes when a program saves it as
// Windows-1252, and how many characters it lost. A text that fits loses nothing:
// whatever differs there, somebody changed.
func Lost(text, read string) (characters int, lost bool) {
	var pattern strings.Builder
	pattern.WriteString(`\A`)
	run := 0
	flush := func() {
		if run > 0 {
			pattern.WriteString(`.{0,` + strconv.Itoa(min(mostSigns*run, 1000)) + `}`)
		}
		characters, run = characters+run, 0
	}
	for _, r := range text {
		if _, ok := charmap.Windows1252.EncodeRune(r); !ok {
			run++
			continue
		}
		flush()
		pattern.WriteString(regexp.QuoteMeta(string(r)))
	}
	flush()
	if characters == 0 || read == text {
		return 0, false
	}
	pattern.WriteString(`\z`)
	match, err := regexp.MatchString(`(?s)`+pattern.String(), read)
	return characters, err == nil && match
}
