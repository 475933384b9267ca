package archtest_test

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"testing"

	"conoceles/internal/app"
	"conoceles/internal/config"
	"conoceles/internal/db/dbtest"
)

func TestRoutesAreTheAgreedOnes(t *testing.T) {
	pg := dbtest.New(t)
	cfg, err := config.Parse(map[string]string{
		"CONOCELES_DATABASE_URL": pg.DeskURL, "CONOCELES_SITE_DATABASE_URL": pg.SiteURL,
		"CONOCELES_KEYSET": filepath.Join(t.TempDir(), "llaves.json"),
	})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler), app.Both)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close(context.Background())
	front, _, err := a.Handler(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := front.Routes().WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "routes.json", b.String())
}
