package publish

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
)

// read returns the pages the site holds now, for these candidacies.
func read(ctx context.Context, q db.Querier, process int64, ids []int64) (map[int64]page, error) {
	pages := map[int64]page{}
	for _, part := range []func(context.Context, db.Querier, int64, []int64, map[int64]page) error{
		readCards, readProfiles, readPhotos, readIdentity, readMoved, readTombstones, readVersions,
	} {
		if err := part(ctx, q, process, ids, pages); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

func readCards(ctx context.Context, q db.Querier, process int64, ids []int64, pages map[int64]page) error {
	const sql = `
SELECT id, slug, folio, name, sort_name, search_text, nickname, sex, age, office_id, state_id, district_id, municipality_id,
  district_label, position, role, nominator_id, siglado_id, consecutive, affirmative_actions, elected, ballot_rank, state,
  degree, photo_small, photo_medium, photo_large, identity_state
FROM site.candidacies WHERE process_id = $1 AND id = ANY($2)`
	rows, err := q.Query(ctx, sql, process, ids)
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToAddrOfStructByName[card])
	for _, c := range all {
		pages[c.ID] = page{Card: c}
	}
	return err
}

func readProfiles(ctx context.Context, q db.Querier, process int64, ids []int64, pages map[int64]page) error {
	const sql = `
SELECT p.candidacy_id, p.answers, p.number, p.published_on, p.first_published_on, p.source
FROM site.profiles p JOIN site.candidacies c ON c.id = p.candidacy_id
WHERE c.process_id = $1 AND c.id = ANY($2)`
	rows, err := q.Query(ctx, sql, process, ids)
	if err != nil {
		return err
	}
	var id int64
	var raw []byte
	var number int
	var on, first time.Time
	var source string
	_, err = pgx.ForEachRow(rows, []any{&id, &raw, &number, &on, &first, &source}, func() error {
		answers, err := decodeAnswers(raw)
		pg := pages[id]
		pg.Profile = &profile{answers, number, on, first, source}
		pages[id] = pg
		return err
	})
	return err
}

func readPhotos(ctx context.Context, q db.Querier, process int64, ids []int64, pages map[int64]page) error {
	// The bytes count as what they hash to, so that a changed byte is seen.
	const sql = `
SELECT f.candidacy_id, CASE WHEN encode(sha256(f.bytes), 'hex') = f.hash THEN f.hash ELSE 'alterada' END
FROM site.photos f JOIN site.candidacies c ON c.id = f.candidacy_id
WHERE c.process_id = $1 AND c.id = ANY($2)`
	rows, err := q.Query(ctx, sql, process, ids)
	if err != nil {
		return err
	}
	var id int64
	var hash string
	_, err = pgx.ForEachRow(rows, []any{&id, &hash}, func() error {
		pg := pages[id]
		pg.Photos = append(pg.Photos, photo{Hash: hash})
		pages[id] = pg
		return nil
	})
	return err
}

func readMoved(ctx context.Context, q db.Querier, process int64, ids []int64, pages map[int64]page) error {
	const sql = `
SELECT candidacy_id, slug FROM site.moved WHERE process_id = $1 AND candidacy_id = ANY($2)`
	rows, err := q.Query(ctx, sql, process, ids)
	if err != nil {
		return err
	}
	var id int64
	var slug string
	_, err = pgx.ForEachRow(rows, []any{&id, &slug}, func() error {
		pg := pages[id]
		pg.Moved = append(pg.Moved, slug)
		pages[id] = pg
		return nil
	})
	return err
}

func readTombstones(ctx context.Context, q db.Querier, process int64, ids []int64, pages map[int64]page) error {
	const sql = `
SELECT candidacy_id, slug, standing, since, office_id, successor_slug, successor_name
FROM site.tombstones WHERE process_id = $1 AND candidacy_id = ANY($2)`
	rows, err := q.Query(ctx, sql, process, ids)
	if err != nil {
		return err
	}
	var id int64
	var t tombstone
	_, err = pgx.ForEachRow(rows, []any{&id, &t.Slug, &t.Standing, &t.Since, &t.OfficeID, &t.SuccessorSlug, &t.SuccessorName}, func() error {
		pg := pages[id]
		pg.Tombstones = append(pg.Tombstones, t)
		pages[id] = pg
		return nil
	})
	return err
}
