package audit_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/db"
	"conoceles/internal/desk/audit"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/election"
)

// office is a world with two parties, a candidacy of each, and acts of all kinds.
type office struct {
	*desktest.World
	store  audit.Store
	a, b   int64 // parties
	ca, cb int64 // their candidacies
	opA    int64
	who    map[string]auth.AuditReader
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{World: desktest.New(t)}
	o.store = audit.Store{Desk: o.Desk}
	o.a, o.b = o.Nominator(election.Party, "AAA"), o.Nominator(election.Party, "BBB")
	o.ca, o.cb = o.Candidacy(o.a, "Ana", "Ejemplo"), o.Candidacy(o.b, "Beto", "Ejemplo")
	o.opA = o.Account("op@a.example", "operador", o.a, 0)
	opB := o.Account("op@b.example", "operador", o.b, 0)
	head := o.Account("titular@iep.example", "titular", 0, 0)
	person := func(account int64) auth.Who { return auth.Who{Account: account, Process: o.Process} }
	cand := o.Account("ana@a.example", "candidata", 0, o.ca)
	o.who = map[string]auth.AuditReader{
		"titular": auth.Head{Who: person(head)}, "administracion": auth.Admin{Who: person(o.Account("ti@iep.example", "administracion", 0, 0))},
		"auditoria": auth.Auditor{Who: person(o.Account("aud@iep.example", "auditoria", 0, 0))},
		"validador": auth.Validator{Who: person(o.Account("val@a.example", "validador", o.a, 0)), Nominator: o.a},
		"candidata": auth.Candidate{Who: person(cand), Candidacy: o.ca},
	}
	do := func(actor db.Actor, process int64, kind, object string) {
		_, err := o.Desk.Do(context.Background(), actor, db.Action{Kind: kind, Process: process, Object: object}, func(context.Context, *db.Tx) (string, error) { return "", nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	opA_, opB_ := auth.Operator{Who: person(o.opA), Nominator: o.a}, auth.Operator{Who: person(opB), Nominator: o.b}
	of := func(id int64) string { return fmt.Sprintf("candidatura %d", id) }
	do(opA_, o.Process, "captura.version", of(o.ca))
	do(opA_, o.Process, "identidad.guardar", of(o.ca))
	do(opB_, o.Process, "captura.version", of(o.cb))
	do(opB_, o.Process, "identidad.guardar", of(o.cb))
	do(o.who["titular"].(auth.Head), o.Process, "revision.aprobar", of(o.ca))
	do(o.who["titular"].(auth.Head), o.Process, "consentimiento.retirar", of(o.ca))
	do(o.who["titular"].(auth.Head), o.Process, "consentimiento.retirar", of(o.cb))
	do(db.System{Name: "modo"}, 0, "modo.cambiar", "sitio")
	other := o.ID(`INSERT INTO desk.processes (key, name, kind, folio_prefix, capture_opens_at, campaigns_end_at, created_at)
VALUES ('otro', 'Otro', 'eleccion', 'OTR', now(), now() + interval '1 day', now()) RETURNING id`)
	do(db.System{Name: "otro"}, other, "captura.version", "proceso ajeno")
	do(db.System{Name: "nuevo"}, o.Process, "familia_nueva.hacer", "algo de una familia que nadie clasificó")
	return o
}

func (o *office) kinds(r auth.AuditReader, f audit.Filter) []string {
	o.T.Helper()
	f.Size = 100
	found, total, err := o.store.Search(context.Background(), r, f)
	if err != nil {
		o.T.Fatal(err)
	}
	if total != len(found) {
		o.T.Errorf("%d are counted and %d found", total, len(found))
	}
	var out []string
	for _, e := range found {
		out = append(out, e.Kind+" "+e.Object)
	}
	slices.Sort(out)
	return out
}

func TestWhoReadsWhatOfTheBitacora(t *testing.T) {
	o := newOffice(t)
	a, b := "candidatura "+o.folio(o.ca), "candidatura "+o.folio(o.cb)
	everybody := []string{"captura.version " + a, "captura.version " + b, "modo.cambiar sitio", "revision.aprobar " + a}
	for role, want := range map[string][]string{
		"administracion": everybody,
		"auditoria":      everybody,
		"titular": slices.Sorted(slices.Values(append(slices.Clone(everybody), "consentimiento.retirar "+a, "consentimiento.retirar "+b, "identidad.guardar "+a,
			"identidad.guardar "+b, "familia_nueva.hacer algo de una familia que nadie clasificó"))),
		"validador": {"captura.version " + a, "identidad.guardar " + a, "revision.aprobar " + a},
		"candidata": {"captura.version " + a, "consentimiento.retirar " + a, "identidad.guardar " + a, "revision.aprobar " + a},
	} {
		if diff := cmp.Diff(want, o.kinds(o.who[role], audit.Filter{})); diff != "" {
			t.Errorf("%s (-want +got)\n%s", role, diff)
		}
	}
	for name, zero := range map[string]auth.AuditReader{"validador": auth.Validator{}, "candidata": auth.Candidate{}, "titular": auth.Head{}} {
		if got := o.kinds(zero, audit.Filter{}); len(got) > 0 {
			t.Errorf("the zero value of %s reads %v", name, got)
		}
	}
	found, _, err := o.store.Search(t.Context(), o.who["candidata"], audit.Filter{Size: 10})
	for _, e := range found {
		if e.ID != 0 || e.Role == "titular" && e.Who != "" {
			t.Errorf("a candidate is told %+v: numbers tell how much there is, names who reviews", e)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (o *office) folio(id int64) (folio string) {
	o.T.Helper()
	if err := o.Desk.QueryRow(context.Background(), `SELECT folio FROM desk.candidacies WHERE id = $1`, id).Scan(&folio); err != nil {
		o.T.Fatal(err)
	}
	return folio
}

func TestTheBitacoraIsSearched(t *testing.T) {
	o := newOffice(t)
	head := o.who["titular"]
	now := o.Now()
	for name, c := range map[string]struct {
		f    audit.Filter
		want int
	}{
		"who, by address":     {audit.Filter{Who: "OP@B"}, 2},
		"who, by role":        {audit.Filter{Who: "operador"}, 4},
		"the system":          {audit.Filter{Who: "sistema:modo"}, 1},
		"what":                {audit.Filter{What: "Captura"}, 2},
		"object, by folio":    {audit.Filter{Object: strings.ToLower(o.folio(o.ca))}, 4},
		"both":                {audit.Filter{Who: "operador", What: "captura", Object: o.folio(o.cb)}, 1},
		"a pattern is a text": {audit.Filter{What: "%"}, 0},
		"from":                {audit.Filter{From: now.Add(time.Second)}, 0},
		"until":               {audit.Filter{Until: now}, 0},
		"between":             {audit.Filter{From: now, Until: now.Add(time.Second)}, 9},
	} {
		if got := o.kinds(head, c.f); len(got) != c.want {
			t.Errorf("%s: %d entries, want %d: %v", name, len(got), c.want, got)
		}
	}
	first, total, err := o.store.Search(t.Context(), head, audit.Filter{Page: 1, Size: 4})
	if err != nil || len(first) != 4 || total != 9 {
		t.Errorf("a page has %d of %d, %v", len(first), total, err)
	}
	last, _, err := o.store.Search(t.Context(), head, audit.Filter{Page: 3, Size: 4})
	if err != nil || len(last) != 1 || last[0].Kind != "captura.version" {
		t.Errorf("the last page has %v, %v: the oldest is last", last, err)
	}
}

func TestWhoTakesTheBitacoraAwayIsInIt(t *testing.T) {
	o := newOffice(t)
	act(o.World, "captura.version", "=HYPERLINK(1)")
	header, rows, err := o.store.Export(t.Context(), o.who["auditoria"], audit.Filter{})
	if err != nil || len(rows) != 6 || len(header) != len(rows[0]) {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if got := o.kinds(o.who["titular"], audit.Filter{What: "bitacora.exportar", Who: "aud@"}); len(got) != 1 {
		t.Errorf("the export left %v", got)
	}
}
