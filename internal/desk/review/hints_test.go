package review_test

import (
	"slices"
	"strings"
	"testing"

	"conoceles/internal/desk/review"
)

func TestTextHints(t *testing.T) {
	others := []review.Nominator{
		{Name: "Partido Horizonte", Acronym: "HORIZONTE"},
		{Name: "Telar Democrático", Acronym: "TD"},
		{Name: "Manantial", Acronym: "MANANTIAL"},
		{Name: "Candidatura independiente «Plaza Abierta»", Acronym: "Plaza Abierta"},
	}
	varied := "Trabajé veinte años en una cooperativa donde llevé cuentas, organicé turnos, atendí quejas, publiqué gastos y " +
		"aprendí que las decisiones se toman mejor cuando participan quienes van a vivir con ellas cada día del año."
	for _, c := range []struct {
		name, text string
		kind       review.HintKind // "" is no hint at all
		found      []string
	}{
		{"an ordinary text", varied, "", nil},
		{"the name of a party", varied + " El Partido Horizonte nunca lo hizo.", review.HintParty, []string{"Partido Horizonte"}},
		{"without accents", varied + " Telar Democratico tampoco.", review.HintParty, []string{"Telar Democrático"}},
		{"an acronym", varied + " Los del TD se fueron.", review.HintParty, []string{"Telar Democrático"}},
		{"an acronym that is a word", varied + " Un manantial y un horizonte.", "", nil},
		{"an independent by the name of its planilla", varied + " Como dice Plaza Abierta.", review.HintParty, []string{"Candidatura independiente «Plaza Abierta»"}},
		{"letters inside a word", varied + " El LTDA de la empresa.", "", nil},
		{"a link", varied + " Mira https://ejemplo.mx/plan, ahí está.", review.HintAddress, []string{"https://ejemplo.mx/plan"}},
		{"a site", varied + " Visita ejemplo.com.mx hoy.", review.HintAddress, []string{"ejemplo.com.mx"}},
		{"an e-mail", varied + " Escribe a ana@ejemplo.mx.", review.HintAddress, []string{"ana@ejemplo.mx"}},
		{"an account", varied + " Sígueme en @ana_ejemplo", review.HintAddress, []string{"@ana_ejemplo"}},
		{"a figure with a point", varied + " Costó 1.500 pesos.", "", nil},
		{"the same words again", strings.Repeat("Agua para todas. ", 20), review.HintPadding, nil},
		{"blanks that make the minimum", varied + strings.Repeat(" ", 200) + "fin", review.HintPadding, nil},
		{"a row of points", varied + " ...........", review.HintPadding, nil},
		{"capitals", strings.ToUpper(varied), review.HintCapitals, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := review.TextHints(c.text, others)
			if c.kind == "" {
				if len(got) > 0 {
					t.Fatalf("got %+v, want no hint", got)
				}
				return
			}
			if len(got) != 1 || got[0].Kind != c.kind || !slices.Equal(got[0].Found, c.found) {
				t.Errorf("got %+v, want %s %v", got, c.kind, c.found)
			}
		})
	}
}

func TestCausesOfAPhotograph(t *testing.T) {
	for _, c := range []struct {
		part string
		want int
	}{{"identidad_foto", 12}, {"propuesta_1", 7}} {
		if got := len(review.Causes(c.part)); got != c.want {
			t.Errorf("%s: %d causes, want %d", c.part, got, c.want)
		}
	}
	for _, cause := range review.Causes("identidad_foto") {
		if review.CauseOf(cause.Code) != cause || cause.Title == "" || cause.Mend == "" {
			t.Errorf("%s has no words", cause.Code)
		}
	}
	if got := review.CauseOf("S9"); got != (review.Cause{}) {
		t.Errorf("S9 is %+v, want none", got)
	}
}
