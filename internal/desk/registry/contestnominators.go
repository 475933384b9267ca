package registry

import (
	"context"
	"slices"

	"conoceles/internal/db"
	"conoceles/internal/election"
)

// nominator returns who goes by that acronym or name.
func (c *contest) nominator(text string) *nominator {
	folded := c.fold(text)
	for _, name := range []func(*nominator) string{
		func(n *nominator) string { return n.acronym }, func(n *nominator) string { return n.name },
	} {
		for _, n := range c.nominators {
			if folded != "" && c.fold(name(n)) == folded {
				return n
			}
		}
	}
	return nil
}

// addNominator adds one that is not in the database yet, after the others.
func (c *contest) addNominator(kind election.NominatorKind, name string) *nominator {
	n := &nominator{kind: kind, acronym: name, name: name, order: 1, toVerify: true}
	for _, other := range c.nominators {
		n.order = max(n.order, other.order+1)
	}
	c.nominators = append(c.nominators, n)
	return n
}

// join makes the party a member of n.
func (n *nominator) join(party *nominator) {
	if party != n && !slices.Contains(n.members, party) {
		n.members, n.grew = append(n.members, party), true
	}
}

// saveNominators inserts the nominators that were found missing and the members
// that others got. It reports whether it wrote anything.
func (c *contest) saveNominators(ctx context.Context, tx *db.Tx) (wrote bool, err error) {
	parties := slices.Clone(c.nominators)
	slices.SortStableFunc(parties, func(a, b *nominator) int { return len(a.members) - len(b.members) })
	for _, n := range parties {
		switch {
		case n.id == 0:
			err = insertNominator(ctx, tx, c.process.ID, n)
		case n.grew:
			err = insertMembers(ctx, tx, n)
		default:
			continue
		}
		if err != nil {
			return false, err
		}
		wrote = true
	}
	return wrote, nil
}

func insertNominator(ctx context.Context, tx *db.Tx, process int64, n *nominator) error {
	const sql = `
INSERT INTO desk.nominators (process_id, kind, acronym, name, registry_order, to_verify) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`
	if err := tx.QueryRow(ctx, sql, process, string(n.kind), n.acronym, n.name, n.order, n.toVerify).Scan(&n.id); err != nil {
		return err
	}
	return insertMembers(ctx, tx, n)
}

func insertMembers(ctx context.Context, tx *db.Tx, n *nominator) error {
	ids := make([]int64, 0, len(n.members))
	for _, m := range n.members {
		ids = append(ids, m.id)
	}
	const sql = `INSERT INTO desk.nominator_members (nominator_id, party_id) SELECT $1, unnest($2::bigint[]) ON CONFLICT DO NOTHING`
	return tx.Exec(ctx, sql, n.id, ids)
}
