package report

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

// fact is what is counted of a candidacy. All the reports of a cut read the same.
type fact struct {
	ID             int64
	Folio          string
	Name           string
	Sex            string
	Age            int // on the reference day; 0 when nobody knows
	OfficeKey      string
	Office         string
	OfficeOrder    int
	Listed         bool
	InSystem       bool
	Counted        bool
	District       int // number; 0 where it is not voted by district
	Municipality   string
	Ambit          string
	Position       int
	Role           string
	Nominator      string
	NominatorKind  string
	NominatorOrder int
	Siglado        string // party of a coalition it is siglada to
	SigladoOrder   int
	Actions        []string
	Acuerdo        string
	ApprovedOn     *time.Time
	Standing       string
	StandingSince  time.Time
	Replaces       string // folio
	ReplacesName   string
	ReplacedBy     string
	Elected        bool
	Capture        string
	Answered       int
	Degree         string
	DegreeStatus   string
	HasText        bool
	Paused         bool
	CreatedAt      time.Time
	Place          int  `db:"-"` // in the order of the ballot
	Attended       bool `db:"-"` // of the identity questionnaire
}

// inForce reports whether it counts in the denominators: approved, in an office
// that reports count.
func (f *fact) inForce() bool {
	return f.Standing == string(election.Approved) && f.InSystem && f.Counted
}

// captured reports whether there is a questionnaire: a degree or a text (domain
// 0.3.11: a lone telephone is none).
func (f *fact) captured() bool { return f.Degree != "" || f.HasText }

// complete reports whether it has the nine mandatory answers.
func (f *fact) complete() bool { return f.Answered == 9 }

// validated reports whether its questionnaire was validated.
func (f *fact) validated() bool { return f.Capture == "validada" || f.Capture == "en_correccion" }

// place is where it is voted.
func (f *fact) place() string {
	switch {
	case f.Municipality != "":
		return f.Municipality
	case f.District != 0:
		return fmt.Sprintf("Distrito %02d", f.District)
	}
	return "Todo el estado"
}

// seat is its place in the list, where there is one.
func (f *fact) seat() string {
	if f.Listed {
		return fmt.Sprint(f.Position)
	}
	return "No aplica"
}

// factsSQL reads every candidacy that the condition lets through: $4 is the hash of
// a part without answers, $5 the essays. What was captured is the last version of
// each part: drafts are nobody's answers.
const factsSQL = `
WITH k AS MATERIALIZED (
  SELECT c.id FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id WHERE %s
), last AS (
  SELECT DISTINCT ON (v.candidacy_id, v.part) v.candidacy_id, v.part, v.version, v.hash FROM desk.answer_versions v JOIN k ON k.id = v.candidacy_id
  WHERE v.part = 'formacion' OR v.part = ANY($5) ORDER BY v.candidacy_id, v.part, v.version DESC
), texts AS (
  SELECT candidacy_id, bool_or(part <> 'formacion' AND hash <> $4) AS has_text, max(version) FILTER (WHERE part = 'formacion') AS studies FROM last GROUP BY 1
), paused AS (
  SELECT DISTINCT w.candidacy_id FROM desk.withheld_parts w WHERE w.lifted_at IS NULL
)
SELECT c.id, c.folio, concat_ws(' ', p.given_names, NULLIF(p.surnames, '')) AS name, p.sex,
  COALESCE(date_part('year', age(COALESCE(pr.age_reference, pr.election_day), p.birth_date))::int, p.age_given, 0) AS age,
  o.key AS office_key, o.name AS office, o.ballot_order AS office_order, o.listed, o.in_system, o.counted, COALESCE(d.number, 0) AS district,
  COALESCE(m.name, '') AS municipality, o.ambit, c.position, c.role, n.name AS nominator, n.kind AS nominator_kind, n.registry_order AS nominator_order,
  CASE WHEN n.kind IN ('coalicion', 'candidatura_comun') THEN COALESCE(s.name, '') ELSE '' END AS siglado, COALESCE(s.registry_order, 0) AS siglado_order,
  c.affirmative_actions AS actions, c.acuerdo, c.approved_on, c.standing, c.standing_since, COALESCE(r.folio, '') AS replaces,
  COALESCE(concat_ws(' ', rp.given_names, NULLIF(rp.surnames, '')), '') AS replaces_name, COALESCE(b.folio, '') AS replaced_by, c.elected, c.capture, c.answered,
  COALESCE(e.answers ->> 'grado_estudios', '') AS degree, COALESCE(e.answers ->> 'estatus_estudios', '') AS degree_status, COALESCE(t.has_text, false) AS has_text,
  w.candidacy_id IS NOT NULL AS paused, c.created_at
FROM k JOIN desk.candidacies c ON c.id = k.id JOIN desk.processes pr ON pr.id = c.process_id JOIN desk.persons p ON p.id = c.person_id
JOIN desk.offices o ON o.id = c.office_id JOIN desk.nominators n ON n.id = c.nominator_id
LEFT JOIN desk.nominators s ON s.id = c.siglado_id LEFT JOIN desk.districts d ON d.id = c.district_id LEFT JOIN desk.municipalities m ON m.id = c.municipality_id
LEFT JOIN desk.candidacies r ON r.id = c.replaces_id LEFT JOIN desk.persons rp ON rp.id = r.person_id
LEFT JOIN desk.candidacies b ON b.replaces_id = c.id
LEFT JOIN texts t ON t.candidacy_id = c.id LEFT JOIN paused w ON w.candidacy_id = c.id
LEFT JOIN desk.answer_versions e ON e.candidacy_id = c.id AND e.part = 'formacion' AND e.version = t.studies
ORDER BY o.ballot_order, d.number NULLS FIRST, m.name COLLATE "es-MX-x-icu" NULLS FIRST, n.registry_order, c.position, c.role, c.id`

// everybody is the condition of a whole process.
const everybody = `c.process_id = $1 AND $2::bigint = 0 AND $3::bigint = 0`

// atOnce is of how many something is asked at once: whoever waits sees it advance.
const atOnce = 2000

// facts reads a process, or what a scope reaches of it.
func (s *source) facts(ctx context.Context, of *auth.Scope) error {
	condition, args := everybody, []any{s.process, 0, 0}
	if of != nil {
		condition, args = auth.ScopeSQL, of.Args()
	}
	parts := make([]string, len(essays))
	for i, e := range essays {
		parts[i] = string(e)
	}
	rows, err := s.q.Query(ctx, fmt.Sprintf(factsSQL, condition), append(args, questionnaire.Answers{}.Hash(), parts)...)
	if err != nil {
		return db.Fault(err)
	}
	if s.all, err = pgx.CollectRows(rows, pgx.RowToStructByName[fact]); err != nil {
		return db.Fault(err)
	}
	at := make(map[int64]int, len(s.all))
	ids := make([]int64, len(s.all))
	for i := range s.all {
		s.all[i].Place, s.all[i].Attended = i, true
		ids[i], at[s.all[i].ID] = s.all[i].ID, i
	}
	s.tell(reading, 1, 3)
	done := 0
	for some := range slices.Chunk(ids, atOnce) {
		unattended, err := s.attendance.Unattended(ctx, s.q, some...)
		if err != nil {
			return err
		}
		for _, id := range unattended {
			s.all[at[id]].Attended = false
		}
		done += len(some)
		s.tell(reading, len(ids)+2*done, 3*len(ids))
	}
	return nil
}

// inForce returns those that count.
func inForce(all []fact) []*fact {
	var out []*fact
	for i := range all {
		if all[i].inForce() {
			out = append(out, &all[i])
		}
	}
	return out
}
