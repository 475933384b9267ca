package app_test

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// TestABlockedTableDelaysNobodyElse is F8 and F9: somebody locks the table that
// every save needs, and more people save than there are connections. Each is told
// in time and keeps the text, and citizens notice nothing.
func TestABlockedTableDelaysNobodyElse(t *testing.T) {
	t.Parallel()
	s := nodeOver(t, newStage(t))
	ctx := context.Background()
	folio := s.text(`SELECT c.folio FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
WHERE c.capture IN ('sin_iniciar', 'en_captura') AND c.standing = 'aprobada' AND n.name = 'Raíz Común' ORDER BY c.id LIMIT 1`)
	path := "/captura/" + folio + "/curricular/historia"
	who := s.enters("operador")
	_, form := who.ask(path, nil).form("main form")
	form.Set("historia_profesional", typedText)
	form.Set("accion", "volver")

	conn, err := pgx.Connect(ctx, s.pg.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `BEGIN; LOCK TABLE desk.submissions IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	const people = 20 // more than the twelve connections of the desk
	var all sync.WaitGroup
	for range people {
		mine := url.Values{}
		for k, v := range form {
			mine[k] = v
		}
		mine.Set("guardado_id", uuid.NewString())
		all.Go(func() {
			start := time.Now()
			got := who.ask(path, mine)
			if took := time.Since(start); got.status != http.StatusServiceUnavailable || took > 10*time.Second {
				t.Errorf("a save answers %d after %s", got.status, took)
			}
			if _, kept := got.form("main form"); kept.Get("historia_profesional") != typedText {
				t.Error("the text does not come back")
			}
		})
	}
	time.Sleep(500 * time.Millisecond)
	var waiting int
	if err := conn.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`).Scan(&waiting); err != nil || waiting == 0 {
		t.Errorf("nobody waits for the lock (%v): the fault had no effect", err)
	}
	citizen := s.enters("")
	for _, page := range []string{"/", "/candidaturas", s.live()} {
		start := time.Now()
		if got := citizen.ask(page, nil); got.status != http.StatusOK || time.Since(start) > 2*time.Second {
			t.Errorf("meanwhile %s answers %d after %s", page, got.status, time.Since(start))
		}
	}
	all.Wait()
	if _, err := conn.Exec(ctx, `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	if got := who.ask(path, form); got.status != http.StatusSeeOther {
		t.Errorf("once it is free, a save answers %d", got.status)
	}
}
