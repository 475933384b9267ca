package agenda

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/fault"
)

// dues returns the latest dates of a chain.
func dues(i Item) []string {
	var out []string
	for _, s := range i.Steps {
		out = append(out, string(s.Kind)+" "+s.Due.Format(time.DateOnly))
	}
	return out
}

// Deliverables 10 and 11 have five natural days, 12 has three, a list and a
// substitution one: the first is the day after the event, whatever day it is.
func TestAnEventOpensItsChain(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	for _, tt := range []struct {
		event Event
		on    string
		want  []string
	}{
		{Modification, "2027-02-26", []string{"reunion 2027-02-28", "comision 2027-03-01", "consejo 2027-03-02", "remision 2027-03-03"}},
		{OtherDocument, "2027-04-01", []string{"reunion 2027-04-03", "comision 2027-04-04", "consejo 2027-04-05", "remision 2027-04-06"}},
		{Questionnaires, "2026-12-30", []string{"reunion 2026-12-31", "comision 2027-01-01", "consejo 2027-01-01", "remision 2027-01-02"}},
		{ListApproved, "2027-03-30", []string{"consejo 2027-03-30", "remision 2027-03-31"}},
		{Substitution, "2027-04-03", []string{"consejo 2027-04-03", "remision 2027-04-04"}},
	} {
		number, err := s.store.Open(ctx, s.head, NewEvent{tt.event, day(tt.on), "Lo que pasó", uuid.NewString()})
		if err != nil {
			t.Fatal(err)
		}
		f, err := s.store.File(ctx, s.auditor, number)
		if err != nil {
			t.Fatal(err)
		}
		if got := dues(f.Item); !slices.Equal(got, tt.want) {
			t.Errorf("%s on %s: %q, want %q", tt.event, tt.on, got, tt.want)
		}
	}
	for name, n := range map[string]NewEvent{
		FieldEventDay: {Modification, Today(s.Now()).AddDate(0, 0, 1), "Mañana", ""}, FieldTitle: {Modification, Today(s.Now()), "", ""},
		FieldKind: {"otro", Today(s.Now()), "Algo", ""},
	} {
		if _, err := s.store.Open(ctx, s.head, n); len(fault.FieldsOf(err)) != 1 || fault.FieldsOf(err)[0].ID != name {
			t.Errorf("%v, want a message for %s", err, name)
		}
	}
}

func TestTermsAreOfTheProcess(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	set, err := s.store.Settings(ctx, s.admin)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(set.Openings, func(o Opening) bool { return o.Event == Substitution })
	set.Openings[i].Terms[1].Days, set.SoonDays = 3, 0
	if err := s.store.SaveSettings(ctx, s.admin, set, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	if err := s.store.SaveSettings(ctx, s.admin, set, uuid.NewString()); !fault.Is(err, fault.Conflict) {
		t.Errorf("over a version that is not the last: %v", err)
	}
	number, err := s.store.Open(ctx, s.admin, NewEvent{Substitution, day("2027-04-03"), "Acuerdo 1", ""})
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.store.File(ctx, s.admin, number)
	if err != nil || f.Steps[1].Due != day("2027-04-06") || f.Soon != 0 {
		t.Errorf("%q, soon %d (%v)", dues(f.Item), f.Soon, err)
	}
	set.Version++
	set.Openings[i].Terms[0].Days = 9
	if err := s.store.SaveSettings(ctx, s.admin, set, ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("the last step before the first: %v, want Invalid", err)
	}
}

// The list approved, the substitution confirmed and the notice that changed open
// their deliverable once, counted from their day, however late the sweep comes and
// however many sweep.
func TestSweepOpensWhatHappened(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	party := s.Nominator("partido", "RAIZ")
	candidacy := s.Candidacy(party, "Ana", "Ruiz")
	s.Exec(`
INSERT INTO desk.imports (process_id, file_name, file_hash, acuerdo, approved_on, rows_read, rows_new, rows_changed, rows_same, rows_rejected, at)
VALUES ($1, 'lista.csv', 'x', 'CEE/9', '2027-03-30', 1, 1, 0, 0, 0, now()), ($1, 'otra.csv', 'x', '', NULL, 1, 1, 0, 0, 0, now()),
  ($1, 'igual.csv', 'x', 'CEE/9', '2027-03-30', 1, 0, 0, 1, 0, now())`, s.Process)
	const act = `
INSERT INTO desk.acts (process_id, kind, candidacy_id, basis, basis_date, captured_by, captured_at, state, decided_by, decided_at)
VALUES ($1, $2, $3, $4, '2027-04-02', $5, now(), $6, $7, CASE WHEN $6 = 'por_confirmar' THEN NULL ELSE now() END)`
	s.Exec(act, s.Process, "sustitucion", candidacy, "CEE/10", s.secretary.Account, "confirmado", s.head.Account)
	s.Exec(act, s.Process, "renuncia", candidacy, "CEE/11", s.secretary.Account, "confirmado", s.head.Account)
	for v, at := range []string{"2027-01-01", "2027-04-05"} {
		s.Exec(`INSERT INTO desk.notices (process_id, kind, version, markdown, hash, acuerdo, approved_on, created_at) VALUES ($1, 'integral', $2, 'a', 'b', 'CT/1', $3, now())`,
			s.Process, v+1, day(at))
	}
	before, err := s.store.Agenda(ctx, s.auditor)
	if err != nil {
		t.Fatal(err)
	}
	s.SetNow(s.Now().AddDate(0, 0, 3))
	errs := make(chan error, 3)
	for range 3 {
		go func() { errs <- New(s.Desk).Sweep(ctx) }()
	}
	for range 3 {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	after, err := s.store.Agenda(ctx, s.auditor)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range after.Items[len(before.Items):] {
		got = append(got, i.Title+" | "+dues(i)[len(i.Steps)-1])
	}
	want := []string{
		"Lista de candidaturas aprobada: acuerdo CEE/9 | remision 2027-03-31", "Sustitución de candidatura: acuerdo CEE/10 | remision 2027-04-03",
		"Otro documento: aviso de privacidad integral, versión 2 | remision 2027-04-10",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// What was sent to INE and changes is deliverable 10, once a day for each line; its
// oficio and its receipt are not a change.
func TestAChangeAfterTheDispatchIsDeliverableTen(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	opened := func() int {
		s.T.Helper()
		a, err := s.store.Agenda(ctx, s.auditor)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, i := range a.Items {
			if i.Article == "10" && strings.HasSuffix(i.Title, "11.12. Fecha de inicio de publicación") {
				n++
			}
		}
		return n
	}
	i := s.find("11.12", "Fecha de inicio de publicación")
	attach := func(kind DocumentKind) {
		if err := s.store.Attach(ctx, s.secretary, NewDocument{Item: i.Number, Kind: kind, Name: "a.pdf", Bytes: []byte("%PDF-1.4"), Key: uuid.NewString()}); err != nil {
			t.Fatal(err)
		}
	}
	attach("acuerdo")
	s.dispatch(i)
	attach("acuse")
	if n := opened(); n != 0 {
		t.Errorf("before any change %d are open", n)
	}
	attach("acuerdo")
	edit := NewItem{Number: i.Number, Seen: 1, Content: i.Content, Reason: "Se corrige"}
	if _, err := s.store.SaveItem(ctx, s.secretary, edit); err != nil {
		t.Fatal(err)
	}
	if n := opened(); n != 1 {
		t.Errorf("after two changes in a day %d are open, want 1", n)
	}
	s.SetNow(s.Now().AddDate(0, 0, 1))
	attach("acuerdo")
	if n := opened(); n != 2 {
		t.Errorf("after another day %d are open, want 2", n)
	}
}

func TestAnItemIsAddedAndEdited(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	n := NewItem{Kind: Purchase, Content: Content{Title: "Servidor", Area: "UTSIC", Until: day("2027-05-01")}, Key: uuid.NewString()}
	number, err := s.store.SaveItem(ctx, s.admin, n)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.store.SaveItem(ctx, s.admin, n); err != nil || again != number {
		t.Errorf("sent again it is %d (%v), want %d", again, err, number)
	}
	edit := NewItem{Number: number, Seen: 1, Content: Content{Title: "Dos servidores", Area: "UTSIC"}}
	if _, err := s.store.SaveItem(ctx, s.admin, edit); len(fault.FieldsOf(err)) != 1 {
		t.Errorf("edited without a reason: %v", err)
	}
	edit.Reason = "Hacen falta dos"
	if _, err := s.store.SaveItem(ctx, s.admin, edit); err != nil {
		t.Fatal(err)
	}
	if _, err := s.store.SaveItem(ctx, s.admin, edit); !fault.Is(err, fault.Conflict) {
		t.Errorf("over a version that is not the last: %v", err)
	}
	f, err := s.store.File(ctx, s.auditor, number)
	if err != nil || f.Title != "Dos servidores" || f.Version != 2 || len(f.Steps) != 1 || !f.Steps[0].Due.Equal(day("2027-05-01")) {
		t.Errorf("%+v (%v)", f.Item, err)
	}
	var entries int
	err = s.Desk.QueryRow(ctx, `SELECT count(*) FROM audit.entries WHERE kind = 'agenda.renglon' AND account_id = $1`, s.admin.Account).Scan(&entries)
	if err != nil || entries != 2 {
		t.Errorf("%d entries in the bitácora (%v), want 2", entries, err)
	}
}
