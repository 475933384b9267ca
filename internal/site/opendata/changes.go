package opendata

import (
	"encoding/xml"
	"io"
	"strconv"
	"time"

	"conoceles/internal/site"
	"conoceles/web/es"
)

// ChangeList is a page of the changes of a process, as JSON.
type ChangeList struct {
	Process string        `json:"proceso"`
	Since   string        `json:"desde,omitempty"`
	Last    int64         `json:"ultimo_numero"` // of the last change in this page: where to go on from
	Next    string        `json:"siguiente,omitempty"`
	Changes []ChangeEntry `json:"cambios"`
}

// ChangeEntry is a change, as JSON.
type ChangeEntry struct {
	Number    int64           `json:"numero"`
	At        string          `json:"instante"`
	Kind      site.ChangeKind `json:"clase"`
	Candidacy *ChangedPerson  `json:"candidatura,omitempty"`
}

// ChangedPerson is whose ficha changed. Of one that is no longer public there may
// be only its number.
type ChangedPerson struct {
	Number int64  `json:"numero"`
	ID     string `json:"id,omitempty"`
	Name   string `json:"nombre,omitempty"`
	URL    string `json:"url,omitempty"`
}

// NewChangeEntry describes a change; profile is the address of a ficha.
func NewChangeEntry(c site.Change, profile func(slug string) string) ChangeEntry {
	e := ChangeEntry{Number: c.Epoch, At: c.At.UTC().Format(time.RFC3339Nano), Kind: c.Kind}
	if c.CandidacyID != 0 {
		e.Candidacy = &ChangedPerson{Number: c.CandidacyID, ID: c.Slug, Name: c.Name}
		if c.Slug != "" {
			e.Candidacy.URL = profile(c.Slug)
		}
	}
	return e
}

// changeTitles say a change to a person.
var changeTitles = map[site.ChangeKind]string{
	site.ChangePublished: "Se publicó", site.ChangeEdited: "Cambió", site.ChangeWithdrawn: "Se retiró", site.ChangeCatalogue: "Cambiaron los catálogos del proceso",
}

// ChangeTitle says a change in a line: "Se publicó: Ana Ejemplo".
func ChangeTitle(c site.Change) string {
	title := changeTitles[c.Kind]
	switch {
	case c.CandidacyID == 0:
		return title
	case c.Name == "":
		return title + ": una candidatura que ya no es pública"
	}
	return title + ": " + c.Name
}

// Feed is the changes of a process for readers of news (Atom, RFC 4287).
type Feed struct {
	Title   string
	Address string // of the feed itself
	Home    string // of the site of the process
	Author  string
	Updated time.Time // when there is no change yet
	Changes []site.Change
	Profile func(slug string) string
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Link    atomLink `xml:"link"`
	Summary string   `xml:"summary"`
}

// Write writes the feed.
func (f Feed) Write(w io.Writer) error {
	out := atomFeed{
		Lang: "es-MX", ID: f.Address, Title: f.Title, Author: f.Author,
		Links: []atomLink{{"self", "application/atom+xml", f.Address}, {"alternate", "text/html", f.Home}},
	}
	updated := f.Updated
	if len(f.Changes) > 0 {
		updated = f.Changes[0].At
	}
	out.Updated = updated.UTC().Format(time.RFC3339)
	for _, c := range f.Changes {
		e := atomEntry{
			ID: f.Address + "#" + strconv.FormatInt(c.Epoch, 10), Title: ChangeTitle(c), Updated: c.At.UTC().Format(time.RFC3339),
			Link: atomLink{"alternate", "text/html", f.Home}, Summary: ChangeTitle(c) + ", " + es.FullDateTime(c.At) + ".",
		}
		if c.Slug != "" {
			e.Link.Href = f.Profile(c.Slug)
		}
		out.Entries = append(out.Entries, e)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	return xml.NewEncoder(w).Encode(out)
}
