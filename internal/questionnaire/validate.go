package questionnaire

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

var idPattern = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// validate returns every fault of the definition, joined.
func (q *Questionnaire) validate() error {
	v := definition{seen: map[string]bool{}}
	if q.Key == "" || q.Version == "" {
		v.fault("questionnaire without key or version")
	}
	if len(q.Questions()) == 0 {
		v.fault("questionnaire without questions")
	}
	for _, page := range q.Pages {
		v.name("page", string(page.ID), page.Title)
		for _, part := range page.Parts {
			v.name("part", string(part.ID), part.Label)
			if part.AtLeastOne && part.IfBlank == "" {
				v.fault("part %q wants at least one answer and has no text that says so", part.ID)
			}
			for _, question := range part.Questions {
				v.question(question)
			}
		}
	}
	return errors.Join(v.faults...)
}

// definition gathers the faults of a definition and the names already used.
type definition struct {
	faults []error
	seen   map[string]bool
}

func (v *definition) fault(format string, args ...any) {
	v.faults = append(v.faults, fmt.Errorf("questionnaire: "+format, args...))
}

// name checks one id, which is unique among its own sort, and its text.
func (v *definition) name(sort, id, text string) {
	if !idPattern.MatchString(id) {
		v.fault("%s id %q is not lower-case letters, digits and underscores", sort, id)
	}
	if v.seen[sort+" "+id] {
		v.fault("%s id %q is used twice", sort, id)
	}
	v.seen[sort+" "+id] = true
	if strings.TrimSpace(text) == "" {
		v.fault("%s %q has no text", sort, id)
	}
}

func (v *definition) question(q Question) {
	v.name("question", string(q.ID), q.Label)
	if !q.Kind.known() {
		v.fault("question %q is of unknown kind %q", q.ID, q.Kind)
	}
	if q.Min < 0 || (q.Max > 0 && q.Min > q.Max) {
		v.fault("question %q has its least %d above its most %d", q.ID, q.Min, q.Max)
	}
	if q.Kind.needsMax() != (q.Max > 0) || (q.Min > 0 && q.Max == 0) {
		v.fault("question %q of kind %q has limits %d to %d", q.ID, q.Kind, q.Min, q.Max)
	}
	if q.MaxRows < 0 || (q.MaxRows > 0 && !q.Kind.mayRepeat()) {
		v.fault("question %q cannot take %d rows", q.ID, q.MaxRows)
	}
	if q.Kind == List && q.MaxRows == 0 {
		v.fault("question %q does not say how many rows it takes", q.ID)
	}
	if len(q.Hosts) > 0 && q.Kind != Link {
		v.fault("question %q names sites and is not a link", q.ID)
	}
	v.options(q)
}

func (v *definition) options(q Question) {
	if q.Kind.HasOptions() != (len(q.Options) > 0) {
		v.fault("question %q of kind %q has %d options", q.ID, q.Kind, len(q.Options))
	}
	for _, o := range q.Options {
		v.name("option of "+string(q.ID), o.Value, o.Label)
		if o.Alone && q.Kind != Choices {
			v.fault("option %q of %q stands alone among one answer", o.Value, q.ID)
		}
	}
}
