package agenda

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"conoceles/web/es"
)

// Entry is something that falls on a day: a step on its latest date.
type Entry struct {
	Item  Item
	Step  Step
	State State
}

// Day is a square of a month.
type Day struct {
	Date    time.Time // zero in a square of another month
	Entries []Entry
}

// Month returns the weeks of the month of a day, from Monday to Sunday, with what
// is due on each day.
func (a Agenda) Month(of time.Time) [][7]Day {
	first := time.Date(of.Year(), of.Month(), 1, 0, 0, 0, 0, time.UTC)
	on := map[time.Time][]Entry{}
	for _, i := range a.Items {
		for _, s := range i.Steps {
			if !s.Due.IsZero() {
				on[s.Due] = append(on[s.Due], Entry{i, s, s.StateAt(a.Today, a.Soon)})
			}
		}
	}
	monday := first.AddDate(0, 0, -(int(first.Weekday())+6)%7)
	var weeks [][7]Day
	for ; monday.Before(first.AddDate(0, 1, 0)); monday = monday.AddDate(0, 0, 7) {
		var week [7]Day
		for d := range week {
			if day := monday.AddDate(0, 0, d); day.Month() == first.Month() {
				week[d] = Day{day, on[day]}
			}
		}
		weeks = append(weeks, week)
	}
	return weeks
}

// ICS returns the steps with a date as a calendar (RFC 5545) that other programs
// read: one whole-day event for each, whose identifier does not change when its date
// does.
func (a Agenda) ICS(process, base string, now time.Time) []byte {
	var b strings.Builder
	line := func(name, value string) { b.WriteString(folded(name + ":" + value)) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//Conoceles//Agenda de entregables//ES")
	line("CALSCALE", "GREGORIAN")
	line("METHOD", "PUBLISH")
	for _, i := range a.Items {
		for _, s := range i.Steps {
			if s.Due.IsZero() || s.Waived {
				continue
			}
			line("BEGIN", "VEVENT")
			line("UID", fmt.Sprintf("agenda-%s-%d-%d@conoceles", process, i.Number, s.Position))
			line("DTSTAMP", now.UTC().Format("20060102T150405Z"))
			line("SEQUENCE", fmt.Sprint(s.Version-1))
			line("DTSTART;VALUE=DATE", s.Due.Format("20060102"))
			line("DTEND;VALUE=DATE", s.Due.AddDate(0, 0, 1).Format("20060102"))
			line("SUMMARY", escaped(s.Kind.Title()+": "+i.Name()))
			line("DESCRIPTION", escaped("Área responsable: "+i.Area+"\nEstado: "+s.StateAt(a.Today, a.Soon).Title()))
			line("CATEGORIES", escaped(i.Kind.Title()))
			line("URL", fmt.Sprintf("%s/agenda/%d", base, i.Number))
			line("TRANSP", "TRANSPARENT")
			line("END", "VEVENT")
		}
	}
	line("END", "VCALENDAR")
	return []byte(b.String())
}

func escaped(text string) string {
	return strings.NewReplacer("\\", "\\\\", ";", "\\;", ",", "\\,", "\r\n", "\\n", "\n", "\\n").Replace(text)
}

// longestLine is how many octets a line has before it is folded.
const longestLine = 75

// folded is a line with its end, folded between characters.
func folded(line string) string {
	var b strings.Builder
	width := 0
	for _, r := range line {
		n := utf8.RuneLen(r)
		if width+n > longestLine {
			b.WriteString("\r\n ")
			width = 1
		}
		b.WriteRune(r)
		width += n
	}
	return b.String() + "\r\n"
}

// Table returns the agenda as a file has it: a row for each step.
func (a Agenda) Table() (header []string, rows [][]string) {
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.DateOnly)
	}
	header = []string{
		"NUMERO", "CLASE", "ACTIVIDAD", "ENTREGABLE_ART_11", "DESCRIPCION", "AREA", "INICIO", "FIN", "ESTADO", "PASO", "FECHA_LIMITE", "FECHA_REAL",
		"DOCUMENTO", "ACUSE_SIVOPLE", "ESTADO_DEL_PASO", "DOCUMENTOS",
	}
	for _, i := range a.Items {
		for _, s := range i.Steps {
			rows = append(rows, []string{
				fmt.Sprint(i.Number), i.Kind.Title(), i.Activity, i.Article, i.Title, i.Area, day(i.From), day(i.Until), a.StateOf(i).Title(),
				s.Kind.Title(), day(s.Due), day(s.Done), s.Document, s.Receipt, s.StateAt(a.Today, a.Soon).Title(), es.Int(i.Documents),
			})
		}
	}
	return header, rows
}
