package asvs_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"conoceles/internal/asvs"
)

// applicable are the requirements that apply, by level (security.md 8). A range
// is of the last number.
var applicable = map[int]string{
	1: `1.2.1-5 1.3.1-2 1.5.1 2.1.1 2.2.1 2.2.2 2.3.1 3.2.1 3.2.2 3.3.1 3.4.1 3.4.2 3.5.1-3 4.1.1 5.2.1 5.2.2 5.3.1 5.3.2 6.1.1 6.2.1-8 6.3.1 6.3.2 6.4.1 6.4.2
7.2.1-4 7.4.1 7.4.2 8.1.1 8.2.1 8.2.2 8.3.1 11.3.1 11.3.2 11.4.1 12.1.1 12.2.1 12.2.2 13.4.1 14.2.1 14.3.1 15.1.1 15.2.1 15.3.1`,
	2: `1.1.1 1.1.2 1.2.9 1.3.3-7 1.3.10 1.3.11 1.4.1-3 1.5.2 2.1.2 2.1.3 2.2.3 2.3.2-4 2.4.1 3.3.2-4 3.4.3-6 3.5.4 3.7.1 3.7.2 4.1.2 4.1.3 4.2.1 5.1.1 5.2.3 5.4.1-3
6.1.2 6.1.3 6.2.9-12 6.3.3 6.3.4 6.4.3 6.4.4 6.5.1-5 6.6.2 6.6.3 7.1.1 7.1.2 7.3.1 7.3.2 7.4.3-5 7.5.1 7.5.2 7.6.2 8.1.2 8.2.3 8.4.1
11.1.1 11.1.2 11.2.1-3 11.3.3 11.4.2-4 11.5.1 11.6.1 12.1.2 12.3.1-4 13.1.1 13.2.1-5 13.3.1 13.3.2 13.4.2-5 14.1.1 14.1.2 14.2.2-4 14.3.2 14.3.3
15.1.2 15.1.3 15.2.2 15.2.3 15.3.2-7 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3`,
	3: `1.2.10 1.3.12 1.5.3 2.3.5 3.1.1 3.2.3 3.3.5 3.4.7 3.4.8 3.5.7 3.5.8 3.6.1 3.7.3 3.7.5 4.1.4 4.2.2-5 5.2.4-6 5.3.3 6.3.5-8 6.4.5 6.4.6 6.5.6 6.5.8 6.7.1 6.7.2 7.5.3
8.1.3 8.3.2 8.3.3 11.1.3 11.1.4 11.2.4 11.2.5 11.3.4 11.3.5 11.5.2 11.6.2 11.7.2 13.1.2-4 13.2.6 13.3.4 13.4.6 13.4.7 14.2.5-8
15.1.4 15.1.5 15.2.4 15.2.5 15.4.1-4 16.5.4`,
}

// expand writes out the ranges of a list.
func expand(list string) []string {
	var out []string
	for word := range strings.FieldsSeq(list) {
		first, last, ok := strings.Cut(word, "-")
		i := strings.LastIndexByte(first, '.') + 1
		from, _ := strconv.Atoi(first[i:])
		to := from
		if ok {
			to, _ = strconv.Atoi(last)
		}
		for n := from; n <= to; n++ {
			out = append(out, first[:i]+strconv.Itoa(n))
		}
	}
	return out
}

func TestEveryApplicableRequirementIsInTheRegister(t *testing.T) {
	register, err := asvs.Register()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, r := range register {
		if got[r.ID] != 0 {
			t.Errorf("%s is twice", r.ID)
		}
		if got[r.ID] = r.Level; r.How == "" {
			t.Errorf("%s does not say how", r.ID)
		}
	}
	want := map[string]int{}
	for level, list := range applicable {
		for _, id := range expand(list) {
			want[id] = level
		}
	}
	for _, id := range slices.Sorted(maps.Keys(want)) {
		if got[id] != want[id] {
			t.Errorf("%s: level %d in the register, want %d", id, got[id], want[id])
		}
	}
	for id := range got {
		if want[id] == 0 {
			t.Errorf("%s does not apply", id)
		}
	}
	t.Log(fmt.Sprint(len(got), " requirements"))
}

var declaration = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)

func TestTheTestsOfTheRegisterExist(t *testing.T) {
	exist := map[string]bool{}
	err := filepath.WalkDir("../..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		for _, m := range declaration.FindAllSubmatch(b, -1) {
			exist[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	register, err := asvs.Register()
	if err != nil {
		t.Fatal(err)
	}
	proven := 0
	for _, r := range register {
		for _, name := range r.Tests {
			if !exist[name] {
				t.Errorf("%s names %s, and there is no such test", r.ID, name)
			}
		}
		if len(r.Tests) > 0 {
			proven++
		}
	}
	if proven < len(register)/2 {
		t.Errorf("%d of %d have a test", proven, len(register))
	}
}
