package auth_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

const operator = "operador@ejemplo.invalid"

func (h *house) try(email, password string, v auth.Visitor) fault.Kind {
	_, err := h.store.Login(h.T.Context(), email, password, v)
	return fault.KindOf(err)
}

func (h *house) fails(n int, v auth.Visitor) {
	h.T.Helper()
	for i := range n {
		if got := h.try(operator, "otra", v); got != fault.Invalid {
			h.T.Fatalf("failure %d ended as %s", i+1, got)
		}
	}
}

// Whoever fails on purpose to keep somebody out does not: their own browser waits
// for nobody.
func TestAStrangersFailuresDoNotKeepAPersonOutOfTheirBrowser(t *testing.T) {
	h := newHouse(t)
	mine := auth.Visitor{Address: "192.0.2.1", Device: h.store.DeviceCookie(operator)}
	h.fails(5, auth.Visitor{Address: "198.51.100.1"})
	if got := h.try(operator, password, auth.Visitor{Address: "192.0.2.1"}); got != fault.TooMany {
		t.Errorf("from a new browser: %s, want a wait", got)
	}
	if _, err := h.store.Login(t.Context(), operator, password, mine); err != nil {
		t.Errorf("from their own browser: %v", err)
	}
	for name, cookie := range map[string]string{
		"of another address": h.store.DeviceCookie("otra@ejemplo.invalid"), "altered": mine.Device + "x", "none": "", "a point": ".",
	} {
		h.Exec(`DELETE FROM desk.login_failures`)
		h.fails(5, auth.Visitor{})
		if got := h.try(operator, password, auth.Visitor{Device: cookie}); got != fault.TooMany {
			t.Errorf("with a cookie %s: %s, want a wait", name, got)
		}
	}
	// And it is no way around: the browser has failures of its own.
	h.Exec(`DELETE FROM desk.login_failures`)
	h.fails(5, mine)
	if got := h.try(operator, password, mine); got != fault.TooMany {
		t.Errorf("five failures from a known browser: %s, want a wait", got)
	}
}

func TestWaitsGrowAndStopAtAQuarterOfAnHour(t *testing.T) {
	h := newHouse(t)
	h.fails(5, auth.Visitor{})
	for n, want := range []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900} {
		want *= time.Second
		h.SetNow(h.Now().Add(want - time.Second))
		if got := h.try(operator, password, auth.Visitor{}); got != fault.TooMany {
			t.Fatalf("failure %d: a second before %s: %s, want a wait", 5+n, want, got)
		}
		h.SetNow(h.Now().Add(time.Second))
		h.fails(1, auth.Visitor{})
	}
	h.SetNow(h.Now().Add(15 * time.Minute))
	if _, err := h.store.Login(t.Context(), operator, password, auth.Visitor{}); err != nil {
		t.Errorf("after the longest wait, the right password: %v", err)
	}
}

// When waiting begins it is in the bitácora, once, and without anybody's address.
func TestTheBitacoraSaysThatSomebodyKeepsFailing(t *testing.T) {
	h := newHouse(t)
	entries := func(what string) (n int) {
		const q = `SELECT count(*) FROM audit.entries WHERE kind = 'sesion.intentos' AND position($1 IN object || details::text) > 0`
		if err := h.Desk.QueryRow(t.Context(), q, what).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	h.fails(4, auth.Visitor{})
	if n := entries(""); n != 0 {
		t.Errorf("after four failures, %d entries, want none", n)
	}
	h.fails(1, auth.Visitor{})
	h.SetNow(h.Now().Add(time.Second))
	h.fails(1, auth.Visitor{})
	if n := entries(""); n != 1 {
		t.Errorf("after six failures, %d entries, want one", n)
	}
	if entries("operador") != 0 || entries("otra") != 0 {
		t.Error("the entry has the address or what was typed")
	}
}

// One address that tries many accounts waits, whatever the accounts.
func TestAnAddressThatSpraysWaits(t *testing.T) {
	h := newHouse(t)
	spray := auth.Visitor{Address: "198.51.100.7"}
	for i := range 20 {
		if got := h.try("persona"+strconv.Itoa(i)+"@ejemplo.invalid", "otra", spray); got != fault.Invalid {
			t.Fatalf("attempt %d: %s", i, got)
		}
	}
	if got := h.try(operator, password, spray); got != fault.TooMany {
		t.Errorf("the twenty-first account: %s, want a wait", got)
	}
	if _, err := h.store.Login(t.Context(), operator, password, auth.Visitor{Address: "192.0.2.9"}); err != nil {
		t.Errorf("from another address: %v", err)
	}
	var clear int
	const q = `SELECT count(*) FROM desk.login_failures WHERE position('198.51.100.7'::bytea IN email_hash) > 0 OR octet_length(email_hash) <> 32`
	if err := h.Desk.QueryRow(t.Context(), q).Scan(&clear); err != nil || clear != 0 {
		t.Errorf("%d rows keep an address in the clear (%v)", clear, err)
	}
	h.SetNow(h.Now().Add(25 * time.Hour))
	h.fails(1, auth.Visitor{})
	var left int
	if err := h.Desk.QueryRow(t.Context(), `SELECT count(DISTINCT at) FROM desk.login_failures`).Scan(&left); err != nil || left != 1 {
		t.Errorf("a day later %d instants are kept, want the last alone (%v)", left, err)
	}
}

// After a hundred failures in a row a new browser does not enter, even with the
// right password; the person's own does, and so does whoever recovers the access.
func TestAHundredFailuresCloseTheAccountToNewBrowsersAlone(t *testing.T) {
	h := newHouse(t)
	h.Exec(`UPDATE desk.accounts SET failures = 100`)
	if got := h.try(operator, password, auth.Visitor{}); got != fault.Invalid {
		t.Errorf("a new browser: %s, want the answer of any failure", got)
	}
	if _, err := h.store.Login(t.Context(), operator, password, auth.Visitor{Device: h.store.DeviceCookie(operator)}); err != nil {
		t.Errorf("their own browser: %v", err)
	}
	h.Exec(`UPDATE desk.accounts SET failures = 100`)
	h.Exec(`DELETE FROM desk.login_failures`)
	h.Tx(func(ctx context.Context, tx *db.Tx) error {
		hash, err := h.store.Hash(ctx, password)
		if err != nil {
			return err
		}
		return h.store.SetPassword(ctx, tx, h.ID(`SELECT id FROM desk.accounts WHERE email = $1`, operator), hash)
	})
	if _, err := h.store.Login(t.Context(), operator, password, auth.Visitor{}); err != nil {
		t.Errorf("after recovering it: %v", err)
	}
}

// Nobody learns from the time of an answer whether an account exists. The samples
// alternate, so that whatever else the machine does falls on all alike, and the
// medians are compared: a difference must be both large and larger than the noise.
func TestAnswersTakeTheSameTime(t *testing.T) {
	h := newHouse(t)
	h.create("suspendida@ejemplo.invalid", "auditoria", 0, 0)
	h.Exec(`UPDATE desk.accounts SET active = false WHERE email = 'suspendida@ejemplo.invalid'`)
	if diff, noise := h.timing(operator, "nadie@ejemplo.invalid"); diff > 3*time.Millisecond && diff > noise {
		t.Errorf("wrong and unknown differ by %s, with a noise of %s", diff, noise)
	}
	if diff, noise := h.timing(operator, "suspendida@ejemplo.invalid"); diff > 3*time.Millisecond && diff > noise {
		t.Errorf("wrong and suspended differ by %s, with a noise of %s", diff, noise)
	}
}

// timing returns how much the medians of two answers differ, and half the distance
// between the quartiles of one.
func (h *house) timing(a, b string) (diff, noise time.Duration) {
	h.T.Helper()
	const pairs = 40
	samples := map[string][]time.Duration{}
	for range pairs {
		order := []string{a, b}
		if rand.IntN(2) == 0 {
			order = []string{b, a}
		}
		for _, email := range order {
			h.Exec(`DELETE FROM desk.login_failures`)
			start := time.Now()
			if got := h.try(email, "otra", auth.Visitor{}); got != fault.Invalid {
				h.T.Fatalf("%s: %s", email, got)
			}
			samples[email] = append(samples[email], time.Since(start))
		}
	}
	slices.Sort(samples[a])
	slices.Sort(samples[b])
	diff = samples[a][pairs/2] - samples[b][pairs/2]
	if diff < 0 {
		diff = -diff
	}
	return diff, (samples[a][pairs*3/4] - samples[a][pairs/4]) / 2
}
