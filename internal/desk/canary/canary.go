// Package canary fills a process with identity data that can be recognised
// anywhere, so that a leak has a name.
//
// Every text is a canary: «CNRY-» and 16 characters that seed, candidacy and
// question decide. There is at least one candidacy in every row of the consent
// matrix (Matrix), and the Plan says, row by row, which canaries the public must
// see, at which addresses, and that nobody must see the others: the check is
// exact in both directions.
//
// A process is seeded as world A or as world B. They differ only in what nobody
// but the entitled may know: the answers that are not public, how far an
// unfinished questionnaire got, why a complete one shows nothing, what documents
// say (security.md 2.3). Whatever tells one world from the other is a leak.
//
//	demo.Seeder.Run ──> canary.Seed ──> Plan, for the tests and for anybody from outside
//
// Acts is for tests that grant and withdraw: it does what people do, as the
// accounts of the process.
package canary

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/desk/keys"
	"conoceles/internal/desk/publish"
	"conoceles/internal/election"
)

// Clock is the instant at which worlds are seeded, so that two of them agree.
var Clock = time.Date(2024, time.March, 4, 10, 0, 0, 0, election.Zone())

// Mark is how every canary begins.
const Mark = "CNRY-"

// Variant is which of the two worlds.
type Variant string

// The worlds.
const (
	A Variant = "A"
	B Variant = "B"
)

// World is what to seed: the process, by its key, which must have candidacies
// and be open to the public; and which of the two worlds.
type World struct {
	Process string
	Seed    uint64
	Variant Variant
}

// seeding is a World being seeded.
type seeding struct {
	World
	desk    *db.Desk
	pub     publish.Publisher
	seal    *identity.Store
	acts    *Acts
	process int64
	plan    Plan
}

// Seed fills the process and returns what must be seen and where. It is Invalid
// if the process has too few candidacies for the matrix.
func Seed(ctx context.Context, desk *db.Desk, ring *keys.Ring, pub publish.Publisher, w World) (Plan, error) {
	s := &seeding{World: w, desk: desk, pub: pub, seal: identity.New(ring)}
	s.plan = Plan{Process: w.Process, Seed: w.Seed, Variant: w.Variant, Clock: desk.Now()}
	var err error
	if s.acts, err = NewActs(ctx, desk, ring, pub, w.Process); err != nil {
		return Plan{}, err
	}
	s.process = s.acts.head.Process
	rows, err := s.place(ctx)
	if err != nil {
		return Plan{}, err
	}
	for _, step := range []struct {
		what string
		do   func(context.Context, []row) error
	}{
		{"antes", s.before}, {"respuestas", s.answer}, {"consentimientos", s.consent}, {"respuestas posteriores", s.answerAgain}, {"estados", s.settle},
	} {
		if err := step.do(ctx, rows); err != nil {
			return Plan{}, fmt.Errorf("sembrar canarios, %s: %w", step.what, err)
		}
	}
	s.describe(rows)
	return s.plan, nil
}

// do runs a step as an act of the system.
func (s *seeding) do(ctx context.Context, what string, fn func(context.Context, *db.Tx) error) error {
	action := db.Action{Kind: "canarios." + what, Process: s.process, Object: fmt.Sprintf("proceso %d", s.process)}
	_, err := s.desk.Do(ctx, db.System{Name: "canarios"}, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		return "", fn(ctx, tx)
	})
	return err
}

// value is the canary of a candidacy and a question, the same in both worlds.
func (s *seeding) value(folio, what string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\x00%s\x00%s", s.Seed, folio, what))
	return Mark + base32.StdEncoding.EncodeToString(sum[:10])
}

// secret is a canary of this world alone.
func (s *seeding) secret(folio, what string) string {
	return s.value(folio, what+"\x00"+string(s.Variant))
}
