package publish_test

import (
	"context"
	"testing"

	"conoceles/internal/db"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/publish"
)

func TestTheKillSwitchIsSeenByTheSiteAndByNothingBeforeItsCommit(t *testing.T) {
	w := desktest.New(t)
	seen := func() (hidden bool) {
		t.Helper()
		if err := w.Site.QueryRow(context.Background(), `SELECT identity_hidden FROM site.mode`).Scan(&hidden); err != nil {
			t.Fatal(err)
		}
		return hidden
	}
	for _, hidden := range []bool{true, true, false} {
		before := seen()
		w.Tx(func(ctx context.Context, tx *db.Tx) error {
			err := publish.SetIdentityHidden(ctx, tx, hidden)
			if got := seen(); got != before {
				t.Errorf("before the commit the site sees %t, want %t", got, before)
			}
			return err
		})
		if got := seen(); got != hidden {
			t.Errorf("the site sees %t, want %t", got, hidden)
		}
	}
}
