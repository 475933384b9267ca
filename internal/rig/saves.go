package rig

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/db"
)

// people save at once in Saves.
const people = 8

// Saves is what people who saved while something broke were told.
type Saves struct {
	Acked  []string // keys of the saves that were acknowledged
	Failed int      // people who were told that theirs failed
}

// SaveUntil has eight people save through the desk's own door, each until a save
// of theirs fails, while something breaks what they save to.
func (p *Postgres) SaveUntil(breaks func()) Saves {
	p.Helper()
	desk := p.Desk()
	defer desk.Close()
	var out Saves
	var mu sync.Mutex
	var all sync.WaitGroup
	for range people {
		all.Go(func() {
			for {
				key := uuid.NewString()
				err := save(desk, key)
				mu.Lock()
				if err == nil {
					out.Acked = append(out.Acked, key)
				} else {
					out.Failed++
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	breaks()
	all.Wait()
	return out
}

func save(desk *db.Desk, key string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	_, err := desk.Do(ctx, db.System{Name: "prueba"}, db.Action{Kind: "prueba", Object: "cosa", Key: key},
		func(context.Context, *db.Tx) (string, error) { return "", nil })
	return err
}

// Lost returns how many of the acknowledged saves are not there, whole: the key
// and its line of the bitácora.
func (p *Postgres) Lost(s Saves) int {
	p.Helper()
	desk := p.Desk()
	defer desk.Close()
	var keys, entries int
	const q = `SELECT (SELECT count(*) FROM desk.submissions WHERE key = ANY ($1::uuid[])), (SELECT count(*) FROM audit.entries WHERE kind = 'prueba')`
	if err := desk.QueryRow(context.Background(), q, s.Acked).Scan(&keys, &entries); err != nil {
		p.Fatal(err)
	}
	if entries < keys {
		p.Errorf("%d saves have %d lines in the bitácora", keys, entries)
	}
	return len(s.Acked) - keys
}
