package deskpage

import (
	"strconv"
	"time"

	"conoceles/internal/desk/capture"
	"conoceles/internal/questionnaire"
	"conoceles/web/component"
	"conoceles/web/es"
)

// CaptureConflict lets somebody whose text arrived late choose, answer by
// answer, between what is saved and what they wrote.
type CaptureConflict struct {
	CaptureFrame
	Record  capture.Record
	Page    questionnaire.Page
	ID      int64
	At      time.Time // when the late text arrived
	Differ  []questionnaire.Question
	Saved   questionnaire.Answers
	Mine    questionnaire.Answers
	Keys    component.FormKeys
	Chosen  map[questionnaire.ID]capture.Side
	Unsaid  []component.FieldError // questions without a choice
	SavedBy string
	SavedAt time.Time
}

func (c CaptureConflict) path() string {
	return CapturePath(c.Record.Folio, "curricular", string(c.Page.ID), "diferencias", strconv.FormatInt(c.ID, 10))
}

// ChoiceName is the form name of the choice for a question.
func ChoiceName(id questionnaire.ID) string { return "elige." + string(id) }

func (c CaptureConflict) choice(q questionnaire.Question) component.OptionsField {
	f := component.OptionsField{
		Field: component.Field{ID: ChoiceName(q.ID), Label: "¿Con cuál te quedas en «" + q.Label + "»?"},
		Options: []component.Option{
			{Value: string(capture.Saved), Label: "Con lo guardado"},
			{Value: string(capture.Mine), Label: "Con lo mío"},
		},
		InRow: true,
	}
	if side := c.Chosen[q.ID]; side != "" {
		f.Values = []string{string(side)}
	}
	for _, e := range c.Unsaid {
		if e.ID == f.ID {
			f.Error = "Elige uno de los dos"
		}
	}
	return f
}

// sideText is an answer as its lines; a blank says so.
func sideText(q questionnaire.Question, a questionnaire.Answers) []string {
	if lines := q.Lines(a[q.ID]); len(lines) > 0 {
		return lines
	}
	return []string{"(sin respuesta)"}
}

// lead says who saved and when.
func (c CaptureConflict) lead() string {
	if c.SavedBy == "" {
		return "Lo que escribiste llegó cuando la página ya había cambiado."
	}
	return c.SavedBy + " guardó " + es.Recent(c.SavedAt, c.Record.Now) + "; lo tuyo llegó después."
}
