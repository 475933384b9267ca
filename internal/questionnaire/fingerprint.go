package questionnaire

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
)

// Fingerprint is the SHA-256 of the whole definition, in hexadecimal. Two
// definitions share it only if they ask the same in the same words and order.
//
// Rules are functions and cannot be read, so the fingerprint holds what they
// decide: on no answers, and on each single option of each question.
func (q *Questionnaire) Fingerprint() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q\n", q.Key, q.Version, q.Title)
	for _, page := range q.Pages {
		fmt.Fprintf(h, "page %q %q %q %q %q\n", page.ID, page.Title, page.Short, page.Lead, page.Hint)
		for _, part := range page.Parts {
			fmt.Fprintf(h, "part %q %q %t %q\n", part.ID, part.Label, part.AtLeastOne, part.IfBlank)
			for _, question := range part.Questions {
				question.print(h)
			}
		}
	}
	q.printRules(h)
	return hex.EncodeToString(h.Sum(nil))
}

func (q Question) print(w io.Writer) {
	fmt.Fprintf(w, "question %q %q %q %q %q %d %d %d %q %q %q %q %d\n", q.ID, q.Label, q.Help, q.Basis, q.Kind,
		q.Min, q.Max, q.MaxRows, q.Hosts, q.Example, q.Advice, q.IfBlank, q.Disclosure)
	for _, o := range q.Options {
		fmt.Fprintf(w, "option %q %q %t %t\n", o.Value, o.Label, o.Free, o.Alone)
	}
	for _, c := range q.Kind.Columns() {
		fmt.Fprintf(w, "column %q %q %q %d %t\n", c.Name, c.Label, c.Kind, c.Max, c.Required)
	}
}

// printRules writes what every rule decides on every probe.
func (q *Questionnaire) printRules(w io.Writer) {
	questions := q.Questions()
	probes := []Answers{{}}
	for _, question := range questions {
		for _, o := range question.Options {
			a := Answer{Text: o.Value}
			if question.Shape() == Set {
				a = Answer{Texts: []string{o.Value}}
			}
			probes = append(probes, Answers{question.ID: a})
		}
	}
	for i, probe := range probes {
		for _, question := range questions {
			fmt.Fprintf(w, "rule %d %q %t %t\n", i, question.ID, question.IsAsked(probe), question.IsRequired(probe))
		}
	}
}
