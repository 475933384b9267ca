package auth

import (
	"context"
	"errors"
	"time"

	"conoceles/internal/fault"
)

// ProofField is the field in which somebody who already entered proves again who
// they are, before a delicate act.
const ProofField = "confirmacion"

// Proven reports whether the person of the session proved who they are within the
// minutes that their process allows (security.md 5). Entering counts.
func (s *Sessions) Proven(ctx context.Context, a Actor) bool {
	at := time.Unix(s.manager.GetInt64(ctx, provenKey), 0)
	return s.store.desk.Now().Sub(at) < time.Duration(a.Person().StepUpMinutes)*time.Minute
}

// Prove takes a code of the person's second factor or, if they have none, their
// password. A wrong one is Invalid, on ProofField; too many wait, TooMany.
func (s *Sessions) Prove(ctx context.Context, a Actor, factor Factor, proof string) error {
	check := s.store.CheckPassword
	if factor.Enrolled {
		check = s.store.CheckCode
	}
	err := check(ctx, a.AccountID(), proof)
	if errors.Is(err, errCode) {
		return fault.InvalidField(ProofField, fault.FieldsOf(errCode)[0].Message)
	}
	if err == nil {
		s.manager.Put(ctx, provenKey, s.store.desk.Now().Unix())
	}
	return err
}

// Offer returns the seed that the session's person is enrolling, a new one the
// first time: a wrong code must not change the drawing that a phone already read.
func (s *Sessions) Offer(ctx context.Context, account int64, email string) (Seed, error) {
	if sealed := s.manager.GetBytes(ctx, seedKey); len(sealed) > 0 {
		if secret, err := s.store.open(factorSeal, account, sealed); err == nil {
			return Seed{string(secret), email}, nil
		}
	}
	seed := newSeed(email)
	sealed, err := s.store.seal(factorSeal, account, []byte(seed.Secret))
	if err != nil {
		return Seed{}, err
	}
	s.manager.Put(ctx, seedKey, sealed)
	return seed, nil
}

// Enrolled forgets the seed: it is the account's now.
func (s *Sessions) Enrolled(ctx context.Context) { s.manager.Remove(ctx, seedKey) }
