package demo

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/consent"
	"conoceles/internal/questionnaire"
)

// consentStory is how far the consent of a candidacy of the demonstration came.
type consentStory int

// The stories: most people are published, and there is one of every other.
const (
	authorised consentStory = iota
	waiting                 // the signed document waits to be verified
	noPublication
	noProcessing
)

// stories are given to validated candidacies of Raíz Común, in order.
var stories = []consentStory{authorised, authorised, noPublication, waiting, noProcessing, authorised}

// notices approves the privacy notices, before anybody captures anything.
func (s Seeder) notices(ctx context.Context, process int64) error {
	return s.do(ctx, process, "avisos", func(ctx context.Context, tx *db.Tx) error {
		// A notice names where to exercise one's rights; an installation that has
		// no address yet gets an invented one.
		const address = `
UPDATE desk.institution SET address = 'Calle Inexistente 0, Colonia de Ejemplo, C. P. 00000', email = 'transparencia@ejemplo.invalid'
WHERE address = '' OR email = ''`
		if err := tx.Exec(ctx, address); err != nil {
			return err
		}
		return consent.ApproveNotices(ctx, tx, db.System{Name: "sembrar"}, process, consent.Approval{Acuerdo: "CT/DEMO/001", On: s.today().AddDate(0, 0, -25)})
	})
}

// identities walks some candidacies through notice, authorisations, answers,
// signed document and verification, by the doors that people use.
func (s Seeder) identities(ctx context.Context, process int64) error {
	validator, err := actorOf[auth.Validator](ctx, s, "validador")
	if err != nil {
		return err
	}
	head, err := actorOf[auth.Head](ctx, s, "titular")
	if err != nil {
		return err
	}
	folios, err := s.validated(ctx, process, validator.Nominator, len(stories))
	if err != nil {
		return err
	}
	// Each story is many acts that wait for the disk: together they wait once.
	var all errgroup.Group
	for i, folio := range folios {
		all.Go(func() error {
			if err := s.tellStory(ctx, validator, head, folio, stories[i], identityAnswers[i%len(identityAnswers)]); err != nil {
				return fmt.Errorf("identity of %s: %w", folio, err)
			}
			return nil
		})
	}
	return all.Wait()
}

// identityAnswers are what the invented people say of themselves. What a
// question does not ask of them, the questionnaire drops.
var identityAnswers = []questionnaire.Answers{
	{questionnaire.Indigenous: {Text: questionnaire.Yes}, questionnaire.IndigenousLanguage: {Text: questionnaire.Yes}, questionnaire.IndigenousPeople: {Text: "nahuatl"}},
	{questionnaire.AfroMexican: {Text: questionnaire.Yes}},
	{questionnaire.LGBT: {Text: questionnaire.PreferNot}},
	{questionnaire.Indigenous: {Text: questionnaire.Yes}, questionnaire.IndigenousPeople: {Text: questionnaire.PreferNot}},
}

// tellStory takes one candidacy as far as its story goes.
func (s Seeder) tellStory(ctx context.Context, v auth.Validator, head auth.Head, folio string, story consentStory, said questionnaire.Answers) error {
	status, err := s.Consents.Status(ctx, v, folio)
	if err != nil {
		return err
	}
	notice, err := s.Consents.CurrentNotice(ctx, v, status.Subject)
	if err != nil {
		return err
	}
	if err := s.Consents.AcceptNotice(ctx, v, folio, "", notice.ID); err != nil {
		return err
	}
	yes := true
	processing, publication := story != noProcessing, story == authorised || story == waiting
	if err := s.Consents.Declare(ctx, v, consent.Declaration{Folio: folio, Processing: &processing, Publication: &publication, Statistics: &yes}); err != nil {
		return err
	}
	if story != noProcessing {
		if err := s.answerIdentity(ctx, v, folio, said); err != nil {
			return err
		}
	}
	if err := s.deliver(ctx, v, folio); err != nil {
		return err
	}
	if story == waiting {
		return nil
	}
	reading, err := s.Consents.ToVerify(ctx, head, folio)
	if err != nil {
		return err
	}
	reading.Processing, reading.Publication, reading.Statistics, reading.SamePerson, reading.Signed = &processing, &publication, &yes, true, true
	return s.Consents.Verify(ctx, head, reading)
}

// answerIdentity answers the six pages: what was said, and No or «Prefiero no
// contestar» to the rest.
func (s Seeder) answerIdentity(ctx context.Context, v auth.Validator, folio string, said questionnaire.Answers) error {
	for _, page := range questionnaire.Identity().Pages {
		record, err := s.Identity.Read(ctx, v, folio)
		if err != nil {
			return err
		}
		answers := questionnaire.Answers{}
		ages := record.AgeGroups()
		for _, q := range page.Questions() {
			if a, ok := ages[q.ID]; ok {
				answers[q.ID] = a
			} else {
				answers[q.ID] = fill(q, said)
			}
		}
		out, err := s.Identity.SaveVersion(ctx, v, capture.Submission{
			Folio: folio, Page: page.ID, Version: record.Version(page.ID), Form: questionnaire.Form(page, questionnaire.Identity().Settle(answers)),
		})
		if err != nil {
			return err
		}
		if len(out.Problems) > 0 {
			return fmt.Errorf("page %s: %s", page.ID, out.Problems[0].Summary())
		}
	}
	return nil
}

// fill answers a question: as was said, else No, else «Prefiero no contestar».
func fill(q questionnaire.Question, said questionnaire.Answers) questionnaire.Answer {
	if a, ok := said[q.ID]; ok {
		return a
	}
	value := questionnaire.PreferNot
	if q.Kind == questionnaire.YesNoPrefer {
		value = questionnaire.No
	}
	if q.Shape() == questionnaire.Set {
		return questionnaire.Answer{Texts: []string{value}}
	}
	return questionnaire.Answer{Text: value}
}

// deliver prints the pre-filled format and delivers it as the signed document.
func (s Seeder) deliver(ctx context.Context, v auth.Validator, folio string) error {
	form, err := s.Consents.Format(ctx, v, folio)
	if err != nil {
		return err
	}
	pdf, err := form.PDF()
	if err != nil {
		return err
	}
	status, err := s.Consents.Status(ctx, v, folio)
	if err != nil {
		return err
	}
	return s.Consents.Attach(ctx, v, consent.Attachment{Folio: folio, After: status.Last, File: consent.Document{Bytes: pdf}})
}

// validated returns folios of a party's validated candidacies.
func (s Seeder) validated(ctx context.Context, process, nominator int64, n int) ([]string, error) {
	rows, err := s.Desk.Query(ctx, `SELECT folio FROM desk.candidacies WHERE process_id = $1 AND nominator_id = $2 AND capture = 'validada' ORDER BY id LIMIT $3`, process, nominator, n)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
