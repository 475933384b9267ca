package consent_test

import (
	"encoding/json"
	"strings"
	"testing"

	"conoceles/internal/desk/consent"
	"conoceles/internal/fault"
)

func TestTheReceiptTellsEverythingThatHappened(t *testing.T) {
	g := newGround(t)
	if _, err := g.store.Receipt(t.Context(), g.candidate, g.folio); !fault.Is(err, fault.NotFound) {
		t.Errorf("a receipt of nothing: %v", err)
	}
	if err := g.declare(0); err != nil {
		t.Fatal(err)
	}
	if err := g.attach(g.status(g.operator).Last); err != nil {
		t.Fatal(err)
	}
	if err := g.verify(g.status(g.operator)); err != nil {
		t.Fatal(err)
	}
	r, err := g.store.Receipt(t.Context(), g.candidate, g.folio)
	if err != nil {
		t.Fatal(err)
	}
	if r.Stage != consent.Confirmed || r.Decisions == nil || !r.Decisions.Publication || r.TextHash != consent.TextHash() ||
		r.TextVersion != consent.TextVersion || r.NoticeVersion != 1 || r.Medium != consent.Online || r.Document == nil || len(r.Document.Hash) != 64 {
		t.Errorf("the receipt says %+v", r)
	}
	var who []string
	for _, e := range r.Events {
		who = append(who, string(e.Kind)+" "+e.Role)
	}
	if got, want := strings.Join(who, ", "), "otorga operador, documenta operador, verifica titular"; got != want {
		t.Errorf("the history is %s, want %s", got, want)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"opera@hor.mx", "titular@iep.example"} {
		if strings.Contains(string(text), name) {
			t.Errorf("the receipt names %s", name)
		}
	}
	if _, err := r.PDF(); err != nil {
		t.Error(err)
	}

	if err := g.store.Withdraw(t.Context(), g.candidate, g.folio, ""); err != nil {
		t.Fatal(err)
	}
	r, err = g.store.Receipt(t.Context(), g.candidate, g.folio)
	if err != nil || r.Decisions != nil || r.Stage != consent.Gone || r.Code != "" {
		t.Errorf("after the withdrawal: %+v, error %v", r, err)
	}
}

// A page printed before a new declaration carries another code.
func TestTheCodeIsOfOneDeclaration(t *testing.T) {
	g := newGround(t)
	if _, err := g.store.Format(t.Context(), g.operator, g.folio); !fault.Is(err, fault.Conflict) {
		t.Errorf("a format of no declaration: %v, want a conflict", err)
	}
	seen := map[string]bool{}
	for range 3 {
		if err := g.declare(g.status(g.operator).Last); err != nil {
			t.Fatal(err)
		}
		form, err := g.store.Format(t.Context(), g.operator, g.folio)
		if err != nil {
			t.Fatal(err)
		}
		again, err := g.store.Format(t.Context(), g.operator, g.folio)
		if err != nil || again.Code != form.Code {
			t.Errorf("the same declaration gave %q and %q", form.Code, again.Code)
		}
		if len(form.Code) != 14 || seen[form.Code] {
			t.Errorf("the code is %q", form.Code)
		}
		if form.Marks == nil || !form.Marks[1] || form.Folio != g.folio || !strings.HasSuffix(form.Address, "#"+form.Code) {
			t.Errorf("the format is %+v", form)
		}
		seen[form.Code] = true
	}
}
