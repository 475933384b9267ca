package identity

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// Last asks for the last version, whichever it is.
const Last = 0

// Load reads a version for a program that acts, within an act that leaves its
// own entry in the bitácora. Last of a candidacy that answered nothing is
// Answers without any; a version that does not exist is NotFound. What was
// altered or moved does not open; what was erased is Gone. The purposes of a
// person are refused: those use Read.
func (s *Store) Load(ctx context.Context, q db.Querier, process, candidacy int64, version int, p Purpose) (Answers, error) {
	if !p.byAct() {
		return Answers{}, fmt.Errorf("identity: purpose %q is not that of an act", string(p))
	}
	return s.load(ctx, q, process, candidacy, version, p)
}

// Reading is somebody looking at the answers of a candidacy.
type Reading struct {
	Process, Candidacy int64
	Version            int // or Last
	Purpose            Purpose
	Reason             string // asked for by Review and Access
}

// Read reads a version for a person and leaves an entry in the bitácora: who,
// of whom, what for, never what. Without the reason that its purpose asks for
// it is Invalid, in the field «motivo»; in all else it is like Load.
func (s *Store) Read(ctx context.Context, desk *db.Desk, actor db.Actor, r Reading) (Answers, error) {
	if !r.Purpose.byPerson() {
		return Answers{}, fmt.Errorf("identity: purpose %q is not that of a person", string(r.Purpose))
	}
	reason, err := checkReason(r.Purpose, r.Reason)
	if err != nil {
		return Answers{}, err
	}
	details := map[string]string{"proposito": string(r.Purpose)}
	if reason != "" {
		details["motivo"] = reason
	}
	if r.Version != Last {
		details["version"] = strconv.Itoa(r.Version)
	}
	var read Answers
	_, err = desk.Do(ctx, actor, db.Action{
		Kind: "identidad.leer", Process: r.Process, Object: fmt.Sprintf("candidatura %d", r.Candidacy), Details: details,
	}, func(ctx context.Context, tx *db.Tx) (string, error) {
		var err error
		read, err = s.load(ctx, tx, r.Process, r.Candidacy, r.Version, r.Purpose)
		return "", err
	})
	if err != nil { // the entry was not written: nobody reads
		return Answers{}, err
	}
	return read, nil
}

func (s *Store) load(ctx context.Context, q db.Querier, process, candidacy int64, version int, p Purpose) (Answers, error) {
	read := sealed{purpose: p}
	key, err := s.key(ctx, q, process, candidacy)
	if fault.Is(err, fault.NotFound) && version == Last {
		return closed(read), exists(ctx, q, process, candidacy)
	}
	if err != nil {
		return Answers{}, err
	}
	if read.content, read.version, err = readAnswers(ctx, q, key, process, candidacy, version); err != nil {
		return Answers{}, err
	}
	if p == Capture || p == Merging {
		if read.drafts, _, err = readDrafts(ctx, q, key, process, candidacy); err != nil {
			return Answers{}, err
		}
	}
	return closed(read), nil
}

// exists fails with NotFound unless the candidacy is of that process.
func exists(ctx context.Context, q db.Querier, process, candidacy int64) error {
	var id int64
	const read = `SELECT id FROM desk.candidacies WHERE id = $1 AND process_id = $2`
	return db.Fault(q.QueryRow(ctx, read, candidacy, process).Scan(&id))
}

func readAnswers(ctx context.Context, q db.Querier, key dataKey, process, candidacy int64, version int) (content, int, error) {
	const read = `
SELECT version, blob FROM sensitive.identity_answers
WHERE candidacy_id = $1 AND ($2 = 0 OR version = $2) ORDER BY version DESC LIMIT 1`
	var found int
	var blob []byte
	err := q.QueryRow(ctx, read, candidacy, version).Scan(&found, &blob)
	if errors.Is(err, pgx.ErrNoRows) && version == Last {
		return content{}, 0, nil
	}
	if err != nil {
		return content{}, 0, db.Fault(err)
	}
	plain, err := key.open(blob, answersLabel(process, candidacy, found))
	if err != nil {
		return content{}, 0, err
	}
	c, err := decode[content](plain)
	return c, found, err
}

func readDrafts(ctx context.Context, q db.Querier, key dataKey, process, candidacy int64) (map[questionnaire.ID]draft, int, error) {
	const read = `SELECT version, blob FROM sensitive.identity_drafts WHERE candidacy_id = $1`
	var version int
	var blob []byte
	err := q.QueryRow(ctx, read, candidacy).Scan(&version, &blob)
	if errors.Is(err, pgx.ErrNoRows) {
		return map[questionnaire.ID]draft{}, 0, nil
	}
	if err != nil {
		return nil, 0, db.Fault(err)
	}
	plain, err := key.open(blob, draftLabel(process, candidacy, version))
	if err != nil {
		return nil, 0, err
	}
	drafts, err := decode[map[questionnaire.ID]draft](plain)
	return drafts, version, err
}
