package agenda

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/desktest"
)

// stage is a process with the plan loaded, and who acts in it.
type stage struct {
	*desktest.World
	store     *Store
	reviewer  auth.Reviewer
	head      auth.Head
	secretary auth.Secretary
	admin     auth.Admin
	auditor   auth.Auditor
	stranger  auth.Secretary
}

func newStage(t *testing.T) *stage {
	t.Helper()
	w := desktest.New(t)
	who := func(role string) auth.Who {
		return auth.Who{Account: w.Account(role+"@iep.example", role, 0, 0), Name: role, Process: w.Process, ProcessKey: "prueba-2027"}
	}
	s := &stage{
		World: w, store: New(w.Desk), reviewer: auth.Reviewer{Who: who("verificador")}, head: auth.Head{Who: who("titular")},
		secretary: auth.Secretary{Who: who("secretaria")}, admin: auth.Admin{Who: who("administracion")}, auditor: auth.Auditor{Who: who("auditoria")},
	}
	s.stranger = s.secretary
	s.stranger.Process = w.ID(`INSERT INTO desk.processes (key, name, kind, folio_prefix, created_at) VALUES ('otro', 'Otro', 'consulta', 'OTR', now()) RETURNING id`)
	if _, err := s.store.LoadPlan(context.Background(), s.admin, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	return s
}

// day reads a date.
func day(text string) time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return d
}

// find returns the line with a key and a title.
func (s *stage) find(key, title string) Item {
	s.T.Helper()
	a, err := s.store.Agenda(context.Background(), s.auditor)
	if err != nil {
		s.T.Fatal(err)
	}
	for _, i := range a.Items {
		if i.Key() == key && i.Title == title {
			return i
		}
	}
	s.T.Fatalf("the agenda has no %s, %s", key, title)
	return Item{}
}

// change returns the form of a step as the page has it.
func change(i Item, position int) NewStep {
	s := i.Steps[position-1]
	return NewStep{
		Number: i.Number, Position: position, Seen: s.Version, Due: s.Due, Done: s.Done, Document: s.Document, Receipt: s.Receipt, Note: s.Note, Waived: s.Waived,
	}
}

// close records every step before a position as done today.
func (s *stage) close(i Item, before int) {
	s.T.Helper()
	for p := 1; p < before; p++ {
		n := change(i, p)
		n.Done, n.Document = Today(s.Now()), "Acta 1"
		if err := s.store.SaveStep(context.Background(), s.reviewer, n); err != nil {
			s.T.Fatal(err)
		}
	}
}

// dispatch records the whole chain of a line, its dispatch included.
func (s *stage) dispatch(i Item) {
	s.T.Helper()
	last := len(i.Steps)
	s.close(i, last)
	n := change(i, last)
	n.Done, n.Document, n.Receipt = Today(s.Now()), "SE/1/2027", "SIVOPLE-1"
	if err := s.store.SaveStep(context.Background(), s.secretary, n); err != nil {
		s.T.Fatal(err)
	}
}
