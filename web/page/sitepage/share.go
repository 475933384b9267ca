package sitepage

import (
	"encoding/json"

	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/web/layout"
	"github.com/a-h/templ"
)

// personLD is a person as search engines read them (schema.org/Person). It is
// made from the registry and from public contact, and from nothing else.
type personLD struct {
	Context       string   `json:"@context"`
	Type          string   `json:"@type"`
	Name          string   `json:"name"`
	AlternateName string   `json:"alternateName,omitempty"`
	Description   string   `json:"description"`
	URL           string   `json:"url"`
	Image         string   `json:"image,omitempty"`
	Affiliation   *orgLD   `json:"affiliation,omitempty"`
	SameAs        []string `json:"sameAs,omitempty"`
}

type orgLD struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

// personData returns the ficha as data for search engines, in a form that is safe
// inside an element script: what would close it is escaped by encoding/json.
func (f Frame) personData(p site.Profile) string {
	d := personLD{
		Context: "https://schema.org", Type: "Person", Name: p.Name, AlternateName: p.Nickname,
		Description: f.candidacyIn(p.Card), URL: f.Origin + f.Profile(p.Slug),
	}
	if p.PhotoLarge != "" {
		d.Image = f.Origin + photo(p.PhotoLarge)
	}
	if n := f.Catalog.Nominator(p.NominatorID); n.Kind != "independiente" {
		d.Affiliation = &orgLD{"Organization", n.Name}
	}
	for _, q := range f.Catalog.Curricular.Questions() {
		if q.Kind == questionnaire.Link && p.Answers[q.ID].State == site.Published {
			if address := href(q, p.Answers[q.ID].Value, 0); address != "" {
				d.SameAs = append(d.SameAs, address)
			}
		}
	}
	b, err := json.Marshal(d)
	if err != nil {
		return "{}" // strings alone: it cannot be
	}
	return string(b)
}

// candidacyIn says what somebody stands for in one sentence: "Candidata a
// diputación local, distrito 02".
func (f Frame) candidacyIn(k site.Card) string {
	r := f.role(k)
	return r.Before + r.Office + r.After
}

// CardLines are what the card for social networks says of somebody.
func (f Frame) CardLines(k site.Card) (name, standsFor, nominator, notice string) {
	if f.Process.Demo {
		notice = "Demostración: personas ficticias"
	}
	return k.Name, f.candidacyIn(k), f.Catalog.Nominator(k.NominatorID).Name, notice
}

// embedCode is what another site pastes to show the ficha.
func (f Frame) embedCode(p site.Profile) string {
	return `<iframe src="` + f.Origin + f.Profile(p.Slug) + `/incrustar" title="` + templ.EscapeString("Ficha de "+p.Name) + `" width="480" height="420"></iframe>`
}

// actions are what can be done with a ficha.
func (f Frame) actions(p site.Profile) []layout.Link {
	if f.Copy {
		return nil
	}
	return []layout.Link{
		{Label: "Comparar con otra candidatura", Href: f.Compare(p.Slug)},
		{Label: "Imprimir", Href: f.Profile(p.Slug) + "/imprimir"},
		{Label: "Versiones", Href: f.Profile(p.Slug) + "/versiones"},
	}
}

func (f Frame) embedMeta(p site.Profile) layout.Meta { return f.titled(p.Name, "") }
