package consent

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
)

// Filter is what to look for in the register of consents.
type Filter struct {
	Stage Stage  // "" is any
	Text  string // name or folio
	Page  int    // from 1
	Size  int
}

// Entry is a candidacy in the register.
type Entry struct {
	Subject
	Stage    Stage
	Since    time.Time // of the last event; zero if nothing was ever declared
	Medium   Medium    // of the declaration
	Received time.Time // when it was declared, or the day it was received
	Decided  *Declarations
	Outdated bool // answers were saved after the verification: nothing is published

	verified int // version of the answers that was verified; -1 when none
}

// Register is a page of the register of consents (report R-9).
type Register struct {
	Entries []Entry
	Total   int           // that the filter lets through
	Counts  map[Stage]int // by stage, whatever the filter's
	Totals  Totals        // whatever the filter's stage
}

// Totals are the decisions that stand, in numbers.
type Totals struct {
	Decided                             int // of whom some decision stands
	Processing, Publication, Statistics int // that say Sí
	Published                           int // verified, and with nº 1 and nº 2
}

func (t *Totals) add(st Standing) {
	d, ok := st.Decided()
	if !ok {
		return
	}
	t.Decided++
	for _, decision := range []struct {
		yes   bool
		count *int
	}{{d.Processing, &t.Processing}, {d.Publication, &t.Publication}, {d.Statistics, &t.Statistics}, {st.Publishes(), &t.Published}} {
		if decision.yes {
			*decision.count++
		}
	}
}

// Registry returns a page of the register of the actor's process: whoever waits
// longest first. It holds every candidacy in force, and those that left the
// ballot with something to keep.
func (s *Store) Registry(ctx context.Context, t auth.Transparency, f Filter) (Register, error) {
	ids, err := s.registered(ctx, t, f.Text)
	if err != nil {
		return Register{}, err
	}
	histories, err := Histories(ctx, s.desk, ids...)
	if err != nil {
		return Register{}, db.Fault(err)
	}
	out := Register{Counts: map[Stage]int{}}
	var all []Entry
	for _, id := range ids {
		e := entryOf(id, histories[id])
		out.Counts[e.Stage]++
		out.Totals.add(StandingOf(histories[id]))
		if f.Stage == "" || f.Stage == e.Stage {
			all = append(all, e)
		}
	}
	slices.SortStableFunc(all, func(a, b Entry) int {
		return cmp.Or(rank(a.Stage)-rank(b.Stage), a.Since.Compare(b.Since))
	})
	out.Total = len(all)
	first := min((f.Page-1)*f.Size, out.Total)
	out.Entries, err = s.complete(ctx, all[first:min(first+f.Size, out.Total)])
	return out, err
}

// rank puts first what somebody at Transparencia has to attend.
func rank(s Stage) int {
	return slices.Index([]Stage{Waiting, NoDocument, Refused, Confirmed, Gone, Undecided}, s)
}

// registered returns the candidacies of the register, by folio.
func (s *Store) registered(ctx context.Context, t auth.Transparency, text string) ([]int64, error) {
	// A name is found by any of its words, whatever their order and accents.
	const sql = `
SELECT c.id FROM desk.candidacies c JOIN desk.persons p ON p.id = c.person_id
WHERE c.process_id = $1
  AND (c.standing = 'aprobada' OR EXISTS (SELECT 1 FROM sensitive.consent_events e WHERE e.candidacy_id = c.id))
  AND ($2 = '' OR c.folio = upper($2) OR NOT EXISTS (
    SELECT 1 FROM unnest(string_to_array(translate(lower($2), 'áéíóúüñ', 'aeiouun'), ' ')) w
    WHERE position(w IN translate(lower(concat_ws(' ', p.given_names, p.surnames)), 'áéíóúüñ', 'aeiouun')) = 0))
ORDER BY c.folio`
	rows, err := s.desk.Query(ctx, sql, t.Person().Process, text)
	if err != nil {
		return nil, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return ids, db.Fault(err)
}

// entryOf reads a history into the entry of a candidacy.
func entryOf(id int64, history []Event) Entry {
	st := StandingOf(history)
	e := Entry{Subject: Subject{ID: id}, Stage: st.Stage, verified: -1}
	if st.Stage == Confirmed {
		e.verified = st.Verified.AnswersVersion
	}
	if n := len(history); n > 0 { // no act adds an event without effect
		e.Since = history[n-1].At
	}
	if d := st.Declaration; d.Decided != nil {
		e.Medium, e.Received, e.Decided = d.Medium, d.At, d.Decided
		if !d.ReceivedOn.IsZero() {
			e.Received = d.ReceivedOn
		}
	}
	return e
}

// complete adds to the entries of a page whose they are.
func (s *Store) complete(ctx context.Context, entries []Entry) ([]Entry, error) {
	ids := make([]int64, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
	}
	rows, err := s.desk.Query(ctx, subjectColumns+` WHERE c.id = ANY($1)`, ids)
	if err != nil {
		return nil, err
	}
	subjects, err := pgx.CollectRows(rows, pgx.RowToStructByName[Subject])
	if err != nil {
		return nil, db.Fault(err)
	}
	states, err := s.seal.States(ctx, s.desk, ids...)
	if err != nil {
		return nil, err
	}
	whose := map[int64]Subject{}
	for _, sub := range subjects {
		whose[sub.ID] = sub
	}
	for i := range entries {
		e := &entries[i]
		e.Subject = whose[e.ID]
		e.Outdated = e.verified >= 0 && states[e.ID].Version != e.verified
	}
	return entries, nil
}
