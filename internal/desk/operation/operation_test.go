package operation_test

import (
	"context"
	"testing"
	"time"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/operation"
)

// raised returns which gauges are an alarm.
func raised(t *testing.T, s *operation.Store) map[string]bool {
	t.Helper()
	list, err := s.Gauges(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, g := range list {
		if g.State == "" || g.Mend == "" {
			t.Errorf("%s says neither how it is nor what to do", g.Key)
		}
		out[g.Key] = g.Raised
	}
	return out
}

// TestEachGaugeIsAnAlarmBeyondItsLimit moves the clock over each limit.
func TestEachGaugeIsAnAlarmBeyondItsLimit(t *testing.T) {
	w := desktest.New(t)
	s := operation.New(w.Desk, t.TempDir(), true)
	if got := raised(t, s); !got["respaldo"] || got["correo"] || got["informes"] {
		t.Errorf("before the first backup: %v", got)
	}
	account := w.Account("reportes@iep.example", "verificador", 0, 0)
	w.Exec(`INSERT INTO desk.backups (kind, at, taken_at, tables, rows, bytes, seconds) VALUES ('respaldo', $1, $1, 100, 1000, 4096, 2.5)`, desktest.Start)
	w.Exec(`INSERT INTO desk.outbox (process_id, kind, channel, recipient, subject, body, created_at, next_at) VALUES ($1, 'prueba', 'correo', 'nadie@ejemplo.invalid', 'Asunto', 'Texto', $2, $2)`,
		w.Process, desktest.Start)
	w.Exec(`INSERT INTO desk.report_jobs (process_id, kind, requested_by, requested_at) VALUES ($1, 'avance', $2, $3)`, w.Process, account, desktest.Start)
	for _, tt := range []struct {
		after                    time.Duration
		backup, mail, unfinished bool
	}{
		{time.Minute, false, false, false},
		{16 * time.Minute, false, true, true},
		{25 * time.Hour, false, true, true},
		{27 * time.Hour, true, true, true},
	} {
		w.SetNow(desktest.Start.Add(tt.after))
		got := raised(t, s)
		if got["respaldo"] != tt.backup || got["correo"] != tt.mail || got["informes"] != tt.unfinished {
			t.Errorf("after %s: %v", tt.after, got)
		}
	}
	if got := raised(t, operation.New(w.Desk, t.TempDir(), false)); got["correo"] {
		t.Error("without a server of mail, mail that waits is an alarm")
	}
	if list, err := s.Backups(context.Background(), auth.Admin{}); err != nil || len(list) != 1 || list[0].Rows != 1000 {
		t.Errorf("%+v (%v)", list, err)
	}
	if _, err := operation.New(w.Desk, "/no-existe", true).Gauges(context.Background()); err == nil {
		t.Error("a disk that is not there is watched")
	}
}
