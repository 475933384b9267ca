package consent_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"conoceles/internal/db"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/desk/keys"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

func TestCustodyRotatesUnderAServerThatRuns(t *testing.T) {
	w := desktest.New(t)
	path := filepath.Join(t.TempDir(), "llaves.json")
	open := func() *keys.Ring {
		t.Helper()
		ring, err := keys.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		return ring
	}
	server := identity.New(open())
	candidacy := w.Candidacy(w.Nominator(election.Party, "HOR"), "Ana", "Ficticia")
	w.Tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := server.Save(ctx, tx, identity.Entry{
			Process: w.Process, Candidacy: candidacy, Questionnaire: questionnaire.Identity(),
			Answers: questionnaire.Answers{questionnaire.Indigenous: {Text: questionnaire.Yes}},
		})
		return err
	})
	before := w.ID(`SELECT keyset_key FROM sensitive.candidacy_keys`)

	ctx := context.Background()
	custody := consent.NewCustody(w.Desk, open(), db.System{Name: "llaves"})
	prepared, err := custody.Prepare(ctx)
	if err != nil {
		t.Fatal(err)
	}
	key, wrapped, err := custody.Rotate(ctx)
	if err != nil || key != prepared || wrapped != 1 {
		t.Fatalf("got key %d, %d wrapped, %v; want the prepared %d and 1", key, wrapped, err, prepared)
	}
	if ring := open(); !ring.Has(uint32(before)) {
		t.Error("the old key left before it was retired")
	}
	if err := custody.Retire(ctx); err != nil {
		t.Fatal(err)
	}
	if ring := open(); ring.Has(uint32(before)) || !ring.Has(key) {
		t.Error("the file does not have the new key alone")
	}
	answers, err := server.Load(ctx, w.Desk, w.Process, candidacy, identity.Last, identity.Verification)
	if err != nil {
		t.Fatalf("the server cannot read any more: %v", err)
	}
	if opened, err := answers.Open(identity.Verification); err != nil || !opened.Is(questionnaire.Indigenous, questionnaire.Yes) {
		t.Errorf("what was answered changed, or %v", err)
	}
	for _, kind := range []string{"llaves.preparar", "llaves.rotar", "llaves.retirar"} {
		if n := w.ID(`SELECT count(*) FROM audit.entries WHERE kind = $1 AND role = 'sistema:llaves'`, kind); n == 0 {
			t.Errorf("no entry of %s", kind)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is left as %v, %v", info.Mode(), err)
	}
}
