package report

import (
	"context"
	"slices"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/report/disclosure"
	"conoceles/internal/questionnaire"
)

// member is a person, or who they were before they answered again, with the cuts
// in which they were counted.
type member struct {
	*counted
	in  []bool
	old bool // who they were: their answers are no longer known
}

// people reconstructs who was counted in each released cut, from the histories of
// consent: no cut keeps a row of anybody.
func (s *source) people(ctx context.Context, all []counted, released []cutRow) ([]member, error) {
	saved := make([]map[int64]bool, len(released))
	for k, c := range released {
		ids, err := s.seal.SavedSince(ctx, s.q, s.process, c.At)
		if err != nil {
			return nil, err
		}
		saved[k] = map[int64]bool{}
		for _, id := range ids {
			saved[k][id] = true
		}
	}
	everyone, err := s.withGone(ctx, all)
	if err != nil {
		return nil, err
	}
	var out []member
	for i := range everyone {
		c := &everyone[i]
		now := member{counted: c, in: make([]bool, len(released)+1)}
		before := member{counted: c, in: make([]bool, len(released)+1), old: true}
		now.in[len(released)] = c.authorised
		for k, cut := range released {
			switch {
			case !c.countedAt(cut.At):
			case c.authorised && !saved[k][c.ID]:
				now.in[k] = true
			default:
				before.in[k] = true
			}
		}
		for _, m := range []member{now, before} {
			if slices.Contains(m.in, true) {
				out = append(out, m)
			}
		}
	}
	return out, nil
}

// withGone adds who is not in force any more: they may have been counted.
func (s *source) withGone(ctx context.Context, all []counted) ([]counted, error) {
	out := slices.Clone(all)
	var ids []int64
	for i := range s.all {
		if f := &s.all[i]; !f.inForce() {
			out = append(out, counted{fact: f})
			ids = append(ids, f.ID)
		}
	}
	histories, err := consent.Histories(ctx, s.q, ids...)
	if err != nil {
		return nil, db.Fault(err)
	}
	for i := len(all); i < len(out); i++ {
		out[i].history = histories[out[i].ID]
	}
	return out, nil
}

// countedAt reports whether a candidacy was counted in a cut, as far as the history
// of its consent and its standing say.
func (c *counted) countedAt(at time.Time) bool {
	standing := c.Standing == "aprobada" || c.StandingSince.After(at)
	return standing && c.InSystem && c.Counted && !c.CreatedAt.After(at) && authorises(until(c.history, at))
}

// peopleOf is everybody as far as an attribute goes. Who shows something of their
// answers is known whole: what their page does not say, they are not.
func peopleOf(all []member, question questionnaire.ID, public []questionnaire.ID) []disclosure.Person {
	shown := slices.Contains(public, question)
	out := make([]disclosure.Person, len(all))
	for i, m := range all {
		out[i] = disclosure.Person{Group: m.Office, In: m.in}
		if !m.old {
			out[i].Known, out[i].Yes = shown && m.published, m.yes(question)
		}
	}
	return out
}
