package archtest_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"conoceles/internal/archtest"
)

// upkeep lists who writes without an entry in the bitácora, and why it is nobody's
// act. Whatever is not here goes through db.Desk.Do, which writes the entry in the
// same transaction; the server refuses any other way (db.OpenDesk).
var upkeep = map[string]string{
	"internal/desk/account/link.go":             "a request to recover an account, whose entry is written when there is one to recover",
	"internal/desk/audit/audit.go":              "the chain of the entries themselves",
	"internal/desk/agenda/event.go":             "the lock of a round, whose acts have an entry each",
	"internal/desk/auth/factor.go":              "the step of a code that was used",
	"internal/desk/auth/passkey.go":             "the counter of a passkey that was proved",
	"internal/desk/auth/rescue.go":              "what somebody typed when their session ended, kept for an hour",
	"internal/desk/auth/session.go":             "sessions",
	"internal/desk/auth/store.go":               "counters of logins",
	"internal/desk/auth/throttle.go":            "counters of attempts, told in an entry of their own when there are many",
	"internal/desk/internal/identity/rewrap.go": "keys wrapped again in the course of a rotation, which has its entry",
	"internal/desk/internal/identity/rotate.go": "the lock of a rotation, which has its entry",
	"internal/desk/notify/dispatch.go":          "whether an e-mail left",
	"internal/desk/publish/log.go":              "the leaves of the register",
	"internal/desk/registry/uploads.go":         "a file that waits to be reviewed, before anybody decides",
	"internal/desk/report/job.go":               "how far a report that was asked for has come",
	"internal/desk/usage/usage.go":              "counts of visits, which are of nobody",
}

var usesUpkeep = regexp.MustCompile(`\.Upkeep\(`)

func TestOnlyWhatIsNobodysActLeavesNoEntry(t *testing.T) {
	root, _ := tree(t)
	found := map[string]bool{}
	err := archtest.Files(root, ".go", func(path string, content []byte) error {
		if !strings.HasSuffix(path, "_test.go") && !under(path, "internal/desk/desktest") && !under(path, "internal/db") && usesUpkeep.Match(content) {
			found[path] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range slices.Sorted(maps.Keys(found)) {
		if upkeep[path] == "" {
			t.Errorf("%s writes with no entry in the bitácora and is not among those that may", path)
		}
	}
	for path := range upkeep {
		if !found[path] {
			t.Errorf("%s is among those that write with no entry and does not", path)
		}
	}
}
