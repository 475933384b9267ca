package component

import (
	"strconv"

	"conoceles/web/es"
)

// Chip is a filter in force. Its link takes it away.
type Chip struct{ Label, Href string }

// Tab is one of several views of the same list. Tabs are links with addresses of
// their own, not widgets.
type Tab struct {
	Label   string
	Href    string
	Count   int // shown when Counted
	Counted bool
	Current bool
}

func (t Tab) text() string {
	if t.Counted {
		return t.Label + " (" + es.Int(t.Count) + ")"
	}
	return t.Label
}

// Step is a section in the list beside a form.
type Step struct {
	Label   string
	Href    string
	Tag     Tag
	Current bool
}

// Pages is where a list is cut. Build it with NewPages.
type Pages struct {
	Label string // of the navigation: "Páginas"
	Links []PageLink
}

// PageLink is one entry of a pagination; without Href it is the present page or a gap.
type PageLink struct {
	Text    string
	Hidden  string
	Href    string
	Current bool
}

// NewPages cuts total rows in pages of size. The address of each page is href of
// its number. One page needs no navigation: Links is then empty.
func NewPages(page, total, size int, href func(page int) string) Pages {
	last := (total + size - 1) / size
	p := Pages{Label: "Páginas"}
	if last < 2 {
		return p
	}
	if page > 1 {
		p.Links = append(p.Links, PageLink{Text: "Anterior", Href: href(page - 1)})
	}
	previous := 0
	for n := 1; n <= last; n++ {
		if n != 1 && n != last && (n < page-1 || n > page+1) {
			continue
		}
		if previous > 0 && n > previous+1 {
			p.Links = append(p.Links, PageLink{Text: "…"})
		}
		previous = n
		link := PageLink{Text: strconv.Itoa(n), Hidden: "Página", Current: n == page}
		if !link.Current {
			link.Href = href(n)
		}
		p.Links = append(p.Links, link)
	}
	if page < last {
		p.Links = append(p.Links, PageLink{Text: "Siguiente", Href: href(page + 1)})
	}
	return p
}
