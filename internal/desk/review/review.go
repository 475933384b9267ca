// Package review is where the Unidad de Transparencia judges whether validated
// questionnaires keep to article 18 of the Lineamientos, rubro by rubro.
//
// Publication does not wait for it: what a party validates is public, and the
// review happens meanwhile. Four numbers say where a candidacy is, each a map of
// rubro to version:
//
//	public    what the last validation covers
//	under     what there is to judge: the correction that was sent, or public
//	judged    what approved reviews said of each version
//	pending   what is under review and nobody has judged
//
// Everything else follows. An analyst proposes a result for each pending rubro;
// the Head, who is another person, approves or returns it. Approving is one
// transaction: rubros that keep to the rules and were not public become so in a
// new validation; the public ones observed are paused («En revisión») and opened
// again to whoever captures; a pause ends when its correction is approved. An
// observed correction that was never public pauses nothing: the old text stays.
// No outcome ends the rounds.
//
// A proposal is bound to the SHA-256 of the content it judged and dies when that
// changes. Acts lock the candidacy first, as capturing does, so that two
// reviewers and a party at once leave one order of events.
//
// A Head may approve several proposals at once when none of them observes
// anything: each is still a decision of its own.
//
// Beside the judgement, and deciding nothing, each person may score the texts with
// the rubric of the process. A score is bound to the hash of its text and its
// author sees only their own, so that two can be compared (double coding).
//
// Hints only point at something to look at (copies, parties, addresses,
// capitals); none of them decides.
package review

import (
	"context"

	"conoceles/internal/db"
	"conoceles/internal/desk/publish"
)

// Store keeps reviews. It is safe for concurrent use.
type Store struct {
	desk      *db.Desk
	publisher publish.Publisher
	copies    *library
	watcher   Watcher
}

// Watcher is told that a candidacy's questionnaire was validated, judged or
// corrected, in the transaction that did it.
type Watcher interface {
	Validated(ctx context.Context, tx *db.Tx, process, candidacy int64) error
}

// WithWatcher returns the Store telling w of what it approves.
func (s *Store) WithWatcher(w Watcher) *Store {
	told := *s
	told.watcher = w
	return &told
}

// New returns a Store over the desk's pool. Decisions publish through p.
func New(desk *db.Desk, p publish.Publisher) *Store {
	return &Store{desk: desk, publisher: p, copies: newLibrary()}
}
