package consent_test

import (
	"testing"

	"pgregory.net/rapid"

	"conoceles/internal/desk/consent"
)

func yes() *consent.Declarations {
	return &consent.Declarations{Processing: true, Publication: true, Statistics: true}
}

func TestOnlyAVerifiedUnwithdrawnExpressYesPublishes(t *testing.T) {
	grant := consent.Event{ID: 1, Kind: consent.Granted, Decided: yes(), Account: 7}
	document := consent.Event{ID: 2, Kind: consent.Documented, Declaration: 1, Document: 50, Account: 7}
	verify := consent.Event{ID: 3, Kind: consent.Verified, Declaration: 1, Document: 50, Account: 9}
	tests := []struct {
		name    string
		history []consent.Event
		stage   consent.Stage
		want    bool
	}{
		{"nothing", nil, consent.Undecided, false},
		{"declared", []consent.Event{grant}, consent.NoDocument, false},
		{"documented", []consent.Event{grant, document}, consent.Waiting, false},
		{"verified", []consent.Event{grant, document, verify}, consent.Confirmed, true},
		{"verified without its document", []consent.Event{grant, verify}, consent.NoDocument, false},
		{"verified another document", []consent.Event{grant, document, {ID: 3, Kind: consent.Verified, Declaration: 1, Document: 49}}, consent.Waiting, false},
		{"rejected", []consent.Event{grant, document, {ID: 3, Kind: consent.Rejected, Declaration: 1}}, consent.Refused, false},
		{"rejected after being verified", []consent.Event{grant, document, verify, {ID: 4, Kind: consent.Rejected, Declaration: 1}}, consent.Refused, false},
		{"withdrawn", []consent.Event{grant, document, verify, {ID: 4, Kind: consent.Withdrawn}}, consent.Gone, false},
		{"withdrawn, and verified by somebody who had not seen it", []consent.Event{grant, document, {ID: 3, Kind: consent.Withdrawn}, {ID: 4, Kind: consent.Verified, Declaration: 1, Document: 50}}, consent.Gone, false},
		{"withdrawn and declared again", []consent.Event{grant, document, verify, {ID: 4, Kind: consent.Withdrawn}, {ID: 5, Kind: consent.Granted, Decided: yes()}}, consent.NoDocument, false},
		{"the verification of an older declaration", []consent.Event{grant, document, {ID: 3, Kind: consent.Granted, Decided: yes()}, verify}, consent.NoDocument, false},
		{"another document after being verified", []consent.Event{grant, document, verify, {ID: 4, Kind: consent.Documented, Declaration: 1, Document: 51}}, consent.Waiting, false},
		{"verified No", []consent.Event{{ID: 1, Kind: consent.Denied, Decided: &consent.Declarations{Processing: true}}, document, verify}, consent.Confirmed, false},
		{"expired", []consent.Event{grant, document, verify, {ID: 4, Kind: consent.Expired}}, consent.Undecided, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := consent.StandingOf(tt.history)
			if s.Stage != tt.stage || s.Publishes() != tt.want {
				t.Errorf("stage %s, publishes %t; want %s, %t", s.Stage, s.Publishes(), tt.stage, tt.want)
			}
		})
	}
}

func TestNumberOneNoClosesTheQuestionnaire(t *testing.T) {
	s := consent.StandingOf([]consent.Event{{ID: 1, Kind: consent.Denied, Decided: &consent.Declarations{}}})
	if !s.Closed() {
		t.Error("nº 1 = No did not close it")
	}
	s = consent.StandingOf([]consent.Event{{ID: 1, Kind: consent.Denied, Decided: &consent.Declarations{}}, {ID: 2, Kind: consent.Withdrawn}})
	if s.Closed() {
		t.Error("after a withdrawal no decision stands")
	}
}

// Whatever the history, a withdrawal at its end publishes nothing, and nothing
// publishes without a verification after the last declaration.
func TestWithdrawalAlwaysWins(t *testing.T) {
	kinds := []consent.Kind{
		consent.Granted, consent.Denied, consent.Documented, consent.Verified, consent.Rejected, consent.Withdrawn, consent.Expired,
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "events")
		var history []consent.Event
		declaration, verifiedSince := int64(0), false
		for i := 1; i <= n; i++ {
			e := consent.Event{ID: int64(i), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Declaration: declaration, Document: int64(rapid.IntRange(0, 2).Draw(t, "document"))}
			switch e.Kind {
			case consent.Granted:
				e.Decided, e.Document, declaration, verifiedSince = yes(), 0, e.ID, false
			case consent.Denied:
				e.Decided, e.Document, declaration, verifiedSince = &consent.Declarations{Processing: true}, 0, e.ID, false
			case consent.Verified:
				verifiedSince = true
			case consent.Documented, consent.Rejected, consent.Withdrawn, consent.Expired:
				verifiedSince = false
			}
			history = append(history, e)
		}
		s := consent.StandingOf(history)
		if s.Publishes() && !verifiedSince {
			t.Fatalf("publishes without a verification of what stands: %+v", history)
		}
		if consent.StandingOf(append(history, consent.Event{ID: 99, Kind: consent.Withdrawn})).Publishes() {
			t.Fatal("publishes after a withdrawal")
		}
	})
}
