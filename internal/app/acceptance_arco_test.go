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
