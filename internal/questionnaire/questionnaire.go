// Package questionnaire says what candidates are asked, and understands what
// they answer. It is pure: no clock, no database, no HTTP, standard library
// only.
//
// A Questionnaire is a Go value read top to bottom like the annex of the
// Lineamientos that it comes from. It has pages (one topic of capture each),
// pages have parts (rubros, the unit that is versioned, reviewed and paused),
// parts have questions. Curricular and Identity are the two in force.
//
// From that one value come the form, the parser, the checks, the progress, the
// published profile and the data dictionary, so that none of them can disagree
// with another:
//
//	form ──Parser.Parse──> Answers ──Merge──> Settle ──> Check, Warnings, Progress
//	                                                 └─> Canonical, Hash (a version)
//
// Answers maps question to answer. A blank answer and an absent one are the
// same thing: nothing here ever returns a blank, and Canonical leaves it out.
//
// Three words are kept apart. A *problem* makes answers invalid: no version may
// hold it, although a draft may. *Missing* is a mandatory answer not given yet:
// allowed until validation. A *warning* is a doubt that stops nobody.
//
// A published definition is frozen: a test holds its Fingerprint. Changing a
// question means a new version, never an edit.
package questionnaire

import "slices"

// Questionnaire is a set of questions in order. Make one with New or Must;
// the zero value answers every lookup with false. It is safe for concurrent
// use, and nobody may change what its lookups return.
type Questionnaire struct {
	Key     string // "curricular"
	Version string // "1"
	Title   string
	Pages   []Page

	places map[ID]place // of questions
}

// Page is one topic of capture: one screen, one «Guardar y continuar».
type Page struct {
	ID    ID
	Title string // heading of the screen
	Short string // in the side list
	Lead  string // sentence under the heading
	Hint  string // in the task list
	Parts []Part
}

// Part is a rubro: what is versioned, observed, paused and published as one.
type Part struct {
	ID    ID
	Label string
	// AtLeastOne makes one mandatory item of the whole part: some published
	// question of it must be answered, no matter which.
	AtLeastOne bool
	// IfBlank is said when AtLeastOne is not met.
	IfBlank   string
	Questions []Question
}

type place struct{ page, part, question int }

// New checks the definition and prepares its lookups. A bad definition is an
// error that names every fault found.
func New(q Questionnaire) (*Questionnaire, error) {
	q.Pages = clonePages(q.Pages)
	q.places = map[ID]place{}
	for i, page := range q.Pages {
		for j, part := range page.Parts {
			for k := range part.Questions {
				question := &part.Questions[k]
				if question.Kind == YesNoPrefer && question.Options == nil {
					question.Options = yesNoPrefer
				}
				q.places[question.ID] = place{i, j, k}
			}
		}
	}
	if err := q.validate(); err != nil {
		return nil, err
	}
	return &q, nil
}

// Must is New for definitions written in the program; it panics on a bad one.
func Must(q Questionnaire) *Questionnaire {
	made, err := New(q)
	if err != nil {
		panic(err)
	}
	return made
}

// Question returns the question with that id.
func (q *Questionnaire) Question(id ID) (Question, bool) {
	at, ok := q.places[id]
	if !ok {
		return Question{}, false
	}
	return q.Pages[at.page].Parts[at.part].Questions[at.question], true
}

// Page returns the page with that id.
func (q *Questionnaire) Page(id ID) (Page, bool) {
	i := q.pageIndex(id)
	if i < 0 {
		return Page{}, false
	}
	return q.Pages[i], true
}

// Part returns the part with that id.
func (q *Questionnaire) Part(id ID) (Part, bool) {
	for _, part := range q.Parts() {
		if part.ID == id {
			return part, true
		}
	}
	return Part{}, false
}

// PageOf returns the page that asks the question with that id.
func (q *Questionnaire) PageOf(question ID) (Page, bool) {
	at, ok := q.places[question]
	if !ok {
		return Page{}, false
	}
	return q.Pages[at.page], true
}

// PartOf returns the part that holds the question with that id.
func (q *Questionnaire) PartOf(question ID) (Part, bool) {
	at, ok := q.places[question]
	if !ok {
		return Part{}, false
	}
	return q.Pages[at.page].Parts[at.part], true
}

// Next returns the page after the one with that id; false after the last.
func (q *Questionnaire) Next(page ID) (Page, bool) { return q.beside(page, 1) }

// Previous returns the page before the one with that id; false before the first.
func (q *Questionnaire) Previous(page ID) (Page, bool) { return q.beside(page, -1) }

// Parts returns every part, in order.
func (q *Questionnaire) Parts() []Part {
	var parts []Part
	for _, page := range q.Pages {
		parts = append(parts, page.Parts...)
	}
	return parts
}

// Questions returns every question, in order.
func (q *Questionnaire) Questions() []Question {
	var questions []Question
	for _, page := range q.Pages {
		questions = append(questions, page.Questions()...)
	}
	return questions
}

// Questions returns the questions of the page, in order.
func (p Page) Questions() []Question {
	var questions []Question
	for _, part := range p.Parts {
		questions = append(questions, part.Questions...)
	}
	return questions
}

// Select returns the answers of a that belong to the page.
func (p Page) Select(a Answers) Answers { return a.only(p.Questions()) }

// Select returns the answers of a that belong to the part: what a version of
// it holds.
func (p Part) Select(a Answers) Answers { return a.only(p.Questions) }

func (q *Questionnaire) pageIndex(id ID) int {
	return slices.IndexFunc(q.Pages, func(p Page) bool { return p.ID == id })
}

func (q *Questionnaire) beside(page ID, step int) (Page, bool) {
	i := q.pageIndex(page)
	if i < 0 || i+step < 0 || i+step >= len(q.Pages) {
		return Page{}, false
	}
	return q.Pages[i+step], true
}

// clonePages copies what New changes, so that a definition may be used twice.
func clonePages(pages []Page) []Page {
	pages = slices.Clone(pages)
	for i := range pages {
		pages[i].Parts = slices.Clone(pages[i].Parts)
		for j := range pages[i].Parts {
			pages[i].Parts[j].Questions = slices.Clone(pages[i].Parts[j].Questions)
		}
	}
	return pages
}
