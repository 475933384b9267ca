package component

import (
	"conoceles/web"
	"conoceles/web/es"
)

// Nominator is who puts a candidacy forward. Its name is always text; the emblem
// is decoration in a white box of one size, the same for everybody.
type Nominator struct {
	Name        string
	Emblem      string   // address, or "" for the neutral drawing
	Members     []string // parties of a coalition or common candidacy
	Independent bool
}

func (n Nominator) emblem() string {
	switch {
	case n.Emblem != "":
		return n.Emblem
	case n.Independent:
		return web.Asset("independiente.svg")
	}
	return web.Asset("emblema.svg")
}

func (n Nominator) members() string { return es.List(n.Members...) }

// NoPhoto is the address of the drawing that stands for a missing photograph.
func NoPhoto() string { return web.Asset("retrato.svg") }

// Card is a candidacy among others: the same frame, in the order of the ballot.
type Card struct {
	ID        string // unique in the page; ids of its parts derive from it
	Name      string
	Href      string
	Photo     string // address, or "" for the drawing
	Office    string // "Diputación local · Distrito 02"
	Nominator Nominator

	Published bool
	Facts     []Fact // besides the questionnaire's state: age, studies

	Excerpt string // title of what Text is: "Propuesta 1"
	Text    string
	Strong  string // opens Text when there is something to warn of

	Value    string // of the checkbox that compares; "" draws none
	Selected bool
	Lazy     bool // photographs below the second card
}

// Fact is a term with its value.
type Fact struct{ Term, Value string }

func (c Card) photo() string { return or(c.Photo, NoPhoto()) }

func (c Card) publication() Tag {
	if c.Published {
		return Tag{Text: "publicado", Icon: IconCheck}
	}
	return Tag{Text: "sin publicar", Icon: IconEmpty}
}
