package api

import (
	"conoceles/internal/site"
	"conoceles/web/es"
)

// Statistics are the counts of the page of statistics, without those of identity,
// which are of an instant and have a file of their own.
type Statistics struct {
	Process    string      `json:"proceso"`
	Cut        *string     `json:"corte"`
	Due        []string    `json:"respuestas_obligatorias"`
	Total      Tally       `json:"total"`
	Dimensions []Dimension `json:"desgloses"`
	Days       []Day       `json:"serie"`
}

// Dimension is the candidacies counted by something.
type Dimension struct {
	ID     string  `json:"id"`
	Groups []Group `json:"grupos"`
}

// Group is the candidacies that share a value; null of who has none.
type Group struct {
	Value *string `json:"valor"`
	Tally
}

// Tally counts candidacies.
type Tally struct {
	Persons     int     `json:"personas"`
	Published   int     `json:"publicadas"`
	Captured    int     `json:"con_grado_o_texto"`
	Complete    int     `json:"completas"`
	NotCaptured int     `json:"no_capturadas"`
	NotProvided int     `json:"no_respondieron"`
	Women       int     `json:"mujeres"`
	Men         int     `json:"hombres"`
	NonBinary   int     `json:"no_binarias"`
	Answers     Answers `json:"respuestas"`
}

// Answers counts the mandatory answers due, by their state.
type Answers struct {
	Published     int `json:"publicadas"`
	UnderReview   int `json:"en_revision"`
	NotCaptured   int `json:"no_capturadas"`
	NotProvided   int `json:"no_respondidas"`
	NotApplicable int `json:"no_aplican"`
}

// Day is a point of the daily series.
type Day struct {
	On        string `json:"fecha"`
	Published int    `json:"publicadas"`
}

// Statistics describes the counts of the process.
func (s Site) Statistics(all *site.Statistics) Statistics {
	out := Statistics{Process: s.Process.Key, Cut: s.cut(), Due: append([]string{}, all.Due...), Total: tally(all.Total), Days: []Day{}}
	for _, d := range site.Dimensions() {
		out.Dimensions = append(out.Dimensions, Dimension{string(d), each(all.By(d), func(g site.Group) Group { return Group{some(g.Value), tally(g.Tally)} })})
	}
	for _, day := range all.Days() {
		out.Days = append(out.Days, Day{es.ISODate(day.On), day.Published})
	}
	return out
}

func tally(t site.Tally) Tally {
	return Tally{
		t.Persons, t.Published, t.Captured, t.Complete, t.NotCaptured, t.NotProvided, t.Women, t.Men, t.NonBinary,
		Answers{t.Answers.Published, t.Answers.UnderReview, t.Answers.NotCaptured, t.Answers.NotProvided, t.Answers.NotApplicable},
	}
}
