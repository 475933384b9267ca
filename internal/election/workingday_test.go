package election

import (
	"testing"
	"time"
)

// at is a moment of a day of 2027, where people are: 1 March is a Monday.
func at(day string, hour int) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, Zone())
	if err != nil {
		panic(err)
	}
	return t.Add(time.Duration(hour) * time.Hour)
}

func TestTermsInWorkingDays(t *testing.T) {
	off := DaysOff{"2027-03-15": true, "2027-03-25": true, "2027-03-26": true}
	for _, tt := range []struct {
		name  string
		start time.Time
		days  int
		want  string
	}{
		{"no days end the day they start", at("2027-03-01", 9), 0, "2027-03-01"},
		{"the first day is the following one", at("2027-03-01", 9), 1, "2027-03-02"},
		{"a Friday and one day", at("2027-03-05", 23), 1, "2027-03-08"},
		{"five days over a weekend", at("2027-03-03", 0), 5, "2027-03-10"},
		{"what comes on a Saturday is received on Monday", at("2027-03-06", 12), 1, "2027-03-09"},
		{"what comes on Sunday at 23 h, too", at("2027-03-07", 23), 1, "2027-03-09"},
		{"a holiday does not count", at("2027-03-12", 9), 1, "2027-03-16"},
		{"what comes on a holiday is received the day after", at("2027-03-15", 9), 1, "2027-03-17"},
		{"two holidays and a weekend in a row", at("2027-03-24", 9), 1, "2027-03-29"},
		{"the twenty days of an answer", at("2027-03-01", 9), 20, "2027-04-01"},
		{"thirty, with its extension", at("2027-03-01", 9), 30, "2027-04-15"},
	} {
		if got := off.Term(tt.start, tt.days).Format(time.DateOnly); got != tt.want {
			t.Errorf("%s: Term(%s, %d) = %s, want %s", tt.name, tt.start.Format("Mon 2006-01-02 15h"), tt.days, got, tt.want)
		}
	}
}

// The day is the one where people are, not that of the row in UTC.
func TestTheDayIsThatOfPeople(t *testing.T) {
	friday := time.Date(2027, time.March, 6, 3, 0, 0, 0, time.UTC) // Friday 21:00 in Mexico
	if got := DaysOff(nil).Received(friday).Format(time.DateOnly); got != "2027-03-05" {
		t.Errorf("Received = %s, want Friday 2027-03-05", got)
	}
}

func TestWorkingDaysLeft(t *testing.T) {
	off := DaysOff{"2027-03-15": true}
	for _, tt := range []struct {
		due, now string
		want     int
	}{
		{"2027-03-10", "2027-03-10", 0},
		{"2027-03-10", "2027-03-08", 2},
		{"2027-03-08", "2027-03-05", 1}, // over a weekend
		{"2027-03-16", "2027-03-12", 1}, // over a weekend and a holiday
		{"2027-03-05", "2027-03-06", -1},
		{"2027-03-05", "2027-03-08", -1},
		{"2027-03-05", "2027-03-10", -3},
	} {
		if got := off.Left(at(tt.due, 0), at(tt.now, 15)); got != tt.want {
			t.Errorf("due %s, on %s: %d working days left, want %d", tt.due, tt.now, got, tt.want)
		}
	}
}
