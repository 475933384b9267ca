package settings

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"conoceles/internal/election"
	"conoceles/web/es"
)

// Kind is what a field holds.
type Kind int

// The kinds of field.
const (
	Line Kind = iota
	Paragraph
	Number
	Day
	Instant
	YesNo
	Choice
	Choices
	Email
	Link
	Image // its value is the hash of the image
)

// Field is one datum of a sheet.
type Field struct {
	ID          string // in forms and in the register of changes
	Label, Hint string
	Kind        Kind
	Blank       bool // may be left blank
	Least, Most int  // of a Number, or of the characters of a text; Most 0 is 200
	Options     []Option
	column      string // of the row that keeps it
}

// Option is one value to choose.
type Option struct{ Value, Label string }

// Values are the data of a sheet by field, as they are kept: dates and instants
// in ISO form, none for a blank.
type Values map[string][]string

// Get returns the only value of a field, "" for a blank.
func (v Values) Get(id string) string {
	if len(v[id]) == 0 {
		return ""
	}
	return v[id][0]
}

// Yes reports whether a field of yes or no says yes.
func (v Values) Yes(id string) bool { return v.Get(id) == "si" }

// Int returns the value of a Number.
func (v Values) Int(id string) int {
	n, _ := strconv.Atoi(v.Get(id)) // what is kept was checked
	return n
}

// Time returns the value of a Day or an Instant; zero for a blank.
func (v Values) Time(id string) time.Time {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.ParseInLocation(layout, v.Get(id), election.Zone()); err == nil {
			return t
		}
	}
	return time.Time{}
}

// HourField is the field of the hour of an Instant.
func HourField(id string) string { return id + "_hora" }

// parse reads what was typed in a field. message says what to mend.
func (f Field) parse(typed url.Values) (values []string, message string) {
	text := strings.TrimSpace(strings.ReplaceAll(typed.Get(f.ID), "\r\n", "\n"))
	if f.Kind == Choices {
		return f.parseChoices(typed[f.ID])
	}
	if f.Kind == Instant {
		text = strings.TrimSpace(text + " " + strings.TrimSpace(typed.Get(HourField(f.ID))))
	}
	if text == "" {
		if f.Blank {
			return nil, ""
		}
		return nil, f.missing()
	}
	switch f.Kind {
	case Number:
		n, err := strconv.Atoi(text)
		if err != nil || n < f.Least || n > f.Most {
			return nil, fmt.Sprintf("%s: escribe un número entero de %d a %d", f.Label, f.Least, f.Most)
		}
		return []string{strconv.Itoa(n)}, ""
	case Day:
		t, ok := parseTime(text, "2006-01-02", "02/01/2006", "2/1/2006")
		if !ok {
			return nil, f.Label + ": escribe día, mes y año, como 14/03/2027"
		}
		return []string{t.Format(time.DateOnly)}, ""
	case Instant:
		t, ok := parseTime(text, "2006-01-02 15:04", "02/01/2006 15:04", "2/1/2006 15:04")
		if !ok {
			return nil, f.Label + ": escribe el día, como 14/03/2027, y la hora, como 9:00"
		}
		return []string{t.UTC().Format(time.RFC3339)}, ""
	case YesNo, Choice:
		if !slices.ContainsFunc(f.options(), func(o Option) bool { return o.Value == text }) {
			return nil, f.missing()
		}
		return []string{text}, ""
	}
	return f.parseText(text)
}

func (f Field) parseChoices(chosen []string) ([]string, string) {
	var out []string
	for _, o := range f.Options { // in the order of the catalogue, once each
		if slices.Contains(chosen, o.Value) {
			out = append(out, o.Value)
		}
	}
	if len(out) == 0 && !f.Blank {
		return nil, f.missing()
	}
	return out, ""
}

var (
	email = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	link  = regexp.MustCompile(`^https?://[^\s]+$`)
)

func (f Field) parseText(text string) ([]string, string) {
	most := f.Most
	if most == 0 {
		most = 200
	}
	switch n := utf8.RuneCountInString(text); {
	case n < f.Least || n > most:
		return nil, fmt.Sprintf("%s: escribe de %d a %d caracteres", f.Label, max(f.Least, 1), most)
	case f.Kind != Paragraph && strings.Contains(text, "\n"):
		return nil, f.Label + ": escribe un solo renglón"
	case f.Kind == Email && !email.MatchString(text):
		return nil, f.Label + ": escribe un correo, como transparencia@instituto.mx"
	case f.Kind == Link && !link.MatchString(text):
		return nil, f.Label + ": escribe la dirección completa, que empieza con https://"
	}
	return []string{text}, ""
}

func (f Field) missing() string {
	switch f.Kind {
	case YesNo, Choice:
		return f.Label + ": elige una opción"
	case Choices:
		return f.Label + ": elige al menos una opción"
	}
	return f.Label + ": falta este dato"
}

// parseTime reads a time of the zone of people.
func parseTime(text string, layouts ...string) (time.Time, bool) {
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, text, election.Zone()); err == nil && t.Year() > 1900 && t.Year() < 2200 {
			return t, true
		}
	}
	return time.Time{}, false
}

// options returns what may be chosen in the field.
func (f Field) options() []Option {
	if f.Kind == YesNo {
		return []Option{{"si", "Sí"}, {"no", "No"}}
	}
	return f.Options
}

// Choices returns what may be chosen in the field.
func (f Field) Choices() []Option { return f.options() }

// Type writes the values of the field into a form, as people type them.
func (f Field) Type(form url.Values, values []string) {
	v := Values{f.ID: values}
	t := v.Time(f.ID).In(election.Zone())
	switch {
	case len(values) == 0:
	case f.Kind == Day:
		form.Set(f.ID, t.Format("02/01/2006"))
	case f.Kind == Instant:
		form.Set(f.ID, t.Format("02/01/2006"))
		form.Set(HourField(f.ID), t.Format("15:04"))
	default:
		form[f.ID] = slices.Clone(values)
	}
}

// Say puts the values of the field in words.
func (f Field) Say(values []string) string {
	v := Values{f.ID: values}
	switch {
	case len(values) == 0 && f.Kind == Choices:
		return "ninguna"
	case len(values) == 0:
		return "sin dato"
	case f.Kind == Day:
		return es.Date(v.Time(f.ID))
	case f.Kind == Instant:
		return es.FullDateTime(v.Time(f.ID))
	case f.Kind == Image:
		return "imagen " + values[0][:min(8, len(values[0]))]
	}
	out := make([]string, 0, len(values))
	for _, value := range values {
		label := value
		for _, o := range f.options() {
			if o.Value == value {
				label = o.Label
			}
		}
		out = append(out, label)
	}
	return es.List(out...)
}
