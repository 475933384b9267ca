package report

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"conoceles/internal/figures"
	"conoceles/internal/questionnaire"
)

// anybody draws a candidacy of any kind.
func anybody(t *rapid.T) fact {
	office := rapid.IntRange(1, 4).Draw(t, "office")
	pick := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
	chance := func(name string) bool { return rapid.Bool().Draw(t, name) }
	f := fact{
		Sex: pick("sex", "mujer", "hombre", "no_binario"), Age: rapid.IntRange(0, 99).Draw(t, "age"), Office: "Cargo " + string(rune('A'+office)), OfficeOrder: office,
		InSystem: chance("in system"), Counted: chance("counted"), District: rapid.IntRange(0, 3).Draw(t, "district"), Municipality: pick("municipality", "", "Uno", "Dos"),
		Role: pick("role", "propietaria", "suplente"), Nominator: pick("nominator", "A", "B"), NominatorKind: pick("kind", "partido", "coalicion", "independiente"),
		Siglado: pick("siglado", "", "A"), Standing: pick("standing", "aprobada", "aprobada", "renuncia", "cancelada", "sustituida"),
		Capture: pick("capture", "sin_iniciar", "en_captura", "completa", "validada", "en_correccion"), Answered: rapid.IntRange(0, 9).Draw(t, "answered"),
		Degree: pick("degree", "", "licenciatura", "maestria", "Educación básica"), DegreeStatus: pick("status", "", "titulo", "Trunca"),
		HasText: chance("text"), Paused: chance("paused"), Attended: chance("attended"),
	}
	f.NominatorOrder = int(f.Nominator[0])
	return f
}

// Whoever the candidacies are, every table of every report adds up, those of
// everybody add up to the same, and what is left out of one is in none.
func TestEveryTableAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Custom(anybody), 0, 40).Draw(t, "candidacies")
		s := &source{all: all, step: func(int, int) {}}
		r, err := s.advance(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
		n := len(inForce(all))
		for _, id := range []string{"T-1", "T-2", "T-3", "T-4", "T-8", "T-9"} {
			if table, _ := r.Table(id); table.Total[1].N != n {
				t.Fatalf("%s counts %d of %d", id, table.Total[1].N, n)
			}
		}
		for _, id := range []string{"T-5", "T-5b", "T-6"} {
			if table, _ := r.Table(id); table.Total[table.Whole].N != n {
				t.Fatalf("%s counts %d of %d", id, table.Total[table.Whole].N, n)
			}
		}
		gone, _ := r.Table("T-11")
		left := 0
		for _, f := range all {
			if f.Standing != "aprobada" {
				left++
			}
		}
		if len(gone.Rows) != left {
			t.Fatalf("%d left and %d are listed", left, len(gone.Rows))
		}
	})
}

// Every table of answers has everybody in each of its rows, whatever was answered
// and authorised.
func TestEveryTableOfAnswersHasEverybody(t *testing.T) {
	options := []string{questionnaire.Yes, questionnaire.No, questionnaire.PreferNot, ""}
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfN(rapid.Custom(anybody), 0, 30).Draw(t, "candidacies")
		s := &source{all: facts, step: func(int, int) {}}
		var all []counted
		for _, f := range inForce(facts) {
			c := counted{fact: f, answers: questionnaire.Answers{}}
			c.authorised = f.Attended && rapid.Bool().Draw(t, "authorised")
			for _, a := range attributes {
				if o := rapid.SampledFrom(options).Draw(t, string(a.question)); o != "" && c.authorised {
					c.answers[a.question] = questionnaire.Answer{Text: o}
				}
			}
			all = append(all, c)
		}
		r := s.groups(all, []questionnaire.ID{questionnaire.Indigenous})
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
		table, _ := r.Table("G-1")
		for _, row := range table.Rows {
			if row[8].N != len(all) {
				t.Fatalf("%s counts %d of %d", row[0].Text, row[8].N, len(all))
			}
		}
		if _, err := figures.Decode(must(r.Encode())); err != nil {
			t.Fatal(err)
		}
	})
}

func must(content []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return content
}
