package report

import (
	"strconv"
	"time"

	"conoceles/internal/desk/agenda"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// The fields of the days that a report is of.
const (
	MonthField = "mes"
	FromField  = "desde"
	UntilField = "hasta"
)

// Ask is a cut that somebody asks for.
type Ask struct {
	Key   string
	Kind  Kind
	Label string
	// From and Until are the days of a report that is of some: of one of a month,
	// any day of it in From. Zero when they were not understood.
	From, Until time.Time
}

// period sets the days of a report and its name, when nobody gave it one.
//
// Errors: Invalid, with the field.
func (a *Ask) period(span Span, today time.Time) error {
	switch span {
	case OfInstant:
		a.From, a.Until = time.Time{}, time.Time{}
		return nil
	case OfMonth:
		if a.From.IsZero() {
			return fault.InvalidField(MonthField, "Escribe el mes como mes y año: 03/2027")
		}
		a.From = time.Date(a.From.Year(), a.From.Month(), 1, 0, 0, 0, 0, time.UTC)
		a.Until = a.From.AddDate(0, 1, -1)
		if a.From.After(today) {
			return fault.InvalidField(MonthField, "Ese mes aún no empieza")
		}
	case OfDays:
		var fields []fault.Field
		for _, f := range []struct {
			id  string
			day time.Time
		}{{FromField, a.From}, {UntilField, a.Until}} {
			if f.day.IsZero() {
				fields = append(fields, fault.Field{ID: f.id, Message: "Escribe la fecha como día, mes y año: 14/03/2027"})
			}
		}
		if len(fields) == 0 && a.Until.Before(a.From) {
			fields = append(fields, fault.Field{ID: UntilField, Message: "El último día no puede ser anterior al primero"})
		}
		if err := fault.InvalidFields(fields); err != nil {
			return err
		}
	}
	if a.Label == "" {
		a.Label = es.Capital(periodName(span, a.From, a.Until))
	}
	return nil
}

// periodName says some days in words: «marzo de 2027», «del 01/03/2027 al 09/03/2027».
func periodName(span Span, from, until time.Time) string {
	if span == OfMonth {
		return es.Month(from.Month()) + " de " + strconv.Itoa(from.Year())
	}
	const day = "02/01/2006"
	return "del " + from.Format(day) + " al " + until.Format(day)
}

// today is the day that people are in.
func (s *Store) today() time.Time { return agenda.Today(s.desk.Now()) }
