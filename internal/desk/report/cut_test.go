package report_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/report"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/figures"
	"conoceles/web/figure"
)

// approve records the acuerdo of a cut.
func (o *office) approve(id int64) {
	o.T.Helper()
	err := o.store.Approve(context.Background(), o.head, report.Approval{ID: id, Key: uuid.NewString(), Acuerdo: "IEP/CEE/1/2027", On: o.Now()})
	if err != nil {
		o.T.Fatal(err)
	}
}

// release makes a cut public, by two persons.
func (o *office) release(id int64) {
	o.T.Helper()
	ctx := context.Background()
	o.approve(id)
	if err := o.store.Propose(ctx, o.head, id, uuid.NewString()); err != nil {
		o.T.Fatal(err)
	}
	if err := o.store.Release(ctx, o.other, id, uuid.NewString()); err != nil {
		o.T.Fatal(err)
	}
}

func TestACutIsWhatItWasWhateverChangesLater(t *testing.T) {
	o := newOffice(t)
	party := o.Nominator(election.Party, "HOR")
	ids := o.grow([]person{{nominator: party}, {nominator: party}})
	first := o.cut(report.Advance, "Abril")
	if !first.Draft() || first.Version != 1 || first.Name() != "Abril, versión 1" || first.Counted == 0 {
		t.Errorf("got %+v", first.Cut)
	}
	o.Exec(`UPDATE desk.candidacies SET standing = 'renuncia' WHERE id = $1`, ids[0])
	again := o.open(first.ID)
	if table, _ := again.Report.Table("T-1"); table.Total[1].N != 2 {
		t.Errorf("the cut changed: %v", table.Total)
	}
	second := o.cut(report.Advance, "Mayo")
	if table, _ := second.Report.Table("T-1"); second.Version != 2 || table.Total[1].N != 1 {
		t.Errorf("version %d counts %v, want 2 and 1", second.Version, table.Total)
	}
	if left, _ := second.Report.Table("T-11"); len(left.Rows) != 1 || !strings.Contains(left.Rows[0][5].Text, "enuncia") {
		t.Errorf("who left is not listed: %v", left.Rows)
	}
	for _, c := range report.Compare(first.Report, first.Report) {
		if c.Changed() {
			t.Errorf("a cut is not the same as itself: %+v", c)
		}
	}
	for _, c := range report.Compare(first.Report, second.Report) {
		if c.Table.ID == "T-1" && c.Column == 1 && !c.Changed() {
			t.Error("the comparison says that nothing changed")
		}
		if c.Table.ID == "T-1" && c.Column == 1 && (c.Rows[len(c.Rows)-1].Before != 2 || c.Rows[len(c.Rows)-1].After != 1) {
			t.Errorf("the comparison says %+v", c.Rows)
		}
	}
	for _, sql := range []string{
		`UPDATE desk.report_cuts SET snapshot = '{}' WHERE id = $1`, `DELETE FROM desk.report_cuts WHERE id = $1`, `UPDATE desk.report_cuts SET at = now() WHERE id = $1`,
	} {
		if o.tries(sql, first.ID) == nil {
			t.Errorf("the database let %s", sql)
		}
	}
}

// tries runs a statement as the desk.
func (o *office) tries(sql string, args ...any) error {
	rows, err := o.Desk.Query(context.Background(), sql, args...)
	if err != nil {
		return err
	}
	rows.Close()
	return rows.Err()
}

func TestADraftBecomesPublicByAnAcuerdoAndTwoPersons(t *testing.T) {
	o := newOffice(t)
	o.grow([]person{{nominator: o.Nominator(election.Party, "HOR")}})
	o.Open()
	ctx := context.Background()
	f := o.cut(report.Advance, "Abril")
	key := uuid.NewString
	conflict := func(what string, err error) {
		t.Helper()
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: got %v, want a Conflict", what, err)
		}
	}
	conflict("proposing a draft", o.store.Propose(ctx, o.analyst, f.ID, key()))
	write := func(base int, body string) error {
		return o.store.Write(ctx, o.analyst, report.Writing{ID: f.ID, Key: key(), Bodies: map[string]string{"hallazgos": body}, Bases: map[string]int{"hallazgos": base}})
	}
	if err := write(0, "  Avanza.\r\nMucho. "); err != nil {
		t.Fatal(err)
	}
	conflict("writing over what was not seen", write(0, "Otra cosa"))
	if got := o.open(f.ID).Texts[1]; got.Body != "Avanza.\nMucho." || got.Version != 1 {
		t.Errorf("got %+v", got)
	}
	err := o.store.Approve(ctx, o.head, report.Approval{ID: f.ID, Key: key(), Acuerdo: " ", On: o.Now().AddDate(0, 0, 1)})
	if got := fault.FieldsOf(err); len(got) != 2 {
		t.Errorf("a blank acuerdo of tomorrow: got %v", err)
	}
	conflict("releasing what nobody proposed", o.store.Release(ctx, o.head, f.ID, key()))
	o.approve(f.ID)
	conflict("writing what was approved", write(1, "Tarde"))
	if err := o.store.Propose(ctx, o.head, f.ID, key()); err != nil {
		t.Fatal(err)
	}
	conflict("releasing what oneself proposed", o.store.Release(ctx, o.head, f.ID, key()))
	if n := o.ID(`SELECT count(*) FROM site.report_cuts`); n != 0 {
		t.Fatalf("%d cuts are public before two persons said so", n)
	}
	if err := o.store.Release(ctx, o.other, f.ID, key()); err != nil {
		t.Fatal(err)
	}
	conflict("releasing it again", o.store.Release(ctx, o.other, f.ID, key()))
	var snapshot, hash, documentHash string
	var document []byte
	const public = `SELECT snapshot, hash, document, document_hash FROM site.report_cuts`
	if err := o.Site.QueryRow(ctx, public).Scan(&snapshot, &hash, &document, &documentHash); err != nil {
		t.Fatal(err)
	}
	if figures.Hash([]byte(snapshot)) != hash || hash != f.PublicHash || figures.Hash(document) != documentHash || !bytes.HasPrefix(document, []byte("%PDF")) {
		t.Error("what is public is not what was released")
	}
	if d := o.Differences(); len(d) != 0 {
		t.Errorf("the site is not what the desk says: %v", d)
	}
	if n := o.ID(`SELECT count(DISTINCT kind) FROM audit.entries WHERE kind IN ('informe.pedir', 'informe.corte', 'informe.redactar', 'informe.aprobar', 'informe.proponer', 'informe.liberar')`); n != 6 {
		t.Errorf("%d kinds of act are in the bitácora, want 6", n)
	}
}

func TestWhatIsInternalIsNeverReleased(t *testing.T) {
	o := newOffice(t)
	o.grow([]person{{nominator: o.Nominator(election.Party, "HOR")}})
	o.Open()
	for _, d := range report.Catalogue() {
		if d.Public() {
			continue
		}
		f := o.cut(d.Kind, "")
		o.approve(f.ID)
		if err := o.store.Propose(context.Background(), o.analyst, f.ID, uuid.NewString()); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: got %v, want a Conflict", d.Kind, err)
		}
	}
}

// The internal figures of identity are for the unit, and reading them leaves an
// entry; whoever else reads reports gets what would be public, and not even a hash
// of the rest.
func TestWhoReadsWhat(t *testing.T) {
	o := newOffice(t)
	o.grow([]person{{nominator: o.Nominator(election.Party, "HOR"), answers: answered(), consents: []decisions{yesToAll}}})
	f := o.cut(report.Groups, "")
	if _, ok := f.Report.Table("G-1"); !ok || !f.Internal {
		t.Error("the unit does not read its own figures")
	}
	reads := o.ID(`SELECT count(*) FROM audit.entries WHERE kind = 'informe.leer'`)
	auditor := auth.Auditor{Who: auth.Who{Account: o.Account("auditoria@instituto.mx", "auditoria", 0, 0), Process: o.Process}}
	got, err := o.store.Open(context.Background(), auditor, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := got.Report.Table("G-1"); ok || got.Internal || got.Hash != f.PublicHash || got.Hash == f.Hash {
		t.Errorf("the auditor reads %+v", got.Cut)
	}
	if n := o.ID(`SELECT count(*) FROM audit.entries WHERE kind = 'informe.leer'`); reads == 0 || n != reads {
		t.Errorf("%d entries of reading before, %d after; want some, and the same", reads, n)
	}
	observed := o.cut(report.Observations, "")
	if got, err = o.store.Open(context.Background(), auditor, observed.ID); err != nil {
		t.Fatal(err)
	}
	if _, lists := got.Report.Table("O-1"); lists || len(got.Report.Tables) != 1 || got.Hash == observed.Hash {
		t.Errorf("the auditor reads of observations %v", got.Report.Tables)
	}
	given := o.cut(report.Consents, "")
	if got, err = o.store.Open(context.Background(), auditor, given.ID); err != nil {
		t.Fatal(err)
	}
	if table, _ := got.Report.Table("C-1"); len(table.Rows) != 1 || table.Rows[0][0].Text != "Total" {
		t.Errorf("the auditor reads of consents %v", figure.Rows(table, figure.Text))
	}
	foreign := auditor
	foreign.Process = 0
	if _, err := o.store.Open(context.Background(), foreign, f.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("of another process: got %v, want NotFound", err)
	}
}

// Somebody who spoils what was kept shows nothing.
func TestASpoiledCutIsNotShown(t *testing.T) {
	o := newOffice(t)
	o.grow([]person{{nominator: o.Nominator(election.Party, "HOR")}})
	f := o.cut(report.Advance, "")
	super, err := pgx.Connect(context.Background(), o.PG.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	defer super.Close(context.Background())
	const spoil = `ALTER TABLE desk.report_cuts DISABLE TRIGGER USER; UPDATE desk.report_cuts SET snapshot = replace(snapshot, '"n":1', '"n":2')`
	if _, err := super.Exec(context.Background(), spoil); err != nil {
		t.Fatal(err)
	}
	if _, err := o.store.Open(context.Background(), o.analyst, f.ID); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want Unavailable", err)
	}
}

func TestAPartySeesItsOwnAlone(t *testing.T) {
	o := newOffice(t)
	one, other := o.Nominator(election.Party, "HOR"), o.Nominator(election.Party, "RAI")
	coalition := o.Nominator(election.Coalition, "JUN")
	o.grow([]person{{nominator: one}, {nominator: one}, {nominator: coalition, siglado: one}, {nominator: other}, {nominator: coalition, siglado: other}})
	operator := auth.Operator{Who: auth.Who{Account: o.Account("op@partido.mx", "operador", one, 0), Process: o.Process}, Nominator: one, NominatorName: "Horizonte"}
	ctx := context.Background()
	for _, d := range report.OwnCatalogue() {
		f, err := o.store.Own(ctx, operator, d.Kind)
		if err != nil {
			t.Fatalf("%s: %v", d.Kind, err)
		}
		content, err := f.Report.Encode()
		if err != nil {
			t.Fatal(err)
		}
		for _, folio := range []string{"FIX-00004", "FIX-00005"} {
			if bytes.Contains(content, []byte(folio)) {
				t.Errorf("%s has the folio %s of another party", d.Kind, folio)
			}
		}
		if d.Kind == report.Advance {
			compare(t, f.Report, "T-1", map[string]string{"Total": "3 0 0.0 % 0 0.0 %"})
		}
	}
	for _, kind := range []report.Kind{report.Groups, report.Consents, report.Final, "nada"} {
		if _, err := o.store.Own(ctx, operator, kind); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: got %v, want NotFound", kind, err)
		}
	}
	if f, err := o.store.Own(ctx, auth.Operator{}, report.Advance); err == nil {
		if table, _ := f.Report.Table("T-1"); len(table.Rows) > 0 {
			t.Errorf("nobody sees %v", table.Rows)
		}
	}
}

// A worker that died leaves its job to another, and one that fails says why.
func TestAJobThatWasLeftIsTakenAgain(t *testing.T) {
	o := newOffice(t)
	o.grow([]person{{nominator: o.Nominator(election.Party, "HOR")}})
	ctx := context.Background()
	id, err := o.store.Request(ctx, o.analyst, report.Ask{Key: uuid.NewString(), Kind: report.Advance})
	if err != nil {
		t.Fatal(err)
	}
	o.Exec(`UPDATE desk.report_jobs SET beat_at = $2 WHERE id = $1`, id, o.Now())
	if err := o.store.Work(ctx); err != nil {
		t.Fatal(err)
	}
	if j, _ := o.store.Job(ctx, o.analyst, id); j.Cut != 0 {
		t.Error("two worked in the same job")
	}
	o.SetNow(o.Now().Add(time.Minute))
	if err := o.store.Work(ctx); err != nil {
		t.Fatal(err)
	}
	if j, _ := o.store.Job(ctx, o.analyst, id); j.Cut == 0 {
		t.Error("nobody took the job that was left")
	}
}
