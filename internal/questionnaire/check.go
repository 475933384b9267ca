package questionnaire

import (
	"maps"
	"slices"
)

// Merge returns the answers after a page was posted: those of the page are
// replaced, its photo and those of other pages stay, and Settle drops what no
// longer applies. Neither map given is changed.
func (q *Questionnaire) Merge(a Answers, page Page, posted Answers) Answers {
	merged := a.Clone()
	for _, question := range page.Questions() {
		if question.Kind == Photo {
			continue
		}
		delete(merged, question.ID)
		if posted.Has(question.ID) {
			merged[question.ID] = posted[question.ID]
		}
	}
	return q.Settle(merged)
}

// Settle returns the answers without blanks and without those to questions
// that are not asked, whatever a browser posted. It is idempotent.
func (q *Questionnaire) Settle(a Answers) Answers {
	settled := a.Clone()
	for before := -1; before != len(settled); {
		before = len(settled)
		for _, question := range q.Questions() {
			if !settled.Has(question.ID) || !question.IsAsked(settled) {
				delete(settled, question.ID)
			}
		}
	}
	return settled
}

// Check returns every reason why these answers may not become a version, in
// the order of the questionnaire. Blanks are not among them: see Missing.
func (q *Questionnaire) Check(a Answers) Problems {
	var problems Problems
	for _, page := range q.Pages {
		problems = append(problems, page.Check(a)...)
	}
	for id := range a {
		if _, ok := q.places[id]; !ok {
			return append(problems, Problem{Code: UnknownField})
		}
	}
	return problems
}

// Check is Questionnaire.Check for the questions of one page; a holds every
// answer, for the rules that look at others.
func (p Page) Check(a Answers) Problems {
	var problems Problems
	for _, question := range p.Questions() {
		problems = append(problems, question.check(a)...)
	}
	return problems
}

// Warnings returns the doubts that these answers raise on one page. They stop
// nobody.
func (p Page) Warnings(a Answers) Problems {
	var doubts Problems
	for _, question := range p.Questions() {
		if question.Warn == nil || !a.Has(question.ID) {
			continue
		}
		if text := question.Warn(a); text != "" {
			c := checker{question: question}
			c.add(string(question.ID), Doubt, Args{Advice: text})
			doubts = append(doubts, c.problems...)
		}
	}
	return doubts
}

func (q Question) check(a Answers) Problems {
	answer := a[q.ID]
	if answer.IsBlank() {
		return nil
	}
	c := checker{question: q}
	switch {
	case !q.IsAsked(a):
		c.add(string(q.ID), NotAskedFor, Args{})
	case !q.fits(answer):
		c.add(string(q.ID), WrongShape, Args{})
	default:
		c.answer(answer)
	}
	return c.problems
}

// fits reports whether an answer has the shape of the question and no more.
func (q Question) fits(a Answer) bool {
	shape := q.Shape()
	if a.Text != "" && shape != Scalar || len(a.Rows) > 0 && shape != Table {
		return false
	}
	if len(a.Texts) > 0 && shape != Sequence && shape != Set {
		return false
	}
	return a.Other == "" || q.wantsOther(a)
}

// checker gathers the problems of one answer.
type checker struct {
	question Question
	problems Problems
}

func (c *checker) add(field string, code Code, args Args) {
	c.problems = append(c.problems,
		Problem{ID: c.question.ID, Field: field, Label: c.question.Label, Code: code, Args: args})
}

func (c *checker) answer(a Answer) {
	q := c.question
	switch q.Shape() {
	case Scalar:
		c.text(string(q.ID), q.Kind, q.Max, a.Text)
	case Set:
		c.set(a)
	case Sequence:
		c.sequence(a.Texts)
	case Table:
		c.table(a.Rows)
	}
	if q.wantsOther(a) {
		if a.Other == "" {
			c.add(OtherName(q.ID), NeedsOther, Args{})
		}
		c.length(OtherName(q.ID), maxOther, a.Other)
	}
}

// text checks one text by its kind.
func (c *checker) text(field string, k Kind, most int, text string) {
	q := c.question
	if !isClean(text) {
		c.add(field, BadText, Args{})
		return
	}
	switch k {
	case ShortText, LongText, List:
		c.length(field, most, text)
	case Choice, Choices, YesNoPrefer, Country:
		if _, ok := q.Option(text); !ok {
			c.add(field, NotOffered, Args{})
		}
	case Link:
		switch {
		case !isLink(text):
			c.add(field, BadLink, Args{Example: q.Example})
		case !onHosts(text, q.Hosts):
			c.add(field, WrongSite, Args{Example: q.Example})
		}
	default:
		if code, ok := checkFormat(k, text); !ok {
			c.add(field, code, Args{})
		}
	}
}

// checkFormat returns what to say of a text that is not of its kind.
func checkFormat(k Kind, text string) (Code, bool) {
	switch k {
	case Email:
		return BadEmail, isEmail(text)
	case Phone:
		return BadPhone, isDigits(text, 10)
	case Postal:
		return BadPostal, isDigits(text, 5)
	case Photo:
		return BadPhoto, isPhotoHash(text)
	}
	return WrongShape, false
}

func (c *checker) length(field string, most int, text string) {
	n, least := Count(text), c.question.Min
	switch {
	case field != OtherName(c.question.ID) && n < least:
		c.add(field, TooShort, Args{N: least - n, Limit: least, Advice: c.question.Advice})
	case most > 0 && n > most:
		c.add(field, TooLong, Args{N: n - most, Limit: most})
	}
}

func (c *checker) set(a Answer) {
	field := string(c.question.ID)
	for _, value := range a.Texts {
		o, ok := c.question.Option(value)
		switch {
		case !ok:
			c.add(field, NotOffered, Args{})
			return
		case o.Alone && len(a.Texts) > 1:
			c.add(field, StandsAlone, Args{})
			return
		}
	}
}

func (c *checker) sequence(texts []string) {
	q := c.question
	c.count(len(texts))
	for i, text := range texts {
		c.text(FieldName(q.ID, i), q.Kind, q.Max, text)
		if slices.Contains(texts[:i], text) {
			c.add(FieldName(q.ID, i), RepeatedRow, Args{})
		}
	}
}

func (c *checker) table(rows []Row) {
	q := c.question
	c.count(len(rows))
	for i, row := range rows {
		known := 0
		for _, column := range q.Kind.Columns() {
			field := CellName(q.ID, i, column.Name)
			text, ok := row[column.Name]
			switch {
			case ok && text != "":
				c.text(field, column.Kind, column.Max, text)
			case column.Required:
				c.add(field, BlankColumn, Args{Name: column.Label})
			}
			if ok {
				known++
			}
		}
		if known < len(row) {
			c.add(string(q.ID), WrongShape, Args{})
		}
		if slices.ContainsFunc(rows[:i], func(r Row) bool { return maps.Equal(r, row) }) {
			c.add(CellName(q.ID, i, q.Kind.Columns()[0].Name), RepeatedRow, Args{})
		}
	}
}

func (c *checker) count(rows int) {
	if most := c.question.Rows(); rows > most {
		c.add(string(c.question.ID), TooManyRows, Args{N: rows, Limit: most})
	}
}
