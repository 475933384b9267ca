package consent

import (
	"context"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// Status is what a candidacy's consent allows now, for whoever captures it.
type Status struct {
	Subject
	Standing
	Last     int64 // the last event: what a form posts back as After
	Notice   Notice
	Complete bool // the questionnaire is complete, or closed by nº 1 = No
	// Outdated says that answers were saved after the verification: they stay
	// unpublished until the document is delivered and verified again.
	Outdated bool
	Reason   string // of the last rejection, while it stands
}

// Opens reports whether the questionnaire may be filled in: the notice was read
// and nº 1 = Sí stands. The signed document is not needed for it.
func (s Status) Opens() bool {
	d, ok := s.Decided()
	return ok && d.Processing && s.Notice.Accepted()
}

// TakesDocument reports whether the signed document may be delivered or replaced:
// until it is verified, and again when what it covered changed.
func (s Status) TakesDocument() bool {
	_, ok := s.Decided()
	return ok && (s.Stage != Confirmed || s.Outdated)
}

// Status returns the status of a folio for who captures it. Like Find, it is
// NotFound outside the scope and, under captura reservada, for everybody but the
// candidate.
func (s *Store) Status(ctx context.Context, a auth.Capturer, folio string) (Status, error) {
	sub, err := s.Find(ctx, a, folio)
	if err != nil {
		return Status{}, err
	}
	return s.status(ctx, s.desk, a, sub)
}

// StatusIn is Status inside a transaction that holds the candidacy's row, so that
// nothing is saved under a consent withdrawn meanwhile.
func (s *Store) StatusIn(ctx context.Context, tx *db.Tx, a auth.Capturer, folio string) (Status, error) {
	sub, err := hold(ctx, tx, a, folio)
	if err != nil {
		return Status{}, err
	}
	return s.status(ctx, tx, a, sub)
}

// hold finds a subject and locks it: the captura reservada that came meanwhile
// shuts out the save that was on its way.
func hold(ctx context.Context, tx *db.Tx, a auth.Capturer, folio string) (Subject, error) {
	sub, err := findFor(ctx, tx, a, folio)
	if err != nil {
		return Subject{}, err
	}
	if err := lock(ctx, tx, sub.ID); err != nil {
		return Subject{}, err
	}
	return findFor(ctx, tx, a, folio)
}

func (s *Store) status(ctx context.Context, q db.Querier, a auth.Capturer, sub Subject) (Status, error) {
	out := Status{Subject: sub}
	all, err := Histories(ctx, q, sub.ID)
	if err != nil {
		return out, err
	}
	history := all[sub.ID]
	out.Standing = StandingOf(history)
	if n := len(history); n > 0 {
		out.Last = history[n-1].ID
		if out.Stage == Refused {
			out.Reason = history[n-1].Reason
		}
	}
	out.Notice, err = currentNotice(ctx, q, a.AccountID(), sub)
	if err != nil && !fault.Is(err, fault.Unavailable) { // none approved yet: nobody has read it
		return out, err
	}
	state, err := s.seal.State(ctx, q, sub.ID)
	out.Complete = state.Complete || out.Closed()
	out.Outdated = out.Stage == Confirmed && out.Verified.AnswersVersion != state.Version
	return out, err
}

// Attended reports whether the questionnaire of a candidacy counts as answered,
// complete or closed by nº 1 = No. It is all that whoever may not fill it is
// told, under captura reservada too.
func (s *Store) Attended(ctx context.Context, candidacy int64) (bool, error) {
	st, err := standing(ctx, s.desk, candidacy)
	if err != nil || st.Closed() {
		return st.Closed(), err
	}
	state, err := s.seal.State(ctx, s.desk, candidacy)
	return state.Complete, err
}
