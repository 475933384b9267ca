package sitepage

import (
	"strconv"
	"strings"

	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/web/layout"
)

// Large is the value of ParamLetter that prints in large type.
const (
	ParamLetter = "letra"
	Large       = "grande"
)

// Paper is what a printed page needs beside its content: where it lives, as an
// address and as a square code.
type Paper struct {
	Address string // absolute, of the page that the paper comes from
	Back    string // the same within the site
	Code    string // path of the square code
	Size    int    // of its side
	Large   bool
}

// Booklet is a ballot to take away, with what everybody on it proposes.
type Booklet struct {
	VoterBallot
	Answers map[int64]site.Answers // of those who head a fórmula or planilla
	Paper   Paper
}

// Leads reports whether a candidacy has its proposals in the booklet: who heads
// what a voter chooses. The rest of a list or planilla goes by name.
func Leads(o election.Office, k *site.Card) bool {
	return k != nil && !o.Listed && k.Role == election.Propietaria
}

// printedAnswers are what the booklet says of who leads.
var printedAnswers = []questionnaire.ID{questionnaire.Motive, questionnaire.Proposal1, questionnaire.Proposal2}

// printed composes an answer for paper.
func (f Frame) printed(p site.Profile) []Reply {
	var out []Reply
	for _, id := range printedAnswers {
		if q, ok := f.Catalog.Curricular.Question(id); ok {
			r := f.reply(q, AnswerOf(p, id))
			r.Label = q.Label
			out = append(out, r)
		}
	}
	return out
}

// leaders are the tickets of a slate with somebody who leads; the others are rows
// of a table.
func (f Frame) leaders(s site.Slate) (lead []site.Ticket, rest site.Slate) {
	rest.NominatorID = s.NominatorID
	for _, t := range s.Tickets {
		if Leads(f.Catalog.Office(t.OfficeID), t.Propietaria) {
			lead = append(lead, t)
		} else {
			rest.Tickets = append(rest.Tickets, t)
		}
	}
	return lead, rest
}

// leaderOf is who leads a ticket, with the answers that there are.
func (b Booklet) leaderOf(t site.Ticket) site.Profile {
	return site.Profile{Card: *t.Propietaria, Answers: b.Answers[t.Propietaria.ID]}
}

// bookletPath is the address of the booklet of a ballot.
func (f Frame) bookletPath(b VoterBallot) string {
	if b.Precinct > 0 {
		return f.Path("/boleta/" + strconv.Itoa(b.Precinct) + "/imprimir")
	}
	path := f.Path("/boleta/municipio/" + b.Municipality.Key + "/imprimir")
	if b.District.ID != 0 {
		path += "?distrito=" + b.District.Key
	}
	return path
}

// large adds the large type to an address.
func large(path string) string {
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	return path + separator + ParamLetter + "=" + Large
}

func (f Frame) bookletMeta(b Booklet) layout.Meta {
	return f.titled("Cuadernillo: "+b.where(), "")
}

func bookletClass(p Paper) string {
	if p.Large {
		return "cuadernillo grande"
	}
	return "cuadernillo"
}

func (f Frame) printMeta(p site.Profile) layout.Meta {
	return f.titled("Ficha para imprimir: "+p.Name, "")
}
