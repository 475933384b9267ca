// Package demo makes a fictitious process: parties, people, texts and portraits,
// at any size, the same ones for the same seed.
//
// The geography is the catalogue's; everybody and everything else is invented,
// and sounds so. What it makes goes in by the doors everybody uses: the list is
// a file for the importer, the publication start an act of two persons.
package demo

import (
	"math/rand/v2"

	"conoceles/internal/election"
)

// World is a fictitious process, ready to be seeded. The zero value is not
// useful: use New.
type World struct {
	Nominators []Nominator
	List       []Entry
	rng        *rand.Rand
}

// Nominator is an invented party, coalition or independent.
type Nominator struct {
	Kind    election.NominatorKind
	Acronym string
	Name    string
	Members []string // acronyms
	Emblem  []byte   // PNG
}

// Entry is a row of the list of candidacies.
type Entry struct {
	Office      string // key of the office
	District    int
	Municipal   string // code of the municipality
	Position    int
	Role        election.Role
	Given       string
	Surname1    string
	Surname2    string
	Nickname    string
	Sex         election.Sex
	Birth       string // yyyy-mm-dd
	Party       string // who sigla
	Coalition   string
	Affirmative []election.AffirmativeAction
	Consecutive bool
}

// Place is a municipality with what the list needs to know of it.
type Place struct {
	Code        string
	Councillors int
}

// New invents a process of about size candidacies over these districts and
// municipalities (those that elect by parties).
func New(seed uint64, size int, districts []int, places []Place, electionYear int) *World {
	w := &World{rng: rand.New(rand.NewPCG(seed, 0x00c0_ce1e))}
	w.Nominators = nominators(parties(size))
	w.fill(size, districts, places, electionYear)
	return w
}

// fullSlate is how many candidacies one party registers when it stands for
// everything: 1 + 12 formulas + 8 of list + 33 ayuntamientos.
const fullSlate = 378

// parties returns how many parties a process of this size needs.
func parties(size int) int { return max(6, (size+fullSlate-1)/fullSlate) }
