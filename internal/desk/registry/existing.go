package registry

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/election"
)

// candidacy is one that is in the registry, as lists are compared with it.
type candidacy struct {
	ID             int64
	Folio          string
	RegistryFolio  string
	SourceKey      string
	Slug           string
	PersonID       int64
	Given          string
	Surnames       string
	Nickname       string
	Sex            string
	Birth          *time.Time
	AgeGiven       *int
	Email          string
	Phone          string
	OfficeID       int64
	StateID        *int64
	DistrictID     *int64
	MunicipalityID *int64
	DistrictLabel  string
	Position       int
	Role           string
	NominatorID    int64
	SigladoID      *int64
	Consecutive    *bool
	Actions        []string
	Acuerdo        string
	ApprovedOn     *time.Time
	Standing       string
	Elected        bool
	CorrectedBy    string // acuerdo of the last confirmed correction; "" when none
}

func (c *candidacy) person() person {
	return person{c.Given, c.Surnames, c.Nickname, c.Sex, c.Birth, c.Email, c.Phone}
}

func (c *candidacy) inForce() bool { return c.Standing == string(election.Approved) }

const candidacySQL = `
SELECT c.id, c.folio, c.registry_folio, COALESCE(c.source_key, '') AS source_key, c.slug, c.person_id,
  p.given_names AS given, p.surnames, p.nickname, p.sex, p.birth_date AS birth, p.age_given, p.email, p.phone,
  c.office_id, c.state_id, c.district_id, c.municipality_id, c.district_label, c.position, c.role, c.nominator_id,
  c.siglado_id, c.consecutive, c.affirmative_actions AS actions, c.acuerdo, c.approved_on, c.standing, c.elected,
  COALESCE((SELECT a.basis FROM desk.acts a WHERE a.candidacy_id = c.id AND a.state = 'confirmado'
            AND a.kind IN ('correccion', 'cambio_siglado') ORDER BY a.id DESC LIMIT 1), '') AS corrected_by
FROM desk.candidacies c JOIN desk.persons p ON p.id = c.person_id`

// loadCandidacies reads every candidacy of a process, oldest first.
func loadCandidacies(ctx context.Context, q db.Querier, process int64) ([]*candidacy, error) {
	rows, err := q.Query(ctx, candidacySQL+` WHERE c.process_id = $1 ORDER BY c.id`, process)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToAddrOfStructByName[candidacy])
}

// place is a seat as the database compares it.
type place struct {
	office, district, municipality, nominator int64
	position                                  int
	role                                      string
}

func (c *candidacy) place() place {
	return place{c.OfficeID, deref(c.DistrictID), deref(c.MunicipalityID), c.NominatorID, c.Position, c.Role}
}

// place returns where the seat is. Seats of a nominator that is not in the
// database yet are nobody's.
func (s seat) place() place {
	p := place{office: s.office.id, nominator: s.nominator.id, position: s.position, role: string(s.role)}
	if s.district != nil {
		p.district = s.district.id
	}
	if s.municipality != nil {
		p.municipality = s.municipality.id
	}
	return p
}

func deref[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}

// equalRef reports whether two optional values are the same.
func equalRef[T comparable](a, b *T) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}
