package api

import (
	"strconv"

	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/web/es"
)

// Catalogue is what a process elects, where, who nominates and what is asked: the
// words that the other documents and the filters use.
type Catalogue struct {
	Process        Process        `json:"proceso"`
	Offices        []Office       `json:"cargos"`
	Districts      []District     `json:"distritos"`
	Municipalities []Municipality `json:"municipios"`
	Nominators     []Nominator    `json:"actores"`
	Sexes          []Option       `json:"sexos"`
	Ages           []Option       `json:"edades"`
	Degrees        []Option       `json:"grados"`
	Actions        []Option       `json:"acciones_afirmativas"`
	Records        []Option       `json:"estados"`
	Questions      []Question     `json:"preguntas"`
}

// Process is a process of the site.
type Process struct {
	Key       string  `json:"clave"`
	Name      string  `json:"nombre"`
	Kind      string  `json:"tipo"`
	Demo      bool    `json:"demostracion"`
	Day       *string `json:"jornada"`
	StartsOn  *string `json:"publicacion_inicia"`
	Open      bool    `json:"abierto"`
	License   string  `json:"licencia"`
	LicenseAt string  `json:"licencia_url"`
	API       string  `json:"api"`
}

// Option is a value with its words.
type Option struct {
	ID   string `json:"id"`
	Name string `json:"nombre"`
}

// Office is a cargo.
type Office struct {
	ID          string `json:"id"`
	Name        string `json:"nombre"`
	Ambit       string `json:"ambito"`
	Listed      bool   `json:"en_lista"`
	Description string `json:"descripcion"`
}

// District is a district.
type District struct {
	ID     string  `json:"id"`
	Number int     `json:"numero"`
	Seat   string  `json:"cabecera"`
	State  *string `json:"entidad"`
}

// Municipality is a municipio.
type Municipality struct {
	ID        string  `json:"id"`
	Name      string  `json:"nombre"`
	ByParties bool    `json:"elige_por_partidos"`
	State     *string `json:"entidad"`
}

// Nominator is who nominates, in the order of the ballot.
type Nominator struct {
	ID      string   `json:"id"`
	Acronym string   `json:"siglas"`
	Name    string   `json:"nombre"`
	Kind    string   `json:"tipo"`
	Members []string `json:"integrantes"`
	Emblem  *string  `json:"emblema"`
}

// Question is a public question of the curricular questionnaire: the key of an
// answer.
type Question struct {
	ID      string   `json:"id"`
	Part    string   `json:"rubro"`
	Label   string   `json:"texto"`
	Kind    string   `json:"tipo"`
	Options []Option `json:"opciones"`
}

// NewProcess describes a process; open tells whether it shows its candidacies.
func NewProcess(p site.Process, open bool, address string) Process {
	out := Process{Key: p.Key, Name: p.Name, Kind: string(p.Kind), Demo: p.Demo, Open: open, License: p.LicenseName, LicenseAt: p.LicenseURL, API: address}
	if day := p.Calendar.ElectionDay; !day.IsZero() {
		out.Day = some(es.ISODate(day))
	}
	if start := p.Calendar.PublicationStarts; !start.IsZero() {
		out.StartsOn = some(es.ISODateTime(start))
	}
	return out
}

// Catalogue describes the catalogue of the process.
func (s Site) Catalogue() Catalogue {
	c := s.Catalog
	out := Catalogue{
		Process:   NewProcess(s.Process, true, s.API),
		Offices:   each(c.Offices, func(o election.Office) Office { return Office{o.Key, o.Name, string(o.Ambit), o.Listed, o.Description} }),
		Districts: each(c.Districts, func(d site.District) District { return District{d.Key, d.Number, d.Seat, some(d.State)} }),
		Municipalities: each(c.Municipalities, func(m site.Municipality) Municipality {
			return Municipality{m.Key, m.Name, m.ByParties, some(m.State)}
		}),
		Nominators: each(c.Nominators, s.nominator),
		Sexes:      each(c.Sexes, func(v election.Sex) Option { return Option{string(v), es.Label(es.Sex, string(v))} }),
		Ages:       each(election.AgeBands(), ageOption),
		Degrees:    each(c.Degrees, func(o questionnaire.Option) Option { return Option{o.Value, o.Label} }),
		Actions: each(c.Actions, func(a election.AffirmativeAction) Option {
			return Option{string(a), es.Label(es.Affirmative, string(a))}
		}),
		Records: []Option{
			{string(site.RecordPublished), "Cuestionario publicado"},
			{string(site.RecordNotCaptured), "El partido no lo ha capturado"},
			{string(site.RecordNotProvided), "La candidatura no proporcionó información"},
		},
		Questions: []Question{},
	}
	for _, part := range c.Curricular.Parts() {
		for _, q := range part.Questions {
			if q.Disclosure == questionnaire.Public {
				out.Questions = append(out.Questions, Question{string(q.ID), string(part.ID), q.Label, string(q.Kind), each(q.Options, func(o questionnaire.Option) Option {
					return Option{o.Value, o.Label}
				})})
			}
		}
	}
	return out
}

func (s Site) nominator(n site.Nominator) Nominator {
	out := Nominator{ID: n.Slug, Acronym: n.Acronym, Name: n.Name, Kind: string(n.Kind), Members: append([]string{}, n.Members...)}
	if n.HasEmblem {
		out.Emblem = some(s.Origin + "/emblemas/" + strconv.FormatInt(n.ID, 10) + ".png")
	}
	return out
}

func ageOption(b election.AgeBand) Option {
	if b.To == 0 {
		return Option{b.Key, strconv.Itoa(b.From) + " años o más"}
	}
	return Option{b.Key, strconv.Itoa(b.From) + " a " + strconv.Itoa(b.To) + " años"}
}

// each maps a list; none is an empty list, never null.
func each[T, U any](all []T, f func(T) U) []U {
	out := make([]U, len(all))
	for i, v := range all {
		out[i] = f(v)
	}
	return out
}
