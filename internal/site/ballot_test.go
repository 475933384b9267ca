package site_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/internal/site/sitetest"
)

func curricular(t testing.TB) *questionnaire.Questionnaire {
	t.Helper()
	q, err := questionnaire.Edition("1")
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// contests says a ballot in one line each: offices, slates, tickets, persons.
func contests(b site.Ballot) []string {
	var out []string
	for _, k := range b.Contests {
		tickets := 0
		for _, s := range k.Slates {
			tickets += len(s.Tickets)
		}
		out = append(out, fmt.Sprintf("%s+%d: %d slates, %d tickets, %d persons", k.Offices[0].Key, len(k.Offices)-1, len(k.Slates), tickets, k.Persons))
	}
	return out
}

func TestABallotHasEveryContestOfThatVoterAndEverybodyOnIt(t *testing.T) {
	r := read(t, sitetest.Open)
	tests := []struct {
		precinct int
		want     []string
	}{
		{148, []string{
			"gubernatura+0: 3 slates, 3 tickets, 3 persons", "diputacion_mr+0: 1 slates, 1 tickets, 1 persons",
			"diputacion_rp+0: 4 slates, 32 tickets, 64 persons", "presidencia+2: 1 slates, 1 tickets, 1 persons",
		}},
		{150, []string{
			"gubernatura+0: 3 slates, 3 tickets, 3 persons", "diputacion_mr+0: 2 slates, 2 tickets, 3 persons",
			"diputacion_rp+0: 4 slates, 32 tickets, 64 persons", "presidencia+2: 1 slates, 1 tickets, 1 persons",
		}},
		{970, []string{ // sistemas normativos: no ayuntamiento on the ballot
			"gubernatura+0: 3 slates, 3 tickets, 3 persons", "diputacion_mr+0: 2 slates, 2 tickets, 3 persons",
			"diputacion_rp+0: 4 slates, 32 tickets, 64 persons",
		}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.precinct), func(t *testing.T) {
			m, d, err := r.store.Precinct(t.Context(), r.process, r.catalog, tt.precinct)
			if err != nil {
				t.Fatal(err)
			}
			b, err := r.store.Ballot(t.Context(), r.process, r.catalog, m, d)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, contests(b)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	if _, _, err := r.store.Precinct(t.Context(), r.process, r.catalog, 969); !fault.Is(err, fault.NotFound) {
		t.Errorf("a gap in the numbers gives %v", err)
	}
}

func TestAMunicipalityOfSeveralDistrictsAsksWhich(t *testing.T) {
	r := read(t, sitetest.Open)
	tests := []struct {
		municipality string
		want         []string
	}{
		{"99001", []string{"1: 2 from 1 to 2"}},
		{"99002", []string{"1: 1 from 148 to 148", "2: 2 from 149 to 150"}},
	}
	for _, tt := range tests {
		m, _ := r.catalog.MunicipalityByKey(tt.municipality)
		parts, err := r.store.DistrictsOf(t.Context(), r.process, r.catalog, m)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range parts {
			got = append(got, fmt.Sprintf("%s: %d from %d to %d", p.Key, p.Precincts, p.First, p.Last))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.municipality, diff)
		}
	}
}
