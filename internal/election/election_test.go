package election_test

import (
	"testing"
	"time"

	"conoceles/internal/election"
)

func day(y int, m time.Month, d int) time.Time {
	return time.Date(y, m, d, 0, 0, 0, 0, election.Zone())
}

func TestAgeIsInCompletedYears(t *testing.T) {
	tests := []struct {
		name       string
		birth, ref time.Time
		want       int
	}{
		{"the day before the birthday", day(1990, 6, 3), day(2024, 6, 2), 33},
		{"on the birthday", day(1990, 6, 2), day(2024, 6, 2), 34},
		{"born on a leap day, in a common year", day(2000, 2, 29), day(2023, 2, 28), 22},
		{"born on a leap day, the day after", day(2000, 2, 29), day(2023, 3, 1), 23},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := election.AgeOn(tt.birth, tt.ref); got != tt.want {
				t.Errorf("AgeOn = %d, want %d", got, tt.want)
			}
		})
	}
}

func TestCaptureIsOpenUpToTheLastInstantOfCampaigns(t *testing.T) {
	end := day(2024, 5, 30)
	c := election.Calendar{CaptureOpens: day(2024, 4, 1), CampaignsEnd: end, CaptureDays: 15}
	tests := []struct {
		name string
		now  time.Time
		want bool
	}{
		{"before it opens", day(2024, 3, 31), false},
		{"at its opening", day(2024, 4, 1), true},
		{"one second before the end", end.Add(-time.Second), true},
		{"at the end", end, false},
		{"after it", end.Add(time.Second), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := c.CaptureOpen(tt.now); got != tt.want {
				t.Errorf("CaptureOpen = %t, want %t", got, tt.want)
			}
		})
	}
	if (election.Calendar{}).CaptureOpen(end) {
		t.Error("a process without dates must not be open")
	}
}

func TestTheDeadlineCountsNaturalDaysAndNeverPassesCampaigns(t *testing.T) {
	c := election.Calendar{CampaignsEnd: day(2024, 5, 30), CaptureDays: 15}
	if got, want := c.CaptureDeadline(day(2024, 4, 1).Add(18*time.Hour)), day(2024, 4, 17); !got.Equal(want) {
		t.Errorf("deadline = %v, want the end of 16 April, %v", got, want)
	}
	if got, want := c.CaptureDeadline(day(2024, 5, 25)), day(2024, 5, 30); !got.Equal(want) {
		t.Errorf("deadline = %v, want the end of campaigns %v", got, want)
	}
}

func TestPhases(t *testing.T) {
	c := election.Calendar{
		PublicationStarts: day(2024, 4, 15), CampaignsEnd: day(2024, 5, 30),
		ElectionDay: day(2024, 6, 2), SiteUntil: day(2024, 12, 1),
	}
	tests := []struct {
		now  time.Time
		want election.Phase
	}{
		{day(2024, 4, 14), election.BeforePublication},
		{day(2024, 4, 15), election.Campaign},
		{day(2024, 5, 30), election.Reflection},
		{day(2024, 6, 2).Add(23 * time.Hour), election.Reflection},
		{day(2024, 6, 3), election.Afterwards},
		{day(2024, 12, 1), election.Closed},
	}
	for _, tt := range tests {
		if got := c.PhaseAt(tt.now); got != tt.want {
			t.Errorf("PhaseAt(%v) = %q, want %q", tt.now, got, tt.want)
		}
	}
	if (election.Calendar{}).PublicationOpen(day(2030, 1, 1)) {
		t.Error("publication without an acuerdo must be closed")
	}
}

func TestACoalitionStandsAtThePlaceOfItsOldestMember(t *testing.T) {
	order := election.BallotOrder([]election.Nominator{
		{ID: 1, Kind: election.Party, RegistryOrder: 1},
		{ID: 2, Kind: election.Party, RegistryOrder: 2},
		{ID: 3, Kind: election.Party, RegistryOrder: 3},
		{ID: 4, Kind: election.Coalition, RegistryOrder: 50, Members: []int64{3, 2}},
		{ID: 5, Kind: election.Independent, RegistryOrder: 1},
	})
	if order[4] != 2 {
		t.Errorf("the coalition of 2 and 3 stands at %d, want 2", order[4])
	}
	for id := int64(1); id <= 4; id++ {
		if order[5] <= order[id] {
			t.Errorf("the independent stands at %d, before nominator %d at %d", order[5], id, order[id])
		}
	}
}

func TestRankSortsAsTheBallot(t *testing.T) {
	governor := election.Office{BallotOrder: 1}
	district := election.Office{BallotOrder: 2}
	ascending := []election.Place{
		{Office: governor, Nominator: 3, Position: 1},
		{Office: district, Territory: 1, Nominator: 1, Position: 1},
		{Office: district, Territory: 1, Nominator: 1, Position: 1, Role: election.Suplente},
		{Office: district, Territory: 1, Nominator: 1, Position: 2},
		{Office: district, Territory: 1, Nominator: 2, Position: 1},
		{Office: district, Territory: 2, Nominator: 1, Position: 1},
	}
	for i := 1; i < len(ascending); i++ {
		if a, b := ascending[i-1].Rank(), ascending[i].Rank(); a >= b {
			t.Errorf("place %d ranks %d, not before place %d at %d", i-1, a, i, b)
		}
	}
}
