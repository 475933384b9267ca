package report_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/report"
	"conoceles/internal/desk/report/disclosure"
	"conoceles/internal/questionnaire"
	"conoceles/web/figure"
)

// attacked are the rows of the public table with the question of each.
var attacked = []struct {
	row      string
	question questionnaire.ID
}{
	{"Personas indígenas (pregunta 1)", questionnaire.Indigenous},
	{"Hablan o entienden una lengua indígena (pregunta 2)", questionnaire.IndigenousLanguage},
	{"Personas con discapacidad (pregunta 4)", questionnaire.Disability},
	{"Personas afromexicanas (pregunta 8)", questionnaire.AfroMexican},
	{"Personas LGBTTTIQ+ (pregunta 9)", questionnaire.LGBT},
	{"Personas migrantes (pregunta 11)", questionnaire.Migrant},
	{"Personas jóvenes (pregunta 16)", questionnaire.Young},
	{"Personas mayores (pregunta 17)", questionnaire.Elder},
}

var thresholds = disclosure.Rules{Residual: 10, Population: 30, Rounding: 5, Range: 5} // the defaults of a process

// truth is what an adversary knows of each person about a question, written apart
// from what the product does: who was counted in each cut, and who shows their page.
func truth(people []person, in [][]bool, question questionnaire.ID) []disclosure.Person {
	var out []disclosure.Person
	for i, p := range people {
		if len(p.answers) == 0 || !slices.Contains(in[i], true) {
			continue
		}
		shows := false
		for _, a := range attacked {
			shows = shows || p.answers.Is(a.question, questionnaire.Yes)
		}
		office := "Diputación de mayoría relativa"
		for _, o := range ineOffices {
			if o.key == p.office {
				office = o.name
			}
		}
		out = append(out, disclosure.Person{
			Group: office, In: in[i], Known: shows && slices.Contains(p.consents, yesToAll), Yes: p.answers.Is(question, questionnaire.Yes),
		})
	}
	return out
}

// printed reads the cells of a row of the public table of a cut.
func printed(t *testing.T, f report.File, row string) []disclosure.Cell {
	t.Helper()
	table, ok := f.Public.Table("P-1")
	if !ok {
		t.Fatal("there is no public table")
	}
	for _, r := range table.Rows {
		if r[0].Text != row {
			continue
		}
		held := r[len(r)-1].Text != "Este corte" // it says of which cut it is
		var out []disclosure.Cell
		for i, c := range table.Columns {
			group := c.Title
			if i == 1 {
				group = ""
			}
			known := i == 1 || slices.ContainsFunc(ineOffices, func(o struct{ label, key, name string }) bool { return o.name == group })
			if !known {
				continue
			}
			out = append(out, disclosure.Cell{Group: group, Printed: !r[i].Withheld, Value: r[i].N, Base: thresholds.Rounding, Held: !r[i].Withheld && held})
		}
		return out
	}
	t.Fatalf("%s is not there", row)
	return nil
}

// Three public cuts of the people of 2022, between which few and then many withdraw,
// are attacked together with all that pages show: nothing is learnt of anybody. The
// same figures without suppression, and with the primary one alone, are broken.
func TestWhatIsPublicResistsTheAttack(t *testing.T) {
	o := newOffice(t)
	people := o.inePeople(t)
	if people == nil {
		return
	}
	for i := range people {
		switch {
		case i%10 < 3:
			people[i].consents = []decisions{yesToAll}
		case i%10 < 9:
			people[i].consents = []decisions{noPublish}
		}
	}
	o.Open()
	ids := o.grow(people)
	in := make([][]bool, len(people))
	withdrawn := map[int]bool{}
	history := map[string][][]disclosure.Cell{}
	some := 0
	for cut, leave := range []int{0, 3, 60} {
		o.SetNow(o.Now().AddDate(0, 0, 1))
		if leave > 3 { // some publish after the last cut, and leave before this one
			o.publishFew(people, ids, withdrawn)
			o.SetNow(o.Now().AddDate(0, 0, 1))
		}
		for i := range people {
			if leave > 0 && len(people[i].answers) > 0 && len(people[i].consents) > 0 && !withdrawn[i] {
				withdrawn[i], leave = true, leave-1
				o.withdraw(ids[i])
			}
		}
		o.SetNow(o.Now().AddDate(0, 0, 1))
		for i := range people {
			in[i] = append(in[i], len(people[i].consents) > 0 && !withdrawn[i])
		}
		f := o.cut(report.Groups, "")
		o.release(f.ID)
		for _, a := range attacked {
			cells := printed(t, f, a.row)
			history[a.row] = append(history[a.row], cells)
			if cells[0].Printed {
				some++
			}
			if broken := disclosure.Attack(thresholds, truth(people, in, a.question), history[a.row]); len(broken) > 0 {
				t.Errorf("cut %d, %s: %v", cut+1, a.row, broken)
			}
			if cut == 1 && cells[0].Printed && cells[0].Value != history[a.row][0][0].Value {
				t.Errorf("%s: three people left and the figure went from %d to %d", a.row, history[a.row][0][0].Value, cells[0].Value)
			}
		}
		if cut == 0 {
			breakUnprotected(t, f, truth(people, in, questionnaire.Indigenous))
		}
	}
	if some < 3 {
		t.Errorf("only %d figures were printed: the test says little", some)
	}
}

// publishFew makes two people who showed nothing, and have something to show, publish
// it and withdraw: whoever saw their pages knows what no cut says.
func (o *office) publishFew(people []person, ids []int64, withdrawn map[int]bool) {
	o.T.Helper()
	published := 0
	for i, p := range people {
		if published == 2 || withdrawn[i] || !p.answers.Is(questionnaire.Indigenous, questionnaire.Yes) || !slices.Contains(p.consents, noPublish) {
			continue
		}
		published++
		people[i].consents, withdrawn[i] = append(p.consents, yesToAll), true
		o.Tx(func(ctx context.Context, tx *db.Tx) error { return o.decide(ctx, tx, ids[i], yesToAll, true) })
		o.SetNow(o.Now().Add(time.Hour))
		o.withdraw(ids[i])
	}
	if published != 2 {
		o.T.Fatalf("%d published and left, want 2", published)
	}
}

// breakUnprotected is the control: the figures of the internal table are broken as
// they are, and also with the small ones alone taken away.
func breakUnprotected(t *testing.T, f report.File, people []disclosure.Person) {
	t.Helper()
	table, _ := f.Report.Table("G-3")
	exact := []disclosure.Cell{{Printed: true, Value: table.Rows[0][table.Whole].N, Base: 1}}
	for i, c := range table.Columns[1:table.Whole] {
		exact = append(exact, disclosure.Cell{Group: c.Title, Printed: true, Value: table.Rows[0][i+1].N, Base: 1})
	}
	if len(disclosure.Attack(thresholds, people, [][]disclosure.Cell{exact})) == 0 {
		t.Errorf("the attack does not break the exact figures %v", figure.Rows(table, figure.Text)[0])
	}
	primary := slices.Clone(exact)
	hidden := 0
	for i, c := range primary[1:] {
		if c.Value < thresholds.Residual {
			primary[i+1], hidden = disclosure.Cell{Group: c.Group}, hidden+1
		}
	}
	if hidden == 0 || len(disclosure.Attack(thresholds, people, [][]disclosure.Cell{primary})) == 0 {
		t.Errorf("the attack does not break the figures with the %d small ones taken away", hidden)
	}
}
