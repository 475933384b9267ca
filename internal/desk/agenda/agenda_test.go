package agenda

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/document"
	"conoceles/internal/fault"
)

func TestThePlanIsWhole(t *testing.T) {
	p, err := readPlan(plan2024)
	if err != nil {
		t.Fatal(err)
	}
	activities := map[string]int{}
	of := map[Kind]int{}
	last := map[string]string{}
	for _, i := range p.Items {
		of[i.Kind]++
		c, steps := i.in(func(d time.Time) time.Time { return d })
		activities[c.Activity]++
		for _, s := range steps {
			if s.Kind == Dispatch {
				last[strings.TrimSpace(c.Activity+" "+c.Title)] = s.Due.Format(time.DateOnly)
			}
		}
	}
	// domain.md 6.1: sixteen activities, nine monthly reports.
	for _, a := range []string{"11.1", "11.2", "11.4", "11.5", "11.6", "11.7", "11.8", "11.9", "11.10", "11.11", "11.12", "11.13", "11.14", "11.15", "11.16"} {
		if activities[a] != 1 {
			t.Errorf("%s is %d times in the plan, want 1", a, activities[a])
		}
	}
	if activities["11.3"] != 9 {
		t.Errorf("%d monthly reports, want 9", activities["11.3"])
	}
	for kind, want := range map[Kind]int{Stage: 10, Release: 5, Purchase: 2, Hiring: 3, Training: 2} {
		if of[kind] != want {
			t.Errorf("%d of %s, want %d", of[kind], kind, want)
		}
	}
	for what, want := range map[string]string{
		"11.3 Informe mensual de octubre de 2023": "2023-10-01", "11.3 Informe mensual de noviembre de 2023": "2023-11-05",
		"11.3 Informe mensual de junio de 2024": "2024-06-05", "11.7 Lista de candidaturas a la gubernatura": "2024-03-23",
		"11.12 Fecha de inicio de publicación": "2024-04-06", "11.14 Remisión del informe de avance de abril de 2024": "2024-04-27",
		"Informe final": "2024-10-02",
	} {
		if last[what] != want {
			t.Errorf("%s is sent by %q, want %q", what, last[what], want)
		}
	}
}

func TestAPlanMovesToAnotherYear(t *testing.T) {
	for _, tt := range []struct {
		from  string
		years int
		want  string
	}{{"2024-02-29", 0, "2024-02-29"}, {"2024-02-29", 3, "2027-02-28"}, {"2024-02-29", 4, "2028-02-29"}, {"2023-11-01", 3, "2026-11-01"}} {
		if got := shifted(day(tt.from), tt.years).Format(time.DateOnly); got != tt.want {
			t.Errorf("%s, %d years later: %s, want %s", tt.from, tt.years, got, tt.want)
		}
	}
	s := newStage(t) // its election is in 2027
	i := s.find("11.3", "Informe mensual de octubre de 2026")
	if got := i.Steps[2]; !got.Done.IsZero() || !got.Due.Equal(day("2026-09-28")) {
		t.Errorf("what was done in 2023 is done in 2026: %+v", got)
	}
	if _, err := s.store.LoadPlan(context.Background(), s.admin, uuid.NewString()); !fault.Is(err, fault.Conflict) {
		t.Errorf("loaded again: %v, want Conflict", err)
	}
}

func TestStates(t *testing.T) {
	today := day("2027-04-06")
	due := func(text string) Step { return Step{Due: day(text)} }
	done := func(due, done string) Step { return Step{Due: day(due), Done: day(done)} }
	for _, tt := range []struct {
		name  string
		steps []Step
		want  State
	}{
		{"far", []Step{due("2027-05-01")}, Pending},
		{"without date", []Step{{}}, Pending},
		{"the first day of the notice", []Step{due("2027-04-13")}, Soon},
		{"the day before it", []Step{due("2027-04-14")}, Pending},
		{"on its day", []Step{due("2027-04-06")}, Soon},
		{"the day after", []Step{due("2027-04-05")}, Overdue},
		{"done on its day", []Step{done("2027-04-01", "2027-04-01")}, Done},
		{"done late", []Step{done("2027-04-01", "2027-04-02")}, Late},
		{"one late and one open", []Step{done("2027-04-01", "2027-04-02"), due("2027-05-01")}, Pending},
		{"one open and overdue", []Step{done("2027-04-01", "2027-04-01"), due("2027-04-02")}, Overdue},
		{"waived and done", []Step{{Waived: true}, done("2027-04-01", "2027-04-01")}, Done},
		{"all waived", []Step{{Waived: true}}, Waived},
	} {
		if got := (Item{Steps: tt.steps}).StateAt(today, 7); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestOnlyTheSecretaryDispatchesWhatIsApproved(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	i := s.find("11.12", "Fecha de inicio de publicación")
	n := change(i, 4)
	n.Done, n.Document, n.Receipt = Today(s.Now()), "SE/1/2027", "SIVOPLE-1"
	for _, k := range []auth.AgendaKeeper{s.reviewer, s.head, s.admin} {
		if err := s.store.SaveStep(ctx, k, n); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s dispatches: %v, want Forbidden", k.Role(), err)
		}
	}
	if err := s.store.SaveStep(ctx, s.secretary, n); !fault.Is(err, fault.Conflict) {
		t.Errorf("before it is approved: %v, want Conflict", err)
	}
	s.close(i, 4)
	without := n
	without.Document, without.Receipt = "", ""
	if err := s.store.SaveStep(ctx, s.secretary, without); len(fault.FieldsOf(err)) != 2 {
		t.Errorf("without oficio nor receipt: %v", err)
	}
	if err := s.store.SaveStep(ctx, s.secretary, n); err != nil {
		t.Fatal(err)
	}
	if err := s.store.SaveStep(ctx, s.secretary, n); !fault.Is(err, fault.Conflict) {
		t.Errorf("over a version that is not the last: %v, want Conflict", err)
	}
	sent, ok := s.find("11.12", "Fecha de inicio de publicación").Dispatched()
	if !ok || sent.Document != "SE/1/2027" || sent.Receipt != "SIVOPLE-1" {
		t.Errorf("%+v", sent)
	}
}

func TestAStepNeedsAReasonToMove(t *testing.T) {
	s := newStage(t)
	i := s.find("11.12", "Fecha de inicio de publicación")
	for _, tt := range []struct {
		name  string
		with  func(*NewStep)
		field string
	}{
		{"moved without a reason", func(n *NewStep) { n.Due = n.Due.AddDate(0, 0, 1) }, FieldReason},
		{"in the future", func(n *NewStep) { n.Done = Today(s.Now()).AddDate(0, 0, 1) }, FieldDone},
		{"waived without why", func(n *NewStep) { n.Waived = true }, FieldNote},
		{"moved with a reason", func(n *NewStep) { n.Due, n.Reason = n.Due.AddDate(0, 0, 1), "Cambió la sesión" }, ""},
	} {
		n := change(i, 3)
		tt.with(&n)
		err := s.store.SaveStep(context.Background(), s.reviewer, n)
		got := ""
		if f := fault.FieldsOf(err); len(f) > 0 {
			got = f[0].ID
		}
		if got != tt.field || tt.field == "" && err != nil {
			t.Errorf("%s: %v, want a message for %q", tt.name, err, tt.field)
		}
	}
}

func TestAnotherProcessIsNotThere(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	if a, err := s.store.Agenda(ctx, s.stranger); err != nil || len(a.Items) != 0 || a.Loaded {
		t.Errorf("another process reads %d lines (%v)", len(a.Items), err)
	}
	if err := s.store.Attach(ctx, s.admin, NewDocument{Item: 1, Kind: "acuerdo", Name: "a.pdf", Bytes: []byte("%PDF-1.4")}); err != nil {
		t.Fatal(err)
	}
	training := s.find("Capacitación", "Capacitación del personal del Instituto")
	_, file := s.store.File(ctx, s.stranger, 1)
	_, letter := s.store.Letter(ctx, s.stranger, 1)
	_, bundle := s.store.Bundle(ctx, s.stranger, 1)
	_, doc := s.store.Document(ctx, s.stranger, 1, 1)
	_, item := s.store.SaveItem(ctx, s.stranger, NewItem{Number: 1, Seen: 1, Content: Content{Title: "Otro", Area: "Otra"}, Reason: "Porque sí"})
	_, settings := s.store.Settings(ctx, s.stranger)
	for what, err := range map[string]error{
		"a line": file, "its letter": letter, "its bundle": bundle, "its document": doc, "its edition": item, "the settings": settings,
		"a step":     s.store.SaveStep(ctx, s.stranger, NewStep{Number: 1, Position: 1, Seen: 1}),
		"a document": s.store.Attach(ctx, s.stranger, NewDocument{Item: 1, Kind: "acuerdo", Name: "b.pdf", Bytes: []byte("%PDF-1.4")}),
		"a person":   s.store.Designate(ctx, s.stranger, training.Number, Person{Name: "Ana", Org: "UT"}, ""),
		"attendance": s.store.Attend(ctx, s.stranger, training.Number, 1, Today(s.Now()), ""),
	} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v, want NotFound", what, err)
		}
	}
}

func TestNothingWrittenChanges(t *testing.T) {
	s := newStage(t)
	for _, sql := range []string{
		`UPDATE desk.agenda_versions SET title = 'otro'`, `UPDATE desk.agenda_step_versions SET due_on = NULL`, `DELETE FROM desk.agenda_items`,
		`UPDATE desk.agenda_documents SET name = 'x'`, `DELETE FROM desk.agenda_texts`,
	} {
		err := s.Desk.Upkeep(context.Background(), func(ctx context.Context, tx *db.Tx) error { return tx.Exec(ctx, sql) })
		if err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestTheBundleHasEachDocumentWithItsHash(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	i := s.find("11.6", "Proceso técnico operativo")
	if _, err := s.store.Bundle(ctx, s.secretary, i.Number); !fault.Is(err, fault.Conflict) {
		t.Errorf("with nothing to send: %v, want Conflict", err)
	}
	want := map[string]string{}
	for _, d := range []NewDocument{{Kind: "acuerdo", Name: "acuerdo-ñ.pdf", Bytes: []byte("%PDF-1.4 a")}, {Kind: "entregable", Name: "proceso.pdf", Bytes: []byte("%PDF-1.4 b")}} {
		d.Item, d.Key = i.Number, uuid.NewString()
		if err := s.store.Attach(ctx, s.head, d); err != nil {
			t.Fatal(err)
		}
		want[document.Hash(d.Bytes)] = d.Name
	}
	b, err := s.store.Bundle(ctx, s.secretary, i.Number)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	content := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if content[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range content {
		if name == document.ManifestName {
			continue
		}
		if !strings.Contains(string(content[document.ManifestName]), document.Hash(data)+"  "+name+"\n") {
			t.Errorf("the manifest does not say %s", name)
		}
		delete(want, document.Hash(data))
	}
	if len(want) != 0 || !bytes.HasPrefix(content["oficio-de-remision.pdf"], []byte("%PDF-")) {
		t.Errorf("the bundle lacks %v", want)
	}
}

func TestTrainingSaysWhoWasDesignatedAndWhoCame(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	i := s.find("Capacitación", "Capacitación de partidos e independientes")
	if err := s.store.Designate(ctx, s.reviewer, i.Number, Person{Name: " ", Org: ""}, ""); len(fault.FieldsOf(err)) != 2 {
		t.Errorf("an empty form: %v", err)
	}
	for _, name := range []string{"Persona Uno", "Persona Dos"} {
		if err := s.store.Designate(ctx, s.reviewer, i.Number, Person{Name: name, Org: "RAIZ"}, uuid.NewString()); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.store.Designate(ctx, s.reviewer, 1, Person{Name: "Persona", Org: "RAIZ"}, ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("a deliverable has no list: %v", err)
	}
	if err := s.store.Attend(ctx, s.reviewer, i.Number, 2, Today(s.Now()).AddDate(0, 0, 1), ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("attendance in the future: %v", err)
	}
	if err := s.store.Attend(ctx, s.reviewer, i.Number, 2, Today(s.Now()), ""); err != nil {
		t.Fatal(err)
	}
	f, err := s.store.File(ctx, s.auditor, i.Number)
	if err != nil || len(f.People) != 2 || !f.People[0].Attended.IsZero() || !f.People[1].Attended.Equal(Today(s.Now())) {
		t.Errorf("%+v (%v)", f.People, err)
	}
}
