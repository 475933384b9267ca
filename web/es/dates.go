package es

import (
	"fmt"
	"strconv"
	"time"
	_ "time/tzdata" // a machine without a zone database still tells the hour
)

// Zone is the zone of every date and hour that a person reads.
var Zone = zone()

var (
	months = [...]string{
		"enero", "febrero", "marzo", "abril", "mayo", "junio",
		"julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
	}
	weekdays = [...]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"}
)

func zone() *time.Location {
	z, err := time.LoadLocation("America/Mexico_City")
	if err != nil {
		panic(err) // the zone database is embedded
	}
	return z
}

// Date returns "2 de abril de 2027".
func Date(t time.Time) string {
	return DayMonth(t) + " de " + strconv.Itoa(t.In(Zone).Year())
}

// DayMonth returns "2 de abril", for dates whose year is plain from the page.
func DayMonth(t time.Time) string {
	t = t.In(Zone)
	return strconv.Itoa(t.Day()) + " de " + Month(t.Month())
}

// Month returns the month's name in lower case.
func Month(m time.Month) string { return months[m-1] }

// Weekday returns "lunes 12 de abril".
func Weekday(t time.Time) string {
	return weekdays[t.In(Zone).Weekday()] + " " + DayMonth(t)
}

// Clock returns "14:30", or "9:05" without a leading zero.
func Clock(t time.Time) string {
	t = t.In(Zone)
	return fmt.Sprintf("%d:%02d", t.Hour(), t.Minute())
}

// DateTime returns "6 de abril, 14:30 h".
func DateTime(t time.Time) string { return DayMonth(t) + ", " + Clock(t) + " h" }

// FullDateTime returns "6 de abril de 2027, 14:30 h", for what is kept or printed.
func FullDateTime(t time.Time) string { return Date(t) + ", " + Clock(t) + " h" }

// Deadline returns "sábado 10 de abril, 23:59 h".
func Deadline(t time.Time) string { return Weekday(t) + ", " + Clock(t) + " h" }

// Recent returns t as somebody at now would say it: "hoy, 11:05", "ayer, 18:40",
// "3 de abril, 9:15" or, in another year, "3 de abril de 2026, 9:15".
func Recent(t, now time.Time) string {
	switch days(t, now) {
	case 0:
		return "hoy, " + Clock(t)
	case 1:
		return "ayer, " + Clock(t)
	}
	if t.In(Zone).Year() != now.In(Zone).Year() {
		return Date(t) + ", " + Clock(t)
	}
	return DayMonth(t) + ", " + Clock(t)
}

// DaysLeft returns the calendar days from now to t: 0 on the day itself,
// negative once it has passed.
func DaysLeft(t, now time.Time) int { return -days(t, now) }

// days counts calendar days from t to now, in Zone.
func days(t, now time.Time) int {
	return int(midnight(now).Sub(midnight(t)) / (24 * time.Hour))
}

// midnight is the day of t as if it had no zone, so that a change of hour does
// not make a day of 23 hours.
func midnight(t time.Time) time.Time {
	y, m, d := t.In(Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// ISODate returns the machine form for the datetime attribute: "2027-04-02".
func ISODate(t time.Time) string { return t.In(Zone).Format(time.DateOnly) }

// ISODateTime returns the machine form with hour and offset.
func ISODateTime(t time.Time) string { return t.In(Zone).Format("2006-01-02T15:04-07:00") }

// Duration returns a wait in words: "30 segundos", "1 minuto", "2 horas".
// It rounds up: nobody likes to come back too early.
func Duration(d time.Duration) string {
	switch {
	case d < time.Minute:
		return Plural(int(ceil(d, time.Second)), "segundo", "segundos")
	case d < time.Hour:
		return Plural(int(ceil(d, time.Minute)), "minuto", "minutos")
	default:
		return Plural(int(ceil(d, time.Hour)), "hora", "horas")
	}
}

func ceil(d, unit time.Duration) time.Duration { return max((d+unit-1)/unit, 1) }
