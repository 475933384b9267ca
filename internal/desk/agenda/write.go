package agenda

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// The fields of the forms, as they name them.
const (
	FieldKind     = "clase"
	FieldActivity = "actividad"
	FieldArticle  = "entregable"
	FieldTitle    = "titulo"
	FieldDetail   = "detalle"
	FieldArea     = "area"
	FieldFrom     = "inicio"
	FieldUntil    = "fin"
	FieldReason   = "motivo"
	FieldDue      = "limite"
	FieldDone     = "hecho"
	FieldDocument = "documento"
	FieldReceipt  = "acuse"
	FieldNote     = "observaciones"
	FieldWaived   = "no_aplica"
	FieldEventDay = "fecha_hecho"
	FieldPerson   = "nombre"
	FieldOrg      = "designo"
	FieldAttendee = "persona"
	FieldAttended = "asistio"
)

// NewItem is a line to add to the agenda or, with Number, to edit.
type NewItem struct {
	Number  int // 0: another line
	Seen    int // the version that whoever edits was looking at
	Kind    Kind
	Content Content
	Reason  string // why it is edited
	Key     string
}

// lock makes the acts over the agenda of a process happen one at a time.
func lock(ctx context.Context, tx *db.Tx, process int64) error {
	return tx.Lock(ctx, fmt.Sprintf("agenda %d", process))
}

// SaveItem adds a line to the agenda, or a version of one, and returns its number.
// To edit what was already sent to INE opens deliverable 10. It is Invalid when the
// form is, a Conflict when somebody edited meanwhile, NotFound for a line that is
// not there.
func (s *Store) SaveItem(ctx context.Context, k auth.AgendaKeeper, n NewItem) (int, error) {
	who := k.Person()
	n.Reason = strings.TrimSpace(n.Reason)
	if err := n.check(); err != nil {
		return 0, err
	}
	action := db.Action{
		Kind: "agenda.renglon", Process: who.Process, Object: fmt.Sprintf("agenda %d", n.Number), Key: n.Key,
		Payload: fmt.Appendf(nil, "%s\x00%+v\x00%s", n.Kind, n.Content, n.Reason), Details: map[string]string{},
	}
	done, err := s.desk.Do(ctx, k, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := lock(ctx, tx, who.Process); err != nil {
			return "", err
		}
		number := n.Number
		var err error
		if number == 0 {
			number, err = insert(ctx, tx, who.Process, n.Kind, n.Content, firstSteps(n), "", who.Account)
		} else {
			err = s.edit(ctx, tx, who, n)
		}
		action.Details["numero"] = strconv.Itoa(number)
		return strconv.Itoa(number), err
	})
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(done.Result)
}

// firstSteps returns the chain of a line that a person adds: what ends it is due
// when it ends.
func firstSteps(n NewItem) []Step {
	var steps []Step
	for i, kind := range chainOf(n.Kind) {
		s := Step{Position: i + 1, Kind: kind}
		if kind == End {
			s.Due = n.Content.Until
		}
		steps = append(steps, s)
	}
	return steps
}

func (s *Store) edit(ctx context.Context, tx *db.Tx, who auth.Who, n NewItem) error {
	was, err := s.one(ctx, tx, who.Process, n.Number)
	if err != nil {
		return err
	}
	if was.Version != n.Seen {
		return conflict()
	}
	n.Content.Event = was.Event
	if err := version(ctx, tx, who.Process, n.Number, was.Version+1, n.Content, n.Reason, who.Account); err != nil {
		return err
	}
	return s.changedAfterDispatch(ctx, tx, who, was)
}

func conflict() error {
	return fault.New(fault.Conflict, "Otra persona lo cambió mientras lo veías. Abre la versión nueva y haz ahí tu cambio.")
}

// insert adds a line with its chain and returns its number.
func insert(ctx context.Context, tx *db.Tx, process int64, k Kind, c Content, steps []Step, source string, account int64) (int, error) {
	const add = `
INSERT INTO desk.agenda_items (process_id, number, kind, source, created_at)
SELECT $1, COALESCE(max(number), 0) + 1, $2, $3, $4 FROM desk.agenda_items WHERE process_id = $1 RETURNING id, number`
	var id int64
	var number int
	if err := tx.QueryRow(ctx, add, process, string(k), source, tx.Now()).Scan(&id, &number); err != nil {
		return 0, err
	}
	if err := version(ctx, tx, process, number, 1, c, "", account); err != nil {
		return 0, err
	}
	for _, s := range steps {
		const step = `INSERT INTO desk.agenda_steps (item_id, position, kind) VALUES ($1, $2, $3) RETURNING id`
		if err := tx.QueryRow(ctx, step, id, s.Position, string(s.Kind)).Scan(&s.id); err != nil {
			return 0, err
		}
		s.Version = 1
		if err := stepVersion(ctx, tx, s, "", account); err != nil {
			return 0, err
		}
	}
	return number, nil
}

func version(ctx context.Context, tx *db.Tx, process int64, number, version int, c Content, reason string, account int64) error {
	const sql = `
INSERT INTO desk.agenda_versions (item_id, version, activity, article, title, detail, area, starts_on, ends_on, event_on, reason, account_id, at)
SELECT id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULLIF($13::bigint, 0), $14 FROM desk.agenda_items WHERE process_id = $1 AND number = $2`
	return tx.Exec(ctx, sql, process, number, version, c.Activity, c.Article, c.Title, c.Detail, c.Area, optional(c.From), optional(c.Until),
		optional(c.Event), reason, account, tx.Now())
}

func stepVersion(ctx context.Context, tx *db.Tx, s Step, reason string, account int64) error {
	const sql = `
INSERT INTO desk.agenda_step_versions (step_id, version, due_on, done_on, document, receipt, note, waived, reason, account_id, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULLIF($10::bigint, 0), $11)`
	return tx.Exec(ctx, sql, s.id, s.Version, optional(s.Due), optional(s.Done), s.Document, s.Receipt, s.Note, s.Waived, reason, account, tx.Now())
}

func (n NewItem) check() error {
	var fields []fault.Field
	bad := func(id, message string) { fields = append(fields, fault.Field{ID: id, Message: message}) }
	if n.Number == 0 && n.Kind.Title() == "" {
		bad(FieldKind, "Elige qué es")
	}
	switch c := n.Content; {
	case c.Title == "":
		bad(FieldTitle, "Escribe la actividad o el entregable")
	case utf8.RuneCountInString(c.Title) > 200:
		bad(FieldTitle, "Escríbelo en 200 caracteres o menos")
	}
	if utf8.RuneCountInString(n.Content.Detail) > 4000 {
		bad(FieldDetail, "Escríbelo en 4,000 caracteres o menos")
	}
	if n.Content.Area == "" {
		bad(FieldArea, "Escribe el área responsable")
	}
	if from, until := n.Content.From, n.Content.Until; !from.IsZero() && !until.IsZero() && until.Before(from) {
		bad(FieldUntil, "El término es anterior al inicio: revisa cuál está mal")
	}
	if n.Number != 0 && n.Reason == "" {
		bad(FieldReason, "Escribe por qué se cambia")
	}
	return fault.InvalidFields(fields)
}

// NewStep is what is now known of a step.
type NewStep struct {
	Number   int // of the item
	Position int
	Seen     int // the version that whoever writes was looking at
	Due      time.Time
	Done     time.Time
	Document string
	Receipt  string
	Note     string
	Waived   bool
	Reason   string // of a change to a date that was there
	Key      string
}

// SaveStep writes what is known of a step. The Comisión and the Consejo record the
// day and the number of their acuerdos, and nothing else: Forbidden. Only the Secretary records a dispatch,
// with the number of the oficio and the receipt of the SIVOPLE, and when the steps
// before it are closed: Forbidden to others, a Conflict before. To change a date
// that was there needs a reason.
func (s *Store) SaveStep(ctx context.Context, k auth.StepRecorder, n NewStep) error {
	who := k.Person()
	n.Reason = strings.TrimSpace(n.Reason)
	action := db.Action{
		Kind: "agenda.paso", Process: who.Process, Object: fmt.Sprintf("agenda %d, paso %d", n.Number, n.Position), Key: n.Key,
		Payload: fmt.Appendf(nil, "%v", []any{n.Due, n.Done, n.Document, n.Receipt, n.Note, n.Waived, n.Reason}),
	}
	_, err := s.desk.Do(ctx, k, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := lock(ctx, tx, who.Process); err != nil {
			return "", err
		}
		item, err := s.one(ctx, tx, who.Process, n.Number)
		if err != nil {
			return "", err
		}
		if n.Position < 1 || n.Position > len(item.Steps) {
			return "", fault.New(fault.NotFound, "")
		}
		was := item.Steps[n.Position-1]
		if was.Version != n.Seen {
			return "", conflict()
		}
		if err := n.check(item, was, k, Today(tx.Now())); err != nil {
			return "", err
		}
		now := Step{
			id: was.id, Version: was.Version + 1, Due: n.Due, Done: n.Done, Document: n.Document, Receipt: n.Receipt, Note: n.Note, Waived: n.Waived,
		}
		if err := stepVersion(ctx, tx, now, n.Reason, who.Account); err != nil {
			return "", err
		}
		if was.Closed() && was.Kind != Dispatch {
			return "", s.changedAfterDispatch(ctx, tx, who, item)
		}
		return "", nil
	})
	return err
}

func (n NewStep) check(item Item, was Step, k auth.StepRecorder, today time.Time) error {
	if _, keeper := k.(auth.AgendaKeeper); !keeper && (!was.Kind.Acuerdo() || !n.acuerdoAlone(was)) {
		return ErrAcuerdoAlone
	}
	if was.Kind == Dispatch && (!n.Done.Equal(was.Done) || n.Document != was.Document || n.Receipt != was.Receipt) {
		if _, secretary := k.(auth.Secretary); !secretary {
			return fault.New(fault.Forbidden, "La remisión la registra la Secretaría Ejecutiva.")
		}
		if err := n.checkDispatch(item, was); err != nil {
			return err
		}
	}
	var fields []fault.Field
	bad := func(id, message string) { fields = append(fields, fault.Field{ID: id, Message: message}) }
	if n.Done.After(today) {
		bad(FieldDone, "La fecha aún no llega")
	}
	if n.Waived && !n.Done.IsZero() {
		bad(FieldWaived, "Un paso que no aplica no tiene fecha: quita una de las dos cosas")
	}
	if n.Waived && n.Note == "" {
		bad(FieldNote, "Escribe por qué no aplica")
	}
	for _, text := range []struct {
		id, value string
		most      int
	}{{FieldDocument, n.Document, 200}, {FieldReceipt, n.Receipt, 200}, {FieldNote, n.Note, 4000}} {
		if utf8.RuneCountInString(text.value) > text.most {
			bad(text.id, "Es demasiado largo: escríbelo en menos palabras")
		}
	}
	moved := !was.Due.IsZero() && !n.Due.Equal(was.Due) || !was.Done.IsZero() && !n.Done.Equal(was.Done) || was.Waived && !n.Waived
	if moved && n.Reason == "" {
		bad(FieldReason, "Escribe por qué cambia la fecha")
	}
	return fault.InvalidFields(fields)
}

// ErrAcuerdoAlone says what the Comisión and the Consejo may record.
var ErrAcuerdoAlone = fault.New(fault.Forbidden, "La Comisión y el Consejo registran la fecha y el número de sus acuerdos; lo demás lo escriben las áreas.")

// acuerdoAlone reports whether nothing changes but the day and the acuerdo.
func (n NewStep) acuerdoAlone(was Step) bool {
	return n.Due.Equal(was.Due) && n.Receipt == was.Receipt && n.Note == was.Note && n.Waived == was.Waived
}

// checkDispatch checks what a dispatch needs.
func (n NewStep) checkDispatch(item Item, was Step) error {
	if n.Done.IsZero() {
		return nil
	}
	for _, before := range item.Steps {
		if before.Position < was.Position && !before.Closed() {
			return fault.Newf(fault.Conflict, "Sólo se remite lo aprobado: antes registra el paso «%s», o di por qué no aplica.", before.Kind.Title())
		}
	}
	var fields []fault.Field
	if n.Document == "" {
		fields = append(fields, fault.Field{ID: FieldDocument, Message: "Escribe el número de oficio"})
	}
	if n.Receipt == "" {
		fields = append(fields, fault.Field{ID: FieldReceipt, Message: "Escribe el folio o el acuse del SIVOPLE"})
	}
	return fault.InvalidFields(fields)
}
