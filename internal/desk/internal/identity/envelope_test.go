package identity

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"conoceles/internal/questionnaire"
)

func testKey(t testing.TB) dataKey {
	t.Helper()
	key, err := newDataKey(bytes.Repeat([]byte{7}, dataKeySize))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestSealAndOpen(t *testing.T) {
	key := testKey(t)
	for _, n := range []int{0, 1, 4091, 4092, 4093, 20000} {
		plain := bytes.Repeat([]byte{'x'}, n)
		blob := key.seal(plain, answersBlock, "etiqueta")
		if padded := len(blob) - key.aead.Overhead(); padded%answersBlock != 0 || padded < n {
			t.Errorf("%d bytes: padded to %d", n, padded)
		}
		got, err := key.open(blob, "etiqueta")
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%d bytes: got %d and %v", n, len(got), err)
		}
	}
	if bytes.Equal(key.seal(nil, answersBlock, "e"), key.seal(nil, answersBlock, "e")) {
		t.Error("the same bytes twice give the same ciphertext")
	}
}

func TestWhatDoesNotOpen(t *testing.T) {
	key := testKey(t)
	other, err := newDataKey(newDataKeyBytes())
	if err != nil {
		t.Fatal(err)
	}
	blob := key.seal([]byte("CNRY-AAAA"), answersBlock, answersLabel(1, 2, 3))
	altered := bytes.Clone(blob)
	altered[100] ^= 1
	for _, c := range []struct {
		name  string
		key   dataKey
		blob  []byte
		label string
	}{
		{"another process", key, blob, answersLabel(9, 2, 3)},
		{"another candidacy", key, blob, answersLabel(1, 9, 3)},
		{"another version", key, blob, answersLabel(1, 2, 9)},
		{"as a draft", key, blob, draftLabel(1, 2, 3)},
		{"as a document", key, blob, documentLabel(1, 2, "3")},
		{"another candidacy's key", other, blob, answersLabel(1, 2, 3)},
		{"altered", key, altered, answersLabel(1, 2, 3)},
		{"cut", key, blob[:len(blob)-1], answersLabel(1, 2, 3)},
		{"only a nonce", key, blob[:12], answersLabel(1, 2, 3)},
		{"nothing", key, nil, answersLabel(1, 2, 3)},
	} {
		if got, err := c.key.open(c.blob, c.label); !errors.Is(err, errUnreadable) || got != nil {
			t.Errorf("%s: got %q, %v", c.name, got, err)
		}
	}
}

func TestLabelsNeverCoincide(t *testing.T) {
	labels := map[string]bool{}
	for _, l := range []string{
		answersLabel(1, 2, 3), answersLabel(12, 3, 3), answersLabel(1, 23, 3), draftLabel(1, 2, 3), keyLabel(1, 2), keyLabel(1, 3), keyLabel(2, 2),
		answersLabel(2, 2, 3), answersLabel(1, 2, 4), draftLabel(1, 3, 3),
		documentLabel(1, 2, "3"), documentLabel(1, 2, `3" version=4`), documentLabel(1, 23, ""),
	} {
		if labels[l] {
			t.Errorf("%s is used twice", l)
		}
		labels[l] = true
	}
}

// longest is the longest text that a valid answer may hold, as JSON.
var longest = strings.Repeat("😀", 120)

// longestAnswers answers everything with the longest option there is.
func longestAnswers() questionnaire.Answers {
	a := questionnaire.Answers{}
	for _, q := range questionnaire.Identity().Questions() {
		var answer questionnaire.Answer
		if q.TakesOther() {
			answer.Other = longest
		}
		for _, o := range q.Options {
			if q.Kind == questionnaire.Choices {
				answer.Texts = append(answer.Texts, o.Value)
			} else if len(o.Value) > len(answer.Text) {
				answer.Text = o.Value
			}
		}
		a[q.ID] = answer
	}
	return a
}

// Lengths tell nothing: whatever is answered takes one block.
func TestTheLongestAnswersFitInOneBlock(t *testing.T) {
	if n := len(encode(content{"1", longestAnswers()})) + 4; n > answersBlock {
		t.Errorf("the longest answers take %d bytes, a block has %d", n, answersBlock)
	}
	drafts := map[questionnaire.ID]draft{}
	for _, page := range questionnaire.Identity().Pages {
		drafts[page.ID] = draft{1 << 30, questionnaire.Form(page, longestAnswers())}
	}
	if n := len(encode(drafts)) + 4; n > draftBlock {
		t.Errorf("the longest draft takes %d bytes, a block has %d", n, draftBlock)
	}
}

// What a parser quotes of text that it cannot read may be an answer.
func TestErrorsQuoteNothing(t *testing.T) {
	for _, plain := range []string{`{"respuestas":{"p01_indigena":CNRY-AAAA}}`, `"CNRY-AAAA"`, `{"respuestas":{"p03_pueblo":{"valor":["CNRY-AAAA"]}}}`, `{"edicion":12345}`} {
		c, err := decode[content]([]byte(plain))
		if err == nil || strings.Contains(err.Error(), "CNRY") || strings.Contains(err.Error(), "12345") {
			t.Errorf("%s: got %v", plain, err)
		}
		if c.Edition != "" || c.Answers != nil {
			t.Errorf("%s: something was read", plain)
		}
	}
}

func FuzzUnpad(f *testing.F) {
	f.Add(pad([]byte(`{"edicion":"1","respuestas":{"p01_indigena":"si"}}`), answersBlock))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 1})
	f.Add([]byte{0, 0, 0})
	f.Add(pad([]byte(`{"edicion":"1","respuestas":null}`), 64))
	f.Fuzz(func(t *testing.T, padded []byte) {
		plain, err := unpad(padded)
		if err != nil {
			return
		}
		if got, err := unpad(pad(plain, answersBlock)); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("padded again: got %d bytes and %v, want %d", len(got), err, len(plain))
		}
		c, err := decode[content](plain)
		if err != nil {
			return
		}
		again, err := decode[content](encode(c))
		if err != nil || again.Edition != c.Edition || again.Answers.Hash() != c.Answers.Hash() {
			t.Fatalf("encoded again: %v", err)
		}
	})
}

func FuzzOpen(f *testing.F) {
	f.Add(testKey(f).seal([]byte("x"), answersBlock, "otra"), "etiqueta")
	f.Add([]byte{}, "")
	f.Fuzz(func(t *testing.T, blob []byte, label string) {
		if _, err := testKey(t).open(blob, "conoceles/1 "+label); !errors.Is(err, errUnreadable) {
			t.Fatalf("bytes that nobody sealed opened: %v", err)
		}
	})
}
