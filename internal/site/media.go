package site

import (
	"context"

	"conoceles/internal/db"
)

// Photo returns the JPEG with that hash, as long as some candidacy shows it; a
// photograph that was withdrawn or paused is NotFound from that instant.
func (s *Store) Photo(ctx context.Context, hash string) ([]byte, error) {
	const sql = `SELECT bytes FROM site.photos WHERE hash = $1 LIMIT 1`
	var image []byte
	err := s.q.QueryRow(ctx, sql, hash).Scan(&image)
	return image, db.Fault(err)
}

// HasPhoto is Photo without its bytes: whether a copy kept elsewhere may still
// be shown.
func (s *Store) HasPhoto(ctx context.Context, hash string) (bool, error) {
	const sql = `SELECT EXISTS (SELECT 1 FROM site.photos WHERE hash = $1)`
	var there bool
	err := s.q.QueryRow(ctx, sql, hash).Scan(&there)
	return there, db.Fault(err)
}

// Emblem returns the PNG of a nominator, or NotFound.
func (s *Store) Emblem(ctx context.Context, id int64) ([]byte, error) {
	const sql = `SELECT emblem FROM site.nominators WHERE id = $1 AND emblem IS NOT NULL`
	var image []byte
	err := s.q.QueryRow(ctx, sql, id).Scan(&image)
	return image, db.Fault(err)
}
