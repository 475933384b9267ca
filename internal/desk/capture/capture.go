// Package capture is where candidacies answer the curricular questionnaire:
// drafts, versions, photographs and the validation that makes them public.
//
// A page of the questionnaire is what people save, and four things may happen
// to it:
//
//	SaveDraft    keeps whatever was typed, checks nothing
//	SaveVersion  makes a version of each part (rubro) that changed, if all of the
//	             page is valid; otherwise keeps the text as a draft and says what
//	             to correct
//	a conflict   somebody saved the page after it was read: the text is kept apart
//	             and its author chooses, answer by answer
//	a refusal    the questionnaire takes no changes (Closure), or what arrived is
//	             not text: nothing is kept, and the caller shows the text again
//
// Versions are append-only. Drafts live apart and are never published; the
// page's version number, in desk.drafts, grows by one with every save and is the
// optimistic lock that the form carries. Validate names the versions that it
// covers, and from then on the pages are closed.
//
// Two clocks, both the server's and both read in the transaction that writes,
// decide when: the capture term of each candidacy, from the later of its approval
// and the receipt of credentials, after which what is captured is kept and marked
// late («extemporánea»); and the end of campaigns, from which nothing is taken,
// but of a candidacy that an acuerdo excepts until another instant.
//
// Every method takes the actor, and every statement carries its scope: the
// candidacy of another party and one that does not exist are the same NotFound.
// Saves lock the candidacy's row first, so that saving, validating and the acts
// of the registry happen one after another.
package capture

import (
	"context"

	"golang.org/x/text/unicode/norm"

	"conoceles/internal/db"
	"conoceles/internal/desk/capture/portrait"
	"conoceles/internal/desk/publish"
	"conoceles/internal/desk/review"
	"conoceles/internal/questionnaire"
)

// Store keeps what is captured. It is safe for concurrent use.
type Store struct {
	desk      *db.Desk
	publisher publish.Publisher
	parser    *questionnaire.Parser
	studio    *portrait.Studio
	watcher   review.Watcher
}

// WithWatcher returns the Store telling w of what is validated or corrected.
func (s *Store) WithWatcher(w review.Watcher) *Store {
	told := *s
	told.watcher = w
	return &told
}

// tell tells the watcher, if there is one.
func (s *Store) tell(ctx context.Context, tx *db.Tx, r Record) error {
	if s.watcher == nil {
		return nil
	}
	return s.watcher.Validated(ctx, tx, r.Process, r.ID)
}

// New returns a Store over the desk's pool. Validating publishes through p.
func New(desk *db.Desk, p publish.Publisher) *Store {
	return &Store{
		desk: desk, publisher: p,
		parser: questionnaire.NewParser(norm.NFC.String),
		studio: portrait.NewStudio(),
	}
}
