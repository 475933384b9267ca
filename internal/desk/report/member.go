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
	complete := make([]map[int64]int, len(released))
	for k, c := range released {
		var err error
		if complete[k], err = s.seal.CompleteAt(ctx, s.q, s.process, c.At); err != nil {
			return nil, err
		}
	}
	last, err := s.seal.CompleteAt(ctx, s.q, s.process, s.at)
	if err != nil {
		return nil, err
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
			version, answered := complete[k][c.ID]
			switch {
			case !answered || !c.countedAt(cut.At):
			case c.authorised && version == last[c.ID]:
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

// countedAt reports whether a candidacy with complete answers was counted in a cut,
// as far as the history of its consent and its standing say.
func (c *counted) countedAt(at time.Time) bool {
	standing := c.Standing == "aprobada" || c.StandingSince.After(at)
	return standing && c.InSystem && c.Counted && !c.CreatedAt.After(at) && authorises(until(c.history, at))
}

// peopleOf is everybody as far as an attribute goes, for the cuts that were released
// and this one, with what those cuts kept of who left. Who shows something of their
// answers is known whole: what their page does not say, they are not. Of who showed
// it some day and left, the answers may not be read any more: whoever kept their page
// knows them, and how many of them said Sí is what each cut kept of what pages showed
// then, less those who are still here.
func peopleOf(all []member, a attribute, public []questionnaire.ID, released []cutRow) ([]disclosure.Person, []disclosure.Memory) {
	shown := slices.Contains(public, a.question)
	out := make([]disclosure.Person, 0, len(all))
	gone := make([]map[string]int, len(released)) // Sí of who left, by office
	for k, cut := range released {
		gone[k] = cut.shown(a.label)
	}
	for _, m := range all {
		p := disclosure.Person{Group: m.Office, In: m.in}
		if m.old {
			if shown && everPublished(m.history) {
				p.Shown = m.shownAt(released)
			}
			out = append(out, p)
			continue
		}
		p.Known, p.Yes = shown && m.published, m.yes(a.question)
		out = append(out, p)
		for k, cut := range released {
			if p.Known && p.Yes && m.in[k] && everPublished(until(m.history, cut.At)) {
				gone[k][m.Office]--
			}
		}
	}
	var kept []disclosure.Memory
	for k := range released {
		for office, n := range gone[k] {
			kept = append(kept, disclosure.Memory{Cut: k, Group: office, Yes: n})
		}
	}
	return out, kept
}

// shownAt says at which cuts that counted them the page of who left showed their
// answers.
func (m member) shownAt(released []cutRow) []bool {
	out := make([]bool, len(released)+1)
	for k, cut := range released {
		out[k] = m.in[k] && everPublished(until(m.history, cut.At))
	}
	return out
}

// shown returns how many of each office the pages showed, at a cut, that said Sí.
func (c cutRow) shown(label string) map[string]int {
	out := map[string]int{}
	t, _ := c.internal.Table(shownTable)
	for _, row := range t.Rows {
		if row[0].Text != label {
			continue
		}
		for _, i := range t.Parts {
			out[t.Columns[i].Title] = row[i].N
		}
	}
	return out
}
