package app_test

import (
	"context"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/demo"
	"conoceles/internal/election"
)

// arcoFixture brings about the situations of requests over personal data and of
// what happens to the data; ok is false for any other name.
func (s *stage) arcoFixture(name string) (values map[string]string, ok bool, err error) {
	switch name {
	case "identidad-publicada":
		folio := s.consented("verifica", 0)
		slug := s.text(`SELECT slug FROM desk.candidacies WHERE folio = $1`, folio)
		return map[string]string{"folio": folio, "slug": slug}, true, nil
	case "independiente": // the independent account, over a validated candidacy of those
		values, err = s.independent()
		return values, true, err
	case "jornada-terminada": // yesterday: what is public of identity leaves by itself
		ctx := context.Background()
		today := s.app.Now().In(election.Zone())
		err := s.app.Desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
			const set = `UPDATE desk.processes SET election_day = $2, campaigns_end_at = $3 WHERE key = $1`
			day := today.AddDate(0, 0, -1)
			return tx.Exec(ctx, set, demo.Key, day.Format(time.DateOnly), day.AddDate(0, 0, -3))
		})
		if err == nil {
			_, err = s.app.Publisher.OpenDue(ctx, s.app.Desk)
		}
		return map[string]string{"hoy": today.Format("02/01/2006"), "ayer": today.AddDate(0, 0, -1).Format("02/01/2006")}, true, err
	}
	return nil, false, nil
}

// independent gives the account of the independents a candidacy that is published.
func (s *stage) independent() (map[string]string, error) {
	const first = `
SELECT c.id, c.folio, c.slug FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
WHERE n.kind = 'independiente' AND c.capture = 'validada' AND c.standing = 'aprobada' ORDER BY c.id LIMIT 1`
	var id int64
	var folio, slug string
	ctx := context.Background()
	if err := s.app.Desk.QueryRow(ctx, first).Scan(&id, &folio, &slug); err != nil {
		return nil, err
	}
	err := s.app.Desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		const give = `UPDATE desk.grants SET candidacy_id = $1 WHERE account_id = (SELECT id FROM desk.accounts WHERE email = 'independiente@ejemplo.invalid')`
		return tx.Exec(ctx, give, id)
	})
	return map[string]string{"folio": folio, "slug": slug, "hoy": s.app.Now().In(election.Zone()).Format("02/01/2006")}, err
}
