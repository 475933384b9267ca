package site_test

import (
	"testing"

	"conoceles/internal/site"
)

func TestFoldSurvivesAccentsApostrophesAndShortSurnames(t *testing.T) {
	tests := []struct{ in, want string }{
		{"José Ángel De la O", "jose angel de la o"},
		{"  Nuñez   Peña ", "nunez pena"},
		{"D’Angelo", "dangelo"},
		{"D'Angelo", "dangelo"},
		{"María-Eugenia", "maria eugenia"},
		{"«La Güera»", "la guera"},
		{"ﬁn", "fin"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := site.Fold(tt.in); got != tt.want {
			t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
	if got := site.Slug("José De la O"); got != "jose-de-la-o" {
		t.Errorf("Slug = %q", got)
	}
}
