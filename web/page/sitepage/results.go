package sitepage

import (
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// Found is a search and what it gave.
type Found struct {
	Query    site.Query
	Results  site.Results
	Problems []fault.Field
}

func (f Frame) resultsMeta(r Found) layout.Meta {
	title := f.headline(r.Query) + ": " + es.Plural(r.Results.Total, "candidatura", "candidaturas")
	m := f.titled(title, "Candidaturas de "+f.Process.Name+", en el orden de la boleta.", layout.Crumb{Label: "Candidaturas"})
	m.Invalid = len(r.Problems) > 0
	return m
}

// order says how the list is sorted.
func order(q site.Query) string {
	switch q.Order {
	case site.OrderSurname:
		return "Aparecen por primer apellido."
	case site.OrderNominator:
		return "Aparecen por partido, de la A a la Z."
	}
	return "Aparecen en el orden de la boleta."
}

// degree says a published degree; one that the questionnaire does not offer is
// read as its source wrote it.
func (f Frame) degree(value string) string {
	q, _ := f.Catalog.Curricular.Question(questionnaire.Degree)
	if o, ok := q.Option(value); ok {
		return o.Label
	}
	return value
}

// card is a candidacy in a list.
func (f Frame) card(c site.Card, n int) component.Card {
	out := component.Card{
		ID: "n" + es.Int(n+1), Name: c.Name, Href: f.Profile(c.Slug), Photo: photo(c.PhotoSmall),
		Office: f.standsFor(c), Nominator: f.nominator(c.NominatorID), Published: c.Published(), Lazy: n >= 2,
		Value: c.Slug,
	}
	if f.Copy {
		out.Value = "" // nothing compares
	}
	if c.Age > 0 {
		out.Facts = append(out.Facts, component.Fact{Term: "Edad", Value: es.Int(c.Age)})
	}
	if c.Degree != "" {
		out.Facts = append(out.Facts, component.Fact{Term: "Estudios", Value: f.degree(c.Degree)})
	}
	if c.Published() {
		out.Excerpt, out.Text = "Propuesta 1", f.excerpt(c)
	} else {
		out.Strong, out.Text = f.unpublished(c.State)
	}
	return out
}

// excerptLength is how much of a proposal a card shows, in characters.
const excerptLength = 150

// excerpt is the beginning of the first proposal, cut between words, or why it
// is not there.
func (f Frame) excerpt(c site.Card) string {
	if c.ExcerptState != site.Published {
		return f.blank(c.ExcerptState)
	}
	text := strings.Join(strings.Fields(c.Excerpt), " ")
	if utf8.RuneCountInString(text) <= excerptLength {
		return text
	}
	cut := string([]rune(text)[:excerptLength])
	if i := strings.LastIndexByte(cut, ' '); i > excerptLength/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.") + "…"
}

// blank says why an answer is not shown, in the words of domain 0.3.7. An
// archive keeps those of its source.
func (f Frame) blank(s site.AnswerState) string {
	switch {
	case s == site.UnderReview:
		return "En revisión"
	case s == site.NotCaptured:
		return "El partido no la ha capturado"
	case s == site.NotApplicable:
		return "No aplica"
	case f.Process.Kind == election.Archive:
		return "No proporcionó"
	}
	return "La candidatura no proporcionó información"
}

// unpublished says in whose hands a questionnaire that is not public is.
func (f Frame) unpublished(s site.CandidacyState) (strong, text string) {
	const duty = "Responder es obligación de la persona y de quien la postula."
	switch {
	case f.Process.Kind == election.Archive && f.Process.Source != "":
		return "No proporcionó información.", "Así consta en los datos de " + f.Process.Source + "."
	case f.Process.Kind == election.Archive:
		return "No proporcionó información.", ""
	case s == site.RecordNotCaptured:
		return "El partido no la ha capturado.", duty
	}
	return "La candidatura no proporcionó información.", duty
}

// table is the same list with a row for each candidacy.
func (f Frame) table(cards []site.Card) component.Table {
	t := component.Table{
		Caption: "Candidaturas encontradas",
		Columns: []component.Column{
			{Title: "Persona candidata"}, {Title: "Cargo"}, {Title: "Postula"}, {Title: "Edad"}, {Title: "Estudios"}, {Title: "Cuestionario"},
		},
	}
	for _, c := range cards {
		age, state := "—", "sin_publicar"
		if c.Age > 0 {
			age = es.Int(c.Age)
		}
		if c.Published() {
			state = "publicada"
		}
		degree := "—"
		if c.Degree != "" {
			degree = f.degree(c.Degree)
		}
		t.Rows = append(t.Rows, component.Row{
			Title: c.Name, Href: f.Profile(c.Slug),
			Cells: []templ.Component{
				component.Words(f.standsFor(c)), component.Words(f.Catalog.Nominator(c.NominatorID).Name),
				component.Words(age), component.Words(degree),
				stateAndPick(component.State(es.Publication, state), pick(c)),
			},
		})
	}
	return t
}

// pages are the links through the list.
func (f Frame) pages(r Found) component.Pages {
	return component.NewPages(r.Results.Page, r.Results.Total, site.PageSize, func(page int) string {
		q := r.Query
		q.Page = page
		return f.Search(q)
	})
}

func (f Frame) view(q site.Query, view string) string {
	q.View = view
	return f.Search(q)
}

// csv is the address of the file of the same search.
func (f Frame) csv(q site.Query) string {
	q.Order, q.View, q.Page = "", "", 0
	if v := q.Values(); len(v) > 0 {
		return f.Path("/datos/candidaturas.csv") + "?" + v.Encode()
	}
	return f.Path("/datos/candidaturas.csv")
}

// stateField is the filter by state with how many there are of each.
func stateField(r Found) component.OptionsField {
	o := component.OptionsField{
		Field: component.Field{ID: "estado", Label: "Cuestionario"}, Many: component.ChooseSeveral,
		Options: []component.Option{
			{Value: site.StatePublished, Label: "Publicado (" + es.Int(r.Results.Published) + ")"},
			{Value: site.StateUnpublished, Label: "Sin publicar (" + es.Int(r.Results.Unpublished) + ")"},
		},
	}
	if r.Query.State != "" {
		o.Values = []string{r.Query.State}
	}
	return o
}

// relief are the filters that leave the list empty, each with the address
// without it and how many there would be.
func (f Frame) relief(r Found) []layout.Link {
	var out []layout.Link
	for _, name := range r.Query.Active() {
		if n := r.Results.Relief[name]; n > 0 {
			out = append(out, layout.Link{
				Label: "Quitar " + f.label(r.Query, name) + ": " + es.Plural(n, "candidatura", "candidaturas"),
				Href:  f.Search(r.Query.Without(name)),
			})
		}
	}
	return out
}

// alone are the filters that find somebody by themselves, when taking any single
// one away is not enough.
func (f Frame) alone(r Found) []layout.Link {
	var out []layout.Link
	for _, name := range r.Query.Active() {
		if n := r.Results.Alone[name]; n > 0 {
			out = append(out, layout.Link{
				Label: "Dejar sólo " + f.label(r.Query, name) + ": " + es.Plural(n, "candidatura", "candidaturas"),
				Href:  f.Search(r.Query.Only(name)),
			})
		}
	}
	return out
}

// nobody are the filters that no candidacy meets, whatever the others.
func (f Frame) nobody(r Found) []string {
	var out []string
	for _, name := range r.Query.Active() {
		if len(r.Results.Alone) > 0 && r.Results.Alone[name] == 0 {
			out = append(out, f.label(r.Query, name))
		}
	}
	return out
}

func problem(r Found, id string) string { return BallotForm{Problems: r.Problems}.problem(id) }

func firstPage(q site.Query) site.Query {
	q.Page = 0
	return q
}
