package site

import (
	"context"
	"fmt"

	"conoceles/internal/db"
)

// MostCompared is how many candidacies go side by side: more do not fit in a page
// that somebody can read.
const MostCompared = 4

// Comparison is what an address asked to compare and what there is of it.
type Comparison struct {
	Profiles []Profile // in the order asked for, each once
	Repeated []Card    // asked for twice
	Missing  []string  // slugs of nobody who is on the ballot
}

// Mixed reports whether not everybody stands for the same.
func (k Comparison) Mixed() bool {
	for _, p := range k.Profiles {
		if !SameContest(p.Card, k.Profiles[0].Card) {
			return true
		}
	}
	return false
}

// Contests groups who was asked for by what they stand for.
func (k Comparison) Contests() [][]Card {
	var out [][]Card
next:
	for _, p := range k.Profiles {
		for i := range out {
			if SameContest(out[i][0], p.Card) {
				out[i] = append(out[i], p.Card)
				continue next
			}
		}
		out = append(out, []Card{p.Card})
	}
	return out
}

// SameContest reports whether two candidacies stand for the same office in the
// same place, and so can be compared.
func SameContest(a, b Card) bool {
	return a.OfficeID == b.OfficeID && a.StateID == b.StateID && a.DistrictID == b.DistrictID &&
		a.MunicipalityID == b.MunicipalityID && a.DistrictLabel == b.DistrictLabel
}

// mostAsked bounds what an address may ask for before it is called too much.
const mostAsked = 2 * MostCompared

// Compare reads the candidacies at some slugs, those of former addresses too. Of
// more than it takes it reads some, enough to tell that they are too many.
func (s *Store) Compare(ctx context.Context, p Process, slugs []string) (Comparison, error) {
	type row struct {
		Asked string
		profileRow
	}
	var asked []string
	for _, slug := range slugs[:min(len(slugs), mostAsked)] {
		if slug, ok := clean(slug); ok && slug != "" {
			asked = append(asked, slug)
		}
	}
	const sql = `
SELECT a.asked, ` + cardColumns + `, ` + noExcerpt + `, c.consecutive, p.answers, COALESCE(p.number, 0) AS number, p.published_on,
  COALESCE(p.source, '') AS source
FROM unnest($2::text[]) WITH ORDINALITY a(asked, place)
LEFT JOIN site.moved m ON m.process_id = $1 AND m.slug = a.asked
JOIN site.candidacies c ON c.process_id = $1 AND (c.slug = a.asked OR c.id = m.candidacy_id)
LEFT JOIN site.profiles p ON p.candidacy_id = c.id ORDER BY a.place`
	rows, err := list[row](ctx, s.q, sql, p.ID, asked)
	if err != nil {
		return Comparison{}, db.Fault(fmt.Errorf("compare candidacies of process %s: %w", p.Key, err))
	}
	var out Comparison
	found, seen := map[string]bool{}, map[int64]int{}
	for _, r := range rows {
		found[r.Asked] = true
		switch seen[r.ID]++; seen[r.ID] {
		case 1:
			out.Profiles = append(out.Profiles, r.profile())
		case 2:
			out.Repeated = append(out.Repeated, r.Card)
		}
	}
	for _, slug := range asked {
		if !found[slug] {
			out.Missing, found[slug] = append(out.Missing, slug), true
		}
	}
	return out, nil
}

// mostRivals bounds a list to choose from.
const mostRivals = 120

// Rivals returns who stands for the same as a candidacy, itself too, in ballot
// order; of a longer list, its beginning.
func (s *Store) Rivals(ctx context.Context, p Process, k Card) ([]Card, error) {
	const sql = `
SELECT ` + cardColumns + `, ` + noExcerpt + ` FROM site.candidacies c
WHERE c.process_id = $1 AND c.office_id = $2 AND COALESCE(c.state_id, 0) = $3 AND COALESCE(c.district_id, 0) = $4
  AND COALESCE(c.municipality_id, 0) = $5 AND c.district_label = $6 ORDER BY c.ballot_rank, c.id LIMIT $7`
	cards, err := list[Card](ctx, s.q, sql, p.ID, k.OfficeID, k.StateID, k.DistrictID, k.MunicipalityID, k.DistrictLabel, mostRivals)
	return cards, db.Fault(err)
}

// AnswersOf returns the published answers of some candidacies, by id; who has
// none is not in it.
func (s *Store) AnswersOf(ctx context.Context, ids []int64) (map[int64]Answers, error) {
	type row struct {
		CandidacyID int64
		Answers     Answers
	}
	rows, err := list[row](ctx, s.q, `SELECT candidacy_id, answers FROM site.profiles WHERE candidacy_id = ANY($1)`, ids)
	out := make(map[int64]Answers, len(rows))
	for _, r := range rows {
		out[r.CandidacyID] = r.Answers
	}
	return out, db.Fault(err)
}
