package retention

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/arco"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// gone fails unless nothing of a candidacy can be read: no key, no version that
// opens, no document, nothing on the site.
func (s *stage) gone(candidacy int64) {
	s.T.Helper()
	ctx := context.Background()
	if has, err := s.consents.Vault().HasKey(ctx, s.Desk, candidacy); err != nil || has {
		s.T.Errorf("candidacy %d has a key: %v %v", candidacy, has, err)
	}
	_, readable, err := identity.New(s.ring).Decryptable(ctx, s.Desk, candidacy)
	if err != nil || readable != 0 {
		s.T.Errorf("candidacy %d: %d versions open (%v)", candidacy, readable, err)
	}
	if _, err := identity.New(s.ring).Load(ctx, s.Desk, s.Process, candidacy, identity.Last, identity.Verification); !fault.Is(err, fault.Gone) {
		s.T.Errorf("candidacy %d: its answers load with %v, want Gone", candidacy, err)
	}
	if got := s.public(candidacy); got != "0" {
		s.T.Errorf("candidacy %d has %s answers on the site", candidacy, got)
	}
	if got := s.text(`SELECT count(*)::text FROM sensitive.consent_documents WHERE candidacy_id = $1 AND octet_length(sealed) > 0`, candidacy); got != "0" {
		s.T.Errorf("candidacy %d has %s documents", candidacy, got)
	}
	s.clean()
}

// plain looks for the word in every row of every table that anybody can read.
func (s *stage) plain() []string {
	s.T.Helper()
	rows, err := s.Desk.Query(context.Background(), `
SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname IN ('desk', 'sensitive', 'site', 'audit') AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1`)
	s.must(err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	s.must(err)
	var out []string
	for _, table := range tables {
		if n := s.text(`SELECT count(*)::text FROM `+table+` t WHERE t::text LIKE '%' || $1 || '%'`, word); n != "0" {
			out = append(out, table)
		}
	}
	return out
}

func TestOnePersonIsErasedAndARestoreDoesNotBringThemBack(t *testing.T) {
	s := newStage(t)
	me, other := s.people[0], s.people[1]
	if s.public(me) == "0" || len(s.plain()) != 1 { // the site, and nothing else
		t.Fatalf("the stage publishes %s answers of %s, in the clear in %v", s.public(me), s.folios[0], s.plain())
	}
	restore := s.backUp()
	s.SetNow(desktest.Start.AddDate(0, 0, 1))
	id := s.act(NewAct{Kind: Erase, Folio: s.folios[0], Basis: "ARCO-00001", BasisDate: desktest.Start})
	s.gone(me)
	if s.public(other) == "0" {
		t.Error("somebody else's answers left the site too")
	}
	s.certifies(id, s.folios[0])
	before := s.text(`SELECT string_agg(event, ',' ORDER BY id) FROM sensitive.consent_events WHERE candidacy_id = $1`, me)
	if before != "otorga,documenta,verifica,retira" {
		t.Errorf("the history of consents says %s", before)
	}

	restore()
	if s.public(me) == "0" {
		t.Fatal("the backup was to bring the answers back: this test proves nothing")
	}
	if n, err := s.store.Pending(context.Background()); err != nil || n != 1 {
		t.Fatalf("after the restore, %d marks are pending (%v), want 1", n, err)
	}
	if n, err := s.store.Reapply(context.Background(), db.System{Name: "retiros"}); err != nil || n != 1 {
		t.Fatalf("reapplied %d (%v), want 1", n, err)
	}
	s.gone(me)
	if s.public(other) == "0" {
		t.Error("reapplying took somebody else off the site")
	}
	if n, err := s.store.Reapply(context.Background(), db.System{Name: "retiros"}); err != nil || n != 0 {
		t.Errorf("again, %d were reapplied (%v), want 0", n, err)
	}
	if got := s.text(`SELECT count(*)::text FROM audit.entries WHERE kind = 'retiros.reaplicar'`); got != "1" {
		t.Errorf("%s entries in the bitácora, want 1", got)
	}
}

// Who asks for cancellation, is identified and is told yes is erased by an act
// that names the request, which then is concluded.
func TestARequestIsFulfilledByErasing(t *testing.T) {
	s := newStage(t)
	ctx, requests := context.Background(), arco.New(s.Desk)
	r, err := requests.File(ctx, "192.0.2.1", arco.NewRequest{Right: arco.Cancellation, Requester: arco.Requester{
		Name: "Marisol", Contact: "marisol@ejemplo.invalid", Description: "Que se borren mis respuestas",
	}})
	s.must(err)
	erase := NewAct{Kind: Erase, Folio: s.folios[0], Request: r.Folio, Basis: r.Folio, BasisDate: s.Now()}
	if _, err := s.store.Propose(ctx, s.head, "", erase); !fault.Is(err, fault.Invalid) {
		t.Errorf("before it is answered: %v, want Invalid", err)
	}
	s.must(requests.Record(ctx, s.head, arco.NewStep{Folio: r.Folio, Kind: arco.Identify, Text: "Con su credencial", Candidacy: s.folios[0]}))
	s.must(requests.Record(ctx, s.head, arco.NewStep{Folio: r.Folio, Kind: arco.Answer, Text: "Procede", Outcome: arco.Granted}))
	other := erase
	other.Folio = s.folios[1]
	if _, err := s.store.Propose(ctx, s.head, "", other); !fault.Is(err, fault.Invalid) {
		t.Errorf("of somebody else's candidacy: %v, want Invalid", err)
	}
	s.act(erase)
	s.gone(s.people[0])
	c, err := requests.Open(ctx, s.head, r.Folio)
	if err != nil || c.State != arco.Concluded {
		t.Errorf("the request is %s (%v), want %s", c.State, err, arco.Concluded)
	}
}

// certifies fails unless an act has its certificate, which says of what.
func (s *stage) certifies(id int64, folio string) {
	s.T.Helper()
	pdf, err := s.store.Certificate(context.Background(), s.second, id)
	if err != nil || !strings.HasPrefix(string(pdf), "%PDF-") {
		s.T.Fatalf("the certificate: %v", err)
	}
	a, _, err := s.store.Act(context.Background(), s.second, id)
	if err != nil || a.State != "confirmado" || a.Folio != folio || len(a.CertificateHash) != 64 {
		s.T.Errorf("the act is %+v (%v)", a, err)
	}
}

func TestAWithdrawalSurvivesARestore(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	restore := s.backUp()
	s.SetNow(desktest.Start.AddDate(0, 0, 1))
	s.must(s.consents.WithdrawOnPaper(ctx, s.head, s.folios[0], "", s.Now(), "Por escrito"))
	if n, err := s.store.Pending(ctx); err != nil || n != 0 {
		t.Errorf("before any restore %d marks are pending (%v)", n, err)
	}

	restore()
	s.SetNow(desktest.Start.AddDate(0, 0, 2))
	if n, err := s.store.Reapply(ctx, db.System{Name: "retiros"}); err != nil || n != 1 {
		t.Fatalf("reapplied %d (%v), want 1", n, err)
	}
	if got := s.public(s.people[0]); got != "0" {
		t.Errorf("the site shows %s answers of who withdrew", got)
	}
	s.clean()
	s.grant(s.folios[0]) // another decision, later: it stands
	if n, err := s.store.Pending(ctx); err != nil || n != 0 {
		t.Errorf("after consenting again %d marks are pending (%v)", n, err)
	}
	if s.public(s.people[0]) == "0" {
		t.Error("who consented again is not published")
	}
}

// Marks are of a database: the file may outlive one and serve another.
func TestMarksOfAnotherDatabaseMeanNothing(t *testing.T) {
	one := newStage(t)
	one.must(one.consents.WithdrawOnPaper(context.Background(), one.head, one.folios[0], "", one.Now(), ""))
	two := newStage(t)
	two.super(`UPDATE sensitive.marks_origin SET id = gen_random_uuid()`) // tests clone one template
	two.file = one.file
	two.wire()
	if n, err := two.store.Pending(context.Background()); err != nil || n != 0 {
		t.Errorf("%d marks are pending (%v), want 0", n, err)
	}
}

// super runs a statement as who owns the server.
func (s *stage) super(sql string) {
	s.T.Helper()
	c, err := pgx.Connect(context.Background(), s.PG.SuperURL)
	s.must(err)
	defer func() { _ = c.Close(context.Background()) }()
	if _, err := c.Exec(context.Background(), sql); err != nil {
		s.T.Fatal(err)
	}
}

// Nothing is erased that cannot be remembered.
func TestWithoutItsFileNothingIsErasedNorWithdrawn(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	id, err := s.store.Propose(ctx, s.head, "", NewAct{Kind: Erase, Folio: s.folios[0], Basis: "ARCO-1", BasisDate: desktest.Start})
	s.must(err)
	s.must(os.Remove(s.file))
	s.must(os.Mkdir(s.file, 0o700)) // root writes anywhere: not here
	if err := s.store.Confirm(ctx, s.second, "", id); err == nil {
		t.Error("an erasure without a mark was acknowledged")
	}
	if err := s.consents.WithdrawOnPaper(ctx, s.head, s.folios[1], "", s.Now(), ""); err == nil {
		t.Error("a withdrawal without a mark was acknowledged")
	}
	if has, err := s.consents.Vault().HasKey(ctx, s.Desk, s.people[0]); err != nil || !has {
		t.Errorf("the key of %s is gone (%v)", s.folios[0], err)
	}
	s.clean()
}

func TestAfterTheElection(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	s.SetNow(time.Date(2027, time.June, 7, 5, 59, 59, 0, time.UTC)) // 23:59:59 of election day in Mexico
	s.due()
	if s.public(s.people[0]) == "0" {
		t.Error("identity left the site before election day was over")
	}
	s.clean()
	s.SetNow(time.Date(2027, time.June, 7, 6, 0, 0, 0, time.UTC))
	s.due()
	if got := s.public(s.people[0]); got != "0" {
		t.Errorf("after election day the site shows %s answers", got)
	}
	if got := s.text(`SELECT identity_state FROM site.candidacies WHERE id = $1`, s.people[0]); got != "respondido" {
		t.Errorf("its state is %q, want respondido", got)
	}
	if s.text(`SELECT count(*)::text FROM site.profiles`) != "2" {
		t.Error("profiles left with identity")
	}
	s.clean()

	s.later(0, 0, 0)
	report := s.Now()
	s.refuses(NewAct{Kind: Block, Basis: "IEP/CEE/1", BasisDate: report}, fault.Conflict) // no key yet
	custody := t.TempDir() + "/bloqueo.json"
	s.must(s.store.MakeBlockKey(ctx, db.System{Name: "prueba"}, "prueba-2027", custody))
	s.refuses(NewAct{Kind: Suppress, Basis: "IEP/CEE/2", BasisDate: report}, fault.Conflict) // not blocked
	restore := s.backUp()
	s.act(NewAct{Kind: Block, Basis: "IEP/CEE/1", BasisDate: report})
	s.blocked(custody)
	s.takesNothingMore()

	restore()
	if n, err := s.store.Reapply(ctx, db.System{Name: "retiros"}); err != nil || n != 1 {
		t.Fatalf("after restoring, %d were reapplied (%v), want the block", n, err)
	}
	s.blocked(custody)

	s.act(NewAct{Kind: SiteEnd, Basis: "IEP/CEE/3", BasisDate: report, EffectiveAt: s.Now().Add(time.Hour)})
	s.SetNow(s.Now().Add(time.Hour))
	s.due()
	if got := s.text(`SELECT count(*)::text FROM site.candidacies`); got != "0" {
		t.Errorf("at its end the site shows %s candidacies", got)
	}
	s.clean()

	s.later(1, 11, 29)
	s.refuses(NewAct{Kind: Suppress, Basis: "IEP/CEE/4", BasisDate: report}, fault.Conflict) // too early
	s.later(2, 0, 1)
	id := s.act(NewAct{Kind: Suppress, Basis: "IEP/CEE/4", BasisDate: report})
	s.certifies(id, "")
	for _, p := range s.people {
		s.gone(p)
	}
	if got := s.text(`SELECT (SELECT count(*) FROM sensitive.identity_answers)::text || (SELECT count(*) FROM desk.persons WHERE email <> '')::text`); got != "00" {
		t.Errorf("answers and contacts left: %s", got)
	}
	if found := s.plain(); len(found) != 0 {
		t.Errorf("in the clear in %v", found)
	}
	s.takesNothingMore()
	restore()
	if _, err := s.store.Reapply(ctx, db.System{Name: "retiros"}); err != nil {
		t.Fatal(err)
	}
	for _, p := range s.people {
		s.gone(p)
	}
	if n, err := s.store.Pending(ctx); err != nil || n != 0 {
		t.Errorf("%d marks are pending (%v)", n, err)
	}
}

func (s *stage) due() {
	s.T.Helper()
	if _, err := s.Publisher.OpenDue(context.Background(), s.Desk); err != nil {
		s.T.Fatal(err)
	}
}

// refuses fails unless an act cannot be proposed now.
func (s *stage) refuses(n NewAct, want fault.Kind) {
	s.T.Helper()
	if _, err := s.store.Propose(context.Background(), s.head, "", n); !fault.Is(err, want) {
		s.T.Errorf("proposing %s: %v, want %v", n.Kind, err, want)
	}
}

// blocked fails unless the service opens nothing and a custodian does, with an act.
func (s *stage) blocked(custody string) {
	s.T.Helper()
	ctx := context.Background()
	if _, err := identity.New(s.ring).Load(ctx, s.Desk, s.Process, s.people[0], identity.Last, identity.Verification); !fault.Is(err, fault.Gone) {
		s.T.Errorf("what is blocked loads with %v, want Gone", err)
	}
	if n := s.text(`SELECT count(*)::text FROM sensitive.candidacy_keys`); n != "0" {
		s.T.Errorf("%s keys are left", n)
	}
	s.clean()
	if _, err := s.store.Propose(ctx, s.second, "", NewAct{Kind: Opening, Folio: s.folios[0], Basis: "TEE/1", BasisDate: s.Now(), Reason: "Lo pide un tribunal"}); err == nil {
		s.T.Error("an opening was proposed by who is not the Head")
	}
	id, err := s.store.Propose(ctx, s.head, "", NewAct{Kind: Opening, Folio: s.folios[0], Basis: "TEE/1", BasisDate: s.Now(), Reason: "Lo pide un tribunal"})
	s.must(err)
	if _, err := s.store.Open(ctx, db.System{Name: "apertura"}, id, custody); !fault.Is(err, fault.Conflict) {
		s.T.Errorf("opened before anybody confirmed: %v", err)
	}
	s.must(s.store.Confirm(ctx, s.other, "", id))
	opened, err := s.store.Open(ctx, db.System{Name: "apertura"}, id, custody)
	if err != nil {
		s.T.Fatal(err)
	}
	found := false
	for _, l := range opened.Lines {
		found = found || strings.Contains(strings.Join(l.Answer, " "), word)
	}
	if !found || opened.Folio != s.folios[0] {
		s.T.Errorf("the custodian reads %+v", opened)
	}
}

// takesNothingMore asserts that an ordinary act on a candidacy of which nothing
// was held makes no key behind an end: with one, the next start would take the
// database for a restored one.
func (s *stage) takesNothingMore() {
	s.T.Helper()
	late := s.Candidacy(s.operator.Nominator, "Tarde", "Ficticia Ola")
	err := s.Desk.Upkeep(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		_, err := identity.New(s.ring).Save(ctx, tx, identity.Entry{
			Process: s.Process, Candidacy: late, Questionnaire: questionnaire.Identity(),
			Answers: questionnaire.Answers{questionnaire.Indigenous: {Text: questionnaire.PreferNot}},
		})
		return err
	})
	if !fault.Is(err, fault.Gone) {
		s.T.Errorf("identity of a process that ended is kept: %v, want gone", err)
	}
	if n, err := s.store.Pending(context.Background()); err != nil || n != 0 {
		s.T.Errorf("after it %d marks are pending (%v)", n, err)
	}
}
