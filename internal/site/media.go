package site

import (
	"context"
	"time"

	"conoceles/internal/db"
)

// Images have no process in their address, so each is asked here whether the
// process it belongs to shows its candidacies at $2: as Process.OpenAt says.
const (
	openAt   = ` AND p.published_at IS NOT NULL AND (p.site_until IS NULL OR $2 < p.site_until)`
	aPhoto   = ` FROM site.photos f JOIN site.candidacies c ON c.id = f.candidacy_id JOIN site.processes p ON p.id = c.process_id WHERE f.hash = $1` + openAt
	anEmblem = ` FROM site.nominators n JOIN site.processes p ON p.id = n.process_id WHERE n.id = $1 AND n.emblem IS NOT NULL` + openAt
)

// Photo returns the JPEG with that hash, as long as some candidacy shows it at
// now; a photograph that was withdrawn or paused, or whose site closed, is
// NotFound from that instant.
func (s *Store) Photo(ctx context.Context, hash string, now time.Time) ([]byte, error) {
	const sql = `SELECT f.bytes` + aPhoto + ` LIMIT 1`
	var image []byte
	err := s.q.QueryRow(ctx, sql, hash, now).Scan(&image)
	return image, db.Fault(err)
}

// HasPhoto is Photo without its bytes: whether a copy kept elsewhere may still
// be shown.
func (s *Store) HasPhoto(ctx context.Context, hash string, now time.Time) (bool, error) {
	const sql = `SELECT EXISTS (SELECT 1` + aPhoto + `)`
	var there bool
	err := s.q.QueryRow(ctx, sql, hash, now).Scan(&there)
	return there, db.Fault(err)
}

// Emblem returns the PNG of a nominator's emblem; NotFound when it has none, and
// while its process is not open at now.
func (s *Store) Emblem(ctx context.Context, id int64, now time.Time) ([]byte, error) {
	const sql = `SELECT n.emblem` + anEmblem
	var image []byte
	err := s.q.QueryRow(ctx, sql, id, now).Scan(&image)
	return image, db.Fault(err)
}
