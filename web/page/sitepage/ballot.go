package sitepage

import (
	"fmt"
	"strconv"

	"conoceles/internal/election"
	"conoceles/internal/site"
	"conoceles/web"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// VoterBallot is a ballot and how the voter got to it.
type VoterBallot struct {
	site.Ballot
	Precinct int // 0 when it was found by municipality
}

// where says whose ballot it is: "Sección 0148 · Cuernavaca · Distrito 02".
func (b VoterBallot) where() string {
	text := b.Municipality.Name
	if b.Precinct > 0 {
		text = fmt.Sprintf("Sección %04d · %s", b.Precinct, text)
	}
	if b.District.ID != 0 {
		text += " · " + es.District(b.District.Number)
	}
	return text
}

func (f Frame) ballotMeta(b VoterBallot) layout.Meta {
	return f.titled("Tus boletas: "+b.where(), "Todas las personas que aparecerán en tus boletas.", layout.Crumb{Label: "Tus boletas"})
}

// contestIndex leads to each ballot paper.
func contestIndex(contests []site.Contest) []component.Chip {
	var out []component.Chip
	for i, k := range contests {
		out = append(out, component.Chip{Label: contestTitle(k.Offices), Href: "#" + contestID(i)})
	}
	return out
}

func contestID(i int) string { return "boleta-" + es.Int(i+1) }

// whole reports whether a contest is voted as a list or planilla, and so is
// shown by who nominates.
func whole(k site.Contest) bool { return len(k.Offices) > 1 || k.Offices[0].Listed }

// seat names a place of a list or planilla: "Sindicatura", "Regiduría 3".
func (f Frame) seat(k site.Contest, t site.Ticket) string {
	office := f.Catalog.Office(t.OfficeID)
	switch {
	case len(k.Offices) > 1 && office.Listed:
		return office.Name + " " + es.Int(t.Position)
	case len(k.Offices) > 1:
		return office.Name
	}
	return es.Int(t.Position)
}

// contestCount says how many persons a contest has, in lists, planillas or
// fórmulas.
func contestCount(k site.Contest) string {
	persons := es.Plural(k.Persons, "persona", "personas")
	n := len(k.Slates)
	switch {
	case len(k.Offices) > 1:
		return persons + " en " + es.Plural(n, "planilla", "planillas")
	case k.Offices[0].Listed:
		return persons + " en " + es.Plural(n, "lista", "listas")
	case substitutes(k):
		return persons + " en " + es.Plural(n, "fórmula", "fórmulas")
	}
	return es.Plural(k.Persons, "persona candidata", "personas candidatas")
}

// substitutes reports whether anybody in the contest stands in for another.
func substitutes(k site.Contest) bool {
	for _, s := range k.Slates {
		for _, t := range s.Tickets {
			if t.Suplente != nil {
				return true
			}
		}
	}
	return false
}

// contestQuery is the search that shows the contest as cards.
func (b VoterBallot) contestQuery(k site.Contest) site.Query {
	q := site.Query{Office: k.Offices[0].Key}
	switch k.Ambit() {
	case election.InDistrict:
		q.District = b.District.Key
	case election.InMunicipality:
		q.Municipality = b.Municipality.Key
	}
	if len(k.Offices) > 1 {
		q.Office = ""
	}
	return q
}

// asCards names the link from a ballot to its cards.
func (f Frame) asCards() string {
	if f.Copy {
		return "Verlas como tarjetas"
	}
	return "Verlas como tarjetas y comparar"
}

// qrPath is the address of the square code of a ballot by sección.
func (f Frame) qrPath(b VoterBallot) string {
	return f.Path("/boleta/" + strconv.Itoa(b.Precinct) + "/qr.svg")
}

// emblem is the address of an emblem, or of the neutral drawing.
func emblem(n component.Nominator) string {
	switch {
	case n.Emblem != "":
		return n.Emblem
	case n.Independent:
		return web.Asset("independiente.svg")
	}
	return web.Asset("emblema.svg")
}

// part says how to recognise the part of a municipality that votes in a district.
func part(d site.DistrictPart) string {
	text := es.Plural(d.Precincts, "sección", "secciones")
	if d.Precincts == 1 {
		return text + fmt.Sprintf(": la %04d", d.First)
	}
	return text + fmt.Sprintf(", entre la %04d y la %04d", d.First, d.Last)
}

func ballotSearchMeta(f Frame, b BallotForm) layout.Meta {
	m := f.titled("Encuentra tus boletas", "Busca por sección electoral o municipio.", layout.Crumb{Label: "Tus boletas"})
	m.Invalid = len(b.Problems) > 0
	return m
}

func chooseMeta(f Frame, m site.Municipality) layout.Meta {
	return f.titled("¿Cuál es tu distrito en "+m.Name+"?", "Elige el distrito en que votas.",
		layout.Crumb{Label: "Tus boletas", Href: f.Path("/boleta")}, layout.Crumb{Label: m.Name})
}
