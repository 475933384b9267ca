package site

import (
	"context"
	"fmt"

	"conoceles/internal/db"
	"conoceles/internal/questionnaire"
)

// IdentityCounts are how many fichas say each thing of identity at one instant.
// They add nothing to what the fichas show (security.md 2.6, P-live): only what
// somebody authorised to publish is counted, in the whole process and by nothing
// else.
type IdentityCounts struct {
	Known                        bool // false when it could not be read, or the site runs without identity
	Public, Answered, Unanswered int
	Badges                       []BadgeCount // in the questionnaire's order
}

// Total is how many candidacies were asked.
func (n IdentityCounts) Total() int { return n.Public + n.Answered + n.Unanswered }

// BadgeCount is how many candidacies show a badge.
type BadgeCount struct {
	Question questionnaire.ID
	Persons  int
}

// IdentityCounts counts now, on the primary: what is withdrawn is not in the
// count of any request that starts afterwards. On any error nothing is known.
func (s *Store) IdentityCounts(ctx context.Context, p Process, c *Catalog) (IdentityCounts, error) {
	if s.live == nil {
		return IdentityCounts{}, errNotLive()
	}
	type row struct {
		Hidden  bool
		Subject string
		Persons int
	}
	const sql = `
SELECT m.identity_hidden AS hidden, n.subject, n.persons FROM site.mode m CROSS JOIN (
  SELECT c.identity_state AS subject, count(*)::int AS persons FROM site.candidacies c WHERE c.process_id = $1 GROUP BY 1
  UNION ALL
  SELECT a.question, count(*)::int FROM site.identity_answers a JOIN site.identity_publications x ON x.id = a.publication_id
  JOIN site.candidacies c ON c.id = x.candidacy_id
  WHERE c.process_id = $1 AND c.identity_state = 'publica' AND a.answer = to_jsonb($2::text) GROUP BY 1) n`
	rows, err := list[row](ctx, s.live, sql, p.ID, questionnaire.Yes)
	if err != nil {
		return IdentityCounts{}, db.Fault(fmt.Errorf("count the identity of process %s: %w", p.Key, err))
	}
	by := map[string]int{}
	for _, r := range rows {
		if r.Hidden {
			return IdentityCounts{}, nil
		}
		by[r.Subject] = r.Persons
	}
	out := IdentityCounts{
		Known: true, Public: by[string(IdentityPublic)], Answered: by[string(IdentityAnswered)], Unanswered: by[string(IdentityUnanswered)],
	}
	for _, q := range c.Identity.Questions() {
		if questionnaire.Badge(q.ID) != "" {
			out.Badges = append(out.Badges, BadgeCount{q.ID, by[string(q.ID)]})
		}
	}
	return out, nil
}
