package election

import "time"

// DaysOff are the days that do not count in a term of working days (días
// hábiles), besides Saturdays and Sundays: those of the law and those that the
// institute declares, by their date as «2027-05-01». A nil DaysOff has none.
type DaysOff map[string]bool

// Working reports whether the day of an instant, where people are, counts.
func (d DaysOff) Working(at time.Time) bool {
	day := at.In(Zone())
	switch day.Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	return !d[day.Format(time.DateOnly)]
}

// Received returns the day on which something counts as received: its own or,
// when that does not count, the next that does. It is midnight where people are.
func (d DaysOff) Received(at time.Time) time.Time {
	day := midnight(at, 0)
	for !d.Working(day) {
		day = midnight(day, 1)
	}
	return day
}

// Term returns the last day of a term of that many working days, whose first is
// the working day that follows start. It is midnight where people are: the term
// is met until that day ends. A term of no days ends the day it starts.
func (d DaysOff) Term(start time.Time, days int) time.Time {
	day := d.Received(start)
	for ; days > 0; days-- {
		day = d.Received(midnight(day, 1))
	}
	return day
}

// Left returns how many working days are left of a term that ends on due: 0 on
// its last day, negative when it is over.
func (d DaysOff) Left(due, now time.Time) int {
	last, today := midnight(due, 0), midnight(now, 0)
	n, step := 0, 1
	if today.After(last) {
		last, today, step = today, last, -1
	}
	for day := midnight(today, 1); !day.After(last); day = midnight(day, 1) {
		if d.Working(day) {
			n += step
		}
	}
	if n == 0 && step < 0 { // it ended, though no working day has passed
		return -1
	}
	return n
}

// midnight is the start, where people are, of the day that many days later.
func midnight(at time.Time, days int) time.Time {
	y, m, d := at.In(Zone()).Date()
	return time.Date(y, m, d+days, 0, 0, 0, 0, Zone())
}
