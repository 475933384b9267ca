package questionnaire

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxIndex bounds the row numbers of a form. It is far above any MaxRows: too
// many rows is a problem to explain, a thousand is not a form of ours.
const maxIndex = 100

// FieldName is the form name of row n of a Sequence: «otra_formacion.0».
func FieldName(id ID, n int) string { return string(id) + "." + strconv.Itoa(n) }

// CellName is the form name of a box of a Table: «casa_campana.0.calle».
func CellName(id ID, n int, column string) string { return FieldName(id, n) + "." + column }

// OtherName is the form name of the words beside an option: «p03_pueblo.otro».
func OtherName(id ID) string { return string(id) + ".otro" }

// Parse reads the answers to one page from a posted form. Besides names the
// caller's own fields (version, button), which are left alone.
//
// It keeps everything it can, cleaned, because a draft keeps anything; whether
// answers are valid is for Check. Its own problems are of the form: text that
// is not text, a name twice, a name that the page does not have. A Photo is
// never read: only the server says which photo is stored.
func (p *Parser) Parse(page Page, form url.Values, besides ...string) (Answers, Problems) {
	groups := groupFields(form, besides)
	answers := Answers{}
	var problems Problems
	for _, q := range page.Questions() {
		if q.Kind == Photo {
			continue
		}
		r := reader{parser: p, question: q, form: form, rows: map[int]Row{}}
		for _, field := range groups[q.ID] {
			r.read(field)
		}
		delete(groups, q.ID)
		if a := r.answer(); !a.IsBlank() {
			answers[q.ID] = a
		}
		problems = append(problems, r.problems...)
	}
	if len(groups) > 0 {
		problems = append(problems, Problem{Code: UnknownField})
	}
	return answers, problems
}

// groupFields sorts the names of a form by the question that each begins with.
func groupFields(form url.Values, besides []string) map[ID][]string {
	groups := map[ID][]string{}
	for name := range form {
		if !slices.Contains(besides, name) {
			id, _, _ := strings.Cut(name, ".")
			groups[ID(id)] = append(groups[ID(id)], name)
		}
	}
	for _, names := range groups {
		slices.Sort(names)
	}
	return groups
}

// reader gathers the answer to one question from the fields of a form.
type reader struct {
	parser   *Parser
	question Question
	form     url.Values
	scalar   Answer      // Text, Texts of a Set, Other
	rows     map[int]Row // of a Sequence (column "") or a Table
	problems Problems
}

// read takes one field whose name begins with the question's id.
func (r *reader) read(field string) {
	q := r.question
	rest := strings.TrimPrefix(field, string(q.ID))
	shape := q.Shape()
	switch {
	case rest == "" && shape == Set:
		for _, v := range r.form[field] {
			r.scalar.Texts = append(r.scalar.Texts, r.clean(ShortText, field, v))
		}
	case rest == "" && shape == Scalar:
		r.scalar.Text = r.one(q.Kind, field)
	case rest == ".otro" && q.TakesOther():
		r.scalar.Other = r.one(ShortText, field)
	case shape == Sequence || shape == Table:
		r.readRow(field, rest)
	default:
		r.problem(UnknownField, field)
	}
}

// readRow takes ".0" of a Sequence or ".0.calle" of a Table.
func (r *reader) readRow(field, rest string) {
	index, column, _ := strings.Cut(strings.TrimPrefix(rest, "."), ".")
	n, err := strconv.Atoi(index)
	kind, ok := r.column(column)
	if err != nil || n < 0 || n >= maxIndex || !ok || !r.isName(field, n, column) {
		r.problem(UnknownField, field)
		return
	}
	if r.rows[n] == nil {
		r.rows[n] = Row{}
	}
	if text := r.one(kind, field); text != "" {
		r.rows[n][column] = text
	}
}

// column returns the kind of the boxes with that name; "" is the only one of a
// Sequence.
func (r *reader) column(name string) (Kind, bool) {
	if r.question.Shape() == Sequence {
		return r.question.Kind, name == ""
	}
	for _, c := range r.question.Kind.Columns() {
		if c.Name == name {
			return c.Kind, true
		}
	}
	return "", false
}

// isName refuses other spellings of a name («x.00», «x.0.»), which could
// bring the same box twice.
func (r *reader) isName(field string, n int, column string) bool {
	if r.question.Shape() == Sequence {
		return field == FieldName(r.question.ID, n)
	}
	return field == CellName(r.question.ID, n, column)
}

// one returns the only value of a field, cleaned and normalised.
func (r *reader) one(k Kind, field string) string {
	values := r.form[field]
	if len(values) != 1 {
		r.problem(Repeated, field)
	}
	if len(values) == 0 {
		return ""
	}
	return r.clean(k, field, values[0])
}

func (r *reader) clean(k Kind, field, value string) string {
	clean := r.parser.Line
	if k == LongText {
		clean = r.parser.Text
	}
	text, valid := clean(value)
	if !valid {
		r.problem(BadText, field)
	}
	return normal(k, text)
}

func (r *reader) problem(c Code, field string) {
	r.problems = append(r.problems, Problem{ID: r.question.ID, Field: field, Label: r.question.Label, Code: c})
}

// answer puts together what was read. Words beside an option that was not
// chosen go, as do blank rows, and the values of a Set take the order of the
// options.
func (r *reader) answer() Answer {
	a := r.scalar
	if !r.question.wantsOther(a) {
		a.Other = ""
	}
	a.Texts = r.question.inOrder(a.Texts)
	var numbers []int
	for n, row := range r.rows {
		if len(row) > 0 {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		if r.question.Shape() == Sequence {
			a.Texts = append(a.Texts, r.rows[n][""])
		} else {
			a.Rows = append(a.Rows, r.rows[n])
		}
	}
	return a
}

// wantsOther reports whether a chooses an option that asks for words.
func (q Question) wantsOther(a Answer) bool {
	for _, value := range append(slices.Clone(a.Texts), a.Text) {
		if o, ok := q.Option(value); ok && o.Free {
			return true
		}
	}
	return false
}

// inOrder sorts the values of a Set as its options are, unknown ones last, and
// drops blanks and repetitions.
func (q Question) inOrder(values []string) []string {
	position := func(v string) int {
		i := slices.IndexFunc(q.Options, func(o Option) bool { return o.Value == v })
		if i < 0 {
			return len(q.Options)
		}
		return i
	}
	values = slices.DeleteFunc(values, func(v string) bool { return v == "" })
	slices.SortFunc(values, func(a, b string) int {
		return cmp.Or(cmp.Compare(position(a), position(b)), cmp.Compare(a, b))
	})
	return slices.Compact(values)
}

// Form is the form that would post these answers to one page: Parse gives them
// back. A Photo is left out, as Parse leaves it.
func Form(page Page, a Answers) url.Values {
	form := url.Values{}
	for _, q := range page.Questions() {
		answer := a[q.ID]
		if answer.IsBlank() || q.Kind == Photo {
			continue
		}
		if answer.Other != "" {
			form.Set(OtherName(q.ID), answer.Other)
		}
		switch q.Shape() {
		case Scalar:
			form.Set(string(q.ID), answer.Text)
		case Set:
			form[string(q.ID)] = slices.Clone(answer.Texts)
		case Sequence:
			for i, text := range answer.Texts {
				form.Set(FieldName(q.ID, i), text)
			}
		case Table:
			for i, row := range answer.Rows {
				for column, text := range row {
					form.Set(CellName(q.ID, i, column), text)
				}
			}
		}
	}
	return form
}
