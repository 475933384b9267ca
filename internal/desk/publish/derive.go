package publish

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
)

// candidacyRow is what the desk knows of a candidacy and the public may.
type candidacyRow struct {
	ID                 int64
	Slug               string
	Folio              string
	RegistryFolio      string
	GivenNames         string
	Surnames           string
	Nickname           string
	Sex                string
	BirthDate          *time.Time
	AgeGiven           *int
	OfficeID           int64
	OfficeOrder        int
	StateID            *int64
	DistrictID         *int64
	MunicipalityID     *int64
	DistrictLabel      string
	Territory          int
	Position           int
	Role               string
	NominatorID        int64
	NominatorKind      string
	SigladoID          *int64
	Consecutive        *bool
	AffirmativeActions []string
	Elected            bool
	Standing           string
	StandingSince      time.Time
	Review             string
	SuccessorSlug      string
	SuccessorName      string
	Slugs              []string
	ValidationNumber   *int
	ValidatedAt        *time.Time
	FirstValidatedAt   *time.Time
	VerifiedAt         *time.Time // by a review that observed nothing
	ValidationSource   string
	Answers            map[string]json.RawMessage // part -> answers as validated
	Withheld           []string
	PhotoHash          string
}

// candidaciesSQL reads candidacies of a process in offices that are in the
// system. The answers are those of the last validation, whatever was typed
// since: a draft or an unvalidated version never leaves the desk.
const candidaciesSQL = `
SELECT c.id, c.slug, c.folio, c.registry_folio, p.given_names, p.surnames, p.nickname, p.sex, p.birth_date, p.age_given,
  c.office_id, o.ballot_order AS office_order, c.state_id, c.district_id, c.municipality_id, c.district_label,
  COALESCE(d.place, m.place, s.place, 0)::int AS territory, c.position, c.role, c.nominator_id, n.kind AS nominator_kind,
  c.siglado_id, c.consecutive, c.affirmative_actions, c.elected, c.standing, c.standing_since, c.review,
  COALESCE(successor.slug, '') AS successor_slug,
  COALESCE(concat_ws(' ', sp.given_names, NULLIF(sp.surnames, '')), '') AS successor_name,
  ARRAY(SELECT g.slug FROM desk.slugs g WHERE g.candidacy_id = c.id ORDER BY g.slug COLLATE "C") AS slugs,
  v.number AS validation_number, v.at AS validated_at,
  (SELECT min(f.at) FROM desk.validations f WHERE f.candidacy_id = c.id) AS first_validated_at,
  (SELECT min(w.decided_at) FROM desk.reviews w WHERE w.candidacy_id = c.id AND w.state = 'aprobada'
    AND NOT EXISTS (SELECT 1 FROM desk.remarks k WHERE k.review_id = w.id AND k.outcome = 'observar')) AS verified_at,
  COALESCE(v.source, '') AS validation_source,
  COALESCE((SELECT jsonb_object_agg(a.part, a.answers) FROM jsonb_each_text(v.versions) w
            JOIN desk.answer_versions a ON a.candidacy_id = c.id AND a.part = w.key AND a.version = w.value::int), '{}') AS answers,
  ARRAY(SELECT h.part FROM desk.withheld_parts h WHERE h.candidacy_id = c.id AND h.lifted_at IS NULL ORDER BY h.part) AS withheld,
  '' AS photo_hash
FROM desk.candidacies c
JOIN desk.persons p ON p.id = c.person_id
JOIN desk.offices o ON o.id = c.office_id AND o.in_system
JOIN desk.nominators n ON n.id = c.nominator_id
LEFT JOIN (SELECT id, row_number() OVER (PARTITION BY process_id ORDER BY state_id, number) AS place FROM desk.districts) d ON d.id = c.district_id
LEFT JOIN (SELECT id, row_number() OVER (PARTITION BY process_id ORDER BY state_id, code) AS place FROM desk.municipalities) m ON m.id = c.municipality_id
LEFT JOIN (SELECT id, row_number() OVER (PARTITION BY process_id ORDER BY id) AS place FROM desk.states) s ON s.id = c.state_id
LEFT JOIN LATERAL (SELECT * FROM desk.validations v WHERE v.candidacy_id = c.id ORDER BY v.number DESC LIMIT 1) v ON true
LEFT JOIN desk.candidacies successor ON successor.replaces_id = c.id AND successor.standing = 'aprobada'
LEFT JOIN desk.persons sp ON sp.id = successor.person_id
WHERE c.process_id = $1 AND c.id = ANY($2)
ORDER BY c.id`

// process is what deriving needs to know of a process.
type process struct {
	Open              bool
	PublishedAt       *time.Time
	Kind              string
	AgeReference      *time.Time
	PublishRequires   string
	CurricularVersion string
	IdentityVersion   string
	IdentityPublic    []string
	IdentityOpen      bool // its date to leave has not come, and nothing is blocked
	orders            map[int64]int
	curricular        *questionnaire.Questionnaire
}

// derive computes the pages of some candidacies of a process. A process not open
// to the public has none.
func (p Publisher) derive(ctx context.Context, q db.Querier, processID int64, ids []int64) (map[int64]page, error) {
	pr, err := p.loadProcess(ctx, q, processID)
	if err != nil {
		return nil, err
	}
	pages := map[int64]page{}
	if !pr.Open {
		return pages, nil
	}
	rows, err := q.Query(ctx, candidaciesSQL, processID, ids)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[candidacyRow])
	if err != nil {
		return nil, err
	}
	for i := range all {
		pg, err := pr.page(&all[i])
		if err != nil {
			return nil, fmt.Errorf("candidacy %d: %w", all[i].ID, err)
		}
		pages[all[i].ID] = pg
	}
	if err := attachPhotos(ctx, q, pages); err != nil {
		return nil, err
	}
	for i := range all {
		pg := pages[all[i].ID]
		pg.withheld = all[i].Withheld
		if pg.Content, err = pr.content(pg); err != nil {
			return nil, fmt.Errorf("candidacy %d: %w", all[i].ID, err)
		}
		pages[all[i].ID] = pg
	}
	return pages, p.attachIdentity(ctx, q, processID, pr, all, pages)
}

// identityEnd is when the identity of a process leaves the site: when election
// day ends where people are, unless the institute set another date (domain
// 0.3.9). NULL is never.
const identityEnd = `COALESCE(identity_until, (election_day + 1)::timestamp AT TIME ZONE 'America/Mexico_City')`

// loadProcess reads the process and decides whether it is open: published by
// the confirmed act, and not yet past the date to close.
func (p Publisher) loadProcess(ctx context.Context, q db.Querier, id int64) (process, error) {
	const sql = `
SELECT published_at IS NOT NULL AND (site_until IS NULL OR site_until > COALESCE($2, now())) AS open, published_at,
  kind, age_reference, publish_requires, curricular_version, identity_version, identity_public,
  COALESCE(` + identityEnd + ` > COALESCE($2, now()), true) AND blocked_at IS NULL
FROM desk.processes WHERE id = $1`
	var pr process
	var now *time.Time
	if c, ok := q.(interface{ Now() time.Time }); ok {
		t := c.Now()
		now = &t
	}
	err := q.QueryRow(ctx, sql, id, now).Scan(&pr.Open, &pr.PublishedAt, &pr.Kind, &pr.AgeReference, &pr.PublishRequires, &pr.CurricularVersion,
		&pr.IdentityVersion, &pr.IdentityPublic, &pr.IdentityOpen)
	if err != nil {
		return pr, err
	}
	if pr.curricular, err = p.Curricular(pr.CurricularVersion); err != nil {
		return pr, err
	}
	nominators, err := loadNominators(ctx, q, id)
	pr.orders = election.BallotOrder(nominators)
	return pr, err
}

// loadNominators reads the nominators of a process with their members.
func loadNominators(ctx context.Context, q db.Querier, processID int64) ([]election.Nominator, error) {
	const sql = `
SELECT id, kind, acronym, name, registry_order,
  ARRAY(SELECT party_id FROM desk.nominator_members WHERE nominator_id = n.id ORDER BY party_id) AS members
FROM desk.nominators n WHERE process_id = $1 ORDER BY id`
	rows, err := q.Query(ctx, sql, processID)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[election.Nominator])
}

// page derives the public page of one candidacy.
func (pr process) page(c *candidacyRow) (page, error) {
	if election.Standing(c.Standing) != election.Approved {
		return page{Tombstones: tombstones(c)}, nil
	}
	answers, err := pr.answers(c)
	if err != nil {
		return page{}, err
	}
	pg := page{Card: pr.card(c, answers)}
	if answers != nil {
		pg.Profile = &profile{
			Answers:          answers,
			Number:           *c.ValidationNumber,
			PublishedOn:      day(*c.ValidatedAt),
			FirstPublishedOn: pr.firstPublished(c),
			Source:           c.ValidationSource,
		}
	}
	for _, s := range c.Slugs {
		if s != c.Slug {
			pg.Moved = append(pg.Moved, s)
		}
	}
	return pg, nil
}

// firstPublished is the day on which the questionnaire became public: when the
// last of what it waited for came.
func (pr process) firstPublished(c *candidacyRow) time.Time {
	at := *c.FirstValidatedAt
	waited := []*time.Time{pr.PublishedAt}
	if pr.PublishRequires == "verificacion_ut" {
		waited = append(waited, c.VerifiedAt)
	}
	for _, w := range waited {
		if w != nil && w.After(at) {
			at = *w
		}
	}
	return day(at)
}

// day is the date of an instant where people are, as the database keeps dates.
func day(at time.Time) time.Time {
	at = at.In(election.Zone())
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
}

// card derives the registry layer, and from the curricular layer what lists
// need of it.
func (pr process) card(c *candidacyRow, answers site.Answers) *card {
	name := joinName(c.GivenNames, c.Surnames)
	out := &card{
		ID: c.ID, Slug: c.Slug, Folio: c.Folio, Name: name,
		SortName:   joinName(c.Surnames, c.GivenNames),
		SearchText: site.Fold(name + " " + c.Nickname),
		Nickname:   c.Nickname, Sex: c.Sex, Age: pr.age(c),
		OfficeID: c.OfficeID, StateID: c.StateID, DistrictID: c.DistrictID, MunicipalityID: c.MunicipalityID,
		DistrictLabel: c.DistrictLabel, Position: c.Position, Role: c.Role,
		NominatorID: c.NominatorID, SigladoID: c.SigladoID, Consecutive: c.Consecutive,
		AffirmativeActions: c.AffirmativeActions, Elected: c.Elected,
		State: string(pr.recordState(c, answers)), IdentityState: identityUnanswered,
		BallotRank: election.Place{
			Office:    election.Office{BallotOrder: c.OfficeOrder},
			Territory: c.Territory, Nominator: pr.orders[c.NominatorID],
			Position: c.Position, Role: election.Role(c.Role),
		}.Rank(),
	}
	if c.RegistryFolio != "" {
		out.Folio = c.RegistryFolio
	}
	if d := answers[questionnaire.Degree]; d.State == site.Published {
		out.Degree = d.Value.Text
	}
	if ph := answers[questionnaire.Photograph]; ph.State == site.Published {
		out.PhotoLarge = ph.Value.Text
	}
	return out
}

// age is the completed years on the process's reference date; what the source
// says when there is no birth date. The birth date itself never leaves the desk.
func (pr process) age(c *candidacyRow) *int {
	if c.BirthDate == nil || pr.AgeReference == nil {
		return c.AgeGiven
	}
	years := election.AgeOn(*c.BirthDate, *pr.AgeReference)
	return &years
}

// recordState says in whose hands the questionnaire is.
func (pr process) recordState(c *candidacyRow, answers site.Answers) site.CandidacyState {
	switch {
	case answers != nil:
		return site.RecordPublished
	case pr.Kind == string(election.Archive), c.NominatorKind == string(election.Independent):
		return site.RecordNotProvided
	default:
		return site.RecordNotCaptured
	}
}

// answers derives the curricular layer: nil until the record is validated and,
// if the process asks for it, verified. Each public question gets one of the
// states of domain 0.3.7; a paused rubro shows nothing but its pause.
func (pr process) answers(c *candidacyRow) (site.Answers, error) {
	if c.ValidationNumber == nil || pr.PublishRequires == "verificacion_ut" && c.Review != "verificada" {
		return nil, nil
	}
	all := questionnaire.Answers{}
	for part, raw := range c.Answers {
		var some questionnaire.Answers
		if err := json.Unmarshal(raw, &some); err != nil {
			return nil, fmt.Errorf("answers of part %s: %w", part, err)
		}
		for id, a := range some {
			all[id] = a
		}
	}
	withheld := map[string]bool{}
	for _, part := range c.Withheld {
		withheld[part] = true
	}
	out := site.Answers{}
	for _, pg := range pr.curricular.Pages {
		for _, part := range pg.Parts {
			for _, q := range part.Questions {
				if q.Disclosure != questionnaire.Public {
					continue
				}
				out[q.ID] = public(q, all, withheld[string(part.ID)])
			}
		}
	}
	return out, nil
}

// public returns the state of one answer of a validated record.
func public(q questionnaire.Question, all questionnaire.Answers, withheld bool) site.Answer {
	switch {
	case withheld:
		return site.Answer{State: site.UnderReview}
	case q.Asked != nil && !q.Asked(all):
		return site.Answer{State: site.NotApplicable}
	case !all.Has(q.ID):
		return site.Answer{State: site.NotProvided}
	default:
		return site.Answer{State: site.Published, Value: all[q.ID]}
	}
}

// tombstones derives what remains of a candidacy that left the ballot, at every
// address it ever had.
func tombstones(c *candidacyRow) []tombstone {
	since := day(c.StandingSince)
	out := make([]tombstone, 0, len(c.Slugs))
	for _, s := range c.Slugs {
		out = append(out, tombstone{
			Slug: s, Standing: c.Standing, Since: since, OfficeID: c.OfficeID,
			SuccessorSlug: c.SuccessorSlug, SuccessorName: c.SuccessorName,
		})
	}
	return out
}

// attachPhotos adds the renditions of each published photograph.
func attachPhotos(ctx context.Context, q db.Querier, pages map[int64]page) error {
	var hashes []string
	for _, pg := range pages {
		if pg.Card != nil && pg.Card.PhotoLarge != "" {
			hashes = append(hashes, pg.Card.PhotoLarge)
		}
	}
	if len(hashes) == 0 {
		return nil
	}
	found := map[string][3]photo{}
	rows, err := q.Query(ctx, `SELECT hash, large, medium, small FROM desk.photos WHERE hash = ANY($1)`, hashes)
	if err != nil {
		return err
	}
	var hash string
	var large, medium, small []byte
	_, err = pgx.ForEachRow(rows, []any{&hash, &large, &medium, &small}, func() error {
		found[hash] = [3]photo{{hash, clone(large)}, {sum(medium), clone(medium)}, {sum(small), clone(small)}}
		return nil
	})
	if err != nil {
		return err
	}
	for id, pg := range pages {
		if pg.Card == nil || pg.Card.PhotoLarge == "" {
			continue
		}
		three, ok := found[pg.Card.PhotoLarge]
		if !ok {
			return fmt.Errorf("candidacy %d: its photograph is not stored", id)
		}
		pg.Card.PhotoMedium, pg.Card.PhotoSmall = three[1].Hash, three[2].Hash
		pg.Photos = distinct(three)
		pages[id] = pg
	}
	return nil
}
