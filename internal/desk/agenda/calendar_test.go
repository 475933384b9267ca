package agenda

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"conoceles/internal/fault"
)

// property is a line of a calendar, unfolded.
type property struct{ name, value string }

// parseICS reads a calendar strictly (RFC 5545, 3.1): lines end in CRLF, none has
// more than 75 octets, folds do not cut a character, texts are escaped.
func parseICS(data string) ([]property, error) {
	if !strings.HasSuffix(data, "\r\n") || strings.Contains(strings.ReplaceAll(data, "\r\n", ""), "\n") {
		return nil, fmt.Errorf("a line does not end in CRLF")
	}
	var lines []string
	for n, l := range strings.Split(strings.TrimSuffix(data, "\r\n"), "\r\n") {
		switch {
		case len(l) > 75:
			return nil, fmt.Errorf("line %d has %d octets", n+1, len(l))
		case !utf8.ValidString(l):
			return nil, fmt.Errorf("line %d cuts a character", n+1)
		case strings.HasPrefix(l, " ") && len(lines) > 0:
			lines[len(lines)-1] += l[1:]
		default:
			lines = append(lines, l)
		}
	}
	form := regexp.MustCompile(`^([A-Z-]+(?:;[A-Z]+=[A-Z]+)?):(.*)$`)
	var out []property
	for _, l := range lines {
		m := form.FindStringSubmatch(l)
		if m == nil {
			return nil, fmt.Errorf("%q is no property", l)
		}
		out = append(out, property{m[1], m[2]})
	}
	return out, nil
}

func TestTheCalendarIsReadByOtherPrograms(t *testing.T) {
	s := newStage(t)
	long := strings.Repeat("Ñandú, coma; punto y coma\\ ", 6)
	if _, err := s.store.SaveItem(context.Background(), s.admin, NewItem{Kind: Stage, Content: Content{Title: long, Area: "UTSIC", Until: day("2027-05-01")}}); err != nil {
		t.Fatal(err)
	}
	a, err := s.store.Agenda(context.Background(), s.auditor)
	if err != nil {
		t.Fatal(err)
	}
	found, err := parseICS(string(a.ICS("prueba-2027", "https://ejemplo.invalid", s.Now())))
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, i := range a.Items {
		for _, step := range i.Steps {
			if !step.Due.IsZero() {
				want++
			}
		}
	}
	open, events := "", 0
	uids := map[string]bool{}
	required := map[string]bool{}
	for _, p := range found {
		switch {
		case p.name == "BEGIN":
			open, required = p.value, map[string]bool{}
		case p.name == "END" && p.value == "VEVENT":
			events++
			for _, name := range []string{"UID", "DTSTAMP", "DTSTART;VALUE=DATE", "DTEND;VALUE=DATE", "SUMMARY"} {
				if !required[name] {
					t.Errorf("event %d has no %s", events, name)
				}
			}
		case open == "VEVENT":
			required[p.name] = true
			if p.name == "UID" && uids[p.value] {
				t.Errorf("%s is twice", p.value)
			}
			if p.name == "UID" {
				uids[p.value] = true
			}
			if strings.HasPrefix(p.name, "DT") && p.name != "DTSTAMP" {
				if _, err := time.Parse("20060102", p.value); err != nil {
					t.Error(err)
				}
			}
			if (p.name == "SUMMARY" || p.name == "DESCRIPTION") && regexp.MustCompile(`(^|[^\\])[,;]`).MatchString(p.value) {
				t.Errorf("not escaped: %s", p.value)
			}
		}
	}
	if events != want || found[0] != (property{"BEGIN", "VCALENDAR"}) || found[len(found)-1] != (property{"END", "VCALENDAR"}) {
		t.Errorf("%d events, want %d", events, want)
	}
}

func TestAMonthHasItsWeeks(t *testing.T) {
	for _, tt := range []struct {
		month string
		weeks int
		first int // the square of the first day
	}{{"2027-02-01", 4, 0}, {"2027-08-01", 6, 6}, {"2027-06-15", 5, 1}} {
		weeks := Agenda{}.Month(day(tt.month))
		if len(weeks) != tt.weeks || weeks[0][tt.first].Date.Day() != 1 {
			t.Errorf("%s: %d weeks, %+v", tt.month, len(weeks), weeks[0])
		}
	}
	a := Agenda{Today: day("2027-04-06"), Items: []Item{{Number: 1, Steps: []Step{{Kind: Council, Due: day("2027-04-01")}, {Kind: Dispatch, Due: day("2027-05-01")}}}}}
	entries := 0
	for _, week := range a.Month(day("2027-04-20")) {
		for _, d := range week {
			for _, e := range d.Entries {
				entries++
				if d.Date.Day() != 1 || e.Step.Kind != Council || e.State != Overdue {
					t.Errorf("%s has %+v", d.Date, e)
				}
			}
		}
	}
	if entries != 1 {
		t.Errorf("%d entries, want 1", entries)
	}
}

func TestTheMonthlyReportIsDraftedFromTheAgenda(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	m, err := s.store.Monthly(ctx, s.auditor, day("2027-03-15"))
	if err != nil {
		t.Fatal(err)
	}
	has := map[string]bool{}
	for _, i := range m.Items {
		has[i.Name()] = true
	}
	for name, want := range map[string]bool{
		"11.7. Lista de candidaturas a la gubernatura": true, "Capacitación. Capacitación de partidos e independientes": true,
		"11.3. Informe mensual de abril de 2027": true, "11.12. Fecha de inicio de publicación": false, "Etapa de desarrollo. Análisis": false,
	} {
		if has[name] != want {
			t.Errorf("%s in the report of March: %v, want %v", name, has[name], want)
		}
	}
	if m.Goes == 0 || m.Goes != s.find("11.3", "Informe mensual de abril de 2027").Number {
		t.Errorf("the report of March goes in %d", m.Goes)
	}
	if err := s.store.SaveText(ctx, s.reviewer, m.Month, "Se avanzó.", 0, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	if err := s.store.SaveText(ctx, s.head, m.Month, "Otra cosa.", 0, uuid.NewString()); !fault.Is(err, fault.Conflict) {
		t.Errorf("over a version that is not the last: %v", err)
	}
	if m, err := s.store.Monthly(ctx, s.auditor, m.Month); err != nil || m.Text != "Se avanzó." || m.Version != 1 {
		t.Errorf("%q, version %d (%v)", m.Text, m.Version, err)
	}
	header, rows := m.Rows()
	if len(rows) != len(m.Items) || len(rows[0]) != len(header) {
		t.Errorf("%d rows of %d cells", len(rows), len(rows[0]))
	}
	number, err := s.store.AttachMonthly(ctx, s.head, m.Month, []byte("%PDF"), uuid.NewString())
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.store.File(ctx, s.auditor, number)
	if err != nil || len(f.Documents) != 1 || f.Documents[0].Name != "informe-mensual-2027-03.pdf" {
		t.Errorf("%+v (%v)", f.Documents, err)
	}
	if _, err := s.store.AttachMonthly(ctx, s.head, day("2027-12-01"), []byte("%PDF"), uuid.NewString()); !fault.Is(err, fault.Conflict) {
		t.Errorf("a month that the plan has not: %v", err)
	}
}
