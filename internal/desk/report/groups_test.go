package report_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"conoceles/internal/desk/report"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

// ineOffices are the offices of INE's file.
var ineOffices = []struct{ label, key, name string }{
	{"GUBERNATURA", "gubernatura", "Gubernatura"},
	{"DIPUTACIÓN LOCAL MR", "diputacion_mr", "Diputación de mayoría relativa"},
	{"DIPUTACIÓN LOCAL RP", "diputacion_rp", "Diputación de representación proporcional"},
	{"PRESIDENCIA MUNICIPAL", "presidencia", "Presidencia municipal"},
}

// inePeople makes somebody fictitious of each row of INE's answers without names;
// nil where the file is absent. All of them gave the consent that is said.
func (o *office) inePeople(t *testing.T, consents ...decisions) []person {
	t.Helper()
	data := shared(t, "ine-local-2022/identidad-sin-nombres.csv")
	if data == nil {
		return nil
	}
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil || len(rows) != 480 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	o.Office("gubernatura", "Gubernatura", "GUBERNATURA", election.InState, 1)
	o.Office("diputacion_rp", "Diputación de representación proporcional", "DIPUTACIÓN LOCAL RP", election.InConstituency, 3)
	o.Office("presidencia", "Presidencia municipal", "PRESIDENCIA MUNICIPAL", election.InState, 4)
	party := o.Nominator(election.Party, "HOR")
	questions := questionnaire.Identity().Questions()
	var out []person
	for _, row := range rows[1:] {
		p := person{nominator: party, sex: strings.ToLower(row[1]), consents: consents}
		for _, of := range ineOffices {
			if of.label == row[0] {
				p.office = of.key
			}
		}
		a := questionnaire.Answers{}
		for i, q := range questions[:19] {
			if cell := strings.TrimSpace(row[i+2]); cell != "" {
				a[q.ID] = ineAnswer(t, q, cell)
			}
		}
		if len(a) > 0 { // its file leaves the birthplace out
			a[questionnaire.BirthPlace] = questionnaire.Answer{Text: questionnaire.PreferNot}
			p.answers = a
		}
		out = append(out, p)
	}
	return out
}

func ineAnswer(t *testing.T, q questionnaire.Question, cell string) questionnaire.Answer {
	t.Helper()
	for _, o := range q.Options {
		switch {
		case o.Label != cell:
		case q.Kind == questionnaire.Choices:
			return questionnaire.Answer{Texts: []string{o.Value}}
		case o.Free:
			return questionnaire.Answer{Text: o.Value, Other: "sin detalle"}
		default:
			return questionnaire.Answer{Text: o.Value}
		}
	}
	t.Fatalf("%s: no option says %q", q.ID, cell)
	return questionnaire.Answer{}
}

// TestTheAnswersOf2022 are the tables of domain 8.3, and the columns of identity of
// those of 8.2, of 479 people who did not exist with the answers that INE published
// without names.
func TestTheAnswersOf2022(t *testing.T) {
	o := newOffice(t)
	people := o.inePeople(t, yesToAll)
	if people == nil {
		return
	}
	o.grow(people)
	f := o.cut(report.Groups, "Final")
	// Sí, No, Prefiere no contestar, No aplica, Sin captura, No autorizó, Respondieron, Total
	compare(t, f.Report, "G-1", map[string]string{
		"Personas indígenas (pregunta 1)":                     "41 275 10 0 153 0 326 479",
		"Hablan o entienden una lengua indígena (pregunta 2)": "25 297 4 0 153 0 326 479",
		"Personas con discapacidad (pregunta 4)":              "1 321 4 0 153 0 326 479",
		"Personas afromexicanas (pregunta 8)":                 "5 317 4 0 153 0 326 479",
		"Personas LGBTTTIQ+ (pregunta 9)":                     "16 300 10 0 153 0 326 479",
		"Personas migrantes (pregunta 11)":                    "1 323 2 0 153 0 326 479",
		"Personas jóvenes (pregunta 16)":                      "59 211 17 39 153 0 287 479",
		"Personas mayores (pregunta 17)":                      "39 205 23 59 153 0 267 479",
	})
	// Mujeres, Hombres, No binarias, Sí
	compare(t, f.Report, "G-2", map[string]string{
		"Personas indígenas (pregunta 1)": "20 21 0 41", "Personas LGBTTTIQ+ (pregunta 9)": "12 4 0 16",
		"Personas jóvenes (pregunta 16)": "39 20 0 59", "Personas mayores (pregunta 17)": "18 21 0 39",
	})
	compare(t, f.Report, "G-p18", map[string]string{
		"Menos de $11,000": "51", "De $11,001 a $25,000": "76", "De $25,001 a $50,000": "35", "De $50,001 a $75,000": "14", "De $75,001 a $112,000": "10",
		"Más de $112,000": "10", "No recibe ingresos": "21", "Prefiero no contestar": "109", "Total": "479",
	})
	compare(t, f.Report, "G-p03", map[string]string{"Maya": "22", "Zapoteco": "3", "No aplica": "4", "Prefiero no contestar": "7"})

	advance := o.cut(report.Advance, "Final")
	// Registradas, Curricular, %, Identidad, %
	compare(t, advance.Report, "T-1", map[string]string{
		"Gubernatura": "27 0 0.0 % 27 100.0 %", "Diputación de mayoría relativa": "158 0 0.0 % 131 82.9 %",
		"Diputación de representación proporcional": "49 0 0.0 % 36 73.5 %", "Presidencia municipal": "245 0 0.0 % 132 53.9 %", "Total": "479 0 0.0 % 326 68.1 %",
	})
	compare(t, advance.Report, "T-3", map[string]string{"Hombre": "203 0 0.0 % 147 72.4 %", "Mujer": "276 0 0.0 % 179 64.9 %"})
}

// Who did not give consent nº 3 is a column of its own, in every table of answers,
// whatever they answered; and a withdrawal acts from the next cut on.
func TestOnlyWhoAuthorisedStatisticsIsCounted(t *testing.T) {
	o := newOffice(t)
	party := o.Nominator(election.Party, "HOR")
	indigenous := answered(questionnaire.Indigenous)
	ids := o.grow([]person{
		{nominator: party, answers: indigenous, consents: []decisions{yesToAll}},
		{nominator: party, answers: indigenous, consents: []decisions{noPublish}},               // nº 3 does not need nº 2
		{nominator: party, answers: indigenous, consents: []decisions{noStatistic}},             // said No to nº 3
		{nominator: party, answers: indigenous, consents: []decisions{yesToAll}, pending: true}, // nobody verified it
		{nominator: party, answers: indigenous},                                                 // decided nothing
		{nominator: party, answers: indigenous, consents: []decisions{yesToAll, noStatistic}},   // changed their mind
		{nominator: party, consents: []decisions{noToAll}},                                      // closed the questionnaire
		{nominator: party}, // did not answer
	})
	const row = "Personas indígenas (pregunta 1)"
	before := o.cut(report.Groups, "Abril")
	compare(t, before.Report, "G-1", map[string]string{row: "2 0 0 0 1 5 2 8"})

	o.SetNow(o.Now().AddDate(0, 0, 1))
	o.withdraw(ids[0])
	after := o.cut(report.Groups, "Mayo")
	compare(t, after.Report, "G-1", map[string]string{row: "1 0 0 0 1 6 1 8"})
	if said := strings.Join(after.Report.Definition, " "); !strings.Contains(said, "1 persona dejó de autorizar") {
		t.Errorf("the cut does not say that somebody withdrew: %s", said)
	}
	compare(t, o.open(before.ID).Report, "G-1", map[string]string{row: "2 0 0 0 1 5 2 8"}) // what was counted stays

	// The advance counts everybody: answering is a duty, not an answer.
	compare(t, o.cut(report.Advance, "").Report, "T-1", map[string]string{"Total": "8 0 0.0 % 7 87.5 %"})
}
