package capture

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
)

// Candidacy is what the registry says of who answers: read-only here.
type Candidacy struct {
	ID            int64
	Folio         string
	Slug          string
	GivenNames    string
	Surnames      string
	Sex           election.Sex
	BirthDate     *time.Time
	AgeGiven      *int
	AgeReference  *time.Time
	Nickname      string
	Office        string
	Ambit         election.Ambit
	Listed        bool
	District      int // 0 when the office is not voted by district
	Municipality  string
	Position      int
	Role          election.Role
	Nominator     string
	Acronym       string
	NominatorKind election.NominatorKind
	Affirmative   []string
	Standing      election.Standing
	Capture       State
	Answered      int
	CapturedAt    *time.Time
	Calendar      election.Calendar `db:"-"`
	ClockStarted  time.Time         `db:"-"` // zero while credentials were not delivered
	Exception     time.Time         `db:"-"` // until when it may be captured after the end of campaigns
	ValidatedLate bool              // its first validation was «extemporánea»
	Edition       string            // of the questionnaire
	Process       int64
	Published     bool // the process's site is open
}

// State is how far the capture of a candidacy has come.
type State string

// The states of capture.
const (
	NotStarted   State = "sin_iniciar"
	InProgress   State = "en_captura"
	Complete     State = "completa"
	Validated    State = "validada"
	InCorrection State = "en_correccion"
)

// States lists them in the order in which they ask for attention.
func States() []State { return []State{InCorrection, InProgress, NotStarted, Complete, Validated} }

// Name returns the person's name as registered.
func (c Candidacy) Name() string {
	return strings.TrimSpace(c.GivenNames + " " + c.Surnames)
}

// candidacyColumns and candidacyTables read a candidacyRow.
const (
	candidacyColumns = `c.id, c.folio, c.slug, p.given_names, p.surnames, p.sex, p.birth_date, p.age_given, pr.age_reference, p.nickname,
  o.name AS office, o.ambit, o.listed, COALESCE(d.number, 0) AS district, COALESCE(m.name, '') AS municipality,
  c.position, c.role, n.name AS nominator, n.acronym, n.kind AS nominator_kind, c.affirmative_actions AS affirmative,
  c.standing, c.capture, c.answered, c.captured_at, c.process_id AS process,
  ` + ClockSQL + ` AS clock_started_at, ` + ExceptionSQL + ` AS exception_until,
  COALESCE((SELECT v.late FROM desk.validations v WHERE v.candidacy_id = c.id AND v.number = 1), false) AS validated_late,
  pr.curricular_version AS edition, pr.published_at IS NOT NULL AS published,
  pr.capture_opens_at, pr.campaigns_end_at, pr.publication_starts_at, pr.election_day, pr.site_until, pr.capture_days`
	candidacyTables = `
FROM desk.candidacies c
JOIN desk.persons p ON p.id = c.person_id
JOIN desk.offices o ON o.id = c.office_id
JOIN desk.nominators n ON n.id = c.nominator_id
JOIN desk.processes pr ON pr.id = c.process_id
LEFT JOIN desk.districts d ON d.id = c.district_id
LEFT JOIN desk.municipalities m ON m.id = c.municipality_id
WHERE ` + auth.ScopeSQL
)

// candidacyRow is a Candidacy with its calendar as the columns of its process.
type candidacyRow struct {
	Candidacy
	CaptureOpensAt      *time.Time
	CampaignsEndAt      *time.Time
	PublicationStartsAt *time.Time
	ElectionDay         *time.Time
	SiteUntil           *time.Time
	CaptureDays         int
	ClockStartedAt      *time.Time
	ExceptionUntil      *time.Time
}

func (r candidacyRow) candidacy() Candidacy {
	c := r.Candidacy
	c.ClockStarted, c.Exception = instant(r.ClockStartedAt), instant(r.ExceptionUntil)
	c.Calendar = election.Calendar{
		CaptureOpens: instant(r.CaptureOpensAt), CampaignsEnd: instant(r.CampaignsEndAt),
		PublicationStarts: instant(r.PublicationStartsAt), ElectionDay: localDay(r.ElectionDay),
		SiteUntil: instant(r.SiteUntil), CaptureDays: r.CaptureDays,
	}
	return c
}

func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// localDay returns the midnight, where people live, of a date.
func localDay(date *time.Time) time.Time {
	if date == nil {
		return time.Time{}
	}
	return time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, election.Zone())
}

// hold says whether a read keeps the candidacy for the transaction.
type hold string

const (
	look hold = ""
	keep hold = " FOR UPDATE OF c"
)

// findCandidacy reads a candidacy in the scope; NotFound when it is not there.
func findCandidacy(ctx context.Context, q db.Querier, scope auth.Scope, folio string, h hold) (Candidacy, error) {
	const sql = `SELECT ` + candidacyColumns + candidacyTables + ` AND c.folio = $4`
	rows, err := q.Query(ctx, sql+string(h), scope.Args(folio)...)
	if err != nil {
		return Candidacy{}, db.Fault(err)
	}
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[candidacyRow])
	return r.candidacy(), db.Fault(err)
}
