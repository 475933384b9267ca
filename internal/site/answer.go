package site

import "conoceles/internal/questionnaire"

// AnswerState is what the public is told about one curricular answer (domain 0.3.7).
type AnswerState string

// The five states.
const (
	Published     AnswerState = "publicada"
	UnderReview   AnswerState = "en_revision"  // paused by an approved observation
	NotCaptured   AnswerState = "no_capturada" // not validated, and capture is in the party's hands
	NotProvided   AnswerState = "no_respondio" // validated with the blank, or left by the candidate
	NotApplicable AnswerState = "no_aplica"
)

// Answer is a curricular answer as the public may read it: Value is blank unless
// State is Published.
type Answer struct {
	State AnswerState          `json:"estado"`
	Value questionnaire.Answer `json:"respuesta,omitzero"`
}

// Answers are the published answers of a candidacy, by question.
type Answers map[questionnaire.ID]Answer

// CandidacyState is the state of a candidacy's whole curricular record.
type CandidacyState string

// The states of a record: a published one has answers, the others say whose
// hands it is in.
const (
	RecordPublished   CandidacyState = "publicada"
	RecordNotCaptured CandidacyState = "no_capturada"
	RecordNotProvided CandidacyState = "no_respondio"
)

// Text returns the published text of a question, or "".
func (a Answers) Text(id questionnaire.ID) string { return a[id].Value.Text }
