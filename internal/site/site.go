// Package site is what the public may read.
//
// It reads schema site and nothing else, over a *db.Site whose role has no right
// to anything more. Everything here was copied there by desk/publish because it
// may be shown, so no query decides what is private: what is not in the schema
// cannot be shown, searched, counted or exported.
//
// A request begins with Processes, one small query that also brings each
// process's epoch: the number of its last change. Catalog, and any cache above
// this package, are valid for one epoch and never need to be told about a
// publication:
//
//	processes, err := store.Processes(ctx)
//	p, ok := site.InForce(processes, now)
//	catalog, err := store.Catalog(ctx, p)
//	query, problems := site.ParseQuery(r.URL.Query(), catalog)
//	results, err := store.Search(ctx, p, catalog, query)
//
// Statistics counts what the lists show: a group is named by the parameter and
// the value of the search that finds its candidacies, and every table of an epoch
// comes from one reading.
//
// Identity is apart. It is read by Identity, EachIdentity and IdentityCounts
// alone, from the primary and each time, so that a request which starts after a
// withdrawal was acknowledged sees none of it; neither a Profile nor anything else
// carries it.
//
// Order is that of the ballot unless the visitor asks for another (domain
// 0.3.12).
package site

import (
	"sync"

	"conoceles/internal/db"
	"conoceles/internal/questionnaire"
)

// Editions returns the curricular questionnaire of an edition; a process names
// its edition.
type Editions func(edition string) (*questionnaire.Questionnaire, error)

// Store reads the site. It is safe for concurrent use.
type Store struct {
	q        db.Querier
	live     db.Querier // the primary, for identity; nil reads none
	editions Editions

	mu       sync.Mutex
	catalogs map[int64]*Catalog // the newest of each process
	counted  map[int64]counted  // likewise
}

// New returns a Store that reads through q and knows the questionnaires that
// editions gives. It reads no identity until WithIdentity.
func New(q db.Querier, editions Editions) *Store {
	return &Store{q: q, editions: editions, catalogs: map[int64]*Catalog{}, counted: map[int64]counted{}}
}
