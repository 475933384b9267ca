package review

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// Candidacy is who is reviewed, on the three axes.
type Candidacy struct {
	ID          int64
	Process     int64
	Folio       string
	Slug        string
	Name        string
	Sex         election.Sex
	Office      string
	Place       string
	Role        election.Role
	NominatorID int64
	SigladoID   *int64
	Nominator   string
	Standing    election.Standing
	Capture     string
	Review      string
	Published   bool   // the process's site is open
	Claimant    *int64 // account that has it assigned
	ClaimedBy   string
}

// candidacyColumns and candidacyTables read a Candidacy.
const (
	candidacyColumns = `c.id, c.process_id AS process, c.folio, c.slug, concat_ws(' ', p.given_names, NULLIF(p.surnames, '')) AS name, p.sex,
  o.name AS office, COALESCE(m.name, 'Distrito ' || lpad(d.number::text, 2, '0'), st.name, '') AS place, c.role, c.nominator_id, c.siglado_id,
  n.name AS nominator, c.standing, c.capture, c.review, pr.published_at IS NOT NULL AS published,
  k.account_id AS claimant, COALESCE(ka.name, '') AS claimed_by`
	candidacyTables = `
FROM desk.candidacies c
JOIN desk.processes pr ON pr.id = c.process_id
JOIN desk.persons p ON p.id = c.person_id
JOIN desk.offices o ON o.id = c.office_id
JOIN desk.nominators n ON n.id = c.nominator_id
LEFT JOIN desk.districts d ON d.id = c.district_id
LEFT JOIN desk.municipalities m ON m.id = c.municipality_id
LEFT JOIN desk.states st ON st.id = c.state_id
LEFT JOIN desk.review_claims k ON k.candidacy_id = c.id
LEFT JOIN desk.accounts ka ON ka.id = k.account_id`
)

// subjectRow is a candidacy with its last validation and the terms of its process.
type subjectRow struct {
	Candidacy
	Edition              string
	ReviewDays           int
	RemedyDays           int
	CorrectionReviewDays int
	CampaignsEndAt       *time.Time
	ExceptionUntil       *time.Time
	Late                 bool // its first validation was «extemporánea»
	Number               *int // of the last validation
	ValidatedAt          *time.Time
	Versions             []byte
}

// subject is what there is to judge of a candidacy (see the package comment).
type subject struct {
	subjectRow
	questionnaire *questionnaire.Questionnaire
	correction    *Correction
	public, under map[questionnaire.ID]int
	judged        judgements
}

// hold says whether a read keeps the candidacy for the transaction.
type hold bool

const (
	look hold = false
	keep hold = true
)

// load reads a subject of the process; NotFound when it is not there.
func (s *Store) load(ctx context.Context, q db.Querier, process int64, folio string, h hold) (*subject, error) {
	const sql = `SELECT ` + candidacyColumns + `, pr.curricular_version AS edition, pr.review_days, pr.remedy_days, pr.correction_review_days,
  pr.campaigns_end_at, (SELECT x.until_at FROM desk.capture_exceptions x WHERE x.candidacy_id = c.id ORDER BY x.act_id DESC LIMIT 1) AS exception_until,
  COALESCE((SELECT l.late FROM desk.validations l WHERE l.candidacy_id = c.id AND l.number = 1), false) AS late, v.number, v.at AS validated_at, v.versions` + candidacyTables + `
LEFT JOIN LATERAL (SELECT number, at, versions FROM desk.validations v WHERE v.candidacy_id = c.id ORDER BY number DESC LIMIT 1) v ON true
WHERE c.process_id = $1 AND c.folio = $2`
	if h {
		// The row first, alone: what is read below must be what the lock waited for.
		var id int64
		const lock = `SELECT id FROM desk.candidacies WHERE process_id = $1 AND folio = $2 FOR UPDATE`
		if err := q.QueryRow(ctx, lock, process, folio).Scan(&id); err != nil {
			return nil, db.Fault(err)
		}
	}
	rows, err := q.Query(ctx, sql, process, folio)
	if err != nil {
		return nil, db.Fault(err)
	}
	row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[subjectRow])
	if err != nil {
		return nil, db.Fault(err)
	}
	sub := &subject{subjectRow: row}
	if sub.questionnaire, err = s.publisher.Curricular(row.Edition); err != nil {
		return nil, fmt.Errorf("questionnaire of candidacy %d: %w", row.ID, err)
	}
	return sub, sub.complete(ctx, q)
}

// complete reads the versions and what was said of them.
func (s *subject) complete(ctx context.Context, q db.Querier) error {
	var err error
	if s.correction, err = OpenCorrection(ctx, q, s.ID); err != nil {
		return db.Fault(err)
	}
	if s.judged, err = readJudgements(ctx, q, s.ID); err != nil {
		return db.Fault(err)
	}
	s.public = map[questionnaire.ID]int{}
	if s.Versions != nil {
		if err := json.Unmarshal(s.Versions, &s.public); err != nil {
			return fmt.Errorf("versions of candidacy %d: %w", s.ID, err)
		}
	}
	s.under = maps.Clone(s.public)
	if s.correction != nil && s.correction.Sent {
		maps.Copy(s.under, s.correction.Versions)
	}
	return nil
}

// pending reports whether the rubro waits for a judgement.
func (s *subject) pending(part questionnaire.ID) bool {
	version := s.under[part]
	if version == 0 {
		return false
	}
	_, judged := s.judged.of(part, version)
	return !judged
}

// waits returns the rubros that wait for a judgement, in the questionnaire's order.
func (s *subject) waits() []questionnaire.ID {
	var out []questionnaire.ID
	for _, p := range s.questionnaire.Parts() {
		if s.pending(p.ID) {
			out = append(out, p.ID)
		}
	}
	return out
}

// before returns the version to compare with the one under review: the last that
// was judged or, with none, the one that is public. 0 when there is nothing to
// compare.
func (s *subject) before(part questionnaire.ID) int {
	now, last := s.under[part], 0
	for _, j := range s.judged {
		if j.Part == part && j.Version < now {
			last = max(last, j.Version)
		}
	}
	if last == 0 && s.public[part] != now {
		last = s.public[part]
	}
	return last
}

// answers reads the answers of some versions.
func (s *subject) answers(ctx context.Context, q db.Querier, versions map[questionnaire.ID]int) (questionnaire.Answers, error) {
	var parts []string
	var numbers []int
	for part, version := range versions {
		parts, numbers = append(parts, string(part)), append(numbers, version)
	}
	const sql = `
SELECT a.answers FROM desk.answer_versions a JOIN unnest($2::text[], $3::int[]) w (part, version) ON w.part = a.part AND w.version = a.version
WHERE a.candidacy_id = $1`
	rows, err := q.Query(ctx, sql, s.ID, parts, numbers)
	if err != nil {
		return nil, db.Fault(err)
	}
	all := questionnaire.Answers{}
	var raw []byte
	_, err = pgx.ForEachRow(rows, []any{&raw}, func() error {
		var some questionnaire.Answers
		if err := json.Unmarshal(raw, &some); err != nil {
			return err
		}
		maps.Copy(all, some)
		return nil
	})
	return all, db.Fault(err)
}

// content is the SHA-256 of what is under review.
func (s *subject) content(ctx context.Context, q db.Querier) (string, error) {
	all, err := s.answers(ctx, q, s.under)
	return all.Hash(), err
}

// reviewable returns why nobody may judge this candidacy now, or nil.
func (s *subject) reviewable() error {
	switch {
	case s.Standing != election.Approved:
		return fault.New(fault.Conflict, "Esta candidatura ya no está vigente: no hay nada que revisar.")
	case s.Number == nil:
		return fault.New(fault.Conflict, "El cuestionario aún no se valida: no hay nada que revisar.")
	case len(s.waits()) == 0:
		return fault.New(fault.Conflict, "No hay rubros por revisar en esta candidatura.")
	}
	return nil
}
