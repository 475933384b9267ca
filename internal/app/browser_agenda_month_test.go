package app_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"conoceles/internal/demo"
	"conoceles/internal/webtest/browser"
	"conoceles/web/es"
)

// The month is a table that the keyboard goes through, day by day, without any
// script: from its first square to what is due on it, and to the next month.
func TestTheMonthOfTheAgendaByKeyboard(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	_, _, month := s.agenda()
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	p := browser.New(t).Page()
	p.WithoutScripts()
	p.Open(server.URL + "/agenda/mes/" + month)
	p.Type("Correo electrónico", "auditoria@ejemplo.invalid")
	p.Type("Contraseña", demo.Password)
	p.Press("Enter")
	reach := func(what string) {
		t.Helper()
		for range 60 {
			p.Press("Tab")
			if strings.Contains(p.Focused(), what) {
				return
			}
		}
		t.Fatalf("the keyboard does not reach %q: it is on %q of %s", what, p.Focused(), p.URL())
	}
	reach("11.5: Remisión por el SIVOPLE")
	p.Press("Enter")
	p.See("Plan de trabajo")
	if got := p.URL(); strings.Contains(got, "/mes/") {
		t.Errorf("what is due leads to %s", got)
	}
	p.Open("/agenda/mes/" + month)
	this, err := time.Parse("2006-01", month)
	if err != nil {
		t.Fatal(err)
	}
	next := es.Month(this.AddDate(0, 1, 0).Month())
	next = strings.ToUpper(next[:1]) + next[1:] + " de"
	reach(next)
	p.Press("Enter")
	p.See(next)
	if got := p.URL(); strings.HasSuffix(got, month) {
		t.Errorf("the next month is %s", got)
	}
}
