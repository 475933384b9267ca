package questionnaire

// ID names a page, a part or a question. It is Spanish, lower case, stable for
// ever, and doubles as form name, JSON key and URL segment.
type ID string

// Disclosure says who may see the answer to a question once its record is in
// order. The zero value is the closed one, so a question forgotten is a
// question withheld.
type Disclosure int

// The disclosures.
const (
	Withheld  Disclosure = iota // never leaves the desk
	Public                      // curricular: published when the record is validated
	ByConsent                   // identity: published only under a verified consent
)

// Option is one of the answers that a question offers.
type Option struct {
	Value string // stored; Spanish, stable
	Label string // official words
	Free  bool   // asks for words beside it («Otra»)
	Alone bool   // among Choices, excludes every other option
}

// Values of the options of a YesNoPrefer question.
const (
	Yes       = "si"
	No        = "no"
	PreferNot = "prefiero_no_contestar"
)

// yesNoPrefer are the options of every YesNoPrefer question.
var yesNoPrefer = []Option{
	{Value: Yes, Label: "Sí"},
	{Value: No, Label: "No"},
	{Value: PreferNot, Label: "Prefiero no contestar"},
}

// Question is one thing asked. Its texts are official where the annex gives
// them and written in second person where it does not.
type Question struct {
	ID    ID
	Label string // official wording
	Help  string // what to write, shown under the label
	Basis string // legal basis
	Kind  Kind

	Min, Max int // characters after Clean; 0 is no limit. Min binds only what was answered
	MaxRows  int // most rows; 0 and 1 are a single answer, except for List
	Options  []Option
	Hosts    []string // for Link: the sites accepted, with their subdomains; empty is any
	Example  string   // a well-formed answer, shown when one is not
	Advice   string   // what to add to a text too short: «describe también la meta y el plazo»
	IfBlank  string   // said when a mandatory answer is missing; empty is a text by kind

	Disclosure Disclosure

	// Asked reports whether the question applies, given the other answers; nil
	// is always. What is not asked is not kept: Settle drops its answer.
	Asked func(Answers) bool
	// Required reports whether a complete questionnaire must answer it; nil is
	// never. A question that is not asked is never missing.
	Required func(Answers) bool
	// Warn gives a doubt to show beside a valid answer, or "". It never stops
	// anybody.
	Warn func(Answers) string
}

// Always is the Required of a question that everybody must answer.
func Always(Answers) bool { return true }

// Shape says where the answer to q lives.
func (q Question) Shape() Shape {
	switch {
	case q.Kind.Columns() != nil:
		return Table
	case q.Kind == Choices:
		return Set
	case q.Kind == List, q.MaxRows > 1:
		return Sequence
	}
	return Scalar
}

// Rows is the most rows that q takes: 1 for a single answer.
func (q Question) Rows() int { return max(q.MaxRows, 1) }

// Option returns the option of q with that value; false when q does not offer it.
func (q Question) Option(value string) (Option, bool) {
	for _, o := range q.Options {
		if o.Value == value {
			return o, true
		}
	}
	return Option{}, false
}

// TakesOther reports whether some option of q asks for words beside it.
func (q Question) TakesOther() bool {
	for _, o := range q.Options {
		if o.Free {
			return true
		}
	}
	return false
}

// IsAsked reports whether q applies to somebody who answered a.
func (q Question) IsAsked(a Answers) bool { return q.Asked == nil || q.Asked(a) }

// IsRequired reports whether q must be answered by somebody who answered a.
func (q Question) IsRequired(a Answers) bool {
	return q.Required != nil && q.IsAsked(a) && q.Required(a)
}
