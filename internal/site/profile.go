package site

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// Profile is a candidacy with everything the public may read of it.
type Profile struct {
	Card
	Consecutive *bool   // stands for re-election; nil where the registry does not say
	Answers     Answers // nil until the questionnaire is published
	Number      int     // of the public version
	PublishedOn time.Time
	Source      string // who validated the answers, in imported data
	Partner     *Partner
}

// Partner is the other member of the fórmula.
type Partner struct {
	Slug string
	Name string
	Sex  election.Sex
	Role election.Role
}

// Tombstone is what remains of a candidacy that left the ballot.
type Tombstone struct {
	Slug          string
	Standing      election.Standing
	Since         time.Time
	OfficeID      int64
	SuccessorSlug string // "" when nobody has taken the place
	SuccessorName string
}

// Found is what an address leads to: exactly one of its fields is set.
type Found struct {
	Profile   *Profile
	MovedTo   string // the slug of today
	Tombstone *Tombstone
}

// profileRow is a candidacy beside its published answers.
type profileRow struct {
	Card
	Consecutive *bool
	Answers     *Answers
	Number      int
	PublishedOn *time.Time
	Source      string
}

// Lookup returns what lives at a slug of the process: a profile, the address it
// moved to, or a tombstone. Anything else is NotFound.
func (s *Store) Lookup(ctx context.Context, p Process, slug string) (Found, error) {
	slug, ok := clean(slug)
	if !ok || slug == "" {
		return Found{}, fault.New(fault.NotFound, "")
	}
	profile, err := s.profile(ctx, p, slug)
	if err == nil {
		return Found{Profile: profile}, nil
	}
	if !fault.Is(err, fault.NotFound) {
		return Found{}, err
	}
	const moved = `SELECT c.slug FROM site.moved m JOIN site.candidacies c ON c.id = m.candidacy_id WHERE m.process_id = $1 AND m.slug = $2`
	var to string
	err = s.q.QueryRow(ctx, moved, p.ID, slug).Scan(&to)
	if err == nil {
		return Found{MovedTo: to}, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return Found{}, db.Fault(err)
	}
	const dead = `
SELECT slug, standing, since, office_id, successor_slug, successor_name FROM site.tombstones WHERE process_id = $1 AND slug = $2`
	t, err := one[Tombstone](ctx, s.q, dead, p.ID, slug)
	if err != nil {
		return Found{}, db.Fault(err)
	}
	t.Since = localDay(&t.Since)
	return Found{Tombstone: &t}, nil
}

func (s *Store) profile(ctx context.Context, p Process, slug string) (*Profile, error) {
	const sql = `
SELECT ` + cardColumns + `, ` + noExcerpt + `, c.consecutive, p.answers, COALESCE(p.number, 0) AS number, p.published_on,
  COALESCE(p.source, '') AS source
FROM site.candidacies c LEFT JOIN site.profiles p ON p.candidacy_id = c.id
WHERE c.process_id = $1 AND c.slug = $2`
	r, err := one[profileRow](ctx, s.q, sql, p.ID, slug)
	if err != nil {
		return nil, db.Fault(err)
	}
	out := r.profile()
	out.Partner, err = s.partner(ctx, p, out.Card)
	return &out, err
}

func (r profileRow) profile() Profile {
	return Profile{
		Card: r.Card, Consecutive: r.Consecutive, Answers: orZero(r.Answers), Number: r.Number,
		PublishedOn: localDay(r.PublishedOn), Source: r.Source,
	}
}

// partner finds who shares the seat in the other role. Historical files put
// several persons in one seat and tell fórmulas apart by their folio, if at all;
// where it is not certain who goes with whom, nobody does.
func (s *Store) partner(ctx context.Context, p Process, k Card) (*Partner, error) {
	const sql = `
SELECT o.slug, o.name, o.sex, o.role FROM site.candidacies o JOIN site.candidacies me ON me.id = $2
WHERE o.process_id = $1 AND o.office_id = me.office_id AND o.nominator_id = me.nominator_id AND o.position = me.position
  AND o.district_id IS NOT DISTINCT FROM me.district_id AND o.municipality_id IS NOT DISTINCT FROM me.municipality_id
  AND o.state_id IS NOT DISTINCT FROM me.state_id AND o.id <> me.id AND ($3 OR o.folio = me.folio)
LIMIT 2`
	others, err := list[Partner](ctx, s.q, sql, p.ID, k.ID, p.Kind != election.Archive)
	if err != nil {
		return nil, db.Fault(fmt.Errorf("find the other member of a fórmula: %w", err))
	}
	if len(others) != 1 || others[0].Role == k.Role {
		return nil, nil
	}
	return &others[0], nil
}

// one runs a query that gives exactly one row.
func one[T any](ctx context.Context, q db.Querier, sql string, args ...any) (T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		var zero T
		return zero, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
}
