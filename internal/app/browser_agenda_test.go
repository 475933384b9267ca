package app_test

import (
	"context"

	"conoceles/internal/db"
	"conoceles/internal/demo"
)

// agendaSamples returns the samples of the agenda and of the use of the site.
func agendaSamples(s *stage) map[string]sample {
	s.Helper()
	err := s.app.Desk.Upkeep(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		const seen = `
INSERT INTO desk.usage_counts (process_id, day, class, seen, arrivals)
SELECT p.id, (now() - make_interval(days => d))::date, c, 40 + 7 * d, 11 + 3 * d
FROM desk.processes p, generate_series(0, 9) d, unnest(ARRAY['portada', 'ficha', 'busqueda', 'descarga']) c WHERE p.key = $1`
		return tx.Exec(ctx, seen, demo.Key)
	})
	if err != nil {
		s.Fatal(err)
	}
	const use = "/agenda/uso"
	return map[string]sample{
		use:           {as: "auditoria", paths: []string{use, use + "?desde=01/01/2020&hasta=02/01/2020"}},
		use + ".csv":  {as: "informatica", paths: []string{use + ".csv"}, file: true},
		use + ".xlsx": {as: "secretaria", paths: []string{use + ".xlsx"}, file: true},
		use + ".pdf":  {as: "titular", paths: []string{use + ".pdf"}, file: true},
	}
}
