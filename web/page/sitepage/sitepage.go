// Package sitepage draws the public pages.
//
// A page is a templ component that takes a Frame, which every page of a process
// shares, and what the handler read. It computes words, addresses and order of
// blocks; it reads nothing and decides nothing about what may be shown: what it
// receives is public already.
//
// The same questions in the same frame for everybody: no page gives one
// candidacy more room, an earlier place or another look than the next.
package sitepage

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"conoceles/internal/election"
	"conoceles/internal/site"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// Disclaimer is the mandatory text of profiles, lists and data (domain 6.6).
const Disclaimer = "La información es proporcionada por las personas candidatas y los partidos políticos y es de su exclusiva " +
	"responsabilidad; el Instituto únicamente apoya su difusión. No constituye propaganda electoral."

// Frame is what every page of a process shares.
type Frame struct {
	Meta    layout.Meta
	Process site.Process
	Catalog *site.Catalog
	Origin  string // how people reach the site: "https://…", without a final slash
	Copy    bool   // the page is of a copy in files: no form, no search, no comparison
}

// Path returns the address of a public path within the process.
func (f Frame) Path(path string) string { return f.Meta.Path(path) }

// Search returns the address of a search.
func (f Frame) Search(q site.Query) string {
	if v := q.Values(); len(v) > 0 {
		return f.Path("/candidaturas") + "?" + v.Encode()
	}
	return f.Path("/candidaturas")
}

// Profile returns the address of a candidacy.
func (f Frame) Profile(slug string) string { return f.Path("/candidaturas/" + url.PathEscape(slug)) }

// titled returns the frame of a page with that title, and its path to it.
func (f Frame) titled(title, description string, crumbs ...layout.Crumb) layout.Meta {
	m := f.Meta
	m.Title, m.Description = title, description
	if len(crumbs) > 0 {
		m.Crumbs = append([]layout.Crumb{{Label: "Inicio", Href: f.Path("/")}}, crumbs...)
	}
	return m
}

// territory names where the process is: its state, or itself when it has several.
func (f Frame) territory() string {
	if len(f.Catalog.States) == 1 {
		return f.Catalog.States[0].Name
	}
	return f.Process.Name
}

// nominator is who nominates, as the components draw it.
func (f Frame) nominator(id int64) component.Nominator {
	n := f.Catalog.Nominator(id)
	out := component.Nominator{Name: n.Name, Members: n.Members, Independent: n.Kind == election.Independent}
	if n.HasEmblem {
		out.Emblem = "/emblemas/" + strconv.FormatInt(n.ID, 10) + ".png"
	}
	return out
}

// place says where a candidacy stands: "Distrito 02", "Cuernavaca", or nothing
// for what the whole state votes. Where there are several states it names them.
func (f Frame) place(c site.Card) string {
	var parts []string
	if d := f.Catalog.District(c.DistrictID); d.ID != 0 {
		parts = append(parts, es.District(d.Number))
	}
	if m := f.Catalog.Municipality(c.MunicipalityID); m.ID != 0 {
		parts = append(parts, m.Name)
	}
	if len(parts) == 0 && c.DistrictLabel != "" {
		parts = append(parts, c.DistrictLabel)
	}
	if f.Catalog.ManyStates() {
		parts = append(parts, f.Catalog.StateOf(c))
	}
	return strings.Join(parts, ", ")
}

// standsFor says what somebody stands for: "Diputación local · Distrito 02 ·
// suplente". Who would hold the office needs no word.
func (f Frame) standsFor(c site.Card) string {
	parts := []string{f.Catalog.Office(c.OfficeID).Name}
	if place := f.place(c); place != "" {
		parts = append(parts, place)
	}
	if f.Catalog.Office(c.OfficeID).Listed {
		parts = append(parts, "lugar "+es.Int(c.Position))
	}
	if c.Role == election.Suplente {
		parts = append(parts, role(c))
	}
	return strings.Join(parts, " · ")
}

// role is the place in the fórmula, agreeing with who stands: "suplente".
func role(c site.Card) string { return es.Quality(string(c.Sex), string(c.Role)) }

func photo(hash string) string {
	if hash == "" {
		return ""
	}
	return "/fotos/" + hash + ".jpg"
}

// updated says when what the page shows last changed.
func updated(p site.Process) string {
	if p.ChangedAt.IsZero() {
		return ""
	}
	return "actualizado el " + es.DateTime(p.ChangedAt)
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return es.Date(t)
}
