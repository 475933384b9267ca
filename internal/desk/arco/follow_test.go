package arco

import (
	"slices"
	"testing"
	"time"

	"conoceles/internal/election"
)

// on is a day of 2027, where people are: 1 March is a Monday.
func on(day string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, election.Zone())
	if err != nil {
		panic(err)
	}
	return t
}

var law = Calendar{Terms{Prevent: 5, Remedy: 10, Answer: 20, Extension: 10, Effect: 15}, election.DaysOff{"2027-03-15": true, "2027-03-25": true, "2027-03-26": true}}

func TestFollow(t *testing.T) {
	for _, tt := range []struct {
		name   string
		medium Medium
		steps  []Moment
		state  State
		due    string
	}{
		{"just received", Form, nil, Received, "2027-03-08"},
		{"from an account", Account, nil, Processing, "2027-04-01"},
		{"in person", InPerson, nil, Processing, "2027-04-01"},
		{"identified", Form, []Moment{{Kind: Identify, On: on("2027-03-03")}}, Processing, "2027-04-01"},
		{"prevented", Form, []Moment{{Kind: Prevent, On: on("2027-03-08")}}, Prevented, "2027-03-23"},
		{"remedied: the term begins again", Form, []Moment{{Kind: Prevent, On: on("2027-03-08")}, {Kind: Remedy, On: on("2027-03-16")}}, Processing, "2027-04-15"},
		{"lapsed", Form, []Moment{{Kind: Prevent, On: on("2027-03-08")}, {Kind: Lapse, On: on("2027-03-24")}}, Lapsed, ""},
		{"extended", Account, []Moment{{Kind: Extend, On: on("2027-03-30")}}, Processing, "2027-04-15"},
		{"granted", Account, []Moment{{Kind: Answer, On: on("2027-03-30"), Outcome: Granted}}, Answered, "2027-04-20"},
		{"granted in part", Account, []Moment{{Kind: Answer, On: on("2027-03-30"), Outcome: Partly}}, Answered, "2027-04-20"},
		{"refused", Account, []Moment{{Kind: Answer, On: on("2027-03-30"), Outcome: Refused}}, Concluded, ""},
		{"done", Account, []Moment{{Kind: Answer, On: on("2027-03-30"), Outcome: Granted}, {Kind: Fulfil, On: on("2027-04-01")}}, Concluded, ""},
	} {
		got := Follow(on("2027-03-01").Add(18*time.Hour), tt.medium, tt.steps, law)
		due := ""
		if !got.Due.IsZero() {
			due = got.Due.Format(time.DateOnly)
		}
		if got.State != tt.state || due != tt.due {
			t.Errorf("%s: %s until %q, want %s until %q", tt.name, got.State, due, tt.state, tt.due)
		}
	}
}

// Every step that may come in a state, and so every one that may not.
func TestTransitions(t *testing.T) {
	prevented := []Moment{{Kind: Prevent, On: on("2027-03-08")}}
	remedied := append(slices.Clone(prevented), Moment{Kind: Remedy, On: on("2027-03-16")})
	for _, tt := range []struct {
		name   string
		medium Medium
		steps  []Moment
		now    string
		want   []StepKind
	}{
		{"received", Form, nil, "2027-03-02", []StepKind{Identify, Prevent}},
		{"received, on the last day to prevent", Form, nil, "2027-03-08", []StepKind{Identify, Prevent}},
		{"received, a day later", Form, nil, "2027-03-09", []StepKind{Identify}},
		{"in process", Account, nil, "2027-03-02", []StepKind{Prevent, Extend, Answer}},
		{"in process, on its last day", Account, nil, "2027-04-01", []StepKind{Extend, Answer}},
		{"in process, overdue", Account, nil, "2027-04-02", []StepKind{Answer}},
		{"prevented", Form, prevented, "2027-03-23", []StepKind{Remedy}},
		{"prevented and not remedied", Form, prevented, "2027-03-24", []StepKind{Lapse}},
		{"remedied: not prevented again", Form, remedied, "2027-03-16", []StepKind{Extend, Answer}},
		{"extended: not again", Account, []Moment{{Kind: Extend, On: on("2027-03-30")}}, "2027-04-05", []StepKind{Answer}},
		{"granted", Account, []Moment{{Kind: Answer, On: on("2027-03-30"), Outcome: Granted}}, "2027-05-30", []StepKind{Fulfil}},
		{"refused", Account, []Moment{{Kind: Answer, On: on("2027-03-30"), Outcome: Refused}}, "2027-03-30", nil},
		{"done", Account, []Moment{{Kind: Answer, On: on("2027-03-30"), Outcome: Granted}, {Kind: Fulfil, On: on("2027-04-01")}}, "2027-04-01", nil},
		{"lapsed", Form, append(slices.Clone(prevented), Moment{Kind: Lapse, On: on("2027-03-24")}), "2027-03-24", nil},
	} {
		got := Follow(on("2027-03-01"), tt.medium, tt.steps, law).Next(on(tt.now).Add(23 * time.Hour))
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v may come, want %v", tt.name, got, tt.want)
		}
	}
}

func TestOverdue(t *testing.T) {
	s := Follow(on("2027-03-01"), Account, nil, law)
	if last := on("2027-04-01").Add(23*time.Hour + 59*time.Minute); s.Overdue(last) {
		t.Error("its last day is overdue")
	}
	if !s.Overdue(on("2027-04-02")) {
		t.Error("the day after its last one is not overdue")
	}
}
