package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// ImportRequest is a file to load and how.
type ImportRequest struct {
	Process string // name or key; "" for a person's own, or the latest election
	Name    string // of the file, for the record
	Data    []byte
	Key     string // idempotency key of the form; "" from a command

	Acuerdo    string    // of rows that do not bring their own
	ApprovedOn time.Time // its date

	Simulate         bool // says what would happen and changes nothing
	AcceptRejected   bool // loads the good rows although others were rejected
	CreateNominators bool // adds parties and coalitions that are missing
}

// errSimulated rolls back the transaction of a dry run.
var errSimulated = errors.New("registry: a dry run changes nothing")

// work plans and applies a file inside the transaction of an import. changed
// says which candidacies to publish; whole, that catalogues changed too.
type work func(ctx context.Context, tx *db.Tx, c *contest) (r *Result, apply func() (changed []int64, whole bool, err error), err error)

// ImportCandidacies loads an approved list. A command that names a process that
// does not exist makes it, as a consulta with the institute's places and
// offices.
//
// It returns the Result together with an Invalid error when rows were rejected
// and AcceptRejected is not set: nothing was loaded then.
func (r *Registry) ImportCandidacies(ctx context.Context, by Author, req ImportRequest) (Result, error) {
	table, columns, parsed, err := open(req.Data, listColumns)
	if err == nil && !columns.Has("APELLIDOS") && !columns.Has("PRIMER_APELLIDO") {
		err = fault.InvalidField("APELLIDOS", "Falta la columna APELLIDOS, o PRIMER_APELLIDO y SEGUNDO_APELLIDO.")
	}
	if err != nil {
		return Result{}, err
	}
	missing := func(ctx context.Context, tx *db.Tx) (int64, error) {
		return r.CreateProcess(ctx, tx, NewProcess{Name: req.Process, Kind: election.Archive})
	}
	return r.load(ctx, by, req, "lista.importar", missing,
		func(ctx context.Context, tx *db.Tx, c *contest) (*Result, func() ([]int64, bool, error), error) {
			result := parsed.clone()
			all, err := loadCandidacies(ctx, tx, c.process.ID)
			if err != nil {
				return nil, nil, err
			}
			reader := &listReader{c, columns, result, req}
			p := newPlanner(c, all, result).plan(reader.read(table.Rows))
			return result, func() ([]int64, bool, error) { return p.apply(ctx, tx, c) }, nil
		})
}

// apply writes the plan and returns which candidacies it touched.
func (p plan) apply(ctx context.Context, tx *db.Tx, c *contest) ([]int64, bool, error) {
	whole, err := c.saveNominators(ctx, tx)
	if err != nil {
		return nil, false, err
	}
	var ids []int64
	var changed []*candidacy
	names := map[int64]string{}
	for _, e := range p.change {
		names[e.old.ID] = e.old.person().full()
		e.apply()
		changed, ids = append(changed, e.old), append(ids, e.old.ID)
	}
	if err := update(ctx, tx, c.process.ID, changed, names); err != nil {
		return nil, false, err
	}
	entries := make([]*entry, 0, len(p.enter))
	for _, row := range p.enter {
		entries = append(entries, row.entry())
	}
	if err := insertEntries(ctx, tx, c.process, entries); err != nil {
		return nil, false, err
	}
	for _, e := range entries {
		ids = append(ids, e.id)
	}
	return ids, whole, nil
}

// load runs the work of an import in one transaction with its entry in the
// bitácora, its row in desk.imports and the publication of what changed.
func (r *Registry) load(ctx context.Context, by Author, req ImportRequest, kind string,
	missing func(context.Context, *db.Tx) (int64, error), do work,
) (Result, error) {
	if by.actor == nil {
		return Result{}, fault.New(fault.NotFound, "")
	}
	sum := sha256.Sum256(req.Data)
	hash := hex.EncodeToString(sum[:])
	var result *Result
	action := db.Action{Kind: kind, Process: by.process, Object: "archivo " + hash[:12], Key: req.Key, Payload: sum[:], Details: map[string]string{}}
	done, err := r.desk.Do(ctx, by.actor, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		result = nil
		id, err := r.processFor(ctx, tx, by, req, missing)
		if err != nil {
			return "", err
		}
		tx.Concerns(id)
		c, err := loadContest(ctx, tx, id)
		if err != nil {
			return "", err
		}
		planned, apply, err := do(ctx, tx, c)
		if err != nil {
			return "", err
		}
		result = planned
		result.sort()
		result.Process, result.Simulated = c.process.Name, req.Simulate
		if req.Simulate {
			return "", errSimulated
		}
		if err := result.refused(req.AcceptRejected); err != nil {
			return "", err
		}
		ids, whole, err := apply()
		if err != nil {
			return "", err
		}
		result.Applied = true
		note(action.Details, c.process, result)
		if result.Import, err = record(ctx, tx, by, c.process.ID, req, hash, result); err != nil {
			return "", err
		}
		return strconv.FormatInt(result.Import, 10), r.publish(ctx, tx, c.process.ID, ids, whole)
	})
	if errors.Is(err, errSimulated) {
		err = nil
	}
	if done.Replayed { // the same form, sent twice
		id, err := strconv.ParseInt(done.Result, 10, 64)
		return Result{Import: id, Applied: true}, err
	}
	if result == nil {
		return Result{}, err
	}
	if err != nil {
		result.Applied = false
	}
	return *result, err
}

// processFor finds the process of a request, or makes it for a command.
func (r *Registry) processFor(ctx context.Context, tx *db.Tx, by Author, req ImportRequest,
	missing func(context.Context, *db.Tx) (int64, error),
) (id int64, err error) {
	id = by.process
	if id == 0 {
		if err := lock(ctx, tx, "nuevo"); err != nil {
			return 0, err
		}
		if id, err = findProcess(ctx, tx, req.Process); err != nil {
			return 0, err
		}
		if id == 0 && missing != nil {
			if id, err = missing(ctx, tx); err != nil {
				return 0, err
			}
		}
		if err := mustBeThere(id, req.Process); err != nil {
			return 0, err
		}
	}
	if err := by.may(id); err != nil {
		return 0, err
	}
	return id, lock(ctx, tx, strconv.FormatInt(id, 10))
}

func (r *Registry) publish(ctx context.Context, tx *db.Tx, process int64, ids []int64, whole bool) error {
	if whole {
		return r.pub.Process(ctx, tx, process)
	}
	return r.pub.Candidacies(ctx, tx, process, ids...)
}

// note leaves the figures of an import for the bitácora.
func note(details map[string]string, p process, r *Result) {
	details["proceso"] = p.Key
	for name, n := range map[string]int{"filas": r.Rows, "nuevas": r.New, "cambiadas": r.Changed, "sin_cambio": r.Unchanged, "rechazadas": r.Rejected} {
		details[name] = strconv.Itoa(n)
	}
}

// record keeps the import among those of the process and returns its number.
func record(ctx context.Context, tx *db.Tx, by Author, process int64, req ImportRequest, hash string, r *Result) (int64, error) {
	const sql = `
INSERT INTO desk.imports (process_id, file_name, file_hash, acuerdo, approved_on, rows_read, rows_new, rows_changed, rows_same,
  rows_rejected, account_id, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULLIF($11, 0), $12) RETURNING id`
	var id int64
	err := tx.QueryRow(ctx, sql, process, req.Name, hash, req.Acuerdo, instant(req.ApprovedOn), r.Rows, r.New, r.Changed, r.Unchanged,
		r.Rejected, by.actor.AccountID(), tx.Now()).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("record the import: %w", err)
	}
	return id, nil
}
