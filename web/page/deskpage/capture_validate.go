package deskpage

import (
	"conoceles/internal/desk/capture"
	"conoceles/internal/questionnaire"
	"conoceles/web/component"
	"conoceles/web/es"
)

// CaptureReview is the page where answers are checked before validating.
type CaptureReview struct {
	CaptureFrame
	Record    capture.Record
	Keys      component.FormKeys
	Validates bool // who looks at it may validate
	Undone    string
}

// missing links to each mandatory answer that is not there.
func (v CaptureReview) missing() []component.Chip {
	var out []component.Chip
	for _, i := range v.Record.Progress().Missing() {
		out = append(out, component.Chip{Label: i.Label, Href: SectionPath(v.Record.Folio, i.Page)})
	}
	return out
}

// waiting links to each page whose text is not a version yet.
func (v CaptureReview) waiting() []component.Chip {
	var out []component.Chip
	for _, p := range v.Record.Pending() {
		out = append(out, component.Chip{Label: p.Title, Href: SectionPath(v.Record.Folio, p.ID)})
	}
	return out
}

// doubts are the warnings of every page: they stop nobody.
func (v CaptureReview) doubts() questionnaire.Problems {
	var out questionnaire.Problems
	for _, p := range v.Record.Questionnaire.Pages {
		out = append(out, p.Warnings(v.Record.Answers)...)
	}
	return out
}

func (v CaptureReview) errors() []component.FieldError {
	if v.Undone == "" {
		return nil
	}
	return []component.FieldError{{ID: "declaro", Message: v.Undone}}
}

const declaration = "Declaro que revisé estas respuestas, que son veraces y que cuento con la autorización de la persona candidata para publicarlas."

func (v CaptureReview) declaration() component.OptionsField {
	return component.OptionsField{
		Field: component.Field{ID: "declaro", Label: "Declaración", Error: v.Undone}, Many: component.ChooseSeveral,
		Options: []component.Option{{Value: "si", Label: declaration}},
	}
}

// when says from when on the answers will be public.
func when(r capture.Record) string {
	starts := r.Calendar.PublicationStarts
	switch {
	case r.Published:
		return "Será público en cuanto confirmes."
	case !starts.IsZero():
		return "Será público a partir del " + es.Date(starts) + "."
	}
	return "Será público cuando inicie la publicación; el Consejo aún no fija la fecha."
}

// CaptureConfirm is the last page before answers become public.
type CaptureConfirm struct {
	CaptureFrame
	Record capture.Record
	Keys   component.FormKeys
}

// CaptureReceipt is the acuse as a page.
type CaptureReceipt struct {
	CaptureFrame
	Receipt capture.Receipt
	Public  string // address of the public profile, or "" before publication
}

func (c CaptureReceipt) facts() []component.Fact {
	var out []component.Fact
	for _, f := range c.Receipt.Facts() {
		out = append(out, component.Fact{Term: f.Term, Value: f.Value})
	}
	return out
}
