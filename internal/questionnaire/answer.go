package questionnaire

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
)

// Answer is what somebody answered to one question. Which field holds it
// depends on the Shape of the question; the others are empty.
//
// An Answer may be an identity answer on its way to the vault, so it does not
// print: fmt and slog get a fixed word, whatever the verb.
type Answer struct {
	Text  string   // Scalar: the text, or the value of the option chosen
	Texts []string // Set and Sequence
	Rows  []Row    // Table
	Other string   // words beside an option that asks for them
}

// Row is one row of a Table-shaped answer: column name to text. A column left
// blank is not in it.
type Row map[string]string

// Answers maps each question to its answer. An absent answer and a blank one
// mean the same: not answered. The zero value may be read, not written.
type Answers map[ID]Answer

// IsBlank reports whether nothing was answered.
func (a Answer) IsBlank() bool {
	return a.Text == "" && a.Other == "" && len(a.Texts) == 0 && len(a.Rows) == 0
}

// Has reports whether the question was answered.
func (a Answers) Has(id ID) bool { return !a[id].IsBlank() }

// Is reports whether the answer to a question is, or includes, that option.
func (a Answers) Is(id ID, value string) bool {
	return value != "" && (a[id].Text == value || slices.Contains(a[id].Texts, value))
}

// Text returns the text of a Scalar answer, "" when there is none.
func (a Answers) Text(id ID) string { return a[id].Text }

// Clone copies the map; the answers in it are shared, and nobody changes them.
func (a Answers) Clone() Answers {
	if a == nil {
		return Answers{}
	}
	return maps.Clone(a)
}

func (a Answers) only(questions []Question) Answers {
	some := Answers{}
	for _, q := range questions {
		if a.Has(q.ID) {
			some[q.ID] = a[q.ID]
		}
	}
	return some
}

// Canonical is the one JSON text of these answers: keys sorted, blanks left
// out, nothing escaped that need not be. Equal answers give equal bytes.
func (a Answers) Canonical() []byte {
	filled := make(map[ID]Answer, len(a))
	for id, answer := range a {
		if !answer.IsBlank() {
			filled[id] = answer
		}
	}
	text, err := compactJSON(filled)
	if err != nil {
		panic(err) // maps of strings always encode
	}
	return text
}

// Hash is the SHA-256 of Canonical, in hexadecimal.
func (a Answers) Hash() string {
	sum := sha256.Sum256(a.Canonical())
	return hex.EncodeToString(sum[:])
}

// MarshalJSON gives Canonical, so that there is a single JSON form.
func (a Answers) MarshalJSON() ([]byte, error) { return a.Canonical(), nil }

// wordy is the JSON of an answer with words beside an option.
type wordy struct {
	Value  string   `json:"valor,omitempty"`
	Values []string `json:"valores,omitempty"`
	Other  string   `json:"otro"`
}

// MarshalJSON writes a text as a string, several as an array, rows as an array
// of objects, and an option with words as {"valor": …, "otro": …}.
func (a Answer) MarshalJSON() ([]byte, error) {
	switch {
	case a.Other != "":
		return compactJSON(wordy{a.Text, a.Texts, a.Other})
	case len(a.Rows) > 0:
		return compactJSON(a.Rows)
	case len(a.Texts) > 0:
		return compactJSON(a.Texts)
	}
	return compactJSON(a.Text)
}

// UnmarshalJSON reads what MarshalJSON writes and refuses the rest.
func (a *Answer) UnmarshalJSON(data []byte) error {
	*a = Answer{}
	data = bytes.TrimSpace(data)
	switch {
	case bytes.HasPrefix(data, []byte(`"`)):
		return json.Unmarshal(data, &a.Text)
	case bytes.HasPrefix(data, []byte(`{`)):
		var w wordy
		err := json.Unmarshal(data, &w)
		*a = Answer{Text: w.Value, Texts: w.Values, Other: w.Other}
		return err
	case bytes.HasPrefix(data, []byte(`[`)):
		if json.Unmarshal(data, &a.Texts) == nil {
			return nil
		}
		a.Texts = nil
		return json.Unmarshal(data, &a.Rows)
	}
	// The bytes themselves stay out of the error: they may be an identity answer.
	return errors.New("questionnaire: an answer is a string, an array or an object")
}

func compactJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

const hidden = "respuesta(oculta)"

// Format prints a fixed word instead of the answer, for every verb.
func (a Answer) Format(s fmt.State, _ rune) { fmt.Fprint(s, hidden) }

// LogValue logs a fixed word instead of the answer.
func (a Answer) LogValue() slog.Value { return slog.StringValue(hidden) }

// Format prints a fixed word: even which questions were answered may tell.
func (a Answers) Format(s fmt.State, _ rune) { fmt.Fprint(s, hidden) }

// LogValue logs a fixed word instead of the answers.
func (a Answers) LogValue() slog.Value { return slog.StringValue(hidden) }
