package es_test

import (
	"strings"
	"testing"
	"time"

	"conoceles/web/es"
)

func at(t *testing.T, value string) time.Time {
	t.Helper()
	parsed, err := time.ParseInLocation("2006-01-02 15:04", value, es.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestDates(t *testing.T) {
	i := at(t, "2027-04-06 14:30")
	for _, c := range []struct{ name, got, want string }{
		{"date", es.Date(i), "6 de abril de 2027"},
		{"day and month", es.DayMonth(i), "6 de abril"},
		{"weekday", es.Weekday(i), "martes 6 de abril"},
		{"clock", es.Clock(at(t, "2027-04-06 09:05")), "9:05"},
		{"date and time", es.DateTime(i), "6 de abril, 14:30 h"},
		{"full", es.FullDateTime(i), "6 de abril de 2027, 14:30 h"},
		{"deadline", es.Deadline(at(t, "2027-04-10 23:59")), "sábado 10 de abril, 23:59 h"},
		{"iso date", es.ISODate(i), "2027-04-06"},
		{"iso date and time", es.ISODateTime(i), "2027-04-06T14:30-06:00"},
		// Midnight in Greenwich is still the day before in Mexico.
		{"zone", es.Date(time.Date(2027, 4, 2, 3, 0, 0, 0, time.UTC)), "1 de abril de 2027"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestRecent(t *testing.T) {
	now := at(t, "2027-04-06 14:30")
	for _, c := range []struct{ when, want string }{
		{"2027-04-06 11:05", "hoy, 11:05"},
		{"2027-04-06 00:00", "hoy, 0:00"},
		{"2027-04-05 23:59", "ayer, 23:59"},
		{"2027-04-04 23:59", "4 de abril, 23:59"},
		{"2026-12-31 09:15", "31 de diciembre de 2026, 9:15"},
	} {
		if got := es.Recent(at(t, c.when), now); got != c.want {
			t.Errorf("%s: got %q, want %q", c.when, got, c.want)
		}
	}
}

func TestDaysLeft(t *testing.T) {
	now := at(t, "2027-04-06 23:50")
	for _, c := range []struct {
		when string
		want int
	}{
		{"2027-04-12 00:00", 6}, {"2027-04-07 00:10", 1}, {"2027-04-06 23:59", 0}, {"2027-04-05 23:59", -1},
	} {
		if got := es.DaysLeft(at(t, c.when), now); got != c.want {
			t.Errorf("%s: got %d, want %d", c.when, got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ name, got, want string }{
		{"thousands", es.Int(1358), "1,358"},
		{"hundreds", es.Int(999), "999"},
		{"millions", es.Int(1988462), "1,988,462"},
		{"negative", es.Int(-1290), "−1,290"},
		{"decimal", es.Decimal(50.44, 1), "50.4"},
		{"decimal thousands", es.Decimal(1358.5, 1), "1,358.5"},
		{"negative decimal", es.Decimal(-0.5, 1), "−0.5"},
		{"percent", es.Percent(84, 100), "84 %"},
		{"rounded", es.Percent(1, 3), "33 %"},
		{"nearly all", es.Percent(999, 1000), "99 %"},
		{"nearly none", es.Percent(1, 1000), "1 %"},
		{"all", es.Percent(5, 5), "100 %"},
		{"none", es.Percent(0, 5), "0 %"},
		{"of nothing", es.Percent(0, 0), "—"},
		{"one", es.Plural(1, "candidatura", "candidaturas"), "1 candidatura"},
		{"many", es.Plural(1358, "candidatura", "candidaturas"), "1,358 candidaturas"},
		{"zero", es.Plural(0, "candidatura", "candidaturas"), "0 candidaturas"},
		{"of", es.Of(7, 9), "7 de 9"},
		{"limits", es.Limits(280, 1600), "Entre 280 y 1,600 caracteres, con espacios"},
		{"kilobytes", es.Size(716800), "717 KB"},
		{"megabytes", es.Size(1400000), "1.4 MB"},
		{"wait", es.Duration(61 * time.Second), "2 minutos"},
		{"short wait", es.Duration(time.Second), "1 segundo"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestCounter(t *testing.T) {
	for _, c := range []struct {
		n, minimum, maximum int
		want                string
	}{
		{0, 280, 1600, "0 de 280 caracteres mínimos"},
		{279, 280, 1600, "279 de 280 caracteres mínimos"},
		{280, 280, 1600, "280 caracteres. Te quedan 1,320"},
		{1599, 280, 1600, "1,599 caracteres. Te queda 1"},
		{1600, 280, 1600, "1,600 caracteres. Te quedan 0"},
		{1601, 280, 1600, "Te sobra 1"},
		{1649, 280, 1600, "Te sobran 49"},
		{1, 0, 250, "1 carácter. Te quedan 249"},
		{1234, 0, 0, "1,234 caracteres"},
	} {
		if got := es.Counter(c.n, c.minimum, c.maximum); got != c.want {
			t.Errorf("Counter(%d, %d, %d) = %q, want %q", c.n, c.minimum, c.maximum, got, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ name, got, want string }{
		{"list", es.List("Ana", "Luis", "Eva"), "Ana, Luis y Eva"},
		{"list of one", es.List("Ana"), "Ana"},
		{"list before i", es.List("Ana", "Inés"), "Ana e Inés"},
		{"list before hi", es.List("Morelos", "Hidalgo"), "Morelos e Hidalgo"},
		{"list before hie", es.List("agua", "hielo"), "agua y hielo"},
		{"word", es.Capital(es.Word(1)), "Una"},
		{"word above ten", es.Word(1200), "1,200"},
		{"masculine", es.WordMasculine(1), "uno"},
		{"accented capital", es.Capital("ávila"), "Ávila"},
		{"woman", es.CandidateFor("Mujer", "Diputación local"), "Candidata a diputación local"},
		{"man", es.CandidateFor("hombre", "Sindicatura"), "Candidato a sindicatura"},
		{"non binary", es.CandidateFor("No binario", "Regiduría"), "Persona candidata a regiduría"},
		{"unknown sex", es.CandidateFor("", "Gubernatura"), "Persona candidata a la gubernatura"},
		{"her place", es.Quality("mujer", "propietaria"), "propietaria"},
		{"his place", es.Quality("hombre", "PROPIETARIA"), "propietario"},
		{"their place", es.Quality("no_binario", "propietaria"), "propietaria"},
		{"substitute", es.Quality("hombre", "suplente"), "suplente"},
		{"age", es.Age(52), "52 años"},
		{"district", es.District(2), "Distrito 02"},
		{"district 12", es.District(12), "Distrito 12"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestLabels(t *testing.T) {
	for _, c := range []struct {
		axis        es.Axis
		value, want string
	}{
		{es.Capture, "completa", "Completa, falta validar"},
		{es.Section, "completa", "Completa"},
		{es.Capture, "en captura", "En captura"},
		{es.Sex, "NO BINARIO", "No binario"},
		{es.Document, "inventado", "inventado"},
	} {
		if got := es.Label(c.axis, c.value); got != c.want {
			t.Errorf("Label(%s, %q) = %q, want %q", c.axis, c.value, got, c.want)
		}
	}
}

func TestMessageOfUnknownCodeIsStillSpanish(t *testing.T) {
	if got := es.Message("no.existe"); got == "" || strings.Contains(got, "no.existe") {
		t.Errorf("got %q, want a sentence that does not show the code", got)
	}
	if got, want := es.Message("fallo.referencia", "ABC"), "Referencia: ABC"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
