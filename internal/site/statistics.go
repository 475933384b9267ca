package site

import (
	"context"
	"fmt"
	"slices"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

// Tally counts candidacies that are registered and in force. Identity is not in
// it: IdentityCounts is read apart and each time.
type Tally struct {
	Persons   int
	Published int // with a public questionnaire
	Captured  int // of those, with a degree or a text (domain 8.2)
	Complete  int // of those, without a mandatory answer to come

	NotCaptured int // not published, in the hands of who nominates
	NotProvided int // not published, in the hands of the person

	Women, Men, NonBinary int

	Answers AnswerTally
}

// AnswerTally counts the mandatory answers that are due, each person's, by the
// five states of domain 0.3.7.
type AnswerTally struct {
	Published     int
	UnderReview   int
	NotCaptured   int
	NotProvided   int
	NotApplicable int
}

// Due is how many answers there are in all.
func (a AnswerTally) Due() int { return a.Published + a.Unpublished() }

// Unpublished is how many of them are not public, whatever the reason.
func (a AnswerTally) Unpublished() int {
	return a.UnderReview + a.NotCaptured + a.NotProvided + a.NotApplicable
}

func (a *AnswerTally) add(s AnswerState, n int) {
	switch s {
	case Published:
		a.Published += n
	case UnderReview:
		a.UnderReview += n
	case NotCaptured:
		a.NotCaptured += n
	case NotApplicable:
		a.NotApplicable += n
	default:
		a.NotProvided += n
	}
}

// Group is a row of a table: the candidacies that share a value.
type Group struct {
	Value string // in the words of addresses; "" for those that have none
	Tally

	// Found is how many the search by this value finds. It is Persons, but for
	// parties: the list of one also has who a coalition registered under its name.
	Found int

	days []int // by day of the series, questionnaires made public until then
}

// Day is a point of the daily series: of the candidacies in force today, how many
// had a public questionnaire at the end of that day.
type Day struct {
	On        time.Time
	Published int
}

// Statistics are the counts of a process as of one epoch. Whoever gets them
// shares them and changes nothing.
type Statistics struct {
	Cut   time.Time // instant of the last change
	Total Tally
	Due   []string // labels of the mandatory answers, in the questionnaire's order

	groups map[Dimension][]Group
	first  time.Time
	days   []int
}

// By returns the groups of a dimension, in the order in which a person looks for
// them. Those of every dimension but ByAction are disjoint and add up to Total.
func (s *Statistics) By(d Dimension) []Group { return s.groups[d] }

// Days returns the daily series, from the publication start to the cut; nothing
// for an archive, whose days are those of its import.
func (s *Statistics) Days() []Day { return s.series(s.days) }

// DaysOf is Days for the candidacies of a group.
func (s *Statistics) DaysOf(g Group) []Day { return s.series(g.days) }

func (s *Statistics) series(days []int) []Day {
	out := make([]Day, len(days))
	for i, n := range days {
		out[i] = Day{s.first.AddDate(0, 0, i), n}
	}
	return out
}

// Statistics counts the candidacies of a process. It reads them all once, so that
// every table is of the same instant, and remembers what it counted for as long
// as the epoch lasts.
func (s *Store) Statistics(ctx context.Context, p Process, c *Catalog) (*Statistics, error) {
	s.mu.Lock()
	kept := s.counted[p.ID]
	s.mu.Unlock()
	if kept.statistics != nil && kept.epoch == p.Epoch {
		return kept.statistics, nil
	}
	facts, err := list[fact](ctx, s.q, factsSQL, p.ID)
	if err != nil {
		return nil, db.Fault(fmt.Errorf("count the candidacies of process %s: %w", p.Key, err))
	}
	out := count(p, c, facts)
	s.mu.Lock()
	s.counted[p.ID] = counted{p.Epoch, out}
	s.mu.Unlock()
	return out, nil
}

// counted are statistics with the epoch they are of.
type counted struct {
	epoch      int64
	statistics *Statistics
}

// fact is what is counted of a candidacy.
type fact struct {
	OfficeID, DistrictID, MunicipalityID, NominatorID, SigladoID int64
	Sex                                                          election.Sex
	Age                                                          int
	Role                                                         election.Role
	AffirmativeActions                                           []string
	State                                                        CandidacyState
	Degree, DegreeStatus                                         string
	FirstPublishedOn                                             *time.Time
	States                                                       map[questionnaire.ID]AnswerState
}

const factsSQL = `
SELECT c.office_id, COALESCE(c.district_id, 0) AS district_id, COALESCE(c.municipality_id, 0) AS municipality_id, c.nominator_id,
  COALESCE(c.siglado_id, 0) AS siglado_id, c.sex, COALESCE(c.age, 0) AS age, c.role, c.affirmative_actions, c.state, c.degree,
  COALESCE(p.degree_status, '') AS degree_status, p.first_published_on, COALESCE(p.states, '{}') AS states
FROM site.candidacies c LEFT JOIN site.profiles p ON p.candidacy_id = c.id WHERE c.process_id = $1`

// count makes the tables.
func count(p Process, c *Catalog, facts []fact) *Statistics {
	s := &Statistics{Cut: p.ChangedAt, groups: map[Dimension][]Group{}}
	due := dueOf(c.Curricular)
	for _, d := range due {
		s.Due = append(s.Due, d.label)
	}
	length := 0
	if p.Kind != election.Archive && !p.PublishedAt.IsZero() {
		start, end := p.PublishedAt.In(election.Zone()), p.ChangedAt.In(election.Zone())
		s.first = time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, election.Zone())
		length = max(0, min(int(end.Sub(s.first)/(24*time.Hour)), longestSeries)) + 1
	}
	all := Group{days: make([]int, length)}
	groups := map[Dimension]map[string]*Group{}
	for _, d := range dimensions {
		groups[d.name] = map[string]*Group{}
	}
	for i := range facts {
		f := &facts[i]
		t, day := f.tally(c, due), s.dayOf(f)
		all.add(t, day)
		for _, d := range dimensions {
			for _, value := range d.values(c, f) {
				group(groups[d.name], value, length).add(t, day)
			}
			if d.also != nil {
				if value := d.also(c, f); value != "" {
					group(groups[d.name], value, length).Found++
				}
			}
		}
	}
	s.Total, s.days = all.Tally, cumulative(all.days)
	for _, d := range dimensions {
		s.groups[d.name] = ordered(groups[d.name], d.order(c))
	}
	return s
}

// longestSeries bounds the series of a process that nobody closed.
const longestSeries = 400

// dayOf is the place of a candidacy in the series, or -1.
func (s *Statistics) dayOf(f *fact) int {
	if s.first.IsZero() || f.FirstPublishedOn == nil {
		return -1
	}
	return max(0, int((localDay(f.FirstPublishedOn).Sub(s.first)+12*time.Hour)/(24*time.Hour)))
}

func group(all map[string]*Group, value string, days int) *Group {
	g := all[value]
	if g == nil {
		g = &Group{Value: value, days: make([]int, days)}
		all[value] = g
	}
	return g
}

// ordered sorts groups as the catalogue does; those without a value come last.
func ordered(all map[string]*Group, order []string) []Group {
	var out []Group
	take := func(value string) {
		if g := all[value]; g != nil {
			g.days = cumulative(g.days)
			out = append(out, *g)
			delete(all, value)
		}
	}
	for _, value := range order {
		take(value)
	}
	var rest []string
	for value := range all {
		if value != "" {
			rest = append(rest, value)
		}
	}
	slices.Sort(rest)
	for _, value := range append(rest, "") {
		take(value)
	}
	return out
}

func cumulative(days []int) []int {
	for i := 1; i < len(days); i++ {
		days[i] += days[i-1]
	}
	return days
}

func (g *Group) add(t Tally, day int) {
	g.Found += t.Persons
	g.Persons += t.Persons
	g.Published += t.Published
	g.Captured += t.Captured
	g.Complete += t.Complete
	g.NotCaptured += t.NotCaptured
	g.NotProvided += t.NotProvided
	g.Women += t.Women
	g.Men += t.Men
	g.NonBinary += t.NonBinary
	g.Answers.Published += t.Answers.Published
	g.Answers.UnderReview += t.Answers.UnderReview
	g.Answers.NotCaptured += t.Answers.NotCaptured
	g.Answers.NotProvided += t.Answers.NotProvided
	g.Answers.NotApplicable += t.Answers.NotApplicable
	if day >= 0 && len(g.days) > 0 {
		g.days[min(day, len(g.days)-1)]++
	}
}

// due is a mandatory answer: a question, or any of several.
type due struct {
	label string
	ids   []questionnaire.ID
}

// dueOf lists the mandatory answers that are public.
func dueOf(q *questionnaire.Questionnaire) []due {
	var out []due
	for _, page := range q.Pages {
		for _, part := range page.Parts {
			if part.AtLeastOne {
				d := due{label: part.Label}
				for _, q := range part.Questions {
					if q.Disclosure == questionnaire.Public {
						d.ids = append(d.ids, q.ID)
					}
				}
				out = append(out, d)
			}
			for _, q := range part.Questions {
				if q.Required != nil && q.Disclosure == questionnaire.Public {
					out = append(out, due{q.Label, []questionnaire.ID{q.ID}})
				}
			}
		}
	}
	return out
}

// state is the state of a mandatory answer: of several, the best.
func (d due) state(states map[questionnaire.ID]AnswerState) AnswerState {
	best := NotProvided
	for _, id := range d.ids {
		switch s := states[id]; {
		case s == Published, s == NotApplicable && len(d.ids) == 1:
			return s
		case s == UnderReview:
			best = s
		}
	}
	return best
}

// tally counts one candidacy. A paused answer was captured: it is only waiting.
func (f *fact) tally(c *Catalog, all []due) Tally {
	t := Tally{Persons: 1}
	switch f.Sex {
	case election.Woman:
		t.Women = 1
	case election.Man:
		t.Men = 1
	default:
		t.NonBinary = 1
	}
	switch f.State {
	case RecordNotCaptured:
		t.NotCaptured = 1
		t.Answers.NotCaptured = len(all)
		return t
	case RecordNotProvided:
		t.NotProvided = 1
		t.Answers.NotProvided = len(all)
		return t
	}
	t.Published, t.Complete = 1, 1
	for _, d := range all {
		s := d.state(f.States)
		t.Answers.add(s, 1)
		if s != Published && s != NotApplicable {
			t.Complete = 0
		}
	}
	for _, q := range c.Curricular.Questions() {
		if q.ID != questionnaire.Degree && q.Kind != questionnaire.LongText {
			continue
		}
		if s := f.States[q.ID]; s == Published || s == UnderReview {
			t.Captured = 1
		}
	}
	return t
}
