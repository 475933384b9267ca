package site

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// Names of the search in addresses. There is no filter on identity.
const (
	ParamText         = "q"
	ParamOffice       = "cargo"
	ParamDistrict     = "distrito"
	ParamMunicipality = "municipio"
	ParamNominator    = "actor"
	ParamSex          = "sexo"
	ParamAge          = "edad"
	ParamDegree       = "grado"
	ParamAction       = "accion"
	ParamState        = "estado"
	ParamOrder        = "orden"
	ParamView         = "vista"
	ParamPage         = "pagina"
)

// Values of ParamState, ParamOrder and ParamView. An empty one is the first of
// its kind, which addresses leave out.
const (
	StatePublished   = "publicado"
	StateUnpublished = "sin-publicar"

	OrderBallot    = "boleta"
	OrderSurname   = "apellido"
	OrderNominator = "actor"

	ViewCards = "tarjetas"
	ViewTable = "tabla"
)

// MaxText is how many characters of a name are searched for.
const MaxText = 100

// PageSize is how many candidacies a page of results has.
const PageSize = 24

// Query is what a visitor looks for, in the words of the address. Its zero value
// is every candidacy in ballot order, as cards, from the first page.
type Query struct {
	Text         string
	Office       string
	District     string
	Municipality string
	Nominator    string
	Sex          string
	Age          string
	Degree       string
	Action       string
	State        string
	Order        string
	View         string
	Page         int // 0 and 1 are the first
}

// filter is one way to narrow a search.
type filter struct {
	name    string
	field   func(*Query) *string
	known   func(value string, c *Catalog) bool
	unknown string // what to say of a value that is none of its own
}

// filters are in the order of the form.
var filters = []filter{
	{ParamText, func(q *Query) *string { return &q.Text }, nil, ""},
	{
		ParamOffice, func(q *Query) *string { return &q.Office },
		func(v string, c *Catalog) bool { _, ok := c.OfficeByKey(v); return ok },
		"No reconocemos ese cargo en este proceso. Elige uno de la lista.",
	},
	{
		ParamDistrict, func(q *Query) *string { return &q.District },
		func(v string, c *Catalog) bool { _, ok := c.DistrictByKey(v); return ok },
		"No reconocemos ese distrito en este proceso. Elige uno de la lista.",
	},
	{
		ParamMunicipality, func(q *Query) *string { return &q.Municipality },
		func(v string, c *Catalog) bool { _, ok := c.MunicipalityByKey(v); return ok },
		"No reconocemos ese municipio en este proceso. Elige uno de la lista.",
	},
	{
		ParamNominator, func(q *Query) *string { return &q.Nominator },
		func(v string, c *Catalog) bool { return len(c.NominatorsBySlug(v)) > 0 },
		"No reconocemos ese partido, coalición o candidatura en este proceso. Elige uno de la lista.",
	},
	{
		ParamSex, func(q *Query) *string { return &q.Sex },
		func(v string, _ *Catalog) bool {
			return slices.Contains([]election.Sex{election.Woman, election.Man, election.NonBinary}, election.Sex(v))
		},
		"No reconocemos ese valor de sexo. Elige uno de la lista.",
	},
	{
		ParamAge, func(q *Query) *string { return &q.Age },
		func(v string, _ *Catalog) bool { _, ok := ageBand(v); return ok },
		"No reconocemos ese rango de edad. Elige uno de la lista.",
	},
	{
		ParamDegree, func(q *Query) *string { return &q.Degree }, knownDegree,
		"No reconocemos ese grado de estudios. Elige uno de la lista.",
	},
	{
		ParamAction, func(q *Query) *string { return &q.Action },
		func(v string, _ *Catalog) bool {
			return slices.Contains(election.AffirmativeActions(), election.AffirmativeAction(v))
		},
		"No reconocemos esa acción afirmativa. Elige una de la lista.",
	},
	{
		ParamState, func(q *Query) *string { return &q.State },
		func(v string, _ *Catalog) bool { return v == StatePublished || v == StateUnpublished },
		"No reconocemos ese estado del cuestionario. Elige «Publicado» o «Sin publicar».",
	},
}

func ageBand(key string) (election.AgeBand, bool) {
	return first(election.AgeBands(), func(b election.AgeBand) bool { return b.Key == key })
}

func knownDegree(value string, c *Catalog) bool {
	question, _ := c.Curricular.Question(questionnaire.Degree)
	if _, offered := question.Option(value); offered {
		return true
	}
	return slices.ContainsFunc(c.Degrees, func(o questionnaire.Option) bool { return o.Value == value })
}

// ParseQuery reads a search from an address. Parameters of others are ignored;
// of a repeated one the first counts, and both states at once are no state. A
// value that means nothing here is left out of the Query and told in problems,
// which name the control to correct. It never fails.
func ParseQuery(v url.Values, c *Catalog) (q Query, problems []fault.Field) {
	for _, f := range filters {
		value, ok := clean(v.Get(f.name))
		switch {
		case !ok:
			problems = append(problems, fault.Field{ID: f.name, Message: "El texto contiene caracteres no válidos. Vuelve a escribirlo."})
		case value == "":
		case f.known != nil && !f.known(value, c):
			problems = append(problems, fault.Field{ID: f.name, Message: f.unknown})
		case utf8.RuneCountInString(value) > MaxText:
			problems = append(problems, fault.Field{ID: f.name, Message: fmt.Sprintf("Escribe hasta %d caracteres del nombre.", MaxText)})
		default:
			*f.field(&q) = value
		}
	}
	if states := v[ParamState]; slices.Contains(states, StatePublished) && slices.Contains(states, StateUnpublished) {
		q.State = ""
	}
	q.Order, problems = choice(v, ParamOrder, problems, OrderBallot, OrderSurname, OrderNominator)
	q.View, problems = choice(v, ParamView, problems, ViewCards, ViewTable)
	q.Page, problems = pageNumber(v.Get(ParamPage), problems)
	return q, problems
}

// choice returns the value of a parameter that takes one of a few; the first of
// them is what an absent one means, and is "".
func choice(v url.Values, name string, problems []fault.Field, options ...string) (string, []fault.Field) {
	value := v.Get(name)
	switch i := slices.Index(options, value); {
	case value == "" || i == 0:
		return "", problems
	case i > 0:
		return value, problems
	}
	return "", append(problems, fault.Field{ID: name, Message: "No reconocemos esa forma de ver la lista; la mostramos como siempre."})
}

func pageNumber(value string, problems []fault.Field) (int, []fault.Field) {
	if value == "" {
		return 0, problems
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > 1_000_000 {
		return 0, append(problems, fault.Field{ID: ParamPage, Message: "Esa página de la lista no existe; mostramos la primera."})
	}
	return n, problems
}

// clean trims a value and reports whether it is text: valid, without control
// characters, which PostgreSQL would refuse or a page could not show.
func clean(s string) (string, bool) {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }) {
		return "", false
	}
	return strings.TrimSpace(s), true
}

// Values returns the address of the query, without what is as usual.
func (q Query) Values() url.Values {
	v := url.Values{}
	for _, f := range filters {
		if value := *f.field(&q); value != "" {
			v.Set(f.name, value)
		}
	}
	for name, value := range map[string]string{ParamOrder: q.Order, ParamView: q.View} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.Page > 1 {
		v.Set(ParamPage, strconv.Itoa(q.Page))
	}
	return v
}

// Active returns the names of the filters in force, in the order of the form.
func (q Query) Active() []string {
	var names []string
	for _, f := range filters {
		if *f.field(&q) != "" {
			names = append(names, f.name)
		}
	}
	return names
}

// Value returns what the filter with that name is set to, or "".
func (q Query) Value(name string) string {
	for _, f := range filters {
		if f.name == name {
			return *f.field(&q)
		}
	}
	return ""
}

// Without returns the query without one filter, from its first page.
func (q Query) Without(name string) Query {
	for _, f := range filters {
		if f.name == name {
			*f.field(&q) = ""
		}
	}
	q.Page = 0
	return q
}

// Only returns the query with one of its filters and no other, in the same order
// and view, from its first page.
func (q Query) Only(name string) Query {
	for _, other := range q.Active() {
		if other != name {
			q = q.Without(other)
		}
	}
	q.Page = 0
	return q
}
