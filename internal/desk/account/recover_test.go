package account_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"conoceles/internal/desk/account"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

func TestRecoveringAnAccessAnswersTheSameToEverybody(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	id, token := h.invite(operator("olga@raiz.invalid"))
	if _, err := h.store.Activate(ctx, token, phrase); err != nil {
		t.Fatal(err)
	}
	for _, email := range []string{"nadie@raiz.invalid", "olga@raiz.invalid", "v@raiz.invalid"} {
		if err := h.store.Recover(ctx, email, auth.Visitor{}); err != nil {
			t.Errorf("%s: %v", email, err)
		}
	}
	link := h.token("olga@raiz.invalid")
	if got, err := h.store.Reset(ctx, link, "otra frase larga y distinta", ""); err != nil || got != id {
		t.Fatalf("got %d, %v", got, err)
	}
	if h.enters("olga@raiz.invalid", phrase) || !h.enters("olga@raiz.invalid", "otra frase larga y distinta") {
		t.Error("the password did not change")
	}
	if body := h.mail("olga@raiz.invalid"); !strings.Contains(body, "contraseña de Conóceles cambió") {
		t.Errorf("she is not told: %s", body)
	}
	if _, err := h.store.Reset(ctx, link, phrase, ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("the link again: %v, want not found", err)
	}
	// Three in an hour, and no more.
	before := h.count(`SELECT count(*) FROM desk.access_links`)
	for range 6 {
		if err := h.store.Recover(ctx, "olga@raiz.invalid", auth.Visitor{Address: "192.0.2.1"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := h.count(`SELECT count(*) FROM desk.access_links`) - before; got > 3 {
		t.Errorf("%d links were sent in a minute, want three at most", got)
	}
	h.SetNow(h.Now().Add(30 * time.Minute))
	if _, err := h.store.Recovery(ctx, h.token("olga@raiz.invalid")); !fault.Is(err, fault.NotFound) {
		t.Errorf("thirty minutes later: %v, want not found", err)
	}
}

// A mailbox alone does not give the account of whoever has a second factor.
func TestRecoveringTakesTheSecondFactorOfWhoeverHasOne(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	id, token := h.invite(operator("olga@raiz.invalid"))
	if _, err := h.store.Activate(ctx, token, phrase); err != nil {
		t.Fatal(err)
	}
	secret := strings.Repeat("ABCDEFGH", 4)
	code := func() string {
		c, err := totp.GenerateCode(secret, h.Now())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	codes, err := h.store.Enrol(ctx, auth.Operator{Who: auth.Who{Account: id, Process: h.Process}}, auth.Seed{Secret: secret}, code())
	if err != nil || len(codes) == 0 {
		t.Fatal(err)
	}
	h.SetNow(h.Now().Add(time.Minute))
	if err := h.store.Recover(ctx, "olga@raiz.invalid", auth.Visitor{}); err != nil {
		t.Fatal(err)
	}
	link := h.token("olga@raiz.invalid")
	for _, wrong := range []string{"", "000000"} {
		if _, err := h.store.Reset(ctx, link, "otra frase larga y distinta", wrong); !fault.Is(err, fault.Invalid) {
			t.Errorf("with the code %q: %v, want invalid", wrong, err)
		}
	}
	if _, err := h.store.Reset(ctx, link, "otra frase larga y distinta", code()); err != nil {
		t.Errorf("with the code: %v", err)
	}
	// Who lost both comes in person, and two others let them choose again.
	if err := h.store.RequestReset(ctx, h.admin, h.key(), id, "Credencial para votar"); err != nil {
		t.Fatal(err)
	}
	list, err := h.store.Requests(ctx, h.peer)
	if err != nil || len(list) != 1 || list[0].Kind != account.Reset {
		t.Fatalf("got %+v, %v", list, err)
	}
	if err := h.store.Confirm(ctx, h.admin, h.key(), list[0].ID); !fault.Is(err, fault.Forbidden) {
		t.Errorf("whoever asked: %v, want forbidden", err)
	}
	if err := h.store.Confirm(ctx, h.peer, h.key(), list[0].ID); err != nil {
		t.Fatal(err)
	}
	if h.enters("olga@raiz.invalid", "otra frase larga y distinta") {
		t.Error("the old password still enters")
	}
	if f, err := h.auth.Factor(ctx, id); err != nil || f.Enrolled || f.Codes != 0 {
		t.Errorf("the second factor is still there: %+v, %v", f, err)
	}
	if _, err := h.store.Activate(ctx, h.token("olga@raiz.invalid"), phrase); err != nil {
		t.Errorf("the new link: %v", err)
	}
}
