package sitepage

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// Names of a comparison in addresses.
const (
	ParamCompare = "c"      // a candidacy, once for each
	ParamAdd     = "elegir" // choose more
	ParamTexts   = "textos" // TextsWhole shows them without folds, to print
	TextsWhole   = "completos"
)

// Compared is a comparison as somebody asked for it.
type Compared struct {
	site.Comparison
	Whole bool // texts without folds
}

// Choosing is the page where one chooses whom to compare.
type Choosing struct {
	Chosen  []site.Card
	Rivals  []site.Card // everybody they can be compared with, themselves too
	Missing int         // asked for, and not on the ballot
	Problem string      // why what was asked for cannot be compared
	Groups  [][]site.Card
}

// Compare returns the address that compares some candidacies.
func (f Frame) Compare(slugs ...string) string {
	return f.Path("/comparar") + "?" + url.Values{ParamCompare: slugs}.Encode()
}

func slugsOf(profiles []site.Profile) []string {
	out := make([]string, len(profiles))
	for i, p := range profiles {
		out[i] = p.Slug
	}
	return out
}

func (f Frame) comparisonMeta(k Compared) layout.Meta {
	names := make([]string, len(k.Profiles))
	for i, p := range k.Profiles {
		names[i] = p.Name
	}
	m := f.titled(comparisonTitle(k)+": "+es.List(names...), "Las mismas preguntas, lado a lado.",
		layout.Crumb{Label: "Candidaturas", Href: f.Path("/candidaturas")}, layout.Crumb{Label: "Comparar"})
	slugs := slugsOf(k.Profiles)
	slices.Sort(slugs) // one address for each choice of people, in whatever order
	m.Canonical += "?" + url.Values{ParamCompare: slugs}.Encode()
	return m
}

func comparisonTitle(k Compared) string {
	return es.Capital(es.Word(len(k.Profiles))) + " candidaturas, las mismas preguntas"
}

// contestOf names what somebody stands for: "Diputación local · Distrito 02".
func (f Frame) contestOf(k site.Card) string {
	text := f.Catalog.Office(k.OfficeID).Name
	if place := f.place(k); place != "" {
		text += " · " + place
	}
	return text
}

// comparisonRow is a question with the answer of each.
type comparisonRow struct {
	Label string
	Cells []comparisonCell
}

// comparisonCell is an answer in its column. Rest is the part of a long text that
// is folded.
type comparisonCell struct {
	Name  string
	Lines []Line
	Rest  []string
	Blank string
}

// comparisonGroup is a band of the table.
type comparisonGroup struct {
	Title string
	Rows  []comparisonRow
}

// proposing are the pages of the questionnaire that say what somebody wants; the
// rest says who they are.
var proposing = []questionnaire.ID{"motivo", "propuestas"}

// comparison composes the table: the same rows for everybody.
func (f Frame) comparison(k Compared) []comparisonGroup {
	who := comparisonGroup{Title: "Quién es", Rows: []comparisonRow{
		row(k, "Edad", func(p site.Profile) comparisonCell { return said(ageOf(p.Card)) }),
		row(k, "Elección consecutiva", func(p site.Profile) comparisonCell { return said(consecutive(p)) }),
	}}
	if f.Catalog.Office(k.Profiles[0].OfficeID).Listed {
		who.Rows = append(who.Rows, row(k, "Lugar en la lista", func(p site.Profile) comparisonCell { return said(es.Int(p.Position) + ", " + role(p.Card)) }))
	}
	what := comparisonGroup{Title: "Qué propone"}
	pages := slices.Clone(f.Catalog.Curricular.Pages)
	slices.SortStableFunc(pages, func(a, b questionnaire.Page) int { return reading(a.ID) - reading(b.ID) })
	for _, page := range pages {
		group := &who
		switch {
		case page.ID == photoPage, slices.ContainsFunc(page.Parts, func(p questionnaire.Part) bool { return p.AtLeastOne }):
			continue
		case slices.Contains(proposing, page.ID):
			group = &what
		}
		for _, q := range page.Questions() {
			if q.Disclosure == questionnaire.Public {
				group.Rows = append(group.Rows, row(k, q.Label, func(p site.Profile) comparisonCell { return f.compared(q, p, k.Whole) }))
			}
		}
	}
	where := comparisonGroup{Title: "Dónde consultarla", Rows: []comparisonRow{
		row(k, "Cuestionario", func(p site.Profile) comparisonCell { return said(f.versionOf(p)) }),
		row(k, "Ficha", func(p site.Profile) comparisonCell {
			return comparisonCell{Lines: []Line{{Text: "Ficha de " + p.Name, Href: f.Profile(p.Slug)}}}
		}),
	}}
	return []comparisonGroup{who, what, where}
}

func row(k Compared, label string, cell func(site.Profile) comparisonCell) comparisonRow {
	r := comparisonRow{Label: label}
	for _, p := range k.Profiles {
		c := cell(p)
		c.Name = p.Name
		r.Cells = append(r.Cells, c)
	}
	return r
}

func said(text string) comparisonCell { return comparisonCell{Lines: []Line{{Text: text}}} }

func ageOf(k site.Card) string {
	if k.Age == 0 {
		return "Sin dato"
	}
	return es.Age(k.Age)
}

func consecutive(p site.Profile) string {
	switch {
	case p.Consecutive == nil:
		return "Sin dato"
	case *p.Consecutive:
		return "Sí"
	}
	return "No"
}

// versionOf says which version of the questionnaire is public, or why none is.
func (f Frame) versionOf(p site.Profile) string {
	if p.Answers == nil {
		strong, _ := f.unpublished(p.State)
		return "Sin publicar. " + strong
	}
	if p.Number > 0 {
		return "Publicado, versión " + es.Int(p.Number)
	}
	return "Publicado"
}

// AnswerOf is the answer of a candidacy to a question; while its questionnaire is
// not public, whose hands it is in.
func AnswerOf(p site.Profile, id questionnaire.ID) site.Answer {
	switch {
	case p.Answers != nil:
		return p.Answers[id]
	case p.State == site.RecordNotCaptured:
		return site.Answer{State: site.NotCaptured}
	}
	return site.Answer{State: site.NotProvided}
}

func (f Frame) compared(q questionnaire.Question, p site.Profile, whole bool) comparisonCell {
	r := f.reply(q, AnswerOf(p, q.ID))
	c := comparisonCell{Lines: r.Lines, Blank: r.Blank}
	if r.long && r.Blank == "" {
		head, rest := r.Paragraphs, []string(nil)
		if !whole {
			head, rest = fold(r.Paragraphs)
		}
		c.Rest = rest
		for _, paragraph := range head {
			c.Lines = append(c.Lines, Line{Text: paragraph})
		}
	}
	return c
}

// Where a text is folded: after about three lines, if much more follows.
const (
	foldAfter = 200
	foldLeast = 120
)

// fold cuts a text in what is seen at once and the rest. Both together are the
// text, with nothing repeated.
func fold(paragraphs []string) (head, rest []string) {
	length := 0
	for _, p := range paragraphs {
		length += utf8.RuneCountInString(p)
	}
	if length < foldAfter+foldLeast {
		return paragraphs, nil
	}
	first := paragraphs[0]
	if utf8.RuneCountInString(first) <= foldAfter+foldLeast {
		return paragraphs[:1], paragraphs[1:]
	}
	cut := string([]rune(first)[:foldAfter])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return []string{cut + " …"}, append([]string{"… " + strings.TrimSpace(first[len(cut):])}, paragraphs[1:]...)
}

// without is the address of the comparison without one of its columns.
func (f Frame) without(k Compared, slug string) string {
	return f.Compare(slices.DeleteFunc(slugsOf(k.Profiles), func(s string) bool { return s == slug })...)
}

func (f Frame) adding(k Compared) string {
	return f.Compare(slugsOf(k.Profiles)...) + "&" + ParamAdd + "=si"
}

func (f Frame) wholeTexts(k Compared) string {
	return f.Compare(slugsOf(k.Profiles)...) + "&" + ParamTexts + "=" + TextsWhole
}

// dropped says what of the request is not in the table.
func dropped(k site.Comparison) []string {
	var out []string
	if n := len(k.Missing); n > 0 {
		out = append(out, es.Plural(n, "candidatura que pediste no está", "candidaturas que pediste no están")+" en la boleta: su dirección no existe o dejó de competir.")
	}
	for _, c := range k.Repeated {
		out = append(out, c.Name+" estaba dos veces; aparece una.")
	}
	return out
}

func (f Frame) choosingMeta(c Choosing) layout.Meta {
	m := f.titled(choosingTitle(c), "Elige entre dos y cuatro candidaturas del mismo cargo y léelas lado a lado.",
		layout.Crumb{Label: "Candidaturas", Href: f.Path("/candidaturas")}, layout.Crumb{Label: "Comparar"})
	m.Invalid = c.Problem != ""
	m.NoIndex = len(c.Chosen) > 0
	return m
}

func choosingTitle(c Choosing) string {
	if len(c.Chosen) == 1 && c.Problem == "" {
		return "¿Con quién comparas a " + c.Chosen[0].Name + "?"
	}
	return "Compara candidaturas"
}

func (c Choosing) problems() []component.FieldError {
	if c.Problem == "" {
		return nil
	}
	return fieldErrors([]fault.Field{{ID: "elige", Message: c.Problem}})
}

func (c Choosing) chosen(k site.Card) bool {
	return slices.ContainsFunc(c.Chosen, func(x site.Card) bool { return x.ID == k.ID })
}

// choiceLabel is how somebody is told from the rest of their contest.
func (f Frame) choiceLabel(k site.Card) string {
	parts := []string{f.Catalog.Nominator(k.NominatorID).Name}
	if f.Catalog.Office(k.OfficeID).Listed {
		parts = append(parts, "lugar "+es.Int(k.Position))
	}
	if k.Role == "suplente" {
		parts = append(parts, role(k))
	}
	return strings.Join(parts, " · ")
}

// groupNames lists the people of a contest who were chosen.
func groupNames(group []site.Card) string {
	names := make([]string, len(group))
	for i, k := range group {
		names[i] = k.Name
	}
	return es.List(names...)
}

func groupSlugs(group []site.Card) []string {
	out := make([]string, len(group))
	for i, k := range group {
		out[i] = k.Slug
	}
	return out
}

// pick is the box of a table that chooses somebody to compare.
func pick(k site.Card) component.Card {
	return component.Card{ID: "c-" + k.Slug, Name: k.Name, Value: k.Slug}
}
