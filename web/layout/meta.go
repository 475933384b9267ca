// Package layout is the frame of every page: head, skip link, bands, header,
// breadcrumbs, main and footer, in the two looks of the system.
//
// Public pages wear paper and load no script. Private pages wear ink and say
// whose area they are, so that nobody types into the wrong one. Both are told
// everything by Meta and Area, which are plain data: the name of the state, of
// the institute and of the process come from the database and appear nowhere in
// this code.
//
// Use them with children:
//
//	@layout.Public(meta) {
//		<h1>…</h1>
//	}
//
// The headings, and one h1, belong to the page.
package layout

// Site is who publishes: the same on every page of an installation.
type Site struct {
	Name      string // "Conóceles"
	Tagline   string // "Candidatas y candidatos"
	Place     string // the state, as in "Conóceles Morelos"
	Institute string // the institute's full name
	Version   string // of the program, in the footer
	Drill     bool   // everything here is a drill: every page says so, and none is indexed
}

// Title returns the site's name with its place: the last part of every title.
func (s Site) Title() string { return join(s.Name, " ", s.Place) }

// Meta is what the frame of one page needs to know.
type Meta struct {
	Site        Site
	Title       string // of the page, without the site: "6 candidaturas"
	Description string
	Canonical   string // absolute address, or ""
	Image       string // absolute address of the card for social networks, or ""
	Feed        string // address of the feed of changes, or ""
	NoIndex     bool   // private pages never are indexed, whatever it says
	Invalid     bool   // the page shows a refused form: "Error: " opens its title
	Wide        bool   // the page draws its own containers from edge to edge

	// Base opens every public address of the process: "" for the one in force,
	// "/procesos/{clave}" for any other.
	Base string

	Notices []Notice
	Nav     []NavItem
	Crumbs  []Crumb
	Footer  []LinkGroup // columns of the public footer
	Help    []Link      // single row of the private footer
}

// Path returns the address of a public path within the page's process.
func (m Meta) Path(path string) string { return m.Base + path }

// Area is the private half of a frame: whose desk it is and who sits there.
type Area struct {
	Name    string // "Captura · Partido Horizonte"
	Home    string // where the mark leads
	Person  string // "Operadora: R. Demostrada"; "" where nobody has entered
	SignOut string // address that a POST signs out at

	// IdleSeconds is how long the session lasts without activity, and KeepAlive
	// an address that prolongs it; 0 gives no warning.
	IdleSeconds int
	KeepAlive   string
}

// Notice is a band above the header.
type Notice struct {
	Label  string // of the region, for who does not see it
	Strong string
	Text   string
}

// NavItem is one entry of the main menu.
type NavItem struct {
	Label   string
	Href    string
	Current bool
	Count   int    // shown as a badge when above zero
	Counted string // what the badge counts: "elegidas", "sin leer"
}

// Crumb is one step of the path to the page. The last is the page itself.
type Crumb struct{ Label, Href string }

// Link is an address with its text.
type Link struct{ Label, Href string }

// LinkGroup is a titled column of the footer.
type LinkGroup struct {
	Title string
	Links []Link
}

func (m Meta) unindexed() Meta {
	m.NoIndex = true
	return m
}

func (m Meta) documentTitle(suffix string) string {
	title := join(m.Title, " — ", suffix)
	if m.Invalid {
		title = "Error: " + title
	}
	return title
}

func join(a, separator, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + separator + b
}
