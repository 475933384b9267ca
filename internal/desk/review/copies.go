package review

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"conoceles/internal/questionnaire"
)

// Alike is how much of their words two texts must share to be pointed at: the
// words of both, over the words of either (Jaccard).
const Alike = 0.8

// fewWords is how many distinct words make a likeness meaningful; shorter texts
// are only pointed at when they are identical.
const fewWords = 6

// TextKey says whose text it is.
type TextKey struct {
	Candidacy int64
	Question  questionnaire.ID
}

// Match is a text that repeats another one.
type Match struct {
	TextKey
	Likeness  float64 // 1 when they use the same words
	Identical bool    // the same words in the same order
}

// Copies finds the texts that repeat others, exactly: it samples nothing. The
// zero value is ready to use; it is not safe for concurrent use.
//
// A text alike another has at least Alike of its n words, so it lacks at most
// n − ⌈Alike·n⌉ of them: of any so many plus one it has one, plus six it has six.
// So the rarest are looked up, and only the texts that have enough of them are
// compared whole.
type Copies struct {
	numbers  map[string]uint32 // of words
	postings [][]uint32        // word -> texts that have it
	texts    []keptText
	at       map[TextKey]uint32
	hits     []uint16 // per text, in a search; zero between searches
}

// keptText is a text as it is compared.
type keptText struct {
	key   TextKey
	words []uint32 // distinct, sorted
	order string   // the words in their order
	gone  bool     // another text took its place
}

// Put keeps a text, in the place of the one its key had.
func (c *Copies) Put(key TextKey, text string) {
	if c.at == nil {
		c.at, c.numbers = map[TextKey]uint32{}, map[string]uint32{}
	}
	words := wordsOf(text)
	order := strings.Join(words, " ")
	if i, ok := c.at[key]; ok {
		if c.texts[i].order == order {
			return
		}
		c.texts[i].gone = true
		delete(c.at, key)
	}
	if len(words) == 0 {
		return
	}
	n := uint32(len(c.texts))
	t := keptText{key: key, order: order}
	for _, w := range words {
		number, ok := c.numbers[w]
		if !ok {
			number = uint32(len(c.postings))
			c.numbers[w], c.postings = number, append(c.postings, nil)
		}
		t.words = append(t.words, number)
	}
	slices.Sort(t.words)
	t.words = slices.Compact(t.words)
	for _, w := range t.words {
		c.postings[w] = append(c.postings[w], n)
	}
	c.texts, c.hits, c.at[key] = append(c.texts, t), append(c.hits, 0), n
}

// Like returns the kept texts that a text repeats, but for that of its own key:
// identical ones first, then the most alike.
func (c *Copies) Like(key TextKey, text string) []Match {
	sequence := wordsOf(text)
	order := strings.Join(sequence, " ")
	words, unknown := c.lookUp(sequence)
	total := len(words) + unknown
	if total == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(words))
	var out []Match
	for _, i := range c.candidates(words, total) {
		if t := &c.texts[i]; !t.gone && t.key != key {
			if m, ok := compare(sorted, total, order, t); ok {
				out = append(out, m)
			}
		}
	}
	slices.SortFunc(out, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.rank(), a.rank()), cmp.Compare(a.Candidacy, b.Candidacy), cmp.Compare(a.Question, b.Question))
	})
	return out
}

// candidates returns the texts that may be alike one of total distinct words, of
// which these are known. Words nobody else has count among the rarest.
func (c *Copies) candidates(words []uint32, total int) []uint32 {
	may := total - ceil(Alike*float64(total)) // words that an alike text may lack
	extra := may / 4
	probes := may + 1 + extra - (total - len(words))
	slices.SortFunc(words, func(a, b uint32) int { return cmp.Compare(len(c.postings[a]), len(c.postings[b])) })
	var touched, out []uint32
	for _, w := range words[:max(0, min(probes, len(words)))] {
		for _, i := range c.postings[w] {
			if c.hits[i]++; c.hits[i] == 1 {
				touched = append(touched, i)
			}
		}
	}
	for _, i := range touched {
		if int(c.hits[i]) > extra {
			out = append(out, i)
		}
		c.hits[i] = 0
	}
	return out
}

// rank orders matches: what is identical is above any likeness.
func (m Match) rank() float64 {
	if m.Identical {
		return 2
	}
	return m.Likeness
}

// lookUp returns the distinct words of a text that are known, and how many are not.
func (c *Copies) lookUp(sequence []string) (known []uint32, unknown int) {
	distinct := slices.Compact(slices.Sorted(slices.Values(sequence)))
	for _, w := range distinct {
		if n, ok := c.numbers[w]; ok {
			known = append(known, n)
		}
	}
	return known, len(distinct) - len(known)
}

// compare measures a text against a kept one. total counts the words that no
// kept text has, too.
func compare(words []uint32, total int, order string, t *keptText) (Match, bool) {
	m := Match{TextKey: t.key, Likeness: 1, Identical: order == t.order}
	if m.Identical {
		return m, true
	}
	if total < fewWords || len(t.words) < fewWords {
		return m, false
	}
	least := min(total, len(t.words))
	if float64(least) < Alike*float64(max(total, len(t.words))) {
		return m, false
	}
	both := shared(words, t.words)
	m.Likeness = float64(both) / float64(total+len(t.words)-both)
	return m, m.Likeness >= Alike
}

// shared counts the members that two sorted sets have in common.
func shared(a, b []uint32) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			n, i, j = n+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return n
}

func ceil(x float64) int {
	n := int(x)
	if float64(n) < x {
		n++
	}
	return n
}

var plain = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u")

// fold is a word as it is compared: without case nor accents.
func fold(word string) string { return plain.Replace(strings.ToLower(word)) }

// wordsOf returns the words of a text, folded.
func wordsOf(text string) []string {
	return strings.FieldsFunc(fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
