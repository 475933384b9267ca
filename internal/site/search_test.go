package site_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/site"
	"conoceles/internal/site/sitetest"
)

func TestSearchFinds(t *testing.T) {
	r := read(t, sitetest.Open)
	tests := []struct {
		name, query string
		want        []string
	}{
		{"a name without its accents", "q=jose+angel", []string{"jose-angel-de-la-o-nanez"}},
		{"words in another order", "q=nanez+jose", []string{"jose-angel-de-la-o-nanez"}},
		{"a surname of stop words", "q=de+la+o", []string{"jose-angel-de-la-o-nanez"}},
		{"upper case and ñ", "q=Ñ%C3%81ÑEZ", []string{"jose-angel-de-la-o-nanez"}},
		{"an apostrophe", "q=d%27ejemplo", []string{"ximena-d-ejemplo-olmos"}},
		{"a curly apostrophe", "q=D’Ejemplo", []string{"ximena-d-ejemplo-olmos"}},
		{"part of a word", "q=citla", []string{"citlali-prueba-montes"}},
		{"the name on the ballot", "q=maestra", []string{"citlali-prueba-montes"}},
		{"a percent sign finds nothing special", "q=%25", []string{}},
		{"an underscore is not a wildcard", "q=_", []string{}},
		{"an office and a district", "cargo=diputacion_mr&distrito=2", []string{"citlali-prueba-montes", "nadia-hipotetica-vera", "eleuterio-supuesto-cruz"}},
		{"a municipality", "municipio=99001", []string{"renata-demostrada-salgado", "isabel-inventada-soto"}},
		{"who sigla counts as who nominates", "actor=at&cargo=gubernatura", []string{"abelardo-ejemplo-rios"}},
		{"a sex", "sexo=no_binario", []string{"renata-demostrada-salgado"}},
		{"an age band", "edad=60&cargo=gubernatura", []string{"abelardo-ejemplo-rios"}},
		{"a degree", "grado=doctorado", []string{"citlali-prueba-montes"}},
		{"an acción afirmativa", "accion=joven", []string{"nadia-hipotetica-vera"}},
		{"the published", "estado=publicado", []string{"ximena-d-ejemplo-olmos", "abelardo-ejemplo-rios", "jose-angel-de-la-o-nanez", "citlali-prueba-montes"}},
		{"by surname", "estado=publicado&orden=apellido", []string{"ximena-d-ejemplo-olmos", "jose-angel-de-la-o-nanez", "abelardo-ejemplo-rios", "citlali-prueba-montes"}},
		{"by nominator", "estado=publicado&orden=actor", []string{"abelardo-ejemplo-rios", "ximena-d-ejemplo-olmos", "jose-angel-de-la-o-nanez", "citlali-prueba-montes"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			values, err := url.ParseQuery(tt.query)
			if err != nil {
				t.Fatal(err)
			}
			q, problems := site.ParseQuery(values, r.catalog)
			if len(problems) > 0 {
				t.Fatalf("problems: %v", problems)
			}
			got, err := r.store.Search(t.Context(), r.process, r.catalog, q)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, slugs(got.Cards)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if got.Total != len(tt.want) {
				t.Errorf("total %d, want %d", got.Total, len(tt.want))
			}
		})
	}
}

func TestResultsComeInPagesAndCountBothStates(t *testing.T) {
	r := read(t, sitetest.Open)
	got, err := r.store.Search(t.Context(), r.process, r.catalog, site.Query{Page: 4})
	if err != nil {
		t.Fatal(err)
	}
	if got.Total != 74 || got.Pages != 4 || len(got.Cards) != 2 || got.Published != 4 || got.Unpublished != 70 {
		t.Errorf("total %d in %d pages, %d cards here, %d published, %d not", got.Total, got.Pages, len(got.Cards), got.Published, got.Unpublished)
	}
	if got, err = r.store.Search(t.Context(), r.process, r.catalog, site.Query{Page: 5}); err != nil || !got.Past() || len(got.Cards) > 0 {
		t.Errorf("past the end: %+v, %v", got, err)
	}
	got, err = r.store.Search(t.Context(), r.process, r.catalog, site.Query{Office: "gubernatura", State: site.StateUnpublished})
	if err != nil || got.Total != 1 || got.Published != 2 {
		t.Errorf("the state asked for: %+v, %v", got, err)
	}
}

func TestNothingFoundSaysWhichFilterEmptiesIt(t *testing.T) {
	r := read(t, sitetest.Open)
	got, err := r.store.Search(t.Context(), r.process, r.catalog, site.Query{Text: "citlali", Office: "gubernatura", Sex: "mujer"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"q": 1, "cargo": 1}
	if diff := cmp.Diff(want, got.Relief); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestTheExcerptIsTheFirstProposalOrWhyThereIsNone(t *testing.T) {
	r := read(t, sitetest.Open)
	got, err := r.store.Search(t.Context(), r.process, r.catalog, site.Query{Office: "gubernatura"})
	if err != nil {
		t.Fatal(err)
	}
	if c := got.Cards[0]; c.ExcerptState != site.UnderReview || c.Excerpt != "" {
		t.Errorf("paused: %q %q", c.ExcerptState, c.Excerpt)
	}
	if c := got.Cards[1]; c.ExcerptState != site.Published || !strings.HasPrefix(c.Excerpt, "Un fondo") {
		t.Errorf("published: %q %q", c.ExcerptState, c.Excerpt)
	}
	if c := got.Cards[2]; c.ExcerptState != "" || c.Excerpt != "" {
		t.Errorf("unpublished: %q %q", c.ExcerptState, c.Excerpt)
	}
}

func TestParseQueryRefusesWhatMeansNothing(t *testing.T) {
	c := read(t, sitetest.Open).catalog
	tests := []struct {
		name, query string
		want        site.Query
		problems    []string
	}{
		{"nothing", "", site.Query{}, nil},
		{"parameters of others", "utm_source=x&c=1&c=2", site.Query{}, nil},
		{"blanks", "q=++&cargo=&pagina=", site.Query{}, nil},
		{"everything as usual", "orden=boleta&vista=tarjetas&pagina=1", site.Query{Page: 1}, nil},
		{"both states", "estado=publicado&estado=sin-publicar", site.Query{}, nil},
		{"a repeated parameter", "sexo=mujer&sexo=hombre", site.Query{Sex: "mujer"}, nil},
		{"an unknown office", "cargo=rey&sexo=mujer", site.Query{Sex: "mujer"}, []string{"cargo"}},
		{"unknown places", "distrito=99&municipio=1", site.Query{}, []string{"distrito", "municipio"}},
		{
			"unknown values", "actor=x&sexo=x&edad=x&grado=x&accion=x&estado=x&orden=x&vista=x",
			site.Query{},
			[]string{"actor", "sexo", "edad", "grado", "accion", "estado", "orden", "vista"},
		},
		{"NUL", "q=a%00b", site.Query{}, []string{"q"}},
		{"invalid UTF-8", "q=%ff%fe&cargo=%80", site.Query{}, []string{"q", "cargo"}},
		{"too long", "q=" + strings.Repeat("a", 10_000), site.Query{}, []string{"q"}},
		{"pages that are none", "pagina=0", site.Query{}, []string{"pagina"}},
		{"a page beyond counting", "pagina=99999999999999999999", site.Query{}, []string{"pagina"}},
		{"a negative page", "pagina=-30", site.Query{}, []string{"pagina"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			values, _ := url.ParseQuery(tt.query)
			got, problems := site.ParseQuery(values, c)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			var fields []string
			for _, p := range problems {
				fields = append(fields, p.ID)
				if p.Message == "" {
					t.Errorf("%s: no message", p.ID)
				}
			}
			if diff := cmp.Diff(tt.problems, fields); diff != "" {
				t.Errorf("problems (-want +got)\n%s", diff)
			}
		})
	}
}

func TestValuesIsTheInverseOfParseQuery(t *testing.T) {
	c := read(t, sitetest.Open).catalog
	q := site.Query{
		Text: "de la o", Office: "gubernatura", District: "2", Municipality: "99001", Nominator: "ph", Sex: "mujer", Age: "30-39",
		Degree: "maestria", Action: "indigena", State: site.StatePublished, Order: site.OrderSurname, View: site.ViewTable, Page: 3,
	}
	got, problems := site.ParseQuery(q.Values(), c)
	if diff := cmp.Diff(q, got); diff != "" || len(problems) > 0 {
		t.Errorf("(-want +got)\n%s %v", diff, problems)
	}
	if n := len(q.Active()); n != 10 {
		t.Errorf("%d filters active, want 10", n)
	}
	if got := q.Without(site.ParamOffice); got.Office != "" || got.Page != 0 || got.Text != q.Text {
		t.Errorf("Without = %+v", got)
	}
}

func FuzzParseQuery(f *testing.F) {
	c := &site.Catalog{Curricular: curricular(f)}
	for _, seed := range []string{"q=de+la+o&pagina=2", "q=%00", "%zz", "estado=publicado&estado=sin-publicar", "q=%ff&orden=apellido", ";;&&==", "grado=maestria"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		values, _ := url.ParseQuery(raw)
		q, _ := site.ParseQuery(values, c)
		again, problems := site.ParseQuery(q.Values(), c)
		if q.Page == 1 {
			q.Page = 0
		}
		if len(problems) > 0 || again != q {
			t.Errorf("%q: %+v then %+v, %v", raw, q, again, problems)
		}
	})
}
