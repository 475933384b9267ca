package publish

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/ledger"
	"conoceles/internal/site"
)

// publication is a row of desk.publications: something that happened to the page
// of a candidacy, with the salt that opens its leaf in the register.
type publication struct {
	Process     string // key
	ProcessID   int64
	CandidacyID int64
	Kind        changeKind
	Number      int
	Folio       string
	At          time.Time
	Salt        []byte
	Parts       map[string]string
	Commitment  []byte
}

// entry is what the register commits to.
func (p publication) entry() ledger.Publication {
	e := ledger.Publication{Process: p.Process, Folio: p.Folio, Kind: string(p.Kind), Number: p.Number, At: p.At}
	for _, part := range slices.Sorted(maps.Keys(p.Parts)) {
		e.Parts = append(e.Parts, ledger.PartDigest{Part: part, Digest: ledger.Digest(ledger.Salt(p.Salt, part), p.Parts[part])})
	}
	return e
}

func (p publication) leaf() []byte { return p.entry().Leaf(ledger.Salt(p.Salt, "")) }

// opening is what the public may know of the leaf: the rubros that hidden does not
// name. Of what the registry said, only what it says today is read (sheet).
func (p publication) opening(hidden []string, sheet bool) site.Opening {
	o := site.Opening{Process: p.Process, Folio: p.Folio, Salt: ledger.Salt(p.Salt, ""), Parts: []site.OpenPart{}}
	for _, part := range slices.Sorted(maps.Keys(p.Parts)) {
		salt, content := ledger.Salt(p.Salt, part), p.Parts[part]
		if slices.Contains(hidden, part) || part == site.SheetPart && !sheet {
			o.Parts = append(o.Parts, site.OpenPart{Part: part, Hidden: ledger.Digest(salt, content)})
		} else {
			o.Parts = append(o.Parts, site.OpenPart{Part: part, Salt: salt, Content: content})
		}
	}
	return o
}

// version is a row of site.versions. sum stands for the opening where it was not read.
type version struct {
	Place      int
	Kind       changeKind
	Number     int
	At         time.Time
	Opening    string
	Commitment []byte
	sum        [sha256.Size]byte
}

// versions derives the public history of a candidacy: a rubro in pause now is
// hidden in each of them (domain 0.3.8).
func versions(past []publication, withheld []string) ([]version, error) {
	out := make([]version, 0, len(past))
	for i, p := range past {
		text, err := json.Marshal(p.opening(withheld, i == len(past)-1))
		if err != nil {
			return nil, err
		}
		out = append(out, version{Place: i + 1, Kind: p.Kind, Number: p.Number, At: p.At.UTC(), Opening: string(text), Commitment: p.Commitment, sum: sha256.Sum256(text)})
	}
	return out, nil
}

// sheet is what the register says of the registry layer: what a visitor reads in
// it, without what is only for looking it up and without anything of identity.
type sheet struct {
	Slug         string   `json:"direccion"`
	Folio        string   `json:"folio"`
	Name         string   `json:"nombre"`
	Nickname     string   `json:"sobrenombre"`
	Sex          string   `json:"sexo"`
	Age          *int     `json:"edad"`
	Office       int64    `json:"cargo"`
	State        *int64   `json:"entidad"`
	District     *int64   `json:"distrito"`
	Municipality *int64   `json:"municipio"`
	Label        string   `json:"distrito_de_la_fuente"`
	Position     int      `json:"posicion"`
	Role         string   `json:"calidad"`
	Nominator    int64    `json:"postula"`
	Siglado      *int64   `json:"siglado"`
	Consecutive  *bool    `json:"eleccion_consecutiva"`
	Actions      []string `json:"acciones_afirmativas"`
	Elected      bool     `json:"electa"`
	Record       string   `json:"cuestionario"`
	Source       string   `json:"fuente"`
}

// content is what the register says of a page, by part, in canonical form. The
// identity layer is no part: a leaf that it moved would tell of a consent.
func (pr process) content(pg page) (map[string]string, error) {
	if pg.Card == nil {
		return nil, nil
	}
	c := pg.Card
	s := sheet{
		c.Slug, c.Folio, c.Name, c.Nickname, c.Sex, c.Age, c.OfficeID, c.StateID, c.DistrictID, c.MunicipalityID, c.DistrictLabel, c.Position,
		c.Role, c.NominatorID, c.SigladoID, c.Consecutive, c.AffirmativeActions, c.Elected, c.State, "",
	}
	out := map[string]string{}
	put := func(part string, what any) error {
		text, err := json.Marshal(what)
		out[part] = string(text)
		return err
	}
	if pg.Profile != nil {
		s.Source = pg.Profile.Source
		for _, asked := range pr.curricular.Pages {
			for _, part := range asked.Parts {
				answers := site.Answers{}
				for _, q := range part.Questions {
					if a, ok := pg.Profile.Answers[q.ID]; ok {
						answers[q.ID] = a
					}
				}
				if len(answers) == 0 {
					continue
				}
				if err := put(string(part.ID), answers); err != nil {
					return nil, err
				}
			}
		}
	}
	return out, put(site.SheetPart, s)
}

const publicationColumns = `p.process_id, p.candidacy_id, p.kind, p.number, p.folio, p.at, p.salt, p.parts, p.commitment`

// loadPublications reads what happened to some candidacies, in order, but for what
// was forgotten.
func loadPublications(ctx context.Context, q db.Querier, process int64, ids []int64) (map[int64][]publication, error) {
	const sql = `
SELECT d.key AS process, ` + publicationColumns + `
FROM desk.publications p JOIN desk.processes d ON d.id = p.process_id
WHERE p.process_id = $1 AND p.candidacy_id = ANY($2) AND p.salt IS NOT NULL ORDER BY p.id`
	rows, err := q.Query(ctx, sql, process, ids)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[publication])
	out := map[int64][]publication{}
	for _, p := range all {
		out[p.CandidacyID] = append(out[p.CandidacyID], p)
	}
	return out, err
}

// remember gives each side what the register has: to what there is, what it says
// that there is; to what there should be, the history that a visitor may read.
func remember(have, want map[int64]page, past map[int64][]publication) error {
	for id, all := range past {
		if last := all[len(all)-1]; last.Kind != withdrawn {
			h := have[id]
			h.Content = last.Parts
			have[id] = h
		}
		w, ok := want[id]
		if !ok || w.Card == nil {
			continue
		}
		w.past = all
		var err error
		if w.Versions, err = versions(all, w.withheld); err != nil {
			return err
		}
		want[id] = w
	}
	return nil
}

// enter writes in the register what changes what it says, and gives each page the
// history that it then has.
func enter(ctx context.Context, tx *db.Tx, process int64, changes []change) error {
	var key string
	if err := tx.QueryRow(ctx, `SELECT key FROM desk.processes WHERE id = $1`, process).Scan(&key); err != nil {
		return err
	}
	var rows [][]any
	for i := range changes {
		c := &changes[i]
		if !c.enters {
			continue
		}
		p := publication{
			Process: key, ProcessID: process, CandidacyID: c.id, Kind: c.kind, Folio: c.folio, At: tx.Now(), Salt: ledger.NewSalt(), Parts: map[string]string{},
		}
		if c.want.Card != nil {
			p.Folio, p.Parts = c.want.Card.Folio, c.want.Content
		}
		if c.want.Profile != nil {
			p.Number = c.want.Profile.Number
		}
		p.Commitment = p.leaf()
		rows = append(rows, []any{p.ProcessID, p.CandidacyID, string(p.Kind), p.Number, p.Folio, p.At, p.Salt, p.Parts, p.Commitment})
		if c.want.Card == nil {
			continue
		}
		c.want.past = append(slices.Clip(c.want.past), p)
		var err error
		if c.want.Versions, err = versions(c.want.past, c.want.withheld); err != nil {
			return err
		}
	}
	if len(rows) == 0 {
		return nil
	}
	columns := []string{"process_id", "candidacy_id", "kind", "number", "folio", "at", "salt", "parts", "commitment"}
	_, err := tx.CopyFrom(ctx, "desk", "publications", columns, pgx.CopyFromRows(rows))
	return err
}

func copyVersions(ctx context.Context, tx *db.Tx, _ int64, changes []change) error {
	var rows [][]any
	for _, ch := range changes {
		for _, v := range ch.want.Versions {
			rows = append(rows, []any{ch.id, v.Place, string(v.Kind), v.Number, v.At, v.Opening, v.Commitment})
		}
	}
	return copyRows(ctx, tx, "versions", []string{"candidacy_id", "place", "kind", "number", "at", "opening", "commitment"}, rows)
}

func readVersions(ctx context.Context, q db.Querier, process int64, ids []int64, pages map[int64]page) error {
	const sql = `
SELECT v.candidacy_id, v.place, v.kind, v.number, v.at, sha256(convert_to(v.opening, 'UTF8')), v.commitment
FROM site.versions v JOIN site.candidacies c ON c.id = v.candidacy_id
WHERE c.process_id = $1 AND c.id = ANY($2) ORDER BY v.candidacy_id, v.place`
	rows, err := q.Query(ctx, sql, process, ids)
	if err != nil {
		return err
	}
	var id int64
	var v version
	var digest, commitment []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &v.Place, &v.Kind, &v.Number, &v.At, &digest, &commitment}, func() error {
		v.At, v.sum, v.Commitment = v.At.UTC(), [sha256.Size]byte(digest), clone(commitment)
		pg := pages[id]
		pg.Versions = append(pg.Versions, v)
		pages[id] = pg
		return nil
	})
	return err
}

// Forget destroys what opens the leaves of whoever was erased and is no longer
// public. The register stays as it was, and nobody can say what those leaves said.
// Who is still on the ballot keeps theirs: losing them would tell the public that
// something private was erased.
func Forget(ctx context.Context, tx *db.Tx, process int64) error {
	const sql = `
UPDATE desk.publications p SET salt = NULL, parts = NULL WHERE p.process_id = $1 AND p.salt IS NOT NULL
  AND EXISTS (SELECT 1 FROM sensitive.key_destructions d WHERE d.candidacy_id = p.candidacy_id)
  AND NOT EXISTS (SELECT 1 FROM site.candidacies c WHERE c.id = p.candidacy_id)`
	if err := tx.Exec(ctx, sql, process); err != nil {
		return fmt.Errorf("forget what opens the register: %w", err)
	}
	return nil
}

// unread drops the openings, which their sums stand for.
func unread(all []version) []version {
	out := make([]version, 0, len(all))
	for _, v := range all {
		v.Opening = ""
		out = append(out, v)
	}
	return out
}
