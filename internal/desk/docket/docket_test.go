package docket

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/fault"
)

type stage struct {
	*desktest.World
	store    *Store
	reviewer auth.Reviewer
	admin    auth.Admin
	auditor  auth.Auditor
}

func newStage(t *testing.T) *stage {
	t.Helper()
	w := desktest.New(t)
	who := func(role string) auth.Who {
		return auth.Who{Account: w.Account(role+"@iep.example", role, 0, 0), Process: w.Process}
	}
	return &stage{w, New(w.Desk), auth.Reviewer{Who: who("verificador")}, auth.Admin{Who: who("administracion")}, auth.Auditor{Who: who("auditoria")}}
}

// day is 6 April 2027, when the world begins.
var day = time.Date(2027, time.April, 6, 0, 0, 0, 0, time.UTC)

func content() Content {
	return Content{HappenedOn: day.AddDate(0, 0, -1), Subject: "Lengua que no está en el catálogo", Narrative: "¿Qué se elige?", Counterpart: "Unidad Técnica de Paridad e Inclusión"}
}

func (s *stage) save(k auth.DocketKeeper, n NewVersion) int {
	s.T.Helper()
	number, err := s.store.Save(context.Background(), k, n)
	if err != nil {
		s.T.Fatal(err)
	}
	return number
}

func TestAnEntryIsAmendedAndNeverChanged(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	n := NewVersion{Kind: Advice, Content: content(), Key: uuid.NewString()}
	number := s.save(s.reviewer, n)
	if again := s.save(s.reviewer, n); again != number {
		t.Errorf("sent again it is number %d, want %d", again, number)
	}
	answered := content()
	answered.Outcome, answered.OutcomeOn = "Se elige «Otra» y se escribe.", day
	amend := NewVersion{Kind: Advice, Number: number, Seen: 1, Content: answered, Reason: "Llegó la respuesta", Document: &Document{"oficio.pdf", []byte("%PDF-1.4")}}
	s.save(s.reviewer, amend)
	if _, err := s.store.Save(ctx, s.reviewer, amend); !fault.Is(err, fault.Conflict) {
		t.Errorf("over a version that is not the last: %v, want Conflict", err)
	}
	versions, err := s.store.Entry(ctx, s.auditor, Advice, number)
	if err != nil || len(versions) != 2 {
		t.Fatalf("%d versions (%v), want 2", len(versions), err)
	}
	if diff := cmp.Diff(answered, versions[0].Content); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(content(), versions[1].Content); diff != "" {
		t.Errorf("the first version changed (-want +got)\n%s", diff)
	}
	if d, err := s.store.Document(ctx, s.auditor, Advice, number, 2); err != nil || d.Name != "oficio.pdf" {
		t.Errorf("the document: %+v (%v)", d, err)
	}
	if _, err := s.store.Document(ctx, s.auditor, Advice, number, 1); !fault.Is(err, fault.NotFound) {
		t.Errorf("the document of a version without one: %v, want NotFound", err)
	}
	err = s.Desk.QueryRow(ctx, `UPDATE desk.docket_versions SET subject = 'otro' RETURNING 1`).Scan(new(int))
	if err == nil {
		t.Error("the database lets a version be changed")
	}
}

func TestWhoReadsWhat(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	for _, k := range Kinds() {
		s.save(s.reviewer, NewVersion{Kind: k, Content: content()})
	}
	stranger := auth.Reviewer{Who: auth.Who{Account: s.reviewer.Account, Process: s.Process + 1}}
	for _, tt := range []struct {
		who  auth.DocketReader
		kind Kind
		want fault.Kind
	}{
		{s.reviewer, Advice, 0},
		{s.reviewer, Incidents, 0},
		{s.reviewer, Unforeseen, 0},
		{s.auditor, Advice, 0},
		{s.auditor, Incidents, 0},
		{s.auditor, Unforeseen, 0},
		{s.admin, Incidents, 0},
		{s.admin, Advice, fault.NotFound},
		{s.admin, Unforeseen, fault.NotFound},
		{stranger, Incidents, fault.NotFound},
	} {
		if _, err := s.store.Entry(ctx, tt.who, tt.kind, 1); fault.KindOf(err) != tt.want {
			t.Errorf("%s reads %s: %v, want %v", tt.who.Role(), tt.kind, err, tt.want)
		}
	}
	if _, err := s.store.Save(ctx, s.admin, NewVersion{Kind: Advice, Content: content()}); !fault.Is(err, fault.NotFound) {
		t.Errorf("the systems unit writes in another register: %v", err)
	}
	if _, total, err := s.store.Register(ctx, stranger, Filter{Kind: Incidents}); err != nil || total != 0 {
		t.Errorf("another process has %d entries (%v)", total, err)
	}
}

func TestFilters(t *testing.T) {
	s := newStage(t)
	old := content()
	old.HappenedOn, old.Subject, old.Outcome, old.OutcomeOn = day.AddDate(0, -2, 0), "Otra cosa", "Se respondió", day.AddDate(0, -1, 0)
	s.save(s.reviewer, NewVersion{Kind: Advice, Content: old})
	s.save(s.reviewer, NewVersion{Kind: Advice, Content: content()})
	for _, tt := range []struct {
		name string
		f    Filter
		want []int
	}{
		{"all, the newest first", Filter{}, []int{2, 1}},
		{"without accents", Filter{Text: "CATALOGO"}, []int{2}},
		{"unanswered", Filter{Answer: Unanswered}, []int{2}},
		{"answered", Filter{Answer: Answered}, []int{1}},
		{"since", Filter{From: day.AddDate(0, 0, -1)}, []int{2}},
		{"until", Filter{Until: day.AddDate(0, 0, -2)}, []int{1}},
		{"second page", Filter{Page: 2, Size: 1}, []int{1}},
	} {
		tt.f.Kind = Advice
		found, _, err := s.store.Register(context.Background(), s.reviewer, tt.f)
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, v := range found {
			got = append(got, v.Number)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestParse(t *testing.T) {
	read := func(text string) (time.Time, bool) {
		d, err := time.Parse("02/01/2006", text)
		return d, err == nil
	}
	for _, k := range Kinds() {
		form := map[string]string{}
		for _, f := range k.Fields() {
			form[f.ID] = "Algo"
			if f.Kind == Day {
				form[f.ID] = "05/04/2027"
			}
		}
		c, err := Parse(k, func(id string) string { return form[id] }, read)
		if err != nil {
			t.Errorf("%s, whole: %v", k, err)
		}
		for _, f := range k.Fields() {
			if c.Value(f.ID) != form[f.ID] {
				t.Errorf("%s: %s is %q, want %q", k, f.ID, c.Value(f.ID), form[f.ID])
			}
		}
		_, err = Parse(k, func(string) string { return "" }, read)
		var want, got []string
		for _, f := range k.Fields() {
			if f.Required {
				want = append(want, f.ID)
			}
		}
		for _, f := range fault.FieldsOf(err) {
			got = append(got, f.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s, empty: it asks for %v, want %v", k, got, want)
		}
		header, rows := Table(k, []Version{{Number: 3, Version: 1, Content: c}})
		if len(rows) != 1 || len(rows[0]) != len(header) {
			t.Errorf("%s: a row of %d cells under %d names", k, len(rows[0]), len(header))
		}
	}
}

func TestDatesInOrder(t *testing.T) {
	s := newStage(t)
	c := content()
	c.Outcome, c.OutcomeOn = "Antes", c.HappenedOn.AddDate(0, 0, -1)
	late := content()
	late.HappenedOn = day.AddDate(0, 0, 1)
	for want, n := range map[string]NewVersion{
		FieldOutcomeDay: {Kind: Advice, Content: c}, FieldDay: {Kind: Advice, Content: late}, FieldReason: {Kind: Advice, Number: 1, Content: content()},
	} {
		_, err := s.store.Save(context.Background(), s.reviewer, n)
		if f := fault.FieldsOf(err); len(f) != 1 || f[0].ID != want {
			t.Errorf("%v, want a message for %s", err, want)
		}
	}
}
