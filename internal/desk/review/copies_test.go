package review_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"conoceles/internal/desk/review"
	"conoceles/internal/questionnaire"
)

func TestCopies(t *testing.T) {
	const text = "Instalaremos medidores en cada pozo del municipio para que nadie pague agua que no recibe y cualquiera pueda revisar las cuentas"
	for _, c := range []struct {
		name, other      string
		found, identical bool
	}{
		{"the same bytes", text, true, true},
		{"other case, accents and signs", strings.ToUpper(text) + "…", true, true},
		{"one word of twenty", strings.Replace(text, "municipio", "ayuntamiento", 1), true, false},
		{"another order", "cuentas las revisar pueda cualquiera y " + strings.TrimSuffix(text, " y cualquiera pueda revisar las cuentas"), true, false},
		{"half of the words", "Instalaremos medidores en cada pozo del municipio para que haya transporte seguro durante toda la noche en colonias alejadas", false, false},
		{"another text", "Abriremos bibliotecas de barrio con talleres gratuitos los fines de semana durante los tres años de gobierno local", false, false},
		{"nothing", "", false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var copies review.Copies
			mine, theirs := review.TextKey{Candidacy: 1, Question: questionnaire.Proposal1}, review.TextKey{Candidacy: 2, Question: questionnaire.Proposal2}
			copies.Put(mine, text)
			copies.Put(theirs, c.other)
			got := copies.Like(mine, text)
			if (len(got) == 1) != c.found {
				t.Fatalf("found %v, want found %t", got, c.found)
			}
			if c.found && (got[0].TextKey != theirs || got[0].Identical != c.identical) {
				t.Errorf("got %+v, want identical %t", got[0], c.identical)
			}
		})
	}
}

func TestATextTakesThePlaceOfTheOneBefore(t *testing.T) {
	var copies review.Copies
	first := strings.Repeat("agua ", 3) + "para todas las colonias de la ciudad con medidores y cuentas públicas cada mes del año"
	key, other := review.TextKey{Candidacy: 1, Question: "motivo"}, review.TextKey{Candidacy: 2, Question: "motivo"}
	copies.Put(key, first)
	copies.Put(key, "Otra cosa muy distinta que no se parece a lo anterior en ninguna de sus palabras importantes")
	if got := copies.Like(other, first); len(got) != 0 {
		t.Errorf("a text that was replaced is still found: %v", got)
	}
	copies.Put(key, first)
	if got := copies.Like(other, first); len(got) != 1 {
		t.Errorf("got %v, want the text that came back", got)
	}
}

// essays are the columns of INE's file that hold texts.
var essays = []struct {
	column   string
	repeated int // texts that are byte for byte an earlier one (domain 6.5)
	largest  int // group of equal texts
}{
	{"HISTORIA_PROFESIONAL", 22, 18},
	{"TRAYECTORIA_POLITICA", 27, 13},
	{"MOTIVO_CARGO_PUBLICO", 46, 28},
	{"PROPUESTA_1", 35, 8},
	{"PROPUESTA_2", 48, 13},
	{"PROPUESTA_GENERO", 47, 21},
}

// realTexts returns the texts of a column of the local elections of 2022.
func realTexts(t testing.TB) map[string][]string {
	t.Helper()
	dir := os.Getenv("CONOCELES_SHARED")
	if dir == "" {
		dir = "../../../../shared"
	}
	data, err := os.ReadFile(filepath.Join(dir, "data", "ine-local-2022", "candidatos.csv"))
	if os.IsNotExist(err) {
		t.Log("left out: the real data is not here")
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, e := range essays {
		i := slices.Index(rows[0], e.column)
		for _, row := range rows[1:] {
			if len(row[i]) >= 100 { // the rest says that there is none
				out[e.column] = append(out[e.column], row[i])
			}
		}
	}
	return out
}

func TestCopiesOfTheLocalElectionsOf2022(t *testing.T) {
	texts := realTexts(t)
	if texts == nil {
		return
	}
	for _, e := range essays {
		t.Run(e.column, func(t *testing.T) {
			var copies review.Copies
			key := func(i int) review.TextKey { return review.TextKey{Candidacy: int64(i + 1), Question: "texto"} }
			repeated := 0
			for i, text := range texts[e.column] {
				if slices.ContainsFunc(copies.Like(key(i), text), func(m review.Match) bool { return texts[e.column][m.Candidacy-1] == text }) {
					repeated++
				}
				copies.Put(key(i), text)
			}
			if repeated != e.repeated {
				t.Errorf("%d texts repeat an earlier one byte for byte, want %d", repeated, e.repeated)
			}
			var sets []map[string]bool
			for _, text := range texts[e.column] {
				sets = append(sets, setOf(text))
			}
			largest := 0
			for i, text := range texts[e.column] {
				found := copies.Like(key(i), text)
				equal := 1
				for _, m := range found {
					if other := texts[e.column][m.Candidacy-1]; other == text {
						equal++
					}
				}
				largest = max(largest, equal)
				checkAgainstAll(t, sets, i, found)
			}
			if largest != e.largest {
				t.Errorf("the largest group has %d, want %d", largest, e.largest)
			}
		})
	}
}

// checkAgainstAll compares what was found of a text with every other text: nobody
// that shares under half of the words is found, and everybody alike is.
func checkAgainstAll(t *testing.T, sets []map[string]bool, i int, found []review.Match) {
	t.Helper()
	for j := range sets {
		if i == j {
			continue
		}
		there := slices.ContainsFunc(found, func(m review.Match) bool { return m.Candidacy == int64(j+1) })
		switch share := likeness(sets[i], sets[j]); {
		case there && share < 0.5:
			t.Errorf("texts %d and %d share %.2f of their words and are said to be alike", i, j, share)
		case !there && share >= review.Alike:
			t.Errorf("texts %d and %d share %.2f of their words and are not found", i, j, share)
		}
	}
}

// likeness and setOf are written another way on purpose: nothing clever.
func likeness(a, b map[string]bool) float64 {
	both := 0
	for w := range a {
		if b[w] {
			both++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

func setOf(text string) map[string]bool {
	out := map[string]bool{}
	for _, w := range plainWords(text) {
		out[w] = true
	}
	return out
}

func plainWords(text string) []string {
	text = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u").Replace(strings.ToLower(text))
	return strings.FieldsFunc(text, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzñ0123456789", r) && r < 128 || r == '¿' || r == '¡' || r == '“' || r == '”' || r == '–' || r == ' '
	})
}

// benchTexts makes n texts like the real ones: some words everywhere, most of
// them rare, one in twenty a copy.
func benchTexts(n int) []string {
	rng := rand.New(rand.NewPCG(7, 7))
	zipf := rand.NewZipf(rng, 1.1, 3, 20_000)
	out := make([]string, n)
	for i := range out {
		if i > 0 && rng.IntN(20) == 0 {
			out[i] = out[rng.IntN(i)]
			continue
		}
		var b strings.Builder
		for range 60 + rng.IntN(120) {
			fmt.Fprintf(&b, "p%d ", zipf.Uint64())
		}
		out[i] = b.String()
	}
	return out
}

// Five thousand texts against each other are a matter of seconds.
func TestFiveThousandTextsAreComparedInTime(t *testing.T) {
	texts := benchTexts(5000)
	start := time.Now()
	var copies review.Copies
	for i, text := range texts {
		copies.Put(review.TextKey{Candidacy: int64(i + 1)}, text)
	}
	found := 0
	for i, text := range texts {
		found += len(copies.Like(review.TextKey{Candidacy: int64(i + 1)}, text))
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %s, want under 10 s", took)
	} else {
		t.Logf("5,000 texts in %s, %d matches", took.Round(time.Millisecond), found)
	}
	if found < 200 {
		t.Errorf("only %d matches: the copies were not found", found)
	}
}

// BenchmarkCopies compares the texts of 5,000 candidacies, six of each.
func BenchmarkCopies(b *testing.B) {
	texts := benchTexts(30_000)
	for b.Loop() {
		var copies review.Copies
		for i, text := range texts {
			copies.Put(review.TextKey{Candidacy: int64(i + 1)}, text)
		}
		for i, text := range texts {
			copies.Like(review.TextKey{Candidacy: int64(i + 1)}, text)
		}
	}
}
