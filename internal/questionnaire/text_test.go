package questionnaire

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// The vectors of testdata/counting.json are also run against the browser's
// counter, which must agree.
func TestCountingVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/counting.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Nombre, Texto, Contador string
		Limpio                  *string
		Veces, Min, Max, Cuenta int
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 30 {
		t.Fatalf("only %d vectors", len(cases))
	}
	for _, c := range cases {
		t.Run(c.Nombre, func(t *testing.T) {
			got, valid := testParser().Text(strings.Repeat(c.Texto, c.Veces))
			if !valid {
				t.Error("not valid")
			}
			if c.Limpio != nil && got != *c.Limpio {
				t.Errorf("clean: got %q, want %q", got, *c.Limpio)
			}
			if n := Count(got); n != c.Cuenta {
				t.Errorf("count: got %d, want %d", n, c.Cuenta)
			}
			if counter := (Question{Min: c.Min, Max: c.Max}).Counter(got); counter != c.Contador {
				t.Errorf("counter: got %q, want %q", counter, c.Contador)
			}
		})
	}
}

func TestTextRefusesWhatIsNotText(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"invalid UTF-8", "a\xffb", "ab"},
		{"latin-1", "ni\xf1o", "nio"},
		{"overlong", "a\xc0\xafb", "ab"},
		{"surrogate", "a\xed\xa0\x80b", "ab"},
		{"truncated", "ñ\xc3", "ñ"},
		{"NUL", "a\x00b", "ab"},
		{"escape", "a\x1b[31mb", "a[31mb"},
		{"bell", "a\ab", "ab"},
		{"delete", "a\x7fb", "ab"},
		{"C1 control", "a\u0085b", "ab"},
		{"tower of marks", "a" + strings.Repeat("\u0336", 20), "a" + strings.Repeat("\u0336", maxMarks)},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, valid := testParser().Text(c.in)
			if valid || got != c.want {
				t.Errorf("got %q, valid %t; want %q, not valid", got, valid, c.want)
			}
			if again, valid := testParser().Text(got); !valid || again != got {
				t.Errorf("cleaning again: got %q, valid %t; want %q, valid", again, valid, got)
			}
		})
	}
}

func TestLineHasNoBreaks(t *testing.T) {
	if got, valid := testParser().Line(" a\tb\r\nc "); got != "a b c" || !valid {
		t.Errorf("got %q, valid %t; want %q, valid", got, valid, "a b c")
	}
}

func TestLimits(t *testing.T) {
	for _, c := range []struct {
		min, max int
		want     string
	}{
		{280, 1600, "Entre 280 y 1,600 caracteres, con espacios"},
		{0, 250, "Hasta 250 caracteres, con espacios"},
		{0, 0, ""},
	} {
		if got := (Question{Min: c.min, Max: c.max}).Limits(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestParserNeedsNormaliser(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a parser without normaliser was made")
		}
	}()
	NewParser(nil)
}
