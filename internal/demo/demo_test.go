package demo_test

import (
	"bytes"
	"fmt"
	"image"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"conoceles/internal/demo"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

var places = func() []demo.Place {
	var out []demo.Place
	for i := range 33 {
		out = append(out, demo.Place{Code: fmt.Sprintf("170%02d", i+1), Councillors: 3 + 2*(i%5)})
	}
	return out
}()

func world(size int) *demo.World {
	return demo.New(7, size, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, places, 2027)
}

func TestTheSameSeedMakesTheSameWorld(t *testing.T) {
	a, b := world(900), world(900)
	if diff := cmp.Diff(a.Files(nil, nil), b.Files(nil, nil)); diff != "" {
		t.Error(diff)
	}
	if a.Answers(5, "x").Hash() != b.Answers(5, "x").Hash() {
		t.Error("the same entry has two sets of answers")
	}
}

func TestAnySizeIsReached(t *testing.T) {
	for _, size := range []int{900, 5000, 50000} {
		if got := len(world(size).List); got < size || got > size+40 {
			t.Errorf("asked for %d candidacies, got %d", size, got)
		}
	}
}

func TestNobodyStandsTwiceForTheSamePlace(t *testing.T) {
	w := world(5000)
	seen := map[string]bool{}
	for _, e := range w.List {
		k := fmt.Sprint(e.Office, e.District, e.Municipal, e.Position, e.Role, e.Party, e.Coalition)
		if seen[k] {
			t.Fatalf("twice: %s", k)
		}
		seen[k] = true
	}
}

func TestEveryAnswerIsValid(t *testing.T) {
	w := world(900)
	q := questionnaire.Curricular()
	for i := range w.List {
		a := w.Answers(i, strings.Repeat("a", 64))
		if p := q.Check(a); len(p) != 0 {
			t.Fatalf("entry %d: %s", i, p[0].Summary())
		}
		if p := q.Progress(a); p.Answered() != p.Total() {
			t.Fatalf("entry %d has %d of %d", i, p.Answered(), p.Total())
		}
		if text := a.Text(questionnaire.Motive); !norm.NFC.IsNormalString(text) {
			t.Fatalf("entry %d is not in NFC", i)
		}
	}
}

func TestTicketsAreOfOneSex(t *testing.T) {
	w := world(900)
	for i := 1; i < len(w.List); i++ {
		if p, s := w.List[i-1], w.List[i]; s.Role == election.Suplente && p.Sex != s.Sex {
			t.Fatalf("entry %d pairs %s with %s", i, p.Sex, s.Sex)
		}
	}
}

func TestPortraitsWithinTheBudgets(t *testing.T) {
	for i, p := range demo.Portraits() {
		for _, r := range []struct {
			bytes []byte
			size  int
			limit int
		}{{p.Large, 384, 45 << 10}, {p.Medium, 192, 20 << 10}, {p.Small, 96, 8 << 10}} {
			c, _, err := image.DecodeConfig(bytes.NewReader(r.bytes))
			if err != nil || c.Width != r.size || c.Height != r.size {
				t.Errorf("portrait %d: %v %dx%d, want %d", i, err, c.Width, c.Height, r.size)
			}
			if len(r.bytes) > r.limit {
				t.Errorf("portrait %d of %d pixels has %d bytes, over %d", i, r.size, len(r.bytes), r.limit)
			}
		}
	}
}
