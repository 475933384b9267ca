package questionnaire

import (
	"strings"
	"testing"
)

func TestBadDefinitions(t *testing.T) {
	good := Question{ID: "a", Label: "A", Kind: ShortText, Max: 10}
	with := func(change func(*Question)) []Question {
		q := good
		change(&q)
		return []Question{q}
	}
	options := []Option{{Value: "x", Label: "X"}}
	for _, c := range []struct {
		name, want string
		questions  []Question
	}{
		{"none", "without questions", nil},
		{"bad id", "is not lower-case", with(func(q *Question) { q.ID = "A b" })},
		{"repeated id", "used twice", []Question{good, good}},
		{"no label", "has no text", with(func(q *Question) { q.Label = " " })},
		{"unknown kind", "unknown kind", with(func(q *Question) { q.Kind = "firma"; q.Max = 0 })},
		{"limits crossed", "above its most", with(func(q *Question) { q.Min = 11 })},
		{"no limit", "has limits", with(func(q *Question) { q.Max = 0 })},
		{"limit of a choice", "has limits", with(func(q *Question) { q.Kind = Choice; q.Options = options })},
		{"choice without options", "has 0 options", with(func(q *Question) { q.Kind = Choice; q.Max = 0 })},
		{"text with options", "has 1 options", with(func(q *Question) { q.Options = options })},
		{"repeated option", "used twice", with(func(q *Question) {
			q.Kind, q.Max, q.Options = Choice, 0, []Option{options[0], options[0]}
		})},
		{"alone among one", "stands alone", with(func(q *Question) {
			q.Kind, q.Max, q.Options = Choice, 0, []Option{{Value: "x", Label: "X", Alone: true}}
		})},
		{"rows of an essay", "cannot take", with(func(q *Question) { q.Kind = LongText; q.MaxRows = 2 })},
		{"endless list", "how many rows", with(func(q *Question) { q.Kind = List })},
		{"sites of a text", "names sites", with(func(q *Question) { q.Hosts = []string{"a.mx"} })},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := New(Questionnaire{Key: "k", Version: "1", Pages: []Page{{
				ID: "p", Title: "P", Parts: []Part{{ID: "p", Label: "P", Questions: c.questions}},
			}}})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want it to say %q", err, c.want)
			}
		})
	}
	defer func() {
		if recover() == nil {
			t.Error("Must accepted a bad definition")
		}
	}()
	Must(Questionnaire{})
}

func TestLookups(t *testing.T) {
	q := Curricular()
	if got, ok := q.Question(Proposal2); !ok || got.Label != "Propuesta 2" {
		t.Errorf("question: got %q, %t", got.Label, ok)
	}
	if got, ok := q.PageOf(Proposal2); !ok || got.ID != "propuestas" {
		t.Errorf("page: got %q, %t", got.ID, ok)
	}
	if got, ok := q.PartOf(Trajectory); !ok || got.ID != "trayectoria" {
		t.Errorf("part: got %q, %t", got.ID, ok)
	}
	if got, ok := q.Next("motivo"); !ok || got.ID != "propuestas" {
		t.Errorf("next: got %q, %t", got.ID, ok)
	}
	if got, ok := q.Previous("contacto"); !ok || got.ID != "fotografia" {
		t.Errorf("previous: got %q, %t", got.ID, ok)
	}
	_, question := q.Question("x")
	_, page := q.Page("x")
	_, part := q.Part("x")
	_, next := q.Next("propuestas")
	_, previous := q.Previous("fotografia")
	if question || page || part || next || previous {
		t.Error("something that is not there was found")
	}
}

func TestFingerprintSeesEveryChange(t *testing.T) {
	base := func() Questionnaire {
		return Questionnaire{Key: "k", Version: "1", Pages: []Page{{ID: "p", Title: "P", Parts: []Part{{
			ID: "p", Label: "P", Questions: []Question{
				{ID: "a", Label: "A", Kind: Choice, Options: []Option{{Value: "x", Label: "X"}, {Value: "y", Label: "Y"}}},
				{ID: "b", Label: "B", Kind: ShortText, Max: 10, Asked: func(a Answers) bool { return a.Is("a", "x") }},
			},
		}}}}}
	}
	first := Must(base()).Fingerprint()
	if again := Must(base()).Fingerprint(); again != first {
		t.Fatalf("same definition: got %s and %s", first, again)
	}
	for name, change := range map[string]func(a, b *Question){
		"label":      func(a, _ *Question) { a.Label = "A2" },
		"option":     func(a, _ *Question) { a.Options[1].Label = "Y2" },
		"limit":      func(_, b *Question) { b.Max = 11 },
		"disclosure": func(_, b *Question) { b.Disclosure = Public },
		"skip logic": func(_, b *Question) { b.Asked = func(a Answers) bool { return a.Is("a", "y") } },
		"mandatory":  func(_, b *Question) { b.Required = Always },
	} {
		q := base()
		questions := q.Pages[0].Parts[0].Questions
		change(&questions[0], &questions[1])
		if Must(q).Fingerprint() == first {
			t.Errorf("a change of %s was not seen", name)
		}
	}
}
