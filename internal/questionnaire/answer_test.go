package questionnaire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestCanonical(t *testing.T) {
	a := Answers{
		"z":      text("<b> & \"c\"\nñ"),
		"blanco": {},
		"lista":  {Texts: []string{"b", "a"}},
		"lugar":  {Rows: []Row{{"num_ext": "1", "calle": "A"}}},
		"otra":   {Text: "otra", Other: "mía"},
		"varias": {Texts: []string{"una", "otra"}, Other: "mía"},
	}
	want := `{"lista":["b","a"],"lugar":[{"calle":"A","num_ext":"1"}],"otra":{"valor":"otra","otro":"mía"},` +
		`"varias":{"valores":["una","otra"],"otro":"mía"},"z":"<b> & \"c\"\nñ"}`
	if got := string(a.Canonical()); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	// Frozen: receipts and versions already signed carry this hash.
	if got, want := a.Hash(), "fc9fd6dbe6a79d344a8b49d4c80d3bdf7e299c35127d6ecbe6deb50e36bb1912"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := string(Answers(nil).Canonical()); got != `{}` {
		t.Errorf("no answers: got %s, want {}", got)
	}
}

func TestAnswersJSONRoundTrip(t *testing.T) {
	for seed := range uint64(200) {
		want := randomAnswers(rand.New(rand.NewPCG(seed, 2)), every())
		var got Answers
		data, err := json.Marshal(want)
		if err == nil {
			err = json.Unmarshal(data, &got)
		}
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Canonical(), want.Canonical()) || got.Hash() != want.Hash() {
			t.Fatalf("seed %d:\n got %s\nwant %s", seed, got.Canonical(), want.Canonical())
		}
	}
}

func TestUnmarshalRefuses(t *testing.T) {
	for _, s := range []string{`null`, `1`, `true`, `[1]`, `[["a"]]`, `[{"a":1}]`, `{"valor":1}`} {
		var a Answer
		if err := json.Unmarshal([]byte(s), &a); err == nil {
			t.Errorf("%s was accepted", s)
		}
	}
}

// An answer may be an identity answer: no verb and no log may print it.
func TestAnswersDoNotPrint(t *testing.T) {
	const secret = "CNRY-NAHUATL"
	a := Answers{"p03_pueblo": {Text: secret, Other: secret, Texts: []string{secret}, Rows: []Row{{"calle": secret}}}}
	var printed strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		for _, value := range []any{a, &a, a["p03_pueblo"], []Answer{a["p03_pueblo"]}, struct{ A Answers }{a}} {
			fmt.Fprintf(&printed, verb+"\n", value)
		}
	}
	log := slog.New(slog.NewTextHandler(&printed, nil))
	log.Info("x", "answers", a, "answer", a["p03_pueblo"])
	for _, leak := range []string{secret, "p03_pueblo", fmt.Sprintf("%x", secret)} {
		if strings.Contains(printed.String(), leak) {
			t.Errorf("%q was printed:\n%s", leak, printed.String())
		}
	}
}

func TestLines(t *testing.T) {
	q := every()
	for _, c := range []struct {
		id     ID
		answer Answer
		want   string
	}{
		{"corto", text("a"), "a"},
		{"corto", Answer{}, ""},
		{"una", text("dos"), "Dos"},
		{"una", Answer{Text: "otra", Other: "mía"}, "Otra: mía"},
		{"varias", Answer{Texts: []string{"una", "otra"}, Other: "mía"}, "Una|Otra: mía"},
		{"si", text(PreferNot), "Prefiero no contestar"},
		{"telefonos", Answer{Texts: []string{"7771234567"}}, "777 123 4567"},
		{"red", Answer{Rows: []Row{{"nombre": "Mastodon", "url": "https://a.mx"}}}, "Mastodon: https://a.mx"},
		{
			"lugares",
			Answer{Rows: []Row{{
				"calle": "Av. Inventada", "num_ext": "116", "colonia": "Centro", "cp": "62000",
				"municipio": "Cuautla", "referencias": "junto al jardín",
			}}},
			"Av. Inventada, Ext. 116, Col. Centro, C. P. 62000, Cuautla (junto al jardín)",
		},
	} {
		question, _ := q.Question(c.id)
		if got := strings.Join(question.Lines(c.answer), "|"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.id, got, c.want)
		}
	}
}
