package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry"
	"conoceles/internal/desk/review"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

// The sandbox of the API: secciones that no credential has, 9901 to 9913, one for
// each case that a program should try (web/page/sitepage says them to people).
// Each votes where the demonstration has the case, by acts that everybody does.

// hostile is what nobody should take for code, nor lose.
const hostile = "1. =SUMA(A1:A9) no es una fórmula.\n\n2. <b>Ni esto</b> es código; \"tampoco\" «esto»: {{ x }} && 100 % — café ☕, 💧 y un apóstrofo D’Arco.\n\n" +
	"3. Cada renglón es un compromiso: para las colonias de la demarcación, en dos años, con metas públicas que se revisan cada trimestre."

// showcase returns the first two entries that stand for a district and are
// validated: one will have texts that are hard to show, the other only what is
// mandatory. -1 is none.
func (w *World) showcase() (hard, bare int) {
	hard, bare = -1, -1
	for i, e := range w.List {
		switch {
		case e.Office != "diputacion_mr" || e.Role != election.Propietaria || e.Party == w.Nominators[0].Acronym || w.Progress(i) != Validated:
		case hard < 0:
			hard = i
		default:
			return hard, i
		}
	}
	return hard, bare
}

// retouch gives the showcase its answers.
func (w *World) retouch(i int, a questionnaire.Answers) {
	hard, bare := w.showcase()
	switch i {
	case hard:
		a[questionnaire.Proposal1] = questionnaire.Answer{Text: hostile}
	case bare:
		for _, id := range []questionnaire.ID{questionnaire.GenderProposal, questionnaire.OtherStudies, "facebook", "casa_campana"} {
			delete(a, id)
		}
	}
}

// cases are the folios of the candidacies that stand for a case.
type cases map[string]string

// sandbox chooses who stands for each case and makes the secciones that show them.
func (s Seeder) sandbox(ctx context.Context, process int64, w *World) (cases, error) {
	chosen, err := s.choose(ctx, process, w)
	if err != nil {
		return nil, err
	}
	return chosen, s.do(ctx, process, "secciones", func(ctx context.Context, tx *db.Tx) error {
		for i, where := range sandboxPlaces {
			const insert = `
INSERT INTO desk.precincts (process_id, number, municipality_id, district_id)
SELECT p.process_id, $2, p.municipality_id, p.district_id FROM desk.precincts p JOIN desk.municipalities m ON m.id = p.municipality_id
WHERE p.process_id = $1 AND p.number < 9901 AND $3::text IS NOT NULL AND `
			n, err := tx.ExecRows(ctx, insert+where.sql+` ORDER BY p.number LIMIT 1`, process, 9901+i, chosen[where.of])
			if err == nil && n == 0 {
				err = fmt.Errorf("the demonstration has no such case: it is too small")
			}
			if err != nil {
				return fmt.Errorf("sección %d: %w", 9901+i, err)
			}
		}
		return nil
	})
}

// inDistrict is that somebody who stands for the district is so.
func inDistrict(so string) string {
	return `EXISTS (SELECT 1 FROM desk.candidacies c JOIN desk.persons x ON x.id = c.person_id WHERE c.district_id = p.district_id AND ` + so + `)`
}

const itself = `$3 IN (c.folio, c.registry_folio)`

// sandboxPlaces are where each sección votes, from 9901 on. $3 is the folio of a
// candidacy that was made so.
var sandboxPlaces = []struct{ of, sql string }{
	{"", `m.by_parties AND ` + inDistrict(`c.capture = 'validada'`) + ` AND EXISTS (SELECT 1 FROM desk.candidacies c WHERE c.municipality_id = m.id AND c.capture = 'validada')`},
	{"", `NOT m.by_parties`},
	{"", `1 < (SELECT count(DISTINCT o.district_id) FROM desk.precincts o WHERE o.municipality_id = m.id)`},
	{"", inDistrict(`c.capture = 'sin_iniciar' AND c.standing = 'aprobada'`)},
	{"", `EXISTS (SELECT 1 FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
      WHERE c.municipality_id = m.id AND n.kind = 'independiente' AND c.capture <> 'validada')`},
	{"pausa", inDistrict(itself)},
	{"sustituida", inDistrict(itself)},
	{"renuncia", inDistrict(itself)},
	{"", `m.by_parties`},
	{"", `m.by_parties AND p.district_id = (SELECT max(d.id) FROM desk.districts d WHERE d.process_id = $1)`},
	{"", inDistrict(`(x.surnames LIKE '%D’Arco%' OR x.surnames LIKE '%De la O%')`)},
	{"dificil", inDistrict(itself)},
	{"minima", inDistrict(itself)},
}

// choose returns the folios of who stands for a case: validated, of a party and a
// district, with no account and no consent of its own.
func (s Seeder) choose(ctx context.Context, process int64, w *World) (cases, error) {
	hard, bare := w.showcase()
	out := cases{"dificil": fmt.Sprintf("DEMO-%d", hard+1), "minima": fmt.Sprintf("DEMO-%d", bare+1)}
	const sql = `
SELECT c.folio FROM desk.candidacies c JOIN desk.offices o ON o.id = c.office_id JOIN desk.nominators n ON n.id = c.nominator_id
WHERE c.process_id = $1 AND o.key = 'diputacion_mr' AND c.role = 'propietaria' AND n.kind = 'partido' AND n.acronym <> $2
  AND c.registry_folio <> ALL($3) AND c.capture = 'validada' AND NOT EXISTS (SELECT 1 FROM desk.grants g WHERE g.candidacy_id = c.id)
  AND NOT EXISTS (SELECT 1 FROM sensitive.consent_events e WHERE e.candidacy_id = c.id)
ORDER BY n.registry_order DESC, c.id LIMIT 3`
	rows, err := s.Desk.Query(ctx, sql, process, w.Nominators[0].Acronym, []string{out["dificil"], out["minima"]})
	if err != nil {
		return nil, err
	}
	folios, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err == nil && len(folios) < 3 {
		err = fmt.Errorf("the demonstration is too small for its sandbox")
	}
	if err != nil {
		return nil, err
	}
	out["pausa"], out["sustituida"], out["renuncia"] = folios[0], folios[1], folios[2]
	return out, nil
}

// happen pauses an answer, substitutes a person and lets another resign, each by
// the two persons whose act it is.
func (s Seeder) happen(ctx context.Context, chosen cases) error {
	if err := s.pause(ctx, chosen["pausa"]); err != nil {
		return fmt.Errorf("pause an answer: %w", err)
	}
	birth := time.Date(s.today().Year()-38, time.March, 9, 0, 0, 0, 0, time.UTC)
	for _, act := range []registry.NewAct{
		{Kind: registry.Substitution, Folio: chosen["sustituida"], Person: registry.Registration{
			GivenNames: "Estela", Surnames: "Ensayo De la O", Sex: string(election.Woman), BirthDate: &birth, Position: 1,
		}},
		{Kind: registry.Resignation, Folio: chosen["renuncia"]},
	} {
		act.Basis, act.BasisDate = fmt.Sprintf("ACUERDO/DEMO/003/%d", s.today().Year()), s.today().AddDate(0, 0, -1)
		if err := s.act(ctx, act); err != nil {
			return fmt.Errorf("%s: %w", act.Kind, err)
		}
	}
	return nil
}

// act captures an act of the registry and has the other person confirm it.
func (s Seeder) act(ctx context.Context, a registry.NewAct) error {
	one, err := actorOf[auth.Secretary](ctx, s, "secretaria")
	if err != nil {
		return err
	}
	two, err := actorOf[auth.Secretary](ctx, s, "secretaria2")
	if err != nil {
		return err
	}
	id, err := s.Registry.Capture(ctx, one, "", a)
	if err != nil {
		return err
	}
	return s.Registry.Confirm(ctx, two, "", id)
}

// pause observes the first proposal of a candidacy, and nothing else of it.
func (s Seeder) pause(ctx context.Context, folio string) error {
	analyst, err := actorOf[auth.Reviewer](ctx, s, "verificador")
	if err != nil {
		return err
	}
	head, err := actorOf[auth.Head](ctx, s, "titular")
	if err != nil {
		return err
	}
	file, err := s.Reviews.File(ctx, analyst, folio)
	if err != nil {
		return err
	}
	p := review.Proposal{Folio: folio, Content: file.Content}
	for _, part := range questionnaire.Curricular().Parts() {
		m := review.Remark{Part: part.ID, Outcome: review.Complies}
		if part.ID == "propuesta_1" {
			m.Outcome, m.Note = review.Observed, "Menciona a otra candidatura por su nombre. Escribe tu propuesta sin hablar de las demás."
			m.Causes = []string{"S5"}
		}
		p.Remarks = append(p.Remarks, m)
	}
	if err := s.Reviews.Propose(ctx, analyst, p); err != nil {
		return err
	}
	var id int64
	const last = `SELECT r.id FROM desk.reviews r JOIN desk.candidacies c ON c.id = r.candidacy_id WHERE c.folio = $1 ORDER BY r.id DESC LIMIT 1`
	if err := s.Desk.QueryRow(ctx, last, folio).Scan(&id); err != nil {
		return err
	}
	return s.Reviews.Approve(ctx, head, review.Decision{Folio: folio, Review: id})
}
