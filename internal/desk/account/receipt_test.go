package account_test

import (
	"strings"
	"testing"
	"time"

	"conoceles/internal/fault"
)

// The signed receipt starts the capture clock of whoever captures.
func TestTheSignedReceiptStartsTheCaptureClock(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	fresh := h.ID(`INSERT INTO desk.nominators (process_id, kind, acronym, name, registry_order) VALUES ($1, 'partido', 'NUEVO', 'Partido Nuevo', 9) RETURNING id`, h.Process)
	invite := func(email string) int64 {
		n := operator(email)
		n.Acronym = "NUEVO"
		id, _ := h.invite(n)
		return id
	}
	id := invite("olga@raiz.invalid")
	made := h.Now()
	h.SetNow(made.Add(3 * time.Hour))
	for name, at := range map[string]time.Time{"never": {}, "before the invitation": made.Add(-time.Hour), "tomorrow": h.Now().Add(time.Hour)} {
		if err := h.store.RegisterReceipt(ctx, h.admin, h.key(), id, at); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
	signed := made.Add(time.Hour)
	if err := h.store.RegisterReceipt(ctx, h.admin, h.key(), id, signed); err != nil {
		t.Fatal(err)
	}
	var started time.Time
	if err := h.Desk.QueryRow(ctx, `SELECT received_at FROM desk.credential_deliveries WHERE nominator_id = $1`, fresh).Scan(&started); err != nil || !started.Equal(signed) {
		t.Errorf("the clock started at %s, %v; want %s", started, err, signed)
	}
	if err := h.store.RegisterReceipt(ctx, h.admin, h.key(), id, signed); !fault.Is(err, fault.Conflict) {
		t.Errorf("again: %v, want a conflict", err)
	}
	r, err := h.store.Receipt(ctx, h.admin, id)
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := r.PDF()
	if err != nil || !strings.HasPrefix(string(pdf), "%PDF-") {
		t.Errorf("no PDF: %v", err)
	}
	second := invite("omar@raiz.invalid")
	if err := h.store.RegisterReceipt(ctx, h.admin, h.key(), second, h.Now()); err != nil {
		t.Error(err)
	}
	if n := h.count(`SELECT count(*) FROM desk.credential_deliveries WHERE nominator_id = $1`, fresh); n != 1 {
		t.Errorf("the clock started %d times, want once", n)
	}
}
