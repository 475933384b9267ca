package questionnaire

import (
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestParseGivesBackWhatFormRenders(t *testing.T) {
	for _, q := range []*Questionnaire{every(), Curricular()} {
		for seed := range uint64(300) {
			want := randomAnswers(rand.New(rand.NewPCG(seed, 1)), q)
			got := Answers{}
			for _, page := range q.Pages {
				posted, problems := testParser().Parse(page, Form(page, want))
				if len(problems) > 0 {
					t.Fatalf("seed %d: %+v", seed, problems)
				}
				got = q.Merge(got, page, posted)
			}
			if g, w := string(got.Canonical()), string(want.Canonical()); g != w {
				t.Fatalf("seed %d:\n got %s\nwant %s", seed, g, w)
			}
		}
	}
}

func TestParse(t *testing.T) {
	todo := every().Pages[0]
	for _, c := range []struct {
		name, form, want string
		problems         []Problem
	}{
		{"nothing", "", `{}`, nil},
		{"blanks are not answers", "corto=+&una=&varias=&cursos.0=&lugares.0.calle=", `{}`, nil},
		{"trimmed line", "corto=+a%09b+", `{"corto":"a b"}`, nil},
		{"paragraphs", "largo=a%0D%0Ab", `{"largo":"a\nb"}`, nil},
		{"set in the order of the options", "varias=dos&varias=una&varias=dos", `{"varias":["una","dos"]}`, nil},
		{"words beside", "una=otra&una.otro=m%C3%ADa", `{"una":{"valor":"otra","otro":"mía"}}`, nil},
		{"words of an option left", "una=dos&una.otro=m%C3%ADa", `{"una":"dos"}`, nil},
		{"blank rows close up", "cursos.0=&cursos.2=c&cursos.1=b", `{"cursos":["b","c"]}`, nil},
		{"rows in numeric order", "cursos.10=z&cursos.2=b", `{"cursos":["b","z"]}`, nil},
		{"table", "lugares.1.calle=B&lugares.1.cp=62+000&lugares.0.calle=", `{"lugares":[{"calle":"B","cp":"62000"}]}`, nil},
		{"phone", "telefonos.0=%2B52+1+(777)+123-45.67", `{"telefonos":["7771234567"]}`, nil},
		{"phone not understood stays", "telefonos.0=123", `{"telefonos":["123"]}`, nil},
		{"e-mail", "correo=Ana@EJEMPLO.MX", `{"correo":"Ana@ejemplo.mx"}`, nil},
		{"link without scheme", "enlace=ejemplo.mx/a", `{"enlace":"https://ejemplo.mx/a"}`, nil},
		{"besides", "version=3&ir=sigue&corto=a", `{"corto":"a"}`, nil},
		{
			"scalar twice", "corto=a&corto=b", `{"corto":"a"}`,
			[]Problem{{ID: "corto", Field: "corto", Label: "Corto", Code: Repeated}},
		},
		{
			"row twice", "cursos.0=a&cursos.0=b", `{"cursos":["a"]}`,
			[]Problem{{ID: "cursos", Field: "cursos.0", Label: "Cursos", Code: Repeated}},
		},
		{
			"invalid bytes", "corto=a%FFb", `{"corto":"ab"}`,
			[]Problem{{ID: "corto", Field: "corto", Label: "Corto", Code: BadText}},
		},
		{
			"NUL in a row", "lugares.0.calle=a%00", `{"lugares":[{"calle":"a"}]}`,
			[]Problem{{ID: "lugares", Field: "lugares.0.calle", Label: "Lugares", Code: BadText}},
		},
		{"another's name", "validado=true&corto=a", `{"corto":"a"}`, []Problem{{Code: UnknownField}}},
		{
			"row of a scalar", "corto.0=a", `{}`,
			[]Problem{{ID: "corto", Field: "corto.0", Label: "Corto", Code: UnknownField}},
		},
		{
			"scalar of a list", "cursos=a", `{}`,
			[]Problem{{ID: "cursos", Field: "cursos", Label: "Cursos", Code: UnknownField}},
		},
		{
			"second spelling", "cursos.00=a", `{}`,
			[]Problem{{ID: "cursos", Field: "cursos.00", Label: "Cursos", Code: UnknownField}},
		},
		{
			"negative row", "cursos.-1=a", `{}`,
			[]Problem{{ID: "cursos", Field: "cursos.-1", Label: "Cursos", Code: UnknownField}},
		},
		{
			"row out of any form", "cursos.100=a", `{}`,
			[]Problem{{ID: "cursos", Field: "cursos.100", Label: "Cursos", Code: UnknownField}},
		},
		{
			"unknown column", "lugares.0.pais=a", `{}`,
			[]Problem{{ID: "lugares", Field: "lugares.0.pais", Label: "Lugares", Code: UnknownField}},
		},
		{
			"words where none are asked", "si.otro=a", `{}`,
			[]Problem{{ID: "si", Field: "si.otro", Label: "Sí o no", Code: UnknownField}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			form, err := url.ParseQuery(c.form)
			if err != nil {
				t.Fatal(err)
			}
			answers, problems := testParser().Parse(todo, form, "version", "ir")
			if got := string(answers.Canonical()); got != c.want {
				t.Errorf("answers: got %s, want %s", got, c.want)
			}
			if !slices.Equal(problems, c.problems) {
				t.Errorf("problems: got %+v, want %+v", problems, c.problems)
			}
		})
	}
}

// Only the server says which photo is stored (security: mass assignment).
func TestPhotoIsNeverPosted(t *testing.T) {
	fotografia := page(t, "fotografia")
	answers, problems := testParser().Parse(fotografia, url.Values{"fotografia": {strings.Repeat("0", 64)}})
	if len(answers) != 0 || len(problems) != 1 || problems[0].Code != UnknownField {
		t.Errorf("got %d answers and %+v, want none and %q", len(answers), problems, UnknownField)
	}
	before := completeAnswers()
	after := Curricular().Merge(before, fotografia, Answers{Photograph: text("x")})
	if after.Text(Photograph) != before.Text(Photograph) {
		t.Error("posting the page changed the photo")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("corto=a&largo=b%0D%0Ac&una=otra&una.otro=x&varias=una&varias=dos")
	f.Add("lugares.0.calle=a&lugares.0.cp=1&cursos.3=%00&telefonos.0=%2B52&enlace=a.mx")
	f.Add("red.0.url=HTTP://a.mx&red.0.nombre=%FF&correo=%40&x=1")
	q := every()
	page := q.Pages[0]
	f.Fuzz(func(t *testing.T, query string) {
		form, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		answers, _ := testParser().Parse(page, form)
		q.Check(answers) // must not panic
		for id, a := range answers {
			if a.IsBlank() {
				t.Errorf("blank answer to %q", id)
			}
		}
		again, problems := testParser().Parse(page, Form(page, answers))
		if len(problems) > 0 {
			t.Errorf("rendered answers have problems %+v", problems)
		}
		if got, want := string(again.Canonical()), string(answers.Canonical()); got != want {
			t.Errorf("not stable:\n got %s\nwant %s", got, want)
		}
	})
}
