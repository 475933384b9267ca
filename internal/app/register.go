package app

import (
	"context"
	"path/filepath"
	"time"

	"conoceles/internal/desk/audit"
	"conoceles/internal/desk/publish"
	"conoceles/internal/ledger"
)

// sequenceEvery is how late an entry or a publication is chained after its act.
const sequenceEvery = 2 * time.Second

// witnessName is the file of checkpoints, beside the keys.
const witnessName = "sellos.jsonl"

// openRegister makes who chains the bitácora and who grows the register. Both sign
// with a key that comes from the keyset file.
func (a *App) openRegister() error {
	notary, err := ledger.NewNotary(a.Keys.LogSeed())
	if err != nil {
		return err
	}
	a.Chain = audit.Chain{Desk: a.Desk, Notary: notary}
	a.Register = publish.Register{Desk: a.Desk, Notary: notary}
	a.Witness = audit.Witness{Path: filepath.Join(filepath.Dir(a.Config.Keyset), witnessName)}
	return nil
}

// Sequence chains what was done, gives a leaf to what was published and, once an
// hour, keeps the checkpoints outside the database.
func (a *App) Sequence(ctx context.Context) error {
	if _, err := a.Chain.Sequence(ctx); err != nil {
		return err
	}
	if _, err := a.Register.Sequence(ctx); err != nil {
		return err
	}
	return a.Witness.Keep(ctx, a.Desk)
}

// LogState is what VerifyRegister found, and of how much.
type LogState struct {
	What    []string // every difference, in Spanish
	Leaves  int64    // of the public register
	Entries int64    // chained
	Pending int64    // entries that wait for their place
	Kept    int      // checkpoints from outside the database
}

// VerifyRegister writes the register and the chain again, and compares them with
// what there is and with the checkpoints kept outside: those beside the keys and
// those of another file, if one is named. It changes nothing.
func (a *App) VerifyRegister(ctx context.Context, other string) (LogState, error) {
	var s LogState
	kept, err := a.Witness.Checkpoints()
	if err != nil {
		return s, err
	}
	if other != "" {
		more, err := audit.Witness{Path: other}.Checkpoints()
		if err != nil {
			return s, err
		}
		kept = append(kept, more...)
	}
	s.Kept = len(kept)
	register, err := a.Register.Verify(ctx, kept...)
	if err != nil {
		return s, err
	}
	chain, err := a.Chain.Verify(ctx, kept...)
	if err != nil {
		return s, err
	}
	for _, f := range register {
		s.What = append(s.What, f.What)
	}
	for _, f := range chain {
		s.What = append(s.What, f.What)
	}
	const counts = `
SELECT (SELECT count(*) FROM site.log_leaves), (SELECT count(*) FROM audit.chain),
  (SELECT count(*) FROM audit.entries e WHERE NOT EXISTS (SELECT 1 FROM audit.chain k WHERE k.entry_id = e.id))`
	return s, a.Desk.QueryRow(ctx, counts).Scan(&s.Leaves, &s.Entries, &s.Pending)
}
