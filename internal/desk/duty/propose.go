package duty

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// Edition is a draft as it was posted.
type Edition struct {
	ID      int64
	Key     string
	Version int // of what was on screen
	Subject string
	Body    string
	Oficio  string // "": the next one
	Days    int    // 0 when it was not understood
}

// ReasonField is the name of why a proposal is returned.
const ReasonField = "motivo"

// MaxReason is how long a reason may be, in characters.
const MaxReason = 500

func (e Edition) check() error {
	e.Subject, e.Body, e.Oficio = tidy(e.Subject), tidy(e.Body), strings.TrimSpace(e.Oficio)
	fields := checkText(e.Subject, e.Body, SubjectField, BodyField)
	if utf8.RuneCountInString(e.Oficio) > 80 {
		fields = append(fields, fault.Field{ID: OficioField, Message: "Escribe el número de oficio en 80 caracteres o menos"})
	}
	if e.Days < 1 || e.Days > 60 {
		fields = append(fields, fault.Field{ID: DaysField, Message: "Escribe los días para atenderlo, de 1 a 60"})
	}
	return fault.InvalidFields(fields)
}

func (e Edition) payload() string {
	return fmt.Sprintf("%d\x00%s\x00%s\x00%s\x00%d", e.Version, e.Subject, e.Body, e.Oficio, e.Days)
}

// Save keeps the text of a draft.
//
// Errors: NotFound in another process; Invalid, with the fields; Conflict when it
// is no longer the draft that was read.
func (s *Store) Save(ctx context.Context, t auth.Transparency, e Edition) error {
	if err := e.check(); err != nil {
		return err
	}
	return s.do(ctx, t, "requerimiento.guardar", e.ID, e.Key, e.payload(), func(ctx context.Context, tx *db.Tx, n Notice) error {
		if err := n.editable(e.Version); err != nil {
			return err
		}
		return keep(ctx, tx, e)
	})
}

// Propose keeps the text of a draft and offers it to the Head. With no number of
// oficio it takes the next one. Errors are those of Save.
func (s *Store) Propose(ctx context.Context, t auth.Transparency, e Edition) error {
	if err := e.check(); err != nil {
		return err
	}
	return s.do(ctx, t, "requerimiento.proponer", e.ID, e.Key, e.payload(), func(ctx context.Context, tx *db.Tx, n Notice) error {
		if err := n.editable(e.Version); err != nil {
			return err
		}
		if err := keep(ctx, tx, e); err != nil {
			return err
		}
		return s.propose(ctx, tx, t, n, strings.TrimSpace(e.Oficio))
	})
}

// proposeAsIs offers a draft with the text it has.
func (s *Store) proposeAsIs(ctx context.Context, t auth.Transparency, p Picked) error {
	return s.do(ctx, t, "requerimiento.proponer", p.ID, p.key, fmt.Sprint(p.Version), func(ctx context.Context, tx *db.Tx, n Notice) error {
		if err := n.editable(p.Version); err != nil {
			return err
		}
		return s.propose(ctx, tx, t, n, n.Oficio)
	})
}

func (s *Store) propose(ctx context.Context, tx *db.Tx, t auth.Transparency, n Notice, oficio string) error {
	if n.Candidacies == 0 {
		return fault.New(fault.Conflict, "Ya no hay nada que requerir: todo se atendió.")
	}
	if oficio == "" {
		var err error
		if oficio, err = nextOficio(ctx, tx, n.Process); err != nil {
			return err
		}
	}
	const sql = `
UPDATE desk.duty_notices SET state = 'propuesto', version = version + 1, oficio = $2, proposed_by = $3, proposed_at = $4, reason = '' WHERE id = $1`
	return tx.Exec(ctx, sql, n.ID, oficio, t.AccountID(), tx.Now())
}

// nextOficio returns the next free number, in the form that the process gives it.
func nextOficio(ctx context.Context, tx *db.Tx, process int64) (string, error) {
	if err := tx.Lock(ctx, object("oficios", process)); err != nil {
		return "", err
	}
	t, err := readTerms(ctx, tx, process)
	if err != nil {
		return "", err
	}
	i, err := readInstitution(ctx, tx, process)
	if err != nil {
		return "", err
	}
	var used int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM desk.duty_notices WHERE process_id = $1 AND oficio <> ''`, process).Scan(&used); err != nil {
		return "", err
	}
	for number := used + 1; ; number++ {
		oficio := strings.NewReplacer("{siglas}", i.Acronym, "{numero}", fmt.Sprintf("%04d", number),
			"{anio}", tx.Now().In(election.Zone()).Format("2006")).Replace(t.Oficio)
		var taken bool
		const find = `SELECT EXISTS (SELECT 1 FROM desk.duty_notices WHERE process_id = $1 AND oficio = $2)`
		if err := tx.QueryRow(ctx, find, process, oficio).Scan(&taken); err != nil || !taken {
			return oficio, err
		}
	}
}

// Return gives a proposal back to the tray with the reason.
//
// Errors: NotFound in another process; Invalid without a reason; Conflict when it
// is no longer proposed.
func (s *Store) Return(ctx context.Context, h auth.Head, id int64, key, reason string) error {
	reason = tidy(reason)
	if n := utf8.RuneCountInString(reason); n == 0 || n > MaxReason {
		return fault.InvalidField(ReasonField, "Escribe por qué lo devuelves, en 500 caracteres o menos")
	}
	return s.do(ctx, h, "requerimiento.devolver", id, key, reason, func(ctx context.Context, tx *db.Tx, n Notice) error {
		if n.State != Proposed {
			return errMoved
		}
		const sql = `UPDATE desk.duty_notices SET state = 'borrador', version = version + 1, reason = $2 WHERE id = $1`
		return tx.Exec(ctx, sql, id, reason)
	})
}

var errMoved = fault.New(fault.Conflict, "Este requerimiento cambió mientras lo veías. Recarga la página para ver cómo quedó.")

// editable returns why a draft that was read at a version cannot be written.
func (n Notice) editable(version int) error {
	if n.State != Draft || n.Version != version {
		return errMoved
	}
	return nil
}

func keep(ctx context.Context, tx *db.Tx, e Edition) error {
	const sql = `UPDATE desk.duty_notices SET version = version + 1, subject = $2, body = $3, oficio = $4, term_days = $5 WHERE id = $1`
	return tx.Exec(ctx, sql, e.ID, tidy(e.Subject), tidy(e.Body), strings.TrimSpace(e.Oficio), e.Days)
}

// do runs an act on a requirement of the actor's process, which it holds: its
// candidacies first, as saving does.
func (s *Store) do(ctx context.Context, t auth.Transparency, kind string, id int64, key, payload string, act func(context.Context, *db.Tx, Notice) error) error {
	process := t.Person().Process
	action := db.Action{Kind: kind, Process: process, Object: object("requerimiento", id), Key: key, Payload: []byte(payload)}
	_, err := s.desk.Do(ctx, t, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		n, err := hold(ctx, tx, process, id)
		if err != nil {
			return "", err
		}
		return "", act(ctx, tx, n)
	})
	return err
}

// hold locks a requirement of a process and returns it as the lock left it.
func hold(ctx context.Context, tx *db.Tx, process, id int64) (Notice, error) {
	const candidacies = `
SELECT count(*) FROM (SELECT c.id FROM desk.candidacies c WHERE c.id IN (SELECT i.candidacy_id FROM desk.duty_items i WHERE i.notice_id = $1)
  AND c.process_id = $2 ORDER BY c.id FOR KEY SHARE) held`
	var held int
	if err := tx.QueryRow(ctx, candidacies, id, process).Scan(&held); err != nil {
		return Notice{}, err
	}
	const lock = `SELECT id FROM desk.duty_notices WHERE process_id = $1 AND id = $2 FOR UPDATE`
	if err := tx.QueryRow(ctx, lock, process, id).Scan(&id); err != nil {
		return Notice{}, db.Fault(err)
	}
	found, err := notices(ctx, tx, `SELECT `+noticeColumns+noticeTables+` WHERE n.id = $1`, id)
	if err == nil && len(found) == 0 {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return Notice{}, db.Fault(err)
	}
	return found[0], nil
}

// Picked is a requirement chosen in the tray, with the version that was listed.
type Picked struct {
	ID      int64
	Version int
	key     string
}

// Result is how one of several acts ended.
type Result struct {
	ID  int64
	Err error // nil: done
}

// PickedField is the name of the requirements chosen in the tray.
const PickedField = "requerimientos"

// ProposeSeveral proposes drafts with the texts they have, each in a transaction
// of its own: one that cannot be proposed stops no other.
func (s *Store) ProposeSeveral(ctx context.Context, t auth.Transparency, key string, picked []Picked) ([]Result, error) {
	return several(key, picked, func(p Picked) error { return s.proposeAsIs(ctx, t, p) })
}

// several does an act to each of those picked. The same key again gives the same
// results and does nothing twice.
func several(key string, picked []Picked, act func(Picked) error) ([]Result, error) {
	base, err := uuid.Parse(key)
	if err != nil {
		return nil, fault.New(fault.Invalid, "El formulario está incompleto. Recarga la página y vuelve a intentarlo.")
	}
	if len(picked) == 0 {
		return nil, fault.InvalidField(PickedField, "Elige al menos un requerimiento")
	}
	var out []Result
	var broken error
	for _, p := range picked {
		p.key = uuid.NewSHA1(base, fmt.Append(nil, p.ID)).String()
		err := act(p)
		if f, ok := errors.AsType[*fault.Error](err); err != nil && (!ok || f.Kind != fault.Conflict && f.Kind != fault.Forbidden && f.Kind != fault.NotFound) {
			broken = errors.Join(broken, err) // a defect: the others go on, and it is told
			continue
		}
		out = append(out, Result{p.ID, err})
	}
	return out, broken
}
