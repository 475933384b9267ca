package retention

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/fault"
)

func TestNobodyConfirmsTheirOwn(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	erase := NewAct{Kind: Erase, Folio: s.folios[0], Basis: "ARCO-1", BasisDate: desktest.Start}
	id, err := s.store.Propose(ctx, s.head, "", erase)
	s.must(err)
	if err := s.store.Confirm(ctx, s.head, "", id); !fault.Is(err, fault.Conflict) {
		t.Errorf("its own proposal: %v, want Conflict", err)
	}
	if _, err := s.store.Propose(ctx, s.other, "", erase); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second one like it: %v, want Conflict", err)
	}
	stranger := auth.Head{Who: auth.Who{Account: s.other.Account, Process: s.Process + 1}}
	if err := s.store.Confirm(ctx, stranger, "", id); !fault.Is(err, fault.NotFound) {
		t.Errorf("of another process: %v, want NotFound", err)
	}
	key := uuid.NewString()
	s.must(s.store.Confirm(ctx, s.other, key, id))
	s.must(s.store.Confirm(ctx, s.other, key, id)) // the same form, sent again
	if err := s.store.Confirm(ctx, s.second, "", id); !fault.Is(err, fault.Conflict) {
		t.Errorf("confirmed twice: %v, want Conflict", err)
	}
	if err := s.store.Discard(ctx, s.second, "", id, "Era un error"); !fault.Is(err, fault.Conflict) {
		t.Errorf("discarded after it was done: %v, want Conflict", err)
	}
	if _, err := s.store.Propose(ctx, s.head, "", erase); !fault.Is(err, fault.Conflict) {
		t.Errorf("erased again: %v, want Conflict", err)
	}
}

func TestWhatIsProposedBadly(t *testing.T) {
	s := newStage(t)
	day := desktest.Start
	for _, tt := range []struct {
		name string
		act  NewAct
		want string
	}{
		{"no class", NewAct{Kind: "todo"}, "clase"},
		{"no basis", NewAct{Kind: Erase, Folio: s.folios[0], BasisDate: day}, "sustento"},
		{"no date", NewAct{Kind: Erase, Folio: s.folios[0], Basis: "A/1"}, "fecha"},
		{"a date to come", NewAct{Kind: Erase, Folio: s.folios[0], Basis: "A/1", BasisDate: day.AddDate(0, 0, 2)}, "fecha"},
		{"nobody's folio", NewAct{Kind: Erase, Folio: "NO-1", Basis: "A/1", BasisDate: day}, "folio"},
		{"a request that is not", NewAct{Kind: Erase, Folio: s.folios[0], Request: "ARCO-9", Basis: "A/1", BasisDate: day}, "solicitud"},
		{"no instant", NewAct{Kind: SiteEnd, Basis: "A/1", BasisDate: day}, "desde"},
		{"before the election", NewAct{Kind: SiteEnd, Basis: "A/1", BasisDate: day, EffectiveAt: day.AddDate(0, 0, 5)}, "desde"},
		{"no reason to open", NewAct{Kind: Opening, Folio: s.folios[0], Basis: "A/1", BasisDate: day, Reason: "porque"}, "motivo"},
	} {
		_, err := s.store.Propose(context.Background(), s.head, "", tt.act)
		fields := fault.FieldsOf(err)
		if len(fields) == 0 || fields[0].ID != tt.want {
			t.Errorf("%s: %v, want a message for %s", tt.name, err, tt.want)
		}
	}
}

func TestTheFileOfMarks(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	s.must(s.consents.WithdrawOnPaper(ctx, s.head, s.folios[0], "", s.Now(), ""))
	info, err := os.Stat(s.file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the file: %v, mode %v", err, info.Mode())
	}
	text, err := os.ReadFile(s.file)
	s.must(err)
	for _, secret := range []string{word, "Marisol", "Inventada", "@"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the file says %q: %s", secret, text)
		}
	}
	// A power cut in the middle of a line that nobody was told about.
	s.must(os.WriteFile(s.file, append(text, []byte(`{"base":"x","fec`)...), 0o600))
	s.must(s.consents.WithdrawOnPaper(ctx, s.head, s.folios[1], "", s.Now(), ""))
	id, err := origin(ctx, s.Desk)
	s.must(err)
	if all, err := s.log.marks(id); err != nil || len(all) != 2 {
		t.Errorf("%d marks (%v), want 2", len(all), err)
	}

	for name, change := range map[string]func(string) string{
		"a line changed":   func(s string) string { return strings.Replace(s, `"retiro"`, `"bloqueo"`, 1) },
		"a line taken out": func(s string) string { _, rest, _ := strings.Cut(s, "\n"); return rest },
	} {
		whole, err := os.ReadFile(s.file)
		s.must(err)
		path := filepath.Join(t.TempDir(), "otro.jsonl")
		s.must(os.WriteFile(path, []byte(change(string(whole))), 0o600))
		if _, err := OpenLog(path); err == nil {
			t.Errorf("%s: it opens", name)
		}
	}
	s.must(os.Chmod(s.file, 0o644))
	if _, err := OpenLog(s.file); err == nil {
		t.Error("a file that others read opens")
	}
}

func TestASiteEndMayCome(t *testing.T) {
	s := newStage(t)
	s.later(0, 0, 1)
	s.act(NewAct{Kind: SiteEnd, Basis: "A/1", BasisDate: desktest.Start, EffectiveAt: s.Now().Add(-time.Minute)})
	if got := s.text(`SELECT count(*)::text FROM site.candidacies`); got != "0" {
		t.Errorf("the site shows %s candidacies", got)
	}
	s.clean()
}
