package registry

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/review"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/site"
)

// NewProcess is a process to create. Zero instants are dates not set yet.
type NewProcess struct {
	Name         string
	Key          string // in addresses; "" makes it from Name
	Kind         election.ProcessKind
	Demo         bool
	FolioPrefix  string // "" makes it from Name
	Source       string // who validated the data, of a consulta
	AgeReference time.Time
	Calendar     election.Calendar

	// What it takes from the institute's catalogue besides offices,
	// municipalities and districts.
	WithPrecincts  bool
	WithNominators bool
}

// CreateProcess adds a process with the offices and places of the institute's
// catalogue, and shows its header on the site. A consulta is published at once:
// its data were public before. It returns a Conflict if the key, the name or
// the prefix are taken.
func (r *Registry) CreateProcess(ctx context.Context, tx *db.Tx, p NewProcess) (int64, error) {
	id, err := insertProcess(ctx, tx, p, r.catalogue.doubts(p))
	if err != nil {
		return 0, err
	}
	if err := r.catalogue.apply(ctx, tx, id, p); err != nil {
		return 0, fmt.Errorf("give %q its catalogue: %w", p.Name, err)
	}
	return id, r.pub.Process(ctx, tx, id)
}

func insertProcess(ctx context.Context, tx *db.Tx, p NewProcess, doubts []string) (int64, error) {
	if p.Key == "" {
		p.Key = site.Slug(p.Name)
	}
	if p.FolioPrefix == "" {
		prefix, err := freePrefix(ctx, tx, prefixOf(p.Name))
		if err != nil {
			return 0, err
		}
		p.FolioPrefix = prefix
	}
	if p.Kind == election.Archive {
		p.Calendar.PublicationStarts = tx.Now()
	}
	if p.Calendar.CaptureDays == 0 {
		p.Calendar.CaptureDays = 15
	}
	const sql = `
INSERT INTO desk.processes (key, name, kind, demo, folio_prefix, election_day, age_reference, capture_opens_at, campaigns_end_at,
  publication_starts_at, published_at, site_until, capture_days, source, to_verify, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING id`
	var published *time.Time
	if p.Kind == election.Archive {
		published = instant(tx.Now())
	}
	var id int64
	err := tx.QueryRow(ctx, sql, p.Key, p.Name, string(p.Kind), p.Demo, p.FolioPrefix, instant(p.Calendar.ElectionDay),
		instant(p.AgeReference), instant(p.Calendar.CaptureOpens), instant(p.Calendar.CampaignsEnd),
		instant(p.Calendar.PublicationStarts), published, instant(p.Calendar.SiteUntil), p.Calendar.CaptureDays, p.Source,
		doubts, tx.Now()).Scan(&id)
	return id, db.Fault(err)
}

// doubts says which facts of the catalogue the process has to verify.
func (c Catalogue) doubts(p NewProcess) []string {
	out := []string{}
	for _, m := range c.Municipalities {
		if m.ToVerify {
			out = append(out, "Regidurías por municipio")
			break
		}
	}
	for _, d := range c.Districts {
		if d.ToVerify {
			out = append(out, "Cabeceras distritales")
			break
		}
	}
	if p.WithNominators && len(c.Nominators) > 0 {
		out = append(out, "Actores postulantes")
	}
	return out
}

// apply gives a process the institute, the places and the offices.
func (c Catalogue) apply(ctx context.Context, tx *db.Tx, process int64, p NewProcess) error {
	if err := c.Institution.introduce(ctx, tx); err != nil {
		return err
	}
	if p.Kind != election.Archive { // nobody reviews what another institution did
		if err := review.AddDefaultRubric(ctx, tx, process); err != nil {
			return err
		}
	}
	if err := c.applyPlaces(ctx, tx, process, p.WithPrecincts); err != nil {
		return err
	}
	for _, o := range c.Offices {
		if _, err := insertOffice(ctx, tx, process, o); err != nil {
			return err
		}
	}
	if !p.WithNominators {
		return nil
	}
	return c.applyNominators(ctx, tx, process)
}

// introduce says who runs the system, unless somebody did before.
func (i Institution) introduce(ctx context.Context, tx *db.Tx) error {
	const sql = `
INSERT INTO desk.institution (name, acronym, place, address, email, it_area) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (only_one) DO NOTHING`
	return tx.Exec(ctx, sql, i.Name, i.Acronym, i.State, i.Address, i.Email, i.ITArea)
}

func (c Catalogue) applyPlaces(ctx context.Context, tx *db.Tx, process int64, precincts bool) error {
	state, err := insertState(ctx, tx, process, c.Institution.State)
	if err != nil {
		return err
	}
	districts := map[int]int64{}
	for _, d := range c.Districts {
		if districts[d.Number], err = insertDistrict(ctx, tx, process, state, d); err != nil {
			return err
		}
	}
	municipalities := map[string]int64{}
	for _, m := range c.Municipalities {
		if municipalities[m.Code], err = insertMunicipality(ctx, tx, process, state, m); err != nil {
			return err
		}
	}
	if !precincts {
		return nil
	}
	rows := make([][]any, 0, len(c.Precincts))
	for _, p := range c.Precincts {
		rows = append(rows, []any{process, p.Number, municipalities[p.Municipality], districts[p.District]})
	}
	_, err = tx.CopyFrom(ctx, "desk", "precincts", []string{"process_id", "number", "municipality_id", "district_id"}, pgx.CopyFromRows(rows))
	return err
}

func (c Catalogue) applyNominators(ctx context.Context, tx *db.Tx, process int64) error {
	byAcronym := map[string]*nominator{}
	for _, e := range c.Nominators {
		n := &nominator{kind: e.Kind, acronym: e.Acronym, name: e.Name, order: e.Order, toVerify: e.ToVerify}
		for _, m := range e.Members {
			n.members = append(n.members, byAcronym[m])
		}
		byAcronym[e.Acronym] = n
		if err := insertNominator(ctx, tx, process, n); err != nil {
			return err
		}
	}
	return nil
}

func insertState(ctx context.Context, tx *db.Tx, process int64, name string) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO desk.states (process_id, name) VALUES ($1, $2) RETURNING id`, process, name).Scan(&id)
	return id, err
}

func insertDistrict(ctx context.Context, tx *db.Tx, process, state int64, d DistrictEntry) (id int64, err error) {
	const sql = `INSERT INTO desk.districts (process_id, state_id, number, seat, to_verify) VALUES ($1, $2, $3, $4, $5) RETURNING id`
	err = tx.QueryRow(ctx, sql, process, state, d.Number, d.Seat, d.ToVerify).Scan(&id)
	return id, err
}

func insertMunicipality(ctx context.Context, tx *db.Tx, process, state int64, m MunicipalityEntry) (id int64, err error) {
	const sql = `
INSERT INTO desk.municipalities (process_id, state_id, code, name, councillors, by_parties, tile_column, tile_row, tile_label, to_verify)
VALUES ($1, $2, $3, $4, NULLIF($5, 0), $6, NULLIF($7, 0), NULLIF($8, 0), $9, $10) RETURNING id`
	err = tx.QueryRow(ctx, sql, process, state, m.Code, m.Name, m.Councillors, m.ByParties, m.TileColumn, m.TileRow, m.TileLabel, m.ToVerify).Scan(&id)
	return id, err
}

func insertOffice(ctx context.Context, tx *db.Tx, process int64, o OfficeEntry) (id int64, err error) {
	const sql = `
INSERT INTO desk.offices (process_id, key, name, ine_label, ambit, listed, has_substitute, ballot_order, description, synonyms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`
	err = tx.QueryRow(ctx, sql, process, o.Key, o.Name, o.INELabel, string(o.Ambit), o.Listed, o.HasSubstitute, o.BallotOrder,
		o.Description, notNil(o.Synonyms)).Scan(&id)
	return id, err
}

// findProcess returns the process with that key or that name, spelled as people
// do; 0 when there is none. With "", it is the latest election.
func findProcess(ctx context.Context, q db.Querier, name string) (int64, error) {
	const sql = `SELECT id, key, name, kind FROM desk.processes ORDER BY created_at DESC, id DESC`
	type row struct {
		ID        int64
		Key, Name string
		Kind      string
	}
	rows, err := q.Query(ctx, sql)
	if err != nil {
		return 0, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return 0, err
	}
	for _, p := range all {
		if name == "" && p.Kind == string(election.Election) || name != "" && (p.Key == name || site.Fold(p.Name) == site.Fold(name)) {
			return p.ID, nil
		}
	}
	if name == "" {
		return 0, fault.New(fault.Invalid, "Di a qué proceso corresponde el archivo.")
	}
	return 0, nil
}

// prefixOf makes a folio prefix from a name: «Locales 2022 (INE)» gives
// LOC22INE.
func prefixOf(name string) string {
	var b strings.Builder
	for _, word := range strings.Fields(site.Fold(name)) {
		word = strings.Map(func(r rune) rune {
			if r > unicode.MaxASCII {
				return -1
			}
			return r
		}, word)
		switch {
		case strings.Contains(" de del la las los el y en ", " "+word+" "):
		case strings.IndexFunc(word, unicode.IsLetter) < 0 && len(word) == 4:
			b.WriteString(word[2:])
		default:
			b.WriteString(strings.ToUpper(word[:min(3, len(word))]))
		}
	}
	prefix := b.String()
	return prefix[:min(len(prefix), 12)]
}

// freePrefix returns the prefix, or the first of its variants that no process uses.
func freePrefix(ctx context.Context, q db.Querier, prefix string) (string, error) {
	for n := 1; ; n++ {
		candidate := prefix
		if n > 1 || prefix == "" {
			candidate = fmt.Sprintf("%s%d", prefix, n)
		}
		var taken bool
		const sql = `SELECT EXISTS (SELECT 1 FROM desk.processes WHERE folio_prefix = $1)`
		if err := q.QueryRow(ctx, sql, candidate).Scan(&taken); err != nil {
			return "", err
		}
		if !taken {
			return candidate, nil
		}
	}
}

// instant returns nil for a date that is not set.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
