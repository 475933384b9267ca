package site_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/site"
	"conoceles/internal/site/sitetest"
)

func TestCompareReadsWhomItIsAskedInThatOrder(t *testing.T) {
	w := sitetest.New(t)
	s, p, _, _ := counted(t, w, sitetest.Open)
	type shape struct {
		Found, Repeated, Missing string
		Mixed                    bool
		Contests                 int
	}
	names := func(k site.Comparison) (found, repeated string) {
		for _, p := range k.Profiles {
			found += p.Slug + " "
		}
		for _, c := range k.Repeated {
			repeated += c.Slug + " "
		}
		return strings.TrimSpace(found), strings.TrimSpace(repeated)
	}
	for _, c := range []struct {
		name  string
		slugs []string
		want  shape
	}{
		{"nobody", nil, shape{}},
		{"two", []string{"eleuterio-supuesto-cruz", "citlali-prueba-montes"}, shape{Found: "eleuterio-supuesto-cruz citlali-prueba-montes", Contests: 1}},
		{"a former address", []string{"citlali-preba-montes"}, shape{Found: "citlali-prueba-montes", Contests: 1}},
		{"twice, by two addresses", []string{"citlali-prueba-montes", "citlali-preba-montes", "citlali-prueba-montes"}, shape{Found: "citlali-prueba-montes", Repeated: "citlali-prueba-montes", Contests: 1}},
		{"who left, nobody, and bytes", []string{"ernesto-retirado-gil", "nadie", "\xff", "a\x00b", ""}, shape{Missing: "ernesto-retirado-gil nadie"}},
		{"two offices", []string{"citlali-prueba-montes", "ximena-d-ejemplo-olmos"}, shape{Found: "citlali-prueba-montes ximena-d-ejemplo-olmos", Mixed: true, Contests: 2}},
		{"two districts", []string{"citlali-prueba-montes", "jose-angel-de-la-o-nanez"}, shape{Found: "citlali-prueba-montes jose-angel-de-la-o-nanez", Mixed: true, Contests: 2}},
		{"another process", []string{"martha-archivada-lopez"}, shape{Missing: "martha-archivada-lopez"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			k, err := s.Compare(t.Context(), p, c.slugs)
			if err != nil {
				t.Fatal(err)
			}
			found, repeated := names(k)
			got := shape{found, repeated, strings.Join(k.Missing, " "), k.Mixed(), len(k.Contests())}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestRivalsStandForTheSame(t *testing.T) {
	w := sitetest.New(t)
	s, p, _, _ := counted(t, w, sitetest.Open)
	k, err := s.Compare(t.Context(), p, []string{"citlali-prueba-montes", "persona-lista-1-1-0"})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{3, 64} {
		rivals, err := s.Rivals(t.Context(), p, k.Profiles[i].Card)
		if err != nil {
			t.Fatal(err)
		}
		if len(rivals) != want {
			t.Errorf("%s has %d in its contest, want %d", k.Profiles[i].Slug, len(rivals), want)
		}
		for _, r := range rivals {
			if !site.SameContest(r, k.Profiles[i].Card) {
				t.Errorf("%s is of another contest", r.Slug)
			}
		}
	}
}

func TestWhenNoSingleFilterHelpsEachIsOfferedAlone(t *testing.T) {
	w := sitetest.New(t)
	s, p, c, _ := counted(t, w, sitetest.Open)
	r, err := s.Search(t.Context(), p, c, site.Query{Office: "gubernatura", District: "2", Sex: "no_binario"})
	if err != nil {
		t.Fatal(err)
	}
	if r.Total != 0 || len(r.Relief) != 0 {
		t.Fatalf("total %d, relief %v", r.Total, r.Relief)
	}
	if diff := cmp.Diff(map[string]int{"cargo": 3, "distrito": 3, "sexo": 1}, r.Alone); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
