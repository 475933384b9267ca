package agenda

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// The fields of the form of settings. The term of a step is FieldTerm of its event
// and position.
const (
	FieldSoon = "avisa_dias"
	FieldTo   = "para"
	FieldCopy = "copia"
	FieldBody = "texto"
)

// FieldTerm names the term of a step of an event.
func FieldTerm(e Event, position int) string { return fmt.Sprintf("dias-%s-%d", e, position) }

// Settings are what the institute may change of its agenda.
type Settings struct {
	Version      int
	SoonDays     int
	DispatchTo   string
	DispatchCopy string
	DispatchBody string // {proceso}, {entregable}, {aprobacion} and {documentos} are replaced
	Openings     []Opening
}

// Settings returns those of the actor's process; one without a plan has none:
// NotFound.
func (s *Store) Settings(ctx context.Context, r auth.AgendaReader) (Settings, error) {
	var out Settings
	const sql = `SELECT version, soon_days, dispatch_to, dispatch_copy, dispatch_body FROM desk.agenda_settings WHERE process_id = $1`
	process := r.Person().Process
	err := s.desk.QueryRow(ctx, sql, process).Scan(&out.Version, &out.SoonDays, &out.DispatchTo, &out.DispatchCopy, &out.DispatchBody)
	if err != nil {
		return out, db.Fault(err)
	}
	out.Openings, err = openings(ctx, s.desk, process)
	return out, err
}

// SaveSettings changes the settings of the actor's process. What is open already
// keeps its dates. It is a Conflict when somebody changed them meanwhile.
func (s *Store) SaveSettings(ctx context.Context, k auth.AgendaKeeper, n Settings, key string) error {
	who := k.Person()
	n.DispatchTo, n.DispatchCopy, n.DispatchBody = strings.TrimSpace(n.DispatchTo), strings.TrimSpace(n.DispatchCopy), strings.TrimSpace(n.DispatchBody)
	if err := n.check(); err != nil {
		return err
	}
	action := db.Action{
		Kind: "agenda.ajustes", Process: who.Process, Object: fmt.Sprintf("proceso %d", who.Process), Key: key, Payload: fmt.Appendf(nil, "%+v", n),
		Details: map[string]string{"avisa_dias": fmt.Sprint(n.SoonDays)},
	}
	for _, o := range n.Openings {
		action.Details[string(o.Event)] = fmt.Sprint(o.Terms)
	}
	_, err := s.desk.Do(ctx, k, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		const sql = `
UPDATE desk.agenda_settings SET version = version + 1, soon_days = $3, dispatch_to = $4, dispatch_copy = $5, dispatch_body = $6
WHERE process_id = $1 AND version = $2`
		changed, err := tx.ExecRows(ctx, sql, who.Process, n.Version, n.SoonDays, n.DispatchTo, n.DispatchCopy, n.DispatchBody)
		if err != nil {
			return "", err
		}
		if changed == 0 {
			return "", conflict()
		}
		for _, o := range n.Openings {
			for _, t := range o.Terms {
				const term = `UPDATE desk.agenda_chains SET days = $4 WHERE process_id = $1 AND event = $2 AND position = $3`
				if err := one(tx.ExecRows(ctx, term, who.Process, string(o.Event), t.Position, t.Days)); err != nil {
					return "", err
				}
			}
		}
		return "", nil
	})
	return err
}

func (n Settings) check() error {
	var fields []fault.Field
	bad := func(id, message string) { fields = append(fields, fault.Field{ID: id, Message: message}) }
	if n.SoonDays < 0 || n.SoonDays > 90 {
		bad(FieldSoon, "Escribe un número de días, de 0 a 90")
	}
	if n.DispatchTo == "" || utf8.RuneCountInString(n.DispatchTo) > 300 {
		bad(FieldTo, "Escribe a quién se remite, en hasta 300 caracteres")
	}
	if utf8.RuneCountInString(n.DispatchCopy) > 300 {
		bad(FieldCopy, "Escríbelo en 300 caracteres o menos")
	}
	if n.DispatchBody == "" || utf8.RuneCountInString(n.DispatchBody) > 4000 {
		bad(FieldBody, "Escribe el texto del oficio, en hasta 4,000 caracteres")
	}
	for _, o := range n.Openings {
		before := 0
		for _, t := range o.Terms {
			switch {
			case t.Days < 0 || t.Days > 365:
				bad(FieldTerm(o.Event, t.Position), "Escribe un número de días, de 0 a 365")
			case t.Days < before:
				bad(FieldTerm(o.Event, t.Position), "No puede vencer antes que el paso anterior")
			}
			before = max(before, t.Days)
		}
	}
	return fault.InvalidFields(fields)
}
