package api

import (
	"net/url"

	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/web/es"
)

// Profile is a candidacy with everything its ficha says.
type Profile struct {
	Candidacy
	Process     string       `json:"proceso"`
	Cut         *string      `json:"corte"`
	Consecutive *bool        `json:"eleccion_consecutiva"`
	Partner     *Partner     `json:"formula"`
	Version     *int         `json:"version"`
	PublishedOn *string      `json:"publicada_el"`
	Source      *string      `json:"fuente"`
	Answers     site.Answers `json:"respuestas"` // null until the questionnaire is published
	Identity    *Identity    `json:"identidad"`  // null where the process does not ask, or when it cannot be read
}

// Partner is the other member of the fórmula.
type Partner struct {
	ID   string `json:"id"`
	Name string `json:"nombre"`
	Role string `json:"calidad"`
	Self string `json:"api"`
}

// Identity is what the ficha says of the identity questionnaire.
type Identity struct {
	State   site.IdentityState    `json:"estado"`
	Answers questionnaire.Answers `json:"respuestas,omitempty"`
}

// Profile describes a ficha. Whoever passes an identity with answers read it for
// the request that it answers.
func (s Site) Profile(p site.Profile, i site.Identity) Profile {
	out := Profile{
		Candidacy: s.Candidacy(p.Card), Process: s.Process.Key, Cut: s.cut(), Consecutive: p.Consecutive, Source: some(p.Source), Answers: p.Answers,
	}
	if p.Partner != nil {
		out.Partner = &Partner{p.Partner.Slug, p.Partner.Name, string(p.Partner.Role), s.API + "/candidaturas/" + url.PathEscape(p.Partner.Slug)}
	}
	if p.Answers != nil {
		out.Version, out.PublishedOn = &p.Number, some(es.ISODate(p.PublishedOn))
	}
	if i.State != site.IdentityUnknown {
		out.Identity = &Identity{State: i.State, Answers: i.Answers}
	}
	return out
}

// Ballot is everything that one voter votes for.
type Ballot struct {
	Process      string    `json:"proceso"`
	Cut          *string   `json:"corte"`
	Precinct     string    `json:"seccion"`
	Municipality Place     `json:"municipio"`
	District     Place     `json:"distrito"`
	URL          string    `json:"url"`
	Contests     []Contest `json:"boletas"`
}

// Place is a municipality or a district.
type Place struct {
	ID   string `json:"id"`
	Name string `json:"nombre"`
}

// Contest is one ballot paper.
type Contest struct {
	Offices []string `json:"cargos"`
	Persons int      `json:"personas"`
	Slates  []Slate  `json:"postulaciones"`
}

// Slate is what one nominator puts forward in a contest.
type Slate struct {
	Nominator string   `json:"actor"`
	Tickets   []Ticket `json:"formulas"`
}

// Ticket is a fórmula. Either member may be missing.
type Ticket struct {
	Office      string     `json:"cargo"`
	Position    int        `json:"posicion"`
	Propietaria *Candidacy `json:"propietaria"`
	Suplente    *Candidacy `json:"suplente"`
}

// Ballot describes the ballot of a sección.
func (s Site) Ballot(b site.Ballot, precinct int) Ballot {
	out := Ballot{
		Process: s.Process.Key, Cut: s.cut(), Precinct: precinctText(precinct),
		Municipality: Place{b.Municipality.Key, b.Municipality.Name}, District: Place{b.District.Key, es.District(b.District.Number)},
		URL: s.page("/boleta/" + precinctText(precinct)), Contests: []Contest{},
	}
	for _, k := range b.Contests {
		contest := Contest{Persons: k.Persons, Slates: []Slate{}, Offices: []string{}}
		for _, o := range k.Offices {
			contest.Offices = append(contest.Offices, o.Key)
		}
		for _, slate := range k.Slates {
			made := Slate{Nominator: s.Catalog.Nominator(slate.NominatorID).Slug, Tickets: []Ticket{}}
			for _, t := range slate.Tickets {
				made.Tickets = append(made.Tickets, Ticket{s.Catalog.Office(t.OfficeID).Key, t.Position, s.member(t.Propietaria), s.member(t.Suplente)})
			}
			contest.Slates = append(contest.Slates, made)
		}
		out.Contests = append(out.Contests, contest)
	}
	return out
}

func (s Site) member(k *site.Card) *Candidacy {
	if k == nil {
		return nil
	}
	c := s.Candidacy(*k)
	return &c
}
