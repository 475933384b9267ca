package questionnaire

// State says how far a questionnaire or a page has come, in the words shown.
type State string

// The states.
const (
	NotStarted State = "sin iniciar"
	InProgress State = "en captura"
	Complete   State = "completa"
	ToCorrect  State = "por corregir" // of a page only
)

// Item is one mandatory answer: a question with a Required rule, or a part
// that wants AtLeastOne.
type Item struct {
	ID    ID // of the question or the part
	Label string
	Page  ID
	Done  bool // answered and valid, or not asked
	// NotAsked is set when it does not apply: done without any answer.
	NotAsked bool

	field   string // form name of its first box
	ifBlank string
}

// Progress is how many of the mandatory answers there are: «7 de 9».
type Progress struct{ Items []Item }

// Answered is how many are done, those that do not apply among them.
func (p Progress) Answered() int { return p.count(func(i Item) bool { return i.Done }) }

// Total is how many there are.
func (p Progress) Total() int { return len(p.Items) }

// State is NotStarted with nothing answered, Complete with everything.
func (p Progress) State() State {
	switch {
	case p.Answered() == p.Total():
		return Complete
	case p.count(func(i Item) bool { return i.Done && !i.NotAsked }) == 0:
		return NotStarted
	}
	return InProgress
}

// Missing returns the items not done, in order, each with the page that asks
// for it.
func (p Progress) Missing() []Item {
	var missing []Item
	for _, item := range p.Items {
		if !item.Done {
			missing = append(missing, item)
		}
	}
	return missing
}

func (p Progress) count(counts func(Item) bool) int {
	n := 0
	for _, item := range p.Items {
		if counts(item) {
			n++
		}
	}
	return n
}

// Progress measures the mandatory answers (domain: avance_curricular). Only a
// valid answer counts, so a draft of 204 characters out of 280 is still
// missing. An optional answer never counts, not even a bad one: what may be
// validated is Complete and has no problem in Check.
func (q *Questionnaire) Progress(a Answers) Progress {
	var progress Progress
	for _, page := range q.Pages {
		progress.Items = append(progress.Items, page.items(a)...)
	}
	return progress
}

// Missing returns the mandatory answers of the page that are blank, as
// problems whose text asks for them.
func (p Page) Missing(a Answers) Problems {
	var problems Problems
	for _, item := range p.items(a) {
		if !item.Done && !p.answers(a, item.ID) {
			problems = append(problems, Problem{
				ID: item.ID, Field: item.field, Label: item.Label,
				Code: Missing, Args: Args{Advice: item.ifBlank},
			})
		}
	}
	return problems
}

// State returns the state of the page. It is ToCorrect when an answer is
// invalid or when observed says that a part of it was; nil is none. A page
// that demands nothing is complete with its first answer.
func (p Page) State(a Answers, observed func(part ID) bool) State {
	for _, part := range p.Parts {
		if observed != nil && observed(part.ID) {
			return ToCorrect
		}
	}
	progress := Progress{p.items(a)}
	switch {
	case len(p.Check(a)) > 0:
		return ToCorrect
	case len(p.Select(a)) == 0:
		return NotStarted
	case progress.Answered() < progress.Total():
		return InProgress
	}
	return Complete
}

func (p Page) items(a Answers) []Item {
	var items []Item
	for _, part := range p.Parts {
		if part.AtLeastOne {
			items = append(items, Item{
				ID: part.ID, Label: part.Label, Page: p.ID, Done: part.hasOne(a),
				field: string(part.Questions[0].ID), ifBlank: part.IfBlank,
			})
		}
		for _, q := range part.Questions {
			if q.Required == nil {
				continue
			}
			item := Item{
				ID: q.ID, Label: q.Label, Page: p.ID, NotAsked: !q.IsRequired(a),
				field: q.firstField(), ifBlank: q.blankText(),
			}
			item.Done = item.NotAsked || q.isDone(a)
			items = append(items, item)
		}
	}
	return items
}

// answers reports whether an item has any answer, valid or not.
func (p Page) answers(a Answers, item ID) bool {
	for _, part := range p.Parts {
		if part.AtLeastOne && part.ID == item {
			return len(part.published(a)) > 0
		}
	}
	return a.Has(item)
}

// hasOne reports whether a published question of the part has a valid answer.
func (p Part) hasOne(a Answers) bool {
	for _, q := range p.Questions {
		if q.Disclosure != Withheld && q.isDone(a) {
			return true
		}
	}
	return false
}

func (p Part) published(a Answers) Answers {
	some := p.Select(a)
	for _, q := range p.Questions {
		if q.Disclosure == Withheld {
			delete(some, q.ID)
		}
	}
	return some
}

func (q Question) isDone(a Answers) bool { return a.Has(q.ID) && len(q.check(a)) == 0 }

func (q Question) firstField() string {
	switch q.Shape() {
	case Sequence:
		return FieldName(q.ID, 0)
	case Table:
		return CellName(q.ID, 0, q.Kind.Columns()[0].Name)
	}
	return string(q.ID)
}

// blankText is what to say when the answer is mandatory and missing.
func (q Question) blankText() string {
	switch {
	case q.IfBlank != "":
		return q.IfBlank
	case q.Kind == Photo:
		return "Agrega la fotografía; es obligatoria"
	case q.Kind.HasOptions():
		return "Elige una opción; es obligatoria"
	}
	return "Escribe la respuesta; es obligatoria"
}
