package identity

import (
	"bytes"
	"database/sql/driver"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"conoceles/internal/questionnaire"
)

const canary = "CNRY-QZ7WK4TR2VX3MD5H"

func canaryAnswers(p Purpose) Answers {
	return closed(sealed{
		purpose: p, version: 3,
		content: content{"1", questionnaire.Answers{questionnaire.IndigenousPeople: {Text: "otro", Other: canary}}},
		drafts:  map[questionnaire.ID]draft{"indigena": {2, url.Values{"p03_pueblo.otro": {canary}}}},
	})
}

// holders are the ways in which a value ends up in a log by mistake.
func holders(a Answers) map[string]any {
	type inside struct {
		Name string
		a    Answers
	}
	return map[string]any{
		"itself":     a,
		"pointer":    &a,
		"exported":   struct{ A Answers }{a},
		"unexported": inside{"x", a},
		"deep":       &struct{ in *inside }{&inside{"x", a}},
		"slice":      []Answers{a},
		"map":        map[string]Answers{"a": a},
		"any":        []any{a, &a},
	}
}

func TestAnswersDoNotPrint(t *testing.T) {
	for name, value := range holders(canaryAnswers(Review)) {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p"} {
			if got := fmt.Sprintf(verb, value); leaks(got) {
				t.Errorf("%s with %s prints %s", name, verb, got)
			}
		}
		if got := fmt.Errorf("guardar: %v", value).Error(); leaks(got) {
			t.Errorf("%s in an error: %s", name, got)
		}
	}
}

func TestAnswersDoNotLog(t *testing.T) {
	var b bytes.Buffer
	for name, value := range holders(canaryAnswers(Review)) {
		for _, log := range []*slog.Logger{slog.New(slog.NewTextHandler(&b, nil)), slog.New(slog.NewJSONHandler(&b, nil))} {
			b.Reset()
			log.With("before", value).Info("x", "value", value, slog.Group("g", "inside", value))
			if leaks(b.String()) {
				t.Errorf("%s: logged %s", name, b.String())
			}
		}
	}
}

func TestAnswersRefuseEveryEncoding(t *testing.T) {
	a := canaryAnswers(Review)
	for name, encode := range map[string]func() (any, error){
		"json":        func() (any, error) { return json.Marshal(a) },
		"json in any": func() (any, error) { return json.Marshal(map[string]any{"a": []any{&a}}) },
		"xml":         func() (any, error) { return xml.Marshal(struct{ A Answers }{a}) },
		"text":        func() (any, error) { return a.MarshalText() },
		"binary":      func() (any, error) { return a.MarshalBinary() },
		"gob": func() (any, error) {
			var b bytes.Buffer
			err := gob.NewEncoder(&b).Encode(a)
			return b.String(), err
		},
		"gob in a struct": func() (any, error) {
			var b bytes.Buffer
			err := gob.NewEncoder(&b).Encode(struct{ A Answers }{a})
			return b.String(), err
		},
		"sql": func() (any, error) { return driver.DefaultParameterConverter.ConvertValue(a) },
	} {
		got, err := encode()
		if err == nil || leaks(fmt.Sprintf("%s %v", got, err)) {
			t.Errorf("%s: got %v, %v; want a refusal", name, got, err)
		}
	}
}

func TestAnswersRefuseEveryDecoding(t *testing.T) {
	for name, decode := range map[string]func(*Answers) error{
		"json":   func(a *Answers) error { return json.Unmarshal([]byte(`{"edicion":"1"}`), a) },
		"text":   func(a *Answers) error { return a.UnmarshalText([]byte("x")) },
		"binary": func(a *Answers) error { return a.UnmarshalBinary([]byte("x")) },
		"gob":    func(a *Answers) error { return a.GobDecode([]byte("x")) },
		"sql":    func(a *Answers) error { return a.Scan([]byte("x")) },
	} {
		var a Answers
		if err := decode(&a); !errors.Is(err, ErrSealed) || a.sealed != nil {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
}

func leaks(text string) bool {
	lower := strings.ToLower(text)
	for _, form := range []string{strings.ToLower(canary), fmt.Sprintf("%x", canary), "otro", "p03", "indigena"} {
		if strings.Contains(lower, form) {
			return true
		}
	}
	return strings.Contains(text, strings.Trim(fmt.Sprint([]byte(canary)), "[]"))
}

func TestAnswersOpenForTheirPurposeOnly(t *testing.T) {
	a := canaryAnswers(Capture)
	for _, p := range []Purpose{"", Review, Access, Merging, Publication, Statistics, Verification} {
		if got, err := a.Open(p); err == nil || got != nil {
			t.Errorf("opened for %q", p)
		}
		if got, _, err := a.Draft(p, "indigena"); err == nil || got != nil {
			t.Errorf("draft opened for %q", p)
		}
	}
	got, err := a.Open(Capture)
	if err != nil || got[questionnaire.IndigenousPeople].Other != canary {
		t.Errorf("for its purpose: %v", err)
	}
	got[questionnaire.Indigenous] = questionnaire.Answer{Text: "no"}
	if again, _ := a.Open(Capture); again.Has(questionnaire.Indigenous) {
		t.Error("what was opened changes what is sealed")
	}
	form, version, err := a.Draft(Capture, "indigena")
	if err != nil || version != 2 || form.Get("p03_pueblo.otro") != canary {
		t.Errorf("draft: version %d, %v", version, err)
	}
	var zero Answers
	for _, p := range []Purpose{"", Capture} {
		if _, err := zero.Open(p); err == nil {
			t.Errorf("the zero value opened for %q", p)
		}
	}
	if zero.Version() != 0 || zero.Edition() != "" || a.Version() != 3 || a.Edition() != "1" {
		t.Error("version or edition is not that of what is sealed")
	}
}
