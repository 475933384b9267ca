package component

import (
	"strings"

	"conoceles/web/es"
)

// FieldError is one thing to mend, tied to the control with that id. It has the
// shape of fault.Field, so one converts to the other.
type FieldError struct{ ID, Message string }

// Field is what surrounds any control. ID is also the control's name unless the
// control says otherwise.
type Field struct {
	ID    string
	Label string
	Hint  string
	Error string // says what to do; "" when there is nothing to mend

	// Above is shown between the hint and the error: an earlier remark on this
	// very answer, for instance.
	Above string
}

// describedBy returns the ids of what explains the control, in reading order,
// and then the extra ones.
func (f Field) describedBy(extra ...string) string {
	var ids []string
	for _, part := range []struct{ text, suffix string }{
		{f.Hint, "-ayuda"}, {f.Above, "-previa"}, {f.Error, "-error"},
	} {
		if part.text != "" {
			ids = append(ids, f.ID+part.suffix)
		}
	}
	return strings.Join(append(ids, extra...), " ")
}

// Width is how wide a one-line control is: as wide as what goes in it.
type Width string

// The widths of a control.
const (
	Full   Width = ""
	Medium Width = "medio"
	Short  Width = "corto"
)

// TextField is a control of one line.
type TextField struct {
	Field
	Name         string // default: the id
	Type         string // text, search, email, tel, url, password; default text
	Value        string
	InputMode    string
	Autocomplete string // default off: computers are shared
	Width        Width
}

// TextAreaField is a control of several lines with its counter. It never cuts
// what is typed: what is too long is kept and said.
type TextAreaField struct {
	Field
	Name     string
	Value    string
	Rows     int // default 6
	Min, Max int // in characters; 0 is no limit
	Count    int // characters of Value as the questionnaire counts them
}

func (t TextAreaField) counted() bool { return t.Min > 0 || t.Max > 0 }

func (t TextAreaField) counterID() []string {
	if t.counted() {
		return []string{t.ID + "-cuenta"}
	}
	return nil
}

func (t TextAreaField) rows() int {
	if t.Rows == 0 {
		return 6
	}
	return t.Rows
}

func (t TextAreaField) counter() string { return es.Counter(t.Count, t.Min, t.Max) }

// counterClass marks a count that was refused, not one that is still growing.
func (t TextAreaField) counterClass() string {
	if t.Count > 0 && t.Count < t.Min && t.Error != "" || t.Max > 0 && t.Count > t.Max {
		return "cuenta cuenta--mal"
	}
	return "cuenta"
}

// Option is one answer to choose.
type Option struct {
	Value  string
	Label  string
	Hidden string // completes the label of a radio or checkbox for who hears it out of place
	Hint   string
}

// SelectField is a list to choose one from. Empty, when set, is the first entry
// and means no choice.
type SelectField struct {
	Field
	Name    string
	Value   string
	Empty   string
	Options []Option
}

// Many says whether several options may be chosen.
type Many bool

// One option, or several.
const (
	ChooseOne     Many = false
	ChooseSeveral Many = true
)

// OptionsField is a group of radios or checkboxes. Nothing is chosen unless
// Values says so: consents and sensitive questions never come answered.
type OptionsField struct {
	Field
	Name         string
	Many         Many
	Options      []Option
	Values       []string
	InRow        bool // side by side where there is room
	LegendHidden bool // the page already says it in a heading
}

func (o OptionsField) kind() string {
	if o.Many {
		return "checkbox"
	}
	return "radio"
}

// optionID is the group's id for the first option, so that the summary of errors
// leads to it.
func (o OptionsField) optionID(i int) string {
	if i == 0 {
		return o.ID
	}
	return o.ID + "-" + es.Int(i+1)
}

func (o OptionsField) chosen(value string) bool {
	for _, v := range o.Values {
		if v == value {
			return true
		}
	}
	return false
}

// FileField is a file to upload. Current says what is already there.
type FileField struct {
	Field
	Name    string
	Accept  string // "image/jpeg,image/png"
	Current string
}

// Style is the weight of a button.
type Style int

// The weights: one primary per form.
const (
	Primary Style = iota
	Secondary
)

// Button is a submit button, or a link that looks like one when Href is set. It
// is never disabled: what cannot be done yet is explained where it is.
type Button struct {
	Label  string
	Hidden string // completes the label for who hears it out of place
	Href   string
	Name   string
	Value  string
	Style  Style
	Small  bool
	Icon   Icon
}

func (b Button) class() string {
	class := "btn"
	if b.Style == Secondary {
		class += " btn--2"
	}
	if b.Small {
		class += " btn--s"
	}
	return class
}

func or(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
