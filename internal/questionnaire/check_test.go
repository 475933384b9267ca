package questionnaire

import (
	"slices"
	"strings"
	"testing"
)

func TestCheckTexts(t *testing.T) {
	for _, c := range []struct {
		name   string
		id     ID
		answer Answer
		want   string // "" is valid
	}{
		{"below the least", Proposal1, letters(204), "Agrega al menos 76 caracteres; describe también la meta y el plazo"},
		{"one below", Proposal1, letters(279), "Agrega al menos 1 carácter; describe también la meta y el plazo"},
		{"the least", Proposal1, letters(280), ""},
		{"the most", Proposal1, letters(1600), ""},
		{"one above", Proposal1, letters(1601), "Te sobra 1 carácter"},
		{"above", Proposal1, letters(1649), "Te sobran 49 caracteres"},
		{"motive ends before", Motive, letters(2501), "Te sobra 1 carácter"},
		{"history goes on", WorkHistory, letters(5000), ""},
		{"history ends", WorkHistory, letters(1005000), "Te sobran 1,000,000 caracteres"},
		{"counted in characters", Proposal1, text(strings.Repeat("ñ", 1600)), ""},
		{"optional but short", GenderProposal, letters(10), "Agrega al menos 270 caracteres; describe también la meta y el plazo"},
		{"control characters", Proposal1, text(strings.Repeat("a", 300) + "\x00"), "El texto contiene caracteres no válidos"},
		{"not an option", Degree, text("chofer"), "Elige una de las opciones de la lista"},
		{"option of another question", Degree, text("titulo"), "Elige una de las opciones de la lista"},
		{
			"list for a text", Degree,
			Answer{Texts: []string{"primaria"}},
			"Vuelve a responder: la respuesta guardada no corresponde a esta pregunta",
		},
		{"photo is a hash", Photograph, text("../../etc/passwd"), "Vuelve a subir la fotografía"},
		{"course too long", OtherStudies, Answer{Texts: []string{strings.Repeat("a", 251)}}, "Te sobra 1 carácter"},
		{"courses too many", OtherStudies, Answer{Texts: numbered(21)}, "Deja 20 como máximo"},
		{"course twice", OtherStudies, Answer{Texts: []string{"Uno", "Dos", "Uno"}}, "Quita este dato: ya está arriba"},
		{
			"row without street", "casa_campana",
			Answer{Rows: []Row{{"colonia": "Centro", "municipio": "Cuautla"}}},
			"Completa este dato: calle",
		},
		{
			"postal code", "casa_campana",
			Answer{Rows: []Row{{"calle": "A", "colonia": "B", "municipio": "C", "cp": "6200"}}},
			"Escribe los cinco dígitos del código postal",
		},
		{
			"column of nobody", "casa_campana",
			Answer{Rows: []Row{{"calle": "A", "colonia": "B", "municipio": "C", "pais": "D"}}},
			"Vuelve a responder: la respuesta guardada no corresponde a esta pregunta",
		},
		{"whole address", "casa_campana", Answer{Rows: []Row{{"calle": "A", "colonia": "B", "municipio": "C", "cp": "62000"}}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := Answers{c.id: c.answer}
			got := ""
			if problems := Curricular().Check(a); len(problems) > 0 {
				got = problems[0].Text()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func numbered(n int) []string {
	var texts []string
	for i := range n {
		texts = append(texts, strings.Repeat("a", i+1))
	}
	return texts
}

func TestCheckFormats(t *testing.T) {
	for _, c := range []struct {
		kind     Kind
		code     Code
		yes, not []string
	}{
		{
			Email, BadEmail,
			[]string{"a@b.mx", "ana.ruiz+campana@correo.ejemplo.org.mx", "o'higgins@ejemplo.mx"},
			[]string{
				"a", "a@", "@b.mx", "a@b", "a b@c.mx", "a@b..mx", ".a@b.mx", "a..b@c.mx", "a@b.mx, c@d.mx", "a@-b.mx",
				"a@[127.0.0.1]", "ñ@ejemplo.mx", "a@ejemplo.mx\nBcc: b@c.mx", "a@b@c.mx", "a@1.2.3.4",
				strings.Repeat("a", 65) + "@b.mx", "a@" + strings.Repeat("a.", 130) + "mx",
			},
		},
		{
			Phone, BadPhone,
			[]string{"7771234567"},
			[]string{"777123456", "77712345678", "777123456a", "٧٧٧١٢٣٤٥٦٧", "+527771234567", "777 123 4567"},
		},
		{
			Postal, BadPostal,
			[]string{"62000", "01000"},
			[]string{"6200", "620000", "62 00", "6200a"},
		},
		{
			Link, BadLink,
			[]string{
				"https://ejemplo.mx", "http://ejemplo.mx/a?b=c#d", "https://www.ejemplo.com.mx/ni%C3%B1ez/ñ",
				"HTTPS://EJEMPLO.MX", "https://xn--nio-8ma.mx/",
			},
			[]string{
				"ejemplo.mx", "javascript:alert(1)", "javascript://ejemplo.mx/%0aalert(1)", "data:text/html,x",
				"file:///etc/passwd", "ftp://ejemplo.mx", "https://", "https:ejemplo.mx", "https:///a", "//ejemplo.mx",
				"https://yo:clave@ejemplo.mx", "https://ejemplo.mx@otro.mx", "https://127.0.0.1", "https://[::1]/",
				"https://localhost", "https://ejemplo.mx:8080", "https://еjemplo.mx", "https://ejemplo.mx/a b",
				"https://ejemplo.mx\\@otro.mx", `https://ejemplo.mx/"><script>`, "https://2130706433",
				"https://ejemplo.mx/" + strings.Repeat("a", 2030),
			},
		},
		{
			Photo, BadPhoto,
			[]string{strings.Repeat("0f", 32)},
			[]string{"0f", strings.Repeat("0F", 32), strings.Repeat("0g", 32)},
		},
	} {
		q := Question{ID: "x", Kind: c.kind}
		for _, s := range c.yes {
			if problems := q.check(Answers{"x": text(s)}); len(problems) > 0 {
				t.Errorf("%s %q: got %q, want it accepted", c.kind, s, problems[0].Code)
			}
		}
		for _, s := range c.not {
			problems := q.check(Answers{"x": text(s)})
			if len(problems) != 1 || (problems[0].Code != c.code && problems[0].Code != BadText) {
				t.Errorf("%s %q: got %+v, want %q", c.kind, s, problems, c.code)
			}
		}
	}
}

func TestLinksOfNetworks(t *testing.T) {
	for _, c := range []struct {
		id   ID
		link string
		want Code
	}{
		{"facebook", "https://facebook.com/ana", ""},
		{"facebook", "https://es-la.facebook.com/ana", ""},
		{"facebook", "https://FACEBOOK.com/ana", ""},
		{"facebook", "https://facebook.com.otro.mx/ana", WrongSite},
		{"facebook", "https://misfacebook.com/ana", WrongSite},
		{"x_twitter", "https://twitter.com/ana", ""},
		{"x_twitter", "https://netflix.com/ana", WrongSite},
		{"pagina_web", "https://ana.ejemplo.mx", ""},
	} {
		problems := Curricular().Check(Answers{c.id: text(c.link)})
		var got Code
		if len(problems) > 0 {
			got = problems[0].Code
		}
		if got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.id, c.link, got, c.want)
		}
	}
}

func TestCheckOptions(t *testing.T) {
	for _, c := range []struct {
		name   string
		id     ID
		answer Answer
		field  string
		want   Code
	}{
		{"words missing", "una", text("otra"), "una.otro", NeedsOther},
		{"words", "una", Answer{Text: "otra", Other: "mía"}, "", ""},
		{"words too long", "una", Answer{Text: "otra", Other: strings.Repeat("a", 121)}, "una.otro", TooLong},
		{"words of nobody", "una", Answer{Text: "dos", Other: "mía"}, "una", WrongShape},
		{"two of a set", "varias", Answer{Texts: []string{"una", "dos"}}, "", ""},
		{"words missing in a set", "varias", Answer{Texts: []string{"una", "otra"}}, "varias.otro", NeedsOther},
		{"one that stands alone", "varias", Answer{Texts: []string{PreferNot}}, "", ""},
		{"not alone", "varias", Answer{Texts: []string{"una", PreferNot}}, "varias", StandsAlone},
		{"not offered", "varias", Answer{Texts: []string{"una", "tres"}}, "varias", NotOffered},
		{"prefer not", "si", text(PreferNot), "", ""},
		{"yes in English", "si", text("yes"), "si", NotOffered},
		{"not asked", "detalle", text("x"), "detalle", NotAskedFor},
		{"unknown question", "nada", text("x"), "", UnknownField},
	} {
		t.Run(c.name, func(t *testing.T) {
			problems := every().Check(Answers{c.id: c.answer})
			var got Problem
			if len(problems) > 0 {
				got = problems[0]
			}
			if got.Code != c.want || got.Field != c.field || len(problems) > 1 {
				t.Errorf("got %+v, want %q at %q", problems, c.want, c.field)
			}
		})
	}
}

func TestSettleDropsWhatIsNotAsked(t *testing.T) {
	q := every()
	a := Answers{"si": text(No), "detalle": text("x"), "corto": Answer{}}
	if got, want := string(q.Settle(a).Canonical()), `{"si":"no"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !a.Has("detalle") {
		t.Error("the answers given were changed")
	}
	merged := q.Merge(Answers{"si": text(Yes), "detalle": text("x")}, q.Pages[0], Answers{"detalle": text("x"), "si": text(No)})
	if got, want := string(merged.Canonical()), `{"si":"no"}`; got != want {
		t.Errorf("merged: got %s, want %s", got, want)
	}
}

func TestWarnings(t *testing.T) {
	studies := page(t, "formacion")
	for _, c := range []struct {
		degree, status string
		warn           bool
	}{
		{"secundaria", "cedula", true},
		{"secundaria", "certificado", false},
		{"preparatoria", "titulo", true},
		{"licenciatura", "cedula", false},
		{"tecnica", "trunco", false},
		{"", "titulo", false},
	} {
		a := Answers{Degree: text(c.degree), DegreeStatus: text(c.status)}
		if got := studies.Warnings(a); (len(got) > 0) != c.warn {
			t.Errorf("%s + %s: got %+v, want warning %t", c.degree, c.status, got, c.warn)
		}
		if got := studies.Check(a); len(got) > 0 {
			t.Errorf("%s + %s: a doubt became the problem %+v", c.degree, c.status, got)
		}
	}
}

// Every code has words, and none of them speaks of codes.
func TestEveryProblemHasText(t *testing.T) {
	codes := []Code{
		Missing, TooShort, TooLong, BadText, BadEmail, BadPhone, BadLink, WrongSite, BadPostal, BadPhoto,
		NotOffered, NeedsOther, StandsAlone, TooManyRows, BlankColumn, RepeatedRow, Repeated, UnknownField, WrongShape,
		NotAskedFor, Doubt,
	}
	var seen []string
	for _, code := range codes {
		got := Problem{Code: code, Args: Args{N: 2, Limit: 2, Advice: "Consejo de " + string(code)}}.Text()
		if got == "" || got == (Problem{Code: "x"}).Text() || slices.Contains(seen, got) {
			t.Errorf("%s: got %q, want a text of its own", code, got)
		}
		seen = append(seen, got)
	}
	p := Problem{Label: "Propuesta 1", Field: "propuesta_1", Code: TooLong, Args: Args{N: 49}}
	if got, want := p.Summary(), "Propuesta 1: te sobran 49 caracteres"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
