package agenda

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// Person is who was designated for a training, and whether they came.
type Person struct {
	Number   int
	Name     string
	Org      string    // the area or the nominator that designated them
	Attended time.Time // zero: it is not known that they came
}

type personRow struct {
	Number       int
	Name         string
	Organisation string
	AttendedOn   *time.Time
}

func people(ctx context.Context, q db.Querier, process int64, number int) ([]Person, error) {
	const sql = `
SELECT p.number, p.name, p.organisation, p.attended_on FROM desk.agenda_people p JOIN desk.agenda_items i ON i.id = p.item_id
WHERE i.process_id = $1 AND i.number = $2 ORDER BY p.number`
	rows, err := q.Query(ctx, sql, process, number)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[personRow])
	var out []Person
	for _, f := range found {
		out = append(out, Person{f.Number, f.Name, f.Organisation, dateOf(f.AttendedOn)})
	}
	return out, db.Fault(err)
}

// Designate adds somebody to the list of a training. An item of another kind has no
// list: NotFound.
func (s *Store) Designate(ctx context.Context, k auth.AgendaKeeper, item int, p Person, key string) error {
	who := k.Person()
	p.Name, p.Org = strings.TrimSpace(p.Name), strings.TrimSpace(p.Org)
	var fields []fault.Field
	for _, f := range []struct{ id, value, message string }{
		{FieldPerson, p.Name, "Escribe el nombre de la persona"}, {FieldOrg, p.Org, "Escribe el área o el partido que la designó"},
	} {
		if f.value == "" || utf8.RuneCountInString(f.value) > 200 {
			fields = append(fields, fault.Field{ID: f.id, Message: f.message})
		}
	}
	if err := fault.InvalidFields(fields); err != nil {
		return err
	}
	action := db.Action{
		Kind: "agenda.designar", Process: who.Process, Object: fmt.Sprintf("agenda %d", item), Key: key, Payload: []byte(p.Name + "\x00" + p.Org),
	}
	_, err := s.desk.Do(ctx, k, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := lock(ctx, tx, who.Process); err != nil {
			return "", err
		}
		const sql = `
INSERT INTO desk.agenda_people (item_id, number, name, organisation, account_id, at)
SELECT i.id, (SELECT count(*) + 1 FROM desk.agenda_people p WHERE p.item_id = i.id), $3, $4, $5, $6
FROM desk.agenda_items i WHERE i.process_id = $1 AND i.number = $2 AND i.kind = 'capacitacion'`
		return "", one(tx.ExecRows(ctx, sql, who.Process, item, p.Name, p.Org, who.Account, tx.Now()))
	})
	return err
}

// Attend writes down the day on which somebody came to a training; the zero time,
// that it is not known that they did.
func (s *Store) Attend(ctx context.Context, k auth.AgendaKeeper, item, person int, on time.Time, key string) error {
	who := k.Person()
	action := db.Action{
		Kind: "agenda.asistencia", Process: who.Process, Object: fmt.Sprintf("agenda %d, persona %d", item, person), Key: key, Payload: []byte(on.String()),
	}
	_, err := s.desk.Do(ctx, k, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if person == 0 {
			return "", fault.InvalidField(FieldAttendee, "Elige a la persona")
		}
		if on.After(Today(tx.Now())) {
			return "", fault.InvalidField(FieldAttended, "La fecha aún no llega")
		}
		const sql = `
UPDATE desk.agenda_people p SET attended_on = $4 FROM desk.agenda_items i
WHERE i.id = p.item_id AND i.process_id = $1 AND i.number = $2 AND p.number = $3`
		return "", one(tx.ExecRows(ctx, sql, who.Process, item, person, optional(on)))
	})
	return err
}

// one turns a statement that found nothing to write into NotFound.
func one(n int64, err error) error {
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "")
	}
	return err
}
