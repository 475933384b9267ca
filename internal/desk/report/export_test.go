package report

import (
	"context"
	"time"
)

// Steps makes a report of a day, and returns what whoever waits would see of it.
func (s *Store) Steps(ctx context.Context, process int64, kind Kind, day time.Time) ([]int, error) {
	var out []int
	src := s.source(s.desk, process)
	src.at, src.from, src.until = s.desk.Now(), day, day
	src.step = func(done, _ int) { out = append(out, done) }
	if err := src.read(ctx, kind, nil); err != nil {
		return nil, err
	}
	_, err := src.compute(ctx, kind)
	return out, err
}
