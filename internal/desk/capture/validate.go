package capture

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// Validation is the decision to make a questionnaire public, as it was posted.
type Validation struct {
	Folio    string
	Key      string
	Content  string // Record.Content of what was on screen
	Declared bool   // the declaration was accepted
}

const validateAct = "captura.validar"

// Content is the SHA-256 of every answer that a validation would cover.
func (r Record) Content() string { return r.Answers.Hash() }

// Validate gives the last versions of every part for good: they get a folio,
// the pages close, and what is public of them is published in the same
// transaction. It returns the folio of the acuse.
//
// Errors: NotFound outside the scope; Forbidden for who may not validate;
// Invalid without the declaration; Conflict when answers are missing, when they
// changed since they were read, or with a *Closed cause.
func (s *Store) Validate(ctx context.Context, actor auth.Capturer, v Validation) (string, error) {
	c, err := findCandidacy(ctx, s.desk, actor.Scope(), v.Folio, look)
	if err != nil {
		return "", err
	}
	if !actor.Validates() {
		return "", fault.New(fault.Forbidden, "Sólo la persona responsable del partido, o la candidatura independiente, puede validar.")
	}
	if !v.Declared {
		return "", fault.InvalidField("declaro", "Marca la declaración para continuar")
	}
	action := db.Action{Kind: validateAct, Process: c.Process, Object: object(c.ID), Key: v.Key, Payload: []byte(v.Content)}
	done, err := s.desk.Do(ctx, actor, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		r, err := s.record(ctx, tx, actor.Scope(), v.Folio, keep)
		if err != nil {
			return "", err
		}
		if err := r.mayValidate(v, tx.Now()); err != nil {
			return "", err
		}
		return s.validate(ctx, tx, actor, r)
	})
	return done.Result, err
}

// mayValidate returns why this record, as it is now, cannot be validated.
func (r Record) mayValidate(v Validation, now time.Time) error {
	if err := r.closed(now); err != nil {
		return err
	}
	if !r.Ready() {
		return fault.New(fault.Conflict, "El cuestionario aún no está completo. Vuelve a la lista para ver qué falta.")
	}
	if r.Content() != v.Content {
		return fault.New(fault.Conflict, "Las respuestas cambiaron desde que las revisaste. Revísalas de nuevo antes de validar.")
	}
	return nil
}

// validate writes the validation and what follows from it.
func (s *Store) validate(ctx context.Context, tx *db.Tx, actor auth.Capturer, r Record) (string, error) {
	numbers := map[questionnaire.ID]int{}
	for part, v := range r.versions {
		numbers[part] = v.Number
	}
	versions, err := json.Marshal(numbers)
	if err != nil {
		return "", err
	}
	const insert = `
INSERT INTO desk.validations (candidacy_id, number, folio, versions, hash, account_id, at, late)
SELECT $1, n.number, $2 || '-V' || n.number, $3, $4, $5, $6, $7
FROM (SELECT COALESCE(max(number), 0) + 1 AS number FROM desk.validations WHERE candidacy_id = $1) n
RETURNING folio`
	var folio string
	err = tx.QueryRow(ctx, insert, r.ID, r.Folio, versions, r.Content(), actor.AccountID(), tx.Now(), r.lateVersion(tx.Now())).Scan(&folio)
	if err != nil {
		return "", err
	}
	const closePages = `UPDATE desk.candidacies SET capture = 'validada', answered = $2 WHERE id = $1`
	if err := tx.Exec(ctx, closePages, r.ID, r.Progress().Answered()); err != nil {
		return "", err
	}
	if err := s.publisher.Candidacies(ctx, tx, r.Process, r.ID); err != nil {
		return "", fmt.Errorf("publish candidacy %d: %w", r.ID, err)
	}
	return folio, s.tell(ctx, tx, r)
}

// Receipt is the proof of a validation (acuse).
type Receipt struct {
	Candidacy
	Institute   string
	ProcessName string
	Number      int
	AcuseFolio  string
	Hash        string
	By          string // who validated; the source's name in imported data
	At          time.Time
	Late        bool // «extemporánea»
	Parts       []ReceiptPart
}

// ReceiptPart is a rubro that the validation covers.
type ReceiptPart struct {
	Label   string
	Version int
}

// Receipt returns the acuse of the last validation; NotFound when there is none
// or outside the actor's scope.
func (s *Store) Receipt(ctx context.Context, actor auth.Capturer, folio string) (Receipt, error) {
	c, err := findCandidacy(ctx, s.desk, actor.Scope(), folio, look)
	if err != nil {
		return Receipt{}, err
	}
	const sql = `
SELECT v.number, v.folio, v.hash, COALESCE(a.name, v.source), v.at, v.late, v.versions, pr.name, COALESCE(i.name, '')
FROM desk.validations v JOIN desk.candidacies c ON c.id = v.candidacy_id JOIN desk.processes pr ON pr.id = c.process_id
LEFT JOIN desk.accounts a ON a.id = v.account_id LEFT JOIN desk.institution i ON true
WHERE v.candidacy_id = $1 ORDER BY v.number DESC LIMIT 1`
	r := Receipt{Candidacy: c}
	var raw []byte
	err = s.desk.QueryRow(ctx, sql, c.ID).Scan(&r.Number, &r.AcuseFolio, &r.Hash, &r.By, &r.At, &r.Late, &raw, &r.ProcessName, &r.Institute)
	if err != nil {
		return r, db.Fault(err)
	}
	versions := map[questionnaire.ID]int{}
	if err := json.Unmarshal(raw, &versions); err != nil {
		return r, err
	}
	q, err := s.publisher.Curricular(c.Edition)
	if err != nil {
		return r, err
	}
	for _, part := range q.Parts() {
		if n := versions[part.ID]; n > 0 {
			r.Parts = append(r.Parts, ReceiptPart{part.Label, n})
		}
	}
	return r, nil
}

// Event is something that was done to a questionnaire.
type Event struct {
	At   time.Time
	Who  string
	Kind string           // the act's name in the bitácora
	Page questionnaire.ID // "" when it is of no page
}

// recent is how many events the list of tasks shows, out of the last acts: the
// drafts that save themselves are many and say the same.
const recent, outOf = 6, 80

// Activity returns the latest events of a record, newest first, saying once what
// one person did several times in a row.
func (s *Store) Activity(ctx context.Context, r Record) ([]Event, error) {
	const sql = `
SELECT e.at, COALESCE(a.name, e.role) AS who, e.kind, COALESCE(e.details ->> 'pagina', '') AS page
FROM audit.entries e LEFT JOIN desk.accounts a ON a.id = e.account_id
WHERE e.object = $1 AND e.kind LIKE 'captura.%' ORDER BY e.id DESC LIMIT $2`
	rows, err := s.desk.Query(ctx, sql, object(r.ID), outOf)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Event])
	if err != nil {
		return nil, db.Fault(err)
	}
	var events []Event
	for _, e := range all {
		if n := len(events); n > 0 && events[n-1].Who == e.Who && events[n-1].Kind == e.Kind && events[n-1].Page == e.Page {
			continue
		}
		if events = append(events, e); len(events) == recent {
			break
		}
	}
	return events, nil
}
