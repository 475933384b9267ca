package arco

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// secret is in everything that somebody writes.
const secret = "CNRY-ARCO"

// stage is a process with somebody of each kind.
type stage struct {
	*desktest.World
	store     *Store
	head      auth.Head
	reviewer  auth.Reviewer
	admin     auth.Admin
	auditor   auth.Auditor
	candidate auth.Candidate
	folio     string
}

func newStage(t *testing.T) *stage {
	t.Helper()
	w := desktest.New(t)
	s := &stage{World: w, store: New(w.Desk)}
	who := func(role string, candidacy int64) auth.Who {
		return auth.Who{Account: w.Account(role+"@iep.example", role, 0, candidacy), Process: w.Process}
	}
	id := w.Candidacy(w.Nominator(election.Party, "HOR"), "Marisol", "Inventada Tapia")
	s.folio = s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, id)
	s.head, s.reviewer = auth.Head{Who: who("titular", 0)}, auth.Reviewer{Who: who("verificador", 0)}
	s.admin, s.auditor = auth.Admin{Who: who("administracion", 0)}, auth.Auditor{Who: who("auditoria", 0)}
	s.candidate = auth.Candidate{Who: who("candidata", id), Candidacy: id}
	return s
}

func (s *stage) text(sql string, args ...any) string {
	s.T.Helper()
	var out string
	if err := s.Desk.QueryRow(context.Background(), sql, args...).Scan(&out); err != nil {
		s.T.Fatal(err)
	}
	return out
}

func request() NewRequest {
	return NewRequest{Right: Cancellation, Key: uuid.NewString(), Requester: Requester{
		Name: "Persona " + secret, Contact: secret + "@ejemplo.invalid", Description: "Borren mis respuestas, " + secret,
	}}
}

func (s *stage) file() string {
	s.T.Helper()
	r, err := s.store.File(context.Background(), "192.0.2."+strconv.Itoa(s.pages()), request())
	if err != nil {
		s.T.Fatal(err)
	}
	return r.Folio
}

// pages is another number each time.
func (s *stage) pages() int {
	n, err := strconv.Atoi(s.text(`SELECT (count(*) + 1)::text FROM sensitive.arco_requests`))
	if err != nil {
		s.T.Fatal(err)
	}
	return n
}

func (s *stage) record(n NewStep) {
	s.T.Helper()
	if err := s.store.Record(context.Background(), s.head, n); err != nil {
		s.T.Fatalf("%s: %v", n.Kind, err)
	}
}

// plain returns the tables in which the secret can be read.
func (s *stage) plain() []string {
	s.T.Helper()
	rows, err := s.Desk.Query(context.Background(), `
SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname IN ('desk', 'sensitive', 'site', 'audit') AND has_table_privilege(c.oid, 'SELECT')`)
	if err != nil {
		s.T.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		s.T.Fatal(err)
	}
	var out []string
	for _, table := range tables {
		if s.text(`SELECT count(*)::text FROM `+table+` t WHERE t::text LIKE '%' || $1 || '%'
  OR t::text LIKE '%' || encode(convert_to($1, 'UTF8'), 'hex') || '%'`, secret) != "0" {
			out = append(out, table)
		}
	}
	return out
}

func TestAnybodyFilesAndOnlyTheUnitReads(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	n := request()
	s.SetNow(time.Date(2027, time.April, 10, 12, 0, 0, 0, election.Zone())) // a Saturday
	r, err := s.store.File(ctx, "192.0.2.1", n)
	if err != nil {
		t.Fatal(err)
	}
	if r.Folio != "ARCO-PRU-00001" || r.ReceivedOn.Format(time.DateOnly) != "2027-04-12" || r.AnswerBy.Format(time.DateOnly) != "2027-05-10" {
		t.Errorf("the receipt says %+v", r)
	}
	if again, err := s.store.File(ctx, "192.0.2.1", n); err != nil || again != r {
		t.Errorf("sent again: %+v (%v), want the same folio", again, err)
	}
	if found := s.plain(); len(found) != 0 {
		t.Errorf("what somebody wrote is in the clear in %v", found)
	}
	if got := s.text(`SELECT string_agg(details::text, ' ') FROM audit.entries WHERE kind = 'arco.presentar'`); strings.Contains(got, "192.0") {
		t.Errorf("the bitácora says the address: %s", got)
	}
	for _, who := range []auth.Transparency{s.head, s.reviewer} {
		c, err := s.store.Open(ctx, who, r.Folio)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(n.Requester, c.Requester); diff != "" {
			t.Errorf("%s reads (-want +got)\n%s", who.Role(), diff)
		}
	}
	if got := s.text(`SELECT count(*)::text FROM audit.entries WHERE kind = 'arco.leer'`); got != "2" {
		t.Errorf("%s entries of reading, want 2", got)
	}
	stranger := auth.Head{Who: auth.Who{Account: s.head.Account, Process: s.Process + 1}}
	_, other := s.store.Open(ctx, stranger, r.Folio)
	_, none := s.store.Open(ctx, s.head, "ARCO-PRU-99999")
	if !fault.Is(other, fault.NotFound) || !fault.Is(none, fault.NotFound) {
		t.Errorf("of another process: %v; of nobody: %v; want NotFound twice", other, none)
	}
}

func TestTooManyRequests(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	s.Exec(`UPDATE desk.processes SET arco_address_limit = 2, arco_daily_limit = 4`)
	file := func(address string) error {
		_, err := s.store.File(ctx, address, request())
		return err
	}
	for i, tt := range []struct {
		address string
		want    fault.Kind
	}{
		{"192.0.2.1", 0},
		{"192.0.2.1", 0},
		{"192.0.2.1", fault.TooMany},
		{"2001:db8::1", 0},
		{"2001:db8::2", 0},
		{"2001:db8::3", fault.TooMany}, // one home
		{"192.0.2.9", fault.TooMany},   // the day is full
	} {
		if err := file(tt.address); fault.KindOf(err) != tt.want || (err == nil) != (tt.want == 0) {
			t.Errorf("request %d, from %s: %v, want %v", i+1, tt.address, err, tt.want)
		}
	}
	if got := s.text(`SELECT count(*)::text FROM desk.arco_origins o WHERE o::text LIKE '%192.0%' OR o::text LIKE '%3139322e30%'`); got != "0" {
		t.Error("an address is kept in the clear")
	}
	s.SetNow(s.Now().AddDate(0, 0, 1))
	if err := file("192.0.2.1"); err != nil {
		t.Errorf("the day after: %v", err)
	}
	if got := s.text(`SELECT count(*)::text FROM desk.arco_origins`); got != "1" {
		t.Errorf("%s origins are kept, want today's alone", got)
	}
}

func TestFromRequestToEffect(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	folio := s.file()
	step := func(k StepKind) NewStep { return NewStep{Folio: folio, Kind: k, Text: "Texto " + secret} }
	answer := step(Answer)
	answer.Outcome = Granted
	if err := s.store.Record(ctx, s.head, answer); !fault.Is(err, fault.Conflict) {
		t.Errorf("answered before anybody was identified: %v", err)
	}
	identify := step(Identify)
	identify.Candidacy = s.folio
	s.record(identify)
	answer.Document = &Document{"respuesta.pdf", []byte("%PDF-1.4 " + secret)}
	s.record(answer)
	c, err := s.store.Open(ctx, s.reviewer, folio)
	if err != nil {
		t.Fatal(err)
	}
	if c.State != Answered || c.Outcome != Granted || c.Candidacy != s.folio || len(c.Steps) != 2 || c.Steps[1].Text != answer.Text {
		t.Errorf("the case says %+v", c.Entry)
	}
	d, err := s.store.Document(ctx, s.reviewer, folio, c.Steps[1].ID)
	if err != nil || !bytes.Equal(d.Bytes, answer.Document.Bytes) || d.Name != "respuesta.pdf" {
		t.Errorf("the document: %q (%v)", d.Name, err)
	}
	s.record(step(Fulfil))
	if err := s.store.Record(ctx, s.head, step(Extend)); !fault.Is(err, fault.Conflict) {
		t.Errorf("after it ended: %v, want Conflict", err)
	}
	if found := s.plain(); len(found) != 0 {
		t.Errorf("what was said is in the clear in %v", found)
	}
	counts, err := s.store.Counts(ctx, s.auditor)
	if err != nil || counts.All != 1 || counts.State[Concluded] != 1 || counts.Right[Cancellation] != 1 {
		t.Errorf("an auditor counts %+v (%v)", counts, err)
	}
	// Its salt forgotten, nothing of who asked opens.
	s.Exec(`UPDATE sensitive.arco_requests SET salt = NULL, sealed = NULL`)
	c, err = s.store.Open(ctx, s.head, folio)
	if err != nil || !c.Forgotten || c.Name != "" || c.Steps[1].Text != "" {
		t.Errorf("after it was forgotten: %+v (%v)", c, err)
	}
	if _, err := s.store.Document(ctx, s.head, folio, c.Steps[1].ID); !fault.Is(err, fault.Gone) {
		t.Errorf("its document: %v, want Gone", err)
	}
}

func TestARefusalNeedsItsGroundAndTheCommittee(t *testing.T) {
	s := newStage(t)
	folio := s.file()
	s.record(NewStep{Folio: folio, Kind: Identify, Text: "Con su credencial"})
	for _, tt := range []struct {
		name, want string
		step       NewStep
	}{
		{"no sense", FieldOutcome, NewStep{Kind: Answer, Text: "No procede"}},
		{"no ground", FieldGround, NewStep{Kind: Answer, Text: "No procede", Outcome: Refused, Committee: "CT/1"}},
		{"a ground of its own", FieldGround, NewStep{Kind: Answer, Text: "No procede", Outcome: Refused, Ground: "porque", Committee: "CT/1"}},
		{"no committee", FieldCommittee, NewStep{Kind: Answer, Text: "No procede", Outcome: Partly, Ground: "obligacion"}},
		{"no text", FieldText, NewStep{Kind: Extend}},
		{"no step", FieldStep, NewStep{Kind: "borrar", Text: "Todo"}},
	} {
		tt.step.Folio = folio
		err := s.store.Record(context.Background(), s.head, tt.step)
		if f := fault.FieldsOf(err); len(f) == 0 || f[0].ID != tt.want {
			t.Errorf("%s: %v, want a message for %s", tt.name, err, tt.want)
		}
	}
	s.record(NewStep{Folio: folio, Kind: Answer, Text: "No procede", Outcome: Refused, Ground: "obligacion", Committee: "CT/07/2027"})
}

func TestACandidateReadsTheirOwn(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	r, err := s.store.FileOwn(ctx, s.candidate, request())
	if err != nil {
		t.Fatal(err)
	}
	s.record(NewStep{Folio: r.Folio, Kind: Answer, Text: "Procede", Outcome: Granted, Document: &Document{"r.pdf", []byte("%PDF-")}})
	mine, err := s.store.Own(ctx, s.candidate)
	if err != nil || len(mine) != 1 || mine[0].State != Answered || mine[0].Steps[0].Text != "Procede" || mine[0].Candidacy != s.folio {
		t.Fatalf("they read %+v (%v)", mine, err)
	}
	if _, err := s.store.OwnDocument(ctx, s.candidate, r.Folio, mine[0].Steps[0].ID); err != nil {
		t.Errorf("their document: %v", err)
	}
	other := auth.Candidate{Who: auth.Who{Account: s.head.Account, Process: s.Process}}
	if theirs, err := s.store.Own(ctx, other); err != nil || len(theirs) != 0 {
		t.Errorf("somebody else reads %d requests (%v)", len(theirs), err)
	}
	if _, err := s.store.OwnDocument(ctx, other, r.Folio, mine[0].Steps[0].ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else's document: %v, want NotFound", err)
	}
}

func TestDaysOffMoveTheTerms(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	folio := s.file() // on Tuesday 6 April: five working days end on the 13th
	due := func() string {
		c, err := s.store.Open(ctx, s.reviewer, folio)
		if err != nil {
			t.Fatal(err)
		}
		return c.Due.Format(time.DateOnly)
	}
	if got := due(); got != "2027-04-13" {
		t.Errorf("due %s, want 2027-04-13", got)
	}
	day := time.Date(2027, time.April, 8, 0, 0, 0, 0, time.UTC)
	if err := s.store.AddDayOff(ctx, s.admin, "", DayOff{day, "IEP/CEE/20/2027"}); err != nil {
		t.Fatal(err)
	}
	if got := due(); got != "2027-04-14" {
		t.Errorf("with a day off, due %s, want 2027-04-14", got)
	}
	if err := s.store.AddDayOff(ctx, s.admin, "", DayOff{day, "Otra vez"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("twice: %v, want Invalid", err)
	}
	if err := s.store.RemoveDayOff(ctx, s.admin, "", day); err != nil {
		t.Fatal(err)
	}
	p, err := s.store.Parameters(ctx, s.admin)
	if err != nil || len(p.Off) != 0 {
		t.Fatalf("%+v (%v)", p, err)
	}
	values := map[string]string{}
	for i, f := range TermFields {
		values[f.ID] = strconv.Itoa(p.Values[i])
	}
	values[TermFields[0].ID] = "3"
	get := func(id string) string { return values[id] }
	if err := s.store.SetParameters(ctx, s.admin, "", p.Version(), get); err != nil {
		t.Fatal(err)
	}
	if got := due(); got != "2027-04-09" {
		t.Errorf("with three days, due %s, want 2027-04-09", got)
	}
	if err := s.store.SetParameters(ctx, s.admin, "", p.Version(), get); !fault.Is(err, fault.Conflict) {
		t.Errorf("over what is no longer there: %v, want Conflict", err)
	}
}

func TestTheTrayPutsFirstWhatIsDueFirst(t *testing.T) {
	s := newStage(t)
	first := s.file()
	s.SetNow(s.Now().AddDate(0, 0, 7))
	second := s.file()
	s.record(NewStep{Folio: first, Kind: Identify, Text: "En persona"})
	s.SetNow(s.Now().AddDate(0, 0, 14))
	tray, err := s.store.Tray(context.Background(), s.reviewer, Filter{Page: 1, Size: 10})
	if err != nil || len(tray.Entries) != 2 || tray.Entries[0].Folio != second || tray.Counts.Overdue != 1 || tray.Entries[0].Left >= 0 {
		t.Fatalf("the tray is %+v (%v)", tray, err)
	}
	late, err := s.store.Tray(context.Background(), s.reviewer, Filter{Overdue: true, Page: 1, Size: 10})
	if err != nil || late.Total != 1 || late.Entries[0].Folio != second {
		t.Errorf("overdue: %+v (%v)", late, err)
	}
}

var _ db.Actor = anybody{}
