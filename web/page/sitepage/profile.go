package sitepage

import (
	"net/url"
	"slices"
	"strings"

	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// Sheet is the ficha of a candidacy: the public profile, and the preview of it
// that its party sees before it is one.
type Sheet struct {
	Name      string
	Photo     string // address, or "" for the drawing
	Role      SheetRole
	Nominator component.Nominator
	Facts     []SheetFact
	Actions   []layout.Link // what can be done with it; none in a preview
	Note      string        // disclaimer, version and source
	Absent    SheetAbsence
	Blocks    []Block // of the questionnaire, if it is public, and of identity
}

// SheetRole says what the person stands for: "Candidata a **diputación local**,
// distrito 02, propietaria".
type SheetRole struct{ Before, Office, After string }

// SheetFact is a fact of the registry. Href links its value.
type SheetFact struct{ Term, Value, Href string }

// SheetAbsence says in whose hands the questionnaire is, when it is not public.
type SheetAbsence struct{ Strong, Text string }

// Block is a topic of the questionnaire as it is read.
type Block struct {
	ID      string
	Title   string
	Short   string
	Lead    string       // said before the answers
	More    *layout.Link // after Lead
	Answers []Reply
	Blank   string // said once when nothing of the block was answered
}

// Reply is an answer. Exactly one of Paragraphs, Lines and Blank has something.
type Reply struct {
	Label      string
	Number     string   // of a proposal
	Paragraphs []string // of a long text
	Lines      []Line
	Blank      string // why there is no answer

	long bool // a text, whether or not it was answered
}

// Line is a line of a short answer. Href links it outside.
type Line struct{ Text, Href string }

// readingOrder is how a citizen reads the questionnaire: what somebody wants
// before what they did. Pages that are not here follow.
var readingOrder = []questionnaire.ID{"motivo", "propuestas", "formacion", "historia", "trayectoria", identityBlock, "contacto"}

// photoPage is the page that shows beside the name.
const photoPage questionnaire.ID = "fotografia"

// NewSheet composes the ficha of a profile.
func NewSheet(f Frame, p site.Profile) Sheet {
	s := Sheet{
		Name: p.Name, Photo: photo(p.PhotoMedium), Role: f.role(p.Card), Nominator: f.nominator(p.NominatorID),
		Facts: f.facts(p), Note: f.note(p),
	}
	if p.Answers == nil {
		s.Absent.Strong, s.Absent.Text = f.unpublished(p.State)
		return s
	}
	pages := slices.Clone(f.Catalog.Curricular.Pages)
	slices.SortStableFunc(pages, func(a, b questionnaire.Page) int { return reading(a.ID) - reading(b.ID) })
	for _, page := range pages {
		if page.ID != photoPage {
			s.Blocks = append(s.Blocks, f.block(page, p.Answers))
		}
	}
	return s
}

// WithIdentity returns the sheet with what may be shown of the person's identity,
// in its place among the blocks.
func (s Sheet) WithIdentity(f Frame, i site.Identity) Sheet {
	blocks := append(slices.Clone(s.Blocks), f.identity(i))
	slices.SortStableFunc(blocks, func(a, b Block) int {
		return reading(questionnaire.ID(a.ID)) - reading(questionnaire.ID(b.ID))
	})
	s.Blocks = blocks
	return s
}

// withActions returns the sheet with what can be done with it.
func (s Sheet) withActions(actions []layout.Link) Sheet {
	s.Actions = actions
	return s
}

// published reports whether the curricular questionnaire is public.
func (s Sheet) published() bool { return s.Absent.Strong == "" }

func reading(id questionnaire.ID) int {
	if i := slices.Index(readingOrder, id); i >= 0 {
		return i
	}
	return len(readingOrder)
}

func (f Frame) role(c site.Card) SheetRole {
	office := f.Catalog.Office(c.OfficeID)
	text := es.CandidateFor(string(c.Sex), office.Name)
	r := SheetRole{Office: es.Lower(office.Name)}
	r.Before = strings.TrimSuffix(text, r.Office)
	if place := f.place(c); place != "" {
		r.After = ", " + place
		if c.DistrictID != 0 {
			r.After = ", " + es.Lower(place)
		}
	}
	if office.Listed {
		r.After += ", lugar " + es.Int(c.Position)
	}
	if office.Ambit != election.InState || c.Role == election.Suplente {
		r.After += ", " + role(c)
	}
	return r
}

// facts are what the registry says, in the same order for everybody.
func (f Frame) facts(p site.Profile) []SheetFact {
	var out []SheetFact
	add := func(term, value, href string) {
		if value != "" {
			out = append(out, SheetFact{term, value, href})
		}
	}
	if p.SigladoID != 0 && p.SigladoID != p.NominatorID {
		add("Partido que la registró (siglado)", f.Catalog.Nominator(p.SigladoID).Name, "")
	}
	if p.Nickname != "" {
		add("En la boleta aparece como", "«"+p.Nickname+"»", "")
	}
	if p.Age > 0 {
		add("Edad", es.Age(p.Age), "")
	}
	add("Sexo", es.Label(es.Sex, string(p.Sex)), "")
	if p.Partner != nil {
		add(es.Capital(es.Quality(string(p.Partner.Sex), string(p.Partner.Role))), p.Partner.Name, f.Profile(p.Partner.Slug))
	}
	if p.Consecutive != nil && *p.Consecutive {
		add("Elección consecutiva", "Sí", "")
	}
	var actions []string
	for _, a := range p.AffirmativeActions {
		actions = append(actions, es.Label(es.Affirmative, string(a)))
	}
	add("Postulación por acción afirmativa", strings.Join(actions, ", "), "")
	if p.Elected {
		add("Resultado", "Electa", "")
	}
	return out
}

// note is what every ficha says of its own text.
func (f Frame) note(p site.Profile) string {
	switch {
	case f.Process.Kind == election.Archive && p.Source != "":
		// The version and its day would be those of the import.
		return Disclaimer + " Información validada por " + strings.TrimRight(p.Source, ".") + "."
	case f.Process.Kind != election.Archive && p.Number > 0:
		return Disclaimer + " Versión " + es.Int(p.Number) + ", publicada el " + date(p.PublishedOn) + "."
	}
	return Disclaimer
}

// block is a page of the questionnaire with the answers that are public.
func (f Frame) block(page questionnaire.Page, answers site.Answers) Block {
	b := Block{ID: string(page.ID), Title: page.Title, Short: page.Short}
	if page.Lead != "" && len(page.Parts) > 1 {
		b.Title = page.Lead // the annex asks for both proposals in one sentence
	}
	anyOf := false
	blank := site.NotProvided
	for _, part := range page.Parts {
		anyOf = anyOf || part.AtLeastOne
		for _, q := range part.Questions {
			if q.Disclosure != questionnaire.Public {
				continue
			}
			r := f.reply(q, answers[q.ID])
			if part.AtLeastOne && r.Blank != "" {
				if answers[q.ID].State == site.UnderReview {
					blank = site.UnderReview
				}
				continue // nobody has every network: what is missing is said once
			}
			b.Answers = append(b.Answers, r)
		}
	}
	if anyOf && len(b.Answers) == 0 {
		b.Blank = f.blank(blank)
	}
	if len(b.Answers) == 1 && b.Answers[0].long {
		b.Title, b.Answers[0].Label = b.Answers[0].Label, ""
	}
	return b
}

// proposals numbers the two that everybody is asked for.
var proposals = map[questionnaire.ID]string{questionnaire.Proposal1: "1", questionnaire.Proposal2: "2"}

func (f Frame) reply(q questionnaire.Question, a site.Answer) Reply {
	r := Reply{Label: q.Label, Number: proposals[q.ID], long: q.Kind == questionnaire.LongText}
	switch {
	case a.State == site.NotProvided && q.ID == questionnaire.OtherStudies:
		r.Blank = "Sin cursos" // nobody is asked to have any
		return r
	case a.State != site.Published:
		r.Blank = f.blank(a.State)
		return r
	}
	lines := q.Lines(a.Value)
	if r.long {
		for _, l := range lines {
			r.Paragraphs = append(r.Paragraphs, paragraphs(l)...)
		}
		return r
	}
	for i, l := range lines {
		r.Lines = append(r.Lines, Line{l, href(q, a.Value, i)})
	}
	return r
}

// paragraphs splits a text where its author left a line.
func paragraphs(text string) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// href is where a line of an answer leads: only to the web, to an address that
// the candidacy typed.
func href(q questionnaire.Question, a questionnaire.Answer, i int) string {
	address := ""
	switch {
	case q.Kind == questionnaire.Link && len(a.Texts) == 0:
		address = a.Text
	case q.Kind == questionnaire.Link && i < len(a.Texts):
		address = a.Texts[i]
	case q.Kind == questionnaire.NamedLink && i < len(a.Rows):
		address = a.Rows[i]["url"]
	case q.Kind == questionnaire.Email && i < len(a.Texts):
		return "mailto:" + a.Texts[i]
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return address
}

func (f Frame) profileMeta(p site.Profile) layout.Meta {
	title := p.Name + ", " + es.Lower(es.CandidateFor(string(p.Sex), f.Catalog.Office(p.OfficeID).Name))
	crumbs := []layout.Crumb{{Label: "Candidaturas", Href: f.Path("/candidaturas")}}
	office := f.Catalog.Office(p.OfficeID)
	if d := f.Catalog.District(p.DistrictID); d.ID != 0 {
		crumbs = append(crumbs, layout.Crumb{Label: es.District(d.Number), Href: f.Search(site.Query{Office: office.Key, District: d.Key})})
	} else if m := f.Catalog.Municipality(p.MunicipalityID); m.ID != 0 {
		crumbs = append(crumbs, layout.Crumb{Label: m.Name, Href: f.Search(site.Query{Municipality: m.Key})})
	}
	crumbs = append(crumbs, layout.Crumb{Label: p.Name})
	m := f.titled(title, "Ficha pública de "+p.Name+": propuestas, estudios, historia profesional y trayectoria.", crumbs...)
	m.Image = f.Origin + f.Profile(p.Slug) + "/tarjeta.jpg"
	return m
}

// index leads to the blocks of the ficha.
func (s Sheet) index() []component.Chip {
	var out []component.Chip
	for _, b := range s.Blocks {
		out = append(out, component.Chip{Label: b.Short, Href: "#" + b.ID})
	}
	return out
}

// short reports whether the block has only short answers, which go in a grid.
func (b Block) short() bool {
	return len(b.Answers) > 0 && !slices.ContainsFunc(b.Answers, func(r Reply) bool { return r.long })
}
