package usage

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/desktest"
)

// counted returns the rows of the database, as text.
func counted(w *desktest.World) []string {
	w.T.Helper()
	var out []string
	rows, err := w.Desk.Query(context.Background(), `SELECT day::text || ' ' || class || ' ' || seen || ' ' || arrivals FROM desk.usage_counts ORDER BY 1`)
	if err != nil {
		w.T.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			w.T.Fatal(err)
		}
		out = append(out, line)
	}
	return out
}

func TestCountsAreAddedByDayAndClass(t *testing.T) {
	w := desktest.New(t)
	ctx := context.Background()
	one, other := New(w.Desk), New(w.Desk) // two nodes
	var all sync.WaitGroup
	for _, c := range []*Counter{one, other} {
		for range 4 {
			all.Go(func() {
				for i := range 50 {
					c.Count(w.Process, string(Profile), i%5 == 0)
				}
				if err := c.Flush(ctx); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	one.Count(w.Process, "ficha-de-ana", true) // no such class
	one.Count(0, string(Home), true)
	w.SetNow(time.Date(2027, time.April, 7, 5, 59, 0, 0, time.UTC)) // 23:59 of the 6th where people are
	one.Count(w.Process, string(Home), true)
	w.SetNow(w.Now().Add(time.Minute))
	one.Count(w.Process, string(Home), false)
	for range 2 { // the second has nothing to add
		if err := errors.Join(one.Flush(ctx), other.Flush(ctx)); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"2027-04-06 ficha 400 80", "2027-04-06 portada 1 1", "2027-04-07 portada 1 0"}
	if got := counted(w); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWhatCannotBeAddedWaits(t *testing.T) {
	w := desktest.New(t)
	c := New(w.Desk)
	c.Count(w.Process, string(Ballot), true)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if err := c.Flush(gone); err == nil {
		t.Fatal("it was added without a database")
	}
	c.Count(w.Process, string(Ballot), false)
	if err := c.Flush(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got, want := counted(w), []string{"2027-04-06 boleta 2 1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A class, a day and two numbers: there is nowhere to keep who looks. Whoever adds
// a column answers to this test.
func TestThereIsNowhereToKeepWhoLooks(t *testing.T) {
	w := desktest.New(t)
	var columns string
	const sql = `SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY ordinal_position) FROM information_schema.columns
WHERE table_schema = 'desk' AND table_name = 'usage_counts'`
	if err := w.Desk.QueryRow(context.Background(), sql).Scan(&columns); err != nil {
		t.Fatal(err)
	}
	if want := "process_id bigint, day date, class text, seen bigint, arrivals bigint"; columns != want {
		t.Errorf("columns %s, want %s", columns, want)
	}
	err := w.Desk.Upkeep(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		return tx.Exec(ctx, `INSERT INTO desk.usage_counts VALUES ($1, '2027-04-06', '189.203.1.7', 1, 1)`, w.Process)
	})
	if err == nil {
		t.Error("an address is taken for a class")
	}
}

func TestTheReportSums(t *testing.T) {
	w := desktest.New(t)
	for _, sql := range []string{
		`INSERT INTO desk.usage_counts VALUES ($1, '2027-04-01', 'portada', 10, 7), ($1, '2027-04-01', 'descarga', 3, 0), ($1, '2027-04-01', 'api', 40, 0)`,
		`INSERT INTO desk.usage_counts VALUES ($1, '2027-04-02', 'ficha', 5, 1)`,
		`INSERT INTO desk.usage_counts VALUES ($1, '2027-04-03', 'ficha', 1000, 100)`,
	} {
		w.Exec(sql, w.Process)
	}
	admin := auth.Admin{Who: auth.Who{Account: 1, Process: w.Process}}
	first := time.Date(2027, time.April, 1, 0, 0, 0, 0, time.UTC)
	r, err := NewStore(w.Desk).Use(context.Background(), admin, first, first.AddDate(0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	if r.Visits != 8 || r.Pages != 15 || r.Files != 3 || r.Calls != 40 || len(r.Days) != 2 || !r.Busiest().Day.Equal(first) {
		t.Errorf("%+v", r)
	}
	if want := "Del 1 de abril de 2027 al 2 de abril de 2027: 8 visitas, 15 páginas vistas, 3 archivos descargados y 40 consultas de la API."; r.Says() != want {
		t.Errorf("it says %q, want %q", r.Says(), want)
	}
	_, byKind := r.ByKind()
	if got := byKind[len(byKind)-1][1]; got != "58" {
		t.Errorf("the classes add to %s, want 58", got)
	}
	stranger := auth.Admin{Who: auth.Who{Account: 1, Process: w.ID(`
INSERT INTO desk.processes (key, name, kind, folio_prefix, created_at) VALUES ('otro', 'Otro', 'consulta', 'OTR', now()) RETURNING id`)}}
	if r, err := NewStore(w.Desk).Use(context.Background(), stranger, time.Time{}, time.Time{}); err != nil || r.Pages != 0 {
		t.Errorf("another process reads %d pages (%v)", r.Pages, err)
	}
}

func TestEveryClassHasATitle(t *testing.T) {
	if len(Classes()) != len(titles) {
		t.Errorf("%d classes and %d titles", len(Classes()), len(titles))
	}
}
