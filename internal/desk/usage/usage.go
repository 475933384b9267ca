// Package usage counts how much the public site is used (report R-10) without
// following anybody: pages seen by day and class of page, and how many of them
// somebody reached from outside the site, which are the visits. What programs ask
// of the API is a class of its own: neither a page nor a file, and never a visit.
//
// There is no address, cookie, browser, search, candidacy nor hour in what is
// counted: a Count has a process, a class of the closed set and a yes or no, and
// that is all that reaches the database. The public half counts by calling Count,
// which never waits; the desk's pool adds what was counted once a minute and at
// the end, with Flush. So the site's role stays read-only, and a process that runs
// the public half alone counts nothing, and says so when it starts: it has no pool
// that writes, and giving it one would open the desk to whoever breaks the site. What a cache in front of the program
// answers by itself is not counted either: the figures are a floor.
package usage

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/election"
)

// Class is what kind of page it is. Its values are those of the database.
type Class string

// The classes.
const (
	Home       Class = "portada"
	Search     Class = "busqueda"
	Profile    Class = "ficha"
	Comparison Class = "comparacion"
	Ballot     Class = "boleta"
	Statistics Class = "estadisticas"
	Progress   Class = "avance"
	Data       Class = "datos"
	Help       Class = "ayuda"
	Print      Class = "impresion"
	Download   Class = "descarga"
	API        Class = "api"
)

var titles = map[Class]string{
	Home: "Portada", Search: "Buscador de candidaturas", Profile: "Fichas", Comparison: "Comparación", Ballot: "Boleta", Statistics: "Estadísticas",
	Progress: "Avance", Data: "Datos abiertos", Help: "Ayuda", Print: "Versiones para imprimir", Download: "Archivos descargados", API: "Consultas de la API",
}

// Classes returns the classes, in the order of the report.
func Classes() []Class {
	return []Class{Home, Search, Profile, Comparison, Ballot, Statistics, Progress, Data, Help, Print, Download, API}
}

// Title returns the name of the class, "" for one that does not exist.
func (c Class) Title() string { return titles[c] }

// count is what is kept in memory between two flushes.
type count struct{ seen, arrivals int64 }

type key struct {
	process int64
	day     string
	class   Class
}

// Counter counts in memory until it is flushed. It is safe for concurrent use.
type Counter struct {
	desk    *db.Desk
	mu      sync.Mutex
	waiting map[key]count
	// flushing keeps two flushes from adding at once, and one from closing the
	// pool under another.
	flushing sync.Mutex
}

// New returns a Counter that the desk's pool flushes.
func New(desk *db.Desk) *Counter { return &Counter{desk: desk, waiting: map[key]count{}} }

// Count adds a page of a process that somebody saw today; arrived, when they came
// to it from outside the site. A class that does not exist is not counted.
func (c *Counter) Count(process int64, class string, arrived bool) {
	if Class(class).Title() == "" || process == 0 {
		return
	}
	k := key{process, c.desk.Now().In(election.Zone()).Format(time.DateOnly), Class(class)}
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.waiting[k]
	n.seen++
	if arrived {
		n.arrivals++
	}
	c.waiting[k] = n
}

// Flush adds what was counted to the database. What cannot be added stays counted
// and is added by the next one.
func (c *Counter) Flush(ctx context.Context) error {
	c.flushing.Lock()
	defer c.flushing.Unlock()
	c.mu.Lock()
	taken := c.waiting
	c.waiting = map[key]count{}
	c.mu.Unlock()
	if len(taken) == 0 {
		return nil
	}
	err := c.add(ctx, taken)
	if err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		for k, n := range taken {
			have := c.waiting[k]
			c.waiting[k] = count{have.seen + n.seen, have.arrivals + n.arrivals}
		}
	}
	return err
}

// add writes counts in one order everywhere, so that two nodes wait for each
// other and neither for ever.
func (c *Counter) add(ctx context.Context, taken map[key]count) error {
	keys := make([]key, 0, len(taken))
	for k := range taken {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.process, b.process), cmp.Compare(a.day, b.day), cmp.Compare(a.class, b.class))
	})
	return c.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, k := range keys {
			const add = `
INSERT INTO desk.usage_counts (process_id, day, class, seen, arrivals) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (process_id, day, class) DO UPDATE SET seen = usage_counts.seen + excluded.seen, arrivals = usage_counts.arrivals + excluded.arrivals`
			if err := tx.Exec(ctx, add, k.process, k.day, string(k.class), taken[k].seen, taken[k].arrivals); err != nil {
				return err
			}
		}
		return nil
	})
}
