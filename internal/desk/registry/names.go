package registry

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/site"
)

// person is who stands, as a list or an act gives them.
type person struct {
	Given    string
	Surnames string
	Nickname string
	Sex      string
	Birth    *time.Time
	Email    string
	Phone    string
}

// full is the name as it is read.
func (p person) full() string { return strings.TrimSpace(p.Given + " " + p.Surnames) }

// samePerson reports whether two registrations name one person. The rule is
// strict, because the alternative to yes is only an act that somebody captures:
// every word of the shorter name is in the longer one, in any order, without
// accents, give or take one letter in words of four or more. Names that are not
// the same word for word must also agree in sex and, when both give it, in date
// of birth: «Mario» and «María» are one letter apart.
func samePerson(a, b person) bool {
	x, y := words(a.full()), words(b.full())
	if slices.Equal(x, y) {
		return true
	}
	if a.Sex != b.Sex || a.Birth != nil && b.Birth != nil && !a.Birth.Equal(*b.Birth) {
		return false
	}
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 2 {
		return false
	}
	rest := slices.Clone(y)
	for _, w := range x {
		i := slices.IndexFunc(rest, func(other string) bool { return closeWords(w, other) })
		if i < 0 {
			return false
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return true
}

// words are the folded words of a name, sorted.
func words(name string) []string {
	w := strings.Fields(site.Fold(name))
	slices.Sort(w)
	return w
}

// closeWords reports whether two words are equal or one letter apart.
func closeWords(a, b string) bool {
	if a == b {
		return true
	}
	if min(utf8.RuneCountInString(a), utf8.RuneCountInString(b)) < 4 {
		return false
	}
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	switch len(y) - len(x) {
	case 0:
		return string(x[i+1:]) == string(y[i+1:])
	case 1:
		return string(x[i:]) == string(y[i+1:])
	}
	return false
}

// sameWords reports whether two names differ at most in accents, case and order.
func sameWords(a, b string) bool { return slices.Equal(words(a), words(b)) }

func asRefusal(err error) (*tabular.Refusal, bool) { return errors.AsType[*tabular.Refusal](err) }
