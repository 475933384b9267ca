package site

import "conoceles/internal/election"

// Card is a candidacy among others: its registry layer, and of the curricular
// layer what a list needs. Zero ids and ages are those it does not have.
type Card struct {
	ID                 int64
	Slug               string
	Folio              string
	Name               string
	Nickname           string
	Sex                election.Sex
	Age                int
	OfficeID           int64
	StateID            int64
	DistrictID         int64
	MunicipalityID     int64
	DistrictLabel      string // as the source writes the district or constituency
	Position           int
	Role               election.Role
	NominatorID        int64
	SigladoID          int64
	AffirmativeActions []election.AffirmativeAction
	Elected            bool
	State              CandidacyState
	Degree             string
	PhotoSmall         string // hashes, "" without photograph
	PhotoMedium        string
	PhotoLarge         string

	Excerpt      string // beginning of the first proposal
	ExcerptState AnswerState
}

// Published reports whether its questionnaire is public.
func (k Card) Published() bool { return k.State == RecordPublished }

// cardColumns selects a Card from site.candidacies c.
const cardColumns = `c.id, c.slug, c.folio, c.name, c.nickname, c.sex, COALESCE(c.age, 0) AS age, c.office_id,
  COALESCE(c.state_id, 0) AS state_id, COALESCE(c.district_id, 0) AS district_id, COALESCE(c.municipality_id, 0) AS municipality_id,
  c.district_label, c.position, c.role, c.nominator_id, COALESCE(c.siglado_id, 0) AS siglado_id, c.affirmative_actions, c.elected,
  c.state, c.degree, c.photo_small, c.photo_medium, c.photo_large`

// excerptColumns selects the first proposal's beginning from site.profiles p.
const excerptColumns = `COALESCE(left(p.answers -> 'propuesta_1' ->> 'respuesta', 400), '') AS excerpt,
  COALESCE(p.answers -> 'propuesta_1' ->> 'estado', '') AS excerpt_state`

// noExcerpt stands for excerptColumns where a list does not show it.
const noExcerpt = `'' AS excerpt, '' AS excerpt_state`
