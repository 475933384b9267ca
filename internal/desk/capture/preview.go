package capture

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
)

// Preview is a ficha as the public would read it if the last versions of every
// part were validated now. It is made of the public types, so that the public
// page draws it; nothing of it is read from the site.
type Preview struct {
	Record
	Profile site.Profile
	Catalog *site.Catalog
}

// previewRow is what the ficha takes from the registry beyond a Candidacy.
type previewRow struct {
	OfficeID       int64
	StateID        *int64
	StateName      string
	DistrictID     *int64
	DistrictSeat   string
	MunicipalityID *int64
	DistrictLabel  string
	NominatorID    int64
	Members        []string
	HasEmblem      bool
	SigladoID      *int64
	SigladoName    string
	Consecutive    *bool
	Elected        bool
}

const previewSQL = `
SELECT c.office_id, c.state_id, COALESCE(s.name, '') AS state_name, c.district_id, COALESCE(d.seat, '') AS district_seat,
  c.municipality_id, c.district_label, c.nominator_id, n.emblem IS NOT NULL AS has_emblem, c.siglado_id,
  COALESCE(g.name, '') AS siglado_name, c.consecutive, c.elected,
  ARRAY(SELECT p.name FROM desk.nominator_members m JOIN desk.nominators p ON p.id = m.party_id
        WHERE m.nominator_id = n.id ORDER BY p.registry_order, p.id) AS members
FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id LEFT JOIN desk.states s ON s.id = c.state_id
LEFT JOIN desk.districts d ON d.id = c.district_id LEFT JOIN desk.nominators g ON g.id = c.siglado_id
WHERE c.id = $1`

// Preview returns the ficha of a candidacy with its last versions; NotFound
// outside the actor's scope. Drafts are not in it.
func (s *Store) Preview(ctx context.Context, actor auth.Capturer, folio string) (Preview, error) {
	r, err := s.Record(ctx, actor, folio)
	if err != nil {
		return Preview{}, err
	}
	rows, err := s.desk.Query(ctx, previewSQL, r.ID)
	if err != nil {
		return Preview{}, err
	}
	row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[previewRow])
	if err != nil {
		return Preview{}, db.Fault(err)
	}
	p := Preview{Record: r, Profile: r.profile(row), Catalog: r.catalog(row)}
	p.Profile.Partner, err = s.partner(ctx, r.Candidacy)
	return p, err
}

// profile is the record in the public types.
func (r Record) profile(row previewRow) site.Profile {
	card := site.Card{
		ID: r.ID, Slug: r.Slug, Folio: r.Folio, Name: r.Name(), Nickname: r.Nickname, Sex: r.Sex, Age: r.age(),
		OfficeID: row.OfficeID, StateID: orZero(row.StateID), DistrictID: orZero(row.DistrictID), MunicipalityID: orZero(row.MunicipalityID),
		DistrictLabel: row.DistrictLabel, Position: r.Position, Role: r.Role, NominatorID: row.NominatorID, SigladoID: orZero(row.SigladoID),
		Elected: row.Elected, State: site.RecordPublished, PhotoMedium: r.Answers.Text(questionnaire.Photograph),
	}
	for _, a := range r.Affirmative {
		card.AffirmativeActions = append(card.AffirmativeActions, election.AffirmativeAction(a))
	}
	return site.Profile{Card: card, Consecutive: row.Consecutive, Answers: r.publicAnswers()}
}

// publicAnswers says of each public question what the site would (domain 0.3.7).
func (r Record) publicAnswers() site.Answers {
	out := site.Answers{}
	for _, q := range r.Questionnaire.Questions() {
		switch {
		case q.Disclosure != questionnaire.Public:
		case !q.IsAsked(r.Answers):
			out[q.ID] = site.Answer{State: site.NotApplicable}
		case !r.Answers.Has(q.ID):
			out[q.ID] = site.Answer{State: site.NotProvided}
		default:
			out[q.ID] = site.Answer{State: site.Published, Value: r.Answers[q.ID]}
		}
	}
	return out
}

// age is what the public reads instead of the birth date.
func (c Candidacy) age() int {
	if c.BirthDate == nil || c.AgeReference == nil {
		return orZero(c.AgeGiven)
	}
	return election.AgeOn(*c.BirthDate, *c.AgeReference)
}

// catalog holds what this one ficha names.
func (r Record) catalog(row previewRow) *site.Catalog {
	c := site.Catalog{
		Offices: []election.Office{{ID: row.OfficeID, Name: r.Office, Ambit: r.Ambit, Listed: r.Listed}},
		Nominators: []site.Nominator{{
			ID: row.NominatorID, Kind: r.NominatorKind, Acronym: r.Acronym, Name: r.Nominator, Members: row.Members,
			HasEmblem: row.HasEmblem && r.Published, // before that, its address answers nobody
		}},
		Curricular: r.Questionnaire,
	}
	if row.StateID != nil {
		c.States = []site.State{{ID: *row.StateID, Name: row.StateName}}
	}
	if row.DistrictID != nil {
		c.Districts = []site.District{{District: election.District{ID: *row.DistrictID, Number: r.District, Seat: row.DistrictSeat}, Key: strconv.Itoa(r.District)}}
	}
	if row.MunicipalityID != nil {
		c.Municipalities = []site.Municipality{{Municipality: election.Municipality{ID: *row.MunicipalityID, Name: r.Municipality}}}
	}
	if row.SigladoID != nil && *row.SigladoID != row.NominatorID {
		c.Nominators = append(c.Nominators, site.Nominator{ID: *row.SigladoID, Name: row.SigladoName})
	}
	return site.NewCatalog(c)
}

// partner finds who shares the seat in the other role, among those who stand.
func (s *Store) partner(ctx context.Context, c Candidacy) (*site.Partner, error) {
	const sql = `
SELECT o.slug, concat_ws(' ', p.given_names, NULLIF(p.surnames, '')) AS name, p.sex, o.role
FROM desk.candidacies o JOIN desk.persons p ON p.id = o.person_id JOIN desk.candidacies me ON me.id = $1
WHERE o.process_id = me.process_id AND o.office_id = me.office_id AND o.nominator_id = me.nominator_id AND o.position = me.position
  AND o.district_id IS NOT DISTINCT FROM me.district_id AND o.municipality_id IS NOT DISTINCT FROM me.municipality_id
  AND o.role <> me.role AND o.standing = 'aprobada'
LIMIT 1`
	rows, err := s.desk.Query(ctx, sql, c.ID)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[site.Partner])
	if err != nil || len(found) == 0 {
		return nil, db.Fault(err)
	}
	return &found[0], nil
}

func orZero[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
