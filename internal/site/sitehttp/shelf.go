package sitehttp

import (
	"context"
	"sync"
	"time"

	"conoceles/internal/fault"
	"conoceles/internal/serve"
)

const (
	makers      = 2               // whole files that are made at once
	streams     = 4               // files that are read and sent as they are read
	makeTime    = time.Minute     // to make a file
	waitTime    = 2 * time.Second // for a turn, before saying to come back
	comeBack    = 15 * time.Second
	shelfWeight = 96 << 20 // bytes of files
)

// weighty is what a shelf keeps.
type weighty interface{ Weight() int }

// shelf keeps the newest whole files of each process, made once at each epoch
// however many ask: making them costs a second of processor, sending them nothing.
// It also gives turns to what is expensive, and says to come back when there are
// none, so that downloads never slow down who reads a ficha.
type shelf struct {
	turns   chan struct{}
	streams chan struct{}

	mu    sync.Mutex
	kept  map[shelfKey]*shelved
	clock int64 // counts the uses, to know the oldest
}

type shelfKey struct {
	process int64
	name    string
}

// shelved is a file, made or being made. Its fields are read after done closes.
type shelved struct {
	epoch int64
	used  int64
	done  chan struct{}
	file  weighty
	err   error
}

func newShelf() *shelf {
	return &shelf{turns: make(chan struct{}, makers), streams: make(chan struct{}, streams), kept: map[shelfKey]*shelved{}}
}

// get returns a file of an epoch, making it if nobody did. Who leaves does not
// stop what others wait for.
func (s *shelf) get(ctx context.Context, key shelfKey, epoch int64, make_ func(context.Context) (weighty, error)) (weighty, error) {
	s.mu.Lock()
	e := s.kept[key]
	if e == nil || e.epoch != epoch {
		e = &shelved{epoch: epoch, done: make(chan struct{})}
		s.kept[key] = e
		go s.make(context.WithoutCancel(ctx), key, e, make_)
	}
	s.clock++
	e.used = s.clock
	s.mu.Unlock()
	select {
	case <-e.done:
		return e.file, e.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *shelf) make(ctx context.Context, key shelfKey, e *shelved, make_ func(context.Context) (weighty, error)) {
	ctx, cancel := context.WithTimeout(ctx, makeTime)
	defer cancel()
	var release func()
	if release, e.err = turn(ctx, s.turns); e.err == nil {
		e.file, e.err = make_(ctx)
		release()
	}
	close(e.done)
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.err != nil && s.kept[key] == e {
		delete(s.kept, key)
	}
	s.evict()
}

// evict lets go of what was used longest ago, down to the weight of the shelf.
func (s *shelf) evict() {
	for {
		total, oldest := 0, shelfKey{}
		for key, e := range s.kept {
			select {
			case <-e.done:
				total += e.file.Weight()
				if o := s.kept[oldest]; o == nil || e.used < o.used {
					oldest = key
				}
			default:
			}
		}
		if total <= shelfWeight {
			return
		}
		delete(s.kept, oldest)
	}
}

// turn waits a little for a place among those who do something expensive. The
// error says when to come back.
func turn(ctx context.Context, places chan struct{}) (release func(), err error) {
	wait := time.NewTimer(waitTime)
	defer wait.Stop()
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-wait.C:
		return nil, serve.After(comeBack, fault.New(fault.Unavailable,
			"Hay muchas descargas en curso. Vuelve a intentarlo en unos segundos; tu descarga no se perdió, sólo espera su turno."))
	}
}
