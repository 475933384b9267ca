package questionnaire

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// composer is NFC for the letters of Spanish: enough for these tests, which
// import nothing but the standard library.
var composer = strings.NewReplacer(
	"a\u0301", "á", "e\u0301", "é", "i\u0301", "í", "o\u0301", "ó", "u\u0301", "ú", "u\u0308", "ü", "n\u0303", "ñ",
	"A\u0301", "Á", "E\u0301", "É", "I\u0301", "Í", "O\u0301", "Ó", "U\u0301", "Ú", "U\u0308", "Ü", "N\u0303", "Ñ")

func testParser() *Parser { return NewParser(composer.Replace) }

func page(t testing.TB, id ID) Page {
	t.Helper()
	p, ok := Curricular().Page(id)
	if !ok {
		t.Fatalf("no page %q", id)
	}
	return p
}

func text(s string) Answer { return Answer{Text: s} }

func letters(n int) Answer { return text(strings.Repeat("a", n)) }

// completeAnswers satisfy the nine mandatory items.
func completeAnswers() Answers {
	return Answers{
		Photograph:       text(strings.Repeat("0a", 32)),
		"correo_publico": {Texts: []string{"contacto@ejemplo.mx"}},
		Degree:           text("licenciatura"),
		DegreeStatus:     text("titulo"),
		WorkHistory:      letters(280),
		Trajectory:       letters(280),
		Motive:           letters(280),
		Proposal1:        letters(280),
		Proposal2:        letters(280),
	}
}

// every asks one question of each kind, with skip logic.
func every() *Questionnaire {
	options := []Option{
		{Value: "una", Label: "Una"},
		{Value: "dos", Label: "Dos"},
		{Value: "otra", Label: "Otra", Free: true},
	}
	alone := append(options[:3:3], Option{Value: PreferNot, Label: "Prefiero no contestar", Alone: true})
	return Must(Questionnaire{Key: "prueba", Version: "1", Title: "Prueba", Pages: []Page{{
		ID: "todo", Title: "Todo", Parts: []Part{{ID: "todo", Label: "Todo", Questions: []Question{
			{ID: "corto", Label: "Corto", Kind: ShortText, Max: 40},
			{ID: "largo", Label: "Largo", Kind: LongText, Min: 5, Max: 400},
			{ID: "una", Label: "Una", Kind: Choice, Options: options},
			{ID: "varias", Label: "Varias", Kind: Choices, Options: alone},
			{ID: "si", Label: "Sí o no", Kind: YesNoPrefer},
			{
				ID: "detalle", Label: "Detalle", Kind: ShortText, Max: 40, Required: Always,
				Asked: func(a Answers) bool { return a.Is("si", Yes) },
			},
			{ID: "pais", Label: "País", Kind: Country, Options: options},
			{ID: "correo", Label: "Correo", Kind: Email},
			{ID: "telefonos", Label: "Teléfonos", Kind: Phone, MaxRows: 3},
			{ID: "enlace", Label: "Enlace", Kind: Link},
			{ID: "red", Label: "Red", Kind: NamedLink},
			{ID: "cp", Label: "C. P.", Kind: Postal},
			{ID: "lugares", Label: "Lugares", Kind: Address, MaxRows: 3},
			{ID: "cursos", Label: "Cursos", Kind: List, Max: 30, MaxRows: 4},
		}}},
	}}})
}

// randomAnswers are settled answers as Parse would give them, valid or not.
func randomAnswers(r *rand.Rand, q *Questionnaire) Answers {
	a := Answers{}
	for _, question := range q.Questions() {
		if question.Kind != Photo && r.IntN(3) > 0 {
			a[question.ID] = randomAnswer(r, question)
		}
	}
	return q.Settle(a)
}

func randomAnswer(r *rand.Rand, q Question) Answer {
	var a Answer
	switch q.Shape() {
	case Scalar:
		a.Text = randomText(r, q)
	case Set:
		for range 1 + r.IntN(3) {
			a.Texts = append(a.Texts, randomText(r, q))
		}
		a.Texts = q.inOrder(a.Texts)
	case Sequence:
		for range 1 + r.IntN(q.Rows()+1) {
			a.Texts = append(a.Texts, randomText(r, q))
		}
	case Table:
		for range 1 + r.IntN(q.Rows()+1) {
			row := Row{q.Kind.Columns()[0].Name: randomLine(r)}
			for _, c := range q.Kind.Columns()[1:] {
				if r.IntN(2) == 0 {
					row[c.Name] = normal(c.Kind, randomLine(r))
				}
			}
			a.Rows = append(a.Rows, row)
		}
	}
	if q.wantsOther(a) && r.IntN(2) == 0 {
		a.Other = randomLine(r)
	}
	return a
}

func randomText(r *rand.Rand, q Question) string {
	switch {
	case q.Kind.HasOptions():
		return q.Options[r.IntN(len(q.Options))].Value
	case q.Kind == LongText:
		return randomLine(r) + "\n\n" + randomLine(r)
	}
	return normal(q.Kind, randomLine(r))
}

func randomLine(r *rand.Rand) string {
	words := []string{"agua", "niñez", "¿sí?", "777-123 4567", "A@B.MX", "ejemplo.mx/a", "62000", "😀", "<b>", "=1+1", "a&b", `"c"`}
	line := words[r.IntN(len(words))]
	for range r.IntN(5) {
		line += " " + words[r.IntN(len(words))]
	}
	return line
}
