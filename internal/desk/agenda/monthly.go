package agenda

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// Monthly is what report R-1 of a month is drafted from: the advance of each
// activity, and what the area writes about it. A cut of package report keeps it.
type Monthly struct {
	Month   time.Time // its first day
	Today   time.Time
	Soon    int
	Items   []Item
	Text    string
	Version int // of the text; 0 when nobody wrote it
	// Goes is the number of the deliverable that the report of the month is; 0 when
	// the agenda has none.
	Goes int
}

// Name is the month in words.
func (m Monthly) Name() string {
	return es.Month(m.Month.Month()) + " de " + fmt.Sprint(m.Month.Year())
}

// StateOf returns how an item is today.
func (m Monthly) StateOf(i Item) State { return i.StateAt(m.Today, m.Soon) }

// Monthly returns the report of the month of a day, in the actor's process.
func (s *Store) Monthly(ctx context.Context, r auth.AgendaReader, of time.Time) (Monthly, error) {
	return ReadMonth(ctx, s.desk, r.Person().Process, of, s.desk.Now())
}

// ReadMonth returns what the report of the month of a day says at an instant, for
// whoever keeps it.
func ReadMonth(ctx context.Context, q db.Querier, process int64, of, now time.Time) (Monthly, error) {
	m := Monthly{Month: time.Date(of.Year(), of.Month(), 1, 0, 0, 0, 0, time.UTC)}
	a, err := read(ctx, q, process, 0, Today(now))
	if err != nil {
		return m, err
	}
	m.Today, m.Soon = a.Today, a.Soon
	next := m.Month.AddDate(0, 1, 0)
	for _, i := range a.Items {
		if i.within(m.Month, next) {
			m.Items = append(m.Items, i)
		}
		if i.Activity == "11.3" && !i.Until.Before(next) && i.Until.Before(next.AddDate(0, 1, 0)) {
			m.Goes = i.Number
		}
	}
	const sql = `
SELECT body, version FROM desk.agenda_texts WHERE process_id = $1 AND month = $2
UNION ALL SELECT '', 0 ORDER BY 2 DESC LIMIT 1`
	err = q.QueryRow(ctx, sql, process, m.Month).Scan(&m.Text, &m.Version)
	return m, db.Fault(err)
}

// within reports whether something of the item falls in some days: its window or a
// date of its steps.
func (i Item) within(from, before time.Time) bool {
	in := func(t time.Time) bool { return !t.IsZero() && !t.Before(from) && t.Before(before) }
	if !i.From.IsZero() && !i.Until.IsZero() && i.From.Before(before) && !i.Until.Before(from) {
		return true
	}
	return in(i.From) || in(i.Until) || slices.ContainsFunc(i.Steps, func(s Step) bool { return in(s.Due) || in(s.Done) })
}

// SaveText writes the text of the report of a month, as another version. It is a
// Conflict when somebody wrote meanwhile.
func (s *Store) SaveText(ctx context.Context, k auth.AgendaKeeper, month time.Time, text string, seen int, key string) error {
	who := k.Person()
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > 20000 {
		return fault.InvalidField(FieldBody, "Escríbelo en 20,000 caracteres o menos")
	}
	action := db.Action{
		Kind: "agenda.informe", Process: who.Process, Object: "informe " + month.Format("2006-01"), Key: key, Payload: fmt.Appendf(nil, "%d\x00%s", seen, text),
	}
	_, err := s.desk.Do(ctx, k, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := lock(ctx, tx, who.Process); err != nil {
			return "", err
		}
		const sql = `
INSERT INTO desk.agenda_texts (process_id, month, version, body, account_id, at)
SELECT $1, $2, $3 + 1, $4, $5, $6 WHERE $3 = (SELECT COALESCE(max(version), 0) FROM desk.agenda_texts WHERE process_id = $1 AND month = $2)`
		n, err := tx.ExecRows(ctx, sql, who.Process, month, seen, text, who.Account, tx.Now())
		if err == nil && n == 0 {
			err = conflict()
		}
		return "", err
	})
	return err
}

// Rows returns the table of the report: number, activity, deliverable, period,
// area, state, evidence, and its dispatch.
func (m Monthly) Rows() (header []string, rows [][]string) {
	for _, i := range m.Items {
		evidence := []string{}
		for _, s := range i.Steps {
			if !s.Done.IsZero() && s.Kind != Dispatch {
				evidence = append(evidence, strings.TrimSuffix(s.Kind.Title()+" "+shortDay(s.Done)+", "+s.Document, ", "))
			}
		}
		if i.Documents > 0 {
			evidence = append(evidence, es.Plural(i.Documents, "documento", "documentos"))
		}
		sent := "—"
		if d, ok := i.Dispatched(); ok {
			sent = strings.TrimSpace(d.Document + " " + shortDay(d.Done) + " " + d.Receipt)
		}
		rows = append(rows, []string{i.Key(), i.Title, i.Period(), i.Area, m.StateOf(i).Title(), or(strings.Join(evidence, "; "), "—"), sent})
	}
	return []string{"Número", "Actividad o entregable", "Periodo", "Área responsable", "Estado", "Evidencia", "Remisión"}, rows
}

// Period says when the item happens.
func (i Item) Period() string {
	from, until := i.From, i.Until
	if n := len(i.Steps); until.IsZero() && n > 0 {
		until = i.Steps[n-1].Due
	}
	switch {
	case from.IsZero() && until.IsZero():
		return "Por definir"
	case from.IsZero() || from.Equal(until):
		return shortDay(until)
	case until.IsZero():
		return "Desde el " + shortDay(from)
	}
	return "Del " + shortDay(from) + " al " + shortDay(until)
}

func shortDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("02/01/2006")
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// AttachMonthly adds the report of a month, as it was kept in a cut, to the
// deliverable that it is, so that it is sent with it, and returns its number. It is
// a Conflict when the agenda has no such deliverable.
func (s *Store) AttachMonthly(ctx context.Context, k auth.AgendaKeeper, of time.Time, pdf []byte, key string) (int, error) {
	m, err := s.Monthly(ctx, k, of)
	if err != nil {
		return 0, err
	}
	if m.Goes == 0 {
		return 0, fault.New(fault.Conflict, "La agenda no tiene el informe mensual (11.3) de ese mes. Agrégalo primero.")
	}
	name := "informe-mensual-" + m.Month.Format("2006-01") + ".pdf"
	return m.Goes, s.Attach(ctx, k, NewDocument{Item: m.Goes, Kind: "entregable", Name: name, Bytes: pdf, Key: key})
}
