package browser

import (
	"slices"
	"strings"

	"github.com/chromedp/cdproto/network"
)

// Resource is something that a page asked for.
type Resource struct {
	URL string
	// Type is the browser's word for it: Document, Stylesheet, Script, Font, Image…
	Type string
	MIME string
	// Bytes are those that travelled, compressed, headers included.
	Bytes int64
}

// photo reports a photograph, which the budget of a page leaves out: emblems
// and drawings are SVG.
func (r Resource) photo() bool { return r.Type == "Image" && r.MIME != "image/svg+xml" }

// Load is what a first visit to a page brings.
type Load struct {
	// Resources are in the order in which the page asked for them.
	Resources []Resource
	// Cookies are the names of those that the browser holds for the page.
	Cookies []string
}

// Of sums the bytes of a type of resource.
func (l Load) Of(kind string) int64 {
	return l.sum(func(r Resource) bool { return r.Type == kind })
}

// WithoutPhotos sums the bytes of everything but photographs.
func (l Load) WithoutPhotos() int64 { return l.sum(func(r Resource) bool { return !r.photo() }) }

// Scripts counts the scripts.
func (l Load) Scripts() int {
	n := 0
	for _, r := range l.Resources {
		if r.Type == "Script" {
			n++
		}
	}
	return n
}

func (l Load) sum(counts func(Resource) bool) int64 {
	var n int64
	for _, r := range l.Resources {
		if counts(r) {
			n += r.Bytes
		}
	}
	return n
}

// Weight returns what the page brought since the last navigation. A page has no
// cache, so it is what a first visit brings; images that are lazy count once seen.
func Weight(p *Page) Load {
	p.t.Helper()
	p.settle()
	l := Load{Resources: p.log.arrived()}
	for name := range p.Cookies() {
		l.Cookies = append(l.Cookies, name)
	}
	slices.Sort(l.Cookies)
	return l
}

// Cookies returns those that the browser holds for the page, by name.
func (p *Page) Cookies() map[string]string {
	p.t.Helper()
	out := map[string]string{}
	for _, c := range call(p, network.GetCookies, network.GetCookiesParams{}).Cookies {
		out[c.Name] = c.Value
	}
	return out
}

// path returns an address without its site.
func path(url string) string {
	if _, rest, ok := strings.Cut(url, "://"); ok {
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			return rest[i:]
		}
	}
	return url
}
