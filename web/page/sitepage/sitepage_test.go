package sitepage

import (
	"strings"
	"testing"

	"conoceles/internal/election"
	"conoceles/internal/site"
)

func TestPlaceNamesBreakWhereAReaderWould(t *testing.T) {
	tests := []struct{ in, want string }{
		{"Cuernavaca", "Cuer-na-va-ca"},
		{"Tlalnepantla", "Tlal-ne-pan-tla"},
		{"Atlatlahucan", "Atla-tla-hu-can"},
		{"Tlaquiltenango", "Tla-quil-te-nan-go"},
		{"Puente de Ixtla", "Puente de Ixtla"},
		{"Axochiapan", "Axo-chia-pan"},
		{"Zacualpan de Amilpas", "Za-cual-pan de Amil-pas"},
		{"Jojutla", "Jo-ju-tla"},
		{"Ñ", "Ñ"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := strings.ReplaceAll(hyphenate(tt.in), softHyphen, "-"); got != tt.want {
			t.Errorf("hyphenate(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestExcerptsAreCutBetweenWords(t *testing.T) {
	long := strings.Repeat("Una frase con varias palabras, ", 20)
	got := Frame{}.excerpt(site.Card{Excerpt: long, ExcerptState: site.Published})
	if !strings.HasSuffix(got, "…") || len([]rune(got)) > excerptLength+1 || !strings.HasPrefix(long, strings.TrimSuffix(got, "…")) {
		t.Errorf("excerpt = %q", got)
	}
	if got := (Frame{}).excerpt(site.Card{Excerpt: "Uno\n\ndos", ExcerptState: site.Published}); got != "Uno dos" {
		t.Errorf("a short one = %q", got)
	}
}

func TestEveryStateOfAnAnswerHasItsWords(t *testing.T) {
	tests := []struct {
		state site.AnswerState
		want  string
	}{
		{site.UnderReview, "En revisión"},
		{site.NotCaptured, "El partido no la ha capturado"},
		{site.NotProvided, "La candidatura no proporcionó información"},
		{site.NotApplicable, "No aplica"},
		{"", "La candidatura no proporcionó información"},
	}
	for _, tt := range tests {
		if got := (Frame{}).blank(tt.state); got != tt.want {
			t.Errorf("blank(%q) = %q, want %q", tt.state, got, tt.want)
		}
	}
	archive := Frame{Process: site.Process{Process: election.Process{Kind: election.Archive}}}
	if got := archive.blank(site.NotProvided); got != "No proporcionó" {
		t.Errorf("an archive says %q of a blank", got)
	}
}
