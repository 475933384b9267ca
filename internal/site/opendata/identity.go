package opendata

import (
	"context"
	"io"
	"strconv"
	"strings"

	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
)

// NotAvailable is the cell of an identity question that nobody may read,
// whatever the reason: not answered, not authorised, not affirmative.
const NotAvailable = "No disponible"

// identified is how many of the columns open the identity file: who it is about.
const identified = 11

// IdentityHeader returns the names of the columns of the identity file: the
// first eleven of candidaturas.csv, with INE's spelling, and each question with
// its number and its words.
func IdentityHeader(q *questionnaire.Questionnaire) []string {
	names := Header()[:identified]
	for i, name := range names {
		if name == "DISTRITO LOCAL" {
			names[i] = "DISTRITOLOCAL" // so it is in the second sheet of INE's file
		}
	}
	return append(names, Questions(q)...)
}

// Questions returns each question with its number, as INE names its columns.
func Questions(q *questionnaire.Questionnaire) []string {
	var names []string
	for i, question := range q.Questions() {
		names = append(names, strconv.Itoa(i+1)+". "+question.Label)
	}
	return names
}

// WriteIdentityCSV writes a row for every candidacy of the process, in ballot
// order, with what a consent in force shows and NotAvailable everywhere else.
// It reads the primary as it writes and keeps nothing. Nothing was written when
// the error comes from the first batch.
func WriteIdentityCSV(ctx context.Context, w io.Writer, s *site.Store, e Export) error {
	out := newSheet(w, IdentityHeader(e.Catalog.Identity))
	err := s.EachIdentity(ctx, e.Process, e.Catalog, func(k site.Card, answers questionnaire.Answers) error {
		return out.row(e.identityRow(k, answers))
	})
	if err != nil {
		return err
	}
	return out.close()
}

func (e Export) identityRow(k site.Card, answers questionnaire.Answers) []string {
	r := record{Profile: site.Profile{Card: k}, export: e, office: e.Catalog.Office(k.OfficeID)}
	var cells []string
	for _, c := range columns[:identified] {
		cells = append(cells, c.value(r))
	}
	for _, q := range e.Catalog.Identity.Questions() {
		cell := strings.Join(q.Lines(answers[q.ID]), "; ")
		if cell == "" {
			cell = NotAvailable
		}
		cells = append(cells, cell)
	}
	return cells
}
