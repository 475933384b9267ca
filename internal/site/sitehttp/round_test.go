package sitehttp

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// What somebody is given was read after they asked, however many ask at once; and
// a crowd costs two readings, not one each.
func TestARoundIsNeverOlderThanWhoAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s rounds[int, int64]
		var readings, published atomic.Int64
		read := func(_ context.Context, wanted map[int]bool) (map[int]int64, error) {
			epoch, found := published.Load(), map[int]int64{}
			readings.Add(1)
			time.Sleep(time.Second)
			for key := range wanted {
				found[key] = epoch*1000 + int64(key)
			}
			delete(found, 13)
			return found, nil
		}
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() { _, _, _ = s.read(t.Context(), i, read) })
		}
		time.Sleep(time.Millisecond) // the first reading is under way
		published.Store(7)
		for i := range 50 {
			all.Go(func() {
				got, ok, err := s.read(t.Context(), i, read)
				if want := int64(7000 + i); i != 13 && (err != nil || !ok || got != want) {
					t.Errorf("%d is given %d, %t (%v), want %d", i, got, ok, err, want)
				}
				if i == 13 && (ok || err != nil) {
					t.Errorf("what is not there is given as %d (%v)", got, err)
				}
			})
		}
		all.Wait()
		if n := readings.Load(); n > 3 {
			t.Errorf("%d readings for a hundred who ask at once", n)
		}
	})
}

func TestWhoLeavesARoundStopsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s rounds[int, bool]
		read := func(ctx context.Context, wanted map[int]bool) (map[int]bool, error) {
			select {
			case <-time.After(time.Second):
				return wanted, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		ctx, leave := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			if _, _, err := s.read(ctx, 1, read); !errors.Is(err, context.Canceled) {
				t.Errorf("who left is told %v", err)
			}
		})
		time.Sleep(time.Millisecond)
		all.Go(func() {
			if _, ok, err := s.read(t.Context(), 2, read); err != nil || !ok {
				t.Errorf("who stayed is told %v", err)
			}
		})
		time.Sleep(time.Millisecond)
		leave()
		all.Wait()
	})
}

func TestARoundThatFailsIsTriedAgain(t *testing.T) {
	var s rounds[int, bool]
	fail := errors.New("no answer")
	for _, want := range []error{fail, nil} {
		if _, _, err := s.read(t.Context(), 1, func(context.Context, map[int]bool) (map[int]bool, error) { return nil, want }); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
}
