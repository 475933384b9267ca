package auth_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// codeAt is what an application of codes shows.
func codeAt(t testing.TB, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// enrolled gives the operator a second factor.
func (h *house) enrolled() (account int64, secret string, codes []string) {
	h.T.Helper()
	account = h.ID(`SELECT id FROM desk.accounts WHERE email = $1`, operator)
	secret = strings.Repeat("ABCDEFGH", 4)
	h.Tx(func(ctx context.Context, tx *db.Tx) (err error) {
		codes, err = h.store.Enrol(ctx, tx, account, auth.Seed{Secret: secret}, codeAt(h.T, secret, h.Now()))
		return err
	})
	h.SetNow(h.Now().Add(time.Minute)) // that code is used
	return account, secret, codes
}

func TestACodeWorksOnceAndOnlyAroundItsMoment(t *testing.T) {
	h := newHouse(t)
	account, secret, _ := h.enrolled()
	for _, tt := range []struct {
		name string
		at   time.Duration
		want fault.Kind
	}{
		{"two intervals ago", -time.Minute, fault.Invalid},
		{"two intervals ahead", time.Minute, fault.Invalid},
		{"the one before", -30 * time.Second, fault.KindOf(nil)},
		{"now", 0, fault.KindOf(nil)},
		{"now, again", 0, fault.Invalid},
		{"the one before, after a later one", -30 * time.Second, fault.Invalid},
	} {
		h.Exec(`DELETE FROM desk.login_failures`)
		err := h.store.CheckCode(t.Context(), account, codeAt(t, secret, h.Now().Add(tt.at)))
		if (err == nil) != (tt.want == fault.KindOf(nil)) || err != nil && !fault.Is(err, tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	for _, code := range []string{"", "000000", "12345", "abcdef", "１２３４５６", strings.Repeat("9", 5000)} {
		h.Exec(`DELETE FROM desk.login_failures`)
		if err := h.store.CheckCode(t.Context(), account, code); !fault.Is(err, fault.Invalid) {
			t.Errorf("%.10q: %v, want invalid", code, err)
		}
	}
}

func TestOfManyWhoSendTheSameCodeAtOnceOneEnters(t *testing.T) {
	h := newHouse(t)
	account, secret, codes := h.enrolled()
	for name, code := range map[string]string{"of the application": codeAt(t, secret, h.Now()), "of recovery": codes[0]} {
		var all sync.WaitGroup
		results := make(chan error, 4)
		for range 4 {
			all.Go(func() { results <- h.store.CheckCode(t.Context(), account, code) })
		}
		all.Wait()
		close(results)
		entered := 0
		for err := range results {
			if err == nil {
				entered++
			}
		}
		if entered != 1 {
			t.Errorf("the code %s let %d in, want one", name, entered)
		}
		h.Exec(`DELETE FROM desk.login_failures`)
	}
}

func TestRecoveryCodesWorkOnceAndTheTableDoesNotHaveThem(t *testing.T) {
	h := newHouse(t)
	account, secret, codes := h.enrolled()
	if len(codes) != 10 {
		t.Fatalf("%d codes, want 10", len(codes))
	}
	if err := h.store.CheckCode(t.Context(), account, strings.ToLower(strings.ReplaceAll(codes[3], "-", " "))); err != nil {
		t.Errorf("as somebody types it: %v", err)
	}
	if err := h.store.CheckCode(t.Context(), account, codes[3]); !fault.Is(err, fault.Invalid) {
		t.Errorf("again: %v, want invalid", err)
	}
	other := h.Account("otra@ejemplo.invalid", "operador", h.party, 0)
	if err := h.store.CheckCode(t.Context(), other, codes[4]); !fault.Is(err, fault.Invalid) {
		t.Errorf("somebody else's: %v, want invalid", err)
	}
	f, err := h.store.Factor(t.Context(), account)
	if err != nil || !f.Enrolled || f.Codes != 9 {
		t.Errorf("got %+v, %v", f, err)
	}
	h.Tx(func(ctx context.Context, tx *db.Tx) error { _, err := h.store.NewCodes(ctx, tx, account); return err })
	if err := h.store.CheckCode(t.Context(), account, codes[4]); !fault.Is(err, fault.Invalid) {
		t.Errorf("after asking for new ones: %v, want invalid", err)
	}
	var sealed []byte
	if err := h.Desk.QueryRow(t.Context(), `SELECT secret FROM desk.second_factors`).Scan(&sealed); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte(secret)) {
		t.Error("the table has the seed in the clear")
	}
}

func TestGuessingACodeWaits(t *testing.T) {
	h := newHouse(t)
	account, secret, _ := h.enrolled()
	for range 5 {
		if err := h.store.CheckCode(t.Context(), account, "000000"); !fault.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
	}
	if err := h.store.CheckCode(t.Context(), account, codeAt(t, secret, h.Now())); !fault.Is(err, fault.TooMany) {
		t.Errorf("after five: %v, want a wait", err)
	}
}

// A seed sealed for one account does not open for another, nor altered.
func TestASeedMovedToAnotherAccountDoesNotOpen(t *testing.T) {
	h := newHouse(t)
	account, secret, _ := h.enrolled()
	other := h.Account("otra@ejemplo.invalid", "operador", h.party, 0)
	h.Exec(`INSERT INTO desk.second_factors (account_id, secret, confirmed_at) SELECT $2, secret, confirmed_at FROM desk.second_factors WHERE account_id = $1`, account, other)
	if err := h.store.CheckCode(t.Context(), other, codeAt(t, secret, h.Now())); err == nil {
		t.Error("the seed of one account lets another in")
	}
}

func TestWhoMustHaveASecondFactor(t *testing.T) {
	h := newHouse(t)
	for _, tt := range []struct {
		policy, role string
		demo, want   bool
	}{
		{"instituto", "operador", false, false},
		{"instituto", "candidata", false, false},
		{"instituto", "administracion", false, true},
		{"instituto", "auditoria", false, true},
		{"todas", "operador", false, true},
		{"ninguna", "administracion", true, false},
	} {
		h.Exec(`UPDATE desk.processes SET demo = $1, second_factor = $2`, tt.demo, tt.policy)
		nominator, candidacy := int64(0), int64(0)
		switch tt.role {
		case "operador":
			nominator = h.party
		case "candidata":
			candidacy = h.Candidacy(h.party, "Ana", "Ejemplo")
		}
		h.create("x@ejemplo.invalid", tt.role, nominator, candidacy)
		f, err := h.store.Factor(t.Context(), h.ID(`SELECT id FROM desk.accounts WHERE email = 'x@ejemplo.invalid'`))
		if err != nil || f.Required != tt.want {
			t.Errorf("%s, %s: required %v, %v; want %v", tt.policy, tt.role, f.Required, err, tt.want)
		}
	}
	// A real process can never do without it, whatever asks.
	err := h.Desk.Upkeep(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return tx.Exec(ctx, `UPDATE desk.processes SET demo = false, second_factor = 'ninguna'`)
	})
	if db.Constraint(err) != "processes_second_factor_demo" {
		t.Errorf("a real process without a second factor: %v", err)
	}
	// With a role in two processes, the strictest decides.
	h.Exec(`UPDATE desk.processes SET demo = true, second_factor = 'ninguna'`)
	h.Exec(`INSERT INTO desk.processes (key, name, kind, folio_prefix, created_at) VALUES ('real', 'Real', 'eleccion', 'REA', '2020-01-01')`)
	h.create("x@ejemplo.invalid", "auditoria", 0, 0)
	h.Exec(`INSERT INTO desk.grants (account_id, process_id, role)
SELECT a.id, p.id, 'auditoria' FROM desk.accounts a, desk.processes p WHERE a.email = 'x@ejemplo.invalid' AND p.key = 'real'`)
	if f, err := h.store.Factor(t.Context(), h.ID(`SELECT id FROM desk.accounts WHERE email = 'x@ejemplo.invalid'`)); err != nil || !f.Required {
		t.Errorf("with a role in a real process too: %+v, %v", f, err)
	}
}
