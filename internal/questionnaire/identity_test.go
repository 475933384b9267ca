package questionnaire

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The version in force is frozen: whoever answered it answered these words.
// If this fails, undo the change or write a new version.
func TestIdentityIsFrozen(t *testing.T) {
	const want = "a788a1aef16ada1bdc1a123e7c5c06d338b74af5fc930c25c1b86a23a276064b"
	if got := Identity().Fingerprint(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestIdentityAsksTwentyQuestionsInSixTopics(t *testing.T) {
	q := Identity()
	var pages []string
	for _, page := range q.Pages {
		pages = append(pages, string(page.ID))
		if page.Lead == "" || len(page.Parts) != 1 || page.Parts[0].ID != page.ID {
			t.Errorf("%s: want a help text and one part of the same name", page.ID)
		}
	}
	if got, want := strings.Join(pages, " "), "indigena discapacidad afromexicana diversidad_sexual migrante general"; got != want {
		t.Errorf("topics: got %s, want %s", got, want)
	}
	if got := len(q.Questions()); got != 20 {
		t.Fatalf("got %d questions, want 20", got)
	}
	for _, question := range q.Questions() {
		if question.Disclosure != ByConsent {
			t.Errorf("%s: disclosure %d, want by consent", question.ID, question.Disclosure)
		}
		if o, ok := question.Option(PreferNot); !ok || o.Label != "Prefiero no contestar" || o.Free || o.Alone != (question.Kind == Choices) {
			t.Errorf("%s: got %+v, want «Prefiero no contestar», which is alone among several", question.ID, o)
		}
		if question.Required == nil || question.Basis == "" || question.IfBlank == "" {
			t.Errorf("%s is not mandatory, or without basis or text for a blank", question.ID)
		}
	}
	if _, err := IdentityEdition("1"); err != nil {
		t.Error(err)
	}
	if _, err := IdentityEdition("2"); err == nil {
		t.Error("an edition that does not exist was given")
	}
}

func TestIdentityCatalogues(t *testing.T) {
	for _, c := range []struct {
		id          ID
		besides     int // options that are not of the catalogue
		count       int
		value, text string
	}{
		{IndigenousPeople, 3, 68, "tepehuano_del_sur", "Tepehuano del sur"},
		{IndigenousPeople, 3, 68, "qanjobal", "Q'anjob'al"},
		{BirthPlace, 2, 32, "michoacan_de_ocampo", "Michoacán de Ocampo"},
		{Residence, 1, 249, "us", "Estados Unidos de América"},
		{Residence, 1, 249, "mx", "México"},
	} {
		q, _ := Identity().Question(c.id)
		if got := len(q.Options) - c.besides; got != c.count {
			t.Errorf("%s: got %d options, want %d", c.id, got, c.count)
		}
		if o, ok := q.Option(c.value); !ok || o.Label != c.text {
			t.Errorf("%s: got %q, want %q", c.value, o.Label, c.text)
		}
	}
	for _, options := range [][]Option{peoples[:68], countries[:249]} {
		if !slices.IsSortedFunc(options, func(a, b Option) int { return strings.Compare(sortKey(a.Label), sortKey(b.Label)) }) {
			t.Errorf("not in alphabetical order from %q", options[0].Label)
		}
	}
}

// sortKey is enough of the order of Spanish for the names of these lists.
func sortKey(label string) string {
	label = strings.NewReplacer("å", "a", "(", "", ",", "").Replace(strings.ToLower(label))
	return strings.ReplaceAll(plainLetters(label), "_", " ")
}

func TestOptionsFirstMovesAndLosesNothing(t *testing.T) {
	q, _ := Identity().Question(IndigenousPeople)
	got := q.OptionsFirst("nahuatl", "mixteco", "nadie", "tlapaneco", "nahuatl")
	if got[0].Value != "nahuatl" || got[1].Value != "mixteco" || got[2].Value != "tlapaneco" || got[3].Value != "akateko" {
		t.Errorf("got %v first", got[:4])
	}
	if len(got) != len(q.Options) || q.Options[0].Value != "akateko" {
		t.Errorf("got %d options of %d, and the question begins with %s", len(got), len(q.Options), q.Options[0].Value)
	}
	if !slices.Equal(q.OptionsFirst(), q.Options) {
		t.Error("with nothing to put first the order changed")
	}
}

// What INE published of 479 questionnaires has a place in ours, and the skip
// rules are those that its data follow.
func TestEveryAnswerOfINEHasAPlace(t *testing.T) {
	rows := ineIdentity(t)
	if rows == nil {
		return
	}
	q := Identity()
	questions := q.Questions()[:19] // its file leaves the birthplace out
	counts := map[ID]map[string]int{}
	for i, question := range questions {
		counts[question.ID] = map[string]int{}
		header := rows[0][i+2]
		if _, label, _ := strings.Cut(header, " "); !strings.HasPrefix(strings.ToLower(question.Label), strings.ToLower(label)) {
			t.Errorf("%s: INE asks %q, we ask %q", question.ID, header, question.Label)
		}
	}
	for n, row := range rows[1:] {
		a := Answers{}
		for i, question := range questions {
			cell := strings.TrimSpace(row[i+2])
			counts[question.ID][cell]++
			if cell == "" {
				continue
			}
			o, ok := optionLabelled(question, cell)
			if !ok {
				t.Fatalf("row %d, %s: no option says %q", n, question.ID, cell)
			}
			a[question.ID] = Answer{Text: o.Value}
			if question.Kind == Choices {
				a[question.ID] = Answer{Texts: []string{o.Value}}
			}
			if o.Free {
				a[question.ID] = Answer{Text: o.Value, Other: "sin detalle"}
			}
		}
		if got := q.Settle(a); len(got) != len(a) {
			t.Errorf("row %d: %d answers, of which %d are asked for", n, len(a), len(got))
		}
		if problems := q.Check(a); len(problems) > 0 {
			t.Errorf("row %d: %v", n, problems)
		}
	}
	for _, c := range []struct {
		id   ID
		cell string
		want int
	}{
		{Indigenous, "Sí", 41},
		{Indigenous, "No", 275},
		{Indigenous, "Prefiero no contestar", 10},
		{Indigenous, "", 153},
		{IndigenousPeople, "Maya", 22},
		{IndigenousPeople, "No aplica", 4},
		{LGBTIdentity, "Mujer lesbiana", 5},
		{Young, "Sí", 59},
		{Elder, "Sí", 39},
		{Income, "Prefiero no contestar", 109},
		{IncomeSource, "Salario", 174},
	} {
		if got := counts[c.id][c.cell]; got != c.want {
			t.Errorf("%s = %q: got %d, want %d", c.id, c.cell, got, c.want)
		}
	}
}

func optionLabelled(q Question, label string) (Option, bool) {
	for _, o := range q.Options {
		if o.Label == label {
			return o, true
		}
	}
	return Option{}, false
}

// ineIdentity reads INE's file; nil, said in one line, where it is absent.
func ineIdentity(t *testing.T) [][]string {
	t.Helper()
	dir := os.Getenv("CONOCELES_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	f, err := os.Open(filepath.Join(dir, "data", "ine-local-2022", "identidad-sin-nombres.csv"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Logf("left out, there is no real data in %s", dir)
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) != 480 {
		t.Fatalf("got %d rows and %v, want 480", len(rows), err)
	}
	return rows
}
