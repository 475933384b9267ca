package registry_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/registry"
	"conoceles/internal/fault"
)

// An exception to the freeze takes two persons, as every act, and leaves the list
// that INE is told alone.
func TestAnExceptionTakesTwoPersons(t *testing.T) {
	o := ticket(t)
	ctx := context.Background()
	end := time.Date(2027, 6, 2, 0, 0, 0, 0, time.FixedZone("centro", -6*3600))
	a := o.act(registry.Exception, "EP27-00001")
	for _, c := range []struct {
		name  string
		until time.Time
	}{{"no instant", time.Time{}}, {"the end itself", end}, {"a past one", o.Now().Add(-time.Hour)}} {
		a.Until = c.until
		if _, err := o.Capture(ctx, o.One, "", a); len(fault.FieldsOf(err)) != 1 || fault.FieldsOf(err)[0].ID != "hasta" {
			t.Errorf("%s: %v, want the field hasta", c.name, err)
		}
	}
	a.Until = end.Add(36 * time.Hour)
	effect, err := o.Preview(ctx, o.One, a)
	if err != nil || !strings.Contains(strings.Join(effect, " "), "3 de junio de 2027, 12:00 h") {
		t.Errorf("the effect says %v, %v", effect, err)
	}
	id := o.captured(a)
	if n := o.count(`SELECT count(*) FROM desk.capture_exceptions`); n != 0 {
		t.Error("it is in force before another person confirms it")
	}
	if err := o.Confirm(ctx, o.One, "", id); !fault.Is(err, fault.Forbidden) {
		t.Errorf("confirmed by whoever captured it: %v", err)
	}
	if err := o.Confirm(ctx, o.Two, "", id); err != nil {
		t.Fatal(err)
	}
	if got := o.text(`
SELECT c.folio || ' ' || (x.until_at = $1) || ' ' || a.basis || ' ' || e.kind || ' ' || (e.details ->> 'hasta') FROM desk.capture_exceptions x JOIN desk.acts a ON a.id = x.act_id
JOIN desk.candidacies c ON c.id = x.candidacy_id JOIN audit.entries e ON e.object = 'acto ' || a.id`, a.Until); got != "EP27-00001 true IEP/CEE/201/2027 acto.confirmar 2027-06-03T18:00:00Z" {
		t.Errorf("kept %q", got)
	}
	moved, err := o.Movements(ctx, o.One, o.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range moved {
		if m.What == registry.Exception.Title() {
			t.Error("INE is told of an exception as if the list had changed")
		}
	}
	o.intact()

	waiting := o.captured(a)
	o.SetNow(a.Until)
	if err := o.Confirm(ctx, o.Two, "", waiting); !fault.Is(err, fault.Conflict) {
		t.Errorf("one that had expired was confirmed: %v", err)
	}
}

// The freeze closes capture, not the registry: who leaves after it leaves, and
// who enters has no answer and an exception of their own to capture them.
func TestActsGoOnAfterTheFreeze(t *testing.T) {
	o := ticket(t)
	o.Exec(`UPDATE desk.processes SET campaigns_end_at = $2 WHERE id = $1`, o.Election, o.Now())
	o.Tx(func(ctx context.Context, tx *db.Tx) error { return o.Publisher.Process(ctx, tx, o.Election) })
	o.SetNow(o.Now().Add(time.Hour))
	a := o.act(registry.Substitution, "EP27-00001")
	a.Person = newcomer
	o.done(a)
	if got := o.public(); !strings.Contains(got, "ana-prueba-rios:sustituida>olga-distinta-mar") {
		t.Errorf("the site says %q", got)
	}
	e := o.act(registry.Exception, "EP27-00003")
	e.Until = o.Now().AddDate(0, 0, 2)
	o.done(e)
	o.done(o.act(registry.Resignation, "EP27-00002"))
}
