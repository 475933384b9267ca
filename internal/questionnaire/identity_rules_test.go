package questionnaire

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// allOf answers each SNP question with one value, and what then is asked with
// its first option.
func allOf(value string) Answers {
	q := Identity()
	a := Answers{}
	for range 2 { // the second time, what the first one opened
		for _, question := range q.Questions() {
			if !question.IsAsked(a) || a.Has(question.ID) {
				continue
			}
			switch {
			case question.Kind == YesNoPrefer:
				a[question.ID] = Answer{Text: value}
			case question.Kind == Choices:
				a[question.ID] = Answer{Texts: []string{question.Options[0].Value}}
			default:
				a[question.ID] = Answer{Text: question.Options[0].Value}
			}
		}
	}
	return a
}

func TestSkipLogic(t *testing.T) {
	q := Identity()
	for _, c := range []struct {
		gate    ID
		details []ID
	}{
		{Indigenous, []ID{IndigenousPeople}},
		{Disability, []ID{DisabilityDuration, DisabilityType, DisabilityDifficulty}},
		{LGBT, []ID{LGBTIdentity}},
		{Migrant, []ID{Residence, TimeAbroad, ReasonAbroad, RegularAbroad}},
	} {
		for _, value := range []string{Yes, No, PreferNot, ""} {
			a := allOf(Yes)
			a[c.gate] = Answer{Text: value}
			settled := q.Settle(a)
			for _, detail := range c.details {
				question, _ := q.Question(detail)
				if got, want := question.IsAsked(a), value == Yes; got != want {
					t.Errorf("%s with %s = %q: asked %t, want %t", detail, c.gate, value, got, want)
				}
				if got, want := settled.Has(detail), value == Yes; got != want {
					t.Errorf("%s with %s = %q: kept %t, want %t", detail, c.gate, value, got, want)
				}
			}
		}
	}
	for _, c := range []struct{ one, other ID }{{Young, Elder}, {Elder, Young}} {
		question, _ := q.Question(c.other)
		if question.IsAsked(Answers{c.one: {Text: Yes}}) || !question.IsAsked(Answers{c.one: {Text: No}}) {
			t.Errorf("%s is not asked exactly when %s is not Sí", c.other, c.one)
		}
	}
}

func TestIdentityProgressCountsWhatApplies(t *testing.T) {
	without := func(a Answers, id ID) Answers {
		a = a.Clone()
		delete(a, id)
		return a
	}
	for _, c := range []struct {
		name            string
		answers         Answers
		answered, total int
		state           State
	}{
		{"nothing", Answers{}, 0, 11, NotStarted},
		{"all yes", allOf(Yes), 19, 19, Complete}, // young, so not elder
		{"all no", allOf(No), 11, 11, Complete},
		{"all silent", allOf(PreferNot), 11, 11, Complete},
		{"a detail missing", without(allOf(Yes), DisabilityType), 18, 19, InProgress},
		{"a gate missing takes its details along", Identity().Settle(without(allOf(Yes), Migrant)), 14, 15, InProgress},
	} {
		got := Identity().Progress(c.answers).Applicable()
		if got.Answered() != c.answered || got.Total() != c.total || got.State() != c.state {
			t.Errorf("%s: got %d of %d, %s; want %d of %d, %s", c.name, got.Answered(), got.Total(), got.State(),
				c.answered, c.total, c.state)
		}
	}
}

func TestOtherNeedsItsWords(t *testing.T) {
	for other, want := range map[string]Code{"": NeedsOther, strings.Repeat("ñ", 121): TooLong, "Chinanteca y otra": ""} {
		a := Answers{Indigenous: {Text: Yes}, IndigenousPeople: {Text: "otro", Other: other}}
		problems := Identity().Check(a)
		if got := code(problems); got != want {
			t.Errorf("%d characters: got %q, want %q", Count(other), got, want)
		}
	}
	alone := Answers{Disability: {Text: Yes}, DisabilityDifficulty: {Texts: []string{"ver", PreferNot}}}
	if got := code(Identity().Check(alone)); got != StandsAlone {
		t.Errorf("«Prefiero no contestar» with another: got %q, want %q", got, StandsAlone)
	}
}

func code(ps Problems) Code {
	if len(ps) == 0 {
		return ""
	}
	return ps[0].Code
}

func TestSettleAges(t *testing.T) {
	for _, c := range []struct {
		name         string
		age          int
		young, elder string // as posted
		want         string // young, elder after SettleAges and Settle
	}{
		{"young says so", 18, Yes, "", Yes + " "},
		{"young denies it", 29, No, "", Yes + " "},
		{"young claims to be elder", 29, "", Yes, " " + No},
		{"young keeps silent", 25, PreferNot, "", PreferNot + " " + No},
		{"adult claims youth", 30, Yes, "", No + " " + No},
		{"adult claims both", 59, Yes, Yes, No + " " + No},
		{"adult keeps silent", 40, PreferNot, PreferNot, PreferNot + " " + PreferNot},
		{"elder says so", 60, No, Yes, " " + Yes},
		{"elder denies it", 71, No, No, " " + Yes},
		{"elder keeps silent", 71, No, PreferNot, No + " " + PreferNot},
		{"elder only claims youth", 71, Yes, "", No + " "},
		{"nothing answered, nothing invented", 25, "", "", " "},
		{"unknown age: their word", 0, Yes, "", Yes + " "},
	} {
		posted := Answers{Young: {Text: c.young}, Elder: {Text: c.elder}}
		a := Identity().Settle(SettleAges(posted, AgeGroups(c.age)))
		if got := a.Text(Young) + " " + a.Text(Elder); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		if !maps.EqualFunc(posted, Answers{Young: {Text: c.young}, Elder: {Text: c.elder}}, func(a, b Answer) bool { return a.Text == b.Text }) {
			t.Errorf("%s: the answers given were changed", c.name)
		}
	}
}

func TestAgeOptions(t *testing.T) {
	values := func(id ID, age int) string {
		q, _ := Identity().Question(id)
		var got []string
		for _, o := range AgeOptions(q, AgeGroups(age)) {
			got = append(got, o.Value)
		}
		return strings.Join(got, " ")
	}
	for _, c := range []struct {
		id   ID
		age  int
		want string
	}{
		{Young, 20, Yes + " " + PreferNot},
		{Elder, 20, No + " " + PreferNot},
		{Elder, 60, Yes + " " + PreferNot},
		{Young, 0, Yes + " " + No + " " + PreferNot},
		{LGBT, 20, Yes + " " + No + " " + PreferNot},
	} {
		if got := values(c.id, c.age); got != c.want {
			t.Errorf("%s at %d: got %s, want %s", c.id, c.age, got, c.want)
		}
	}
}

func TestAffirmative(t *testing.T) {
	for _, c := range []struct {
		id     ID
		answer Answer
		want   bool
	}{
		{Indigenous, Answer{Text: Yes}, true},
		{Indigenous, Answer{Text: No}, false},
		{Indigenous, Answer{Text: PreferNot}, false},
		{Indigenous, Answer{}, false},
		{Indigenous, Answer{Text: "maya"}, false},
		{RegularAbroad, Answer{Text: No}, false},
		{IndigenousPeople, Answer{Text: "nahuatl"}, true},
		{IndigenousPeople, Answer{Text: "otro", Other: "Uno"}, true},
		{IndigenousPeople, Answer{Text: "nahuatl", Other: "Uno"}, false},
		{IndigenousPeople, Answer{Text: NotApplicable}, false},
		{IndigenousPeople, Answer{Text: PreferNot}, false},
		{DisabilityDifficulty, Answer{Texts: []string{"ver", "oir"}}, true},
		{DisabilityDifficulty, Answer{Texts: []string{PreferNot}}, false},
		{DisabilityDifficulty, Answer{Texts: []string{"ver", PreferNot}}, false},
		{DisabilityDifficulty, Answer{Text: "ver"}, false},
	} {
		q, _ := Identity().Question(c.id)
		if got := Affirmative(q, c.answer); got != c.want {
			t.Errorf("%s = %q %q %q: got %t, want %t", c.id, c.answer.Text, c.answer.Texts, c.answer.Other, got, c.want)
		}
	}
}

func TestPublishableShowsOnlyWhatIsPublicAndAffirmed(t *testing.T) {
	all := func() []ID {
		var ids []ID
		for _, q := range Identity().Questions() {
			ids = append(ids, q.ID)
		}
		return ids
	}()
	young := []ID{Indigenous, IndigenousLanguage, IndigenousPeople, Disability, AfroMexican, LGBT, Migrant, Young}
	tampered := allOf(No)
	tampered[IndigenousPeople] = Answer{Text: "maya"}
	for _, c := range []struct {
		name    string
		answers Answers
		public  []ID
		want    []ID
	}{
		{"all yes, by default", allOf(Yes), DefaultPublic(), young},
		{"all yes, nothing configured", allOf(Yes), nil, nil},
		{"all no", allOf(No), DefaultPublic(), nil},
		{"all silent", allOf(PreferNot), DefaultPublic(), nil},
		{"all no, everything configured: only what is no group", allOf(No), all, []ID{Income, IncomeSource, BirthPlace}},
		{"a detail without its gate would tell it", allOf(Yes), []ID{IndigenousPeople, DisabilityType}, nil},
		{"a detail that was not asked", tampered, all, []ID{Income, IncomeSource, BirthPlace}},
	} {
		got := slices.Sorted(maps.Keys(Identity().Publishable(c.answers, c.public)))
		if want := slices.Sorted(slices.Values(c.want)); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", c.name, got, want)
		}
	}
	public := Questionnaire{Key: "k", Version: "1", Pages: []Page{{ID: "p", Title: "P", Parts: []Part{{
		ID: "p", Label: "P",
		Questions: []Question{{ID: "x", Label: "X", Kind: YesNoPrefer}},
	}}}}}
	if got := Must(public).Publishable(Answers{"x": {Text: Yes}}, []ID{"x"}); len(got) > 0 {
		t.Errorf("a withheld question was shown: %d answers", len(got))
	}
}

// Two worlds: whatever is not published may differ without changing what is.
func TestPublishableIsBlindToTheRest(t *testing.T) {
	q := Identity()
	r := rand.New(rand.NewPCG(3, 16))
	for range 2000 {
		a := randomAnswers(r, q)
		before := q.Publishable(a, DefaultPublic())
		b := a.Clone()
		for _, question := range q.Questions() {
			if !slices.Contains(DefaultPublic(), question.ID) {
				b[question.ID] = randomAnswer(r, question)
			} else if _, shown := before[question.ID]; !shown && question.Kind == YesNoPrefer {
				b[question.ID] = Answer{Text: []string{No, PreferNot, ""}[r.IntN(3)]}
			}
		}
		if after := q.Publishable(b, DefaultPublic()); after.Hash() != before.Hash() {
			t.Fatalf("got %s, want %s", after.Canonical(), before.Canonical())
		}
	}
}

func TestEveryGroupHasABadge(t *testing.T) {
	for _, id := range DefaultPublic() {
		q, _ := Identity().Question(id)
		if got, want := Badge(id) != "", q.Kind == YesNoPrefer; got != want {
			t.Errorf("%s has a badge: %t, want %t", id, got, want)
		}
	}
}
