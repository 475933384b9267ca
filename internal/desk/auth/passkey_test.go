package auth_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

func TestWhereAPasskeyMayBeUsed(t *testing.T) {
	for _, tt := range []struct {
		base, host string
		want       bool
	}{
		{"https://conoceles.ejemplo.mx", "conoceles.ejemplo.mx", true},
		{"https://conoceles.ejemplo.mx", "otro.ejemplo.mx", true}, // the device asks the browser, which is of the first alone
		{"http://127.0.0.1:8080", "127.0.0.1:8080", false},
		{"http://127.0.0.1:8080", "localhost:41234", true},
		{"http://localhost:8080", "localhost:8080", true},
		{"http://10.0.0.7:8080", "10.0.0.7:8080", false},
		{"http://127.0.0.1:8080", "malo.ejemplo.mx", false},
	} {
		keys, err := auth.NewPasskeys(nil, tt.base)
		if err != nil || keys.Available(tt.host) != tt.want {
			t.Errorf("%s at %s: %t (%v), want %t", tt.base, tt.host, !tt.want, err, tt.want)
		}
	}
}

func TestAPasskeyIsOfItsOwnerAndOfItsCeremony(t *testing.T) {
	d := newDoor(t)
	ctx := t.Context()
	keys, err := auth.NewPasskeys(d.store, "http://localhost:8080")
	if err != nil {
		t.Fatal(err)
	}
	a := d.actor(operator)
	for name, kept := range map[string][]byte{"nothing was asked": nil, "what was kept is not a ceremony": []byte("[")} {
		if err := keys.Check(ctx, "localhost:8080", a, kept, `{}`); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
	if c, err := keys.Ask(ctx, "localhost:8080", a); err != nil || c.Options != "" {
		t.Errorf("somebody without passkeys is asked %q, %v", c.Options, err)
	}
	offer, err := keys.Offer(ctx, "localhost:8080", a)
	if err != nil || !strings.Contains(offer.Options, `"challenge"`) {
		t.Fatalf("the offer is %q, %v", offer.Options, err)
	}
	add := func(name, answer string) error {
		return d.Desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
			return keys.Add(ctx, tx, "localhost:8080", a, name, offer.Kept, answer)
		})
	}
	if err := add("Teléfono", `{}`); !fault.Is(err, fault.Conflict) {
		t.Errorf("without an application of codes: %v, want Conflict", err)
	}
	d.Exec(`INSERT INTO desk.second_factors (account_id, secret, confirmed_at) VALUES ($1, 'x', now())`, a.AccountID())
	for _, tt := range []struct{ name, answer, field string }{
		{" ", `{}`, auth.PasskeyNameField}, {"Teléfono", `{}`, auth.PasskeyField}, {"Teléfono", `no`, auth.PasskeyField}, {strings.Repeat("x", 61), `{}`, auth.PasskeyNameField},
	} {
		if fields := fault.FieldsOf(add(tt.name, tt.answer)); len(fields) != 1 || fields[0].ID != tt.field {
			t.Errorf("%q, %s: %v, want a message for %s", tt.name, tt.answer, fields, tt.field)
		}
	}
	id := d.ID(`INSERT INTO desk.passkeys (account_id, name, credential_id, sealed, created_at) VALUES ($1, 'Suya', 'c', 's', now()) RETURNING id`, a.AccountID())
	d.create("aud@ejemplo.invalid", "auditoria", 0, 0)
	remove := func(who auth.Actor) error {
		return d.Desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error { return keys.Remove(ctx, tx, who, id) })
	}
	if err := remove(d.actor("aud@ejemplo.invalid")); !fault.Is(err, fault.NotFound) {
		t.Errorf("of somebody else: %v, want NotFound", err)
	}
	if c, err := keys.Ask(ctx, "localhost:8080", a); err != nil || c.Options != "" {
		t.Errorf("a passkey that does not open is asked for: %q, %v", c.Options, err)
	}
	if err := d.Desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error { return d.store.RemoveFactor(ctx, tx, a.AccountID()) }); err != nil {
		t.Fatal(err)
	}
	if list, err := keys.List(ctx, a); err != nil || len(list) != 0 {
		t.Errorf("after the factor is taken away: %v, %v, want none", list, err)
	}
}

// Whoever works at the institute sends the session only from this site's pages;
// whoever captures arrives from the links of their e-mails.
func TestTheStaffsSessionComesFromThisSiteAlone(t *testing.T) {
	d := newDoor(t)
	d.create("aud@ejemplo.invalid", "auditoria", 0, 0)
	for email, want := range map[string]http.SameSite{operator: http.SameSiteLaxMode, "aud@ejemplo.invalid": http.SameSiteStrictMode} {
		res, err := d.browser().Get(d.server.URL + "/entrar?correo=" + email)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		for _, c := range res.Cookies() {
			if c.SameSite != want || !c.HttpOnly {
				t.Errorf("%s: %v, want SameSite %v", email, c, want)
			}
		}
		if len(res.Cookies()) == 0 {
			t.Errorf("%s gets no cookie", email)
		}
	}
}
