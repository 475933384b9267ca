package registry

import (
	"slices"
	"strings"

	"conoceles/internal/election"
	"conoceles/internal/site"
)

// readWhere reads office, place and nominator, and adds those that are new.
func (l *ineReader) readWhere(c cellReader, r *ineRow) {
	stateName, place := noData(c.short("ENTIDAD")), noData(c.short("DISTRITO LOCAL"))
	town, constituency := noData(c.short("MUNICIPIO")), noData(c.short("CIRCUNSCRIPCION"))
	r.state = l.contest.needState(stateName)
	if place != "" && r.state != nil {
		r.district, r.label = l.contest.needDistrict(r.state, place), place
	}
	if town != "" && r.state != nil {
		r.municipality = l.contest.needMunicipality(r.state, town)
	}
	if r.label == "" {
		r.label = constituency
	}
	r.office = l.needOffice(c.short("CARGO"), r, constituency)
	r.nominator = l.needNominator(c)
}

// needOffice returns the office of that name; one that nobody knows is made from
// the places of its row.
func (l *ineReader) needOffice(name string, r *ineRow, constituency string) *office {
	if o := l.contest.office(name); o != nil {
		return o
	}
	entry := OfficeEntry{
		Office: election.Office{
			Key: strings.ReplaceAll(site.Slug(name), "-", "_"), Name: name, INELabel: name, Ambit: ambitOf(r, constituency), BallotOrder: 90,
		},
		HasSubstitute: true,
	}
	for _, known := range l.offices {
		if site.Fold(known.INELabel) == site.Fold(name) {
			entry = known
		}
	}
	entry.INELabel = name // as the source writes it
	o := &office{Office: entry.Office, hasSubstitute: entry.HasSubstitute, synonyms: entry.Synonyms}
	l.contest.offices = append(l.contest.offices, o)
	return o
}

func ambitOf(r *ineRow, constituency string) election.Ambit {
	switch {
	case r.municipality != nil:
		return election.InMunicipality
	case r.district != nil:
		return election.InDistrict
	case constituency != "":
		return election.InConstituency
	}
	return election.InState
}

// needNominator returns who nominates. In 2021 the members of a coalition come
// in a column of their own; a party under the name of a coalition that lists it
// alone stands by itself.
func (l *ineReader) needNominator(c cellReader) *nominator {
	name, kind := c.short(l.actorColumn()), election.Party
	members := memberNames(c.short("PartidosCoalicion"))
	switch folded := site.Fold(name); {
	case isIndependent(name):
		kind = election.Independent
	case strings.HasPrefix(folded, "candidatura comun"):
		kind = election.CandidaturaComun
	case len(members) > 0, isCoalitionName(folded):
		kind = election.Coalition
	}
	n := l.contest.nominator(name)
	if n == nil {
		n = l.contest.addNominator(kind, name)
	}
	for _, m := range members {
		party := l.contest.nominator(m)
		if party == nil {
			party = l.contest.addNominator(election.Party, m)
		}
		n.join(party)
	}
	return n
}

// actorColumn is the column that names who nominates in this file.
func (l *ineReader) actorColumn() string {
	if l.columns.Has("PARTIDO_COALICION") {
		return "PARTIDO_COALICION"
	}
	return "Partido"
}

// isCoalitionName knows the openings of the names of coalitions in INE's file of
// 2022, which has no column to say it.
func isCoalitionName(folded string) bool {
	return slices.ContainsFunc([]string{"juntos ", "juntas ", "va por ", "sigamos ", "coalicion ", "fuerza y corazon "}, func(opening string) bool {
		return strings.HasPrefix(folded, opening)
	})
}
