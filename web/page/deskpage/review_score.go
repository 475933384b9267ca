package deskpage

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"conoceles/internal/desk/review"
	"conoceles/internal/questionnaire"
	"conoceles/web/component"
	"conoceles/web/es"
)

// Addresses of what goes beside the queue.
const (
	ReviewTrayPath = "/transparencia/aprobar"
)

// scores reports whether there is a text to score.
func (f ReviewFile) scores() bool {
	return f.Number > 0 && slices.ContainsFunc(f.Rubros, func(r review.Rubro) bool { return len(r.Variables) > 0 })
}

// scoreWrong reports whether the form of the score was refused.
func (f ReviewFile) scoreWrong() bool {
	for _, r := range f.Rubros {
		for _, v := range r.Variables {
			if f.errorOf(review.MarkField(v.ID)) != "" || f.Values.Has(review.MarkField(v.ID)) {
				return true
			}
		}
	}
	return false
}

var scoreLevels = map[review.ScoreLevel]string{review.HighScore: "alto", review.MiddleScore: "medio", review.LowScore: "bajo"}

// scoreText says what whoever looks gave.
func (f ReviewFile) scoreText() string {
	if f.Score.Level() == review.Unscored {
		return "Aún no valoras estos textos."
	}
	return "Tu valoración: " + es.Of(f.Score.Points, f.Score.Most) + " puntos (" + es.Percent(f.Score.Points, f.Score.Most) + "), nivel " + scoreLevels[f.Score.Level()] + "."
}

// mark asks for the level of a variable.
func (f ReviewFile) mark(r review.Rubro, v review.Variable) component.OptionsField {
	id := review.MarkField(v.ID)
	o := component.OptionsField{Field: component.Field{ID: id, Label: v.Name, Error: f.errorOf(id)}, InRow: true}
	if points, ok := f.Score.Marks[v.ID]; ok {
		o.Values = []string{strconv.Itoa(points)}
	}
	if f.Values != nil {
		o.Values = f.Values[id]
	}
	for _, l := range v.Levels {
		o.Options = append(o.Options, component.Option{
			Value: strconv.Itoa(l.Points), Label: l.Name + " (" + es.Plural(l.Points, "punto", "puntos") + ")", Hidden: "en «" + v.Name + "» de " + r.Label,
		})
	}
	return o
}

// ReviewTray is what a Head may approve at once.
type ReviewTray struct {
	RegistryFrame
	review.Tray
	Keys    component.FormKeys
	Results []review.Result // of what was just sent
}

// apart says what is not in the tray, and why.
func (t ReviewTray) apart() string {
	text := ""
	if t.Observed > 0 {
		text = es.Plural(t.Observed, "propuesta lleva", "propuestas llevan") + " observaciones: se leen y se aprueban una por una. "
	}
	if t.Own > 0 {
		text += es.Plural(t.Own, "propuesta es tuya", "propuestas son tuyas") + ": nadie aprueba lo que propuso."
	}
	return text
}

func (t ReviewTray) table() component.Table {
	out := component.Table{
		Caption: "Propuestas sin observaciones, primero las que llevan más tiempo",
		Columns: []component.Column{{Title: "Candidatura"}, {Title: "Propuso"}, {Title: "Efecto"}, {Title: "Elegir"}},
	}
	for i, e := range t.Entries {
		effect := "Queda verificada. El sitio no cambia."
		if e.Corrected {
			effect = "La corrección se publica."
		}
		id := review.ChosenField
		if i > 0 {
			id += "-" + es.Int(i+1)
		}
		out.Rows = append(out.Rows, component.Row{
			Title: e.Name, Href: ReviewPath(e.Folio), Note: e.Folio + " · " + reviewSeat(e.Candidacy) + " · " + e.Nominator,
			Cells: []templ.Component{
				component.Words(e.ByName + ", " + es.Recent(e.At, t.Now) + ". " + es.Plural(e.Rubros, "rubro", "rubros")), component.Words(effect),
				chooser(review.ChosenField, strconv.FormatInt(e.ReviewID, 10), id, e.Name),
			},
		})
	}
	return out
}

// results says what became of each proposal that was sent.
func (t ReviewTray) results() component.Table {
	out := component.Table{Caption: "Qué pasó con cada propuesta", Columns: []component.Column{{Title: "Candidatura"}, {Title: "Resultado"}}}
	for _, r := range t.Results {
		said := "Aprobada."
		if r.Err != nil {
			said = "No se aprobó. " + r.Said()
		}
		out.Rows = append(out.Rows, component.Row{
			Title: r.Name, Href: ReviewPath(r.Folio), Note: r.Folio, Marked: r.Err != nil, Cells: []templ.Component{component.Words(said)},
		})
	}
	return out
}

// ReviewVersions compares two versions of a rubro.
type ReviewVersions struct {
	RegistryFrame
	review.Versions
}

func versionsPath(folio string, part questionnaire.ID) string {
	return ReviewPath(folio, "versiones") + "?" + url.Values{"rubro": {string(part)}}.Encode()
}

func (v ReviewVersions) parts() component.SelectField {
	s := component.SelectField{Field: component.Field{ID: "rubro", Label: "Rubro"}, Value: string(v.Part.ID)}
	for _, p := range v.Questionnaire.Parts() {
		s.Options = append(s.Options, component.Option{Value: string(p.ID), Label: p.Label})
	}
	return s
}

func (v ReviewVersions) choice(id, label string, value int) component.SelectField {
	s := component.SelectField{Field: component.Field{ID: id, Label: label}, Value: strconv.Itoa(value)}
	for _, one := range v.List {
		s.Options = append(s.Options, component.Option{Value: strconv.Itoa(one.Number), Label: "Versión " + es.Int(one.Number) + ", " + es.DateTime(one.At)})
	}
	return s
}

// title names a version by its number and its date.
func (v ReviewVersions) title(number int) string {
	for _, one := range v.List {
		if one.Number == number {
			return "Versión " + es.Int(number) + ", " + es.DateTime(one.At)
		}
	}
	return "Versión " + es.Int(number)
}

func (v ReviewVersions) change() component.Change {
	return component.NewChange(v.title(v.Before), written(v.Part, v.Was), v.title(v.After), written(v.Part, v.Is))
}

func (v ReviewVersions) photoText(version int) string {
	return "Fotografía de " + v.Name + ", versión " + es.Int(version)
}

func (v ReviewVersions) table() component.Table {
	t := component.Table{
		Caption: "Versiones de " + v.Part.Label + ", primero la última",
		Columns: []component.Column{{Title: "Versión"}, {Title: "Guardó"}, {Title: "Plazo"}, {Title: "Publicación"}},
	}
	for _, one := range v.List {
		who, term, public := one.Who, "En plazo", "Nunca se validó"
		if who == "" {
			who = "Carga de datos"
		}
		if one.Late {
			term = "Extemporánea"
		}
		if one.Public != nil {
			public = "Desde la versión pública " + es.Int(*one.Public)
		}
		t.Rows = append(t.Rows, component.Row{Title: v.title(one.Number), Cells: []templ.Component{
			component.Words(who), component.Words(term), component.Words(public),
		}})
	}
	return t
}
