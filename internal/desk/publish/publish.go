// Package publish is the only writer of schema site: publishing is a copy.
//
// The site of a process is a function of what the desk holds. derive computes
// it, read says what is there now, and apply replaces what differs, so that an
// act calls Candidacies in its own transaction and never thinks about which
// pages it touches: approval, withdrawal, substitution, a pause and a
// correction are all the same call. Verify is derive and read without apply: it
// must find nothing.
//
// Three layers have three keys (domain 0.3.6). The registry layer is public for
// every approved candidacy from the publication start, captured or not. The
// curricular layer comes with the party's validation, as it was validated. The
// identity layer needs a consent.Publication: no code path reaches an answer
// without that key, and whatever goes wrong there publishes nothing of it.
//
// What is published, changed or withdrawn of the first two layers enters the
// public register (history.go): a row of desk.publications with its salt, in the
// same transaction, and after commit a leaf, by Register.Sequence (log.go). The
// third layer enters nothing.
package publish

import (
	"context"
	"fmt"
	"slices"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/desk/keys"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
)

// Publisher copies to the site. Curricular returns the questionnaire of an
// edition; a process names its edition. A Publisher that New did not make opens
// no identity answer.
type Publisher struct {
	Curricular func(edition string) (*questionnaire.Questionnaire, error)

	seal *identity.Store
}

// New returns a Publisher that opens, with the keys of ring, the identity answers
// that a consent in force covers.
func New(ring *keys.Ring) Publisher {
	return Publisher{Curricular: questionnaire.Edition, seal: identity.New(ring)}
}

// Candidacies brings the site up to date with the desk for these candidacies of
// one process, and for those they replaced, inside the caller's transaction. It
// is idempotent: what did not change is not written.
func (p Publisher) Candidacies(ctx context.Context, tx *db.Tx, process int64, ids ...int64) error {
	if len(ids) == 0 {
		return nil
	}
	ids, err := withPredecessors(ctx, tx, ids)
	if err != nil {
		return err
	}
	return p.sync(ctx, tx, process, ids)
}

// Process brings the whole site of a process up to date: its header, its
// catalogues and every candidacy.
func (p Publisher) Process(ctx context.Context, tx *db.Tx, process int64) error {
	if err := tx.Lock(ctx, "publish"); err != nil {
		return err
	}
	if err := copyCatalogues(ctx, tx, process); err != nil {
		return fmt.Errorf("publish catalogues of process %d: %w", process, err)
	}
	if err := record(ctx, tx, process, []change{{kind: catalogueChanged}}); err != nil {
		return err
	}
	ids, err := everybody(ctx, tx, process)
	if err != nil {
		return err
	}
	return p.sync(ctx, tx, process, ids)
}

// batch is how many candidacies are in memory at once.
const batch = 2000

// sync makes the pages of these candidacies what the desk says they are.
func (p Publisher) sync(ctx context.Context, tx *db.Tx, process int64, ids []int64) error {
	// One publication at a time: site.changes must grow in commit order, since
	// readers ask for what came after the last epoch they saw.
	if err := tx.Lock(ctx, "publish"); err != nil {
		return err
	}
	for some := range slices.Chunk(ids, batch) {
		changes, err := p.changes(ctx, tx, process, some)
		if err != nil {
			return err
		}
		if err := apply(ctx, tx, process, changes); err != nil {
			return fmt.Errorf("write the site of process %d: %w", process, err)
		}
	}
	return Forget(ctx, tx, process)
}

// changes returns how the pages of these candidacies differ from what the desk
// says they should be.
func (p Publisher) changes(ctx context.Context, q db.Querier, process int64, ids []int64) ([]change, error) {
	want, err := p.derive(ctx, q, process, ids)
	if err != nil {
		return nil, fmt.Errorf("derive the site of process %d: %w", process, err)
	}
	have, err := read(ctx, q, process, ids)
	if err != nil {
		return nil, fmt.Errorf("read the site of process %d: %w", process, err)
	}
	past, err := loadPublications(ctx, q, process, ids)
	if err != nil {
		return nil, fmt.Errorf("read what was published of process %d: %w", process, err)
	}
	if err := remember(have, want, past); err != nil {
		return nil, err
	}
	return diff(have, want), nil
}

// everybody returns the candidacies of a process, on either side: one that only
// the site knows has to leave.
func everybody(ctx context.Context, q db.Querier, process int64) ([]int64, error) {
	const sql = `
SELECT id FROM desk.candidacies WHERE process_id = $1
UNION SELECT id FROM site.candidacies WHERE process_id = $1
UNION SELECT candidacy_id FROM site.tombstones WHERE process_id = $1 ORDER BY 1`
	rows, err := q.Query(ctx, sql, process)
	if err != nil {
		return nil, err
	}
	return collectIDs(rows)
}

// withPredecessors adds the candidacies that ids replaced: their tombstones name
// their successors.
func withPredecessors(ctx context.Context, q db.Querier, ids []int64) ([]int64, error) {
	const sql = `SELECT unnest($1::bigint[]) UNION SELECT replaces_id FROM desk.candidacies WHERE id = ANY($1) AND replaces_id IS NOT NULL`
	rows, err := q.Query(ctx, sql, ids)
	if err != nil {
		return nil, err
	}
	return collectIDs(rows)
}

// OpenDue publishes every process whose publication start, confirmed by two
// persons, has arrived, and takes down those whose date to close has, and the
// identity of those whose election day is over. It returns how many it changed. It is called every few seconds.
func (p Publisher) OpenDue(ctx context.Context, desk *db.Desk) (int, error) {
	const sql = `
SELECT id FROM desk.processes
WHERE published_at IS NULL AND publication_starts_at <= $1 AND (site_until IS NULL OR site_until > $1)
   OR published_at IS NOT NULL AND site_until <= $1 AND EXISTS (SELECT 1 FROM site.candidacies s WHERE s.process_id = processes.id)
   OR ` + identityEnd + ` <= $1
     AND EXISTS (SELECT 1 FROM site.identity_publications i JOIN site.candidacies s ON s.id = i.candidacy_id WHERE s.process_id = processes.id)
ORDER BY id`
	rows, err := desk.Query(ctx, sql, desk.Now())
	if err != nil {
		return 0, err
	}
	due, err := collectIDs(rows)
	if err != nil {
		return 0, err
	}
	for _, id := range due {
		action := db.Action{Kind: "publicacion.abrir", Process: id, Object: fmt.Sprintf("proceso %d", id)}
		_, err := desk.Do(ctx, db.System{Name: "publicacion"}, action, func(ctx context.Context, tx *db.Tx) (string, error) {
			return "", p.Open(ctx, tx, id)
		})
		if err != nil {
			return 0, err
		}
	}
	return len(due), nil
}

// Open marks the process as published now, if its start has arrived, and copies it.
func (p Publisher) Open(ctx context.Context, tx *db.Tx, process int64) error {
	const mark = `UPDATE desk.processes SET published_at = $2 WHERE id = $1 AND published_at IS NULL AND publication_starts_at <= $2`
	if err := tx.Exec(ctx, mark, process, tx.Now()); err != nil {
		return err
	}
	return p.Process(ctx, tx, process)
}

// Difference is a candidacy whose page is not what the desk says it should be.
type Difference struct {
	Process   int64
	Candidacy int64
	What      string // Spanish, for the operator
}

// Verify derives the whole site again and compares it with what is there. It
// changes nothing; an intact site gives no difference.
func (p Publisher) Verify(ctx context.Context, desk *db.Desk) ([]Difference, error) {
	rows, err := desk.Query(ctx, `SELECT id FROM desk.processes ORDER BY id`)
	if err != nil {
		return nil, err
	}
	processes, err := collectIDs(rows)
	if err != nil {
		return nil, err
	}
	var out []Difference
	for _, process := range processes {
		same, err := sameCatalogues(ctx, desk, process)
		if err != nil {
			return nil, err
		}
		if !same {
			out = append(out, Difference{Process: process, What: "los catálogos del sitio no son los del registro"})
		}
		ids, err := everybody(ctx, desk, process)
		if err != nil {
			return nil, err
		}
		for some := range slices.Chunk(ids, batch) {
			changes, err := p.changes(ctx, desk, process, some)
			if err != nil {
				return nil, err
			}
			for _, c := range changes {
				out = append(out, Difference{Process: process, Candidacy: c.id, What: c.describe()})
			}
		}
	}
	return out, nil
}

// page is everything the site holds of one candidacy. Two pages are equal when
// every byte a visitor could read from them is.
type page struct {
	Card       *card
	Profile    *profile
	Photos     []photo
	Identity   questionnaire.Answers // what a consent in force publishes
	Moved      []string              // former slugs
	Tombstones []tombstone
	Content    map[string]string // what the register says of it, by part; nil: that it is not public
	Versions   []version         // its public history

	withheld []string      // rubros in pause
	past     []publication // what Versions comes from
}

func (p page) empty() bool { return p.Card == nil && len(p.Tombstones) == 0 && p.Content == nil }

// card is a row of site.candidacies.
type card struct {
	ID                 int64
	Slug               string
	Folio              string
	Name               string
	SortName           string
	SearchText         string
	Nickname           string
	Sex                string
	Age                *int
	OfficeID           int64
	StateID            *int64
	DistrictID         *int64
	MunicipalityID     *int64
	DistrictLabel      string
	Position           int
	Role               string
	NominatorID        int64
	SigladoID          *int64
	Consecutive        *bool
	AffirmativeActions []string
	Elected            bool
	BallotRank         int64
	State              string
	Degree             string
	PhotoSmall         string
	PhotoMedium        string
	PhotoLarge         string
	IdentityState      string
}

// profile is a row of site.profiles.
type profile struct {
	Answers          site.Answers
	Number           int
	PublishedOn      time.Time
	FirstPublishedOn time.Time
	Source           string
}

// photo is a row of site.photos. The hash stands for the bytes.
type photo struct {
	Hash  string
	bytes []byte
}

// tombstone is a row of site.tombstones.
type tombstone struct {
	Slug          string
	Standing      string
	Since         time.Time
	OfficeID      int64
	SuccessorSlug string
	SuccessorName string
}
