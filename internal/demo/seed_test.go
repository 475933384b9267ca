package demo_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/db/dbtest"
	"conoceles/internal/demo"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/keys"
	"conoceles/internal/desk/publish"
	"conoceles/internal/desk/registry"
	"conoceles/internal/desk/review"
)

func seeder(t testing.TB, size int) demo.Seeder {
	t.Helper()
	pg := dbtest.New(t)
	desk, err := db.OpenDesk(context.Background(), pg.DeskURL, time.Now, []byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(desk.Close)
	store, err := auth.NewStore(desk)
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := registry.DefaultCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	ring, err := keys.Open(filepath.Join(t.TempDir(), "llaves.json"))
	if err != nil {
		t.Fatal(err)
	}
	pub := publish.New(ring)
	consents := consent.New(desk, pub, ring, "http://conoceles.invalid")
	return demo.Seeder{
		Desk: desk, Registry: registry.New(desk, pub, catalogue), Accounts: store, Consents: consents,
		Identity: capture.NewIdentity(desk, pub, consents, ring), Reviews: review.New(desk, pub), Seed: 7, Size: size,
	}
}

func TestTheDemonstrationIsWholeAndSeedingAgainChangesNothing(t *testing.T) {
	s := seeder(t, 900)
	start := time.Now()
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Logf("seeded in %v", time.Since(start))
	count := func(sql string) (n int) {
		t.Helper()
		if err := s.Desk.QueryRow(t.Context(), sql).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count(`SELECT count(*) FROM site.candidacies`); n < 900 {
		t.Errorf("%d candidacies are public, want 900 or more", n)
	}
	if n := count(`SELECT count(*) FROM site.profiles`); n < 450 {
		t.Errorf("%d profiles are public, want half of them or more", n)
	}
	if n := count(`SELECT count(*) FROM site.candidacies WHERE identity_state = 'publica'`); n < 3 {
		t.Errorf("%d candidacies publish identity answers, want several", n)
	}
	if n := count(`SELECT count(*) FROM site.candidacies WHERE identity_state = 'respondido'`); n < 2 {
		t.Errorf("%d candidacies answered without publishing, want several", n)
	}
	for _, a := range demo.Accounts() {
		if _, err := s.Accounts.Login(t.Context(), a.Email, demo.Password, auth.Visitor{}); err != nil {
			t.Errorf("%s cannot enter: %v", a.Email, err)
		}
	}
	before := count(`SELECT count(*) FROM audit.entries`)
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := count(`SELECT count(*) FROM audit.entries`); after != before {
		t.Error("seeding again did something")
	}
}
