package sitehttp

import (
	"context"
	"sync"
	"time"
)

// rounds reads things for everybody who asks at the same time. A reading serves
// only who asked before it began: whoever comes while one is under way waits for
// the next, with all who came meanwhile. So what is read is never older than the
// request, as if each read for itself, and a crowd costs one
// reading. Its zero value is ready.
type rounds[K comparable, V any] struct {
	mu      sync.Mutex
	running bool
	next    *round[K, V] // of who came while one is under way
}

// round is a reading, made or being made. What it found is read after done closes.
type round[K comparable, V any] struct {
	wanted map[K]bool
	done   chan struct{}
	found  map[K]V
	err    error
}

// roundTime is how long a reading may take, whoever waits for it.
const roundTime = 10 * time.Second

// read returns what was read of a key, by a call of read that began after this
// one. ok is false when there is no such thing. Who leaves does not stop what
// others wait for.
func (s *rounds[K, V]) read(ctx context.Context, key K, read func(context.Context, map[K]bool) (map[K]V, error)) (v V, ok bool, err error) {
	s.mu.Lock()
	if s.next == nil {
		s.next = &round[K, V]{wanted: map[K]bool{}, done: make(chan struct{})}
	}
	mine := s.next
	mine.wanted[key] = true
	if !s.running {
		s.running = true
		go s.run(context.WithoutCancel(ctx), read)
	}
	s.mu.Unlock()
	select {
	case <-mine.done:
		v, ok = mine.found[key]
		return v, ok, mine.err
	case <-ctx.Done():
		return v, false, ctx.Err()
	}
}

// run makes readings while somebody waits for one.
func (s *rounds[K, V]) run(ctx context.Context, read func(context.Context, map[K]bool) (map[K]V, error)) {
	for {
		s.mu.Lock()
		r := s.next
		s.next, s.running = nil, r != nil
		s.mu.Unlock()
		if r == nil {
			return
		}
		r.make(ctx, read)
	}
}

func (r *round[K, V]) make(ctx context.Context, read func(context.Context, map[K]bool) (map[K]V, error)) {
	defer close(r.done)
	ctx, cancel := context.WithTimeout(ctx, roundTime)
	defer cancel()
	r.found, r.err = read(ctx, r.wanted)
}
