package publish

import (
	"context"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/election"
	"conoceles/internal/site"
)

// catalogue is one table of the site that mirrors one of the desk: the query
// that derives its rows and its columns. They are compared and replaced whole;
// candidacies refer to them, so rows are inserted or updated, never deleted.
type catalogue struct {
	table, columns, update, derive, read string
}

// catalogues lists them in the order that their references ask for. A process
// shows its header as soon as it has a date; the rest, once it is open.
var catalogues = []catalogue{
	{
		"site.processes",
		"id, key, name, kind, demo, election_day, campaigns_end_at, publication_starts_at, published_at, site_until, curricular_version, identity_version, consent_email, source, data_license, data_license_url, created_at",
		"key = excluded.key, name = excluded.name, kind = excluded.kind, demo = excluded.demo, election_day = excluded.election_day, campaigns_end_at = excluded.campaigns_end_at, publication_starts_at = excluded.publication_starts_at, published_at = excluded.published_at, site_until = excluded.site_until, curricular_version = excluded.curricular_version, identity_version = excluded.identity_version, consent_email = excluded.consent_email, source = excluded.source, data_license = excluded.data_license, data_license_url = excluded.data_license_url",
		"SELECT id, key, name, kind, demo, election_day, campaigns_end_at, publication_starts_at, published_at, site_until, curricular_version, identity_version, consent_email, source, data_license, data_license_url, created_at FROM desk.processes WHERE id = $1",
		"WHERE id = $1",
	},
	{
		"site.states", "id, process_id, name", "name = excluded.name",
		"SELECT x.id, x.process_id, x.name FROM desk.states x" + whenOpen, "WHERE process_id = $1",
	},
	{
		"site.districts", "id, process_id, state_id, number, seat", "number = excluded.number, seat = excluded.seat",
		"SELECT x.id, x.process_id, x.state_id, x.number, x.seat FROM desk.districts x" + whenOpen, "WHERE process_id = $1",
	},
	{
		"site.municipalities", "id, process_id, state_id, code, name, by_parties, tile_column, tile_row, tile_label",
		"code = excluded.code, name = excluded.name, by_parties = excluded.by_parties, tile_column = excluded.tile_column, tile_row = excluded.tile_row, tile_label = excluded.tile_label",
		"SELECT x.id, x.process_id, x.state_id, x.code, x.name, x.by_parties, x.tile_column, x.tile_row, x.tile_label FROM desk.municipalities x" + whenOpen,
		"WHERE process_id = $1",
	},
	{
		"site.offices", "id, process_id, key, name, ine_label, ambit, listed, ballot_order, description",
		"key = excluded.key, name = excluded.name, ine_label = excluded.ine_label, ambit = excluded.ambit, listed = excluded.listed, ballot_order = excluded.ballot_order, description = excluded.description",
		"SELECT x.id, x.process_id, x.key, x.name, x.ine_label, x.ambit, x.listed, x.ballot_order, x.description FROM desk.offices x" + whenOpen + " AND x.in_system",
		"WHERE process_id = $1",
	},
}

const whenOpen = " JOIN desk.processes p ON p.id = x.process_id WHERE x.process_id = $1 AND p.published_at IS NOT NULL"

const precinctsSQL = "SELECT x.process_id, x.number, x.municipality_id, x.district_id FROM desk.precincts x" + whenOpen

// Notices are public from their approval: before anybody captures anything.
const noticesSQL = "SELECT process_id, kind, version, markdown, acuerdo, approved_on FROM desk.notices WHERE process_id = $1"

const institutionSQL = "SELECT only_one, name, acronym, place, address, email FROM desk.institution"

// copyCatalogues brings the process's header and catalogues up to date.
func copyCatalogues(ctx context.Context, tx *db.Tx, process int64) error {
	const institution = `INSERT INTO site.institution (only_one, name, acronym, place, address, email) ` + institutionSQL + `
ON CONFLICT (only_one) DO UPDATE SET name = excluded.name, acronym = excluded.acronym, place = excluded.place, address = excluded.address, email = excluded.email`
	if err := tx.Exec(ctx, institution); err != nil {
		return err
	}
	for _, c := range catalogues {
		sql := "INSERT INTO " + c.table + " (" + c.columns + ") " + c.derive + " ON CONFLICT (id) DO UPDATE SET " + c.update
		if err := tx.Exec(ctx, sql, process); err != nil {
			return err
		}
	}
	if err := tx.Exec(ctx, `DELETE FROM site.precincts WHERE process_id = $1`, process); err != nil {
		return err
	}
	const precincts = `INSERT INTO site.precincts (process_id, number, municipality_id, district_id) ` + precinctsSQL
	if err := tx.Exec(ctx, precincts, process); err != nil {
		return err
	}
	if err := tx.Exec(ctx, `DELETE FROM site.notices WHERE process_id = $1`, process); err != nil {
		return err
	}
	const notices = `INSERT INTO site.notices (process_id, kind, version, markdown, acuerdo, approved_on) ` + noticesSQL
	if err := tx.Exec(ctx, notices, process); err != nil {
		return err
	}
	if err := copyReports(ctx, tx, process); err != nil {
		return err
	}
	return copyNominators(ctx, tx, process)
}

// nominatorRow is a row of site.nominators: ballot order and members are derived.
type nominatorRow struct {
	ID          int64
	Kind        string
	Acronym     string
	Name        string
	Slug        string
	BallotOrder int
	Emblem      []byte
	Members     []string
}

// deriveNominators computes site.nominators for an open process.
func deriveNominators(ctx context.Context, q db.Querier, process int64) ([]nominatorRow, error) {
	all, err := loadNominators(ctx, q, process)
	if err != nil {
		return nil, err
	}
	order := election.BallotOrder(all)
	const sql = `
SELECT x.id, x.kind, x.acronym, x.name, '' AS slug, 0 AS ballot_order, x.emblem,
  ARRAY(SELECT m.acronym FROM desk.nominator_members k JOIN desk.nominators m ON m.id = k.party_id
        WHERE k.nominator_id = x.id ORDER BY m.registry_order, m.id) AS members
FROM desk.nominators x` + whenOpen + ` ORDER BY x.id`
	rows, err := q.Query(ctx, sql, process)
	if err != nil {
		return nil, err
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[nominatorRow])
	for i := range out {
		out[i].Slug = site.Slug(out[i].Acronym)
		out[i].BallotOrder = order[out[i].ID]
	}
	return out, err
}

func copyNominators(ctx context.Context, tx *db.Tx, process int64) error {
	rows, err := deriveNominators(ctx, tx, process)
	if err != nil {
		return err
	}
	const sql = `
INSERT INTO site.nominators (id, process_id, kind, acronym, name, slug, ballot_order, emblem, members)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, acronym = excluded.acronym, name = excluded.name, slug = excluded.slug,
  ballot_order = excluded.ballot_order, emblem = excluded.emblem, members = excluded.members`
	for _, n := range rows {
		if err := tx.Exec(ctx, sql, n.ID, process, n.Kind, n.Acronym, n.Name, n.Slug, n.BallotOrder, n.Emblem, n.Members); err != nil {
			return err
		}
	}
	return nil
}

// sameCatalogues reports whether the site's catalogues are those of the desk.
func sameCatalogues(ctx context.Context, q db.Querier, process int64) (bool, error) {
	for _, c := range catalogues {
		site := "SELECT " + c.columns + " FROM " + c.table + " " + c.read
		if same, err := sameRows(ctx, q, c.derive, site, process); err != nil || !same {
			return false, err
		}
	}
	const precincts = `SELECT process_id, number, municipality_id, district_id FROM site.precincts WHERE process_id = $1`
	if same, err := sameRows(ctx, q, precinctsSQL, precincts, process); err != nil || !same {
		return false, err
	}
	const notices = `SELECT process_id, kind, version, markdown, acuerdo, approved_on FROM site.notices WHERE process_id = $1`
	if same, err := sameRows(ctx, q, noticesSQL, notices, process); err != nil || !same {
		return false, err
	}
	if same, err := sameRows(ctx, q, reportsSQL, siteReportsSQL, process); err != nil || !same {
		return false, err
	}
	want, err := deriveNominators(ctx, q, process)
	if err != nil {
		return false, err
	}
	const sql = `SELECT id, kind, acronym, name, slug, ballot_order, emblem, members FROM site.nominators WHERE process_id = $1 ORDER BY id`
	rows, err := q.Query(ctx, sql, process)
	if err != nil {
		return false, err
	}
	have, err := pgx.CollectRows(rows, pgx.RowToStructByName[nominatorRow])
	return equalNominators(have, want), err
}

// sameRows reports whether two queries over the same process give the same rows.
func sameRows(ctx context.Context, q db.Querier, a, b string, process int64) (bool, error) {
	var n int
	sql := "SELECT count(*) FROM ((" + a + ") EXCEPT ALL (" + b + ") UNION ALL ((" + b + ") EXCEPT ALL (" + a + "))) AS d"
	err := q.QueryRow(ctx, sql, process).Scan(&n)
	return n == 0, err
}
