package duty

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/review"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

// Owed is a questionnaire that a candidacy owes.
type Owed struct {
	Candidacy     int64
	Folio         string
	Name          string
	Place         string // office and place
	Nominator     string
	CapturerID    int64 // nominator that captures
	Independent   bool
	Questionnaire Questionnaire
	Kind          Kind
	Answered      int // of nine; of an identity questionnaire, 0
	Capture       capture.State
	Deadline      *time.Time // of capture; nil while its clock has not started
	Excepted      *time.Time // until when it may be captured after campaigns
	RemedyDue     *time.Time // of an observation
	Edition       string
	Missing       string `db:"-"` // what is missing, or what was observed; of identity, nothing
}

// owedSQL is what is owed in a process: $1 process, $2 candidacies (NULL: all), $3
// the zone of people, $4 candidacies with identity unattended. An approved
// candidacy of an office that must capture owes its curricular questionnaire until
// it is validated, and again while an observation of it is not corrected.
const owedSQL = `
WITH k AS (
  SELECT c.id AS candidacy, c.folio, concat_ws(' ', p.given_names, NULLIF(p.surnames, '')) AS name,
    o.name || CASE WHEN o.listed THEN ' ' || c.position ELSE '' END || COALESCE(' · ' || COALESCE(m.name, 'Distrito ' || lpad(d.number::text, 2, '0')), '') AS place,
    n.name AS nominator, COALESCE(c.siglado_id, n.representative_id, c.nominator_id) AS capturer_id, n.kind = 'independiente' AS independent,
    c.answered, c.capture, x.due_at AS remedy_due, pr.curricular_version AS edition, o.ballot_order, n.registry_order, c.position,
    ` + capture.ClockSQL + ` AS clock, ` + capture.ExceptionSQL + ` AS excepted, pr.campaigns_end_at AS ends, pr.capture_days
  FROM desk.candidacies c
  JOIN desk.processes pr ON pr.id = c.process_id AND pr.kind <> 'consulta'
  JOIN desk.persons p ON p.id = c.person_id
  JOIN desk.offices o ON o.id = c.office_id AND o.in_system AND o.capture_required
  JOIN desk.nominators n ON n.id = c.nominator_id
  LEFT JOIN desk.districts d ON d.id = c.district_id
  LEFT JOIN desk.municipalities m ON m.id = c.municipality_id
  LEFT JOIN desk.corrections x ON x.candidacy_id = c.id AND x.state = 'abierta' AND x.due_at IS NOT NULL
  WHERE c.process_id = $1 AND ($2::bigint[] IS NULL OR c.id = ANY($2)) AND c.standing = 'aprobada'
), t AS (
  SELECT k.*, CASE WHEN clock >= ends THEN excepted
    ELSE LEAST(ends, (date_trunc('day', clock AT TIME ZONE $3) + make_interval(days => capture_days + 1)) AT TIME ZONE $3) END AS deadline
  FROM k
)
SELECT t.candidacy, t.folio, t.name, t.place, t.nominator, t.capturer_id, t.independent, w.questionnaire, w.kind,
  CASE w.questionnaire WHEN 'identidad' THEN 0 ELSE t.answered END AS answered, t.capture, CASE WHEN t.clock IS NOT NULL THEN t.deadline END AS deadline,
  t.excepted, t.remedy_due, t.edition
FROM t CROSS JOIN LATERAL (
  SELECT 'curricular' AS questionnaire,
    CASE WHEN t.remedy_due IS NOT NULL THEN 'no_se_apega_art18' WHEN t.answered = 0 THEN 'sin_respuesta' ELSE 'incompleto' END AS kind
  WHERE t.remedy_due IS NOT NULL OR t.capture IN ('sin_iniciar', 'en_captura', 'completa')
  UNION ALL SELECT 'identidad', 'incompleto' WHERE t.candidacy = ANY($4)) w
ORDER BY t.registry_order, t.capturer_id, t.ballot_order, t.place, t.position, t.candidacy, w.questionnaire`

// owed returns what candidacies of a process owe now, nil for all of them, in the
// order of the ballot, and what is missing of each.
func (s *Store) owed(ctx context.Context, q db.Querier, process int64, candidacies []int64) ([]Owed, error) {
	all, err := s.owing(ctx, q, process, candidacies)
	if err != nil {
		return nil, err
	}
	return all, s.explain(ctx, q, all)
}

// owing is owed without saying what is missing, which takes reading the answers.
func (s *Store) owing(ctx context.Context, q db.Querier, process int64, candidacies []int64) ([]Owed, error) {
	const standing = `SELECT id FROM desk.candidacies WHERE process_id = $1 AND standing = 'aprobada' AND ($2::bigint[] IS NULL OR id = ANY($2))`
	rows, err := q.Query(ctx, standing, process, candidacies)
	if err != nil {
		return nil, db.Fault(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, db.Fault(err)
	}
	unattended, err := s.identity.Unattended(ctx, q, ids...)
	if err != nil {
		return nil, err
	}
	rows, err = q.Query(ctx, owedSQL, process, candidacies, election.Zone().String(), unattended)
	if err != nil {
		return nil, db.Fault(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Owed])
	return out, db.Fault(err)
}

// identified reports whether the unit may require it at now: an observation and
// an identity left behind by a validation at once, anything else when the capture
// term ends, or some days before if the process says so.
func (o Owed) identified(now time.Time, early int) bool {
	switch {
	case o.Kind == Deviating:
		return true
	case o.Questionnaire == Identities && (o.Capture == capture.Validated || o.Capture == capture.InCorrection):
		return true
	}
	return o.Deadline != nil && !now.Before(o.Deadline.AddDate(0, 0, -early))
}

// explain fills what is missing of each curricular questionnaire.
func (s *Store) explain(ctx context.Context, q db.Querier, all []Owed) error {
	var begun []int64
	for _, o := range all {
		if o.Kind == Incomplete && o.Questionnaire == Curricular {
			begun = append(begun, o.Candidacy)
		}
	}
	answers, err := latestAnswers(ctx, q, begun)
	if err != nil {
		return err
	}
	for i := range all {
		o := &all[i]
		if o.Questionnaire == Identities {
			continue
		}
		edition, err := s.curricular(o.Edition)
		if err != nil {
			return fmt.Errorf("questionnaire of candidacy %d: %w", o.Candidacy, err)
		}
		switch o.Kind {
		case Deviating:
			if o.Missing, err = observed(ctx, q, edition, o.Candidacy); err != nil {
				return err
			}
		case Unanswered:
			o.Missing = "Todas las respuestas obligatorias"
		default:
			o.Missing = missing(edition.Progress(answers[o.Candidacy]))
		}
	}
	return nil
}

func missing(p questionnaire.Progress) string {
	var labels []string
	for _, item := range p.Missing() {
		labels = append(labels, item.Label)
	}
	if labels == nil {
		return "Falta validarlo"
	}
	return strings.Join(labels, "; ")
}

// observed says the rubros with an observation in force and its causes.
func observed(ctx context.Context, q db.Querier, edition *questionnaire.Questionnaire, candidacy int64) (string, error) {
	found, err := review.Observations(ctx, q, candidacy)
	if err != nil {
		return "", err
	}
	var out []string
	for _, part := range edition.Parts() {
		if j, ok := found[part.ID]; ok {
			out = append(out, part.Label+" ("+strings.Join(j.Causes, ", ")+")")
		}
	}
	return strings.Join(out, "; "), nil
}

// latestAnswers reads the last version of every part of some questionnaires.
func latestAnswers(ctx context.Context, q db.Querier, candidacies []int64) (map[int64]questionnaire.Answers, error) {
	const sql = `
SELECT DISTINCT ON (candidacy_id, part) candidacy_id, answers FROM desk.answer_versions
WHERE candidacy_id = ANY($1) ORDER BY candidacy_id, part, version DESC`
	rows, err := q.Query(ctx, sql, candidacies)
	if err != nil {
		return nil, db.Fault(err)
	}
	out := map[int64]questionnaire.Answers{}
	var id int64
	var raw []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &raw}, func() error {
		var some questionnaire.Answers
		if err := json.Unmarshal(raw, &some); err != nil {
			return err
		}
		if out[id] == nil {
			out[id] = questionnaire.Answers{}
		}
		maps.Copy(out[id], some)
		return nil
	})
	return out, db.Fault(err)
}

// still reports whether a questionnaire that was required is owed.
func still(all []Owed, candidacy int64, q Questionnaire, k Kind) bool {
	return slices.ContainsFunc(all, func(o Owed) bool {
		return o.Candidacy == candidacy && o.Questionnaire == q && (o.Kind == Deviating) == (k == Deviating)
	})
}

// candidaciesOf returns whose questionnaires are owed, each once, in order.
func candidaciesOf(all []Owed) []int64 {
	var out []int64
	for _, o := range all {
		if n := len(out); n == 0 || out[n-1] != o.Candidacy {
			out = append(out, o.Candidacy)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
