package report_test

import (
	"context"
	"encoding/json"
	"fmt"

	"conoceles/internal/db"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/questionnaire"
)

// person is somebody of a fixture. Nobody is real.
type person struct {
	sex       string // "" is mujer
	born      string // "" is 1985-03-14
	office    string // "" is diputacion_mr
	nominator int64
	siglado   int64
	role      string // "" is propietaria
	answers   questionnaire.Answers
	consents  []decisions // one declaration after another; each documented and verified, but see pending
	pending   bool        // nobody verified the last document
}

// decisions are the three marks of a declaration.
type decisions struct{ processing, publication, statistics bool }

var (
	yesToAll    = decisions{true, true, true}
	noPublish   = decisions{true, false, true}
	noStatistic = decisions{true, true, false}
	noToAll     = decisions{}
)

// grow adds people to the process, many at once, and returns their candidacies.
func (o *office) grow(people []person) []int64 {
	o.T.Helper()
	ids := make([]int64, len(people))
	o.Tx(func(ctx context.Context, tx *db.Tx) error {
		for i, p := range people {
			id, err := o.enter(ctx, tx, p)
			if err != nil {
				return err
			}
			ids[i] = id
			if len(p.answers) > 0 {
				entry := identity.Entry{Process: o.Process, Candidacy: id, Questionnaire: questionnaire.Identity(), Answers: p.answers}
				if _, err := o.seal.Save(ctx, tx, entry); err != nil {
					return err
				}
			}
			for n, d := range p.consents {
				if err := o.decide(ctx, tx, id, d, !p.pending || n < len(p.consents)-1); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return ids
}

func (o *office) enter(ctx context.Context, tx *db.Tx, p person) (id int64, err error) {
	o.serial++
	or := func(text, otherwise string) string {
		if text == "" {
			return otherwise
		}
		return text
	}
	const one = `
WITH p AS (
  INSERT INTO desk.persons (process_id, given_names, surnames, sex, birth_date) VALUES ($1, 'Persona', $2, $3, $4::date) RETURNING id
)
INSERT INTO desk.candidacies (process_id, folio, slug, person_id, office_id, state_id, district_id, position, role, nominator_id, siglado_id, acuerdo,
  approved_on, standing_since, clock_started_at, created_at)
SELECT $1, $5, lower($5), p.id, o.id, $6, CASE WHEN o.ambit = 'distrito' THEN $7::bigint END, $8, $9, $10, NULLIF($11::bigint, 0), 'IEP/CEE/100/2027', '2027-03-30', $12, $12, $12
FROM p, desk.offices o WHERE o.process_id = $1 AND o.key = $13 RETURNING id`
	folio := fmt.Sprintf("FIX-%05d", o.serial)
	err = tx.QueryRow(ctx, one, o.Process, "Ficticia "+folio, or(p.sex, "mujer"), or(p.born, "1985-03-14"), folio, o.State, o.District, o.serial,
		or(p.role, "propietaria"), p.nominator, p.siglado, tx.Now(), or(p.office, "diputacion_mr")).Scan(&id)
	if err == nil {
		err = tx.Exec(ctx, `INSERT INTO desk.slugs (process_id, slug, candidacy_id) VALUES ($1, lower($2), $3)`, o.Process, folio, id)
	}
	return id, err
}

// decide records a declaration with its document and, if so, its verification.
func (o *office) decide(ctx context.Context, tx *db.Tx, candidacy int64, d decisions, verified bool) error {
	kind := consent.Denied
	if d.processing && d.publication {
		kind = consent.Granted
	}
	const declare = `
INSERT INTO sensitive.consent_events (candidacy_id, event, medium, processing, publication, statistics, text_version, text_hash, answers_version, account_id, role, at)
VALUES ($1, $2, 'en_linea', $3, $4, $5, '1', 'hash', 1, $6, 'operador', $7) RETURNING id`
	var declaration, document int64
	err := tx.QueryRow(ctx, declare, candidacy, string(kind), d.processing, d.publication, d.statistics, o.analyst.Account, tx.Now()).Scan(&declaration)
	if err != nil {
		return err
	}
	const paper = `
INSERT INTO sensitive.consent_documents (candidacy_id, sealed, hash, media_type, size, account_id, at) VALUES ($1, 'x', 'hash', 'application/pdf', 1, $2, $3) RETURNING id`
	if err := tx.QueryRow(ctx, paper, candidacy, o.analyst.Account, tx.Now()).Scan(&document); err != nil {
		return err
	}
	events := []consent.Kind{consent.Documented, consent.Verified}
	if !verified {
		events = events[:1]
	}
	for _, e := range events {
		const follow = `
INSERT INTO sensitive.consent_events (candidacy_id, event, medium, declaration_id, document_id, answers_version, account_id, role, at)
VALUES ($1, $2, 'en_linea', $3, $4, 1, $5, 'titular', $6)`
		if err := tx.Exec(ctx, follow, candidacy, string(e), declaration, document, o.head.Account, tx.Now()); err != nil {
			return err
		}
	}
	return nil
}

// withdraw takes back the consents of some candidacies.
func (o *office) withdraw(ids ...int64) {
	o.T.Helper()
	o.Exec(`INSERT INTO sensitive.consent_events (candidacy_id, event, medium, account_id, role, at) SELECT unnest($1::bigint[]), 'retira', 'en_linea', $2, 'candidata', $3`,
		ids, o.analyst.Account, o.Now())
}

// answered are complete answers in which some questions say Sí, and the rest No.
func answered(yes ...questionnaire.ID) questionnaire.Answers {
	a := questionnaire.Answers{}
	for _, id := range []questionnaire.ID{
		questionnaire.Indigenous, questionnaire.IndigenousLanguage, questionnaire.Disability, questionnaire.AfroMexican, questionnaire.LGBT,
		questionnaire.Migrant, questionnaire.Young, questionnaire.Elder,
	} {
		a[id] = questionnaire.Answer{Text: questionnaire.No}
	}
	for _, id := range yes {
		a[id] = questionnaire.Answer{Text: questionnaire.Yes}
	}
	for _, id := range []questionnaire.ID{
		questionnaire.IndigenousPeople, questionnaire.DisabilityDuration, questionnaire.DisabilityType, questionnaire.DisabilityDifficulty,
		questionnaire.LGBTIdentity, questionnaire.Residence, questionnaire.TimeAbroad, questionnaire.ReasonAbroad, questionnaire.RegularAbroad,
		questionnaire.Income, questionnaire.IncomeSource, questionnaire.BirthPlace,
	} {
		q, _ := questionnaire.Identity().Question(id)
		a[id] = questionnaire.Answer{Text: questionnaire.PreferNot}
		if q.Kind == questionnaire.Choices {
			a[id] = questionnaire.Answer{Texts: []string{questionnaire.PreferNot}}
		}
	}
	return questionnaire.Identity().Settle(a)
}

// capture gives a candidacy part of its curricular questionnaire, or all of it.
func (o *office) capture(id int64, answered int, state string, parts map[string]questionnaire.Answers) {
	o.T.Helper()
	for part, a := range parts {
		o.Exec(`INSERT INTO desk.answer_versions (candidacy_id, part, version, answers, hash, at) VALUES ($1, $2, 1, $3, $4, $5)`,
			id, part, json.RawMessage(a.Canonical()), a.Hash(), o.Now())
	}
	o.Exec(`UPDATE desk.candidacies SET answered = $2, capture = $3 WHERE id = $1`, id, answered, state)
}
