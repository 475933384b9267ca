package arco

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// calendar returns what counts the terms of a process.
func (s *Store) calendar(ctx context.Context, process int64) (Calendar, error) {
	c := Calendar{Off: election.DaysOff{}}
	const terms = `
SELECT arco_prevent_days, arco_remedy_days, arco_answer_days, arco_extension_days, arco_effect_days FROM desk.processes WHERE id = $1`
	err := s.desk.QueryRow(ctx, terms, process).Scan(&c.Prevent, &c.Remedy, &c.Answer, &c.Extension, &c.Effect)
	if err != nil {
		return c, db.Fault(err)
	}
	off, err := s.daysOff(ctx, process)
	for _, d := range off {
		c.Off[d.Day.Format(time.DateOnly)] = true
	}
	return c, err
}

// DayOff is a day that does not count.
type DayOff struct {
	Day    time.Time
	Reason string
}

func (s *Store) daysOff(ctx context.Context, process int64) ([]DayOff, error) {
	rows, err := s.desk.Query(ctx, `SELECT day, reason FROM desk.days_off WHERE process_id = $1 ORDER BY day`, process)
	if err != nil {
		return nil, err
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[DayOff])
	return out, db.Fault(err)
}

// TermField is a parameter of the terms, as its form names it.
type TermField struct{ ID, Label, Hint string }

// TermFields are the terms and the limits, in order.
var TermFields = []TermField{
	{"plazo_arco_prevencion", "Para prevenir", "Desde que se recibe."},
	{"plazo_arco_desahogo", "Para atender la prevención", "Los tiene quien solicita."},
	{"plazo_arco_respuesta", "Para responder", "Desde que se recibe, o desde que se atiende la prevención."},
	{"plazo_arco_ampliacion", "De ampliación", "Se agregan una sola vez."},
	{"plazo_arco_efectivo", "Para hacerlo efectivo", "Desde que se responde como procedente."},
	{"limite_arco_direccion", "Solicitudes al día desde una conexión", "Del formulario público."},
	{"limite_arco_dia", "Solicitudes al día en total", "Del formulario público."},
}

// Parameters are the terms and limits of a process, in the order of TermFields,
// with its days off.
type Parameters struct {
	Values []int
	Off    []DayOff
}

const parametersSQL = `
SELECT ARRAY[arco_prevent_days, arco_remedy_days, arco_answer_days, arco_extension_days, arco_effect_days, arco_address_limit, arco_daily_limit]
FROM desk.processes WHERE id = $1`

// Parameters returns those of the actor's process.
func (s *Store) Parameters(ctx context.Context, a auth.Admin) (Parameters, error) {
	var p Parameters
	if err := s.desk.QueryRow(ctx, parametersSQL, a.Process).Scan(&p.Values); err != nil {
		return p, db.Fault(err)
	}
	var err error
	p.Off, err = s.daysOff(ctx, a.Process)
	return p, err
}

// Version says which values somebody was looking at.
func (p Parameters) Version() string { return strings.Trim(fmt.Sprint(p.Values), "[]") }

// SetParameters changes the terms and limits. get gives what was typed in each
// field; version is what whoever typed was looking at.
func (s *Store) SetParameters(ctx context.Context, a auth.Admin, key, version string, get func(string) string) error {
	values := make([]int, len(TermFields))
	var fields []fault.Field
	for i, f := range TermFields {
		n, err := strconv.Atoi(strings.TrimSpace(get(f.ID)))
		if most := map[bool]int{true: 90, false: 100_000}[strings.HasPrefix(f.ID, "plazo")]; err != nil || n < 1 || n > most {
			fields = append(fields, fault.Field{ID: f.ID, Message: fmt.Sprintf("Escribe un número del 1 al %d", most)})
		}
		values[i] = n
	}
	if err := fault.InvalidFields(fields); err != nil {
		return err
	}
	payload, err := json.Marshal(values)
	if err != nil {
		return err
	}
	action := db.Action{
		Kind: "parametros.arco", Process: a.Process, Object: fmt.Sprintf("proceso %d", a.Process), Key: key, Payload: payload,
		Details: map[string]string{"antes": version, "despues": Parameters{Values: values}.Version()},
	}
	_, err = s.desk.Do(ctx, a, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		var now Parameters
		if err := tx.QueryRow(ctx, parametersSQL+` FOR UPDATE`, a.Process).Scan(&now.Values); err != nil {
			return "", err
		}
		if now.Version() != version {
			return "", fault.New(fault.Conflict, "Otra persona cambió los plazos mientras los veías. Recarga la página.")
		}
		const set = `
UPDATE desk.processes SET arco_prevent_days = $2, arco_remedy_days = $3, arco_answer_days = $4, arco_extension_days = $5,
  arco_effect_days = $6, arco_address_limit = $7, arco_daily_limit = $8 WHERE id = $1`
		return "", tx.Exec(ctx, set, a.Process, values[0], values[1], values[2], values[3], values[4], values[5], values[6])
	})
	return err
}

// The fields of a day off.
const (
	FieldDay    = "dia"
	FieldReason = "motivo"
)

// AddDayOff declares that a day does not count. A term that runs moves with it.
func (s *Store) AddDayOff(ctx context.Context, a auth.Admin, key string, d DayOff) error {
	d.Reason = strings.TrimSpace(d.Reason)
	var fields []fault.Field
	if d.Day.IsZero() {
		fields = append(fields, fault.Field{ID: FieldDay, Message: "Escribe el día como día, mes y año: 01/05/2027"})
	}
	if d.Reason == "" || len([]rune(d.Reason)) > maxLine {
		fields = append(fields, fault.Field{ID: FieldReason, Message: "Escribe la ley o el acuerdo que lo declara inhábil"})
	}
	if err := fault.InvalidFields(fields); err != nil {
		return err
	}
	_, err := s.desk.Do(ctx, a, dayAction("inhabiles.agregar", a, key, d), func(ctx context.Context, tx *db.Tx) (string, error) {
		const add = `INSERT INTO desk.days_off (process_id, day, reason) VALUES ($1, $2, $3) ON CONFLICT (process_id, day) DO NOTHING`
		n, err := tx.ExecRows(ctx, add, a.Process, d.Day, d.Reason)
		if err == nil && n == 0 {
			err = fault.InvalidField(FieldDay, "Ese día ya está en la lista")
		}
		return "", err
	})
	return err
}

// RemoveDayOff takes a day off the list; one that is not there is NotFound.
func (s *Store) RemoveDayOff(ctx context.Context, a auth.Admin, key string, day time.Time) error {
	_, err := s.desk.Do(ctx, a, dayAction("inhabiles.quitar", a, key, DayOff{Day: day}), func(ctx context.Context, tx *db.Tx) (string, error) {
		n, err := tx.ExecRows(ctx, `DELETE FROM desk.days_off WHERE process_id = $1 AND day = $2`, a.Process, day)
		if err == nil && n == 0 {
			err = fault.New(fault.NotFound, "")
		}
		return "", err
	})
	return err
}

func dayAction(kind string, a auth.Admin, key string, d DayOff) db.Action {
	day := d.Day.Format(time.DateOnly)
	return db.Action{
		Kind: kind, Process: a.Process, Object: fmt.Sprintf("proceso %d", a.Process), Key: key, Payload: []byte(day + "\x00" + d.Reason),
		Details: map[string]string{"dia": day, "motivo": d.Reason},
	}
}
